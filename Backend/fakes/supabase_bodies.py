"""What the stand-in for Supabase Auth takes and tells: bodies, a user, and its refusals with their sentences."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

MESSAGES = {
    "invalid_credentials": "Invalid login credentials",
    "email_not_confirmed": "Email not confirmed",
    "user_already_exists": "User already registered",
    "signup_disabled": "Signups not allowed for this instance",
    "user_banned": "User is banned",
    "same_password": "New password should be different from the old password.",
    "refresh_token_not_found": "Invalid Refresh Token: Refresh Token Not Found",
    "refresh_token_already_used": "Invalid Refresh Token: Already Used",
    "session_not_found": "Session from session_id claim in JWT does not exist",
    "bad_jwt": "invalid JWT: unable to parse or verify signature",
    "no_authorization": "This endpoint requires a valid Bearer token",
    "not_admin": "User not allowed",
    "user_not_found": "User not found",
    "over_request_rate_limit": "Request rate limit reached",
    "over_email_send_rate_limit": "For security purposes, you can only request this after 42 seconds.",
    "unexpected_failure": "Unexpected failure, please check server logs for more information",
}


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str = "", reasons: list[str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.reasons = status, code, reasons
        self.message = message or MESSAGES.get(code, code)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Meta(Strict):
    captcha_token: str | None = None


class SignUp(Strict):
    email: str
    password: str
    data: dict[str, Any] = {}
    gotrue_meta_security: Meta = Meta()
    code_challenge: str | None = None
    code_challenge_method: str | None = None


class Grant(Strict):
    email: str | None = None
    password: str | None = None
    refresh_token: str | None = None
    data: dict[str, Any] | None = None
    gotrue_meta_security: Meta = Meta()


class Change(Strict):
    password: str | None = None
    data: dict[str, Any] | None = None
    nonce: str | None = None


class Address(Strict):
    email: str
    gotrue_meta_security: Meta = Meta()


class AdminUser(Strict):
    email: str | None = None
    password: str | None = None
    email_confirm: bool = False
    user_metadata: dict[str, Any] = {}
    app_metadata: dict[str, Any] = {}


def read_email(text: str) -> str:
    name, _, domain = text.strip().lower().partition("@")
    if not name or "." not in domain:
        raise Refused(400, "validation_failed", "Unable to validate email address: invalid format")
    return f"{name}@{domain}"


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def new_user(email: str, data: dict[str, Any]) -> dict[str, Any]:
    user_id = str(uuid.uuid4())
    identity = {
        "identity_id": str(uuid.uuid4()),
        "id": user_id,
        "user_id": user_id,
        "identity_data": {"email": email, "email_verified": False, "phone_verified": False, "sub": user_id, **data},
        "provider": "email",
        "last_sign_in_at": now(),
        "created_at": now(),
        "updated_at": now(),
        "email": email,
    }
    return {
        "id": user_id,
        "aud": "authenticated",
        "role": "authenticated",
        "email": email,
        "email_confirmed_at": None,
        "phone": "",
        "confirmed_at": None,
        "last_sign_in_at": None,
        "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": dict(data),
        "identities": [identity],
        "factors": [],
        "created_at": now(),
        "updated_at": now(),
        "is_anonymous": False,
    }
