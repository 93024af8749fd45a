"""Signing up, in and out at Supabase Auth, over its HTTP API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.errors import ProviderError
from app.services.identity.base import Devices, SignInTokens
from app.services.identity.supabase.refusals import refusal
from app.services.vendor_http import new_client, send, with_retries

RENEWAL_TIMEOUT_S = 4.0
"""For each of two attempts: the second must come while a used token may be used again, and both before the page, which
waits fifteen seconds for its renewal, gives up and says that we are away."""

Model = TypeVar("Model", bound=BaseModel)


class _Session(BaseModel):
    """What signs a device in. The lengths are those our cookies can carry."""

    model_config = ConfigDict(extra="ignore")

    access_token: str = Field(min_length=1, max_length=7_000)
    refresh_token: str = Field(min_length=1, max_length=1_000)
    expires_in: int = Field(ge=1, le=7 * 86400)


class _User(BaseModel):
    """What a sign-up gives instead of a session while the address is not confirmed.

    For an address that has an account already it is made up, with a new id: nothing of it may be kept.
    """

    model_config = ConfigDict(extra="ignore")

    id: str


class SupabaseSignIn:
    """`client` stands at `…/auth/v1/` and sends the publishable key; mails lead back to `return_url`."""

    def __init__(self, client: httpx2.AsyncClient, *, return_url: str, secret_key: str = "") -> None:
        self._client = client
        self._return_url = return_url
        self._secret_key = secret_key

    @property
    def can_remove(self) -> bool:
        return bool(self._secret_key)

    async def sign_up(self, *, email: str, password: str, name: str) -> SignInTokens | None:
        answer = await self._ask(
            "POST",
            "signup",
            json={"email": email, "password": password, "data": {"name": name}},
            params={"redirect_to": self._return_url},
        )
        if "access_token" in _object(answer):
            return _tokens(answer)
        _read(_User, answer)
        return None

    async def sign_in(self, *, email: str, password: str) -> SignInTokens:
        return _tokens(await self._token("password", {"email": email, "password": password}))

    async def refresh(self, refresh_token: str) -> SignInTokens:
        # Harmless to repeat: within ten seconds of its use they answer a used token with the present one.
        return _tokens(
            await with_retries(
                lambda: self._token("refresh_token", {"refresh_token": refresh_token}, timeout_s=RENEWAL_TIMEOUT_S),
                attempts=2,
                patience_s=2.0,
            )
        )

    async def sign_out(self, access_token: str, devices: Devices) -> None:
        await self._ask("POST", "logout", params={"scope": devices}, token=access_token)

    async def set_password(self, access_token: str, new: str) -> None:
        await self._ask("PUT", "user", json={"password": new}, token=access_token)

    async def send_recovery(self, email: str) -> None:
        await self._ask("POST", "recover", json={"email": email}, params={"redirect_to": self._return_url})

    async def remove(self, subject: str) -> None:
        request = self._client.build_request(
            "DELETE",
            f"admin/users/{subject}",
            headers={"apikey": self._secret_key, "Authorization": f"Bearer {self._secret_key}"},
        )
        response = await send(self._client, "supabase", request)
        if response.status_code != 404 and not response.is_success:
            raise refusal(response)

    async def _token(self, grant: str, body: dict[str, str], *, timeout_s: float | None = None) -> httpx2.Response:
        return await self._ask("POST", "token", json=body, params={"grant_type": grant}, timeout_s=timeout_s)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        json: Mapping[str, object] | None = None,
        params: dict[str, str] | None = None,
        token: str = "",
        timeout_s: float | None = None,
    ) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else None
        timeout = httpx2.USE_CLIENT_DEFAULT if timeout_s is None else timeout_s
        request = self._client.build_request(method, path, json=json, params=params, headers=headers, timeout=timeout)
        response = await send(self._client, "supabase", request)
        if not response.is_success:
            raise refusal(response)
        return response


def auth_client(url: str, publishable_key: str, *, timeout_s: float = 10.0) -> httpx2.AsyncClient:
    """A client at the project's `…/auth/v1/`, with the key that the gateway asks for."""
    return new_client(f"{url.rstrip('/')}/auth/v1/", timeout_s=timeout_s, headers={"apikey": publishable_key})


def issuer_of(url: str) -> str:
    return f"{url.rstrip('/')}/auth/v1"


def _tokens(answer: httpx2.Response) -> SignInTokens:
    session = _read(_Session, answer)
    return SignInTokens(session.access_token, session.refresh_token, session.expires_in)


def _object(answer: httpx2.Response) -> dict[str, object]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderError("supabase", "invalid_response", retryable=False)
    return found


def _read(model: type[Model], answer: httpx2.Response) -> Model:
    try:
        return model.model_validate_json(answer.content)
    except ValidationError:
        # Not chained: its text would show the tokens.
        raise ProviderError("supabase", "invalid_response", retryable=False) from None
