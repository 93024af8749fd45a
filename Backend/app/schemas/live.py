"""The live interview's messages over the WebSocket `/api/interviews/{id}/live`.

Text frames are JSON: wishes (imperative) from the page, facts (past tense) from the server.
Binary frames from the page are the candidate's microphone:
`<u32 sequence, little-endian><PCM s16le mono 16 kHz, 40 ms>`.
Binary frames from the server are the interviewer's voice:
`<u32 header length, little-endian><header: SpeechHeader JSON><PCM s16le mono 24 kHz>`.
A fact with a `sequence` is durable: a page that comes back opens the socket with `?after=<last sequence>` and gets
the rest.
All `*_ms` are on the interview clock unless said otherwise.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, TypeAdapter

from app.domain.limits import MAX_ANSWER
from app.schemas.account import Strict
from app.schemas.results import UtteranceModel
from app.schemas.score import ScoreModels

Phase = Literal["ready", "greeting", "asking", "listening", "holding", "deciding", "closing", "paused", "ended"]
"""holding: the candidate asked to think; deciding: an answer has ended and the next words are being chosen."""

CallSpeaker = Literal["interviewer", "candidate"]
LedBy = Literal["us", "call"]
"""Whose interviewer leads: our own, or a vendor's in a call that the page sits in."""

# ---- wishes: page → server -------------------------------------------------


class Begin(Strict):
    """Starts, or resumes after a break. `listen`: microphone audio will come. `speak`: send the voice's audio."""

    type: Literal["interview.begin"]
    listen: bool
    speak: bool


class AnswerType(Strict):
    """A typed answer (whole, or a part of it added to what was said). Ends the answer when `done`."""

    type: Literal["answer.type"]
    text: Annotated[str, Field(min_length=1, max_length=MAX_ANSWER)]
    done: bool = True


class AnswerTyping(Strict):
    """The candidate is typing: holds the floor for some seconds."""

    type: Literal["answer.typing"]


class AnswerDone(Strict):
    type: Literal["answer.done"]


class ThinkingHold(Strict):
    type: Literal["thinking.hold"]


class QuestionRepeat(Strict):
    type: Literal["question.repeat"]


class QuestionSkip(Strict):
    type: Literal["question.skip"]


class Pause(Strict):
    type: Literal["interview.pause"]


class Resume(Strict):
    type: Literal["interview.resume"]


class End(Strict):
    """Ends the interview now; what was answered is scored."""

    type: Literal["interview.end"]


class MicrophoneSet(Strict):
    """`listen` false: muted or no microphone; audio frames stop and silence means nothing."""

    type: Literal["microphone.set"]
    listen: bool


class SpeechStarted(Strict):
    """The first sound of this utterance has left the page's speaker."""

    type: Literal["speech.started"]
    utterance_id: str


class SpeechFinished(Strict):
    """The utterance has been heard to its end (or its captions shown for their time)."""

    type: Literal["speech.finished"]
    utterance_id: str


class CallJoined(Strict):
    """The page sits in the interviewer's call: from now on what is said there leads."""

    type: Literal["call.joined"]


class CallSaid(Strict):
    """A finished line of the call, as the vendor's interviewer and recogniser have it; never a line in flux.

    `key`: the same for the same line, whenever and however often it is sent. `order`: the call's own numbering.
    `interrupted`: the interviewer was stopped before the end of `text`.
    """

    type: Literal["call.said"]
    key: Annotated[str, Field(min_length=1, max_length=120)]
    order: Annotated[int, Field(ge=0, le=2**53)]
    speaker: CallSpeaker
    text: Annotated[str, Field(min_length=1, max_length=MAX_ANSWER)]
    interrupted: bool = False


class CallSpeaking(Strict):
    """Someone in the call began, or stopped, to speak."""

    type: Literal["call.speaking"]
    speaker: CallSpeaker
    speaking: bool


class CallLost(Strict):
    """The call is over without the interview being over; our own interviewer goes on."""

    type: Literal["call.lost"]
    reason: Literal["left", "error", "refused", "network"]


class AvatarSwitch(Strict):
    """The candidate would rather go on with our own interviewer."""

    type: Literal["avatar.switch"]


class Ping(Strict):
    type: Literal["ping"]


Wish = Annotated[
    Begin
    | AnswerType
    | AnswerTyping
    | AnswerDone
    | ThinkingHold
    | QuestionRepeat
    | QuestionSkip
    | Pause
    | Resume
    | End
    | MicrophoneSet
    | SpeechStarted
    | SpeechFinished
    | CallJoined
    | CallSaid
    | CallSpeaking
    | CallLost
    | AvatarSwitch
    | Ping,
    Field(discriminator="type"),
]
WISH: TypeAdapter[Wish] = TypeAdapter(Wish)

# ---- facts: server → page --------------------------------------------------


class Durable(BaseModel):
    sequence: int


class PersonaModel(BaseModel):
    """Our own interviewer: their name, and the folder under `/avatar` that their face is drawn from."""

    name: str
    face: str


class Welcomed(BaseModel):
    """First message on every connection: where things stand. Durable facts after `?after` follow.

    `recording_take` is the number the page uses for its next MediaRecorder run.
    """

    type: Literal["interview.welcomed"] = "interview.welcomed"
    phase: Phase
    clock_ms: int
    question_id: str | None
    follow_up_id: str | None
    position: int
    planned: int
    begun: bool
    hears: bool
    speaks: bool
    recording_take: int
    persona: PersonaModel
    led_by: LedBy
    last_sequence: int


class ClockTold(BaseModel):
    """The interview clock's reading now: at begin, resume, pause and with each pong. It stands still while paused."""

    type: Literal["clock.told"] = "clock.told"
    clock_ms: int
    running: bool


class PhaseChanged(BaseModel):
    type: Literal["phase.changed"] = "phase.changed"
    phase: Phase
    question_id: str | None
    follow_up_id: str | None
    position: int
    """0-based index of the current question among the planned ones."""


class UtteranceAdded(Durable):
    """A line of the transcript, the interviewer's (as it starts to be spoken) or the candidate's (final)."""

    type: Literal["utterance.added"] = "utterance.added"
    utterance: UtteranceModel


class CaptionHeard(BaseModel):
    """Words still in flux. Replaces the earlier caption with the same line id; empty text takes it away.

    An utterance.added with the line id as its id ends it.
    """

    type: Literal["caption.heard"] = "caption.heard"
    line_id: str
    text: str


class SpeechCut(BaseModel):
    """Stop playing this utterance: the candidate has begun to speak, skipped, paused or ended."""

    type: Literal["speech.cut"] = "speech.cut"
    utterance_id: str


class SpeechMissing(BaseModel):
    """No audio will come for this utterance: let the browser's voice say it, or show captions, then speech.finished."""

    type: Literal["speech.missing"] = "speech.missing"
    utterance_id: str
    text: str


class AnswerEnded(Durable):
    """`silence_ms`: from the last speech sample to the decision; null when the candidate said so."""

    type: Literal["answer.ended"] = "answer.ended"
    response_id: str
    question_id: str
    follow_up_id: str | None
    ended_by: str
    silence_ms: int | None


class ResponseAssessed(Durable):
    type: Literal["response.assessed"] = "response.assessed"
    response_id: str
    question_id: str
    follow_up_id: str | None
    scores: ScoreModels


class InterviewEnded(Durable):
    type: Literal["interview.ended"] = "interview.ended"
    reason: Literal["complete", "ended_early"]


class CallSteered(BaseModel):
    """What the page is to send into the call.

    say: speak exactly `text`. interrupt: stop speaking. patience: how soon a pause counts as an end, `level`: low is
    the most patient. context: `text` is something the interviewer is to know. Unused fields are empty.
    """

    type: Literal["call.steered"] = "call.steered"
    action: Literal["say", "interrupt", "patience", "context"]
    text: str
    level: Literal["low", "medium", "high", ""]


class AvatarChanged(BaseModel):
    """Who leads from now on; `reason` is a line for the candidate, or empty."""

    type: Literal["avatar.changed"] = "avatar.changed"
    led_by: LedBy
    reason: str


class ProblemTold(BaseModel):
    """Something failed and the interview goes on another way.

    `code`: hearing_lost, voice_lost, no_sound, audio_dropped, not_understood, not_now, disk_full; at the door
    too_many_live, own_rooms_full and disk_full, where `retry_after_s` says when to try again.
    """

    type: Literal["problem.told"] = "problem.told"
    code: str
    message: str
    retry_after_s: int | None = None


class Pong(BaseModel):
    type: Literal["pong"] = "pong"
    clock_ms: int


Fact = Annotated[
    Welcomed
    | ClockTold
    | PhaseChanged
    | UtteranceAdded
    | CaptionHeard
    | SpeechCut
    | SpeechMissing
    | AnswerEnded
    | ResponseAssessed
    | InterviewEnded
    | CallSteered
    | AvatarChanged
    | ProblemTold
    | Pong,
    Field(discriminator="type"),
]
FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
DurableFact = UtteranceAdded | AnswerEnded | ResponseAssessed | InterviewEnded
DURABLE_FACT: TypeAdapter[DurableFact] = TypeAdapter(Annotated[DurableFact, Field(discriminator="type")])
"""As stored, and told again."""


class CueModel(BaseModel):
    """Mouth shape from `t` ms of the chunk on."""

    t: int
    v: str


class SpeechHeader(BaseModel):
    """One spoken chunk of an utterance; `index` from 0; `last` on the final one, which may be empty.

    Sound is sent as soon as it is made: chunks may come shortly before the utterance.added of their line.
    """

    utterance_id: str
    index: int
    last: bool
    text: str
    duration_ms: int
    cues: list[CueModel]
