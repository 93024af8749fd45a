"""An event of a call, as its vendor sends it: checked, remembered once, and taken as a reason to look."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import func, select

from app.capabilities import Capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.conversation.call import transcripts
from app.errors import NotFound
from app.models import AvatarSession, VendorEvent

MAX_CALLS = 50
MAX_EVENTS = 500
"""Per interview; a call sends a handful."""
SAME = {"system.pal_joined": "system.replica_joined"}
"""Sent under both names."""


async def take(
    capabilities: Capabilities, *, interview_id: str, token: str, vendor_id: str, kind: str, sent_at: str
) -> None:
    """Raises NotFound unless the token is that of this very call's address."""
    given = avatar_sessions.hash_of(token)
    async with capabilities.db.write() as session:
        query = select(AvatarSession).where(
            AvatarSession.interview_id == interview_id, AvatarSession.provider == capabilities.avatar.name
        )
        calls = list(await session.scalars(query.order_by(AvatarSession.created_at.desc()).limit(MAX_CALLS)))
        # All are compared, each in constant time.
        known = [call for call in calls if hmac.compare_digest(call.callback_hash, given)]
        # A call whose creation is not answered yet has no id here; that it was joined is no news.
        if not known or known[0].vendor_id not in ("", vendor_id):
            raise NotFound("call_not_found", "There is no such call.")
        key = hashlib.sha256("\n".join((vendor_id, SAME.get(kind, kind), sent_at)).encode()).hexdigest()
        taken = await session.scalar(
            select(func.count()).select_from(VendorEvent).where(VendorEvent.interview_id == interview_id)
        )
        before = await session.scalar(
            select(VendorEvent.id).where(VendorEvent.provider == capabilities.avatar.name, VendorEvent.key == key)
        )
        if before is not None or (taken or 0) >= MAX_EVENTS:
            return
        session.add(VendorEvent(provider=capabilities.avatar.name, key=key, interview_id=interview_id, kind=kind))
        await transcripts.look_soon(session, known[0].id)
