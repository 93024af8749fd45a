"""Puts the state of an interview before `turn_taking` and reads its decision: wait, encourage, or end the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.conversation.rules import turn_detector
from app.conversation.rules.echo import is_echo
from app.conversation.rules.state import Answer, EndedBy, State

OFFER_MS: Final = 16_000
"""Twice the first nudge's silence: now the interviewer offers to repeat or to move on."""
AFTER_OFFER_MS: Final = 8_000
"""An offer deserves as long a silence as the question did before the first nudge."""

HEARING_SLACK_MS: Final = 250
"""Frames come every 40 ms and are read in pieces of up to 200: so far behind is not behind."""

_ENDED_BY: Final[dict[turn_detector.Reason, EndedBy]] = {
    "pressed_done": "done",
    "said_done": "said_done",
    "long_answer": "time_limit",
    "nothing_said": "silent",
}


@dataclass(frozen=True, slots=True)
class FloorDecision:
    """`ended_by` set: the answer has ended. `silence_ms`: since the last voice, None where none was heard."""

    ended_by: EndedBy | None = None
    silence_ms: int | None = None
    nudge: bool = False


def words_so_far(state: State) -> str:
    """All of the open answer, what is still in flux included and echoes left out."""
    answer = state.answer
    if answer is None:
        return ""
    own = (
        line
        for line in sorted(state.flux, key=lambda one: one.start_ms)
        if not is_echo(line.text, line.start_ms, line.end_ms, state.recent)
    )
    return " ".join([*(line.text for line in answer.said), *(line.text for line in own)])


def decide(state: State, now_ms: int) -> FloorDecision:
    answer = state.answer
    if answer is None:
        return FloorDecision()
    since = state.floor_ms
    # A busy recogniser or a stalled network makes silence look longer than it was: only heard silence counts.
    if state.heard_until_ms is not None:
        now_ms = max(since, min(now_ms, state.heard_until_ms + HEARING_SLACK_MS))
    voice = state.last_voice_ms if state.last_voice_ms is not None and state.last_voice_ms >= since else None
    words = words_so_far(state)
    decision = turn_detector.decide(
        turn_detector.Listening(
            now_ms=now_ms,
            floor_since_ms=since,
            speaking=state.speaking,
            last_voice_ms=voice,
            words=words,
            held_at_ms=answer.held_at_ms,
            words_when_held=answer.words_when_held,
            typing=now_ms < answer.typing_until,
            nudged=answer.nudges > 0,
        )
    )
    silence = now_ms - voice if voice is not None else None
    if decision.kind == "nudge":
        return FloorDecision(nudge=True)
    if decision.reason == "nothing_said" and answer.nudges > 0:
        return _after_a_nudge(answer, decision, now_ms, since if voice is None else voice)
    if decision.kind == "ended":
        return FloorDecision(_ENDED_BY.get(decision.reason, "silence"), silence)
    return FloorDecision()


def _after_a_nudge(answer: Answer, decision: turn_detector.Decision, now_ms: int, quiet_since: int) -> FloorDecision:
    if answer.nudges == 1:
        # After a hold the first nudge came late; the offer keeps its distance from it.
        return FloorDecision(nudge=now_ms - max(quiet_since, answer.nudged_ms - turn_detector.NUDGE_MS) >= OFFER_MS)
    if decision.kind == "ended" and now_ms - answer.nudged_ms >= AFTER_OFFER_MS:
        return FloorDecision("silent")
    return FloorDecision()
