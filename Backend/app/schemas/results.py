"""The results page on the wire.

Each text of ours, or list of them, has what it was rendered from beside it, as `…_message` or `…_messages`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from app.schemas.interview import InterviewStatus, QuestionForm, QuestionKind
from app.schemas.message import MessageModel
from app.schemas.recording import RecordingStatus
from app.schemas.score import ScoreModels, ScoreNumbers


class UtteranceModel(BaseModel):
    """`video_ms` is the moment in the assembled video, null where nothing was recorded."""

    id: str
    sequence: int
    speaker: Literal["interviewer", "candidate"]
    kind: str
    text: str
    start_ms: int
    end_ms: int
    video_ms: int | None
    source: Literal["voice", "typed"]
    question_id: str | None
    follow_up_id: str | None
    response_id: str | None


class Transcript(BaseModel):
    utterances: list[UtteranceModel]


class Measurement(BaseModel):
    name: str
    label: str
    label_message: MessageModel
    value: float
    unit: str
    unit_message: MessageModel


class AuthorModel(BaseModel):
    """Who did it. `instead_of`: the vendor the built-in stood in for, `because` of this failure; empty otherwise."""

    model: str
    instead_of: str
    because: str


class ResponseModel(BaseModel):
    id: str
    question_id: str
    follow_up_id: str | None
    follow_up_text: str | None
    attempt: int
    typed: bool
    skipped: bool
    text: str
    start_ms: int
    end_ms: int
    video_ms: int | None
    scores: ScoreModels
    measurements: list[Measurement]
    judged_by: AuthorModel | None
    """Null where nothing was judged."""


class QuestionResult(BaseModel):
    """One planned question with its answer, the answers to its follow-ups, and what to take from them."""

    id: str
    position: int
    kind: QuestionKind
    form: QuestionForm | None
    text: str
    why: str
    key_points: list[str]
    asked: bool
    video_ms: int | None
    scores: ScoreNumbers
    not_scored_reason: str
    not_scored_message: MessageModel | None
    responses: list[ResponseModel]
    went_well: list[str]
    went_well_messages: list[MessageModel]
    covered: list[str]
    covered_messages: list[MessageModel]
    missed: list[str]
    better_answer: str
    better_answer_messages: list[MessageModel]
    suggestions: list[str]
    suggestions_messages: list[MessageModel]


class OverallPart(BaseModel):
    """How the overall score is made: one line a question."""

    question_id: str
    label: str
    label_message: MessageModel
    value: int | None
    weight: float
    note: str
    note_message: MessageModel


class Overall(BaseModel):
    value: int | None
    reason: str
    reason_message: MessageModel | None
    scores: ScoreNumbers
    parts: list[OverallPart]
    explanation: str
    explanation_messages: list[MessageModel]


class VideoPart(BaseModel):
    """One video of the recording, with a poster, captions and chapters of its own.

    `start_ms` is where it begins in the whole.
    """

    url: str
    poster_url: str
    captions_url: str
    chapters_url: str
    mime_type: str
    has_video: bool
    start_ms: int
    duration_ms: int


class VideoModel(BaseModel):
    """status none: nothing was recorded; uploading, assembling: nearly there; ready: `parts` play, one by one."""

    status: RecordingStatus
    parts: list[VideoPart]
    duration_ms: int
    has_video: bool


class Results(BaseModel):
    """Everything the results page shows. While status is processing, `overall` is null.

    `vendor_names`: what people call a vendor that an author's `instead_of` names by its key.
    """

    interview_id: str
    role: str
    status: InterviewStatus
    failure: str
    started_at: datetime | None
    ended_at: datetime | None
    cut_short: bool
    planned_by: AuthorModel | None
    written_by: AuthorModel | None
    """Who wrote the summary, the suggestions and the better answers."""
    vendor_names: dict[str, str]
    overall: Overall | None
    summary: str
    summary_messages: list[MessageModel]
    strengths: list[str]
    strengths_messages: list[MessageModel]
    suggestions: list[str]
    suggestions_messages: list[MessageModel]
    questions: list[QuestionResult]
    transcript: list[UtteranceModel]
    video: VideoModel
