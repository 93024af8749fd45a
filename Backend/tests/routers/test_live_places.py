"""The door of the interview room over a real socket: refused with a time to come back, and typing goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from httpx2 import AsyncClient
from starlette.requests import HTTPConnection

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.conversation.room.voice_places import MAX_LAG_MS
from app.main import create_app
from app.routers.live import live_interviews_of
from app.settings import Settings
from tests.conversation.engines import ScriptedVoice
from tests.conversation.room.test_recognizer_feed import GatedRecognizer
from tests.house import ON_SQLITE_ONLY, sign_up
from tests.routers.live_page import Page, page_of, served
from tests.routers.test_live import ScriptedModel, prepared
from tests.workflows.waiting import until

pytestmark = [pytest.mark.anyio, ON_SQLITE_ONLY]
"""Who is let in is decided without the database."""


@dataclass
class Door:
    address: str
    capabilities: Capabilities
    app: Any
    stack: AsyncExitStack

    async def person(self) -> tuple[AsyncClient, str]:
        client = await self.stack.enter_async_context(AsyncClient(base_url=f"http://{self.address}", timeout=60))
        return client, str((await sign_up(client))["id"])

    async def interview(self, user_id: str) -> str:
        return (await prepared(self.capabilities.db, user_id))[0]

    async def enter(self, client: AsyncClient, interview_id: str, *, typed: bool = False) -> Page:
        """Welcomed or refused."""
        page = await self.stack.enter_async_context(
            page_of(self.address, interview_id, dict(client.cookies), typed=typed)
        )
        await page.until(lambda page: page.of("interview.welcomed") or page.close_code)
        return page


@pytest.fixture
async def door(settings: Settings) -> AsyncIterator[Door]:
    capabilities = build_capabilities(settings.model_copy(update={"voice_places": 2}))
    capabilities.language_model, capabilities.voice = ScriptedModel(), ScriptedVoice()
    capabilities.recognizer = GatedRecognizer()
    capabilities.recognizer.let.set()
    app = create_app(settings, capabilities)
    async with served(app) as address, AsyncExitStack() as stack:
        yield Door(address, capabilities, app, stack)


def refused(page: Page, code: str) -> None:
    assert page.close_code == 1013
    (problem,) = page.of("problem.told")
    assert problem["code"] == code and problem["retry_after_s"] > 0


async def test_a_full_house_refuses_the_next_voice_says_when_to_come_back_and_lets_type(door: Door) -> None:
    people = [await door.person() for _ in range(3)]
    ids = [await door.interview(user_id) for _, user_id in people]
    first, second = [await door.enter(people[n][0], ids[n]) for n in range(2)]
    refused(await door.enter(people[2][0], ids[2]), "too_many_live")
    typed = await door.enter(people[2][0], ids[2], typed=True)
    assert typed.of("interview.welcomed")[0]["hears"] is False
    await typed.wish("interview.begin", listen=True, speak=False)
    await typed.until_phase("listening", 0)
    assert first.close_code is None and second.close_code is None


async def test_a_room_that_breaks_off_keeps_its_place_while_others_wait_for_one(door: Door) -> None:
    people = [await door.person() for _ in range(3)]
    ids = [await door.interview(user_id) for _, user_id in people]
    first, _ = [await door.enter(people[n][0], ids[n]) for n in range(2)]
    await first.wish("interview.begin", listen=True, speak=False)
    await first.until_phase("listening", 0)
    await first.socket.close()
    register = live_interviews_of(HTTPConnection({"type": "http", "app": door.app}))

    async def left() -> bool:
        return not register.is_live(ids[0])

    await until(left, "the room is left")
    refused(await door.enter(people[2][0], ids[2]), "too_many_live")
    again = await door.enter(people[0][0], ids[0])
    assert again.of("interview.welcomed")[0]["begun"] is True


async def test_a_third_room_of_one_person_is_refused_and_leaves_the_others_alone(door: Door) -> None:
    client, user_id = await door.person()
    pages = [await door.enter(client, await door.interview(user_id), typed=True) for _ in range(2)]
    refused(await door.enter(client, await door.interview(user_id), typed=True), "own_rooms_full")
    assert [page.close_code for page in pages] == [None, None]
    other, other_id = await door.person()
    assert (await door.enter(other, await door.interview(other_id))).of("interview.welcomed")


async def test_nobody_new_is_heard_while_the_ears_are_behind(door: Door) -> None:
    recognizer = door.capabilities.recognizer
    assert isinstance(recognizer, GatedRecognizer)
    (speaker, speaker_id), (other, other_id) = await door.person(), await door.person()
    interview_id, waiting_id = await door.interview(speaker_id), await door.interview(other_id)
    page = await door.enter(speaker, interview_id)
    await page.wish("interview.begin", listen=True, speak=False)
    await page.until_phase("listening", 0)
    recognizer.let.clear()
    register = live_interviews_of(HTTPConnection({"type": "http", "app": door.app}))
    await page.say(1, 400)

    async def behind() -> bool:
        return register._lag_ms() > MAX_LAG_MS

    await until(behind, "the ears are behind")
    refused(await door.enter(other, waiting_id), "too_many_live")
    assert (await door.enter(other, waiting_id, typed=True)).of("interview.welcomed")
    recognizer.let.set()
    await page.until_line("I led the migration.")
    assert page.close_code is None
