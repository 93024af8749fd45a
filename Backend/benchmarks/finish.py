"""From the click on "end" to the complete results page with its video, and from submit to five questions.

    python -m benchmarks.finish [--n 5] [--questions 10]

A real server process on an empty folder. Ten minutes of WebM (640×360, VP8 and Opus, kept in .cache) go
up in two-second pieces through the API; all but the last are there when the interview ends, as in life. None of the
five answers has been judged by then, which is harder than life, where most are. Complete means: status completed,
video ready, and its first and last bytes answered as ranges.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from httpx2 import AsyncClient

from app.db import Database
from app.settings import PROJECT_ROOT, Settings
from tests.fixtures.resumes import resume_text
from tests.fixtures.resumes.layout import one_column
from tests.workflows.held import GOOD, OFF_TOPIC, hold_interview

MINUTES = 10
PIECE_S = 2
LOOP_S = 30
WEBM = "video/webm;codecs=vp8,opus"
FINISH_BOUND_S = 3.0
QUESTIONS_BOUND_S = 1.0
ANSWERS = (GOOD, GOOD, OFF_TOPIC, GOOD, GOOD)


def ten_minutes() -> bytes:
    """A drifting, grainy picture and a wavering tone: half a minute, encoded once, played over and over."""
    kept = PROJECT_ROOT / ".cache" / f"footage-{MINUTES}-minutes.webm"
    if kept.exists():
        return kept.read_bytes()
    print(f"making {MINUTES} minutes of footage, once …", flush=True)
    once = half_a_minute()
    out = io.BytesIO()
    out.seekable = lambda: False  # type: ignore[method-assign]
    live = {"live": "1"}
    with av.open(io.BytesIO(once), mode="r") as first, av.open(out, "w", format="webm", options=live) as container:
        copies = {stream.index: container.add_stream_from_template(stream) for stream in first.streams}
        for turn in range(MINUTES * 60 // LOOP_S):
            with av.open(io.BytesIO(once), mode="r") as source:
                for packet in source.demux():
                    if packet.dts is None or packet.pts is None or packet.time_base is None:
                        continue
                    shift = round(turn * LOOP_S / packet.time_base)
                    packet.pts, packet.dts = max(0, packet.pts) + shift, max(0, packet.dts) + shift
                    packet.stream = copies[packet.stream.index]
                    container.mux(packet)
    kept.parent.mkdir(parents=True, exist_ok=True)
    aside = kept.with_suffix(".part")
    aside.write_bytes(out.getvalue())
    aside.replace(kept)
    return out.getvalue()


def half_a_minute() -> bytes:
    width, height, fps, rate = 640, 360, 12, 48_000
    out = io.BytesIO()
    chance = np.random.default_rng(7)
    grain = [chance.integers(0, 40, (height, width, 1), dtype=np.uint8) for _ in range(8)]
    ramp = np.tile(np.linspace(0, 200, width, dtype=np.uint8), (height, 1))[:, :, None]
    with av.open(out, mode="w", format="webm") as container:
        video: Any = container.add_stream("libvpx", rate=fps, options={"deadline": "realtime", "cpu-used": "12"})
        video.width, video.height, video.pix_fmt, video.gop_size = width, height, "yuv420p", fps * PIECE_S
        video.bit_rate = 1_000_000
        audio: Any = container.add_stream("libopus", rate=rate)
        audio.bit_rate = 64_000
        samples = rate // fps
        for index in range(LOOP_S * fps):
            image = np.repeat(np.roll(ramp, index * 3, axis=1) + grain[index % len(grain)], 3, axis=2)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            container.mux(video.encode(frame))
            phase = 2 * np.pi * (300 + index % 90) * np.arange(samples) / rate
            heard = av.AudioFrame.from_ndarray(
                (np.sin(phase) * 6000).astype(np.int16).reshape(1, -1), format="s16", layout="mono"
            )
            heard.sample_rate, heard.pts, heard.time_base = rate, index * samples, Fraction(1, rate)
            container.mux(audio.encode(heard))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))
    return out.getvalue()


def start_server(data_dir: str) -> tuple[subprocess.Popen[str], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "app.serve", "--port", str(port)],
        env={**os.environ, "DATA_DIR": data_dir, "SPEECH": "off", "RATE_LIMITS": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    for line in server.stdout:
        if "is ready" in line:
            return server, f"http://localhost:{port}"
    raise RuntimeError("the server ended before it was ready")


async def finish_once(
    client: AsyncClient, db: Database, user_id: str, pieces: Sequence[bytes]
) -> tuple[float, list[float]]:
    """Seconds from "end" to complete, and the milliseconds each piece took to be received."""
    interview_id = await hold_interview(db, user_id, status="in_progress", answers=ANSWERS)
    base = f"/api/interviews/{interview_id}"
    take = {"number": 0, "mime_type": WEBM, "clock_start_ms": 0}
    (await client.post(f"{base}/recording/takes", json=take)).raise_for_status()
    received: list[float] = []

    async def put(number: int) -> None:
        began = time.monotonic()
        path = f"{base}/recording/takes/0/pieces/{number}"
        (await client.put(path, content=pieces[number], headers={"Content-Type": WEBM})).raise_for_status()
        received.append((time.monotonic() - began) * 1000)

    for number in range(len(pieces) - 1):
        await put(number)

    async def last_piece() -> None:
        await put(len(pieces) - 1)
        (await client.post(f"{base}/recording/takes/0/end", json={"pieces": len(pieces)})).raise_for_status()

    began = time.monotonic()
    ended, _ = await asyncio.gather(client.post(f"{base}/finish"), last_piece())
    ended.raise_for_status()
    while True:
        page = (await client.get(f"{base}/results")).json()
        if page["status"] == "failed" or page["video"]["status"] == "failed":
            raise RuntimeError(f"failed: {page['failure']}")
        if page["status"] == "completed" and page["video"]["status"] == "ready":
            break
        await asyncio.sleep(0.05)
    for part in ("bytes=0-999", "bytes=-1000"):
        answer = await client.get(page["video"]["url"], headers={"Range": part})
        if answer.status_code != 206:
            raise RuntimeError("the video does not answer ranges")
    took = time.monotonic() - began
    if not 0.98 < page["video"]["duration_ms"] / (MINUTES * 60_000) < 1.02:
        raise RuntimeError(f"the video is {page['video']['duration_ms']} ms long")
    if page["overall"]["value"] is None:
        raise RuntimeError("there is no overall score")
    return took, received


async def questions_once(client: AsyncClient, resume: bytes) -> tuple[float, float]:
    """Seconds until a two-page PDF is understood, and from submit until the five questions are there."""
    began = time.monotonic()
    profile = await client.post("/api/profiles", files={"file": ("resume.pdf", resume)})
    profile.raise_for_status()
    understood = time.monotonic() - began
    began = time.monotonic()
    made = await client.post("/api/interviews", json={"role": "Backend engineer", "profile_id": profile.json()["id"]})
    made.raise_for_status()
    while True:
        interview = (await client.get(f"/api/interviews/{made.json()['id']}")).json()
        if interview["status"] == "scheduled":
            break
        if interview["status"] == "failed":
            raise RuntimeError(f"failed: {interview['failure']}")
        await asyncio.sleep(0.02)
    return understood, time.monotonic() - began


def spread(name: str, values: Sequence[float], unit: str, bound: str = "") -> str:
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return (
        f"{name}: median {statistics.median(values):.2f} {unit}, min {ordered[0]:.2f}, p95 {p95:.2f}, "
        f"max {ordered[-1]:.2f} (n={len(values)}{bound})"
    )


async def measure(address: str, data_dir: str, n: int, questions: int) -> None:
    footage = ten_minutes()
    count = MINUTES * 60 // PIECE_S
    size = -(-len(footage) // count)
    pieces = [footage[begin : begin + size] for begin in range(0, len(footage), size)]
    print(f"{MINUTES} minutes: {len(footage) / 1e6:.1f} MB in {len(pieces)} pieces")
    db = Database(Settings(_env_file=None, data_dir=Path(data_dir)).resolved_database_url)
    async with AsyncClient(base_url=address, timeout=60) as client:
        account = {"email": "bench@example.org", "name": "Bench", "password": "correct horse battery"}
        user = await client.post("/api/auth/sign-up", json=account)
        user.raise_for_status()
        resume = one_column(resume_text("backend"), pages=2)
        prepared = [await questions_once(client, resume) for _ in range(questions)]
        finished = [await finish_once(client, db, user.json()["id"], pieces) for _ in range(n)]
    await db.close()
    print(spread("two-page PDF understood", [each[0] for each in prepared], "s"))
    print(spread("submit → five questions", [each[1] for each in prepared], "s", f"; bound {QUESTIONS_BOUND_S:g} s"))
    print(spread("both together", [sum(each) for each in prepared], "s"))
    print(spread("a piece, sent → receipt", [ms for each in finished for ms in each[1]], "ms"))
    print(spread("end → complete results", [each[0] for each in finished], "s", f"; bound {FINISH_BOUND_S:g} s"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=5)
    parser.add_argument("--questions", type=int, default=10)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as data_dir:
        server, address = start_server(data_dir)
        try:
            asyncio.run(measure(address, data_dir, chosen.n, chosen.questions))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
