"""First and last questions out of data files: which fit a person, said with that person's own words.

`openers.prompts` and `closings.prompts` hold, in the form of `app.preparation.questions.library`:

    -- key | kind of question
    when: what must be true of the person         (optional, all of it)
    ask: the question; {a_role} and the like are filled in
    why: a sentence to the person
    points: names of key points
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

from app.domain.question import PlannedQuestion, QuestionForm, QuestionKind
from app.preparation.questions.key_points import key_points
from app.preparation.questions.library import blocks, parts_of

_KINDS: dict[str, QuestionKind] = {kind: kind for kind in get_args(QuestionKind)}


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question with open places. `when`: what must be true of the person; `places`: the names it fills in."""

    key: str
    kind: QuestionKind
    when: frozenset[str]
    ask: str
    why: str
    points: tuple[str, ...]
    places: frozenset[str]


@cache
def prompts(name: str) -> tuple[Prompt, ...]:
    """The prompts of `name`.prompts. Raises ValueError for a malformed entry, KeyError for an unknown kind."""
    (block,) = blocks((Path(__file__).parent / f"{name}.prompts").read_text("utf-8"))
    return tuple(
        Prompt(
            key=part.head[0],
            kind=_KINDS[part.head[1]],
            when=frozenset(part.values.get("when", "").split()),
            ask=part.value("ask"),
            why=part.value("why"),
            points=tuple(part.value("points").split()),
            places=frozenset(place for _, place, _, _ in Formatter().parse(part.value("ask")) if place),
        )
        for part in parts_of(block, name)[1:]
    )


def fitting(
    name: str, form: QuestionForm, facts: frozenset[str], words: Mapping[str, str], grounding: str
) -> Iterator[tuple[Prompt, PlannedQuestion]]:
    """The prompts all of whose conditions are among `facts` and all of whose places have a word, filled in.

    `grounding`: what in the person's own words the questions rest on.
    """
    for prompt in prompts(name):
        if prompt.when <= facts and all(words.get(place) for place in prompt.places):
            text = prompt.ask.format_map(dict(words))
            topic = f"{name}/{prompt.key}"
            yield (
                prompt,
                PlannedQuestion(
                    prompt.kind, text, prompt.why, grounding, key_points(prompt.points), form=form, topic=topic
                ),
            )
