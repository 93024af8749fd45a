"""The keys that a Supabase project publishes, fetched seldom and kept when fetching fails."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import httpx2
import jwt

from app.errors import ProviderError
from app.services.vendor_http import send

log = logging.getLogger(__name__)

ALGORITHMS = ("ES256", "RS256")
FRESH_S = 600.0
"""As long as their edge keeps the set (Cache-Control: max-age=600)."""
BETWEEN_FETCHES_S = 60.0
"""A token may name any key id: strangers must not make us ask again and again."""
BETWEEN_FAILURES_S = 5.0
"""While there is no key at all, nobody can be let in: asked more often."""


class PublishedKeys:
    def __init__(self, client: httpx2.AsyncClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`client` stands at `…/auth/v1/`."""
        self._client = client
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._asked_at: float | None = None
        self._fetching = asyncio.Lock()

    async def find(self, key_id: str) -> jwt.PyJWK | None:
        """None when the project does not publish such a key. Raises ProviderError when nothing is known at all."""
        known = self._keys.get(key_id)
        if known is None or self._stale():
            # Whoever has a key in hand does not wait for another's fetch.
            if known is not None and self._fetching.locked():
                return known
            async with self._fetching:
                if (key_id not in self._keys or self._stale()) and self._may_ask():
                    await self._fetch()
            known = self._keys.get(key_id)
        if known is None and self._fetched_at is None:
            raise ProviderError("supabase", "unreachable", retryable=True)
        return known

    def _stale(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at > FRESH_S

    def _may_ask(self) -> bool:
        pause = BETWEEN_FAILURES_S if self._fetched_at is None else BETWEEN_FETCHES_S
        return self._asked_at is None or self._clock() - self._asked_at >= pause

    async def _fetch(self) -> None:
        self._asked_at = self._clock()
        try:
            response = await send(self._client, "supabase", self._client.build_request("GET", ".well-known/jwks.json"))
            found = response.json()["keys"] if response.status_code == 200 else None
        except (ProviderError, ValueError, KeyError, TypeError):
            found = None
        if not isinstance(found, list):
            log.warning("supabase: its signing keys could not be read; the known ones stay in use")
            return
        keys = {key.key_id: key for key in map(_usable, found[:20]) if key is not None and key.key_id}
        if not keys:
            log.warning("supabase: it publishes no key; a project with the legacy secret needs SUPABASE_JWT_SECRET")
        self._keys, self._fetched_at = keys, self._clock()


def _usable(entry: object) -> jwt.PyJWK | None:
    """A public signing key of a kind we accept; anything else in the set is passed over."""
    if not isinstance(entry, dict) or entry.get("kty") not in {"EC", "RSA"} or entry.get("alg") not in ALGORITHMS:
        return None
    try:
        return jwt.PyJWK(entry)
    except jwt.PyJWTError:
        return None
