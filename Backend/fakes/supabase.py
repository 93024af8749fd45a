"""A stand-in for Supabase Auth: accounts in memory, the real wire format, its refusals and its mails.

Beside the control routes of every fake: `GET /_fake/mails` lists the mails it would have sent, with their links.
"""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse

from fakes.base import Fake, Mode
from fakes.credentials import SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY
from fakes.supabase_bodies import Address, AdminUser, Change, Grant, Refused, SignUp, new_user, now, read_email
from fakes.supabase_tokens import TOKEN_MODES, Signer

REUSE_S = 10.0
SHORTEST_PASSWORD = 6
MAIL_LINK_S = 3600.0
SITE_URL = "http://localhost:3000"
"""Where a mail leads that asks for no address, or for one that is none: they fall back and do not refuse."""
OPEN_PATHS = ("/auth/v1/.well-known/", "/auth/v1/verify")
"""What the gateway lets through without a key."""

MODES = (
    Mode("confirm-mail", "new accounts must follow the link of a mail first"),
    Mode("sign-ups-closed", "422 signup_disabled"),
    Mode("weak-password", "422 weak_password (pwned, characters) for every new password"),
    Mode("banned", "user_banned for everybody"),
    Mode("rate-limit", "429 over_request_rate_limit"),
    Mode("mail-rate-limit", "429 over_email_send_rate_limit, 42 seconds"),
    Mode("no-reuse-window", "a refresh token that comes a second time ends the sign-in at once"),
    Mode("new-errors", "error bodies of 2024-01-01, with a string in `code`"),
    Mode("oauth-errors", "error bodies of old servers: error, error_description, no code"),
    Mode("gateway-401", "the gateway refuses the key"),
    Mode("nonsense", "200 with something that is no session"),
    Mode("keys-down", "500 for the JWKS alone"),
    Mode("slow", "answers after 30 seconds"),
    Mode("error-500", "500 unexpected_failure"),
    Mode("down", "503 with a page of HTML, as a gateway does"),
    *(Mode(name, about) for name, about in TOKEN_MODES.items()),
)


@dataclass
class Account:
    user: dict[str, Any]
    password: str

    @property
    def confirmed(self) -> bool:
        return self.user["email_confirmed_at"] is not None


@dataclass
class Session:
    """One device. `used` remembers when each spent refresh token was spent."""

    id: str
    user_id: str
    current: str
    used: dict[str, float] = field(default_factory=dict)


@dataclass
class Mail:
    kind: str
    email: str
    link: str
    token: str
    sent_at: float


@dataclass
class SupabaseFake(Fake):
    accounts: dict[str, Account] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        super().__post_init__()
        self.signer = Signer(self.failing, lambda: f"{self.address}/auth/v1", lambda: self.clock())
        self.app.middleware("http")(self._gateway)
        self.app.exception_handler(Refused)(self._refused)
        self.app.exception_handler(RequestValidationError)(self._malformed)
        for method, path, route in (
            ("POST", "signup", self.sign_up),
            ("POST", "token", self.token),
            ("GET", "user", self.read_user),
            ("PUT", "user", self.change_user),
            ("POST", "logout", self.log_out),
            ("POST", "recover", self.recover),
            ("GET", "verify", self.follow_link),
            ("GET", ".well-known/jwks.json", self.jwks),
            ("GET", "health", self.health),
            ("POST", "admin/users", self.admin_create),
            ("PUT", "admin/users/{user_id}", self.admin_change),
            ("DELETE", "admin/users/{user_id}", self.admin_delete),
        ):
            self.app.add_api_route(f"/auth/v1/{path}", route, methods=[method], response_model=None)
        self.app.add_api_route("/_fake/mails", self._told_mails, methods=["GET"])

    def forget(self) -> None:
        """As new: no account, no mail, no mode."""
        self.switch("")
        for kept in (self.accounts, self.sessions):
            kept.clear()
        self.mails.clear()
        self.asked.clear()
        self.clock = time.time

    # The gateway, and how refusals look

    async def _gateway(self, request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        path = request.url.path
        if path.startswith("/_fake/"):
            return await go_on(request)
        if self.failing("slow"):
            await asyncio.sleep(30)
        if self.failing("down"):
            return Response("<html><h1>503 Service Unavailable</h1></html>", 503, media_type="text/html")
        if not path.startswith(OPEN_PATHS):
            key = request.headers.get("apikey")
            if key is None:
                hint = "No `apikey` request header or url param was found."
                return JSONResponse({"message": "No API key found in request", "hint": hint}, 401)
            if key not in {SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY} or self.failing("gateway-401"):
                return JSONResponse({"message": "Invalid API key", "hint": "Double check your API key."}, 401)
        if self.failing("error-500"):
            return await self._refused(request, Refused(500, "unexpected_failure"))
        if self.failing("rate-limit"):
            return await self._refused(request, Refused(429, "over_request_rate_limit"))
        return await go_on(request)

    async def _refused(self, request: Request, refused: Exception) -> Response:
        assert isinstance(refused, Refused)
        weak = {"weak_password": {"message": refused.message, "reasons": refused.reasons}} if refused.reasons else {}
        told = {"x-sb-error-code": refused.code}
        if self.failing("oauth-errors"):
            return JSONResponse({"error": "invalid_grant", "error_description": refused.message}, refused.status)
        if self.failing("new-errors") or request.headers.get("x-supabase-api-version") == "2024-01-01":
            body: dict[str, Any] = {"code": refused.code, "message": refused.message, **weak}
            # The vendor's own clients read the string only when this tells them to.
            told["x-supabase-api-version"] = "2024-01-01"
        else:
            body = {"code": refused.status, "error_code": refused.code, "msg": refused.message, **weak}
        return JSONResponse(body, refused.status, headers=told)

    async def _malformed(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        where = ", ".join(".".join(map(str, item["loc"])) for item in error.errors())
        return await self._refused(request, Refused(400, "validation_failed", f"Could not read: {where}"))

    # What people do

    async def sign_up(self, asked: SignUp, redirect_to: str = "") -> Response:
        if self.failing("sign-ups-closed"):
            raise Refused(422, "signup_disabled")
        email = read_email(asked.email)
        self._check_password(asked.password)
        confirm = self.failing("confirm-mail")
        found = self._by_email(email)
        if found is not None and found.confirmed:
            if not confirm:
                raise Refused(422, "user_already_exists")
            # Nobody learns that the address is known: a made-up person, who exists nowhere.
            made_up = new_user(email, asked.data) | {"identities": [], "role": "", "confirmation_sent_at": now()}
            return JSONResponse(made_up)
        if found is None:
            found = Account(new_user(email, asked.data), asked.password)
            self.accounts[found.user["id"]] = found
        if confirm:
            self._mail("signup", email, redirect_to)
            return JSONResponse(found.user)
        found.user["email_confirmed_at"] = found.user["confirmed_at"] = now()
        return JSONResponse(self._new_session(found))

    async def token(self, asked: Grant, grant_type: Annotated[str, Query()]) -> Response:
        if self.failing("nonsense"):
            return JSONResponse({"hello": "world"})
        if grant_type == "password" and asked.email is not None and asked.refresh_token is None:
            found = self._by_email(read_email(asked.email))
            if found is None or found.password != asked.password:
                raise Refused(400, "invalid_credentials")
            self._not_banned()
            if not found.confirmed:
                raise Refused(400, "email_not_confirmed")
            return JSONResponse(self._new_session(found))
        if grant_type == "refresh_token" and asked.refresh_token is not None and asked.email is None:
            return JSONResponse(self._renewed(asked.refresh_token))
        raise Refused(400, "validation_failed", "unsupported_grant_type")

    async def read_user(self, authorization: Annotated[str, Header()] = "") -> Response:
        return JSONResponse(self._bearer(authorization)[0].user)

    async def change_user(self, asked: Change, authorization: Annotated[str, Header()] = "") -> Response:
        found, session = self._bearer(authorization)
        if asked.password is not None:
            self._check_password(asked.password)
            if asked.password == found.password:
                raise Refused(422, "same_password")
            found.password = asked.password
            self._end(lambda other: other.user_id == session.user_id and other is not session)
        found.user["user_metadata"] |= asked.data or {}
        return JSONResponse(found.user)

    async def log_out(self, scope: str = "global", authorization: Annotated[str, Header()] = "") -> Response:
        if scope not in {"global", "local", "others"}:
            raise Refused(400, "validation_failed", f'Unsupported logout scope "{scope}"')
        _, session = self._bearer(authorization)
        ends = {
            "global": lambda other: other.user_id == session.user_id,
            "local": lambda other: other is session,
            "others": lambda other: other.user_id == session.user_id and other is not session,
        }
        self._end(ends[scope])
        return Response(status_code=204)

    async def recover(self, asked: Address, redirect_to: str = "") -> Response:
        if self._by_email(read_email(asked.email)) is not None:
            self._mail("recovery", read_email(asked.email), redirect_to)
        return JSONResponse({})

    async def follow_link(self, token: str, type: str, redirect_to: str) -> Response:
        """What a person's browser asks for when they click in the mail: it ends at our page, with a fragment."""
        mail = next((one for one in self.mails if one.token == token and one.kind == type), None)
        found = self._by_email(mail.email) if mail else None
        if mail is None or found is None or self.clock() - mail.sent_at > MAIL_LINK_S:
            gone = {
                "error": "access_denied",
                "error_code": "otp_expired",
                "error_description": "Email link is invalid or has expired",
            }
            return RedirectResponse(f"{redirect_to}#{urlencode(gone)}", 303)
        mail.token = ""
        found.user["email_confirmed_at"] = found.user["confirmed_at"] = found.user["email_confirmed_at"] or now()
        session = self._new_session(found)
        carried = {name: session[name] for name in ("access_token", "expires_at", "expires_in", "refresh_token")}
        return RedirectResponse(f"{redirect_to}#{urlencode({**carried, 'token_type': 'bearer', 'type': type})}", 303)

    async def jwks(self) -> Response:
        if self.failing("keys-down"):
            raise Refused(500, "unexpected_failure")
        return JSONResponse(self.signer.jwks(), headers={"Cache-Control": "public, max-age=600"})

    async def health(self) -> Mapping[str, str]:
        return {"version": "v2.0.0", "name": "GoTrue", "description": "GoTrue is a user registration API"}

    # What the secret key may do

    async def admin_create(self, request: Request, asked: AdminUser) -> Response:
        _admin(request)
        if self._by_email(read_email(asked.email or "")) is not None:
            raise Refused(422, "email_exists")
        made = Account(
            new_user(read_email(asked.email or ""), asked.user_metadata), asked.password or secrets.token_hex()
        )
        made.user["app_metadata"] |= asked.app_metadata
        made.user["email_confirmed_at"] = made.user["confirmed_at"] = now() if asked.email_confirm else None
        self.accounts[made.user["id"]] = made
        return JSONResponse(made.user)

    async def admin_change(self, request: Request, user_id: str, asked: AdminUser) -> Response:
        _admin(request)
        found = self.accounts.get(user_id)
        if found is None:
            raise Refused(404, "user_not_found")
        found.user["app_metadata"] |= asked.app_metadata
        found.user["user_metadata"] |= asked.user_metadata
        found.user["email"] = asked.email or found.user["email"]
        found.password = asked.password or found.password
        return JSONResponse(found.user)

    async def admin_delete(self, request: Request, user_id: str) -> Response:
        _admin(request)
        if self.accounts.pop(user_id, None) is None:
            raise Refused(404, "user_not_found")
        self._end(lambda session: session.user_id == user_id)
        return JSONResponse({})

    # Inside

    def _by_email(self, email: str) -> Account | None:
        return next((one for one in self.accounts.values() if one.user["email"] == email), None)

    def _check_password(self, password: str) -> None:
        if self.failing("weak-password"):
            raise Refused(422, "weak_password", "Password is known to be weak", ["pwned", "characters"])
        if len(password) < SHORTEST_PASSWORD:
            told = f"Password should be at least {SHORTEST_PASSWORD} characters."
            raise Refused(422, "weak_password", told, ["length"])

    def _not_banned(self) -> None:
        if self.failing("banned"):
            raise Refused(403, "user_banned")

    def _bearer(self, authorization: str) -> tuple[Account, Session]:
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not token:
            raise Refused(401, "no_authorization")
        claims = self.signer.read(token)
        if claims is None:
            raise Refused(403, "bad_jwt")
        found = self.accounts.get(claims.get("sub", ""))
        session = self.sessions.get(claims["session_id"])
        if found is None:
            raise Refused(403, "user_not_found", "User from sub claim in JWT does not exist")
        if session is None:
            raise Refused(403, "session_not_found")
        return found, session

    def _new_session(self, account: Account) -> dict[str, Any]:
        session = Session(str(uuid.uuid4()), account.user["id"], secrets.token_urlsafe(9))
        self.sessions[session.id] = session
        return self._told_session(account, session)

    def _told_session(self, account: Account, session: Session) -> dict[str, Any]:
        account.user["last_sign_in_at"] = now()
        lives_s = self.signer.access_seconds
        return {
            "access_token": self.signer.issue(account.user, session.id),
            "token_type": "bearer",
            "expires_in": lives_s,
            "expires_at": int(self.clock()) + lives_s,
            "refresh_token": session.current,
            "user": account.user,
            "weak_password": None,
        }

    def _renewed(self, token: str) -> dict[str, Any]:
        session = next((one for one in self.sessions.values() if token == one.current or token in one.used), None)
        if session is None:
            raise Refused(400, "refresh_token_not_found")
        self._not_banned()
        account = self.accounts[session.user_id]
        if token == session.current:
            session.used[token] = self.clock()
            session.current = secrets.token_urlsafe(9)
        elif self.failing("no-reuse-window") or self.clock() - session.used[token] > REUSE_S:
            # Spent twice: somebody else has it, and the whole family ends.
            self._end(lambda other: other is session)
            raise Refused(400, "refresh_token_already_used")
        return self._told_session(account, session)

    def _end(self, which: Callable[[Session], bool]) -> None:
        self.sessions = {id: session for id, session in self.sessions.items() if not which(session)}

    def _mail(self, kind: str, email: str, redirect_to: str) -> None:
        if self.failing("mail-rate-limit"):
            raise Refused(429, "over_email_send_rate_limit")
        if urlsplit(redirect_to).scheme not in {"http", "https"}:
            redirect_to = SITE_URL
        token = secrets.token_hex(28)
        query = urlencode({"token": token, "type": kind, "redirect_to": redirect_to})
        self.mails.append(Mail(kind, email, f"{self.address}/auth/v1/verify?{query}", token, self.clock()))

    async def _told_mails(self) -> list[Mapping[str, str]]:
        return [{"kind": mail.kind, "email": mail.email, "link": mail.link} for mail in self.mails]


def environment(address: str) -> dict[str, str]:
    """The variables that lead the product here."""
    return {
        "SUPABASE_URL": address,
        "SUPABASE_PUBLISHABLE_KEY": SUPABASE_PUBLISHABLE_KEY,
        "SUPABASE_SECRET_KEY": SUPABASE_SECRET_KEY,
    }


def build() -> SupabaseFake:
    return SupabaseFake("supabase", MODES)


def _admin(request: Request) -> None:
    if request.headers.get("apikey") != SUPABASE_SECRET_KEY:
        raise Refused(401, "no_authorization")
    if request.headers.get("authorization") not in {None, f"Bearer {SUPABASE_SECRET_KEY}"}:
        raise Refused(403, "not_admin")
