"""Confidence, 0-100, from how an answer was said and worded.

What it is not: nobody's data validates a number for "confidence" in job interviews. So it is a sum of things that a
person can count again, each shown with its own number, and it says nothing about what the person felt.

Spoken, 100 points: pauses 25, pace 20, fillers and restarts 20, hedges 20, direct statements 15.
Typed, 100 points: hedges 60, direct statements 40; a keyboard has neither pauses nor pace.

Each part is full within a range and falls in a straight line to 0 at a limit (`_ramp`):
- pauses: share of the answer spent in pauses of ≥ 0.7 s, full up to 15 %, 0 from 50 %. Goldman-Eisler found a third
  and more of spontaneous speech to be silence, most of it in gaps shorter than those counted here.
- pace: words a minute over the whole answer, full from 110 to 190, 0 at 50 and 270. Tauroza and Allison 1990 give 190
  for interviews and 140 for lectures; the lower bound is generous to people who speak a second language.
- fillers and restarts per 100 words: full up to 3, 0 from 14. Bortfeld et al. 2001 counted 2.6 fillers and about 6
  disfluencies of all kinds per 100 words among ordinary speakers.
- hedges per 100 words: full up to 1, 0 from 7.
- direct statements: "I did" phrases and boosters per 100 words, 0 at none, full from 3.
The time before the first word costs nothing: thinking is wanted.
"""

from __future__ import annotations

from app.assessment.delivery import Delivery, WordCount
from app.assessment.score import Evidence, Score, ScorePart, not_scored

# Below this one "um" or one "I think" moves a part by half: a number would be noise.
MIN_WORDS = 20
MIN_SPEAKING_MS = 5_000


def confidence(delivery: Delivery) -> Score:
    """Scores one answer's delivery and wording; too little of it is not scored, with the reason."""
    if delivery.words == 0:
        return not_scored("You did not answer.")
    if delivery.words < MIN_WORDS:
        return not_scored(
            f"Too short to measure: {_n(delivery.words, 'word')}; confidence needs at least {MIN_WORDS}.",
            (_measured("words", delivery.words, "words", f"{_n(delivery.words, 'word')} said"),),
        )
    if delivery.timed and delivery.speaking_ms < MIN_SPEAKING_MS:
        seconds = delivery.speaking_ms / 1000
        return not_scored(
            f"Too short to measure: {seconds:.1f} s of speech; confidence needs at least {MIN_SPEAKING_MS // 1000} s.",
            (_measured("speaking_s", seconds, "s", f"{seconds:.1f} s of speech"),),
        )
    if delivery.timed:
        parts: tuple[ScorePart, ...] = (
            *_timed_parts(delivery),
            _fillers(delivery),
            _hedges(delivery, 20),
            _direct(delivery, 15),
        )
        reason = ""
    else:
        parts = (_hedges(delivery, 60), _direct(delivery, 40))
        reason = (
            "Typed answer: only the wording is measured, not pace or pauses."
            if delivery.typed
            else "No voice times for this answer: only the wording is measured, not pace or pauses."
        )
    value = round(100 * sum(part.points for part in parts) / sum(part.out_of for part in parts))
    return Score(value, reason, _evidence(delivery), parts)


def _timed_parts(delivery: Delivery) -> tuple[ScorePart, ScorePart]:
    share = min(1.0, delivery.pause_ms / delivery.duration_ms) if delivery.duration_ms else 0.0
    pauses = 25 * (1 - _ramp(share, 0.15, 0.50))
    longest = f", the longest {delivery.longest_pause_ms / 1000:.1f} s" if delivery.pauses else ""
    pace = delivery.words_per_minute or 0.0
    pace_points = 20 * _ramp(pace, 50, 110) * (1 - _ramp(pace, 190, 270))
    manner = "a comfortable pace" if 110 <= pace <= 190 else "slow" if pace < 110 else "fast"
    return (
        ScorePart(
            "pauses",
            "Pauses",
            round(pauses, 1),
            25,
            f"{_n(len(delivery.pauses), 'pause')} of 0.7 s or more, {share:.0%} of the answer{longest}",
        ),
        ScorePart("pace", "Pace", round(pace_points, 1), 20, f"{pace:.0f} words a minute: {manner}"),
    )


def _fillers(delivery: Delivery) -> ScorePart:
    count = delivery.filler_count + delivery.self_correction_count
    rate = delivery.per_100_words(count)
    note = f"{_n(delivery.filler_count, 'filler')} and {_n(delivery.self_correction_count, 'restart')}"
    return ScorePart(
        "fillers",
        "Fillers and restarts",
        round(20 * (1 - _ramp(rate, 3, 14)), 1),
        20,
        f"{note}, {rate:.1f} per 100 words{_named(delivery.fillers)}",
    )


def _hedges(delivery: Delivery, out_of: float) -> ScorePart:
    rate = delivery.per_100_words(delivery.hedge_count)
    return ScorePart(
        "hedges",
        "Hedges",
        round(out_of * (1 - _ramp(rate, 1, 7)), 1),
        out_of,
        f"{_n(delivery.hedge_count, 'hedge')}, {rate:.1f} per 100 words{_named(delivery.hedges)}",
    )


def _direct(delivery: Delivery, out_of: float) -> ScorePart:
    count = delivery.own_action_count + delivery.booster_count
    rate = delivery.per_100_words(count)
    return ScorePart(
        "direct",
        "Direct statements",
        round(out_of * _ramp(rate, 0, 3), 1),
        out_of,
        f"{delivery.own_action_count} × “I did …” and {_n(delivery.booster_count, 'firm word')}, "
        f"{rate:.1f} per 100 words",
    )


def _evidence(delivery: Delivery) -> tuple[Evidence, ...]:
    evidence = [_measured("words", delivery.words, "words", f"{_n(delivery.words, 'word')} said")]
    if delivery.words_per_minute is not None:
        pace = delivery.words_per_minute
        evidence.append(_measured("words_per_minute", pace, "words/min", f"{pace:.0f} words a minute"))
        count = len(delivery.pauses)
        evidence.append(_measured("pauses", count, "pauses", f"{_n(count, 'pause')} of 0.7 s or more"))
        for pause in sorted(delivery.pauses, key=lambda one: -one.length_ms)[:3]:
            seconds = pause.length_ms / 1000
            evidence.append(
                Evidence(
                    "measurement",
                    f"{seconds:.1f} s pause",
                    start_ms=pause.start_ms,
                    end_ms=pause.end_ms,
                    name="pause_s",
                    value=seconds,
                    unit="s",
                )
            )
    for name, noun, counts in (
        ("fillers", "filler", delivery.fillers),
        ("self_corrections", "restart", delivery.self_corrections),
        ("hedges", "hedge", delivery.hedges),
        ("boosters", "firm word", delivery.boosters),
        ("own_actions", "“I did …” statement", delivery.own_actions),
    ):
        total = sum(one.count for one in counts)
        if name == "self_corrections" and not total:
            continue
        words = _named(counts) if name != "own_actions" else ""
        evidence.append(_measured(name, total, "times", f"{_n(total, noun)}{words}"))
    return tuple(evidence)


def _measured(name: str, value: float, unit: str, text: str) -> Evidence:
    return Evidence("measurement", text, name=name, value=float(value), unit=unit)


def _named(counts: tuple[WordCount, ...]) -> str:
    by_word: dict[str, int] = {}
    for one in counts:
        by_word[one.word] = by_word.get(one.word, 0) + one.count
    top = sorted(by_word.items(), key=lambda item: (-item[1], item[0]))[:3]
    return ": " + ", ".join(f"“{word}” {count}×" for word, count in top) if top else ""


def _ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high`, a straight line between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _n(count: int, noun: str) -> str:
    return f"{count} {noun if count == 1 else noun + 's'}"
