"""Who leads an interview: asked for by the page, with the stand-in for the vendor behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select, update

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.errors import ProviderError
from app.main import create_app
from app.models import AvatarSession, Interview, Profile, Question, Response, now
from app.services.avatar.base import Avatar, AvatarBrief
from app.services.avatar.base import AvatarConnection as Call
from app.settings import Settings
from fakes.tavus import Tavus as TavusFake
from tests.inline_jobs import InlineJobs
from tests.tavus_calls import joined, tavus_served, with_tavus

pytestmark = pytest.mark.anyio
TEXTS = ("What did you build at Acme?", "Why Kafka?")


@pytest.fixture
def fake() -> Any:
    with tavus_served() as fake:
        yield fake


@pytest.fixture
async def app(settings: Settings, fake: TavusFake) -> AsyncIterator[FastAPI]:
    wired = with_tavus(settings, fake)
    capabilities = build_capabilities(wired)
    capabilities.jobs = InlineJobs(capabilities)
    application = create_app(wired, capabilities)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def capabilities(app: FastAPI) -> Capabilities:
    capabilities: Capabilities = app.state.capabilities
    return capabilities


@pytest.fixture
async def interview_id(capabilities: Capabilities, candidate: AsyncClient) -> str:
    owner = (await candidate.get("/api/auth/me")).json()["id"]
    async with capabilities.db.write() as session:
        profile = Profile(
            user_id=owner, source="text", resume_text="r", headline="Backend engineer", skills=("Python", "Kafka")
        )
        session.add(profile)
        await session.flush()
        interview = Interview(
            user_id=owner, profile_id=profile.id, role="Backend Engineer", seniority="mid", status="scheduled"
        )
        session.add(interview)
        await session.flush()
        for position, text in enumerate(TEXTS):
            session.add(
                Question(
                    interview_id=interview.id, position=position, kind="project", text=text, why="w", grounding="g"
                )
            )
        return interview.id


async def ask(client: AsyncClient, interview_id: str, choice: str = "configured") -> dict[str, Any]:
    answer = await client.post(f"/api/interviews/{interview_id}/avatar", json={"choice": choice})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def rows(capabilities: Capabilities, interview_id: str) -> list[AvatarSession]:
    async with capabilities.db.read() as session:
        query = select(AvatarSession).where(AvatarSession.interview_id == interview_id)
        return list(await session.scalars(query.order_by(AvatarSession.created_at)))


async def age(capabilities: Capabilities, interview_id: str, **times: timedelta) -> None:
    """Puts moments of the interview's calls that far into the past."""
    values = {name: now() - ago for name, ago in times.items()}
    async with capabilities.db.write() as session:
        await session.execute(update(AvatarSession).where(AvatarSession.interview_id == interview_id).values(**values))


def statuses(fake: TavusFake) -> list[str]:
    return [one.status for one in sorted(fake.conversations.values(), key=lambda one: one.created_at)]


async def test_the_page_gets_a_call_it_can_join(candidate: AsyncClient, interview_id: str, fake: TavusFake) -> None:
    told = await ask(candidate, interview_id)
    assert (told["kind"], told["vendor"], told["problem"]) == ("embedded-call", "tavus", None)
    assert told["call_origin"] == fake.address
    async with joined(told["conversation_url"], told["join_token"]) as page:
        await page.until("conversation.utterance", TEXTS[0])
    assert page.said()[0] == (
        "replica",
        "Hello, Asha, it's good to meet you. I'll ask you two questions for the role of Backend Engineer. "
        "Take your time with each one, and let's begin.",
    )
    [asked] = fake.conversations.values()
    assert "Python, Kafka" in asked.asked.conversational_context


async def test_asking_again_gives_the_same_call(candidate: AsyncClient, interview_id: str, fake: TavusFake) -> None:
    assert await ask(candidate, interview_id) == await ask(candidate, interview_id)
    assert len(fake.conversations) == 1


async def test_two_tabs_at_once_make_one_call(candidate: AsyncClient, interview_id: str, fake: TavusFake) -> None:
    told = await asyncio.gather(*(ask(candidate, interview_id) for _ in range(4)))
    assert len({one["conversation_url"] for one in told}) == 1
    assert len(fake.conversations) == 1


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("busy", "avatar_busy"),
        ("no-credit", "avatar_no_credit"),
        ("create-fails", "avatar_unavailable"),
        ("down", "avatar_unavailable"),
        ("foreign-url", "avatar_unavailable"),
    ],
)
async def test_a_refusal_is_told_in_plain_words_with_the_built_in_interviewer_at_hand(
    candidate: AsyncClient, interview_id: str, fake: TavusFake, mode: str, code: str
) -> None:
    fake.switch(mode)
    told = await ask(candidate, interview_id)
    assert told["kind"] == "built-in"
    assert told["persona"]
    assert told["problem"]["code"] == code
    assert "active" not in statuses(fake) or mode == "foreign-url"
    fake.switch("")
    assert (await ask(candidate, interview_id))["kind"] == "embedded-call"
    assert statuses(fake).count("active") == 1


@pytest.mark.parametrize("mode", ["create-lost", "create-lost-500", "create-unreadable"])
async def test_a_call_whose_answer_was_lost_is_ended_before_another_is_made(
    candidate: AsyncClient, interview_id: str, fake: TavusFake, mode: str
) -> None:
    fake.switch(mode, 1)
    told = await ask(candidate, interview_id)
    assert told["kind"] == "embedded-call"
    assert statuses(fake) == ["ended", "active"]


async def test_while_it_cannot_be_known_whether_a_call_exists_none_is_made_beside_it(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    async with capabilities.db.write() as session:
        # As a process leaves it that died while the vendor was answering.
        await session.execute(update(AvatarSession).values(status="starting", vendor_id=""))
    await age(capabilities, interview_id, created_at=timedelta(minutes=2))
    fake.switch("down")
    assert (await ask(candidate, interview_id))["problem"]["code"] == "avatar_unavailable"
    assert len(fake.conversations) == 1
    fake.switch("")
    assert (await ask(candidate, interview_id))["kind"] == "embedded-call"
    assert statuses(fake) == ["ended", "active"]


class LostAnswer:
    """The vendor makes the call, its answer is lost, and looking for the call takes until `answers`."""

    def __init__(self, vendor: Avatar) -> None:
        self._vendor = vendor
        self._made: Call | None = None
        self.looking, self.answers = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._vendor, name)

    async def start(self, brief: AvatarBrief) -> Call:
        self._made = await self._vendor.start(brief)
        raise ProviderError(self._vendor.name, "timeout", retryable=True)

    async def find(self, name: str) -> Call | None:
        self.looking.set()
        await self.answers.wait()
        return self._made


async def test_somebody_who_waits_for_a_silent_vendor_is_told_so_before_long_and_nothing_is_left_running(
    candidate: AsyncClient,
    interview_id: str,
    capabilities: Capabilities,
    fake: TavusFake,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(avatar_sessions, "LOOK_S", 0.05)
    slow = LostAnswer(capabilities.avatar)
    capabilities.avatar = cast(Avatar, slow)
    for _ in range(2):
        assert (await ask(candidate, interview_id))["problem"]["code"] == "avatar_unavailable"
    assert statuses(fake) == ["active"]
    slow.answers.set()
    await avatar_sessions.reap(capabilities)
    assert statuses(fake) == ["ended"]


async def test_a_call_that_is_found_after_the_person_went_on_without_it_is_ended(
    candidate: AsyncClient, interview_id: str, capabilities: Capabilities, fake: TavusFake
) -> None:
    slow = LostAnswer(capabilities.avatar)
    capabilities.avatar = cast(Avatar, slow)
    path = f"/api/interviews/{interview_id}/avatar"
    asked = asyncio.create_task(candidate.post(path, json={"choice": "configured"}))
    await slow.looking.wait()
    slow.looking.clear()
    switched = asyncio.create_task(candidate.post(path, json={"choice": "built-in"}))
    await slow.looking.wait()
    slow.answers.set()
    assert (await asked).status_code == 409
    assert (await switched).json()["kind"] == "built-in"
    assert statuses(fake) == ["ended"]
    assert {row.status for row in await rows(capabilities, interview_id)} == {"ended"}


async def test_the_built_in_interviewer_can_be_chosen_and_ends_the_call(
    candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    assert (await ask(candidate, interview_id, "built-in"))["kind"] == "built-in"
    assert statuses(fake) == ["ended"]


async def test_a_call_that_the_vendor_closed_is_replaced_and_asks_only_what_is_left(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    first = await ask(candidate, interview_id)
    async with capabilities.db.write() as session:
        question = await session.scalar(select(Question.id).where(Question.text == TEXTS[0]))
        session.add(Response(interview_id=interview_id, question_id=question, status="ended", ended_by="silence"))
        await session.execute(update(Interview).values(status="in_progress", started_at=now()))
    await capabilities.avatar.end(first["conversation_url"].rsplit("/", 1)[1])
    second = await ask(candidate, interview_id)
    assert second["conversation_url"] != first["conversation_url"]
    async with joined(second["conversation_url"], second["join_token"]) as page:
        await page.until("conversation.utterance", TEXTS[1])
    assert [said for _, said in page.said()] == ["Welcome back, Asha. Let's pick up where we were.", TEXTS[1]]


async def test_a_call_whose_token_has_run_out_is_ended_and_replaced(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    await age(capabilities, interview_id, join_until=timedelta(seconds=1))
    told = await ask(candidate, interview_id)
    assert statuses(fake) == ["ended", "active"]
    async with joined(told["conversation_url"], told["join_token"]):
        pass


async def test_an_interview_that_is_over_gets_no_call(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    async with capabilities.db.write() as session:
        await session.execute(update(Interview).values(status="completed"))
    answer = await candidate.post(f"/api/interviews/{interview_id}/avatar", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "interview_not_ready")
    assert not fake.conversations


async def test_ending_the_interview_ends_the_call(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    async with capabilities.db.write() as session:
        await session.execute(update(Interview).values(status="in_progress", started_at=now()))
    await candidate.post(f"/api/interviews/{interview_id}/finish")
    await capabilities.jobs.stop()
    assert statuses(fake) == ["ended"]
    assert [row.status for row in await rows(capabilities, interview_id)] == ["ended"]


async def test_a_page_that_says_goodbye_has_a_moment_to_come_back(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    first = await ask(candidate, interview_id)
    assert (await candidate.post(f"/api/interviews/{interview_id}/avatar/end")).status_code == 204
    await avatar_sessions.reap(capabilities)
    assert await ask(candidate, interview_id) == first
    assert (await candidate.post(f"/api/interviews/{interview_id}/avatar/end")).status_code == 204
    [row] = await rows(capabilities, interview_id)
    assert now() - row.seen_at >= avatar_sessions.UNSEEN - avatar_sessions.RELOAD
    await age(capabilities, interview_id, seen_at=now() - row.seen_at + avatar_sessions.RELOAD)
    await avatar_sessions.reap(capabilities)
    assert statuses(fake) == ["ended"]


async def test_a_call_nobody_is_seen_in_is_ended_and_a_seen_one_is_not(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    await age(capabilities, interview_id, seen_at=timedelta(minutes=3))
    await avatar_sessions.seen(capabilities.db, interview_id)
    await avatar_sessions.reap(capabilities)
    assert statuses(fake) == ["active"]
    await age(capabilities, interview_id, seen_at=timedelta(minutes=3))
    await avatar_sessions.reap(capabilities)
    assert statuses(fake) == ["ended"]


async def test_a_call_that_could_not_be_ended_is_ended_later(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    fake.switch("end-fails")
    await avatar_sessions.end(capabilities, interview_id)
    assert [row.status for row in await rows(capabilities, interview_id)] == ["ending"]
    async with capabilities.db.read() as session:
        assert await avatar_sessions.active_session(session, interview_id) is None
    fake.switch("")
    await avatar_sessions.reap(capabilities)
    assert statuses(fake) == ["ended"]
    assert [row.status for row in await rows(capabilities, interview_id)] == ["ended"]


async def test_what_a_lost_answer_left_behind_is_ended_by_the_sweep(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    async with capabilities.db.write() as session:
        await session.execute(update(AvatarSession).values(status="starting", vendor_id=""))
    await avatar_sessions.reap(capabilities)
    assert statuses(fake) == ["active"]
    await age(capabilities, interview_id, created_at=timedelta(minutes=2))
    await avatar_sessions.reap(capabilities)
    assert statuses(fake) == ["ended"]


async def test_a_call_that_never_came_to_be_is_looked_for_only_so_long(
    capabilities: Capabilities, candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    fake.switch("create-fails")
    await ask(candidate, interview_id)
    fake.switch("")
    await avatar_sessions.reap(capabilities)
    assert [row.status for row in await rows(capabilities, interview_id)] == ["ending"]
    await age(capabilities, interview_id, created_at=timedelta(minutes=11))
    await avatar_sessions.reap(capabilities)
    assert [(row.status, row.failure) for row in await rows(capabilities, interview_id)] == [("failed", "never_made")]


async def test_deleting_an_interview_has_the_vendor_forget_it(
    candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    assert (await candidate.delete(f"/api/interviews/{interview_id}")).status_code == 204
    assert not fake.conversations


async def test_deleting_an_account_has_the_vendor_forget_it(
    candidate: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    gone = await candidate.request("DELETE", "/api/auth/me", json={"password": "correct horse battery"})
    assert gone.is_success, gone.text
    assert not fake.conversations


async def test_somebody_else_can_neither_start_nor_end_a_call(
    candidate: AsyncClient, other: AsyncClient, interview_id: str, fake: TavusFake
) -> None:
    await ask(candidate, interview_id)
    for path, body in (("", {"choice": "configured"}), ("", {"choice": "built-in"}), ("/end", None)):
        answer = await other.post(f"/api/interviews/{interview_id}/avatar{path}", json=body)
        assert answer.status_code == 404
    assert statuses(fake) == ["active"]


@pytest.mark.parametrize(
    ("public_url", "told"),
    [("https://dost.example", True), ("http://dost.example", False), ("https://localhost:8000", False)],
)
async def test_only_a_public_address_is_given_for_callbacks(
    capabilities: Capabilities,
    candidate: AsyncClient,
    interview_id: str,
    fake: TavusFake,
    public_url: str,
    told: bool,
) -> None:
    capabilities.settings = capabilities.settings.model_copy(update={"public_url": public_url})
    await ask(candidate, interview_id)
    [made] = fake.conversations.values()
    assert made.asked.callback_url.startswith(f"{public_url}/api/webhooks/tavus/{interview_id}/") is told
    [row] = await rows(capabilities, interview_id)
    assert row.callback_hash not in made.asked.callback_url


async def test_without_a_vendor_the_built_in_interviewer_leads(
    settings: Settings,
    browser: Callable[[], AsyncClient],
    candidate: AsyncClient,
    interview_id: str,
    capabilities: Capabilities,
) -> None:
    capabilities.avatar = build_capabilities(settings).avatar
    assert await ask(candidate, interview_id) == {
        "kind": "built-in",
        "persona": "maya",
        "conversation_url": None,
        "join_token": None,
        "call_origin": None,
        "vendor": None,
        "problem": None,
    }
