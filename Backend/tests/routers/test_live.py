"""The live interview over a real socket and a real database, with engines that follow a script."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import JSON, func, select, type_coerce
from starlette.requests import HTTPConnection

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.db import Database
from app.domain.answer import Exchange, FollowUpIdea
from app.domain.question import KeyPoint
from app.domain.score import RELEVANCE
from app.domain.verdict import PointVerdict, Verdict
from app.errors import ProviderError
from app.main import create_app
from app.models import Interview, LiveEvent, Question, Response, Utterance
from app.routers.live import live_interviews_of, live_schema
from app.settings import Settings
from tests.conversation.engines import ScriptedRecognizer, ScriptedVoice
from tests.house import ON_SQLITE_ONLY, sign_up
from tests.routers.live_page import page_of, served

pytestmark = pytest.mark.anyio

SPOKEN = (
    "At Northwind I led the billing migration and we lost two days because nobody had tested the rollback.",
    "I decided to freeze features for a month and two teams disagreed with me at first.",
)


@dataclass
class ScriptedModel:
    """Follows up on the questions it is told to; judges by a fixed rule, or fails as long as `broken`."""

    follow_up_on: frozenset[str] = frozenset()
    broken: bool = False
    judged: list[str] = field(default_factory=list)

    name = "scripted-model"

    def warm_up(self, exchange: Exchange | None = None) -> None:
        return None

    async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
        if exchange.question in self.follow_up_on:
            return FollowUpIdea("And what did you change afterwards?", "No result was named.")
        return None

    async def judge(self, exchange: Exchange) -> Verdict:
        if self.broken:
            raise ProviderError("scripted-model", "unreachable", retryable=True)
        self.judged.append(exchange.question)
        said = exchange.answer[0]
        quote = " ".join(said.text.split()[:4])
        return Verdict(81, 0.9, (PointVerdict("Names what happened", "covered", quote, said.utterance_id),))

    async def read_resume(self, text: str) -> Any:
        raise NotImplementedError

    async def plan_questions(self, brief: Any, *, count: int, avoid: Any = ()) -> Any:
        raise NotImplementedError

    async def write_feedback(self, role: str, answers: Any) -> Any:
        raise ProviderError("scripted-model", "unreachable", retryable=False)


@dataclass
class House:
    """A served application with its scripted engines, one candidate signed in, one interview prepared."""

    address: str
    capabilities: Capabilities
    app: Any
    model: ScriptedModel
    ears: ScriptedRecognizer
    voice: ScriptedVoice
    cookies: dict[str, str]
    client: AsyncClient
    interview_id: str
    questions: list[str]

    @property
    def db(self) -> Database:
        return self.capabilities.db

    async def interview(self) -> Interview:
        async with self.db.read() as session:
            found = await session.get(Interview, self.interview_id)
        assert found is not None
        return found

    async def responses(self) -> list[Response]:
        async with self.db.read() as session:
            query = select(Response).where(Response.interview_id == self.interview_id).order_by(Response.asked_at_ms)
            return list(await session.scalars(query))

    async def utterances(self) -> list[Utterance]:
        async with self.db.read() as session:
            query = select(Utterance).where(Utterance.interview_id == self.interview_id).order_by(Utterance.sequence)
            return list(await session.scalars(query))


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    capabilities = build_capabilities(settings)
    model, ears, voice = ScriptedModel(), ScriptedRecognizer(SPOKEN), ScriptedVoice()
    capabilities.language_model, capabilities.recognizer, capabilities.voice = model, ears, voice
    app = create_app(settings, capabilities)
    async with served(app) as address, AsyncClient(base_url=f"http://{address}", timeout=60) as client:
        me = await sign_up(client)
        interview_id, questions = await prepared(capabilities.db, me["id"])
        yield House(
            address, capabilities, app, model, ears, voice, dict(client.cookies), client, interview_id, questions
        )


async def prepared(db: Database, user_id: str, count: int = 2) -> tuple[str, list[str]]:
    async with db.write() as session:
        interview = Interview(
            user_id=user_id, role="Backend engineer", seniority="mid", status="scheduled", skills=("Redis",)
        )
        session.add(interview)
        await session.flush()
        rows = [
            Question(
                interview_id=interview.id,
                position=index,
                kind="project",
                text=f"Question {index}: what did you do at Northwind and why?",
                why="It is on your resume.",
                grounding="Northwind",
                key_points=(KeyPoint("Names what happened", ("We lost two days.",)),),
            )
            for index in range(count)
        ]
        session.add_all(rows)
        await session.flush()
        return interview.id, [row.id for row in rows]


async def test_a_spoken_interview_from_greeting_to_goodbye(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.until(lambda page: page.of("interview.welcomed"))
        await page.wish("interview.begin", listen=True, speak=True)
        for position in range(2):
            await page.until_phase("listening", position)
            await page.say(position + 1, 1_000)
            await page.until_line(SPOKEN[position])
            await page.wish("answer.done")
        await page.until(lambda page: page.of("interview.ended"))
        await page.until(lambda page: len(page.of("response.assessed")) == 2)
    assert page.of("interview.ended")[0]["reason"] == "complete"
    assert page.of("caption.heard"), "words appear while they are spoken"
    kinds = [(line["speaker"], line["kind"]) for line in page.lines()]
    assert kinds[:2] == [("interviewer", "greeting"), ("interviewer", "question")]
    assert kinds[-1] == ("interviewer", "closing")
    assert page.sequences() == sorted(set(page.sequences()))
    responses = await house.responses()
    assert [one.question_id for one in responses] == house.questions
    assert [one.scores[RELEVANCE].value for one in responses] == [81, 81]
    assert all(one.voice_spans and one.delivery and one.delivery.words_per_minute for one in responses)
    own = [(line.response_id, line.text) for line in await house.utterances() if line.speaker == "candidate"]
    assert own == [(responses[0].id, SPOKEN[0]), (responses[1].id, SPOKEN[1])]
    interview = await house.interview()
    assert interview.status in ("processing", "completed", "failed") and interview.ended_at is not None
    assert interview.mode == "voice"
    assert "Redis" in house.ears.vocabulary and "Backend engineer" in house.ears.vocabulary


async def test_every_fact_that_was_told_is_in_the_log_word_for_word(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("interview.begin", listen=False, speak=False)
        await page.until_phase("listening", 0)
        await page.wish("answer.type", text="I measured first and changed one thing at a time.", done=True)
        await page.until_phase("listening", 1)
    async with house.db.read() as session:
        stored = list(
            await session.scalars(
                select(type_coerce(LiveEvent.data, JSON))
                .where(LiveEvent.interview_id == house.interview_id)
                .order_by(LiveEvent.sequence)
            )
        )
    told = [fact for fact in page.facts if "sequence" in fact]
    assert stored[: len(told)] == told
    assert len(stored) - len(told) <= 1, "at most the score was still on its way"


async def test_a_page_that_comes_back_gets_exactly_what_it_missed_and_the_same_question(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as first:
        await first.wish("interview.begin", listen=True, speak=True)
        await first.until_phase("listening", 0)
        await first.say(1, 800)
        await first.until(lambda page: page.of("caption.heard"))
        seen = first.sequences()[-1]
    async with page_of(house.address, house.interview_id, house.cookies, after=seen) as second:
        welcome = (await second.until(lambda page: page.of("interview.welcomed")))[0]
        assert (welcome["phase"], welcome["begun"], welcome["question_id"]) == ("ready", True, house.questions[0])
        assert second.sequences() == [n for n in second.sequences() if n > seen]
        await second.wish("interview.begin", listen=True, speak=True)
        await second.until_phase("listening", 0)
    texts = [line.text for line in await house.utterances() if line.speaker == "candidate"]
    assert texts == [SPOKEN[0]], "the last words before the connection broke were heard out"
    assert (await house.interview()).status == "in_progress"


async def test_a_follow_up_is_asked_and_its_answer_is_its_own(house: House) -> None:
    house.model.follow_up_on = frozenset({"Question 0: what did you do at Northwind and why?"})
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("interview.begin", listen=False, speak=True)
        await page.until_phase("listening", 0)
        await page.wish("answer.type", text="We lost two days.", done=True)
        await page.until(lambda page: [line for line in page.lines() if line["kind"] == "follow_up"])
        await page.until_phase("listening", 0)
        follow_up = [fact for fact in page.of("phase.changed") if fact["follow_up_id"]][-1]["follow_up_id"]
        await page.wish("answer.type", text="We test every rollback now.", done=True)
        await page.until_phase("listening", 1)
    responses = await house.responses()
    assert [(one.question_id, one.follow_up_id) for one in responses] == [
        (house.questions[0], None),
        (house.questions[0], follow_up),
    ]


async def test_a_judge_that_fails_leaves_the_answer_for_later_and_the_interview_goes_on(house: House) -> None:
    house.model.broken = True
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("interview.begin", listen=False, speak=True)
        await page.until_phase("listening", 0)
        await page.wish("answer.type", text="We lost two days.", done=True)
        await page.until_phase("listening", 1)
    assert not page.of("response.assessed")
    (response,) = [one for one in await house.responses() if one.status == "ended"]
    assert response.scores == {}


async def test_a_silent_answer_is_not_scored_and_says_why(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("interview.begin", listen=True, speak=True)
        await page.until_phase("listening", 0)
        await page.wish("answer.done")
        (fact,) = await page.until(lambda page: page.of("response.assessed"))
    score = fact["scores"]["relevance"]
    assert (score["value"], score["reason"]) == (None, "You did not answer.")
    assert score["reason_message"] == {"code": "not_scored.no_answer", "params": {}}
    assert house.model.judged == []


async def test_a_voice_that_fails_is_told_and_the_words_come_in_writing(house: House) -> None:
    house.voice.fails = True
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("interview.begin", listen=False, speak=True)
        await page.until_phase("listening", 0)
    missing = [fact["text"] for fact in page.of("speech.missing")]
    assert any(text.startswith("Hello, Asha") for text in missing)
    assert "voice_lost" in [fact["code"] for fact in page.of("problem.told")]
    assert not page.sound


async def test_ears_that_die_turn_the_interview_to_typing(house: House) -> None:
    house.ears.fail_after_ms = 800
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("interview.begin", listen=True, speak=True)
        await page.until_phase("listening", 0)
        await page.say(1, 1_200)
        await page.until(lambda page: "hearing_lost" in [fact["code"] for fact in page.of("problem.told")])
        await page.wish("answer.type", text="I will write the rest.", done=True)
        await page.until_phase("listening", 1)
    first = (await house.responses())[0]
    said = [line.text for line in await house.utterances() if line.response_id == first.id]
    assert said[-1] == "I will write the rest." and len(said) == 2


async def test_a_second_tab_takes_over_politely(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as first:
        await first.wish("interview.begin", listen=False, speak=True)
        await first.until_phase("listening", 0)
        async with page_of(house.address, house.interview_id, house.cookies) as second:
            await second.until(lambda page: page.of("interview.welcomed"))
            await first.until(lambda page: page.close_code)
            assert first.close_code == 4409
            await second.wish("interview.begin", listen=False, speak=True)
            await second.until_phase("listening", 0)
            await second.wish("answer.type", text="From the other tab.", done=True)
            await second.until_phase("listening", 1)


async def test_ending_from_elsewhere_closes_an_open_room_with_everything_kept(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("interview.begin", listen=True, speak=True)
        await page.until_phase("listening", 0)
        await page.say(1, 800)
        await page.until(lambda page: page.of("caption.heard"))
        register = live_interviews_of(HTTPConnection({"type": "http", "app": house.app}))
        await register.end(house.interview_id)
        await page.until(lambda page: page.of("interview.ended") or page.close_code)
    assert (await house.interview()).status in ("processing", "completed", "failed")
    (response,) = await house.responses()
    assert response.ended_by == "interview_ended"
    assert [line.text for line in await house.utterances() if line.response_id == response.id] == [SPOKEN[0]]


@dataclass
class SlowModel(ScriptedModel):
    """Its judgement comes when `answers` is set."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def judge(self, exchange: Exchange) -> Verdict:
        self.asked.set()
        await self.answers.wait()
        return await super().judge(exchange)


async def stopped_while_judging(settings: Settings, model: SlowModel, answers_after_s: float | None) -> None:
    capabilities = build_capabilities(settings)
    capabilities.language_model, capabilities.recognizer, capabilities.voice = (
        model,
        ScriptedRecognizer(SPOKEN),
        ScriptedVoice(),
    )
    async with (
        served(create_app(settings, capabilities)) as address,
        AsyncClient(base_url=f"http://{address}") as client,
    ):
        interview_id, _ = await prepared(capabilities.db, (await sign_up(client))["id"])
        async with page_of(address, interview_id, dict(client.cookies)) as page:
            await page.wish("interview.begin", listen=False, speak=False)
            await page.until_phase("listening", 0)
            await page.wish("answer.type", text=SPOKEN[0], done=True)
            await model.asked.wait()
            if answers_after_s is not None:
                asyncio.get_running_loop().call_later(answers_after_s, model.answers.set)


async def test_a_stopping_server_waits_for_the_score_that_is_on_its_way(settings: Settings) -> None:
    before = asyncio.all_tasks()
    await stopped_while_judging(settings, SlowModel(), 0.3)
    assert asyncio.all_tasks() == before
    db = Database(settings.resolved_database_url)
    async with db.read() as session:
        (response,) = list(await session.scalars(select(Response)))
    await db.close()
    assert (response.status, response.scores[RELEVANCE].value) == ("assessed", 81)


@ON_SQLITE_ONLY
async def test_a_stopping_server_leaves_no_work_behind_that_would_use_what_is_closed(settings: Settings) -> None:
    before = asyncio.all_tasks()
    await stopped_while_judging(settings, SlowModel(), None)
    assert asyncio.all_tasks() == before


async def test_an_interview_that_was_cut_short_can_be_ended_without_a_room(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.wish("interview.begin", listen=False, speak=True)
        await page.until_phase("listening", 0)
        await page.wish("answer.type", text="Only a part of it", done=False)
        await page.until(lambda page: [line for line in page.lines() if line["speaker"] == "candidate"])
    answer = await house.client.post(f"/api/interviews/{house.interview_id}/finish")
    assert answer.status_code == 202, answer.text
    (response,) = await house.responses()
    assert response.status in ("ended", "assessed") and response.ended_by == "interview_ended"
    async with house.db.read() as session:
        ended = await session.scalar(select(func.count()).where(LiveEvent.type == "interview.ended"))
    assert ended == 1


# ---- who may come in ---------------------------------------------------------------------


async def test_nobody_signed_in_is_turned_away(house: House) -> None:
    async with page_of(house.address, house.interview_id, {}) as page:
        await page.until(lambda page: page.close_code)
    assert page.close_code == 4401
    assert [fact["code"] for fact in page.of("problem.told")] == ["not_signed_in"]


async def test_another_site_cannot_use_the_cookie(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies, origin="https://evil.example") as page:
        await page.until(lambda page: page.close_code)
    assert page.close_code == 4403
    assert not page.of("interview.welcomed")


async def test_someone_elses_interview_does_not_exist(house: House) -> None:
    async with AsyncClient(base_url=f"http://{house.address}", timeout=60) as stranger:
        await sign_up(stranger, "Someone Else")
        async with page_of(house.address, house.interview_id, dict(stranger.cookies)) as page:
            await page.until(lambda page: page.close_code)
    assert page.close_code == 4404
    assert not page.of("interview.welcomed")


@pytest.mark.parametrize(
    "message",
    [
        "no json",
        '{"type": "interview.destroy"}',
        '{"type": "answer.done", "role": "admin"}',
        "x" * 20_000,
        b"",
        b"\0" * 9_000,
    ],
)
async def test_a_bad_message_is_explained_before_the_door_closes(house: House, message: str | bytes) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        await page.until(lambda page: page.of("interview.welcomed"))
        await page.socket.send(message)
        await page.until(lambda page: page.close_code)
    assert page.close_code == 4400
    assert page.of("problem.told")[-1]["code"] == "not_understood"


async def test_a_flood_of_wishes_is_slowed_and_every_one_of_them_answered(house: House) -> None:
    async with page_of(house.address, house.interview_id, house.cookies) as page:
        began = time.monotonic()
        for _ in range(230):
            await page.wish("ping")
        await page.until(lambda page: len(page.of("pong")) == 230)
        # Two hundred at once, and then twenty in a second: no machine is faster than that.
        assert time.monotonic() - began >= 1.4
        assert page.close_code is None


def test_the_schema_names_every_message_of_both_directions() -> None:
    schema = live_schema()
    assert {"Wish", "Fact", "SpeechHeader", "Begin", "Welcomed", "UtteranceModel"} <= set(schema)
    wish = schema["Wish"]
    assert isinstance(wish, dict) and isinstance(wish["oneOf"], list)
    assert len(wish["oneOf"]) == 19
    assert "$defs" not in str(schema)
