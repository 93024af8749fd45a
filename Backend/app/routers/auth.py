"""Sign up, in and out; the account itself. Who keeps the passwords is behind `Accounts`."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Request
from fastapi import Response as HttpResponse

from app.access import Access
from app.accounts.accounts import get_account, normal_email
from app.capabilities import Capabilities, MailSent, SignedIn
from app.conversation.call import avatar_sessions as avatar_sessions
from app.errors import NotSignedIn
from app.fair_share import FairShare
from app.interviews import service as interviews
from app.models import User
from app.recordings.deletion import delete_recordings, with_room
from app.routers.cookies import REFRESH_COOKIE, access_token_of, clear_cookies, set_cookies
from app.routers.dependencies import CapabilitiesDep, CurrentUser, limit
from app.routers.device_cookie import known_device, note_device
from app.routers.live import live_interviews_of
from app.routers.problems import problem
from app.routers.rate_limits import Wanted, address_of, rate_limiter_of
from app.schemas.account import (
    AccountDeleted,
    ChangePassword,
    CheckMail,
    DeleteAccount,
    Me,
    Recover,
    ResetPassword,
    SignIn,
    SignUp,
)

router = APIRouter(prefix="/api/auth", tags=["auth"])

PASSWORD_CHECKS = FairShare(longest_s=None)
"""By address: a class is served one after the other anyway, and somebody elsewhere not after all of it."""
RefreshCookie = Annotated[str, Cookie(alias=REFRESH_COOKIE, max_length=1100)]


def _me(user: User) -> Me:
    return Me.model_validate(user, from_attributes=True)


def _let_in(request: Request, response: HttpResponse, capabilities: CapabilitiesDep, signed_in: SignedIn) -> Me:
    set_cookies(request, response, capabilities.settings, signed_in)
    note_device(request, response, capabilities.settings, normal_email(signed_in.user.email))
    return _me(signed_in.user)


def _wrong_tries(request: Request, account: str) -> tuple[Wanted, ...]:
    """Whose wrong passwords count together; see LIMITS."""
    device = known_device(request, account)
    if device is not None:
        return (("sign-in", f"device {device}"),)
    address = address_of(request)
    return ("sign-in", f"{account} {address}"), ("sign-in, account", account), ("sign-in, address", address)


@router.post(
    "/sign-up",
    response_model=Me,
    status_code=201,
    responses={202: {"model": CheckMail}},
    dependencies=[Depends(limit("sign-up"))],
)
async def sign_up(
    body: SignUp, request: Request, response: HttpResponse, capabilities: CapabilitiesDep
) -> Me | HttpResponse:
    async with PASSWORD_CHECKS.turn(address_of(request)):
        outcome = await capabilities.accounts.sign_up(email=body.email, name=body.name, password=body.password)
    if isinstance(outcome, MailSent):
        # The same for an address that has an account already: who that is, is nobody's business.
        return HttpResponse(CheckMail(mail_sent_to=body.email).model_dump_json(), 202, media_type="application/json")
    return _let_in(request, response, capabilities, outcome)


@router.post("/sign-in", response_model=Me, dependencies=[Depends(limit("attempt"))])
async def sign_in(body: SignIn, request: Request, response: HttpResponse, capabilities: CapabilitiesDep) -> Me:
    wrong_tries = _wrong_tries(request, normal_email(body.email))
    # The turn inside: a wrong one is kept back afterwards, and keeps nobody else from their turn meanwhile.
    async with rate_limiter_of(request).wrong_only(*wrong_tries), PASSWORD_CHECKS.turn(address_of(request)):
        signed_in = await capabilities.accounts.sign_in(email=body.email, password=body.password)
    return _let_in(request, response, capabilities, signed_in)


@router.post("/refresh", response_model=Me, dependencies=[Depends(limit("refresh"))])
async def refresh(
    request: Request, response: HttpResponse, capabilities: CapabilitiesDep, refresh_token: RefreshCookie = ""
) -> Me | HttpResponse:
    if not refresh_token:
        raise NotSignedIn("not_signed_in", "Please sign in.")
    try:
        return _let_in(request, response, capabilities, await capabilities.accounts.refresh(refresh_token))
    except NotSignedIn as error:
        # What is used up is not asked about again with each page.
        refused = problem(401, error.code, error.message)
        clear_cookies(request, refused)
        return refused


@router.post("/sign-out", status_code=204)
async def sign_out(
    request: Request, response: HttpResponse, capabilities: CapabilitiesDep, refresh_token: RefreshCookie = ""
) -> None:
    await capabilities.accounts.sign_out(access_token=access_token_of(request), refresh_token=refresh_token)
    clear_cookies(request, response)


@router.get("/me", response_model=Me)
async def me(user: CurrentUser, capabilities: CapabilitiesDep) -> Me:
    return _me(await get_account(capabilities.db, user.subject))


@router.post("/password", status_code=204, dependencies=[Depends(limit("attempt"))])
async def change_password(
    body: ChangePassword, request: Request, response: HttpResponse, user: CurrentUser, capabilities: CapabilitiesDep
) -> None:
    async with rate_limiter_of(request).wrong_only(("password", user.subject)):
        signed_in = await capabilities.accounts.change_password(
            user, current=body.current_password, new=body.new_password
        )
    if signed_in is not None:
        set_cookies(request, response, capabilities.settings, signed_in)


@router.post("/recover", status_code=204, dependencies=[Depends(limit("mail"))])
async def recover(body: Recover, request: Request, capabilities: CapabilitiesDep) -> None:
    """Sends a link to choose a new password. The answer is the same for every address."""
    account = normal_email(body.email)
    # A device of the owner's has mails of its own: nobody else can use theirs up.
    rate_limiter_of(request).take(("mail", known_device(request, account) or account))
    await capabilities.accounts.recover(body.email)


@router.post("/reset", status_code=204, dependencies=[Depends(limit("attempt"))])
async def reset_password(
    body: ResetPassword, request: Request, response: HttpResponse, capabilities: CapabilitiesDep
) -> None:
    """Sets a new password with what the link of the mail brought, and signs every device out."""
    async with PASSWORD_CHECKS.turn(address_of(request)):
        await capabilities.accounts.reset_password(body.access_token, body.new_password)
    clear_cookies(request, response)


@router.delete("/me", response_model=AccountDeleted, dependencies=[Depends(limit("attempt"))])
async def delete_me(
    body: DeleteAccount, request: Request, response: HttpResponse, user: CurrentUser, capabilities: CapabilitiesDep
) -> AccountDeleted:
    access = Access(user.subject)
    removal = partial(_remove_all, request, capabilities, access)
    delete = partial(capabilities.accounts.delete, user, password=body.password, removal=removal)
    async with rate_limiter_of(request).wrong_only(("password", user.subject)):
        gone = await with_room(capabilities, await interviews.ids_of(capabilities.db, access), delete)
    clear_cookies(request, response)
    return AccountDeleted(sign_in_remains=not gone)


async def _remove_all(request: Request, capabilities: Capabilities, access: Access) -> None:
    await live_interviews_of(request).send_away(access.user_id)
    await avatar_sessions.forget(capabilities, access)
    await delete_recordings(capabilities, access)
    # One by one: on a full disk there is room for little at a time.
    for interview_id in await interviews.ids_of(capabilities.db, access):
        async with capabilities.db.write() as session:
            await interviews.remove(session, access, interview_id)
