"""A whole interview with a vendor's model over the wire: what it cost in calls, for whom, and who did what."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from httpx2 import AsyncClient
from sqlalchemy import select

from app.capabilities import Capabilities
from app.container import build_capabilities
from app.main import create_app
from app.models import FollowUp, ModelCall, Response
from app.settings import Settings
from fakes import credentials, gemini
from fakes.base import Fake
from fakes.base import served as fake_served
from tests.house import sign_up
from tests.inline_jobs import InlineJobs
from tests.routers.live_page import Page, page_of, served
from tests.routers.test_profiles import RESUME
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio
LONG_WAIT_S = 90.0
ANSWER = (
    "At first the waiting room was full every evening and people left before they were seen.",
    "I sat down with two colleagues and drew up a new order of steps, and I tried it on one shift.",
)


@dataclass
class House:
    address: str
    capabilities: Capabilities
    vendor: Fake
    client: AsyncClient
    user_id: str

    def asked_for(self) -> Counter[str]:
        """What the vendor was asked, by the title of the schema."""
        bodies = [json.loads(one.body) for one in self.vendor.asked if "Content" in one.path]
        return Counter(body["generationConfig"]["responseJsonSchema"]["title"] for body in bodies)


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    vendor = gemini.build()
    with fake_served(vendor) as vendor_address:
        chosen = settings.model_copy(
            update={
                "llm": "gemini",
                "gemini_api_key": Settings(_env_file=None, gemini_api_key=credentials.GEMINI_API_KEY).gemini_api_key,
                "gemini_model": "gemini-3.6-flash",
                "gemini_api_url": vendor_address,
            }
        )
        capabilities = build_capabilities(chosen)
        capabilities.jobs = InlineJobs(capabilities)
        async with (
            served(create_app(chosen, capabilities)) as address,
            AsyncClient(base_url=f"http://{address}", timeout=60) as client,
        ):
            me = await sign_up(client)
            yield House(address, capabilities, vendor, client, me["id"])


async def status_of(house: House, interview_id: str, wanted: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def reached() -> bool:
        found.update((await house.client.get(f"/api/interviews/{interview_id}")).json())
        return bool(found["status"] == wanted)

    await until(reached, f"an interview that is {wanted}")
    return found


async def held(house: House) -> str:
    """Resume, five questions, every answer typed in two pieces, results."""
    profile = (await house.client.post("/api/profiles", files={"text": (None, RESUME)})).json()
    made = await house.client.post("/api/interviews", json={"role": "Emergency nurse", "profile_id": profile["id"]})
    interview_id = str(made.json()["id"])
    await status_of(house, interview_id, "scheduled")

    def places(page: Page) -> list[tuple[str, str]]:
        told = [one for one in page.of("phase.changed") if one["phase"] == "listening"]
        return list(dict.fromkeys((one["question_id"], one["follow_up_id"]) for one in told))

    def goes_on(answered: int, page: Page) -> bool:
        return len(places(page)) > answered or page.phase[0] == "ended"

    async with page_of(house.address, interview_id, dict(house.client.cookies)) as page:
        await page.wish("interview.begin", listen=False, speak=False)
        answered = 0
        while True:
            await page.until(partial(goes_on, answered), LONG_WAIT_S)
            if len(places(page)) == answered:
                break
            answered += 1
            await page.wish("answer.type", text=ANSWER[0], done=False)
            await page.wish("answer.type", text=ANSWER[1], done=True)
    await status_of(house, interview_id, "completed")
    return interview_id


async def test_an_interview_costs_one_call_for_each_answer_and_follow_up_and_three_besides(house: House) -> None:
    interview_id = await held(house)
    async with house.capabilities.db.read() as session:
        answers = (await session.scalars(select(Response).where(Response.interview_id == interview_id))).all()
        follow_ups = (await session.scalars(select(FollowUp))).all()
        calls = (await session.scalars(select(ModelCall).order_by(ModelCall.created_at))).all()
    asked = house.asked_for()
    assert len(answers) == 5 + len(follow_ups)
    assert follow_ups, "the answers leave something to ask"
    assert asked["resume"] == asked["plan"] == asked["feedback"] == 1
    assert asked["verdict"] == len(answers)
    assert asked["follow_up"] <= len(follow_ups)
    # Each of them is on record, with its tokens, its price and whose it was.
    assert {call.purpose for call in calls} >= {"read_resume", "plan", "judge", "feedback"}
    # Follow-ups have a second and a half, which a busy machine may not keep.
    unhurried = [call for call in calls if call.purpose != "follow_up"]
    assert len(unhurried) == asked.total() - asked["follow_up"]
    assert {call.user_id for call in calls} == {house.user_id}
    assert {call.interview_id for call in calls if call.purpose != "read_resume"} == {interview_id}
    assert all(call.outcome == "ok" and call.input_tokens and call.cost_micros for call in unhurried)


async def test_results_name_the_model_that_planned_judged_and_wrote(house: House) -> None:
    interview_id = await held(house)
    told = (await house.client.get(f"/api/interviews/{interview_id}/results")).json()
    vendor = {"model": "gemini-3.6-flash", "instead_of": "", "because": ""}
    assert told["planned_by"] == told["written_by"] == vendor
    assert {json.dumps(one["judged_by"]) for each in told["questions"] for one in each["responses"]} == {
        json.dumps(vendor)
    }
    assert told["overall"]["value"] is not None


@pytest.mark.parametrize(
    ("mode", "because"),
    [("overloaded", "busy"), ("not-json", "invalid_response"), ("day-quota", "quota")],
)
async def test_a_vendor_that_fails_from_end_to_end_still_leaves_a_whole_interview(
    house: House, mode: str, because: str
) -> None:
    house.vendor.switch(mode)
    interview_id = await held(house)
    told = (await house.client.get(f"/api/interviews/{interview_id}/results")).json()
    stood_in = {"model": "built-in", "instead_of": "gemini"}
    for author in (told["planned_by"], told["written_by"], told["questions"][0]["responses"][0]["judged_by"]):
        assert {**author, "because": ""} == {**stood_in, "because": ""}
    assert told["planned_by"]["because"] == because
    assert told["overall"]["value"] is not None


async def test_with_nothing_left_to_spend_the_vendor_is_not_asked(house: House) -> None:
    async with house.capabilities.db.write() as session:
        session.add(ModelCall(provider="gemini", model="x", purpose="judge", user_id="other", cost_micros=9_000_000))
    interview_id = await held(house)
    assert house.vendor.asked == []
    told = (await house.client.get(f"/api/interviews/{interview_id}/results")).json()
    assert told["planned_by"] == {"model": "built-in", "instead_of": "gemini", "because": "spending_cap"}
