"""What a vendor's interviewer is told of one interview, gathered from what is stored."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.capabilities import Capabilities
from app.conversation.call.instructions import instructions
from app.conversation.rules import phrases
from app.domain.status import ResponseStatus
from app.models import Interview, Profile, Question, Response, User
from app.services.avatar.base import AvatarBrief


async def brief_of(
    session: AsyncSession, capabilities: Capabilities, interview: Interview, name: str, token: str
) -> AvatarBrief:
    """`name`: the call's own; `token`: the secret of its callback address. What was answered is not asked again."""
    answered = select(Response.question_id).where(
        Response.interview_id == interview.id, Response.status != ResponseStatus.OPEN
    )
    questions = await session.scalars(
        select(Question.text)
        .where(Question.interview_id == interview.id, Question.dropped.is_(False), Question.id.not_in(answered))
        .order_by(Question.position)
    )
    left = tuple(questions)
    user = await session.get(User, interview.user_id)
    profile = await session.get(Profile, interview.profile_id) if interview.profile_id else None
    person = user.name if user else ""
    greeting = (
        phrases.welcome_back(person) if interview.started_at else phrases.greeting(person, interview.role, len(left))
    )
    return AvatarBrief(
        name=name,
        interview_id=interview.id,
        instructions=instructions(
            questions=left, candidate_name=person, role=interview.role, background=_background(profile)
        ),
        greeting=greeting,
        callback_url=_callback_url(capabilities, interview.id, token),
    )


def _background(profile: Profile | None) -> str:
    """What the interviewer may know of the person: their own headline, skills and a few claims. Data, not orders."""
    if profile is None:
        return ""
    lines = [profile.headline, ", ".join(profile.skills[:20])]
    lines += [claim.text[:300] for claim in profile.claims[:8]]
    return "\n".join(line for line in lines if line)


def _callback_url(capabilities: Capabilities, interview_id: str, token: str) -> str | None:
    """None where the vendor could not reach us: then its transcript is asked for."""
    public = capabilities.settings.public_url.rstrip("/")
    if not public.startswith("https://") or "//localhost" in public or "//127." in public:
        return None
    return f"{public}/api/webhooks/{capabilities.avatar.name}/{interview_id}/{token}"
