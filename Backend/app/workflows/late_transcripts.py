"""What a vendor's transcript changes after the end: the answers are scored anew, and the feedback follows them.

Apart from finishing, so that results never wait for a vendor.
"""

from __future__ import annotations

from sqlalchemy import select

from app.assessment.lifecycle import advancing
from app.assessment.score_kinds import all_not_scored
from app.capabilities import Capabilities
from app.conversation.call import transcripts
from app.domain.message import message
from app.domain.status import InterviewStatus, ResponseStatus
from app.models import AvatarSession, Feedback, Interview, Response
from app.workflows.completion import assess_answers, compose_feedback
from app.workflows.workflow import Workflow, WorkflowStep


async def look(capabilities: Capabilities, interview_id: str) -> None:
    await transcripts.look(capabilities, interview_id)


async def assess_again(capabilities: Capabilities, interview_id: str) -> None:
    if await _is_stale(capabilities, interview_id):
        await assess_answers(capabilities, interview_id)


async def renew_feedback(capabilities: Capabilities, interview_id: str) -> None:
    if await _is_stale(capabilities, interview_id):
        await compose_feedback(capabilities, interview_id, status=InterviewStatus.COMPLETED)


async def give_up(capabilities: Capabilities, interview_id: str, code: str) -> None:
    """Only for good: what failed once is tried again by the next sweep."""
    if code != "job_crashed":
        return
    await transcripts.give_up(capabilities, interview_id)
    none = all_not_scored(message("not_scored.late"))
    completed = select(Interview.id).where(Interview.id == interview_id, Interview.status == InterviewStatus.COMPLETED)
    async with capabilities.db.write() as session:
        await session.execute(
            advancing(ResponseStatus.ASSESSED, ResponseStatus.ENDED)
            .where(Response.interview_id.in_(completed))
            .values(scores=none)
            .execution_options(synchronize_session=False)
        )


async def _is_stale(capabilities: Capabilities, interview_id: str) -> bool:
    query = (
        select(Feedback.id)
        .join(AvatarSession, AvatarSession.interview_id == Feedback.interview_id)
        .join(Interview, Interview.id == Feedback.interview_id)
        .where(
            Feedback.interview_id == interview_id,
            Interview.status == InterviewStatus.COMPLETED,
            Feedback.created_at < AvatarSession.changed_at,
        )
    )
    async with capabilities.db.read() as session:
        return await session.scalar(query.limit(1)) is not None


CALL = Workflow(
    "call",
    (
        WorkflowStep("look", look, 45.0),
        WorkflowStep("assess_again", assess_again, 120.0),
        WorkflowStep("renew_feedback", renew_feedback, 60.0),
    ),
    transcripts.waiting,
    give_up,
)
