"""Word from vendors. Nobody is signed in here: the address itself is the secret, and what is said is not believed.

A call's vendor signs nothing, so an event does no more than have the vendor itself asked soon.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field, ValidationError

from app.conversation.call import webhook_events
from app.errors import InvalidInput, TooLarge
from app.routers.body_limits import BodyLimit
from app.routers.dependencies import CapabilitiesDep

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])
# One event brings the transcript of the whole call.
BODY_LIMIT = BodyLimit(
    "POST",
    "/api/webhooks/tavus/{interview_id}/{token}",
    1024 * 1024,
    TooLarge("event_too_large", "An event may hold 1 MB."),
)


class CallEvent(BaseModel):
    """What is read of a vendor's event; all else of it is left unread."""

    conversation_id: str = Field(min_length=1, max_length=80)
    event_type: str = Field(min_length=1, max_length=80)
    timestamp: str = Field(default="", max_length=60)


@router.post("/tavus/{interview_id}/{token}", status_code=204)
async def call_event(
    interview_id: Annotated[str, Path(max_length=36)],
    token: Annotated[str, Path(max_length=100)],
    request: Request,
    capabilities: CapabilitiesDep,
) -> None:
    """Answered at once; the same event again does nothing again."""
    try:
        told = CallEvent.model_validate_json(await request.body())
    except ValidationError as error:
        raise InvalidInput("not_understood", "This is not an event of a call.") from error
    await webhook_events.take(
        capabilities,
        interview_id=interview_id,
        token=token,
        vendor_id=told.conversation_id,
        kind=told.event_type,
        sent_at=told.timestamp,
    )
