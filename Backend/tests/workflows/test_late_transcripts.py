"""The vendor's own transcript after the end: by webhook or by asking, at once, late, twice or never."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import func, select, update

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.conversation.call import avatar_sessions as avatar_sessions
from app.conversation.call import transcripts
from app.conversation.rules.state import named_id
from app.domain.message import message
from app.domain.question import KeyPoint
from app.domain.score import RELEVANCE
from app.main import create_app
from app.models import AvatarSession, Feedback, Interview, Question, Response, Utterance, VendorEvent, new_id, now
from app.services.avatar.base import AvatarReport, VendorUtterance
from app.services.avatar.embedded import EmbeddedAvatar
from app.settings import Settings
from app.workflows.completion import FINISH, hear_call
from app.workflows.late_transcripts import CALL
from app.workflows.workflow import Workflow
from tests.house import sign_up
from tests.inline_jobs import InlineJobs
from tests.workflows.doubles import ScriptedLanguageModel

pytestmark = pytest.mark.anyio
T = TypeVar("T")
# For a transcript that comes late on purpose: three seconds less for each test.
SOON_FINISHED = replace(
    FINISH,
    steps=tuple(
        replace(step, run=partial(hear_call, patience_s=0.1)) if step.run is hear_call else step
        for step in FINISH.steps
    ),
)
TOKEN = "a-token-nobody-can-guess"
ASKED, ANSWERED, MISSED = "What did you build?", "I built the billing service.", "It took us four months."


class ScriptedCall(EmbeddedAvatar):
    """A vendor that tells what it is told to, one report after the other; the last one for ever."""

    name = "tavus"
    kind = "embedded-call"

    def __init__(self, *reports: AvatarReport) -> None:
        self.reports: Sequence[AvatarReport] = reports
        self.asked = 0

    async def report(self, session_id: str) -> AvatarReport:
        self.asked += 1
        return self.reports[min(self.asked, len(self.reports)) - 1]


class SilentCall(ScriptedCall):
    """A vendor that takes every request and answers none until it `speaks`."""

    def __init__(self, *reports: AvatarReport) -> None:
        super().__init__(*reports)
        self.speaks = asyncio.Event()

    async def end(self, session_id: str) -> None:
        await self.speaks.wait()

    async def report(self, session_id: str) -> AvatarReport:
        await self.speaks.wait()
        return await super().report(session_id)


ENDED = AvatarReport(ended=True, ended_reason="end_conversation_endpoint_hit")
SAME = replace(
    ENDED, lines=(VendorUtterance("interviewer", ASKED, 0.0, 1.0), VendorUtterance("candidate", ANSWERED, 2.0, 2.0))
)
MORE = replace(ENDED, lines=(*(SAME.lines or ()), VendorUtterance("candidate", MISSED, 5.0, 2.0)))


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    capabilities = build_capabilities(settings)
    capabilities.jobs = InlineJobs(capabilities)
    capabilities.language_model = ScriptedLanguageModel()
    capabilities.avatar = ScriptedCall(ENDED)
    application = create_app(settings, capabilities)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def capabilities(app: FastAPI) -> Capabilities:
    capabilities: Capabilities = app.state.capabilities
    return capabilities


@pytest.fixture
async def page(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client:
        yield client


@pytest.fixture
async def interview_id(capabilities: Capabilities, page: AsyncClient) -> str:
    """An interview whose call has just been held, with one answer relayed."""
    await sign_up(page)
    owner = (await page.get("/api/auth/me")).json()["id"]
    async with capabilities.db.write() as session:
        interview = Interview(
            user_id=owner, role="Nurse", seniority="mid", status="processing", started_at=now(), ended_at=now()
        )
        session.add(interview)
        await session.flush()
        points = (KeyPoint("Point"),)
        question = Question(
            interview_id=interview.id, position=0, kind="project", text=ASKED, why="w", grounding="g", key_points=points
        )
        session.add(question)
        await session.flush()
        response = Response(
            id=named_id(interview.id, "response", question.id, ""),
            interview_id=interview.id,
            question_id=question.id,
            status="ended",
            ended_by="silence",
            start_ms=2000,
            end_ms=4000,
        )
        session.add(response)
        await session.flush()
        places = {"interview_id": interview.id, "question_id": question.id}
        session.add(
            Utterance(sequence=1, speaker="interviewer", kind="question", text=ASKED, start_ms=0, end_ms=1000, **places)
        )
        session.add(
            Utterance(
                sequence=2,
                speaker="candidate",
                text=ANSWERED,
                start_ms=2000,
                end_ms=4000,
                response_id=response.id,
                **places,
            )
        )
        session.add(
            AvatarSession(
                id=new_id(),
                interview_id=interview.id,
                provider="tavus",
                name="interview-1",
                vendor_id="c1",
                status="active",
                callback_hash=avatar_sessions.hash_of(TOKEN),
            )
        )
        return interview.id


async def run(capabilities: Capabilities, workflow: Workflow, interview_id: str) -> None:
    for step in workflow.steps:
        await step.run(capabilities, interview_id)


async def texts(capabilities: Capabilities, interview_id: str) -> list[str]:
    async with capabilities.db.read() as session:
        query = select(Utterance.text).where(Utterance.interview_id == interview_id).order_by(Utterance.sequence)
        return list(await session.scalars(query))


async def one(capabilities: Capabilities, what: type[T]) -> T:
    async with capabilities.db.read() as session:
        found = (await session.scalars(select(what))).all()
    assert len(found) == 1
    return found[0]


async def due_now(capabilities: Capabilities) -> None:
    async with capabilities.db.write() as session:
        await session.execute(
            update(AvatarSession).where(AvatarSession.look_at.is_not(None)).values(look_at=now() - timedelta(seconds=1))
        )


def vendor(capabilities: Capabilities, *reports: AvatarReport) -> ScriptedCall:
    capabilities.avatar = ScriptedCall(*reports)
    return capabilities.avatar


def event(kind: str = "application.transcription_ready", **changes: Any) -> dict[str, Any]:
    """As the vendor's documents show it."""
    return {
        "properties": {"replica_id": "r1"},
        "conversation_id": "c1",
        "webhook_url": "https://dost.example/api/webhooks/tavus/1/t",
        "event_type": kind,
        "message_type": kind.split(".")[0],
        "timestamp": "2025-07-11T06:45:47.472000Z",
    } | changes


async def told(page: AsyncClient, interview_id: str, body: Any, token: str = TOKEN) -> int:
    return (await page.post(f"/api/webhooks/tavus/{interview_id}/{token}", json=body)).status_code


# ---- merging ----------------------------------------------------------------------------


async def test_a_quick_transcript_is_in_the_first_results(capabilities: Capabilities, interview_id: str) -> None:
    vendor(capabilities, ENDED, MORE)
    await run(capabilities, FINISH, interview_id)
    assert await texts(capabilities, interview_id) == [ASKED, ANSWERED, MISSED]
    assert (await one(capabilities, Interview)).status == "completed"
    assert isinstance(capabilities.language_model, ScriptedLanguageModel)
    assert capabilities.language_model.calls == ["judge", "write_feedback"]
    assert (await one(capabilities, AvatarSession)).transcript_at is not None


@pytest.mark.parametrize("ended_by_itself", [False, True])
async def test_a_vendor_that_says_nothing_holds_up_no_results_and_is_told_and_heard_later(
    capabilities: Capabilities, interview_id: str, monkeypatch: pytest.MonkeyPatch, ended_by_itself: bool
) -> None:
    monkeypatch.setattr(avatar_sessions, "TELL_S", 0.05)
    monkeypatch.setattr("app.workflows.completion.ONE_LOOK_S", 0.3)
    capabilities.avatar = silent = SilentCall(MORE)
    if ended_by_itself:
        await avatar_sessions.mark_ended(
            capabilities.db, (await one(capabilities, AvatarSession)).id, "max_call_duration"
        )
    await run(capabilities, SOON_FINISHED, interview_id)
    assert (await one(capabilities, Interview)).status == "completed"
    assert (await one(capabilities, AvatarSession)).status == ("ended" if ended_by_itself else "ending")
    silent.speaks.set()
    await avatar_sessions.reap(capabilities)
    assert (await one(capabilities, AvatarSession)).status == "ended"
    assert list(await CALL.waiting(capabilities, 10)) == [interview_id]
    await run(capabilities, CALL, interview_id)
    assert await texts(capabilities, interview_id) == [ASKED, ANSWERED, MISSED]


async def test_results_do_not_wait_for_a_late_transcript_and_follow_it_when_it_comes(
    capabilities: Capabilities, interview_id: str
) -> None:
    vendor(capabilities, ENDED)
    await run(capabilities, FINISH, interview_id)
    before = await one(capabilities, Feedback)
    assert (await one(capabilities, Interview)).status == "completed"
    vendor(capabilities, MORE)
    await due_now(capabilities)
    assert list(await transcripts.waiting(capabilities, 10)) == [interview_id]
    await run(capabilities, CALL, interview_id)
    assert await texts(capabilities, interview_id) == [ASKED, ANSWERED, MISSED]
    assert (await one(capabilities, Feedback)).created_at > before.created_at
    assert (await one(capabilities, Response)).status == "assessed"
    assert list(await transcripts.waiting(capabilities, 10)) == []
    assert isinstance(capabilities.language_model, ScriptedLanguageModel)
    assert capabilities.language_model.calls == ["judge", "write_feedback", "judge", "write_feedback"]


async def test_a_transcript_that_says_the_same_costs_no_second_judgement(
    capabilities: Capabilities, interview_id: str
) -> None:
    vendor(capabilities, ENDED)
    await run(capabilities, SOON_FINISHED, interview_id)
    vendor(capabilities, SAME)
    await due_now(capabilities)
    await run(capabilities, CALL, interview_id)
    await run(capabilities, CALL, interview_id)
    assert await texts(capabilities, interview_id) == [ASKED, ANSWERED]
    assert isinstance(capabilities.language_model, ScriptedLanguageModel)
    assert capabilities.language_model.calls == ["judge", "write_feedback"]


async def test_merging_twice_at_once_is_merging_once(capabilities: Capabilities, interview_id: str) -> None:
    vendor(capabilities, MORE)
    await avatar_sessions.end(capabilities, interview_id)
    await due_now(capabilities)
    await asyncio.gather(*(transcripts.look(capabilities, interview_id) for _ in range(3)))
    assert await texts(capabilities, interview_id) == [ASKED, ANSWERED, MISSED]


async def test_a_line_missing_in_the_middle_gets_its_place(capabilities: Capabilities, interview_id: str) -> None:
    lines = SAME.lines or ()
    vendor(capabilities, replace(ENDED, lines=(lines[0], VendorUtterance("candidate", MISSED, 1.2, 0.5), lines[1])))
    await run(capabilities, FINISH, interview_id)
    assert await texts(capabilities, interview_id) == [ASKED, MISSED, ANSWERED]
    async with capabilities.db.read() as session:
        sequences = list(await session.scalars(select(Utterance.sequence).order_by(Utterance.sequence)))
    assert sequences == [1, 2, 3]


async def test_a_job_killed_after_merging_still_renews_the_feedback(
    capabilities: Capabilities, interview_id: str
) -> None:
    vendor(capabilities, ENDED)
    await run(capabilities, SOON_FINISHED, interview_id)
    vendor(capabilities, MORE)
    await due_now(capabilities)
    await CALL.steps[0].run(capabilities, interview_id)
    before = await one(capabilities, Feedback)
    assert list(await transcripts.waiting(capabilities, 10)) == [interview_id]
    await run(capabilities, CALL, interview_id)
    assert (await one(capabilities, Feedback)).created_at > before.created_at


async def test_a_transcript_that_never_comes_is_given_up_after_more_than_five_minutes(
    capabilities: Capabilities, interview_id: str
) -> None:
    call = vendor(capabilities, ENDED)
    await avatar_sessions.end(capabilities, interview_id)
    while await transcripts.look(capabilities, interview_id):
        await due_now(capabilities)
    assert call.asked == len(transcripts.LOOKS_S) + 1
    assert sum(transcripts.LOOKS_S) >= 300
    row = await one(capabilities, AvatarSession)
    assert (row.look_at, row.transcript_at) == (None, None)
    assert await texts(capabilities, interview_id) == [ASKED, ANSWERED]


async def test_an_answer_that_could_not_be_judged_again_says_so(capabilities: Capabilities, interview_id: str) -> None:
    vendor(capabilities, ENDED)
    await run(capabilities, SOON_FINISHED, interview_id)
    vendor(capabilities, MORE)
    await due_now(capabilities)
    await CALL.steps[0].run(capabilities, interview_id)
    await CALL.give_up(capabilities, interview_id, "service_failed")
    assert (await one(capabilities, Response)).status == "ended"
    await CALL.give_up(capabilities, interview_id, "job_crashed")
    response = await one(capabilities, Response)
    assert (response.status, response.scores[RELEVANCE].value) == ("assessed", None)
    assert response.scores[RELEVANCE].reason == message("not_scored.late")
    assert list(await transcripts.waiting(capabilities, 10)) == []


# ---- webhooks -----------------------------------------------------------------------------


async def test_an_event_has_the_vendor_asked_and_is_not_believed_itself(
    capabilities: Capabilities, page: AsyncClient, interview_id: str
) -> None:
    vendor(capabilities, ENDED)
    await run(capabilities, SOON_FINISHED, interview_id)
    forged = {"transcript": [{"role": "user", "content": "I am perfect."}]}
    assert await told(page, interview_id, event(properties=forged)) == 204
    vendor(capabilities, MORE)
    assert list(await transcripts.waiting(capabilities, 10)) == [interview_id]
    await run(capabilities, CALL, interview_id)
    assert await texts(capabilities, interview_id) == [ASKED, ANSWERED, MISSED]


async def test_an_event_in_mid_interview_finds_a_call_that_ended(
    capabilities: Capabilities, page: AsyncClient, interview_id: str
) -> None:
    async with capabilities.db.write() as session:
        await session.execute(update(Interview).values(status="in_progress"))
    vendor(capabilities, AvatarReport(ended=True, ended_reason="max_call_duration reached"))
    assert await told(page, interview_id, event("system.shutdown")) == 204
    assert list(await transcripts.waiting(capabilities, 10)) == [interview_id]
    await run(capabilities, CALL, interview_id)
    row = await one(capabilities, AvatarSession)
    assert (row.status, row.ended_reason) == ("ended", "max_call_duration reached")


async def test_an_event_about_a_call_that_runs_changes_nothing(
    capabilities: Capabilities, page: AsyncClient, interview_id: str
) -> None:
    async with capabilities.db.write() as session:
        await session.execute(update(Interview).values(status="in_progress"))
    vendor(capabilities, AvatarReport(ended=False))
    assert await told(page, interview_id, event("system.shutdown")) == 204
    await run(capabilities, CALL, interview_id)
    assert (await one(capabilities, AvatarSession)).status == "active"
    assert list(await transcripts.waiting(capabilities, 10)) == []


async def test_the_same_event_is_taken_once_under_either_name_and_in_any_order(
    capabilities: Capabilities, page: AsyncClient, interview_id: str
) -> None:
    kinds = ["application.transcription_ready", "system.shutdown", "system.pal_joined", "system.replica_joined"]
    for kind in kinds + kinds:
        assert await told(page, interview_id, event(kind)) == 204
    async with capabilities.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(VendorEvent)) == 3


@pytest.mark.parametrize(
    ("change", "token", "status"),
    [
        ({}, "another-token", 404),
        ({"conversation_id": "c2"}, TOKEN, 404),
        ({"conversation_id": ""}, TOKEN, 422),
        ({"event_type": None}, TOKEN, 422),
        ({"event_type": "something.new"}, TOKEN, 204),
    ],
)
async def test_only_this_calls_own_address_is_answered(
    page: AsyncClient, interview_id: str, change: dict[str, Any], token: str, status: int
) -> None:
    assert await told(page, interview_id, event(**change), token) == status


async def test_another_interviews_address_does_not_open_this_one(page: AsyncClient, interview_id: str) -> None:
    assert await told(page, new_id(), event()) == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b"\xff\xfe"])
async def test_what_is_no_event_is_refused(page: AsyncClient, interview_id: str, body: bytes) -> None:
    answer = await page.post(f"/api/webhooks/tavus/{interview_id}/{TOKEN}", content=body)
    assert answer.status_code == 422


async def test_an_event_over_a_megabyte_is_refused_unread(page: AsyncClient, interview_id: str) -> None:
    large = json.dumps(event(properties={"analysis": "x" * (1024 * 1024)})).encode()
    path = f"/api/webhooks/tavus/{interview_id}/{TOKEN}"
    assert (await page.post(path, content=large)).status_code == 413

    async def in_parts() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 65_536):
            yield large[start : start + 65_536]

    assert (await page.post(path, content=in_parts())).status_code == 413
