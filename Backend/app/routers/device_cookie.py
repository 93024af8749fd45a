"""The cookie by which a device shows that somebody has signed in on it before.

It opens nothing. It only decides whose wrong passwords are counted together: strangers who guess at an account never
lock its owner out of their own device (OWASP's "device cookies"). It names no account; each entry can be recognised
only by who knows which account to look for. A shared computer has several.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from fastapi import Request
from fastapi import Response as HttpResponse
from starlette.requests import HTTPConnection

from app.routers.cookies import REFRESH_PATH
from app.routers.dependencies import capabilities_of
from app.settings import Settings, signing_key

DEVICE_COOKIE = "dost_device"
LIVES_DAYS = 365
MOST_ACCOUNTS = 12
"""Of one device; who has not signed in on it for longest is forgotten first."""
NONCE, TAG = 16, 22


class KnownDevices:
    def __init__(self, key: bytes) -> None:
        # A key of its own: this tag must never pass for another signature.
        self._key = hmac.digest(key, b"known devices", hashlib.sha256)

    def find(self, cookie: str, account: str) -> str | None:
        """The device's own name for this account, or None where nobody has signed in to it before."""
        for entry in _entries(cookie):
            if hmac.compare_digest(entry[NONCE:].encode(), self._tag(entry[:NONCE], account).encode()):
                return entry[:NONCE]
        return None

    def noted(self, cookie: str, account: str) -> str:
        """The cookie with this account in first place."""
        # The same name each time: signing in again gives nobody a new count.
        nonce = self.find(cookie, account) or secrets.token_urlsafe(12)
        entry = nonce + self._tag(nonce, account)
        return ".".join([entry, *(each for each in _entries(cookie) if each != entry)][:MOST_ACCOUNTS])

    def _tag(self, nonce: str, account: str) -> str:
        digest = hmac.digest(self._key, f"{nonce} {account}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest)[:TAG].decode()


def _entries(cookie: str) -> list[str]:
    return [each for each in cookie.split(".")[:MOST_ACCOUNTS] if len(each) == NONCE + TAG]


def known_device(connection: HTTPConnection, account: str) -> str | None:
    return _devices_of(connection).find(connection.cookies.get(DEVICE_COOKIE, ""), account)


def note_device(request: Request, response: HttpResponse, settings: Settings, account: str) -> None:
    before = request.cookies.get(DEVICE_COOKIE, "")
    after = _devices_of(request).noted(before, account)
    if after != before:
        response.set_cookie(
            DEVICE_COOKIE,
            after,
            max_age=LIVES_DAYS * 86400,
            path=REFRESH_PATH,
            httponly=True,
            secure=settings.secure_cookies,
            samesite="strict",
        )


def _devices_of(connection: HTTPConnection) -> KnownDevices:
    state = connection.app.state
    if not hasattr(state, "known_devices"):
        state.known_devices = KnownDevices(signing_key(capabilities_of(connection).settings))
    found: KnownDevices = state.known_devices
    return found
