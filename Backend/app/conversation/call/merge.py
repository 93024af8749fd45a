"""Merges a vendor's own transcript of a call, which comes after the end, into what the page relayed during it.

Pure. The relay may lack lines (a page that was away), the vendor's transcript may lack ids and times; nothing that was
stored is ever taken away, and nothing is added that is there already in other words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal, NamedTuple

from app.conversation.rules.call_question import told_already
from app.conversation.rules.echo import words_of
from app.conversation.rules.state import named_id
from app.services.avatar.base import VendorUtterance

SAME_LINE = 0.6
"""Likeness of the words, in order, from which two lines at the same place are one line."""
MS_PER_WORD = 400
"""150 words a minute, for a line whose length nobody says."""


@dataclass(frozen=True, slots=True)
class StoredUtterance:
    """A line of the transcript as stored, in the order of the interview."""

    id: str
    speaker: Literal["interviewer", "candidate"]
    kind: str
    text: str
    start_ms: int
    end_ms: int
    typed: bool = False
    question_id: str | None = None
    follow_up_id: str | None = None
    response_id: str | None = None


@dataclass(frozen=True, slots=True)
class AddedUtterance:
    """A line that was missing. Its `response_id` is the response it belongs to by its place; that one may not exist.

    `after_id`: the stored line it follows, None at the very beginning.
    """

    id: str
    speaker: Literal["interviewer", "candidate"]
    kind: Literal["answer", "remark"]
    text: str
    start_ms: int
    end_ms: int
    after_id: str | None
    question_id: str | None = None
    follow_up_id: str | None = None
    response_id: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectedUtterance:
    """A stored line in the vendor's final words."""

    id: str
    text: str
    response_id: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    additions: tuple[AddedUtterance, ...] = ()
    replacements: tuple[CorrectedUtterance, ...] = ()

    @property
    def changed_responses(self) -> tuple[str, ...]:
        """To be scored anew."""
        ids = [one.response_id for one in self.additions] + [one.response_id for one in self.replacements]
        return tuple(dict.fromkeys(one for one in ids if one))


def line_id(interview_id: str, key: str) -> str:
    """The utterance id of a call's line. `key`, as the page makes it: the vendor's name of the turn, ":", speaker."""
    return named_id(interview_id, "call", key)


def merge_transcript(
    stored: Sequence[StoredUtterance], vendor: Sequence[VendorUtterance], *, interview_id: str, clock_start_ms: int
) -> Merge:
    """`stored`: the whole transcript in order; `vendor`: one call's, in order, people's lines only.

    `clock_start_ms`: where on the interview clock the call began, for lines with nothing known around them.
    """
    lines = _named(vendor, interview_id, clock_start_ms)
    floor = _before_call(stored, clock_start_ms)
    matched = _matched(stored, lines, floor)
    # What an earlier merge added says nothing of how the page cut the lines that it relayed.
    added = {line.added_id for line in lines}
    relayed = [one for one in stored if one.id not in added]
    floor_relayed = _before_call(relayed, clock_start_ms)
    matched_relayed = _matched(relayed, lines, floor_relayed)
    additions: list[AddedUtterance] = []
    replacements: list[CorrectedUtterance] = []
    for index, (_, _, line) in enumerate(lines):
        own = matched.get(index)
        if own is not None:
            others = [one.text for one in stored[own + 1 :] if one.speaker == line.role]
            if _corrects(line, stored[own], others):
                replacements.append(CorrectedUtterance(stored[own].id, line.text.strip(), stored[own].response_id))
        elif not _within(relayed, line, _around(matched_relayed, index, floor_relayed, len(relayed))):
            additions.append(_added(stored, lines, matched, index, interview_id, clock_start_ms))
    return Merge(tuple(additions), tuple(replacements))


class _Named(NamedTuple):
    """`relayed_id`: its utterance's id if the page relayed it; `added_id`: the one that it gets if a merge adds it."""

    relayed_id: str | None
    added_id: str
    line: VendorUtterance


def _named(vendor: Sequence[VendorUtterance], interview_id: str, clock_start_ms: int) -> list[_Named]:
    named: list[_Named] = []
    first: dict[str, VendorUtterance] = {}
    for index, line in enumerate(vendor):
        if not line.text.strip():
            continue
        relayed_id = line_id(interview_id, f"{line.inference_id[:100]}:{line.role}") if line.inference_id else None
        if relayed_id in first:
            if first[relayed_id].text == line.text:
                continue
            # A turn in several pieces: only the first can have its name.
            relayed_id = None
        elif relayed_id is not None:
            first[relayed_id] = line
        # With the call's beginning, since two calls of one interview may open with the same words.
        added_id = named_id(interview_id, "call-transcript", clock_start_ms, index, line.role, line.text)
        named.append(_Named(relayed_id, added_id, line))
    return named


def _before_call(stored: Sequence[StoredUtterance], clock_start_ms: int) -> int:
    """The last line from before the call: what an earlier call said is not taken for this one's. -1: there is none."""
    return len(list(takewhile(lambda line: line.start_ms < clock_start_ms, stored))) - 1


def _matched(stored: Sequence[StoredUtterance], lines: Sequence[_Named], floor: int) -> dict[int, int]:
    """Vendor's line → stored line: by the turn's name first, then by words and order."""
    places = {line.id: index for index, line in enumerate(stored)}
    names = {index: relayed if relayed in places else added for index, (relayed, added, _) in enumerate(lines)}
    matched = {index: places[name] for index, name in names.items() if name in places}
    for index, (_, _, line) in enumerate(lines):
        if index in matched:
            continue
        first, last = _around(matched, index, floor, len(stored))
        free = [
            place
            for place in range(first + 1, last)
            if stored[place].speaker == line.role and not stored[place].typed and place not in matched.values()
        ]
        likest = max(free, key=lambda place: _likeness(stored[place].text, line.text), default=None)
        if likest is not None and _likeness(stored[likest].text, line.text) >= SAME_LINE:
            matched[index] = likest
    return matched


def _around(matched: dict[int, int], index: int, floor: int, end: int) -> tuple[int, int]:
    """The stored lines between which a vendor's line lies: (`floor`, `end`) where nothing is known."""
    before = max((own for at, own in matched.items() if at < index), default=floor)
    after = min((own for at, own in matched.items() if at > index and own > before), default=end)
    return before, after


def _likeness(one: str, other: str) -> float:
    first, second = words_of(one), words_of(other)
    if not first or not second:
        return float(one.strip() == other.strip())
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _within(relayed: Sequence[StoredUtterance], line: VendorUtterance, around: tuple[int, int]) -> bool:
    """Whether the line stands there cut differently: two relayed lines are often one of the transcript, or a half."""
    first, last = around
    near = relayed[max(0, first) : last + 1]
    return len(words_of(line.text)) > 1 and told_already(
        line.text, [one.text for one in near if one.speaker == line.role]
    )


def _corrects(line: VendorUtterance, own: StoredUtterance, others: Sequence[str]) -> bool:
    theirs, ours = words_of(line.text), words_of(own.text)
    if theirs == ours or own.typed:
        return False
    if line.role == "interviewer":
        # The vendor keeps what was meant to be said; of an interrupted line the page kept what was really spoken.
        return theirs[: len(ours)] != ours
    if theirs[: len(ours)] == ours:
        # A turn that was relayed in pieces: the rest of it stands in the lines after.
        return not told_already(" ".join(theirs[len(ours) :]), others)
    # A piece of what was relayed as one: a shorter text would lose words.
    return not _is_part(theirs, ours)


def _is_part(theirs: list[str], ours: list[str]) -> bool:
    return len(theirs) < len(ours) and any(
        ours[start : start + len(theirs)] == theirs for start in range(len(ours) - len(theirs) + 1)
    )


def _added(
    stored: Sequence[StoredUtterance],
    lines: Sequence[_Named],
    matched: dict[int, int],
    index: int,
    interview_id: str,
    clock_start_ms: int,
) -> AddedUtterance:
    _, added_id, line = lines[index]
    before, after = _around(matched, index, _before_call(stored, clock_start_ms), len(stored))
    start_ms = _start(stored, lines, matched, index, clock_start_ms)
    if after < len(stored):
        start_ms = min(start_ms, stored[after].start_ms)
    if before >= 0:
        start_ms = max(start_ms, stored[before].start_ms)
    length_ms = round(1000 * line.duration_s) if line.duration_s else MS_PER_WORD * len(line.text.split())
    asked = next((one for one in reversed(stored[: before + 1]) if one.kind in ("question", "follow_up")), None)
    answers = line.role == "candidate" and asked is not None
    return AddedUtterance(
        id=added_id,
        speaker=line.role,
        kind="answer" if answers else "remark",
        text=line.text.strip(),
        start_ms=start_ms,
        end_ms=start_ms + length_ms,
        after_id=stored[before].id if before >= 0 else None,
        question_id=asked.question_id if asked else None,
        follow_up_id=asked.follow_up_id if asked else None,
        response_id=_response_of(asked, interview_id) if asked and answers else None,
    )


def _response_of(asked: StoredUtterance, interview_id: str) -> str:
    return named_id(interview_id, "response", asked.question_id, asked.follow_up_id or "")


def _start(
    stored: Sequence[StoredUtterance],
    lines: Sequence[_Named],
    matched: dict[int, int],
    index: int,
    clock_start_ms: int,
) -> int:
    """On the interview clock, which stands still in a pause while the vendor's goes on: measured from a neighbour."""
    line = lines[index].line
    before = max((at for at in matched if at < index), default=None)
    if before is None:
        return clock_start_ms + round(1000 * (line.started_at_s or 0))
    neighbour, own = lines[before].line, stored[matched[before]]
    if line.started_at_s is None or neighbour.started_at_s is None:
        return own.end_ms
    return own.start_ms + max(0, round(1000 * (line.started_at_s - neighbour.started_at_s)))
