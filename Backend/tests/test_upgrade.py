"""The present product on what an earlier release left: a data folder, or PostgreSQL and a data folder."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from tests.postgresql import Cluster, program
from tests.routers.live_page import Page, page_of
from tests.test_serve import free_port, served
from tests.workflows.waiting import until

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

UPGRADE = Path(__file__).parent / "fixtures" / "upgrade"
TAKE = "recording/takes/0"
KINDS = ("relevance", "confidence")


@dataclass(frozen=True, slots=True)
class Installation:
    folder: Path
    database_url: str
    told: dict[str, Any]
    """What the earlier release said of it."""


@pytest.fixture
def installation(tmp_path: Path, database: str, request: pytest.FixtureRequest) -> Iterator[Installation]:
    with tarfile.open(UPGRADE / f"{database}.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    told = json.loads((tmp_path / "told.json").read_text())
    if database == "sqlite":
        yield Installation(tmp_path, "", told)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    restore = [program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "-f", str(tmp_path / "dump.sql"), cluster.url(name)]
    subprocess.run(restore, check=True, stdout=subprocess.DEVNULL)
    yield Installation(tmp_path, cluster.url(name), told)
    cluster.drop(name)


async def test_an_installation_of_before_goes_on_where_it_was(installation: Installation) -> None:
    port = free_port()
    more = {"DATABASE_URL": installation.database_url, "RATE_LIMITS": "false"}
    with served(installation.folder / "data", port, **more):
        address = f"127.0.0.1:{port}"
        async with AsyncClient(
            base_url=f"http://{address}", timeout=60, headers={"Origin": f"http://{address}"}
        ) as person:
            await _signs_in(person, installation.told)
            await _finds_every_interview(person, installation.told)
            await _reads_the_same_results(person, installation.told)
            await _sees_the_video(person, installation.told)
            await _goes_on_with_what_was_in_progress(person, address, installation)
            await _tries_again_what_failed(person, installation.told)
            await _deletes_one(person, installation)


async def _signs_in(person: AsyncClient, told: dict[str, Any]) -> None:
    wrong = {"email": told["email"], "password": "not the password"}
    assert (await person.post("/api/auth/sign-in", json=wrong)).status_code == 422
    right = {"email": told["email"], "password": told["password"]}
    assert (await person.post("/api/auth/sign-in", json=right)).status_code == 200


async def _finds_every_interview(person: AsyncClient, told: dict[str, Any]) -> None:
    found = {one["id"]: one for one in _json(await person.get("/api/interviews"))["interviews"]}
    before = {one["id"]: one for one in told["list"]["interviews"]}
    assert found.keys() == before.keys() == set(told["interviews"].values())
    for interview_id, was in before.items():
        now = found[interview_id]
        for name in ("role", "seniority", "failure", "overall_score", "answered", "planned", "started_at", "ended_at"):
            assert now[name] == was[name], name
        assert _numbers(now) == tuple(was[f"{kind}_score"] for kind in KINDS)
        # A day in which nothing happens leaves an interview abandoned; it can be gone on with all the same.
        left = ("in_progress", "abandoned") if was["status"] == "in_progress" else (was["status"],)
        assert now["status"] in left


async def _reads_the_same_results(person: AsyncClient, told: dict[str, Any]) -> None:
    for name in ("typed", "recorded", "failed"):
        was = told["results"][name]
        now = await _results(person, told["interviews"][name])
        for same in ("status", "failure", "summary", "strengths", "suggestions", "planned_by", "written_by"):
            assert now[same] == was[same], same
        assert now["transcript"] == was["transcript"]
        if was["overall"] is None:
            assert now["overall"] is None
        else:
            for same in ("value", "reason", "explanation"):
                assert now["overall"][same] == was["overall"][same]
            assert _numbers(now["overall"]) == _numbers_before(was["overall"])
        for question, question_was in zip(now["questions"], was["questions"], strict=True):
            for same in ("text", "why", "went_well", "covered", "missed", "better_answer", "suggestions"):
                assert question[same] == question_was[same], same
            assert _numbers(question) == _numbers_before(question_was)
            for response, response_was in zip(question["responses"], question_was["responses"], strict=True):
                for kind in KINDS:
                    assert _read(response["scores"][kind]) == _read(response_was[kind])


async def _sees_the_video(person: AsyncClient, told: dict[str, Any]) -> None:
    was = told["results"]["recorded"]["video"]
    now = (await _results(person, told["interviews"]["recorded"]))["video"]
    assert now == was
    await _plays(person, now)


async def _goes_on_with_what_was_in_progress(person: AsyncClient, address: str, installation: Installation) -> None:
    interview_id = installation.told["interviews"]["in_progress"]
    before = installation.told["results"]["in_progress"]["transcript"]
    async with page_of(address, interview_id, dict(person.cookies)) as page:
        welcome = (await page.until(lambda page: page.of("interview.welcomed")))[0]
        assert (welcome["begun"], welcome["position"]) == (True, 1)
        await page.wish("interview.begin", listen=False, speak=False)
        await _answers_what_is_left(page)
    path = f"/api/interviews/{interview_id}"
    piece = (installation.folder / "late_piece.webm").read_bytes()
    take = _json(await person.get(f"{path}/recording"))["takes"][0]
    sent = await person.put(
        f"{path}/{TAKE}/pieces/{take['next_piece']}", content=piece, headers={"Content-Type": take["mime_type"]}
    )
    _json(sent)
    _json(await person.post(f"{path}/{TAKE}/end", json={"pieces": take["next_piece"] + 1}))
    await _completed(person, interview_id)

    async def recorded() -> bool:
        return bool((await _results(person, interview_id))["video"]["status"] == "ready")

    await until(recorded, "a video of both halves")
    results = await _results(person, interview_id)
    assert results["transcript"][: len(before)] == [
        {**line, "video_ms": now["video_ms"]} for line, now in zip(before, results["transcript"], strict=False)
    ]
    half = results["questions"][1]["responses"][0]["text"]
    assert half.startswith("Half of the second answer") and half.endswith("We moved one country first.")
    assert results["overall"]["value"] is not None
    await _plays(person, results["video"])


async def _answers_what_is_left(page: Page) -> None:
    for turn in count(1):
        if not await page.listens(turn):
            return
        await page.wish("answer.type", text="We moved one country first.", done=True)


async def _tries_again_what_failed(person: AsyncClient, told: dict[str, Any]) -> None:
    interview_id = told["interviews"]["failed"]
    _json(await person.post(f"/api/interviews/{interview_id}/retry"))
    await _completed(person, interview_id)
    results = await _results(person, interview_id)
    assert results["summary"] and results["overall"]["value"] is not None
    assert results["failure"] == ""


async def _deletes_one(person: AsyncClient, installation: Installation) -> None:
    interview_id = installation.told["interviews"]["recorded"]
    assert list((installation.folder / "data" / "recordings").glob("*/video-*.webm"))
    assert (await person.delete(f"/api/interviews/{interview_id}")).status_code == 204
    assert (await person.get(f"/api/interviews/{interview_id}")).status_code == 404
    left = _json(await person.get("/api/interviews"))["interviews"]
    assert interview_id not in [one["id"] for one in left]
    assert len(left) == len(installation.told["interviews"]) - 1


async def _plays(person: AsyncClient, video: dict[str, Any]) -> None:
    (part,) = video["parts"]
    seeking = await person.get(part["url"], headers={"Range": "bytes=100-199"})
    assert (seeking.status_code, len(seeking.content)) == (206, 100)
    whole = await person.get(part["url"])
    assert whole.content[100:200] == seeking.content
    assert whole.content[:4] == b"\x1a\x45\xdf\xa3"
    assert (await person.get(part["captions_url"])).text.startswith("WEBVTT")


async def _completed(person: AsyncClient, interview_id: str) -> None:
    async def is_so() -> bool:
        return bool(_json(await person.get(f"/api/interviews/{interview_id}"))["status"] == "completed")

    await until(is_so, "completed")


async def _results(person: AsyncClient, interview_id: str) -> dict[str, Any]:
    return _json(await person.get(f"/api/interviews/{interview_id}/results"))


def _numbers(told: dict[str, Any]) -> tuple[int | None, ...]:
    """An interview that is not over has none."""
    return tuple(told["scores"].get(kind, {"value": None})["value"] for kind in KINDS)


def _numbers_before(told: dict[str, Any]) -> tuple[int | None, ...]:
    return tuple(told[kind] for kind in KINDS)


def _read(score: dict[str, Any]) -> list[Any]:
    """What a person reads of it, whatever it is called on the way."""
    parts = [(one["label"], one["points"], one["out_of"], one["note"]) for one in score["parts"]]
    evidence = [(one["kind"], one["text"], one["start_ms"], one["value"], one["unit"]) for one in score["evidence"]]
    return [score["value"], score["reason"], parts, evidence]


def _json(answer: Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found
