"""Our side of Tavus, against the stand-in and against what the vendor's documents show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from app.errors import ProviderError
from app.services.avatar.base import VendorUtterance
from app.services.avatar.tavus.avatar import PERSONA_NAME, Tavus
from fakes.credentials import TAVUS_API_KEY, TAVUS_REPLICA_ID
from fakes.tavus import Tavus as TavusFake
from fakes.tavus_bodies import NewPersona
from tests.tavus_calls import QUESTIONS, adapter, brief, close_adapters, joined, tavus_served

pytestmark = pytest.mark.anyio


@pytest.fixture
async def fake() -> AsyncIterator[TavusFake]:
    with tavus_served() as fake:
        yield fake
        await close_adapters()


def created(fake: TavusFake) -> list[dict[str, Any]]:
    asked = [one for one in fake.asked if (one.method, one.path) == ("POST", "/v2/conversations")]
    return [json.loads(one.body) for one in asked]


async def failure(work: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await work
    return caught.value


async def test_a_call_is_private_bounded_and_knows_the_interview(fake: TavusFake) -> None:
    session = await adapter(fake).start(brief(callback_url="https://dost.example/api/webhooks/tavus/1/t"))
    [body] = created(fake)
    assert session.conversation_url == f"{fake.address}/{session.id}"
    assert session.join_token
    assert body["require_auth"] is True
    assert body["max_participants"] == 2
    assert body["properties"]["participant_left_timeout"] == 60
    assert 0 < body["properties"]["participant_absent_timeout"] <= 900
    assert body["properties"]["max_call_duration"] == 3600
    assert body["custom_greeting"] == "Hello, Asha."
    assert body["callback_url"].endswith("/webhooks/tavus/1/t")
    assert body["replica_id"] == TAVUS_REPLICA_ID
    assert not {"pal_id", "face_id"} & set(body)
    assert all(question in body["conversational_context"] for question in QUESTIONS)


async def test_without_an_address_the_vendor_could_reach_none_is_given(fake: TavusFake) -> None:
    await adapter(fake).start(brief(callback_url=None))
    assert "callback_url" not in created(fake)[0]


async def test_the_interviewer_asks_our_questions_in_our_words(fake: TavusFake) -> None:
    session = await adapter(fake).start(brief())
    async with joined(session.conversation_url or "", session.join_token or "") as page:
        await page.until("conversation.utterance", QUESTIONS[0])
        for question in QUESTIONS[1:]:
            await page.say("I built it with two others.")
            await page.until("conversation.utterance", question)


@pytest.mark.parametrize("names", ["", "new-names", "mixed-names"])
async def test_one_persona_is_made_and_used_again_under_either_name(fake: TavusFake, names: str) -> None:
    fake.switch(names)
    for _ in range(2):
        # A new adapter each time, as after a restart.
        await adapter(fake).start(brief())
    assert [persona.persona_name for persona in fake.personas.values()] == [PERSONA_NAME]
    assert [body["persona_id"] for body in created(fake)] == [*fake.personas, *fake.personas]


async def test_a_persona_on_a_later_page_is_found(fake: TavusFake) -> None:
    others = {f"p{number}": NewPersona(persona_name=f"Somebody {number}", system_prompt="p") for number in range(60)}
    fake.personas.update(others)
    await adapter(fake).start(brief("first"))
    await adapter(fake).start(brief("second"))
    assert len(fake.personas) == 61


async def test_a_configured_persona_is_used_and_none_is_made(fake: TavusFake) -> None:
    made = httpx2.post(
        f"{fake.address}/v2/personas",
        json={"persona_name": "Ours", "system_prompt": "p"},
        headers={"x-api-key": TAVUS_API_KEY},
    ).json()["persona_id"]
    await adapter(fake, persona_id=made).start(brief())
    assert list(fake.personas) == [made]


async def test_a_persona_that_was_deleted_meanwhile_is_made_anew(fake: TavusFake) -> None:
    tavus = adapter(fake)
    await tavus.start(brief("first"))
    fake.personas.clear()
    assert (await failure(tavus.start(brief("second")))).category == "refused"
    await tavus.start(brief("third"))
    assert len(fake.personas) == 1


@pytest.mark.parametrize(
    ("mode", "category", "retryable"),
    [
        ("busy", "busy", False),
        ("no-credit", "quota", False),
        ("create-fails", "crashed", True),
        ("create-lost", "unreachable", True),
        ("create-lost-500", "crashed", True),
        ("create-unreadable", "invalid_response", False),
        ("throttled", "busy", True),
        ("down", "crashed", True),
        ("foreign-url", "invalid_response", False),
    ],
)
async def test_every_refusal_has_its_name_and_is_not_repeated(
    fake: TavusFake, mode: str, category: str, retryable: bool
) -> None:
    fake.switch(mode)
    error = await failure(adapter(fake).start(brief()))
    assert (error.category, error.retryable) == (category, retryable)
    assert len(created(fake)) <= 1


async def test_a_wrong_key_is_told_apart_and_never_in_the_error(fake: TavusFake) -> None:
    error = await failure(adapter(fake, key="marked-wrong-key").start(brief()))
    assert error.category == "unauthorised"
    assert "marked" not in str(error)


async def test_the_third_place_of_three_is_the_last(fake: TavusFake) -> None:
    tavus = adapter(fake)
    for number in range(3):
        await tavus.start(brief(f"interview-{number}"))
    assert (await failure(tavus.start(brief("interview-3")))).category == "busy"


async def test_a_vendor_that_takes_too_long_is_left_alone(fake: TavusFake) -> None:
    fake.slow_s = 1.0
    fake.switch("slow")
    assert (await failure(adapter(fake, timeout_s=0.2).start(brief()))).category == "timeout"


async def test_throttling_says_when_to_come_back(fake: TavusFake) -> None:
    fake.switch("throttled")
    assert (await failure(adapter(fake).start(brief()))).retry_after_s == 1.0


@pytest.mark.parametrize("mode", ["create-lost", "create-lost-500", "create-unreadable", "foreign-url"])
async def test_what_was_made_without_a_readable_answer_is_found_by_its_name_and_can_be_ended(
    fake: TavusFake, mode: str
) -> None:
    tavus = adapter(fake)
    for number in range(2):
        await tavus.start(brief(f"other-{number}"))
    fake.switch(mode, 1)
    await failure(tavus.start(brief("lost")))
    fake.switch("")
    found = await tavus.find("lost")
    assert found is not None and not found.join_token
    await tavus.end(found.id)
    assert await tavus.find("lost") is None
    assert await tavus.find("other-1") is not None


async def test_a_name_on_a_later_page_is_found(fake: TavusFake) -> None:
    fake.max_concurrent = 200
    tavus = adapter(fake)
    await tavus.start(brief("the-first"))
    await asyncio.gather(*(tavus.start(brief(f"later-{number}")) for number in range(60)))
    assert await tavus.find("the-first") is not None


async def test_ending_twice_or_what_never_was_is_fine(fake: TavusFake) -> None:
    tavus = adapter(fake)
    session = await tavus.start(brief())
    for _ in range(2):
        await tavus.end(session.id)
    await tavus.end("cnever")
    assert (await tavus.report(session.id)).ended


async def test_a_vendor_that_cannot_end_is_asked_again_and_then_it_shows(fake: TavusFake) -> None:
    async def at_once(_: float) -> None:
        return None

    tavus = adapter(fake, sleep=at_once)
    session = await tavus.start(brief())
    fake.switch("end-fails", 1)
    await tavus.end(session.id)
    other = await tavus.start(brief("other"))
    fake.switch("end-fails")
    assert (await failure(tavus.end(other.id))).category == "crashed"


async def test_forgetting_removes_the_vendors_copy_for_good(fake: TavusFake) -> None:
    tavus = adapter(fake)
    session = await tavus.start(brief())
    await tavus.forget(session.id)
    await tavus.forget(session.id)
    assert session.id not in fake.conversations
    assert [one.query for one in fake.asked if one.method == "DELETE"] == ["hard=true", "hard=true"]


async def test_a_running_call_has_no_transcript_and_an_unknown_one_is_over(fake: TavusFake) -> None:
    tavus = adapter(fake)
    session = await tavus.start(brief())
    report = await tavus.report(session.id)
    assert (report.ended, report.lines) == (False, None)
    assert (await tavus.report("cnever")).ended


async def test_an_id_is_never_more_than_one_part_of_a_path(fake: TavusFake) -> None:
    await adapter(fake).end("../personas")
    assert fake.asked[-1].path in ("/v2/conversations/../personas/end", "/v2/conversations/..%2Fpersonas/end")


# ---- the transcript, in the shapes that the vendor's documents and field reports show -----------

SYSTEM = {"role": "system", "content": "You hold a mock job interview. 1. What did you build?"}


def answering(transcript: list[dict[str, Any]] | None, *, more: dict[str, Any] | None = None) -> Tavus:
    """An adapter whose vendor answers every look with this transcript (None: no event of it)."""
    event = {"event_type": "application.transcription_ready", "timestamp": "2026-04-29T03:47:00Z"}
    events = [] if transcript is None else [event | {"properties": {"transcript": transcript}}]
    body = {
        "conversation_id": "c1",
        "status": "ended",
        "pal_id": "p1",
        "face_id": "r1",
        "events": [{"event_type": "system.replica_joined", "timestamp": "2026-04-29T03:45:53Z"}, *events],
    } | (more or {})
    transport = httpx2.MockTransport(lambda request: httpx2.Response(200, json=body))
    client = httpx2.AsyncClient(base_url="https://tavusapi.com", transport=transport)
    return Tavus(client, replica_id="r1", call_origin="https://tavus.daily.co")


async def lines_of(transcript: list[dict[str, Any]] | None) -> tuple[VendorUtterance, ...] | None:
    return (await answering(transcript).report("c1")).lines


async def test_the_documented_transcript_is_read_without_our_own_prompt() -> None:
    lines = await lines_of(
        [
            SYSTEM,
            {
                "role": "assistant",
                "content": "Hi, welcome.",
                "timestamp": 1779475657.84,
                "seconds_from_start": 0.0,
                "duration": 2.15,
                "inference_id": "inf_abc",
            },
            {
                "role": "user",
                "content": "Just testing.",
                "timestamp": 1779475684.88,
                "seconds_from_start": 27.04,
                "duration": 1.84,
            },
            {"role": "tool", "content": "{}"},
        ]
    )
    assert lines == (
        VendorUtterance("interviewer", "Hi, welcome.", 0.0, 2.15, "inf_abc"),
        VendorUtterance("candidate", "Just testing.", 27.04, 1.84, ""),
    )


@pytest.mark.parametrize(
    "moments",
    [(1779475657.84, 1779475684.88), ("2026-05-22T18:47:37.840000Z", "2026-05-22T18:48:04.880000+00:00")],
)
async def test_either_form_of_time_gives_seconds_from_the_start(moments: tuple[Any, Any]) -> None:
    lines = await lines_of(
        [
            SYSTEM | {"timestamp": "2026-05-22T18:00:00Z"},
            {"role": "pal", "content": "Hi.", "timestamp": moments[0]},
            {"role": "user", "content": "Hello.", "timestamp": moments[1]},
        ]
    )
    assert lines is not None
    assert [line.started_at_s for line in lines] == [0.0, pytest.approx(27.04)]


async def test_the_oldest_shape_has_words_alone() -> None:
    assert await lines_of([{"role": "replica", "content": " Hi. "}, {"role": "user", "content": ""}]) == (
        VendorUtterance("interviewer", "Hi."),
    )


async def test_no_dialogue_is_an_empty_transcript_and_no_event_is_none_yet() -> None:
    assert await lines_of([SYSTEM]) == ()
    assert await lines_of(None) is None


async def test_an_entry_nobody_understands_does_not_cost_the_others() -> None:
    broken: list[Any] = [{"role": "user"}, "words", {"role": "user", "content": "I stayed calm."}]
    assert await lines_of(broken) == (VendorUtterance("candidate", "I stayed calm."),)


@pytest.mark.parametrize(
    "more",
    [
        {"events": [{"event_type": "system.shutdown", "properties": {"reason": "participant_left_timeout"}}]},
        {"events": [{"event_type": "system.shutdown", "properties": {"shutdown_reason": "participant_left_timeout"}}]},
        {"events": None, "shutdown_reason": "participant_left_timeout"},
    ],
)
async def test_why_it_ended_is_read_wherever_it_stands(more: dict[str, Any]) -> None:
    assert (await answering(None, more=more).report("c1")).ended_reason == "participant_left_timeout"
