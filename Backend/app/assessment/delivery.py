"""How an answer was said, measured: time, pace, pauses, and the words that are counted.

Pure arithmetic on the utterances, the stretches in which a voice was heard, and the answer's window. Times are ms on
the interview clock. A gap between voices of at least 700 ms is a pause: below it lies the ordinary breathing and
articulation of fluent speech. Time taken under "let me think" is no pause and not part of the pace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from app.domain.answer import AnswerUtterance
from app.domain.delivery import Delivery, MeasuredDelivery, SpeechPause, WordCount
from app.english.counted_words import (
    BOOSTERS,
    FILLED_PAUSES,
    FILLERS,
    HEDGES,
    SELF_CORRECTIONS,
    Patterns,
    count_words,
    counted,
    own_actions,
)

MIN_PAUSE_MS = 700


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, `start_ms` included, `end_ms` excluded."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        return max(0, self.end_ms - self.start_ms)


@dataclass(frozen=True, slots=True)
class AnswerWindow:
    """When the question had been asked to its end, and from when to when the answer went; `holds`: "let me think"."""

    asked_end_ms: int
    start_ms: int
    end_ms: int
    holds: tuple[Span, ...] = ()


def measure(
    said: Sequence[AnswerUtterance],
    spans: Sequence[Span],
    window: AnswerWindow,
    *,
    typed: bool,
) -> Delivery:
    """Measures one answer. Spans outside the window and overlaps are put right; an answer without any is all zeros.

    Where a voice answer came without voice spans the utterances' own times stand in for them.
    """
    words = sum(count_words(one.text) for one in said)
    voices: tuple[Span, ...] = ()
    if not typed:
        heard = spans or [Span(one.start_ms, one.end_ms) for one in said]
        voices = merged(clipped(heard, window.start_ms, window.end_ms))
    holds = merged(window.holds)
    speaking_ms = sum(span.length_ms for span in voices)
    duration_ms = 0
    pauses: tuple[SpeechPause, ...] = ()
    start_delay_ms = None
    if voices:
        first, last = voices[0].start_ms, voices[-1].end_ms
        # Held time in which somebody spoke all the same is speech.
        quiet_holds = [gap for hold in holds for gap in without(hold, voices)]
        duration_ms = last - first - _overlap(quiet_holds, first, last)
        pauses = _pauses(voices, holds)
        start_delay_ms = max(0, first - window.asked_end_ms - _overlap(quiet_holds, window.asked_end_ms, first))
    timed = bool(voices) and words > 0 and speaking_ms > 0
    return Delivery(
        typed=typed,
        words=words,
        speaking_ms=speaking_ms,
        duration_ms=duration_ms,
        words_per_minute=round(60_000 * words / duration_ms, 1) if timed else None,
        articulation_rate=round(60_000 * words / speaking_ms, 1) if timed else None,
        pauses=pauses,
        longest_pause_ms=max((pause.length_ms for pause in pauses), default=0),
        start_delay_ms=start_delay_ms,
        # Nobody types "um" by accident; the other fillers are wording.
        fillers=_count(said, FILLERS if not typed else FILLERS[len(FILLED_PAUSES) :]),
        hedges=_count(said, HEDGES),
        boosters=_count(said, BOOSTERS),
        self_corrections=() if typed else _count(said, SELF_CORRECTIONS),
        own_actions=tuple(
            WordCount(one.utterance_id, "I + verb", len(acts)) for one in said if (acts := own_actions(one.text))
        ),
    )


def clipped(spans: Iterable[Span], start_ms: int, end_ms: int) -> tuple[Span, ...]:
    """The parts of `spans` within [start_ms, end_ms]; empty ones are left out."""
    inside = (Span(max(span.start_ms, start_ms), min(span.end_ms, end_ms)) for span in spans)
    return tuple(span for span in inside if span.length_ms > 0)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """In order, overlapping and touching ones joined, empty ones left out."""
    result: list[Span] = []
    for span in sorted((one for one in spans if one.length_ms > 0), key=lambda one: one.start_ms):
        if result and span.start_ms <= result[-1].end_ms:
            result[-1] = Span(result[-1].start_ms, max(result[-1].end_ms, span.end_ms))
        else:
            result.append(span)
    return tuple(result)


def without(span: Span, others: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of `span` when `others` (merged) are cut out of it."""
    left: list[Span] = []
    start = span.start_ms
    for other in others:
        if other.end_ms <= start or other.start_ms >= span.end_ms:
            continue
        if other.start_ms > start:
            left.append(Span(start, other.start_ms))
        start = max(start, other.end_ms)
    if start < span.end_ms:
        left.append(Span(start, span.end_ms))
    return tuple(left)


def measurements(delivery: Delivery) -> tuple[tuple[str, float], ...]:
    """(name, value) of everything measured, for the feedback and the graphs; names are stable.

    words, duration_s, speaking_s, words_per_minute, articulation_rate, pauses, pause_s, longest_pause_s,
    start_delay_s, fillers, fillers_per_100_words, hedges, hedges_per_100_words, boosters, self_corrections,
    own_actions. What was not timed is left out.
    """
    result: list[tuple[str, float]] = [("words", float(delivery.words))]
    if delivery.words_per_minute is not None and delivery.articulation_rate is not None:
        result += [
            ("duration_s", delivery.duration_ms / 1000),
            ("speaking_s", delivery.speaking_ms / 1000),
            ("words_per_minute", delivery.words_per_minute),
            ("articulation_rate", delivery.articulation_rate),
            ("pauses", float(len(delivery.pauses))),
            ("pause_s", delivery.pause_ms / 1000),
            ("longest_pause_s", delivery.longest_pause_ms / 1000),
        ]
        if delivery.start_delay_ms is not None:
            result.append(("start_delay_s", delivery.start_delay_ms / 1000))
    result += [
        ("fillers", float(delivery.filler_count)),
        ("fillers_per_100_words", round(delivery.per_100_words(delivery.filler_count), 1)),
        ("hedges", float(delivery.hedge_count)),
        ("hedges_per_100_words", round(delivery.per_100_words(delivery.hedge_count), 1)),
        ("boosters", float(delivery.booster_count)),
        ("self_corrections", float(delivery.self_correction_count)),
        ("own_actions", float(delivery.own_action_count)),
    ]
    return tuple(result)


def with_measurements(delivery: Delivery) -> MeasuredDelivery:
    own = {one.name: getattr(delivery, one.name) for one in fields(delivery)}
    return MeasuredDelivery(**own, measurements=dict(measurements(delivery)))


def _pauses(voices: Sequence[Span], holds: Sequence[Span]) -> tuple[SpeechPause, ...]:
    return tuple(
        SpeechPause(quiet.start_ms, quiet.end_ms)
        for before, after in pairwise(voices)
        for quiet in without(Span(before.end_ms, after.start_ms), holds)
        if quiet.length_ms >= MIN_PAUSE_MS
    )


def _overlap(spans: Sequence[Span], start_ms: int, end_ms: int) -> int:
    return sum(span.length_ms for span in clipped(spans, start_ms, end_ms))


def _count(said: Sequence[AnswerUtterance], patterns: Patterns) -> tuple[WordCount, ...]:
    return tuple(
        WordCount(one.utterance_id, word, count) for one in said for word, count in counted(patterns, one.text)
    )
