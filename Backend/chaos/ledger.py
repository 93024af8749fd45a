"""What the server has acknowledged, and what was seen to be wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chaos.footage import NOTHING, Material, cut, film, material
from chaos.plan import TakePlan


@dataclass
class TakeLedger:
    """One take as the person holds it; `receipted` are the numbers that the server said are safe."""

    plan: TakePlan
    pieces: list[bytes]
    receipted: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, plan: TakePlan) -> TakeLedger:
        return cls(plan, cut(film(plan.device, plan.shade, plan.seconds), plan.pieces))

    @property
    def prefix(self) -> int:
        """So many pieces from the first on are receipted without a gap."""
        following = 0
        while following in self.receipted:
            following += 1
        return following

    @property
    def whole(self) -> bool:
        return self.prefix == len(self.pieces)

    def playable(self) -> Material:
        """What the receipted pieces up to the first gap hold."""
        return material(b"".join(self.pieces[: self.prefix]), self.plan.device.container) if self.prefix else NOTHING

    def most(self) -> Material:
        return material(b"".join(self.pieces), self.plan.device.container)

    def digest(self, piece: int) -> str:
        return hashlib.sha256(self.pieces[piece]).hexdigest()


@dataclass
class InterviewLedger:
    """`lines`: utterances that the room was told, by sequence of the fact; `typed`: how often each text was sent."""

    id: str
    takes: list[TakeLedger]
    lines: dict[int, dict[str, Any]] = field(default_factory=dict)
    typed: Counter[str] = field(default_factory=Counter)
    ended: bool = False


@dataclass
class Ledger:
    """Of a whole round. `disk_is_full`: until a moment ago at least."""

    interviews: list[InterviewLedger] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    disk_is_full: bool = False

    def violated(self, what: str) -> None:
        if what not in self.violations:
            self.violations.append(what)

    def count(self, what: str, times: int = 1) -> None:
        self.counts[what] += times

    def summary(self, names: Sequence[str]) -> str:
        return ", ".join(f"{self.counts[name]} {name}" for name in names if self.counts[name])
