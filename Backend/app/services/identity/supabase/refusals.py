"""What Supabase Auth says when it says no, in our words.

Three bodies are in use (numbers or strings in `code`, and the OAuth form), beside the header `x-sb-error-code` and the
gateway's own `{"message": …}`. Only codes are read, and the seconds of a rate limit; their sentences are not passed on.
"""

from __future__ import annotations

import re

import httpx2
from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import AppError, Conflict, InvalidInput, NotAllowed, NotSignedIn, ProviderError, TooMany
from app.services.identity.base import used_twice, wrong_sign_in
from app.services.vendor_http import retry_after_s

SIGN_IN_ENDED = frozenset(
    {
        "refresh_token_not_found",
        "session_not_found",
        "session_expired",
        "bad_jwt",
        "no_authorization",
        "user_not_found",
    }
)
EMAIL_REFUSED = frozenset({"email_address_invalid", "email_address_not_authorized", "validation_failed"})
WEAKNESSES = {
    "length": "make it longer",
    "characters": "mix capital and small letters, digits and signs",
    "pwned": "it has appeared in a known leak, so choose another",
}
WAIT_WHEN_UNSAID_S = 60
_SECONDS = re.compile(r"after (\d{1,5}) seconds?")


class _Weak(BaseModel):
    reasons: list[str] = []


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")

    code: int | str | None = None
    error_code: str | None = None
    error: str | None = None
    msg: str = ""
    message: str = ""
    error_description: str = ""
    weak_password: _Weak | None = None


def refusal(response: httpx2.Response) -> AppError | ProviderError:
    """The error to raise for an answer that is not a success."""
    body = _body(response)
    code = _code(response, body)
    if response.status_code >= 500:
        return ProviderError("supabase", "unreachable", retryable=True, retry_after_s=retry_after_s(response))
    if response.status_code == 429 or code.startswith("over_"):
        return _too_many(response, code, body)
    if code == "invalid_credentials":
        return wrong_sign_in()
    if code == "refresh_token_already_used":
        return used_twice()
    if code in SIGN_IN_ENDED:
        return NotSignedIn("sign_in_ended", "Your sign-in has ended. Please sign in again.")
    if code == "email_not_confirmed":
        return InvalidInput(code, "Please open the link in the mail we sent you first. Then sign in.")
    if code == "weak_password":
        return _weak(body)
    if code == "same_password":
        return InvalidInput(code, "That is the password you have now. Please choose another.", field="password")
    if code in {"email_exists", "user_already_exists"}:
        return Conflict("email_taken", "There is already an account with this address. Try signing in.", field="email")
    if code in {"signup_disabled", "email_provider_disabled"}:
        return NotAllowed("sign_up_closed", "No new accounts can be made here. Ask whoever invited you.")
    if code == "user_banned":
        return NotAllowed("account_blocked", "This account has been blocked. Please ask whoever runs this site.")
    if code in {"insufficient_aal", "reauthentication_needed"}:
        return NotAllowed("second_factor", "This account needs a second step to sign in, which we cannot ask for yet.")
    if code in EMAIL_REFUSED:
        return InvalidInput("email_refused", "We cannot send mail to this address. Please use another.", field="email")
    if response.status_code in {401, 403}:
        return ProviderError("supabase", "unauthorised", retryable=False)
    return ProviderError("supabase", "refused", retryable=False)


def _body(response: httpx2.Response) -> _Body:
    try:
        return _Body.model_validate_json(response.content)
    except ValidationError:
        return _Body()


def _code(response: httpx2.Response, body: _Body) -> str:
    told = response.headers.get("x-sb-error-code") or body.error_code
    if told:
        return str(told)
    if isinstance(body.code, str):
        return body.code
    if body.error == "invalid_grant":
        # Servers from before the codes: one word for everything, and a sentence that tells which.
        if "refresh token" in body.error_description.lower():
            return "refresh_token_not_found"
        return "email_not_confirmed" if "not confirmed" in body.error_description.lower() else "invalid_credentials"
    return body.error or ""


def _too_many(response: httpx2.Response, code: str, body: _Body) -> TooMany:
    found = _SECONDS.search(f"{body.msg} {body.message}")
    wait = int(found[1]) if found else round(retry_after_s(response) or WAIT_WHEN_UNSAID_S)
    wait = min(max(wait, 1), 3600)
    mails = code == "over_email_send_rate_limit"
    return TooMany(
        "too_many_mails" if mails else "too_many_requests",
        f"{'A mail was sent just now' if mails else 'That was a little too often'}. Please wait {wait} seconds.",
        retry_after_s=wait,
    )


def _weak(body: _Body) -> InvalidInput:
    told_of = body.weak_password.reasons if body.weak_password else []
    reasons = [reason for reason in told_of if reason in WEAKNESSES]
    told = "; ".join(WEAKNESSES[reason] for reason in reasons) or "make it longer, or less common"
    sentence = f"This password is too easy to guess: {told}."
    return InvalidInput("weak_password", sentence, field="password", params={"reasons": reasons})
