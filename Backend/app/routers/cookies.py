"""The two cookies of a signed-in device, out of reach of scripts and of other sites."""

from __future__ import annotations

from fastapi import Request
from fastapi import Response as HttpResponse
from starlette.requests import HTTPConnection

from app.capabilities import SignedIn
from app.settings import Settings

ACCESS_COOKIE = "dost_access"
REFRESH_COOKIE = "dost_refresh"
REFRESH_PATH = "/api/auth"
PART_BYTES = 3_500
"""A browser drops a cookie over 4,096 bytes with its name and attributes."""
MOST_PARTS = 2
"""A vendor's token carries what the person wrote about themselves: it can need more than one cookie. More than two are
no use: the live room's handshake takes a header line of 8 kB at most."""


def set_cookies(request: Request, response: HttpResponse, settings: Settings, signed_in: SignedIn) -> None:
    token = signed_in.access_token
    parts = [token[start : start + PART_BYTES] for start in range(0, len(token), PART_BYTES)]
    for number in range(MOST_PARTS):
        if number < len(parts):
            response.set_cookie(
                _part(number),
                parts[number],
                max_age=signed_in.access_seconds,
                httponly=True,
                secure=settings.secure_cookies,
                samesite="lax",
            )
        elif _part(number) in request.cookies:
            response.delete_cookie(_part(number))
    if signed_in.refresh_token is not None:
        response.set_cookie(
            REFRESH_COOKIE,
            signed_in.refresh_token,
            max_age=settings.refresh_token_days * 86400,
            path=REFRESH_PATH,
            httponly=True,
            secure=settings.secure_cookies,
            samesite="strict",
        )


def clear_cookies(request: Request, response: HttpResponse) -> None:
    for number in range(MOST_PARTS):
        if number == 0 or _part(number) in request.cookies:
            response.delete_cookie(_part(number))
    response.delete_cookie(REFRESH_COOKIE, path=REFRESH_PATH)


def access_token_of(connection: HTTPConnection) -> str:
    """Empty when there is none."""
    return "".join(connection.cookies.get(_part(number), "") for number in range(MOST_PARTS))


def _part(number: int) -> str:
    return ACCESS_COOKIE if number == 0 else f"{ACCESS_COOKIE}_{number}"
