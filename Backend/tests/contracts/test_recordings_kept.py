"""What every way of keeping a recording must do: pieces to us, or takes straight to a video service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.settings import Settings
from fakes.base import served
from fakes.cloudinary import build
from tests.house import sign_up
from tests.recordings.direct import at_cloudinary, record, running
from tests.recordings.footage import cut, footage
from tests.routers.test_interviews import capabilities_of, me
from tests.routers.test_recordings import end, send, start, state, until_ready
from tests.workflows.held import hold_interview

pytestmark = pytest.mark.anyio


@dataclass
class Kept:
    app: FastAPI
    client: AsyncClient
    stranger: AsyncClient
    left: Callable[[], int]
    """How many videos and pieces there are anywhere."""

    async def recorded(self) -> str:
        """An interview with a take of three seconds and one of two, finished."""
        interview_id = await hold_interview(capabilities_of(self.app).db, await me(self.client), status="in_progress")
        for number, (clock, seconds) in enumerate(((0, 3), (10_000, 2))):
            if capabilities_of(self.app).direct_storage is not None:
                await record(self.client, interview_id, number, clock, seconds)
                continue
            await start(self.client, interview_id, number, clock)
            pieces = cut(footage(seconds), 3)
            for piece, data in enumerate(pieces):
                assert (await send(self.client, interview_id, piece, data, take=number)).status_code == 200
            await end(self.client, interview_id, len(pieces), take=number)
        await self.client.post(f"/api/interviews/{interview_id}/finish")
        await until_ready(self.client, interview_id)
        return interview_id


@pytest.fixture(params=["local", "cloudinary"])
async def kept(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Kept]:
    fake = build()
    async with AsyncExitStack() as stack:
        stack.enter_context(served(fake))
        chosen = at_cloudinary(settings, fake) if request.param == "cloudinary" else settings
        app = await stack.enter_async_context(running(chosen))
        clients = []
        for name in ("Asha Verma", "Someone Else"):
            client = AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver")
            clients.append(await stack.enter_async_context(client))
            await sign_up(client, name)
        recordings = settings.data_dir / "recordings"
        yield Kept(
            app,
            client=clients[0],
            stranger=clients[1],
            left=lambda: len(fake.shelf.all()) + sum(path.is_file() for path in recordings.rglob("*")),
        )


async def test_it_plays_from_beginning_to_end(kept: Kept) -> None:
    interview_id = await kept.recorded()
    video = (await kept.client.get(f"/api/interviews/{interview_id}/results")).json()["video"]
    assert (video["status"], video["has_video"]) == ("ready", True)
    assert video["duration_ms"] == pytest.approx(5000, abs=150)
    reached = 0
    for part in video["parts"]:
        assert part["start_ms"] == reached
        reached += part["duration_ms"]
        whole = await kept.client.get(part["url"])
        assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
        some = await kept.client.get(part["url"], headers={"Range": "bytes=5-24"})
        assert (some.status_code, some.content) == (206, whole.content[5:25])
        assert (await kept.client.get(part["captions_url"])).text.startswith("WEBVTT")
        assert (await kept.client.get(part["chapters_url"])).text.startswith("WEBVTT")
    assert reached == video["duration_ms"]


async def test_a_moment_of_the_interview_is_found_in_it(kept: Kept) -> None:
    interview_id = await kept.recorded()
    lines = (await kept.client.get(f"/api/interviews/{interview_id}/transcript")).json()["utterances"]
    placed = {line["start_ms"]: line["video_ms"] for line in lines}
    assert placed[0] == 0
    assert all(moment is None or moment < 5200 for moment in placed.values())


async def test_nobody_else_plays_it(kept: Kept) -> None:
    interview_id = await kept.recorded()
    for name in ("video", "video?part=1", "captions.vtt", "chapters.vtt"):
        assert (await kept.stranger.get(f"/api/interviews/{interview_id}/recording/{name}")).status_code == 404


async def test_deleted_is_gone_and_may_be_deleted_again(kept: Kept) -> None:
    interview_id = await kept.recorded()
    assert kept.left() > 0
    assert (await kept.client.delete(f"/api/interviews/{interview_id}")).status_code == 204
    assert kept.left() == 0
    assert (await kept.client.delete(f"/api/interviews/{interview_id}")).status_code == 404


async def test_everything_that_arrived_is_told_to_a_page_that_comes_back(kept: Kept) -> None:
    interview_id = await kept.recorded()
    takes = (await state(kept.client, interview_id))["takes"]
    assert len(takes) == 2
    assert all(take["stored"] if take["direct"] else take["next_piece"] == take["expected_pieces"] for take in takes)
