"""How every vendor is called over HTTP: one timeout, one shape of failure, one retry rule.

An adapter hands in a request and its own reading of a refusal; what the network does is read here. Nothing of a
request or an answer is ever logged or put into an error: bodies hold what people said, and vendors echo secrets.
"""

from __future__ import annotations

import asyncio
import email.utils
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx2

from app.errors import ProviderError

T = TypeVar("T")

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0


def new_client(base_url: str, *, timeout_s: float = 20.0, headers: dict[str, str] | None = None) -> httpx2.AsyncClient:
    """A client for one vendor. It follows no redirect: a key must not travel to another host."""
    return httpx2.AsyncClient(
        base_url=base_url,
        timeout=httpx2.Timeout(timeout_s, connect=min(5.0, timeout_s)),
        headers=headers,
        follow_redirects=False,
        limits=httpx2.Limits(max_connections=20),
    )


async def send(client: httpx2.AsyncClient, provider: str, request: httpx2.Request) -> httpx2.Response:
    """The whole answer, whatever its status.

    Raises ProviderError timeout (retryable: but not for a create without an idempotency key) or unreachable.
    """
    try:
        return await client.send(request)
    except httpx2.TimeoutException as error:
        raise ProviderError(provider, "timeout", retryable=True) from error
    except httpx2.HTTPError as error:
        raise ProviderError(provider, "unreachable", retryable=True) from error


async def with_retries(
    operation: Callable[[], Awaitable[T]],
    *,
    attempts: int = 3,
    patience_s: float = 20.0,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
) -> T:
    """Repeats `operation` while it fails retryably, with growing jittered waits or the vendor's own wish.

    Gives up at once when the wish is longer than what is left of `patience_s` (waits only; each attempt has its own
    timeout), so that a person is not kept waiting for tomorrow's quota. Raises the last ProviderError.
    """
    left = patience_s
    for attempt in range(1, attempts + 1):
        try:
            return await operation()
        except ProviderError as error:
            wait = error.retry_after_s
            if wait is None:
                wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (attempt - 1)) * (0.5 + jitter())
            if not error.retryable or attempt == attempts or wait > left:
                raise
            left -= wait
            await sleep(wait)
    raise AssertionError("attempts must be at least 1")


def retry_after_s(response: httpx2.Response) -> float | None:
    """`Retry-After` in seconds from either of its forms; None when absent or unreadable."""
    value = response.headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
