"""However a network breaks and comes back, an interview is held by one room at a time."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select

from app.access import Access
from app.accounts.accounts import create_account
from app.container import build_capabilities
from app.conversation.room.engines import Engines
from app.conversation.room.outbox import Close
from app.conversation.room.room import LiveInterview
from app.conversation.room.rooms import TAKEN_OVER, LiveInterviews
from app.conversation.room.voice_queue import SpokenWords
from app.conversation.rules import events as on
from app.domain.persona import MAYA
from app.main import create_app
from app.schemas.live import Fact
from app.settings import Settings
from tests.conversation.engines import ScriptedRecognizer, ScriptedVoice
from tests.house import ON_SQLITE_ONLY, sign_up
from tests.routers.flaps import Flaps
from tests.routers.live_page import page_of, served
from tests.routers.test_live import SPOKEN, ScriptedModel, prepared

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

PEOPLE, FLAPS_OF_ONE = 10, 50
"""On each of the two databases: a thousand in all."""


async def test_none_of_a_thousand_flaps_fails_inside(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings = settings.model_copy(update={"voice_places": PEOPLE})
    capabilities = build_capabilities(settings)
    capabilities.language_model, capabilities.recognizer, capabilities.voice = (
        ScriptedModel(),
        ScriptedRecognizer(SPOKEN),
        ScriptedVoice(),
    )
    app: FastAPI = create_app(settings, capabilities)
    caplog.set_level(logging.WARNING)
    async with served(app) as address, AsyncClient(base_url=f"http://{address}", timeout=60) as client:
        people = []
        for seed in range(PEOPLE):
            client.cookies.clear()
            me = await sign_up(client)
            interview_id, _ = await prepared(capabilities.db, me["id"])
            people.append(Flaps(app, interview_id, dict(client.cookies), Random(seed)))
        await asyncio.gather(*(one.many(FLAPS_OF_ONE) for one in people))
        assert [one.failures for one in people] == [[]] * PEOPLE
        assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        codes = {code for one in people for code in one.closes}
        assert codes <= {0, 1000, 4409}, codes
        register = app.state.live_interviews
        assert not [one for one in people if register.is_live(one.interview_id)]
        # And whoever comes back is where they were.
        for one in people:
            async with page_of(address, one.interview_id, one.cookies) as page:
                await page.until(lambda page: page.of("interview.welcomed"))


@ON_SQLITE_ONLY
async def test_of_two_pages_that_come_while_one_leaves_the_second_takes_over_from_the_first(settings: Settings) -> None:
    async with rooms(settings) as (register, interview_id, user_id):
        leaving = await register.connect(Access(user_id), interview_id, after=0, persona=MAYA)

        async def come() -> LiveInterview:
            return await register.connect(Access(user_id), interview_id, after=0, persona=MAYA)

        gone = asyncio.create_task(register.disconnect(leaving))
        await asyncio.sleep(0)
        first = asyncio.create_task(come())
        await gone
        second = asyncio.create_task(come())
        there, taken_over = await second, await first
        codes = [message.code async for message in taken_over.outbox.messages() if isinstance(message, Close)]
        assert codes == [TAKEN_OVER]
        await register.disconnect(taken_over)
        assert register.is_live(interview_id)
        await register.disconnect(there)
        assert not register.is_live(interview_id)


@ON_SQLITE_ONLY
async def test_a_leaving_that_nobody_waits_for_any_more_still_stores_the_last_words(settings: Settings) -> None:
    async with rooms(settings) as (register, interview_id, user_id):
        live = await register.connect(Access(user_id), interview_id, after=0, persona=MAYA)
        live.begin(listen=False, speak=False)
        live.post(on.Typed("These are my last words.", False))
        leaving = asyncio.create_task(register.disconnect(live))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        back = await register.connect(Access(user_id), interview_id, after=0, persona=MAYA)
        told = [json.loads(message) for _, message in back.outbox._waiting if isinstance(message, str)]
        said = [fact["utterance"]["text"] for fact in told if fact["type"] == "utterance.added"]
        assert "These are my last words." in said
        await register.disconnect(back)


@ON_SQLITE_ONLY
async def test_ears_that_do_not_come_to_an_end_keep_nobody_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.conversation.room.room.CLOSING_TIMEOUT_S", 0.05)
    async with rooms(settings) as (register, interview_id, user_id):
        live = await register.connect(Access(user_id), interview_id, after=0, persona=MAYA)
        live.begin(listen=True, speak=False)
        assert live._ears is not None
        monkeypatch.setattr(live._ears, "close", asyncio.Event().wait)
        await register.disconnect(live)
        assert not register.is_live(interview_id)
        assert not live._state.clock.running, "the clock of an interview stands while nobody is in it"


@ON_SQLITE_ONLY
async def test_nothing_is_kept_of_scores_that_have_come(settings: Settings) -> None:
    async with rooms(settings) as (register, interview_id, user_id):
        live = await register.connect(Access(user_id), interview_id, after=0, persona=MAYA)
        register._score(interview_id, "no such response")
        await asyncio.wait(set(register._tasks), timeout=20)
        await asyncio.sleep(0)
        assert register._scoring == {}
        await register.disconnect(live)


@asynccontextmanager
async def rooms(settings: Settings) -> AsyncIterator[tuple[LiveInterviews, str, str]]:
    """The register, one prepared interview, and whose it is."""
    capabilities = build_capabilities(settings)
    capabilities.recognizer, capabilities.voice = ScriptedRecognizer(SPOKEN), None

    async def score(_: str) -> Sequence[Fact]:
        return ()

    async def finish(_: str) -> None:
        return None

    engines = Engines(
        capabilities.db, ScriptedModel(), capabilities.recognizer, capabilities.voice, SpokenWords(), None
    )
    register = LiveInterviews(engines, score=score, finish=finish)
    user = await create_account(capabilities.db, email="a@example.org", name="Asha", password="correct horse battery")
    interview_id, _ = await prepared(capabilities.db, user.id)
    # Connections to the database that are open already, so that nobody waits for one.
    async with capabilities.db.read() as one, capabilities.db.read() as other, capabilities.db.read() as third:
        for session in (one, other, third):
            await session.execute(select(1))
    try:
        yield register, interview_id, user.id
    finally:
        await register.close()
        await capabilities.db.close()
