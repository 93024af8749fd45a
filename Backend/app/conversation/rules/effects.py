"""What a live interview wants done. Stored ones are written to the database before anything of them is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.conversation.rules.state import Answer, ChosenFollowUp, LedBy, WirePhase

# ---- stored ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoreBegun:
    """Begun, or taken up again after a break: it is in progress from now on."""

    mode: Literal["voice", "text"]


@dataclass(frozen=True, slots=True)
class StoreUtterance:
    """A line of the transcript; told as utterance.added."""

    id: str
    speaker: Literal["interviewer", "candidate"]
    kind: str
    text: str
    start_ms: int
    end_ms: int
    source: Literal["voice", "typed"]
    question_id: str | None
    follow_up_id: str | None
    response_id: str | None


@dataclass(frozen=True, slots=True)
class TimeUtterance:
    """When the interviewer's utterance really was heard."""

    id: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class StoreFollowUp:
    question_id: str
    follow_up: ChosenFollowUp


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """First words of an answer: its row must exist before they can belong to it."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class EndAnswer:
    """Told as answer.ended. Comes again, with a higher generation, when the candidate went on speaking after it."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class ReopenAnswer:
    response_id: str


@dataclass(frozen=True, slots=True)
class ExtendAnswer:
    """A late line has been added to an ended answer; it is to be scored anew."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class StoreEnded:
    reason: Literal["complete", "ended_early"]


Stored = (
    StoreBegun
    | StoreUtterance
    | TimeUtterance
    | StoreFollowUp
    | OpenAnswer
    | EndAnswer
    | ReopenAnswer
    | ExtendAnswer
    | StoreEnded
)

# ---- told, and forgotten ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class TellPhase:
    phase: WirePhase
    question_id: str | None
    follow_up_id: str | None
    position: int


@dataclass(frozen=True, slots=True)
class TellClock:
    clock_ms: int
    running: bool


@dataclass(frozen=True, slots=True)
class TellCaption:
    line_id: str
    text: str


@dataclass(frozen=True, slots=True)
class TellProblem:
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class TellLeader:
    """Told when it changes; `reason` is a line for the candidate, or empty."""

    led_by: LedBy
    reason: str


@dataclass(frozen=True, slots=True)
class SteerCall:
    """What the page is to send into the call."""

    action: Literal["say", "interrupt", "patience", "context"]
    text: str = ""
    level: Literal["low", "medium", "high", ""] = ""


# ---- done by the runner -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Say:
    """Speak this after whatever is being spoken."""

    utterance_id: str
    text: str


@dataclass(frozen=True, slots=True)
class CutSpeech:
    utterance_id: str


@dataclass(frozen=True, slots=True)
class FlushHearing:
    """Comes back as Flushed."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Decide on a follow-up to this answer. Comes back as Chosen."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class ScoreAnswer:
    response_id: str


@dataclass(frozen=True, slots=True)
class Rehearse:
    """These words are likely to be said next."""

    text: str


@dataclass(frozen=True, slots=True)
class EndCall:
    """Nobody needs the vendor's call any more; it is billed by the minute."""

    reason: str


Effect = (
    Stored
    | TellPhase
    | TellClock
    | TellCaption
    | TellProblem
    | TellLeader
    | SteerCall
    | Say
    | CutSpeech
    | FlushHearing
    | Choose
    | ScoreAnswer
    | Rehearse
    | EndCall
)
