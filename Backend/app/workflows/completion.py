"""Finishes an interview: what was left unassessed is assessed, feedback is written, the video is put together.

Two jobs: a broken recording never holds up the feedback, nor the other way round.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from app.assessment import repository
from app.capabilities import Capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.conversation.call import transcripts
from app.db import hold
from app.domain.author import Author
from app.domain.feedback import FeedbackDraft
from app.domain.message import message
from app.domain.status import InterviewStatus, RecordingStatus, ResponseStatus
from app.interviews.lifecycle import advancing
from app.models import Feedback, Interview, Question, Response, now
from app.recordings import direct_uploads, video
from app.services.language_model.meter import attributed
from app.workflows.response_score import judgements_at_once, score_response
from app.workflows.workflow import Workflow, WorkflowStep

LATE_PIECES_WAIT_S = 1.5
"""The page sends its last piece in the moment the interview ends; later ones make the video again when they come."""
LOOK_S = 0.25
LONGEST_WAIT_S = 20.0
"""So long a job waits for a slow line; then it ends, and the next piece or the sweep starts another."""
ASSEMBLIES = 5
ONE_LOOK_S = 3.0
CALL_TRANSCRIPT_WAIT_S = 3.0
"""A vendor's transcript usually comes within a second of the end; a later one corrects the results when it comes."""


async def end_avatar(capabilities: Capabilities, interview_id: str) -> None:
    await avatar_sessions.end(capabilities, interview_id, reason="the interview ended")


async def hear_call(
    capabilities: Capabilities, interview_id: str, *, patience_s: float = CALL_TRANSCRIPT_WAIT_S
) -> None:
    """Saves scoring twice where the transcript is quick. A vendor that says nothing holds up no results."""
    deadline = asyncio.get_running_loop().time() + patience_s
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience_s + ONE_LOOK_S):
            while asyncio.get_running_loop().time() < deadline:
                if not await transcripts.look(capabilities, interview_id):
                    return
                await asyncio.sleep(0.3)


async def assess_answers(capabilities: Capabilities, interview_id: str) -> None:
    """What the live interview left undone. Each in a transaction of its own: a crash costs the work on one at most."""
    async with capabilities.db.read() as session:
        query = select(Response.id).where(
            Response.interview_id == interview_id, Response.status != ResponseStatus.ASSESSED
        )
        left = (await session.scalars(query.order_by(Response.created_at))).all()
    at_once = asyncio.Semaphore(judgements_at_once(capabilities.settings))

    async def score(response_id: str) -> None:
        async with at_once:
            await score_response(capabilities.db, capabilities.language_model, response_id)

    # All are waited for before one failure counts, so that none goes on behind the back of the next try.
    for outcome in await asyncio.gather(*map(score, left), return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


async def write_feedback(capabilities: Capabilities, interview_id: str) -> None:
    await compose_feedback(capabilities, interview_id, status=InterviewStatus.PROCESSING)


async def compose_feedback(capabilities: Capabilities, interview_id: str, *, status: InterviewStatus) -> None:
    """Does nothing for an interview that is not in this `status`. A completed one gets its new scores with it."""
    async with capabilities.db.read() as session:
        interview = await session.get(Interview, interview_id)
        if interview is None or interview.status != status:
            return
        claims = await repository.claims_for(session, interview)
        answers = await repository.answers_of(session, interview_id)
        planned = await session.scalar(
            select(func.count())
            .select_from(Question)
            .where(Question.interview_id == interview_id, Question.dropped.is_(False))
        )
    result = repository.overall_of(answers, planned or 0)
    facts = repository.facts_of(answers, result, claims)
    author = None
    if facts:
        with attributed(user_id=interview.user_id, interview_id=interview_id):
            draft = await capabilities.language_model.write_feedback(interview.role, facts)
        author = draft.author or Author(capabilities.language_model.name)
    else:
        draft = _nothing_answered()
    async with capabilities.db.write() as session:
        if not await hold(session, Interview.id, interview_id):
            return
        # Written anew, never beside an earlier one: the same job may come here twice.
        await session.execute(delete(Feedback).where(Feedback.interview_id == interview_id))
        session.add(
            Feedback(
                interview_id=interview_id,
                summary=draft.summary,
                strengths=draft.strengths,
                suggestions=draft.suggestions,
                overall=result,
                questions=draft.questions,
                written_by=author,
            )
        )
        if status == InterviewStatus.COMPLETED:
            await session.execute(
                update(Interview)
                .where(Interview.id == interview_id)
                .values(overall_score=result.value, scores=result.scores)
            )


async def complete(capabilities: Capabilities, interview_id: str) -> None:
    async with capabilities.db.write() as session:
        feedback = await session.scalar(select(Feedback).where(Feedback.interview_id == interview_id))
        if feedback is None or feedback.overall is None:
            return
        moment = now()
        await session.execute(
            advancing(InterviewStatus.COMPLETED)
            .where(Interview.id == interview_id)
            .values(
                failure="",
                overall_score=feedback.overall.value,
                scores=feedback.overall.scores,
                transcript_url=f"/api/interviews/{interview_id}/transcript",
                completed_at=moment,
                ended_at=func.coalesce(Interview.ended_at, moment),
            )
        )


def _nothing_answered() -> FeedbackDraft:
    return FeedbackDraft(
        summary=(message("summary.ended_early"),),
        strengths=(),
        suggestions=(),
        questions=(),
    )


async def await_pieces(capabilities: Capabilities, interview_id: str) -> None:
    """Gives the page a moment to send what it still holds, and a slow line a while."""
    begun = asyncio.get_running_loop().time()
    while (waited := asyncio.get_running_loop().time() - begun) < LONGEST_WAIT_S:
        state = await video.state_of(capabilities.db, interview_id)
        if state is None or state.complete or state.status == RecordingStatus.READY:
            return
        if waited >= LATE_PIECES_WAIT_S and await video.is_due(capabilities.db, interview_id):
            return
        await asyncio.sleep(LOOK_S)


async def await_renditions(capabilities: Capabilities, interview_id: str) -> None:
    await direct_uploads.settle(capabilities, interview_id)


async def assemble(capabilities: Capabilities, interview_id: str) -> None:
    for _ in range(ASSEMBLIES):
        # Where pieces are missing or still coming the recording stays as it is, and the sweep starts the next job.
        if not await video.is_due(capabilities.db, interview_id):
            return
        if await video.assemble(capabilities.db, capabilities.video_storage, interview_id):
            return


async def waiting_to_finish(capabilities: Capabilities, limit: int) -> Sequence[str]:
    async with capabilities.db.read() as session:
        query = (
            select(Interview.id)
            .where(Interview.status == InterviewStatus.PROCESSING)
            .order_by(Interview.ended_at)
            .limit(limit)
        )
        return (await session.scalars(query)).all()


async def give_up_finishing(capabilities: Capabilities, interview_id: str, code: str) -> None:
    async with capabilities.db.write() as session:
        await session.execute(
            advancing(InterviewStatus.FAILED, InterviewStatus.PROCESSING)
            .where(Interview.id == interview_id)
            .values(failure=code)
        )


async def waiting_for_video(capabilities: Capabilities, limit: int) -> Sequence[str]:
    return await video.interviews_to_assemble(capabilities.db, limit)


async def give_up_video(capabilities: Capabilities, interview_id: str, code: str) -> None:
    await video.mark_failed(capabilities.db, interview_id, code)


FINISH = Workflow(
    "finish",
    (
        WorkflowStep("end_avatar", end_avatar, 45.0),
        WorkflowStep("hear_call", hear_call, 45.0),
        WorkflowStep("assess_answers", assess_answers, 120.0),
        WorkflowStep("write_feedback", write_feedback, 60.0),
        WorkflowStep("complete", complete, 15.0),
    ),
    waiting_to_finish,
    give_up_finishing,
)
ASSEMBLE = Workflow(
    "assemble",
    (
        WorkflowStep("await_pieces", await_pieces, 45.0),
        WorkflowStep("await_renditions", await_renditions, 600.0),
        WorkflowStep("assemble", assemble, 600.0),
    ),
    waiting_for_video,
    give_up_video,
    tireless=True,
)
