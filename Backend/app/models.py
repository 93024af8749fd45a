"""Every table. Relations are not mapped: each query names what it loads and whose it is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar, Literal, TypeVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.domain import limits
from app.domain.author import Author
from app.domain.delivery import MeasuredDelivery
from app.domain.feedback import QuestionFeedback
from app.domain.json import JsonObject
from app.domain.message import Message
from app.domain.overall import OverallScore
from app.domain.profile import Claim, Position, ProfileWarning
from app.domain.question import InterviewKind, KeyPoint, QuestionForm, QuestionKind, Seniority
from app.domain.recording import Part, PlacedTake, TakeAsset
from app.domain.role import Role
from app.domain.score import Score, ScoreKind, Scores
from app.domain.status import AvatarSessionStatus, InterviewStatus, RecordingStatus, ResponseStatus
from app.domain.verdict import Verdict
from app.json_column import TypedJson
from app.schemas.live import DURABLE_FACT, DurableFact

T = TypeVar("T")
S = TypeVar("S", bound=StrEnum)
Speaker = Literal["interviewer", "candidate"]


def new_id() -> str:
    return str(uuid.uuid4())


def now() -> datetime:
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """Every time in our tables is UTC. SQLite forgets the zone, and PostgreSQL tells it in the session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime}


def _key() -> Mapped[str]:
    return mapped_column(String(36), primary_key=True, default=new_id)


def _owner(target: str) -> Mapped[str]:
    return mapped_column(String(36), ForeignKey(target, ondelete="CASCADE"), index=True)


def _json(holds: type[T], empty: T) -> Mapped[T]:
    return mapped_column(TypedJson(holds), default=lambda: empty)


def _json_or_none(holds: type[T]) -> Mapped[T | None]:
    """None is kept as `{}`."""
    return mapped_column(TypedJson(holds, or_none=True), nullable=False, default=lambda: None)


def _status(start: S, length: int, *, index: bool = False) -> Mapped[S]:
    """Written by the lifecycle module alone; the database refuses what the enum does not hold."""
    values = Enum(
        type(start),
        name="status",
        native_enum=False,
        create_constraint=True,
        length=length,
        values_callable=lambda kind: [one.value for one in kind],
    )
    return mapped_column(values, default=start, index=index)


class User(Base):
    __tablename__ = "users"
    id: Mapped[str] = _key()
    email: Mapped[str] = mapped_column(String(limits.MAX_EMAIL), unique=True)
    name: Mapped[str] = mapped_column(String(limits.MAX_NAME))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(String(16), default="candidate")
    external_subject: Mapped[str | None] = mapped_column(String(320), unique=True, default=None)
    """`issuer#subject` for a person someone else vouches for; such a row has no password of ours."""
    profile_summary: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class LoginSession(Base):
    """One signed-in device, whoever keeps the password. Only a hash of the refresh token is kept.

    `previous_hash` is of the token before, which a second tab may still show for a moment.
    """

    __tablename__ = "login_sessions"
    id: Mapped[str] = _key()
    user_id: Mapped[str] = _owner("users.id")
    refresh_hash: Mapped[str] = mapped_column(String(64), unique=True)
    previous_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    rotated_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_because: Mapped[str] = mapped_column(String(16), default="")
    """signed_out, used_twice or password_changed, as in accounts.login_sessions"""


class Profile(Base):
    """What one resume and its owner told us. A correction changes the row; a new resume makes a new one."""

    __tablename__ = "profiles"
    id: Mapped[str] = _key()
    user_id: Mapped[str] = _owner("users.id")
    source: Mapped[str] = mapped_column(String(8))
    """pdf, docx or text"""
    filename: Mapped[str] = mapped_column(String(255), default="")
    resume_text: Mapped[str] = mapped_column(Text)
    headline: Mapped[str] = mapped_column(String(limits.MAX_HEADLINE), default="")
    skills: Mapped[tuple[str, ...]] = _json(tuple[str, ...], ())
    experience: Mapped[tuple[Position, ...]] = _json(tuple[Position, ...], ())
    claims: Mapped[tuple[Claim, ...]] = _json(tuple[Claim, ...], ())
    years_of_experience: Mapped[float | None] = mapped_column(default=None)
    language: Mapped[str] = mapped_column(String(8), default="en")
    warnings: Mapped[tuple[ProfileWarning, ...]] = _json(tuple[ProfileWarning, ...], ())
    created_at: Mapped[datetime] = mapped_column(default=now)


class Interview(Base):
    """One mock interview.

    `clock_ms` is the interview clock's last known reading; it runs only while the live connection stands.
    `live_state` is the conversation's snapshot, from which it is resumed.
    """

    __tablename__ = "interviews"
    id: Mapped[str] = _key()
    user_id: Mapped[str] = _owner("users.id")
    profile_id: Mapped[str | None] = mapped_column(ForeignKey("profiles.id", ondelete="SET NULL"), default=None)
    role: Mapped[str] = mapped_column(String(limits.MAX_ROLE))
    seniority: Mapped[Seniority] = mapped_column(String(16))
    skills: Mapped[tuple[str, ...]] = _json(tuple[str, ...], ())
    job_description: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[InterviewKind] = mapped_column(String(16), default="mixed")
    length: Mapped[int] = mapped_column(default=5)
    """How many questions are planned."""
    status: Mapped[InterviewStatus] = _status(InterviewStatus.PREPARING, 16, index=True)
    failure: Mapped[str] = mapped_column(String(64), default="")
    mode: Mapped[str] = mapped_column(String(8), default="")
    """voice or text, once begun"""
    consented_at: Mapped[datetime | None] = mapped_column(default=None)
    clock_ms: Mapped[int] = mapped_column(default=0)
    live_state: Mapped[JsonObject] = _json(JsonObject, {})
    planned_by: Mapped[Author | None] = _json_or_none(Author)
    """Who wrote the questions."""
    overall_score: Mapped[int | None] = mapped_column(default=None)
    scores: Mapped[Mapping[ScoreKind, int | None]] = _json(dict[ScoreKind, int | None], {})
    """The number of each kind of score, null where it could not be given; empty before there are any."""
    recording_url: Mapped[str] = mapped_column(String(255), default="")
    transcript_url: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_at: Mapped[datetime | None] = mapped_column(default=None)

    __table_args__ = (Index("ix_interviews_user_created", "user_id", "created_at"),)


class Question(Base):
    """`position` from 0; a dropped question keeps its row with `dropped` set and no place in the order."""

    __tablename__ = "questions"
    id: Mapped[str] = _key()
    interview_id: Mapped[str] = _owner("interviews.id")
    position: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(String(16))
    form: Mapped[QuestionForm | None] = mapped_column(String(16), default=None)
    topic: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    grounding: Mapped[str] = mapped_column(Text)
    key_points: Mapped[tuple[KeyPoint, ...]] = _json(tuple[KeyPoint, ...], ())
    dropped: Mapped[bool] = mapped_column(default=False)


class SavedQuestion(Base):
    """A question that somebody wrote, or starred to be asked again."""

    __tablename__ = "saved_questions"
    id: Mapped[str] = _key()
    user_id: Mapped[str] = _owner("users.id")
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class FollowUp(Base):
    __tablename__ = "follow_ups"
    id: Mapped[str] = _key()
    question_id: Mapped[str] = _owner("questions.id")
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    missing_point: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class Response(Base):
    """The whole answer to one Question, or to one FollowUp of it."""

    __tablename__ = "responses"
    id: Mapped[str] = _key()
    interview_id: Mapped[str] = _owner("interviews.id")
    question_id: Mapped[str] = _owner("questions.id")
    follow_up_id: Mapped[str | None] = mapped_column(ForeignKey("follow_ups.id", ondelete="CASCADE"), default=None)
    attempt: Mapped[int] = mapped_column(default=1)
    typed: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[bool] = mapped_column(default=False)
    ended_by: Mapped[str] = mapped_column(String(24), default="")
    asked_at_ms: Mapped[int] = mapped_column(default=0)
    """When the question had been asked to its end, on the interview clock."""
    start_ms: Mapped[int] = mapped_column(default=0)
    end_ms: Mapped[int] = mapped_column(default=0)
    voice_spans: Mapped[tuple[tuple[int, int], ...]] = _json(tuple[tuple[int, int], ...], ())
    """(start_ms, end_ms) on the interview clock."""
    holds: Mapped[tuple[tuple[int, int], ...]] = _json(tuple[tuple[int, int], ...], ())
    """(start_ms, end_ms) of "let me think"."""
    status: Mapped[ResponseStatus] = _status(ResponseStatus.OPEN, 12)
    scores: Mapped[Scores] = _json(dict[ScoreKind, Score], {})
    """Empty until assessed."""
    verdict: Mapped[Verdict | None] = _json_or_none(Verdict)
    judged_by: Mapped[Author | None] = _json_or_none(Author)
    """None where nothing was judged."""
    delivery: Mapped[MeasuredDelivery | None] = _json_or_none(MeasuredDelivery)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("question_id", "follow_up_id", "attempt", name="uq_responses_place"),)


class Utterance(Base):
    """`sequence` orders the transcript of an interview."""

    __tablename__ = "utterances"
    id: Mapped[str] = _key()
    interview_id: Mapped[str] = _owner("interviews.id")
    sequence: Mapped[int]
    speaker: Mapped[Speaker] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(16), default="answer")
    """greeting, question, follow_up, nudge, repeat, closing, remark; answer for the candidate's"""
    text: Mapped[str] = mapped_column(Text)
    start_ms: Mapped[int]
    end_ms: Mapped[int]
    source: Mapped[Literal["voice", "typed"]] = mapped_column(String(8), default="voice")
    question_id: Mapped[str | None] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), default=None)
    follow_up_id: Mapped[str | None] = mapped_column(ForeignKey("follow_ups.id", ondelete="CASCADE"), default=None)
    response_id: Mapped[str | None] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), default=None)

    __table_args__ = (UniqueConstraint("interview_id", "sequence", name="uq_utterances_sequence"),)


class Feedback(Base):
    __tablename__ = "feedbacks"
    id: Mapped[str] = _key()
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), unique=True)
    summary: Mapped[tuple[Message, ...]] = _json(tuple[Message, ...], ())
    """Sentence by sentence."""
    strengths: Mapped[tuple[Message, ...]] = _json(tuple[Message, ...], ())
    suggestions: Mapped[tuple[Message, ...]] = _json(tuple[Message, ...], ())
    overall: Mapped[OverallScore | None] = _json_or_none(OverallScore)
    questions: Mapped[tuple[QuestionFeedback, ...]] = _json(tuple[QuestionFeedback, ...], ())
    written_by: Mapped[Author | None] = _json_or_none(Author)
    """None where there was nothing to write about."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class Recording(Base):
    __tablename__ = "recordings"
    id: Mapped[str] = _key()
    interview_id: Mapped[str] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"), unique=True)
    status: Mapped[RecordingStatus] = _status(RecordingStatus.RECORDING, 12)
    failure: Mapped[str] = mapped_column(String(64), default="")
    storage_key: Mapped[str] = mapped_column(String(255), default="")
    mime_type: Mapped[str] = mapped_column(String(64), default="")
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    duration_ms: Mapped[int] = mapped_column(default=0)
    has_video: Mapped[bool] = mapped_column(default=True)
    takes: Mapped[tuple[PlacedTake, ...]] = _json(tuple[PlacedTake, ...], ())
    parts: Mapped[tuple[Part, ...]] = _json(tuple[Part, ...], ())
    """The videos that are played one after the other; the first one's key is `storage_key`."""
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    """Of the pieces that are kept."""
    failures: Mapped[int] = mapped_column(default=0)
    """Of putting it together, since it last went well."""
    retry_at: Mapped[datetime | None] = mapped_column(default=None)
    """When a failed one is tried again by itself; None: at once."""
    proof: Mapped[str] = mapped_column(String(8), default="")
    """whole: every piece is proven to be in the stored video, and they go; lacking: something is not, and they stay."""
    created_at: Mapped[datetime] = mapped_column(default=now)


class RecordingTake(Base):
    __tablename__ = "recording_takes"
    id: Mapped[str] = _key()
    recording_id: Mapped[str] = _owner("recordings.id")
    number: Mapped[int]
    mime_type: Mapped[str] = mapped_column(String(64))
    clock_start_ms: Mapped[int]
    expected_pieces: Mapped[int | None] = mapped_column(default=None)
    """Known once the browser says that the take is over."""
    storage: Mapped[str] = mapped_column(String(16), default="local")
    """Where its bytes go: local (in pieces, to us) or the name of a vendor (straight from the page)."""
    asset: Mapped[TakeAsset] = _json(TakeAsset, {})

    __table_args__ = (UniqueConstraint("recording_id", "number", name="uq_recording_takes_number"),)


class RecordingPiece(Base):
    __tablename__ = "recording_pieces"
    id: Mapped[str] = _key()
    take_id: Mapped[str] = _owner("recording_takes.id")
    number: Mapped[int]
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime | None] = mapped_column(default=now)
    """None for one that came before this was noted."""

    __table_args__ = (UniqueConstraint("take_id", "number", name="uq_recording_pieces_number"),)


class AssetRemoval(Base):
    """A video that has to go from a vendor. Kept until it is gone, whatever has become of its owner.

    Until `repeat_until` a page may still hold leave to upload it, so that it could come back after it was removed.
    """

    __tablename__ = "asset_removals"
    id: Mapped[str] = _key()
    provider: Mapped[str] = mapped_column(String(16))
    asset: Mapped[str] = mapped_column(String(255), unique=True)
    repeat_until: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)


class LiveEvent(Base):
    """The facts of a live interview in order, replayed to a page that comes back."""

    __tablename__ = "live_events"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    interview_id: Mapped[str] = _owner("interviews.id")
    sequence: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    data: Mapped[DurableFact] = mapped_column(TypedJson(DURABLE_FACT))
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("interview_id", "sequence", name="uq_live_events_sequence"),)


class AccessRecord(Base):
    """What an admin opened. Kept when either side's account is deleted."""

    __tablename__ = "access_records"
    id: Mapped[str] = _key()
    admin_id: Mapped[str] = mapped_column(String(36), index=True)
    action: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(36), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)


class AvatarSession(Base):
    """The vendor's side of a live interview. Billing may run from creation, so a row exists before the vendor is asked.

    `name` is what the vendor knows it by, unique to this row: an attempt whose answer was lost is `ending` without a
    `vendor_id`, and is looked up by its name until it is found and ended, or could not have been made.
    """

    __tablename__ = "avatar_sessions"
    id: Mapped[str] = _key()
    interview_id: Mapped[str] = _owner("interviews.id")
    provider: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80), unique=True)
    vendor_id: Mapped[str] = mapped_column(String(80), default="", index=True)
    conversation_url: Mapped[str] = mapped_column(String(500), default="")
    join_token: Mapped[str] = mapped_column(Text, default="")
    callback_hash: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the token in the callback address; the token itself is not kept."""
    status: Mapped[AvatarSessionStatus] = _status(AvatarSessionStatus.STARTING, 12, index=True)
    failure: Mapped[str] = mapped_column(String(64), default="")
    ended_reason: Mapped[str] = mapped_column(String(120), default="")
    clock_start_ms: Mapped[int] = mapped_column(default=0)
    """Where on the interview clock the call began."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    """When the page was last known to be in the call; the reaper ends what nobody sits in."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    join_until: Mapped[datetime | None] = mapped_column(default=None)
    """Until when `join_token` opens the call."""
    looks: Mapped[int] = mapped_column(default=0)
    look_at: Mapped[datetime | None] = mapped_column(default=None)
    """When to ask for the vendor's transcript next; None: not now, or not any more."""
    transcript_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the vendor's own transcript was merged in."""
    changed_at: Mapped[datetime | None] = mapped_column(default=None)
    """When that changed an answer: feedback older than this is written anew."""


class VendorEvent(Base):
    """A webhook that was taken, so that a second delivery of it is recognised."""

    __tablename__ = "vendor_events"
    id: Mapped[str] = _key()
    provider: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(200))
    interview_id: Mapped[str] = _owner("interviews.id")
    kind: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("provider", "key", name="uq_vendor_events_key"),)


class ModelCall(Base):
    """One call of a paid language model: what it was for and what it used, never what was said.

    Kept when the account is deleted: it is what was spent. `cost_micros` is an estimate in millionths of a US dollar,
    null where no price is known.
    """

    __tablename__ = "model_calls"
    id: Mapped[str] = _key()
    user_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    interview_id: Mapped[str] = mapped_column(String(36), default="", index=True)
    provider: Mapped[str] = mapped_column(String(24))
    model: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(24))
    outcome: Mapped[str] = mapped_column(String(24), default="ok")
    """ok, or the category of the failure"""
    input_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    """Thinking included: it is billed as output."""
    cost_micros: Mapped[int | None] = mapped_column(BigInteger, default=None)
    duration_ms: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
