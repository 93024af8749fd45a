"""What is told to the page and not kept, as messages of the socket."""

from __future__ import annotations

from pydantic import BaseModel

from app.conversation.rules.effects import Effect, SteerCall, TellCaption, TellClock, TellLeader, TellPhase, TellProblem
from app.schemas.live import AvatarChanged, CallSteered, CaptionHeard, ClockTold, PhaseChanged, ProblemTold


def message_of(effect: Effect) -> BaseModel | None:
    """None for an effect that is no message."""
    match effect:
        case TellPhase(phase, question_id, follow_up_id, position):
            return PhaseChanged(phase=phase, question_id=question_id, follow_up_id=follow_up_id, position=position)
        case TellClock(clock_ms, running):
            return ClockTold(clock_ms=clock_ms, running=running)
        case TellCaption(line_id, text):
            return CaptionHeard(line_id=line_id, text=text)
        case TellProblem(code, message):
            return ProblemTold(code=code, message=message)
        case TellLeader(led_by, reason):
            return AvatarChanged(led_by=led_by, reason=reason)
        case SteerCall(action, text, level):
            return CallSteered(action=action, text=text, level=level)
    return None
