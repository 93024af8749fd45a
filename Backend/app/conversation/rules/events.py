"""What can happen to a live interview. Times are on the interview clock."""

from __future__ import annotations

from dataclasses import dataclass

from app.conversation.rules.state import PartialUtterance, Speaker


@dataclass(frozen=True, slots=True)
class Began:
    """The page is ready, for the first time or again. `listen`: audio will come. `wall_ms`: any steady wall clock.

    `call`: a vendor's call has been started for this interview and leads it.
    """

    listen: bool
    wall_ms: int
    call: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """The connection is gone."""

    wall_ms: int


@dataclass(frozen=True, slots=True)
class Typed:
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Typing:
    pass


@dataclass(frozen=True, slots=True)
class SaidDone:
    pass


@dataclass(frozen=True, slots=True)
class HoldWished:
    pass


@dataclass(frozen=True, slots=True)
class RepeatWished:
    pass


@dataclass(frozen=True, slots=True)
class SkipWished:
    pass


@dataclass(frozen=True, slots=True)
class PauseWished:
    pass


@dataclass(frozen=True, slots=True)
class ResumeWished:
    pass


@dataclass(frozen=True, slots=True)
class EndWished:
    pass


@dataclass(frozen=True, slots=True)
class MicrophoneSet:
    listen: bool


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    utterance_id: str


@dataclass(frozen=True, slots=True)
class SpeechFinished:
    utterance_id: str


@dataclass(frozen=True, slots=True)
class HeardUtterance:
    """`id` is unique in the interview; `final` lines never change again."""

    id: str
    text: str
    start_ms: int
    end_ms: int
    final: bool

    def in_flux(self) -> PartialUtterance:
        return PartialUtterance(self.id, self.text, self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class Heard:
    """`voice_ms`: how long the present voice has lasted, 0 in silence. `until_ms`: heard so far; None for up to now."""

    lines: tuple[HeardUtterance, ...]
    speaking: bool
    last_voice_ms: int | None
    voice_ms: int
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Flushed:
    """The recogniser has given its last: all its lines, final, and all stretches of voice since the flush before."""

    lines: tuple[HeardUtterance, ...]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class HearingLost:
    pass


@dataclass(frozen=True, slots=True)
class FollowUpChosen:
    """Whether a follow-up is to be asked about the response as it was at `generation`."""

    response_id: str
    generation: int
    text: str = ""
    reason: str = ""
    missing_point: str = ""


@dataclass(frozen=True, slots=True)
class CallJoined:
    """The page sits in the vendor's call, for the first time or again."""


@dataclass(frozen=True, slots=True)
class CallSaid:
    """A finished line of the call; `key` is its own, `order` the call's numbering."""

    key: str
    order: int
    speaker: Speaker
    text: str
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class CallSpeaking:
    speaker: Speaker
    speaking: bool


@dataclass(frozen=True, slots=True)
class CallLost:
    reason: str


@dataclass(frozen=True, slots=True)
class SwitchWished:
    """The candidate would rather go on with our own interviewer."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time has passed."""


Event = (
    Began
    | Left
    | Typed
    | Typing
    | SaidDone
    | HoldWished
    | RepeatWished
    | SkipWished
    | PauseWished
    | ResumeWished
    | EndWished
    | MicrophoneSet
    | SpeechStarted
    | SpeechFinished
    | Heard
    | Flushed
    | HearingLost
    | FollowUpChosen
    | CallJoined
    | CallSaid
    | CallSpeaking
    | CallLost
    | SwitchWished
    | Ticked
)
