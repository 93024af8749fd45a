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

from app.domain.delivery import Delivery, WordCount
from app.domain.message import Message, message
from app.domain.score import Evidence, Score, ScorePart, not_scored

# Below this one "um" or one "I think" moves a part by half: a number would be noise.
MIN_WORDS = 20
MIN_SPEAKING_MS = 5_000


def confidence(delivery: Delivery) -> Score:
    """Scores one answer's delivery and wording; too little of it is not scored, with the reason."""
    if delivery.words == 0:
        return not_scored(message("not_scored.no_answer"))
    if delivery.words < MIN_WORDS:
        return not_scored(
            message("not_scored.too_few_words_to_measure", words=delivery.words, least=MIN_WORDS),
            (_words(delivery),),
        )
    if delivery.timed and delivery.speaking_ms < MIN_SPEAKING_MS:
        seconds = delivery.speaking_ms / 1000
        return not_scored(
            message("not_scored.too_little_speech", seconds=seconds, least=MIN_SPEAKING_MS // 1000),
            (_measured("speaking_s", seconds, "s", message("evidence.speech", seconds=seconds)),),
        )
    remark: Message | None = None
    parts: tuple[ScorePart, ...]
    if delivery.timed:
        parts = (
            _pauses(delivery),
            _pace(delivery),
            _fillers(delivery),
            _hedges(delivery, 20),
            _direct(delivery, 15),
        )
    else:
        parts = (_hedges(delivery, 60), _direct(delivery, 40))
        remark = message("confidence.typed") if delivery.typed else message("confidence.no_voice_times")
    value = round(100 * sum(part.points for part in parts) / sum(part.out_of for part in parts))
    return Score(value, remark, _evidence(delivery), parts)


def _pauses(delivery: Delivery) -> ScorePart:
    share = min(1.0, delivery.pause_ms / delivery.duration_ms) if delivery.duration_ms else 0.0
    reason = message(
        "confidence.pauses", pauses=len(delivery.pauses), share=share, longest=delivery.longest_pause_ms / 1000
    )
    return ScorePart("pauses", round(25 * (1 - _ramp(share, 0.15, 0.50)), 1), 25, reason)


def _pace(delivery: Delivery) -> ScorePart:
    pace = delivery.words_per_minute or 0.0
    points = 20 * _ramp(pace, 50, 110) * (1 - _ramp(pace, 190, 270))
    manner = "comfortable" if 110 <= pace <= 190 else "slow" if pace < 110 else "fast"
    return ScorePart("pace", round(points, 1), 20, message("confidence.pace", pace=pace, manner=manner))


def _fillers(delivery: Delivery) -> ScorePart:
    rate = delivery.per_100_words(delivery.filler_count + delivery.self_correction_count)
    top = _top(delivery.fillers)
    reason = message(
        "confidence.fillers",
        fillers=delivery.filler_count,
        restarts=delivery.self_correction_count,
        rate=rate,
        top=top,
        listed=len(top),
    )
    return ScorePart("fillers", round(20 * (1 - _ramp(rate, 3, 14)), 1), 20, reason)


def _hedges(delivery: Delivery, out_of: float) -> ScorePart:
    rate = delivery.per_100_words(delivery.hedge_count)
    top = _top(delivery.hedges)
    reason = message("confidence.hedges", hedges=delivery.hedge_count, rate=rate, top=top, listed=len(top))
    return ScorePart("hedges", round(out_of * (1 - _ramp(rate, 1, 7)), 1), out_of, reason)


def _direct(delivery: Delivery, out_of: float) -> ScorePart:
    rate = delivery.per_100_words(delivery.own_action_count + delivery.booster_count)
    reason = message("confidence.direct", own=delivery.own_action_count, firm=delivery.booster_count, rate=rate)
    return ScorePart("direct", round(out_of * _ramp(rate, 0, 3), 1), out_of, reason)


def _evidence(delivery: Delivery) -> tuple[Evidence, ...]:
    evidence = [_words(delivery)]
    if delivery.words_per_minute is not None:
        pace = delivery.words_per_minute
        evidence.append(_measured("words_per_minute", pace, "words/min", message("evidence.pace", pace=pace)))
        count = len(delivery.pauses)
        evidence.append(_measured("pauses", count, "pauses", message("evidence.pauses", pauses=count)))
        for pause in sorted(delivery.pauses, key=lambda one: -one.length_ms)[:3]:
            seconds = pause.length_ms / 1000
            evidence.append(
                Evidence(
                    "measurement",
                    note=message("evidence.pause", seconds=seconds),
                    start_ms=pause.start_ms,
                    end_ms=pause.end_ms,
                    name="pause_s",
                    value=seconds,
                    unit="s",
                )
            )
    evidence.append(_counted("fillers", delivery.fillers))
    if delivery.self_corrections:
        evidence.append(_counted("self_corrections", delivery.self_corrections))
    evidence += [_counted("hedges", delivery.hedges), _counted("boosters", delivery.boosters)]
    own = delivery.own_action_count
    evidence.append(_measured("own_actions", own, "times", message("evidence.own_actions", count=own)))
    return tuple(evidence)


def _words(delivery: Delivery) -> Evidence:
    return _measured("words", delivery.words, "words", message("evidence.words", words=delivery.words))


def _counted(name: str, counts: tuple[WordCount, ...]) -> Evidence:
    total = sum(one.count for one in counts)
    top = _top(counts)
    return _measured(name, total, "times", message(f"evidence.{name}", count=total, top=top, listed=len(top)))


def _measured(name: str, value: float, unit: str, note: Message) -> Evidence:
    return Evidence("measurement", note=note, name=name, value=float(value), unit=unit)


def _top(counts: tuple[WordCount, ...]) -> tuple[Message, ...]:
    """The three words that were said most."""
    by_word: dict[str, int] = {}
    for one in counts:
        by_word[one.word] = by_word.get(one.word, 0) + one.count
    top = sorted(by_word.items(), key=lambda item: (-item[1], item[0]))[:3]
    return tuple(message("confidence.word_count", word=word, count=count) for word, count in top)


def _ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high`, a straight line between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
