"""`make seed`: a person with three finished interviews, one of them with video, made by the product itself.

Starts the product on your data folder, and does in it what a person does: signs up, hands over a resume, types
answers, is recorded. Nothing is written past the product.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

from httpx2 import AsyncClient, HTTPError, Response

from app.settings import Settings
from app.workflows.process_locks import ProofOfLife
from seed import footage, room, story

BACKEND = Path(__file__).resolve().parents[1]
WAIT_S = 120.0


async def _sit(client: AsyncClient, address: str, profile_id: str, sitting: story.Sitting) -> None:
    asked = {"role": story.ROLE, "seniority": "mid", "skills": ["Python", "PostgreSQL"], "profile_id": profile_id}
    interview = _json(await client.post("/api/interviews", json=asked))
    path = f"/api/interviews/{interview['id']}"
    await _until(client, path, "scheduled")
    _json(await client.post(f"{path}/consent", json={"recording": sitting.recorded}))
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    lasted_ms = await room.hold(address, str(interview["id"]), cookie, sitting.answers)
    if sitting.recorded:
        await _record(client, f"{path}/recording/takes", lasted_ms / 1000)
    await _until(client, path, "completed")


async def _record(client: AsyncClient, takes: str, seconds: float) -> None:
    """Late, as from a page that kept everything while its line was gone."""
    take = {"number": 0, "mime_type": footage.MIME_TYPE, "clock_start_ms": 0}
    _json(await client.post(takes, json=take))
    made = await asyncio.to_thread(footage.pieces, seconds)
    for number, piece in enumerate(made):
        headers = {"Content-Type": footage.MIME_TYPE}
        _json(await client.put(f"{takes}/0/pieces/{number}", content=piece, headers=headers))
    _json(await client.post(f"{takes}/0/end", json={"pieces": len(made)}))


async def _until(client: AsyncClient, path: str, status: str) -> None:
    async with asyncio.timeout(WAIT_S):
        while True:
            found = _json(await client.get(path))["status"]
            if found == status:
                return
            if found == "failed":
                raise RuntimeError(f"an interview failed on its way to {status}")
            await asyncio.sleep(0.2)


def _json(answer: Response) -> dict[str, object]:
    answer.raise_for_status()
    found: dict[str, object] = answer.json()
    return found


async def _make(address: str) -> None:
    origin = f"http://{address}"
    async with AsyncClient(base_url=origin, timeout=30, headers={"Origin": origin}) as client:
        await _ready(client)
        account = {"email": story.EMAIL, "name": story.NAME, "password": story.PASSWORD}
        answer = await client.post("/api/auth/sign-up", json=account)
        if answer.status_code == 409:
            print(f"{story.EMAIL} is here already. Nothing was changed.")
            return
        _json(answer)
        profile = _json(await client.post("/api/profiles", files={"text": (None, story.RESUME)}))
        for number, sitting in enumerate(story.SITTINGS, 1):
            await _sit(client, address, str(profile["id"]), sitting)
            print(f"  interview {number} of {len(story.SITTINGS)} is done")
        print(f"\nSign in as {story.EMAIL} with the password: {story.PASSWORD}\n")


async def _ready(client: AsyncClient) -> None:
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                if (await client.get("/api/health")).is_success:
                    return
            except HTTPError:
                pass
            await asyncio.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    settings = Settings()
    if settings.identity != "local":
        print("Seeding needs local accounts: leave IDENTITY empty for it.", file=sys.stderr)
        return 2
    executors = settings.data_dir / "executors"
    if executors.is_dir() and ProofOfLife(executors, "seed").anybody_else():
        print("InterviewDost is running on this data folder. Please stop it first.", file=sys.stderr)
        return 2
    port = _free_port()
    environment = {**os.environ, "SPEECH": "off", "ENVIRONMENT": "development"}
    server = subprocess.Popen(
        [sys.executable, "-m", "app.serve", "--port", str(port)],
        cwd=BACKEND,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        asyncio.run(_make(f"127.0.0.1:{port}"))
    finally:
        server.terminate()
        server.wait(timeout=30)
    return 0


if __name__ == "__main__":
    sys.exit(main())
