"""What every face must do, whoever shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.services.avatar.base import Avatar
from app.services.avatar.embedded import EmbeddedAvatar
from tests.tavus_calls import adapter, brief, close_adapters, tavus_served

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["built-in", "tavus"])
async def avatar(request: pytest.FixtureRequest) -> AsyncIterator[Avatar]:
    if request.param == "built-in":
        yield EmbeddedAvatar()
        return
    with tavus_served() as fake:
        yield adapter(fake)
        await close_adapters()


async def test_a_started_face_says_what_the_page_must_do(avatar: Avatar) -> None:
    session = await avatar.start(brief())
    assert session.id
    assert session.kind == avatar.kind
    joinable = (session.conversation_url is not None, bool(session.join_token), session.join_token_s > 0)
    assert joinable == ((avatar.kind == "embedded-call"),) * 3


async def test_two_interviews_have_two_faces(avatar: Avatar) -> None:
    assert (await avatar.start(brief("one"))).id != (await avatar.start(brief("two"))).id


async def test_a_name_that_was_never_used_finds_nothing(avatar: Avatar) -> None:
    await avatar.start(brief("one"))
    assert await avatar.find("another") is None


async def test_ending_is_for_good_and_may_be_repeated(avatar: Avatar) -> None:
    session = await avatar.start(brief("one"))
    await avatar.end(session.id)
    await avatar.end(session.id)
    assert (await avatar.report(session.id)).ended
    assert await avatar.find("one") is None


async def test_forgetting_may_be_repeated(avatar: Avatar) -> None:
    session = await avatar.start(brief())
    await avatar.end(session.id)
    await avatar.forget(session.id)
    await avatar.forget(session.id)
    assert (await avatar.report(session.id)).lines is None
