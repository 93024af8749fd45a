"""Adaptive videos (HLS) of Cloudinary's stand-in, through our API to the one person who may see them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient

from app.settings import Settings
from fakes.base import served
from fakes.cloudinary import CloudinaryFake, build
from tests.house import ON_SQLITE_ONLY, sign_up
from tests.recordings.direct import at_cloudinary, record, running
from tests.routers.test_direct_recordings import finish, held, video_of
from tests.routers.test_recordings import until_ready

pytestmark = [pytest.mark.anyio, ON_SQLITE_ONLY]


@pytest.fixture
def fake() -> Iterator[CloudinaryFake]:
    made = build()
    with served(made):
        yield made


@pytest.fixture
async def app(settings: Settings, fake: CloudinaryFake) -> AsyncIterator[FastAPI]:
    async with running(at_cloudinary(settings, fake, cloudinary_adaptive=True)) as application:
        yield application


@pytest.fixture
async def candidate(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client:
        await sign_up(client)
        yield client


async def recorded(app: FastAPI, client: AsyncClient) -> tuple[str, dict[str, Any]]:
    """An interview, and the one part of its recording."""
    interview_id = await held(app, client)
    await record(client, interview_id)
    await finish(client, interview_id)
    await until_ready(client, interview_id)
    (part,) = (await video_of(client, interview_id))["parts"]
    return interview_id, part


def addresses(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]


async def test_an_adaptive_video_plays_from_our_addresses_alone(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    interview_id, part = await recorded(app, candidate)
    assert part["mime_type"] == "application/vnd.apple.mpegurl"
    master = await candidate.get(part["url"])
    assert master.headers["content-type"] == "application/vnd.apple.mpegurl"
    assert "private" in master.headers["cache-control"]
    assert (await candidate.head(part["url"])).status_code == 200
    sizes = addresses(master.text)
    assert len(sizes) == 2
    for size in sizes:
        assert size.startswith(f"/api/interviews/{interview_id}/recording/stream/0/")
        told = await candidate.get(size)
        assert told.status_code == 200
        assert "s--" not in told.text and fake.address not in told.text
        for piece in set(addresses(told.text)):
            answer = await candidate.get(piece, headers={"Range": "bytes=188-375"})
            assert (answer.status_code, len(answer.content)) == (206, 188)
            # What every piece of a transport stream begins with.
            assert answer.content[:1] == b"G"


async def test_nobody_else_is_given_a_playlist_or_a_piece(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    _, part = await recorded(app, candidate)
    (size, *_) = addresses((await candidate.get(part["url"])).text)
    (piece, *_) = addresses((await candidate.get(size)).text)
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as stranger:
        for path in (part["url"], size, piece):
            assert (await stranger.get(path)).status_code == 401
        await sign_up(stranger, "Someone Else")
        for path in (part["url"], size, piece):
            assert (await stranger.get(path)).status_code == 404
        _, own = await recorded(app, stranger)
        folder = own["url"].replace("/video", "/stream/0")
        foreign = piece.split("/stream/0/")[1]
        asked = len(fake.asked)
        assert (await stranger.get(f"{folder}/{foreign}")).status_code == 404
        assert len(fake.asked) == asked, "the vendor was asked for somebody else's video"


async def test_nothing_else_is_made_of_a_video_on_request(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    _, part = await recorded(app, candidate)
    (size, *_) = addresses((await candidate.get(part["url"])).text)
    asked = len(fake.asked)
    for other in (size.replace("w_640", "w_3840"), size.replace("/c_limit", "/e_reverse/c_limit"), size[:-5] + ".avi"):
        assert other != size
        assert (await candidate.get(other)).status_code == 404
    assert len(fake.asked) == asked, "the vendor was asked to make something, at our cost"


async def test_while_it_is_being_made_the_page_is_told_when_to_come_back(
    app: FastAPI, candidate: AsyncClient, fake: CloudinaryFake
) -> None:
    _, part = await recorded(app, candidate)
    fake.switch("processing")
    answer = await candidate.get(part["url"])
    assert (answer.status_code, answer.json()["code"]) == (503, "video_being_made")
    assert int(answer.headers["retry-after"]) > 0


async def test_with_a_token_key_the_pieces_come_from_the_vendor_at_an_address_that_expires(
    settings: Settings, fake: CloudinaryFake
) -> None:
    fake.token_key = "00112233ff99"
    change = {"cloudinary_adaptive": True, "cloudinary_token_key": fake.token_key}
    async with (
        running(at_cloudinary(settings, fake, **change)) as app,
        AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client,
    ):
        await sign_up(client)
        _, part = await recorded(app, client)
        page = await client.get("/api/setup")
        for directive in ("connect-src", "media-src"):
            assert fake.address in page.headers["content-security-policy"].split(directive)[1].split(";")[0]
        (size, *_) = addresses((await client.get(part["url"])).text)
        (piece, *_) = addresses((await client.get(size)).text)
        answer = await client.get(piece)
        assert answer.status_code == 302
        assert "__cld_token__=exp=" in answer.headers["location"]
    async with AsyncClient() as vendor:
        assert (await vendor.get(answer.headers["location"])).status_code == 200
        assert (await vendor.get(answer.headers["location"].split("?")[0])).status_code == 401
