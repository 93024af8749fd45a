"""The vendor's side of live interviews: started once, seen, ended for certain, and forgotten when the person asks.

A vendor bills from creation and knows no idempotency key. So a row with a name of its own exists before the vendor is
asked; an attempt whose answer was lost is looked up by that name before another is made, and what should end stays
`ending` until the vendor has said so. No transaction is open while a vendor is asked.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from datetime import timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.capabilities import Capabilities
from app.conversation.call.brief import brief_of
from app.conversation.call.lifecycle import advance, advancing
from app.db import Database
from app.domain.status import HOLDABLE, AvatarSessionStatus
from app.errors import Conflict, ProviderError
from app.models import AvatarSession, Interview, new_id, now
from app.services.avatar.base import AvatarBrief
from app.services.avatar.base import AvatarConnection as Call

log = logging.getLogger(__name__)

UNSEEN = timedelta(minutes=2)
RELOAD = timedelta(seconds=20)
"""A page that reloads says goodbye like one that closes; so long it has to come back to the same call."""
STARTING = timedelta(seconds=60)
"""Longer than any start can take; a row that is still `starting` then belongs to a process that died."""
MAY_APPEAR = timedelta(minutes=10)
"""So long a create whose answer was lost is looked for before it counts as never made."""
WAIT_FOR_OTHER_S = 25.0
LOOK_S = 8.0
"""So long somebody who waits for a call waits for a look at what a lost answer left at the vendor; `reap` looks on."""
TOKEN_MARGIN = timedelta(seconds=30)
TELL_S = 8.0
"""So long whatever ends a call waits until the vendor knows; the wish is kept, and `reap` tells it again."""
REAPED_AT_ONCE = 20
REAP_TIMEOUT_S = 30.0
OPEN = (AvatarSessionStatus.STARTING, AvatarSessionStatus.ACTIVE, AvatarSessionStatus.ENDING)
"""Something may run at the vendor's."""
LEFT_OPEN = frozenset({"timeout", "unreachable", "crashed", "invalid_response"})
"""Failures of a start after which a session may exist all the same."""


async def start(capabilities: Capabilities, access: Access, interview_id: str) -> AvatarSession:
    """The call of this interview: the one that runs, or a new one.

    Raises NotFound, Conflict (the interview is not one to be held) and ProviderError.
    """
    deadline = asyncio.get_running_loop().time() + WAIT_FOR_OTHER_S
    problem = ProviderError(capabilities.avatar.name, "timeout", retryable=True)
    for _ in range(2):
        await _find_lost(capabilities, access, interview_id)
        row, brief = await _claim(capabilities, access, interview_id)
        while row.status == AvatarSessionStatus.STARTING and brief is None:
            # Another tab, or a second click, is starting it: one call serves both.
            if asyncio.get_running_loop().time() > deadline:
                raise problem
            await asyncio.sleep(0.2)
            row, brief = await _claim(capabilities, access, interview_id)
        if brief is not None:
            try:
                return await _start_new(capabilities, row, brief)
            except _OrphanEnded as lost:
                problem = lost.error
        elif await _still_open(capabilities, row):
            return row
        else:
            await _end(capabilities, [row.id], "over")
    raise problem


async def end(capabilities: Capabilities, interview_id: str, *, reason: str = "ended") -> None:
    """Ends whatever runs for this interview, which the caller may reach. Idempotent, and raises nothing: a vendor that
    cannot be reached, or says nothing, is asked again by `reap`.
    """
    async with capabilities.db.read() as session:
        open_ones = select(AvatarSession.id).where(
            AvatarSession.interview_id == interview_id, AvatarSession.status.in_(OPEN)
        )
        ids = list(await session.scalars(open_ones))
    await _end(capabilities, ids, reason, TELL_S)


async def seen(db: Database, interview_id: str) -> None:
    """The page is in the call. Not hearing this for two minutes ends the call."""
    async with db.write() as session:
        await session.execute(
            update(AvatarSession)
            .where(AvatarSession.interview_id == interview_id, AvatarSession.status == AvatarSessionStatus.ACTIVE)
            .values(seen_at=now())
        )


async def left(db: Database, access: Access, interview_id: str) -> None:
    """The page is going: closed, or about to load again. A page that has not come back soon ends the call.

    Raises NotFound.
    """
    async with db.write() as session:
        await access.interview(session, interview_id, "change")
        await session.execute(
            update(AvatarSession)
            .where(AvatarSession.interview_id == interview_id, AvatarSession.status == AvatarSessionStatus.ACTIVE)
            .values(seen_at=now() - UNSEEN + RELOAD)
        )


async def active_session(session: AsyncSession, interview_id: str) -> AvatarSession | None:
    """The call that leads this interview, if one does."""
    query = (
        select(AvatarSession)
        .where(AvatarSession.interview_id == interview_id, AvatarSession.status == AvatarSessionStatus.ACTIVE)
        .order_by(AvatarSession.created_at.desc())
    )
    found: AvatarSession | None = await session.scalar(query.limit(1))
    return found


async def mark_ended(db: Database, session_id: str, reason: str, *, vendor_id: str = "") -> None:
    """It is over at the vendor's; its transcript is worth asking for from now on."""
    moment = now()
    values = {"vendor_id": vendor_id} if vendor_id else {}
    async with db.write() as session:
        await session.execute(
            advancing(AvatarSessionStatus.ENDED)
            .where(AvatarSession.id == session_id)
            .values(
                ended_reason=func.coalesce(func.nullif(AvatarSession.ended_reason, ""), reason[:120]),
                ended_at=func.coalesce(AvatarSession.ended_at, moment),
                look_at=moment,
                join_token="",
                **values,
            )
        )


async def mark_failed(db: Database, session_id: str, code: str) -> None:
    """The vendor said no: nothing runs there."""
    async with db.write() as session:
        await session.execute(
            advancing(AvatarSessionStatus.FAILED)
            .where(AvatarSession.id == session_id)
            .values(failure=code, ended_at=now())
        )


async def reap(capabilities: Capabilities) -> None:
    """Ends what nobody sits in, what outlived its interview, and what a lost answer left behind."""
    moment = now()
    mine = AvatarSession.provider == capabilities.avatar.name
    over = AvatarSession.interview_id.in_(select(Interview.id).where(Interview.status.not_in(HOLDABLE)))
    doomed = or_(
        (AvatarSession.status == AvatarSessionStatus.ACTIVE) & (or_(AvatarSession.seen_at < moment - UNSEEN, over)),
        (AvatarSession.status == AvatarSessionStatus.STARTING) & (AvatarSession.created_at < moment - STARTING),
        AvatarSession.status == AvatarSessionStatus.ENDING,
    )
    async with capabilities.db.read() as session:
        query = select(AvatarSession.id).where(mine, doomed).order_by(AvatarSession.seen_at).limit(REAPED_AT_ONCE)
        ids = list(await session.scalars(query))
    await _end(capabilities, ids, "left alone", REAP_TIMEOUT_S)


async def forget(capabilities: Capabilities, access: Access, interview_id: str | None = None) -> None:
    """Has the vendor remove what it keeps: of one interview, or of all.

    Raises ProviderError: the person should know, and can ask again.
    """
    query = (
        select(AvatarSession.vendor_id)
        .join(Interview, Interview.id == AvatarSession.interview_id)
        .where(
            access.interviews("change"),
            AvatarSession.provider == capabilities.avatar.name,
            AvatarSession.vendor_id != "",
        )
    )
    if interview_id is not None:
        query = query.where(AvatarSession.interview_id == interview_id)
    async with capabilities.db.read() as session:
        vendor_ids = list(await session.scalars(query))
    for vendor_id in vendor_ids:
        await capabilities.avatar.end(vendor_id)
        await capabilities.avatar.forget(vendor_id)


# ---- starting -------------------------------------------------------------------------


async def _claim(
    capabilities: Capabilities, access: Access, interview_id: str
) -> tuple[AvatarSession, AvatarBrief | None]:
    """The open session of an interview, or a new row with the brief to start it by. One of two at once gets the row."""
    async with capabilities.db.write() as session:
        interview = await access.hold(session, interview_id)
        if interview.status not in HOLDABLE:
            raise Conflict("interview_not_ready", "This interview cannot be held now.")
        query = select(AvatarSession).where(
            AvatarSession.interview_id == interview_id,
            AvatarSession.provider == capabilities.avatar.name,
            AvatarSession.status.in_((AvatarSessionStatus.STARTING, AvatarSessionStatus.ACTIVE)),
        )
        found = await session.scalar(query.order_by(AvatarSession.created_at.desc()).limit(1))
        if found is not None and (found.status == AvatarSessionStatus.ACTIVE or found.created_at > now() - STARTING):
            found.seen_at = now()
            return found, None
        token = secrets.token_urlsafe(32)
        row = AvatarSession(
            id=new_id(),
            interview_id=interview_id,
            provider=capabilities.avatar.name,
            name="",
            callback_hash=hash_of(token),
            clock_start_ms=interview.clock_ms,
        )
        row.name = f"interview-{row.id}"
        session.add(row)
        return row, await brief_of(session, capabilities, interview, row.name, token)


class _OrphanEnded(Exception):
    """The answer to a start was lost; what it had made has been found and ended, so that another try is safe."""

    def __init__(self, error: ProviderError) -> None:
        super().__init__(error.category)
        self.error = error


async def _start_new(capabilities: Capabilities, row: AvatarSession, brief: AvatarBrief) -> AvatarSession:
    """Raises ProviderError, Conflict (no longer wanted) and _OrphanEnded."""
    try:
        call = await capabilities.avatar.start(brief)
    except ProviderError as error:
        log.warning("the call did not start: %s", error.category)
        if error.category not in LEFT_OPEN:
            await mark_failed(capabilities.db, row.id, error.category)
            raise
        call = await _after_lost_answer(capabilities, row, error)
    return await _opened(capabilities, row, call)


async def _after_lost_answer(capabilities: Capabilities, row: AvatarSession, error: ProviderError) -> Call:
    """The session that was made all the same, where it can be joined. Raises `error`, or _OrphanEnded."""
    async with capabilities.db.write() as session:
        await session.execute(
            advancing(AvatarSessionStatus.ENDING)
            .where(AvatarSession.id == row.id)
            .values(failure="answer_lost", ended_at=now())
        )
    try:
        async with asyncio.timeout(LOOK_S):
            found = await capabilities.avatar.find(row.name)
    except (ProviderError, TimeoutError):
        raise error from None
    if found is None:
        raise error
    if found.join_token and found.conversation_url:
        return found
    # Its token was in the lost answer, so nobody can ever join it.
    await _end(capabilities, [row.id], "answer_lost")
    raise _OrphanEnded(error)


async def _opened(capabilities: Capabilities, row: AvatarSession, call: Call) -> AvatarSession:
    moment = now()
    async with capabilities.db.write() as session:
        # Held: whoever ends the interview in this moment waits, and then finds a call to end.
        interview = await session.get(Interview, row.interview_id, with_for_update=True)
        stored = await session.get(AvatarSession, row.id, with_for_update=True)
        wanted = (
            stored is not None
            and interview is not None
            and interview.status in HOLDABLE
            and (
                stored.status == AvatarSessionStatus.STARTING
                or (stored.status == AvatarSessionStatus.ENDING and stored.failure == "answer_lost")
            )
        )
        if stored is not None:
            stored.vendor_id = call.id
            if wanted:
                advance(stored, AvatarSessionStatus.ACTIVE)
                stored.failure, stored.ended_at = "", None
                stored.conversation_url = call.conversation_url or ""
                stored.join_token = call.join_token or ""
                stored.join_until = moment + timedelta(seconds=call.join_token_s) if call.join_token_s else None
                stored.seen_at = moment
            else:
                advance(stored, AvatarSessionStatus.ENDING)
                stored.ended_at = moment
    if stored is not None and wanted:
        return stored
    # Ended, switched away from or deleted while the vendor was starting it.
    if stored is not None:
        await _end(capabilities, [row.id], "not wanted any more")
    else:
        await capabilities.avatar.end(call.id)
    raise Conflict("interview_not_ready", "This interview cannot be held now.")


async def _still_open(capabilities: Capabilities, row: AvatarSession) -> bool:
    """Whether a page that comes (back) can join it: the vendor may have closed it, or its token run out."""
    if row.join_until is not None and row.join_until < now() + TOKEN_MARGIN:
        return False
    try:
        async with asyncio.timeout(LOOK_S):
            return not (await capabilities.avatar.report(row.vendor_id)).ended
    except (ProviderError, TimeoutError):
        return True


async def _find_lost(capabilities: Capabilities, access: Access, interview_id: str) -> None:
    """Raises ProviderError when it cannot be known whether a session exists: then none may be started beside it."""
    async with capabilities.db.read() as session:
        lost = (
            select(AvatarSession)
            .join(Interview, Interview.id == AvatarSession.interview_id)
            .where(
                access.interviews("change"),
                AvatarSession.interview_id == interview_id,
                AvatarSession.provider == capabilities.avatar.name,
                AvatarSession.vendor_id == "",
                or_(
                    AvatarSession.status == AvatarSessionStatus.ENDING,
                    (AvatarSession.status == AvatarSessionStatus.STARTING)
                    & (AvatarSession.created_at < now() - STARTING),
                ),
            )
        )
        rows = list(await session.scalars(lost))
    try:
        async with asyncio.timeout(LOOK_S):
            for row in rows:
                await _let_go(capabilities, row, "answer_lost")
    except TimeoutError:
        raise ProviderError(capabilities.avatar.name, "timeout", retryable=True) from None


# ---- ending ---------------------------------------------------------------------------


async def _end(capabilities: Capabilities, session_ids: list[str], reason: str, patience_s: float = LOOK_S) -> None:
    """First the wish, kept, then the vendor: a crash in between leaves the wish to `reap`."""
    if not session_ids:
        return
    async with capabilities.db.write() as session:
        await session.execute(
            advancing(AvatarSessionStatus.ENDING, AvatarSessionStatus.STARTING, AvatarSessionStatus.ACTIVE)
            .where(AvatarSession.id.in_(session_ids))
            .values(ended_reason=reason, ended_at=now())
        )
        # Nor is one wanted any more that a lost answer left behind and that is being looked for.
        await session.execute(
            update(AvatarSession)
            .where(AvatarSession.id.in_(session_ids), AvatarSession.status == AvatarSessionStatus.ENDING)
            .values(failure="")
        )
        rows = list(await session.scalars(select(AvatarSession).where(AvatarSession.id.in_(session_ids))))
    try:
        async with asyncio.timeout(patience_s):
            outcomes = await asyncio.gather(
                *(_let_go(capabilities, row, reason) for row in rows), return_exceptions=True
            )
    except TimeoutError:
        log.warning("ending calls takes longer than it should; it goes on later")
        return
    for outcome in outcomes:
        if isinstance(outcome, ProviderError):
            log.warning("a call could not be ended yet: %s", outcome.category)
        elif isinstance(outcome, BaseException):
            raise outcome


async def _let_go(capabilities: Capabilities, row: AvatarSession, reason: str) -> None:
    if (
        row.status not in (AvatarSessionStatus.STARTING, AvatarSessionStatus.ENDING)
        or row.provider != capabilities.avatar.name
    ):
        return
    vendor_id = row.vendor_id
    if not vendor_id:
        found = await capabilities.avatar.find(row.name)
        if found is None:
            if row.created_at < now() - MAY_APPEAR:
                await mark_failed(capabilities.db, row.id, "never_made")
            return
        vendor_id = found.id
    await capabilities.avatar.end(vendor_id)
    await mark_ended(capabilities.db, row.id, reason, vendor_id=vendor_id)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
