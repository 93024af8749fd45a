from __future__ import annotations

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ProviderError
from app.services.vendor_http import LONGEST_WAIT_S, new_client, retry_after_s, send, with_retries


class _Clock:
    """Waits that take no time."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def _failing(times: int, **how: object) -> tuple[list[int], object]:
    calls: list[int] = []

    async def operation() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise ProviderError("someone", "unreachable", retryable=bool(how.get("retryable", True)), **_wish(how))
        return "done"

    return calls, operation


def _wish(how: dict[str, object]) -> dict[str, float]:
    return {"retry_after_s": float(str(how["retry_after_s"]))} if "retry_after_s" in how else {}


async def test_a_retryable_failure_is_tried_again_with_growing_waits() -> None:
    clock = _Clock()
    calls, operation = _failing(2)
    assert await with_retries(operation, sleep=clock.sleep, jitter=lambda: 0.5) == "done"  # type: ignore[arg-type]
    assert len(calls) == 3
    assert clock.waits == [0.5, 1.0]


async def test_a_refusal_is_not_tried_again() -> None:
    clock = _Clock()
    calls, operation = _failing(1, retryable=False)
    with pytest.raises(ProviderError):
        await with_retries(operation, sleep=clock.sleep)  # type: ignore[arg-type]
    assert len(calls) == 1
    assert clock.waits == []


async def test_the_vendors_own_wish_is_kept_to() -> None:
    clock = _Clock()
    _, operation = _failing(1, retry_after_s=7.5)
    await with_retries(operation, sleep=clock.sleep)  # type: ignore[arg-type]
    assert clock.waits == [7.5]


async def test_a_wish_longer_than_anybody_waits_is_a_failure_at_once() -> None:
    clock = _Clock()
    calls, operation = _failing(1, retry_after_s=3600)
    with pytest.raises(ProviderError):
        await with_retries(operation, sleep=clock.sleep, patience_s=20)  # type: ignore[arg-type]
    assert len(calls) == 1
    assert clock.waits == []


@given(attempts=st.integers(1, 8), jitter=st.floats(0, 1), patience=st.floats(0, 60))
async def test_waits_never_exceed_the_patience_and_attempts_never_the_limit(
    attempts: int, jitter: float, patience: float
) -> None:
    clock = _Clock()
    calls, operation = _failing(100)
    with pytest.raises(ProviderError):
        await with_retries(
            operation,  # type: ignore[arg-type]
            attempts=attempts,
            patience_s=patience,
            sleep=clock.sleep,
            jitter=lambda: jitter,
        )
    assert len(calls) <= attempts
    assert sum(clock.waits) <= patience + 1e-9
    assert all(wait <= LONGEST_WAIT_S * 1.5 for wait in clock.waits)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("", None), ("soon", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_both_forms_of_retry_after_are_read(header: str, seconds: float | None) -> None:
    assert retry_after_s(httpx2.Response(429, headers={"retry-after": header})) == seconds


async def test_a_refused_connection_is_unreachable_and_says_nothing_of_the_request() -> None:
    async with new_client("http://127.0.0.1:9") as client:
        with pytest.raises(ProviderError) as caught:
            await send(client, "someone", client.build_request("POST", "/secret-path", json={"word": "secret-word"}))
    assert caught.value.category == "unreachable"
    assert caught.value.retryable
    assert "secret" not in str(caught.value)


async def test_a_redirect_is_not_followed_so_that_a_key_stays_with_its_host() -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(302, headers={"location": "http://elsewhere.example/"})

    client = new_client("http://vendor.example", headers={"x-api-key": "k"})
    client._transport = httpx2.MockTransport(answer)
    async with client:
        response = await send(client, "someone", client.build_request("GET", "/a"))
    assert response.status_code == 302
    assert asked == ["http://vendor.example/a"]
