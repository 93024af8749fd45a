"""What may become of a thing that has a status: one table of transitions, and one way to move along it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

S = TypeVar("S", bound=StrEnum)


class IllegalTransition(Exception):
    """A move that the table does not hold: a mistake of ours, never a person's."""

    def __init__(self, subject: str, source: str, target: str) -> None:
        super().__init__(f"{subject}: {source} → {target} is no transition")
        self.subject = subject
        self.source = source
        self.target = target


class HasStatus(Protocol[S]):
    status: S


@dataclass(frozen=True, slots=True)
class Transition(Generic[S]):
    """From any of `sources`; `occasion` says when, in words for the state diagram."""

    sources: tuple[S, ...]
    target: S
    occasion: str


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S]):
    """A status may be set again where it stands only if the table says so, with the status as its own target."""

    subject: str
    start: S
    transitions: tuple[Transition[S], ...]

    def advance(self, row: HasStatus[S], to: S) -> None:
        """Raises IllegalTransition, and then changes nothing."""
        self.sources(to, row.status)
        row.status = to

    def sources(self, target: S, *chosen: S) -> tuple[S, ...]:
        """From where `target` is reached; with `chosen`, those alone.

        Raises IllegalTransition when one of them does not lead there.
        """
        legal = tuple(source for row in self.transitions if row.target == target for source in row.sources)
        for source in chosen:
            if source not in legal:
                raise IllegalTransition(self.subject, source, target)
        return chosen or legal
