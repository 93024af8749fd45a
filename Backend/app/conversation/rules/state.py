"""What a live interview remembers between two events: frozen, and whole enough to be stored and resumed from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import TypeAdapter

from app.conversation.rules.clock import InterviewClock
from app.domain.answer import AnswerUtterance
from app.domain.json import JsonObject

Phase = Literal["greeting", "asking", "listening", "holding", "deciding", "closing", "ended"]
"""Where the conversation stands. Pausing and losing the connection lie beside it and do not change it."""
WirePhase = Literal["ready", "greeting", "asking", "listening", "holding", "deciding", "closing", "paused", "ended"]
SpokenKind = Literal["greeting", "acknowledgement", "question", "follow_up", "nudge", "repeat", "closing", "remark"]
EndedBy = Literal[
    "silence", "said_done", "done", "typed", "skipped", "silent", "time_limit", "interview_ended", "interviewer"
]
"""interviewer: the one in the call, who is not ours, went on."""
Awaiting = Literal["", "lines", "choice"]
LedBy = Literal["us", "call"]
Speaker = Literal["interviewer", "candidate"]


@dataclass(frozen=True, slots=True)
class ScriptQuestion:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """The plan: fixed before the first word."""

    interview_id: str
    candidate_name: str
    role: str
    questions: tuple[ScriptQuestion, ...]


@dataclass(frozen=True, slots=True)
class ChosenFollowUp:
    id: str
    text: str
    reason: str
    missing_point: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The question being dealt with: `position` among the planned, and the follow-up to it if that is asked now."""

    position: int
    question_id: str
    follow_up: ChosenFollowUp | None = None

    @property
    def follow_up_id(self) -> str | None:
        return self.follow_up.id if self.follow_up else None


@dataclass(frozen=True, slots=True)
class SpokenUtterance:
    """Something for the interviewer to say. `opens`: the place whose answer begins with it."""

    id: str
    kind: SpokenKind
    text: str
    place: Place | None = None
    opens: bool = False

    @property
    def estimate_ms(self) -> int:
        """About 15 characters a second, as measured on the built-in voice; used only until the page reports."""
        return 400 + 67 * len(self.text)


@dataclass(frozen=True, slots=True)
class PartialUtterance:
    """A line still being recognised."""

    line_id: str
    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question or follow-up. Open while `ended_by` is empty.

    `opened_ms`: the interviewer began to ask; `asked_ms`: had asked to the end. `hold_since`: "let me think" is on;
    `held_at_ms`: when it was asked for last, kept when it is over. `nudged_ms`: the latest nudge had been spoken.
    `generation` counts how often the answer has changed after an end, so that what was worked out for an older
    wording is recognised and dropped.
    """

    response_id: str
    place: Place
    opened_ms: int
    asked_ms: int | None = None
    said: tuple[AnswerUtterance, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    holds: tuple[tuple[int, int], ...] = ()
    hold_since: int | None = None
    held_at_ms: int | None = None
    words_when_held: int = 0
    typing_until: int = 0
    nudges: int = 0
    nudged_ms: int = 0
    stored: bool = False
    ended_by: EndedBy | Literal[""] = ""
    silence_ms: int | None = None
    end_ms: int = 0
    generation: int = 0

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.said)

    @property
    def typed(self) -> bool:
        """Typed only where nothing was said aloud: a mixed answer still has a delivery to measure."""
        return bool(self.said) and all(line.typed for line in self.said)


@dataclass(frozen=True, slots=True)
class Ending:
    """An answer is being ended; its last words are still on their way from the recogniser.

    `until_ms`: from when on a voice belongs to what comes after it, where that is known.
    """

    ended_by: EndedBy
    silence_ms: int | None
    then: Literal["go_on", "end"]
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class RelayedUtterance:
    """A finished line of the call, as the page told it.

    `heard_ms`: when it reached us. `over`: the speaking has stopped. `cut`: it was stopped before its end.
    """

    key: str
    order: int
    speaker: Speaker
    text: str
    heard_ms: int
    start_ms: int
    end_ms: int
    over: bool = True
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Someone's latest stretch of speech in the call, as far as it was told. `since_ms` None: none that is not used."""

    speaking: bool = False
    since_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CallState:
    """What is remembered of a vendor's call while its interviewer leads.

    `waiting`: lines held back for a moment, so that they can be put in order. `keys`: the latest 400 lines known.
    `opened_order`: the call's number of the line that put the present question. `stirred_ms`: the last sign of life.
    `told`: the candidate's latest 20 lines. `own`: what our ears made of the open answer and the call has not told,
    used where it tells nothing. `spans`: voice that already belongs to the next answer. `sounding`: (id, start) of the
    interviewer's line whose end is not known yet. `wishes_on`: the candidate asked aloud for the next question.
    `follow_ups`: to the question in hand. `led_from`: the end of an answer after which the call goes on; `led_ms`: when
    we told it how. `fell_back`: the response that has our ears' words. `leaving`: it is over, and this is what the
    candidate is told.
    """

    joined: bool = False
    waiting: tuple[RelayedUtterance, ...] = ()
    keys: tuple[str, ...] = ()
    opened_order: int = -1
    interviewer: Turn = Turn()
    candidate: Turn = Turn()
    stirred_ms: int = 0
    last_speaker: Speaker | Literal[""] = ""
    told: tuple[str, ...] = ()
    own: tuple[AnswerUtterance, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    sounding: tuple[str, int] | None = None
    wishes_on: bool = False
    follow_ups: int = 0
    led_from: tuple[str, int] | None = None
    led_ms: int | None = None
    fell_back: str = ""
    closing_ms: int = 0
    closing_said: bool = False
    time_told: bool = False
    leaving: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The whole of it.

    `begun`: the candidate has started the interview once. `live`: a page is connected and has begun on this
    connection. `queue`: what is being said (first) and what is said right after it; `announced`: the first is in the
    transcript already. `last`: the answer ended latest, to which late words belong. `deferred`: a follow-up that was
    announced and then taken back because the candidate was still speaking.
    """

    script: Script
    phase: Phase = "greeting"
    clock: InterviewClock = field(default_factory=InterviewClock)
    begun: bool = False
    live: bool = False
    paused: bool = False
    listen: bool = False
    hearing: bool = True
    place: Place | None = None
    queue: tuple[SpokenUtterance, ...] = ()
    announced: bool = False
    head_since_ms: int = 0
    head_started_ms: int | None = None
    head_heard: bool = False
    """Heard to its end before it could be written into the transcript."""
    answer: Answer | None = None
    last: Answer | None = None
    flux: tuple[PartialUtterance, ...] = ()
    speaking: bool = False
    voice_ms: int = 0
    last_voice_ms: int | None = None
    heard_until_ms: int | None = None
    """How far the recogniser has come. What it has not heard yet is no silence."""
    no_sound_told: bool = False
    awaiting: Awaiting = ""
    awaiting_since_ms: int = 0
    ending: Ending | None = None
    deferred: ChosenFollowUp | None = None
    recent: tuple[tuple[str, int, int], ...] = ()
    """(text, start, end) of what the interviewer said lately, against which an echo is recognised."""
    booked: tuple[str, ...] = ()
    """Recogniser lines already in the transcript, the latest 400."""
    cut_lines: tuple[PartialUtterance, ...] = ()
    """Lines put into the transcript before the recogniser had finished them, as they stood; the latest 20."""
    floor_ms: int = 0
    """Since when the floor has been the candidate's: silence counts from here. A nudge does not move it."""
    left_wall_ms: int | None = None
    """Wall clock at which the page was lost, to tell a blink of the network from a break."""
    counter: int = 0
    asked: tuple[str, ...] = ()
    """Planned questions that have been put: a call's interviewer may pass over one or change their order."""
    led_by: LedBy = "us"
    call: CallState = field(default_factory=CallState)
    taken_over_ms: int | None = None
    """When we went on after a call: words begun before it may have been told by the call already."""
    unasked: tuple[str, ...] = ()
    """Questions never put, known once ended."""
    end_reason: Literal["", "complete", "ended_early"] = ""

    @property
    def wire_phase(self) -> WirePhase:
        if self.phase == "ended":
            return "ended"
        if self.paused:
            return "paused"
        return self.phase if self.live else "ready"

    @property
    def hears(self) -> bool:
        """Whether silence means anything now."""
        return self.listen and self.hearing

    @property
    def head(self) -> SpokenUtterance | None:
        return self.queue[0] if self.queue else None

    @property
    def next_position(self) -> int | None:
        """Of the first planned question not yet put."""
        left = (index for index, question in enumerate(self.script.questions) if question.id not in self.asked)
        return next(left, None)

    @property
    def next_question(self) -> ScriptQuestion | None:
        return None if self.next_position is None else self.script.questions[self.next_position]


def named_id(interview_id: str, *parts: object) -> str:
    """The same thing gets the same id each time it is worked out, so that a repeat after a crash doubles nothing."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(["interviewdost", interview_id, *map(str, parts)])))


_STATE: TypeAdapter[State] = TypeAdapter(State)


def to_json(state: State) -> JsonObject:
    """A snapshot. The running clock is not in it (its monotonic start means nothing elsewhere): stop it first."""
    stored: JsonObject = _STATE.dump_python(state, mode="json")
    return stored


def from_json(stored: JsonObject) -> State:
    """Raises pydantic.ValidationError when `stored` is no snapshot."""
    state = _STATE.validate_python(stored)
    if "asked" not in stored and state.place:
        # Stored before calls could lead: the questions were put in their order.
        asked = state.script.questions[: state.place.position + 1]
        return replace(state, asked=tuple(question.id for question in asked))
    return state


def resumed(state: State, *, clock_ms: int) -> State:
    """A stored state made ready for a new connection: nobody is there, and nothing is being said."""
    return replace(
        state,
        clock=InterviewClock(max(clock_ms, state.clock.base_ms)),
        live=False,
        queue=(),
        announced=False,
        head_heard=False,
        listen=False,
        hearing=True,
        speaking=False,
        voice_ms=0,
        last_voice_ms=None,
        heard_until_ms=None,
        call=replace(state.call, interviewer=Turn(), candidate=Turn(), sounding=None),
    )
