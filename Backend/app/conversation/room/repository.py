"""What a live interview keeps: script and snapshot read, effects written, each step in one short transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.assessment.lifecycle import advancing as response_advancing
from app.conversation.room.event_log import last_sequence, store_facts
from app.conversation.rules import state as states
from app.conversation.rules.effects import (
    EndAnswer,
    ExtendAnswer,
    OpenAnswer,
    ReopenAnswer,
    StoreBegun,
    Stored,
    StoreEnded,
    StoreFollowUp,
    StoreUtterance,
    TimeUtterance,
)
from app.conversation.rules.rules import begin_state
from app.conversation.rules.state import Answer, Script, ScriptQuestion, State
from app.db import Database
from app.domain.profile import Claim
from app.domain.status import FINISHED, InterviewStatus, ResponseStatus
from app.errors import NotFound, Unavailable
from app.interviews.lifecycle import advancing
from app.models import FollowUp, Interview, Profile, Question, Recording, RecordingTake, Response, User, Utterance, now
from app.schemas.live import AnswerEnded, DurableFact, Fact, InterviewEnded, UtteranceAdded
from app.schemas.results import UtteranceModel

log = logging.getLogger(__name__)

CLOCK_SAVED_EVERY_MS = 5_000
TRIES = 6
"""A step of a conversation that is not stored closes its room, so it stands in line again where a request gives up."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An interview as a connection finds it. `questions` rows by id; `claims` of the profile."""

    state: State
    user_id: str
    status: InterviewStatus
    questions: dict[str, Question]
    claims: tuple[Claim, ...]
    skills: tuple[str, ...]
    last_sequence: int
    recording_take: int


async def load(db: Database, interview_id: str) -> Loaded:
    """Whoever asks has been let in already. Raises NotFound: no such interview, or one without questions."""
    async with db.read() as session:
        interview = await session.get(Interview, interview_id)
        if interview is None:
            raise NotFound("interview_not_found", "There is no such interview.")
        user = await session.get(User, interview.user_id)
        profile = await session.get(Profile, interview.profile_id) if interview.profile_id else None
        questions = (
            await session.scalars(
                select(Question)
                .where(Question.interview_id == interview_id, Question.dropped.is_(False))
                .order_by(Question.position)
            )
        ).all()
        sequence = await last_sequence(session, interview_id)
        latest_take = await session.scalar(
            select(func.max(RecordingTake.number))
            .join(Recording, Recording.id == RecordingTake.recording_id)
            .where(Recording.interview_id == interview_id)
        )
    if not questions:
        raise NotFound("interview_not_ready", "This interview has no questions yet.")
    script = Script(
        interview_id=interview_id,
        candidate_name=user.name if user else "",
        role=interview.role,
        questions=tuple(ScriptQuestion(row.id, row.text) for row in questions),
    )
    state = _stored_state(interview, script)
    if interview.status in FINISHED and state.phase != "ended":
        # Finished past the conversation, which then has nothing more to say.
        state = replace(state, phase="ended", end_reason="ended_early", answer=None)
    return Loaded(
        state=state,
        user_id=interview.user_id,
        status=interview.status,
        questions={row.id: row for row in questions},
        claims=profile.claims if profile else (),
        skills=(*interview.skills, *(profile.skills if profile else ())),
        last_sequence=sequence,
        recording_take=0 if latest_take is None else latest_take + 1,
    )


def _stored_state(interview: Interview, script: Script) -> State:
    if not interview.live_state:
        return begin_state(script)
    try:
        state = states.from_json(interview.live_state)
    except ValidationError:
        # Written by another version: what was said stands in the tables, the conversation starts anew. Its ids are
        # counted from far above the old ones, which they must not meet.
        return replace(begin_state(script), counter=1_000_000)
    # The clock is saved now and then; what was killed in between had gone on up to one interval longer, and an
    # interview clock that steps back would put two moments of a recording on one.
    clock_ms = interview.clock_ms + (CLOCK_SAVED_EVERY_MS if state.live else 0)
    return states.resumed(state, clock_ms=clock_ms)


async def save_clock(db: Database, interview_id: str, clock_ms: int) -> None:
    async with db.write() as session:
        await session.execute(update(Interview).where(Interview.id == interview_id).values(clock_ms=clock_ms))


async def write(db: Database, state: State, clock_ms: int, effects: Sequence[Stored]) -> list[Fact]:
    """Everything of one step, with the snapshot after it, or nothing. Returns the facts to send, numbered.

    Raises NotFound when the interview has been deleted meanwhile, Unavailable when the database stays busy for long.
    """
    for _ in range(TRIES - 1):
        try:
            return await _write(db, state, clock_ms, effects)
        except Unavailable:
            log.warning("a live interview stands in line for the database again")
    return await _write(db, state, clock_ms, effects)


async def _write(db: Database, state: State, clock_ms: int, effects: Sequence[Stored]) -> list[Fact]:
    interview_id = state.script.interview_id
    facts: list[DurableFact] = []
    async with db.write() as session:
        snapshot = update(Interview).where(Interview.id == interview_id)
        changed = await session.execute(snapshot.values(live_state=states.to_json(state), clock_ms=clock_ms))
        if not getattr(changed, "rowcount", 0):
            raise NotFound("interview_not_found", "This interview has been deleted.")
        for effect in effects:
            fact = await _write_one(session, interview_id, effect)
            if fact is not None:
                facts.append(fact)
        return await store_facts(session, interview_id, facts)


async def _write_one(session: AsyncSession, interview_id: str, effect: Stored) -> DurableFact | None:
    match effect:
        case StoreBegun(mode):
            await session.execute(
                advancing(InterviewStatus.IN_PROGRESS)
                .where(Interview.id == interview_id)
                .values(mode=mode, started_at=func.coalesce(Interview.started_at, now()))
            )
        case StoreUtterance():
            return await _add_utterance(session, interview_id, effect)
        case TimeUtterance(id, start_ms, end_ms):
            await session.execute(update(Utterance).where(Utterance.id == id).values(start_ms=start_ms, end_ms=end_ms))
        case StoreFollowUp(question_id, follow_up):
            if await session.get(FollowUp, follow_up.id) is None:
                session.add(
                    FollowUp(
                        id=follow_up.id,
                        question_id=question_id,
                        text=follow_up.text,
                        reason=follow_up.reason,
                        missing_point=follow_up.missing_point,
                    )
                )
                await session.flush()
        case OpenAnswer(answer):
            await _put_response(session, interview_id, answer, ResponseStatus.OPEN)
        case ReopenAnswer(response_id):
            await session.execute(response_advancing(ResponseStatus.OPEN).where(Response.id == response_id))
        case EndAnswer(answer):
            await _put_response(session, interview_id, answer, ResponseStatus.ENDED)
            return AnswerEnded(
                sequence=0,
                response_id=answer.response_id,
                question_id=answer.place.question_id,
                follow_up_id=answer.place.follow_up_id,
                ended_by=answer.ended_by,
                silence_ms=answer.silence_ms,
            )
        case ExtendAnswer(answer):
            await _put_response(session, interview_id, answer, ResponseStatus.ENDED)
        case StoreEnded(reason):
            await session.execute(
                advancing(InterviewStatus.PROCESSING, InterviewStatus.IN_PROGRESS, InterviewStatus.ABANDONED)
                .where(Interview.id == interview_id)
                .values(ended_at=now())
            )
            return InterviewEnded(sequence=0, reason=reason)
    return None


async def _add_utterance(session: AsyncSession, interview_id: str, line: StoreUtterance) -> UtteranceAdded | None:
    if await session.scalar(select(Utterance.id).where(Utterance.id == line.id)):
        return None
    query = select(func.max(Utterance.sequence)).where(Utterance.interview_id == interview_id)
    sequence = (await session.scalar(query) or 0) + 1
    told = UtteranceModel(
        id=line.id,
        sequence=sequence,
        speaker=line.speaker,
        kind=line.kind,
        text=line.text,
        start_ms=line.start_ms,
        end_ms=line.end_ms,
        video_ms=None,
        source=line.source,
        question_id=line.question_id,
        follow_up_id=line.follow_up_id,
        response_id=line.response_id,
    )
    values = told.model_dump(exclude={"video_ms"})
    await session.execute(insert(Utterance).values(interview_id=interview_id, **values))
    return UtteranceAdded(sequence=0, utterance=told)


async def _put_response(session: AsyncSession, interview_id: str, answer: Answer, to: ResponseStatus) -> None:
    first = min((line.start_ms for line in answer.said), default=answer.asked_ms or answer.opened_ms)
    values: dict[str, object] = {
        "typed": answer.typed,
        "skipped": answer.ended_by == "skipped",
        "ended_by": answer.ended_by,
        "asked_at_ms": answer.asked_ms if answer.asked_ms is not None else answer.opened_ms,
        "start_ms": first,
        "end_ms": max(first, answer.end_ms, *(line.end_ms for line in answer.said)) if answer.said else answer.end_ms,
        "voice_spans": answer.spans,
        "holds": answer.holds,
    }
    moved = response_advancing(to).where(Response.id == answer.response_id).values(**values)
    if not getattr(await session.execute(moved), "rowcount", 0):
        await session.execute(
            insert(Response).values(
                id=answer.response_id,
                interview_id=interview_id,
                question_id=answer.place.question_id,
                follow_up_id=answer.place.follow_up_id,
                scores={},
            )
        )
        await session.execute(moved)
