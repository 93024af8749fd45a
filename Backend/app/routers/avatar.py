"""Who leads the interview: a vendor's call where one is set up, or the interviewer our own page draws."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter

from app.conversation.call import avatar_sessions as avatar_sessions
from app.errors import ProviderError
from app.routers.body_limits import SignedInRoute
from app.routers.dependencies import CapabilitiesDep, CurrentAccess
from app.schemas.avatar import AvatarChoice, AvatarModel, AvatarProblem

router = APIRouter(prefix="/api/interviews/{interview_id}/avatar", tags=["avatar"], route_class=SignedInRoute)

BUSY = AvatarProblem(
    code="avatar_busy", message="All video interviewers are taken at the moment. A place may be free in a few minutes."
)
NO_CREDIT = AvatarProblem(
    code="avatar_no_credit", message="The video interviewer is not available: its minutes are used up for now."
)
UNAVAILABLE = AvatarProblem(code="avatar_unavailable", message="The video interviewer could not be reached just now.")


@router.post("")
async def begin(
    interview_id: str, wish: AvatarChoice, capabilities: CapabilitiesDep, access: CurrentAccess
) -> AvatarModel:
    """Starts the call, or returns the one that runs. A refusal is no error: the built-in interviewer is there."""
    if capabilities.avatar.kind == "built-in" or wish.choice == "built-in":
        async with capabilities.db.read() as session:
            await access.interview(session, interview_id, "change")
        await avatar_sessions.end(capabilities, interview_id, reason="switched to the built-in interviewer")
        return AvatarModel(kind="built-in", persona=capabilities.persona.face)
    try:
        call = await avatar_sessions.start(capabilities, access, interview_id)
    except ProviderError as error:
        return AvatarModel(kind="built-in", persona=capabilities.persona.face, problem=_problem(error))
    where = urlsplit(call.conversation_url)
    return AvatarModel(
        kind="embedded-call",
        persona=capabilities.persona.face,
        conversation_url=call.conversation_url,
        join_token=call.join_token or None,
        call_origin=f"{where.scheme}://{where.netloc}",
        vendor=capabilities.avatar.name,
    )


@router.post("/end", status_code=204)
async def leave(interview_id: str, capabilities: CapabilitiesDep, access: CurrentAccess) -> None:
    """The beacon of a page that goes away (it can send no body). The call ends unless the page comes back at once."""
    await avatar_sessions.left(capabilities.db, access, interview_id)


def _problem(error: ProviderError) -> AvatarProblem:
    if error.category == "busy":
        return BUSY
    return NO_CREDIT if error.category == "quota" else UNAVAILABLE
