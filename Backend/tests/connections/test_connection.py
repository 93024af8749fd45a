from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.connections.connection import MAX_DRAINED_BYTES, MAX_HEAD_BYTES, Patience
from tests.connections.served import PATIENCE_S, House, Visitor, served, visitor
from tests.workflows.waiting import until

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """The product runs on the second; transports of the two differ."""
    return "asyncio", {"use_uvloop": request.param}


SHORT = Patience(head_s=0.3, body_s=0.3, body_bytes=1000, drain_s=0.3)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


async def empty(house: House) -> None:
    async def is_empty() -> bool:
        return len(house.places) == 0

    await until(is_empty, "everybody to have left")


async def drips(guest: Visitor, drop: bytes = b"x") -> None:
    try:
        while True:
            await guest.say(drop)
            await asyncio.sleep(0.02)
    except ConnectionError:
        return


async def while_dripping(guest: Visitor, what: Callable[[], Awaitable[bytes]], drop: bytes = b"x") -> bytes:
    dripping = asyncio.create_task(drips(guest, drop))
    try:
        return await what()
    finally:
        dripping.cancel()
        await asyncio.gather(dripping, return_exceptions=True)


async def test_a_connection_on_which_nothing_is_said_is_closed_without_a_word() -> None:
    async with served(SHORT) as house:
        assert await (await visitor(house)).hear_all() == b""
        await empty(house)


async def test_a_head_that_stops_half_way_is_told_so_and_closed() -> None:
    async with served(SHORT) as house:
        guest = await visitor(house)
        await guest.say(b"GET / HTTP/1.1\r\nHost: local")
        heard = await guest.hear_all()
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b'"code": "too_slow"' in heard
    assert b"X-Content-Type-Options: nosniff" in heard


@pytest.mark.parametrize("before", [b"", GET])
async def test_a_head_that_drips_is_closed_however_long_it_drips(before: bytes) -> None:
    async with served(SHORT) as house:
        guest = await visitor(house)
        if before:
            await guest.say(before)
            await guest.hear(b"\r\n\r\n0")
        await guest.say(b"GET / HTTP/1.1\r\nX-Long: ")
        heard = await while_dripping(guest, guest.hear_all)
    assert heard.startswith(b"HTTP/1.1 408 ")


async def test_empty_lines_do_not_keep_an_idle_connection_open() -> None:
    async with served(SHORT) as house:
        guest = await visitor(house)
        await guest.say(GET)
        await guest.hear(b"\r\n\r\n0")
        assert await while_dripping(guest, guest.hear_all, b"\r\n") == b""


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (POST % 100_000, b"x"),
        (CHUNKED, b"1\r\nx\r\n"),
        (POST % 100_000, b""),
        # No part of a body, however much of it there is.
        (CHUNKED + b"0\r\n", b"X-Trailer: x\r\n"),
        (CHUNKED, b"1;" + b"x" * 100),
    ],
)
async def test_a_body_that_drips_is_cut_and_whoever_reads_it_is_told(head: bytes, drop: bytes) -> None:
    async with served(SHORT) as house:
        guest = await visitor(house)
        await guest.say(head)
        heard = await while_dripping(guest, guest.hear_all, drop)
        assert heard.startswith(b"HTTP/1.1 408 ")
        async with asyncio.timeout(PATIENCE_S):
            await house.broken_off.wait()


async def test_a_slow_line_that_goes_on_sending_is_never_cut() -> None:
    async with served(Patience(head_s=2.0, body_s=2.0, body_bytes=10)) as house:
        guest = await visitor(house)
        await guest.say(POST % 1200)
        for _ in range(12):
            await guest.say(b"x" * 100)
            # More than twice the patience in all.
            await asyncio.sleep(0.4)
        assert (await guest.hear(b"1200")).startswith(b"HTTP/1.1 200 ")


async def test_a_body_that_waits_for_us_is_not_cut() -> None:
    async with served(SHORT) as house:
        guest = await visitor(house)
        size = 20_000_000
        await guest.say(b"POST /late HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % size)
        sending = asyncio.create_task(guest.say(bytes(size)))
        # Three times over the patience has run out; had it been cut, nothing could be sent any more.
        await asyncio.sleep(1.0)
        assert not sending.done()
        house.reading.set()
        assert (await guest.hear(b"%d" % size)).startswith(b"HTTP/1.1 200 ")
        await sending


async def test_an_answer_may_take_as_long_as_it_takes() -> None:
    async with served(SHORT) as house:
        guest = await visitor(house)
        await guest.say(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await guest.hear(b"first ")
        await asyncio.sleep(1.0)
        house.over.set()
        assert await guest.hear(b"last")


async def test_a_websocket_is_not_cut_and_gives_its_place_back() -> None:
    async with served(SHORT) as house:
        async with connect(f"ws://127.0.0.1:{house.port}/live") as room:
            await asyncio.sleep(1.0)
            assert len(house.places) == 1
            house.over.set()
            assert await room.recv() == "still here"
        await empty(house)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nX-Long: " + b"x" * (MAX_HEAD_BYTES + 1),
        b"GET / HTTP/1.1\r\nX-Long: " + b"x" * (MAX_HEAD_BYTES + 1) + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X-Many: x\r\n" * 10_000,
        b"GET /" + b"x" * (MAX_HEAD_BYTES + 1),
        CHUNKED + b"0\r\n" + b"X-Trailer: x\r\n" * 100_000,
        CHUNKED + b"0\r\nX-Long: " + b"x" * (20 * MAX_HEAD_BYTES),
        CHUNKED + b"1;" + b"x" * (20 * MAX_HEAD_BYTES),
    ],
)
async def test_a_head_without_end_is_refused(head: bytes) -> None:
    async with served() as house:
        guest = await visitor(house)
        with contextlib.suppress(ConnectionError):
            await guest.say(head)
        assert b"HTTP/1.1 431 " in await guest.hear_all()
        await empty(house)


async def test_what_is_no_request_is_told_so_with_the_headers_of_every_answer() -> None:
    async with served() as house:
        guest = await visitor(house)
        await guest.say(b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heard = await guest.hear_all()
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert b"X-Content-Type-Options: nosniff" in heard
    assert b"Content-Security-Policy: " in heard


async def test_requests_piled_up_before_the_first_answer_are_refused() -> None:
    async with served() as house:
        guest = await visitor(house)
        await guest.say(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n" + GET * 10_000)
        await guest.hear_all()
        await empty(house)


async def test_a_body_that_nobody_wants_is_not_read_to_its_end() -> None:
    async with served() as house:
        guest = await visitor(house)
        await guest.say(b"POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
        sent = 0
        with pytest.raises(ConnectionError):
            while sent < 1_000_000_000:
                await guest.say(bytes(100_000))
                sent += 100_000
        # What the two systems keep for each other is sent as well.
        assert sent < MAX_DRAINED_BYTES + 50_000_000
        await empty(house)


async def test_a_little_that_nobody_wants_does_not_cost_the_connection() -> None:
    async with served() as house:
        guest = await visitor(house)
        await guest.say(b"POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        await guest.hear(b"\r\n\r\n0")
        await guest.say(bytes(1000), GET)
        assert (await guest.hear(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200 ")


async def test_a_body_that_nobody_wants_and_that_does_not_come_is_not_waited_for() -> None:
    async with served(SHORT) as house:
        guest = await visitor(house)
        await guest.say(b"POST /early HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        assert (await while_dripping(guest, guest.hear_all)).startswith(b"HTTP/1.1 200 ")


async def answered(house: House) -> bytes:
    guest = await visitor(house)
    await guest.say(GET)
    return (await guest.hear(b"\r\n"))[:12]


async def test_somebody_else_is_answered_among_thousands_who_say_nothing() -> None:
    async with served(in_all=50) as house:
        silent = [await visitor(house) for _ in range(500)]
        assert await answered(house) == b"HTTP/1.1 200"
        assert len(house.places) <= 50
        for guest in silent:
            await guest.go()
        await empty(house)


async def test_when_it_is_full_of_those_who_are_answered_one_is_told_when_to_come_back() -> None:
    async with served(in_all=3) as house:
        for _ in range(3):
            guest = await visitor(house)
            await guest.say(b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await guest.hear(b"first ")
        late = await visitor(house)
        await late.say(GET)
        heard = await late.hear_all()
        assert heard.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 5\r\n" in heard
        assert len(house.places) == 3


async def test_websockets_count_among_an_addresses_connections() -> None:
    async with served(each=2) as house:
        address = f"ws://127.0.0.1:{house.port}/live"
        async with connect(address), connect(address):
            with pytest.raises(InvalidStatus) as refused:
                await connect(address)
            assert refused.value.response.status_code == 503
        await empty(house)
        house.over.set()
        async with connect(address) as room:
            assert await room.recv() == "still here"


async def test_an_endless_message_of_empty_fragments_is_cut() -> None:
    async with served() as house:
        guest = await visitor(house)
        await guest.say(
            b"GET /live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        await guest.hear(b"\r\n\r\n")
        await guest.say(b"\x01\x80\x00\x00\x00\x00", b"\x00\x80\x00\x00\x00\x00" * 5000)
        await guest.hear_all()
        await empty(house)
