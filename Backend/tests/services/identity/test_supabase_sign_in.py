"""Renewing a sign-in at a Supabase that does not answer."""

from __future__ import annotations

import httpx2
import pytest

from app.errors import ProviderError
from app.services.identity.supabase.sign_in import SupabaseSignIn

pytestmark = pytest.mark.anyio

REUSE_WINDOW_S = 10.0
"""Supabase's default "refresh token reuse interval"."""
PAGE_WAITS_S = 15.0
"""refresh.ts"""


async def test_a_renewal_nobody_answers_is_repeated_while_its_token_may_be_and_over_before_the_page_gives_up() -> None:
    patience: list[float] = []

    def silent(request: httpx2.Request) -> httpx2.Response:
        allowed = request.extensions["timeout"]
        patience.append(max(allowed["connect"], allowed["read"]))
        raise httpx2.ReadTimeout("nothing came", request=request)

    transport = httpx2.MockTransport(silent)
    async with httpx2.AsyncClient(base_url="https://x.supabase.co/auth/v1/", transport=transport) as client:
        with pytest.raises(ProviderError) as told:
            await SupabaseSignIn(client, return_url="").refresh("a-refresh-token")
    assert told.value.category == "timeout"
    first, second = patience
    longest_wait_between_s = 0.75
    assert first + longest_wait_between_s < REUSE_WINDOW_S
    assert first + longest_wait_between_s + second < PAGE_WAITS_S
