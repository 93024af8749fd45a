"""Sign up, in and out; the account itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, Request, Response

from app.accounts import accounts
from app.accounts.login_sessions import end_login_session, renew
from app.capabilities import Capabilities
from app.errors import NotSignedIn
from app.models import User
from app.recordings.deletion import delete_all_of_user
from app.routers.dependencies import ACCESS_COOKIE, REFRESH_COOKIE, CapabilitiesDep, CurrentUser, limit
from app.schemas.account import ChangePassword, DeleteAccount, Me, SignIn, SignUp

router = APIRouter(prefix="/api/auth", tags=["auth"])
REFRESH_PATH = "/api/auth"


def _me(user: User) -> Me:
    return Me.model_validate(user, from_attributes=True)


def _set_cookies(
    response: Response,
    capabilities: Capabilities,
    *,
    user: User,
    login_session_id: str,
    refresh_token: str | None,
) -> None:
    settings = capabilities.settings
    access = capabilities.access_tokens.issue(
        user_id=user.id, role=user.role, login_session_id=login_session_id, minutes=settings.access_token_minutes
    )
    response.set_cookie(
        ACCESS_COOKIE,
        access,
        max_age=settings.access_token_minutes * 60,
        httponly=True,
        secure=settings.secure_cookies,
        samesite="lax",
    )
    if refresh_token is not None:
        response.set_cookie(
            REFRESH_COOKIE,
            refresh_token,
            max_age=settings.refresh_token_days * 86400,
            path=REFRESH_PATH,
            httponly=True,
            secure=settings.secure_cookies,
            samesite="strict",
        )


def _clear_cookies(response: Response) -> None:
    response.delete_cookie(ACCESS_COOKIE)
    response.delete_cookie(REFRESH_COOKIE, path=REFRESH_PATH)


@router.post("/sign-up", response_model=Me, status_code=201, dependencies=[Depends(limit("sign-up"))])
async def sign_up(body: SignUp, response: Response, capabilities: CapabilitiesDep) -> Me:
    signed_in = await accounts.sign_up(
        capabilities.db,
        email=body.email,
        name=body.name,
        password=body.password,
        refresh_days=capabilities.settings.refresh_token_days,
    )
    _set_cookies(
        response,
        capabilities,
        user=signed_in.user,
        login_session_id=signed_in.login_session_id,
        refresh_token=signed_in.refresh_token,
    )
    return _me(signed_in.user)


@router.post("/sign-in", response_model=Me, dependencies=[Depends(limit("sign-in"))])
async def sign_in(body: SignIn, request: Request, response: Response, capabilities: CapabilitiesDep) -> Me:
    # By account as well as by address: a botnet guessing one password is slowed, too.
    await request.app.state.rate_limiter.check("sign-in", accounts.normal_email(body.email))
    signed_in = await accounts.sign_in(
        capabilities.db,
        email=body.email,
        password=body.password,
        refresh_days=capabilities.settings.refresh_token_days,
    )
    _set_cookies(
        response,
        capabilities,
        user=signed_in.user,
        login_session_id=signed_in.login_session_id,
        refresh_token=signed_in.refresh_token,
    )
    return _me(signed_in.user)


RefreshCookie = Annotated[str | None, Cookie(alias=REFRESH_COOKIE, max_length=200)]


@router.post("/refresh", response_model=Me, dependencies=[Depends(limit("refresh"))])
async def refresh(response: Response, capabilities: CapabilitiesDep, refresh_token: RefreshCookie = None) -> Me:
    if not refresh_token:
        raise NotSignedIn("not_signed_in", "Please sign in.")
    renewed = await renew(capabilities.db, refresh_token, days=capabilities.settings.refresh_token_days)
    _set_cookies(
        response,
        capabilities,
        user=renewed.user,
        login_session_id=renewed.login_session_id,
        refresh_token=renewed.refresh_token,
    )
    return _me(renewed.user)


@router.post("/sign-out", status_code=204)
async def sign_out(response: Response, capabilities: CapabilitiesDep, refresh_token: RefreshCookie = None) -> None:
    if refresh_token:
        await end_login_session(capabilities.db, refresh_token)
    _clear_cookies(response)


@router.get("/me", response_model=Me)
async def me(user: CurrentUser, capabilities: CapabilitiesDep) -> Me:
    return _me(await accounts.get_account(capabilities.db, user.subject))


@router.post("/password", status_code=204, dependencies=[Depends(limit("sign-in"))])
async def change_password(body: ChangePassword, user: CurrentUser, capabilities: CapabilitiesDep) -> None:
    await accounts.change_password(
        capabilities.db,
        user.subject,
        current=body.current_password,
        new=body.new_password,
        keep_login_session=user.login_session_id,
    )


@router.delete("/me", status_code=204, dependencies=[Depends(limit("sign-in"))])
async def delete_me(body: DeleteAccount, response: Response, user: CurrentUser, capabilities: CapabilitiesDep) -> None:
    await accounts.require_own_password(capabilities.db, user.subject, body.password)
    await delete_all_of_user(capabilities, user.subject)
    await accounts.delete_account(capabilities.db, user.subject)
    _clear_cookies(response)
