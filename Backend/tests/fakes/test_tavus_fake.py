"""The stand-in for Tavus against the examples of the vendor's documents, and each of its ways to misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request

from fakes.base import Fake, served
from fakes.credentials import TAVUS_API_KEY, TAVUS_REPLICA_ID
from fakes.tavus import Tavus
from fakes.tavus_bodies import MODES
from fakes.tavus_room import FOLLOW_UP, GOODBYE, questions_in
from tests.tavus_calls import PATIENCE_S, Page, joined

pytestmark = pytest.mark.anyio

CONTEXT = "Be kind. 9. Not this.\nQuestions, in this order:\n1. What is A?\n2. Why B?\n3. How C?\n\n1. Nor this."
BODY: dict[str, Any] = {
    "replica_id": TAVUS_REPLICA_ID,
    "conversation_name": "interview-7f3a",
    "conversational_context": CONTEXT,
    "custom_greeting": "Hi, thanks for joining.",
    "audio_only": False,
    "test_mode": False,
    "require_auth": True,
    "max_participants": 2,
    "memory_stores": ["user-123"],
    "document_ids": [],
    "document_tags": ["sales"],
    "document_retrieval_strategy": "balanced",
    "properties": {
        "max_call_duration": 1800,
        "participant_left_timeout": 60,
        "participant_absent_timeout": 120,
        "enable_recording": False,
        "enable_closed_captions": True,
        "apply_greenscreen": False,
        "language": "english",
    },
}
"""The documented request, but for recording to a bucket of one's own."""
CREATED = {
    "conversation_id", "conversation_name", "conversation_url", "status", "callback_url", "created_at", "meeting_token"
}  # fmt: skip
LISTED = {
    "conversation_id", "conversation_name", "status", "conversation_url", "callback_url", "replica_id", "persona_id",
    "created_at", "updated_at",
}  # fmt: skip
ENVELOPE = {"properties", "conversation_id", "webhook_url", "event_type", "message_type", "timestamp"}
LINE = {"role", "content", "timestamp", "seconds_from_start", "duration"}


@pytest.fixture
def fake() -> Iterator[Tavus]:
    fake = Tavus(pace_s=0.001)
    fake.late_transcript_s = 0.3
    with served(fake):
        yield fake


@pytest.fixture
async def api(fake: Tavus) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(
        base_url=f"{fake.address}/v2", headers={"x-api-key": TAVUS_API_KEY}, timeout=10
    ) as client:
        yield client


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address for webhooks, and what has come to it."""
    came: list[dict[str, Any]] = []
    catcher = Fake("receiver", (), FastAPI())

    @catcher.app.post("/hook")
    async def hook(request: Request) -> None:
        came.append(await request.json())

    with served(catcher) as address:
        yield f"{address}/hook", came


async def made(api: httpx2.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await api.post("/conversations", json=BODY | changes)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def verbose(api: httpx2.AsyncClient, id: str) -> dict[str, Any]:
    told: dict[str, Any] = (await api.get(f"/conversations/{id}", params={"verbose": "true"})).json()
    return told


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await reached():  # noqa: ASYNC110 - what is waited for lies in another thread
            await asyncio.sleep(0.01)


async def transcript(api: httpx2.AsyncClient, id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    async def there() -> bool:
        events = (await verbose(api, id))["events"]
        found[:] = [one for one in events if one["event_type"] == "application.transcription_ready"]
        return bool(found)

    await until(there)
    lines: list[dict[str, Any]] = found[0]["properties"]["transcript"]
    return lines


async def talk(page: Page, *answers: str) -> None:
    """Waits for each question before it is answered."""
    for question, answer in zip(("What is A?", "Why B?", "How C?"), answers, strict=False):
        await page.until("conversation.utterance", question)
        await page.say(answer)
        await page.until("conversation.utterance", answer)


async def held(api: httpx2.AsyncClient) -> dict[str, Any]:
    """A short call, ended by us."""
    call = await made(api)
    async with joined(call["conversation_url"], call["meeting_token"]) as page:
        await talk(page, "A is a letter.")
    await api.post(f"/conversations/{call['conversation_id']}/end")
    return call


# ---- the API ------------------------------------------------------------------------------------


async def test_the_documented_request_gets_the_documented_answer(api: httpx2.AsyncClient) -> None:
    told = await made(api)
    assert set(told) == CREATED
    assert told["status"] == "active"
    assert told["conversation_id"].startswith("c")
    assert told["conversation_url"].endswith(told["conversation_id"])
    assert told["meeting_token"].startswith("eyJ")
    listed = (await api.get("/conversations", params={"status": "active"})).json()
    assert listed["total_count"] == 1
    assert set(listed["data"][0]) == LISTED


async def test_without_require_auth_there_is_no_token_and_a_test_call_is_over_at_once(api: httpx2.AsyncClient) -> None:
    assert set(await made(api, require_auth=False)) == CREATED - {"meeting_token"}
    assert (await made(api, test_mode=True))["status"] == "ended"


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "wrong"}, {"Authorization": f"Bearer {TAVUS_API_KEY}"}])
async def test_a_missing_or_wrong_key_is_refused(fake: Tavus, headers: dict[str, str]) -> None:
    async with httpx2.AsyncClient() as client:
        answer = await client.post(f"{fake.address}/v2/conversations", json=BODY, headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"message": "Invalid access token"})


@pytest.mark.parametrize(
    "changes",
    [
        {"surprise": 1},
        {"properties": {"surprise": 1}},
        {"properties": {"language": "en"}},
        {"max_participants": 1},
        {"replica_id": "rnobody"},
        {"persona_id": "pnobody"},
        {"replica_id": None},
        {"face_id": TAVUS_REPLICA_ID},
        {"callback_url": "dost.example"},
        {"require_auth": "yes"},
    ],
)
async def test_what_the_vendor_does_not_know_is_refused(api: httpx2.AsyncClient, changes: dict[str, Any]) -> None:
    answer = await api.post("/conversations", json=BODY | changes)
    assert answer.status_code == 400
    assert "error" in answer.json()


async def test_an_unknown_call_is_a_400_and_an_end_has_no_body(api: httpx2.AsyncClient) -> None:
    for method, path in (("GET", "/cnone"), ("POST", "/cnone/end"), ("DELETE", "/cnone")):
        answer = await api.request(method, f"/conversations{path}")
        assert (answer.status_code, answer.json()) == (400, {"error": "Invalid conversation_id"})
    id = (await made(api))["conversation_id"]
    ended = await api.post(f"/conversations/{id}/end")
    assert (ended.status_code, ended.content) == (200, b"")
    assert (await api.delete(f"/conversations/{id}")).status_code == 204


async def test_events_come_only_when_asked_for_by_the_word_true(api: httpx2.AsyncClient) -> None:
    id = (await made(api))["conversation_id"]
    for value in ("", "1", "True"):
        assert "events" not in (await api.get(f"/conversations/{id}", params={"verbose": value})).json()
    assert [one["event_type"] for one in (await verbose(api, id))["events"]] == ["system.replica_joined"]


async def test_a_persona_needs_a_prompt_and_lists_have_pages(api: httpx2.AsyncClient) -> None:
    assert (await api.post("/personas", json={"persona_name": "x"})).status_code == 400
    assert (await api.post("/personas", json={"pipeline_mode": "echo", "system_prompt": "x"})).status_code == 400
    for number in range(12):
        await api.post("/personas", json={"persona_name": f"{number}", "system_prompt": "p"})
    told = (await api.get("/personas", params={"page": 2})).json()
    assert ([one["persona_name"] for one in told["data"]], told["total_count"]) == (["10", "11"], 12)


@pytest.mark.parametrize(
    ("mode", "status", "body"),
    [
        ("busy", 400, {"message": "User has reached maximum concurrent conversations"}),
        ("no-credit", 402, {"message": "The user is out of conversational credits"}),
        ("create-fails", 500, {"message": "Internal Server Error"}),
        ("create-lost-500", 500, {"message": "Internal Server Error"}),
        ("down", 503, {"message": "Service Unavailable"}),
        ("throttled", 429, {"message": "Too Many Requests"}),
    ],
)
async def test_refusals_look_as_documented(
    fake: Tavus, api: httpx2.AsyncClient, mode: str, status: int, body: dict[str, str]
) -> None:
    fake.switch(mode)
    answer = await api.post("/conversations", json=BODY)
    assert (answer.status_code, answer.json()) == (status, body)
    assert len(fake.conversations) == (1 if mode == "create-lost-500" else 0)


async def test_a_lost_and_an_unreadable_answer_leave_a_call_behind(fake: Tavus, api: httpx2.AsyncClient) -> None:
    fake.switch("create-lost", 1)
    with pytest.raises(httpx2.RemoteProtocolError):
        await api.post("/conversations", json=BODY)
    fake.switch("create-unreadable", 1)
    with pytest.raises(ValueError, match="Expecting value"):
        (await api.post("/conversations", json=BODY)).json()
    assert len(fake.conversations) == 2


async def test_other_modes_of_the_api(fake: Tavus, api: httpx2.AsyncClient) -> None:
    fake.switch("foreign-url", 1)
    assert not (await made(api))["conversation_url"].startswith(fake.address)
    id = (await made(api))["conversation_id"]
    fake.switch("end-fails", 1)
    assert (await api.post(f"/conversations/{id}/end")).status_code == 500
    fake.switch("mixed-names")
    rows = (await api.get("/conversations")).json()["data"]
    assert ["pal_id" in row for row in rows] == [True, False]
    fake.switch("")
    fake.switch("new-names")
    assert "face_id" in (await api.get(f"/conversations/{id}")).json()
    fake.switch("")
    fake.slow_s = 0.5
    fake.switch("slow", 1)
    with pytest.raises(httpx2.TimeoutException):
        await api.get("/conversations", timeout=0.1)


async def test_the_places_of_the_plan_are_counted(fake: Tavus, api: httpx2.AsyncClient) -> None:
    ids = [(await made(api))["conversation_id"] for _ in range(3)]
    assert (await api.post("/conversations", json=BODY)).status_code == 400
    await api.post(f"/conversations/{ids[0]}/end")
    await made(api)


# ---- time -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"participant_absent_timeout": 5}, "participant_absent_timeout reached"),
        ({"max_call_duration": 5}, "max_call_duration reached"),
    ],
)
async def test_a_call_nobody_joins_or_that_lasts_too_long_ends_by_itself(
    fake: Tavus, api: httpx2.AsyncClient, properties: dict[str, int], reason: str
) -> None:
    fake.switch("hurried")
    id = (await made(api, properties=properties))["conversation_id"]

    async def shut() -> bool:
        return any(one["event_type"] == "system.shutdown" for one in (await verbose(api, id))["events"])

    await until(shut)
    [shutdown] = [one for one in (await verbose(api, id))["events"] if one["event_type"] == "system.shutdown"]
    assert shutdown["properties"] == {"reason": reason}


async def test_a_call_that_everybody_has_left_ends_after_its_time_and_not_before(
    fake: Tavus, api: httpx2.AsyncClient
) -> None:
    fake.switch("hurried")
    call = await made(api, properties={"participant_left_timeout": 50})
    for _ in range(2):
        # Left and come back: a reload.
        async with joined(call["conversation_url"], call["meeting_token"]):
            pass
    assert (await verbose(api, call["conversation_id"]))["status"] == "active"

    async def over() -> bool:
        return bool((await verbose(api, call["conversation_id"]))["status"] == "ended")

    await until(over)


# ---- the room ---------------------------------------------------------------------------------


def test_only_the_list_after_the_word_questions_counts() -> None:
    assert questions_in(CONTEXT) == ["What is A?", "Why B?", "How C?"]


async def test_an_interview_goes_from_greeting_to_goodbye_in_the_documented_messages(api: httpx2.AsyncClient) -> None:
    call = await made(api)
    async with joined(call["conversation_url"], call["meeting_token"]) as page:
        await talk(page, "A is a letter.", "Because.", "Slowly.")
        await page.until("conversation.utterance", GOODBYE)
    assert page.said() == [
        ("replica", "Hi, thanks for joining."),
        ("replica", "What is A?"),
        ("user", "A is a letter."),
        ("replica", "Thank you. Why B?"),
        ("user", "Because."),
        ("replica", "Thank you. How C?"),
        ("user", "Slowly."),
        ("replica", GOODBYE),
    ]
    apps = [message["app"] for message in page.heard if "app" in message]
    documented = {"message_type", "event_type", "seq", "turn_idx", "timestamp", "conversation_id", "inference_id"}
    assert all(set(app) - {"properties"} == documented for app in apps)
    assert [app["seq"] for app in apps] == sorted({app["seq"] for app in apps})
    kinds = {app["event_type"] for app in apps}
    assert kinds == {
        "conversation.utterance",
        "conversation.utterance.streaming",
        *(f"conversation.{who}{what}_speaking" for who in ("", "user.", "replica.") for what in ("started", "stopped")),
    }
    final = [app for app in apps if app["event_type"].endswith("streaming") and app["properties"]["final"]]
    assert len(final) == len(page.said())


@pytest.mark.parametrize(
    ("token", "mode", "refusal"),
    [
        ("", "", "not-allowed"),
        ("eyJ-wrong", "", "not-allowed"),
        (None, "room-refuses", "not-allowed"),
    ],
)
async def test_a_private_room_lets_only_its_own_token_in(
    fake: Tavus, api: httpx2.AsyncClient, token: str | None, mode: str, refusal: str
) -> None:
    call = await made(api)
    fake.switch(mode)
    with pytest.raises(PermissionError, match=refusal):
        async with joined(call["conversation_url"], call["meeting_token"] if token is None else token):
            pass


async def test_a_room_is_for_one_person_and_for_its_own_time(fake: Tavus, api: httpx2.AsyncClient) -> None:
    call = await made(api)
    async with joined(call["conversation_url"], call["meeting_token"]):
        with pytest.raises(PermissionError, match="meeting-full"):
            async with joined(call["conversation_url"], call["meeting_token"]):
                pass
    fake.conversations[call["conversation_id"]].created_at -= 121
    with pytest.raises(PermissionError, match="exp-token"):
        async with joined(call["conversation_url"], call["meeting_token"]):
            pass
    await api.post(f"/conversations/{call['conversation_id']}/end")
    with pytest.raises(PermissionError, match="exp-room"):
        async with joined(call["conversation_url"], call["meeting_token"]):
            pass
    with pytest.raises(PermissionError, match="no-room"):
        async with joined(f"{fake.address}/cnone", "t"):
            pass


async def test_the_interviewer_says_what_it_is_told_and_stops_when_it_is_told(
    fake: Tavus, api: httpx2.AsyncClient
) -> None:
    call = await made(api)
    room = fake.conversations[call["conversation_id"]].room
    async with joined(call["conversation_url"], call["meeting_token"]) as page:
        await page.until("conversation.utterance", "What is A?")
        await page.send("conversation.echo", modality="text", text="Why B?", done=True)
        await page.until("conversation.utterance", "Why B?")
        await page.say("Because.")
        await page.until("conversation.utterance", "How C?")
        room.pace_s = 0.05
        await page.send("conversation.echo", modality="text", text=" ".join(["word"] * 200), done=True)
        await page.until("conversation.started_speaking")
        await page.send("conversation.interrupt")
        stopped = await page.until("conversation.utterance", "word")
        assert stopped["properties"]["interrupted"] is True
        await page.send("conversation.sensitivity", participant_pause_sensitivity="low")
        await page.send("conversation.append_llm_context", context="They typed their answer.")
        room.pace_s = 0.001
        await page.send("conversation.respond", text="Go on.")
        await page.until("conversation.utterance", GOODBYE)
    assert room.not_understood == []
    assert room.context == ["They typed their answer."]
    assert room.allowed == ["camera", "microphone"]


async def test_a_message_the_vendor_would_not_understand_has_no_effect_and_is_noted(
    fake: Tavus, api: httpx2.AsyncClient
) -> None:
    call = await made(api)
    room = fake.conversations[call["conversation_id"]].room
    async with joined(call["conversation_url"], call["meeting_token"]) as page:
        both = {"participant_pause_sensitivity": "low", "participant_interrupt_sensitivity": "low"}
        await page.send("conversation.sensitivity", **both)
        await page.send("conversation.sensitivity", participant_pause_sensitivity="much")
        await page.send("conversation.echo", modality="text")
        await page.send("conversation.shout")

        async def noted() -> bool:
            return len(room.not_understood) == 4

        await until(noted)
    assert room.taken == []


@pytest.mark.parametrize("mode", ["dies", "leaves", "falls-silent"])
async def test_a_call_can_break_in_its_middle(fake: Tavus, api: httpx2.AsyncClient, mode: str) -> None:
    call = await made(api)
    fake.switch(mode)
    async with joined(call["conversation_url"], call["meeting_token"]) as page:
        await talk(page, "A is a letter.", "Because.")
        if mode == "dies":
            await page.over()
            assert (await verbose(api, call["conversation_id"]))["status"] == "ended"
        elif mode == "leaves":
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await page.until("conversation.utterance")
            assert any("gone" in message for message in page.heard)
        else:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await page.until("conversation.utterance")
            assert (await verbose(api, call["conversation_id"]))["status"] == "active"


async def test_the_interviewer_can_follow_up_once_per_question(fake: Tavus, api: httpx2.AsyncClient) -> None:
    call = await made(api)
    fake.switch("follows-up")
    async with joined(call["conversation_url"], call["meeting_token"]) as page:
        await talk(page, "A is a letter.")
        await page.until("conversation.utterance", FOLLOW_UP)
        await page.say("I wrote it.")
        await page.until("conversation.utterance", "Why B?")


async def test_messages_can_come_twice_or_out_of_order(fake: Tavus, api: httpx2.AsyncClient) -> None:
    call = await made(api)
    fake.switch("repeats")
    async with joined(call["conversation_url"], call["meeting_token"]) as page:
        await page.until("conversation.utterance", "What is A?")
        await page.until("conversation.utterance", "What is A?")
        fake.switch("")
        fake.switch("disordered")
        await page.say("A is a letter.")
        await page.until("conversation.utterance", "Why B?")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await page.until("nothing")
    numbers = [message["app"]["seq"] for message in page.heard if "app" in message]
    assert len(numbers) > len(set(numbers))
    assert numbers != sorted(numbers)


async def test_the_new_names_reach_the_live_role(fake: Tavus, api: httpx2.AsyncClient) -> None:
    fake.switch("new-names")
    call = await made(api)
    async with joined(call["conversation_url"], call["meeting_token"]) as page:
        assert (await page.until("conversation.utterance"))["properties"]["role"] == "pal"


async def test_a_test_can_speak_for_the_candidate(fake: Tavus, api: httpx2.AsyncClient) -> None:
    call = await made(api)
    async with httpx2.AsyncClient(base_url=fake.address) as control:
        assert (await control.post("/_fake/say", json={"text": "Hello"})).status_code == 404
        async with joined(call["conversation_url"], call["meeting_token"]) as page:
            await page.until("conversation.utterance", "What is A?")
            assert (await control.post("/_fake/say", json={"text": "A is a letter."})).status_code == 200
            await page.until("conversation.utterance", "Why B?")
        [told] = (await control.get("/_fake/calls")).json()
    assert {"role": "user", "content": "A is a letter."} in told["lines"]


# ---- transcript and webhooks ---------------------------------------------------------------------


async def test_the_transcript_is_the_documented_one_led_by_the_whole_prompt(api: httpx2.AsyncClient) -> None:
    entries = await transcript(api, (await held(api))["conversation_id"])
    assert entries[0] == {"role": "system", "content": CONTEXT}
    assert [one["role"] for one in entries[1:4]] == ["assistant", "assistant", "user"]
    assert set(entries[1]) == LINE | {"inference_id"}
    assert set(entries[3]) == LINE
    assert isinstance(entries[1]["timestamp"], float)


@pytest.mark.parametrize(
    ("mode", "shape"),
    [
        ("iso-times", lambda entries: isinstance(entries[1]["timestamp"], str)),
        ("old-transcript", lambda entries: set(entries[1]) == {"role", "content"}),
        ("no-dialogue", lambda entries: [one["role"] for one in entries] == ["system"]),
        ("late-transcript", lambda entries: len(entries) > 1),
    ],
)
async def test_the_transcript_has_other_shapes(
    fake: Tavus, api: httpx2.AsyncClient, mode: str, shape: Callable[[list[dict[str, Any]]], bool]
) -> None:
    fake.switch(mode)
    assert shape(await transcript(api, (await held(api))["conversation_id"]))


async def test_there_may_never_be_a_transcript(fake: Tavus, api: httpx2.AsyncClient) -> None:
    fake.switch("no-transcript")
    id = (await held(api))["conversation_id"]

    async def shut() -> bool:
        return any(one["event_type"] == "system.shutdown" for one in (await verbose(api, id))["events"])

    await until(shut)
    assert not any("transcript" in (one["properties"] or {}) for one in (await verbose(api, id))["events"])


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("", ["system.shutdown", "application.transcription_ready"]),
        ("webhooks-disordered", ["application.transcription_ready", "system.shutdown"]),
        ("webhooks-twice", ["system.shutdown"] * 2 + ["application.transcription_ready"] * 2),
    ],
)
async def test_webhooks_are_sent_in_the_documented_envelope(
    fake: Tavus,
    api: httpx2.AsyncClient,
    receiver: tuple[str, list[dict[str, Any]]],
    mode: str,
    expected: list[str],
) -> None:
    url, came = receiver
    id = (await made(api, callback_url=url))["conversation_id"]

    async def joins() -> bool:
        return {"system.replica_joined", "system.pal_joined"} == {one["event_type"] for one in came}

    await until(joins)
    came.clear()
    fake.switch(mode)
    await api.post(f"/conversations/{id}/end")

    async def all_there() -> bool:
        return len(came) == len(expected)

    await until(all_there)
    assert [one["event_type"] for one in came] == expected
    assert all(set(one) == ENVELOPE and one["conversation_id"] == id for one in came)
    reasons = [one["properties"].get("shutdown_reason") for one in came if one["event_type"] == "system.shutdown"]
    assert set(reasons) == {"end_conversation_endpoint_hit"}


async def test_no_webhook_may_come(
    fake: Tavus, api: httpx2.AsyncClient, receiver: tuple[str, list[dict[str, Any]]]
) -> None:
    fake.switch("no-webhooks")
    url, came = receiver
    id = (await made(api, callback_url=url))["conversation_id"]
    await api.post(f"/conversations/{id}/end")
    await transcript(api, id)
    assert came == []


def test_help_names_every_mode() -> None:
    text = Tavus().help()
    assert all(mode.name in text for mode in MODES)
