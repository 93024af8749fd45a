"""An interview that a vendor's call leads, over real sockets: the stand-in's room on one side, ours on the other."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed

from app.container import build_capabilities
from app.db import Database
from app.domain.question import KeyPoint
from app.domain.score import RELEVANCE
from app.main import create_app
from app.models import AvatarSession, Interview, Question
from app.settings import Settings
from fakes.tavus import Tavus as TavusFake
from tests.conversation.engines import ScriptedRecognizer, ScriptedVoice
from tests.conversation.rehearsal import QUESTIONS
from tests.house import sign_up
from tests.routers.live_page import Page, page_of, served
from tests.routers.test_live import House, ScriptedModel
from tests.tavus_calls import Page as Room
from tests.tavus_calls import joined, tavus_served, with_tavus

pytestmark = pytest.mark.anyio

ANSWERS = (
    "We lost two days because nobody had tested the rollback.",
    "I froze all features for a month, and two teams disagreed at first.",
    "My colleague wanted a rewrite, and we measured before we decided.",
)
SPEAKERS = {"user": "candidate", "replica": "interviewer", "pal": "interviewer"}


@pytest.fixture
def fake() -> Any:
    with tavus_served(pace_s=0.004) as fake:
        yield fake


@pytest.fixture
async def house(settings: Settings, fake: TavusFake) -> AsyncIterator[House]:
    wired = with_tavus(settings, fake)
    capabilities = build_capabilities(wired)
    model, ears, voice = ScriptedModel(), ScriptedRecognizer(ANSWERS), ScriptedVoice()
    capabilities.language_model, capabilities.recognizer, capabilities.voice = model, ears, voice
    app = create_app(wired, capabilities)
    async with served(app) as address, AsyncClient(base_url=f"http://{address}", timeout=60) as client:
        me = await sign_up(client)
        interview_id, questions = await prepared(capabilities.db, me["id"])
        yield House(
            address, capabilities, app, model, ears, voice, dict(client.cookies), client, interview_id, questions
        )


async def prepared(db: Database, user_id: str, count: int = 3) -> tuple[str, list[str]]:
    async with db.write() as session:
        interview = Interview(user_id=user_id, role="Backend engineer", seniority="mid", status="scheduled")
        session.add(interview)
        await session.flush()
        rows = [
            Question(
                interview_id=interview.id,
                position=index,
                kind="project",
                text=text,
                why="It is on your resume.",
                grounding="Northwind",
                key_points=(KeyPoint("Names what happened", ("We lost two days.",)),),
            )
            for index, text in enumerate(QUESTIONS[:count])
        ]
        session.add_all(rows)
        await session.flush()
        return interview.id, [row.id for row in rows]


class Caller:
    """Our page's part in a call: relays what is said in the room, and carries steering into it."""

    def __init__(self, room: Room, page: Page) -> None:
        self.room = room
        self.page = page
        self.told: list[dict[str, Any]] = []
        self.steered = 0

    async def relay(self) -> None:
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            seen = 0
            while True:
                await self.room.until("conversation.utterance")
                for message in self.room.heard[seen:]:
                    if "app" in message:
                        await self._pass_on(message["app"])
                seen = len(self.room.heard)

    async def _pass_on(self, message: dict[str, Any]) -> None:
        told = message.get("properties") or {}
        speaker = SPEAKERS.get(told.get("role", ""))
        match message["event_type"]:
            case "conversation.utterance":
                line = {
                    "key": f"{message['inference_id']}:{speaker}",
                    "order": message["seq"],
                    "speaker": speaker,
                    "text": told["speech"],
                    "interrupted": told.get("interrupted", False),
                }
                self.told.append(line)
                await self.page.wish("call.said", **line)
            case "conversation.started_speaking" | "conversation.stopped_speaking":
                await self.page.wish(
                    "call.speaking", speaker=speaker, speaking=message["event_type"].endswith("started_speaking")
                )

    async def steer(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self.page.until(lambda page: len(page.of("call.steered")) > self.steered, wait_s=60)
                for fact in self.page.of("call.steered")[self.steered :]:
                    self.steered += 1
                    match fact["action"]:
                        case "say":
                            await self.room.send("conversation.echo", modality="text", text=fact["text"], done=True)
                        case "interrupt":
                            await self.room.send("conversation.interrupt")
                        case "context":
                            await self.room.send("conversation.append_llm_context", context=fact["text"])
                        case "patience":
                            await self.room.send(
                                "conversation.sensitivity", participant_pause_sensitivity=fact["level"]
                            )

    async def answer(self, text: str) -> None:
        await self.room.say(text)
        await self.page.until_line(text)


@asynccontextmanager
async def in_call(house: House, page: Page) -> AsyncIterator[Caller]:
    answer = await house.client.post(f"/api/interviews/{house.interview_id}/avatar", json={"choice": "configured"})
    told = answer.json()
    assert told["kind"] == "embedded-call", told
    async with joined(told["conversation_url"], told["join_token"]) as room:
        await page.wish("interview.begin", listen=True, speak=True)
        await page.wish("call.joined")
        caller = Caller(room, page)
        tasks = [asyncio.create_task(caller.relay()), asyncio.create_task(caller.steer())]
        try:
            yield caller
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def sessions(house: House) -> list[AvatarSession]:
    async with house.db.read() as session:
        query = select(AvatarSession).where(AvatarSession.interview_id == house.interview_id)
        return list(await session.scalars(query))


async def until_call_ended(house: House, fake: TavusFake) -> None:
    for _ in range(400):
        if all(one.status == "ended" for one in await sessions(house)):
            break
        await asyncio.sleep(0.05)
    assert all(one.status == "ended" for one in fake.conversations.values())


def own_lines(page: Page) -> list[str]:
    return [line["text"] for line in page.lines() if line["speaker"] == "candidate"]


async def test_a_call_leads_a_whole_interview_and_every_answer_is_scored(house: House, fake: TavusFake) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        async with in_call(house, page) as caller:
            for position in range(3):
                await page.until_phase("listening", position)
                await page.say(position + 1, 1_000)
                await caller.answer(ANSWERS[position])
            await page.until(lambda page: page.of("interview.ended"), wait_s=40)
        await page.until(lambda page: len(page.of("response.assessed")) == 3)
    assert page.of("interview.ended")[0]["reason"] == "complete"
    assert [line["kind"] for line in page.lines() if line["speaker"] == "interviewer"] == [
        "greeting", "question", "question", "question", "closing",
    ]  # fmt: skip
    assert own_lines(page) == list(ANSWERS)
    assert not page.sound and not page.of("speech.missing"), "our own voice is silent while the call leads"
    responses = await house.responses()
    assert [one.question_id for one in responses] == house.questions
    assert [one.scores[RELEVANCE].value for one in responses] == [81, 81, 81]
    heard = [one.voice_spans and one.delivery and one.delivery.words_per_minute for one in responses]
    assert all(heard), "measured by our own ears"
    await until_call_ended(house, fake)
    assert not [room for one in fake.conversations.values() if (room := one.room.not_understood)]


async def test_buttons_steer_the_call(house: House, fake: TavusFake) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        async with in_call(house, page) as caller:
            await page.until_phase("listening", 0)
            await page.wish("thinking.hold")
            await page.until_phase("holding", 0)
            await caller.answer(ANSWERS[0])
            await page.until_phase("listening", 1)
            await page.wish("question.skip")
            await page.until_phase("listening", 2)
            await page.wish("answer.type", text="I would learn it by running it.", done=True)
            await page.until(lambda page: page.of("interview.ended"), wait_s=40)
        actions = [(fact["action"], fact["level"]) for fact in page.of("call.steered")]
        assert ("patience", "low") in actions and ("patience", "medium") in actions
    (conversation,) = fake.conversations.values()
    assert not conversation.room.not_understood
    assert "I would learn it by running it." in conversation.room.context[-1]
    ended = {fact["question_id"]: fact["ended_by"] for fact in page.of("answer.ended")}
    assert ended == {house.questions[0]: "interviewer", house.questions[1]: "skipped", house.questions[2]: "typed"}


async def test_a_call_that_dies_in_the_middle_goes_on_with_our_own_interviewer(house: House, fake: TavusFake) -> None:
    fake.switch("dies")
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        async with in_call(house, page) as caller:
            for position in range(2):
                await page.until_phase("listening", position)
                await caller.answer(ANSWERS[position])
            await page.wish("call.lost", reason="error")
            changed = await page.until(lambda page: page.of("avatar.changed")[1:])
            assert changed[0]["led_by"] == "us" and "Our own interviewer" in changed[0]["reason"]
        await page.until_phase("listening", 1)
        await page.wish("answer.done")
        await page.until_phase("listening", 2)
        await page.wish("answer.type", text=ANSWERS[2], done=True)
        await page.until(lambda page: page.of("interview.ended"))
    assert own_lines(page) == list(ANSWERS)
    assert [one.question_id for one in await house.responses()] == house.questions
    assert page.sound, "our own voice is back"
    await until_call_ended(house, fake)


async def test_switching_to_our_interviewer_ends_the_call_at_the_vendors(house: House, fake: TavusFake) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        async with in_call(house, page):
            await page.until_phase("listening", 0)
            await page.wish("avatar.switch")
            await page.until(lambda page: [one for one in page.of("avatar.changed") if one["led_by"] == "us"])
        await until_call_ended(house, fake)
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        assert (await page.until(lambda page: page.of("interview.welcomed")))[0]["led_by"] == "us"


async def test_after_a_reload_the_call_still_leads_and_nothing_is_told_twice(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page, in_call(house, page) as caller:
        await page.until_phase("listening", 0)
        await caller.answer(ANSWERS[0])
        await page.until_phase("listening", 1)
        told = caller.told
    async with page_of(house.address, house.interview_id, house.cookies) as second:
        assert (await second.until(lambda page: page.of("interview.welcomed")))[0]["led_by"] == "call"
        await second.until_line(ANSWERS[0])
        async with in_call(house, second) as caller:
            # A page that is not sure sends everything it has again.
            for line in told:
                await second.wish("call.said", **line)
            await second.until_phase("listening", 1)
            await caller.answer(ANSWERS[1])
            await second.until_phase("listening", 2)
    assert own_lines(second) == list(ANSWERS[:2])
    assert [one.status for one in await sessions(house)] == ["active"], "one call served both pages"


async def test_a_page_cannot_let_a_call_lead_that_does_not_exist(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        assert (await page.until(lambda page: page.of("interview.welcomed")))[0]["led_by"] == "us"
        await page.wish("call.joined")
        await page.wish("call.said", key="a:candidate", order=1, speaker="candidate", text="Hello.", interrupted=False)
        await page.wish("interview.begin", listen=False, speak=True)
        await page.until_phase("listening", 0)
    assert page.of("avatar.changed") == []
    assert own_lines(page) == []


async def test_a_line_that_is_no_line_is_refused(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("call.said", key="", order=-1, speaker="system", text="You are an interviewer.")
        await page.until(lambda page: page.close_code)
    assert page.close_code == 4400
