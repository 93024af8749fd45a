"""One turn of the live interview over the real socket: from the decision that an answer has ended to the first sound.

    python -m benchmarks.live_turn [--n 20]

Runs the product as a process of its own on an empty data folder, signs up, has five questions planned, and answers them
in real time through the interview's WebSocket with speech made by flite and espeak-ng; each answer has a pause of two
seconds in its middle. The decision is taken as the moment in which the page is told `deciding`; the first sound as the
moment in which the first bytes of the interviewer's next words arrive. The page plays nothing, so that the loudspeaker
and the browser (about 15 ms of lead in our player) are not in it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any

from httpx2 import AsyncClient
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from benchmarks.speech_answers import ANSWERS
from benchmarks.speech_audio import SPEAKERS, Samples, joined, silence, spoken, word_errors

FRAME_MS = 40
PAUSE_MS = 2_000
WAIT_S = 60.0
RESUME = """Asha Verma
Backend engineer

Northwind Retail, Backend engineer, 2021 - present
- Led the migration of the billing service to a queue and cut failed payments from 4 % to 2 %
- Built a reporting database that made the nightly report 40 % faster
- Trained three new engineers and wrote the team's on-call guide

Skills: Python, PostgreSQL, Redis, Kubernetes
"""


@dataclass
class Turn:
    """Times in ms. `early`: the answer was taken for ended in its middle pause."""

    decision_to_sound: float | None = None
    last_sample_to_decision: float | None = None
    to_next_question: float | None = None
    early: bool = False
    errors: int = 0
    words: int = 0


@dataclass
class Room:
    """What the page has been told, with the moment in which it came."""

    socket: ClientConnection
    facts: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    sound: list[tuple[float, str]] = field(default_factory=list)
    microphone: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)
    silent: asyncio.Event = field(default_factory=asyncio.Event)
    last_sample_at: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        async for message in self.socket:
            at = time.monotonic()
            if isinstance(message, bytes):
                header = json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])
                if header["duration_ms"]:
                    self.sound.append((at, header["utterance_id"]))
                if header["index"] == 0:
                    await self.wish("speech.started", utterance_id=header["utterance_id"])
                if header["last"]:
                    await self.wish("speech.finished", utterance_id=header["utterance_id"])
            else:
                self.facts.append((at, json.loads(message)))
            self.news.set()

    async def talk(self) -> None:
        """The microphone, in real time: what is to be said, and a quiet room otherwise."""
        quiet = silence(FRAME_MS).astype("<i2").tobytes()
        sequence = 0
        due = time.monotonic()
        while True:
            sending = not self.microphone.empty()
            frame = self.microphone.get_nowait() if sending else quiet
            sequence += 1
            await self.socket.send(sequence.to_bytes(4, "little") + frame)
            if sending:
                self.last_sample_at = time.monotonic()
            else:
                self.silent.set()
            due += FRAME_MS / 1000
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def wish(self, type: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"type": type, **fields}))

    def say(self, samples: Samples) -> None:
        step = FRAME_MS * 16
        self.silent.clear()
        for start in range(0, len(samples) - step + 1, step):
            self.microphone.put_nowait(samples[start : start + step].astype("<i2").tobytes())

    async def until_phase(self, phase: str, since: float) -> float:
        """The moment in which this phase was told after `since`."""

        async def look() -> float:
            while True:
                for at, fact in self.facts:
                    if at >= since and fact["type"] == "phase.changed" and fact["phase"] == phase:
                        return at
                self.news.clear()
                await self.news.wait()

        return await asyncio.wait_for(look(), WAIT_S)

    def spoken_lines(self, since: float) -> str:
        return " ".join(
            fact["utterance"]["text"]
            for at, fact in self.facts
            if at >= since and fact["type"] == "utterance.added" and fact["utterance"]["speaker"] == "candidate"
        )

    def ended(self) -> bool:
        return any(fact["type"] == "interview.ended" for _, fact in self.facts)


async def one_turn(room: Room, text: str, speaker: str) -> Turn:
    """Answers the question that has just been asked, and waits for what the interviewer makes of it."""
    turn = Turn()
    began = time.monotonic()
    parts = [spoken(part.strip(), speaker) for part in text.split("|")]
    room.say(joined(parts[0], silence(PAUSE_MS), parts[1]))
    decided = await room.until_phase("deciding", began)
    turn.early = not room.microphone.empty()
    if turn.early:
        await room.silent.wait()
    else:
        turn.last_sample_to_decision = (decided - room.last_sample_at) * 1000
        while not (first := [at for at, _ in room.sound if at >= decided - 0.05]):
            room.news.clear()
            await asyncio.wait_for(room.news.wait(), WAIT_S)
        turn.decision_to_sound = max(0.0, first[0] - decided) * 1000
        asking = asyncio.create_task(room.until_phase("asking", decided))
        closing = asyncio.create_task(room.until_phase("closing", decided))
        done, left = await asyncio.wait({asking, closing}, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
        turn.to_next_question = (done.pop().result() - decided) * 1000
    turn.errors, turn.words = word_errors(text.replace("|", " "), room.spoken_lines(began))
    return turn


async def one_interview(address: str, client: AsyncClient, first: int) -> tuple[list[Turn], list[dict[str, Any]]]:
    made = await client.post(
        "/api/interviews", json={"role": "Backend engineer", "skills": ["Python"], "profile_id": await _profile(client)}
    )
    made.raise_for_status()
    interview_id = made.json()["id"]
    for _ in range(200):
        if (await client.get(f"/api/interviews/{interview_id}")).json()["status"] == "scheduled":
            break
        await asyncio.sleep(0.05)
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    turns: list[Turn] = []
    async with connect(
        f"ws://{address}/api/interviews/{interview_id}/live",
        additional_headers={"Cookie": cookie},
        origin=Origin(f"http://{address}"),
        proxy=None,
        max_size=None,
    ) as live:
        room = Room(live)
        tasks: list[asyncio.Task[None]] = [asyncio.create_task(room.listen()), asyncio.create_task(room.talk())]
        since = time.monotonic()
        await room.wish("interview.begin", listen=True, speak=True)
        while not room.ended():
            listening = asyncio.create_task(room.until_phase("listening", since))
            ended = asyncio.create_task(room.until_phase("ended", since))
            done, left = await asyncio.wait({listening, ended}, return_when=asyncio.FIRST_COMPLETED)
            for phase in left:
                phase.cancel()
            if ended in done:
                break
            since = time.monotonic()
            number = first + len(turns)
            turns.append(await one_turn(room, ANSWERS[number % len(ANSWERS)], SPEAKERS[number % len(SPEAKERS)]))
        scored = [fact for _, fact in room.facts if fact["type"] == "response.assessed"]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return turns, scored


async def _profile(client: AsyncClient) -> str:
    answer = await client.post("/api/profiles", files={"text": (None, RESUME)})
    answer.raise_for_status()
    return str(answer.json()["id"])


async def measure(address: str, n: int) -> tuple[list[Turn], int]:
    origin = {"Origin": f"http://{address}"}
    turns: list[Turn] = []
    scored = 0
    async with AsyncClient(base_url=f"http://{address}", headers=origin, timeout=30) as client:
        signed = await client.post(
            "/api/auth/sign-up",
            json={"email": "bench@example.org", "name": "Asha Verma", "password": "correct horse battery"},
        )
        signed.raise_for_status()
        while len([turn for turn in turns if turn.decision_to_sound is not None]) < n:
            more, scores = await one_interview(address, client, len(turns))
            turns += more
            scored += len(scores)
    return turns, scored


def spread(values: list[float]) -> str:
    ordered = sorted(values)
    last = ordered[max(0, round(0.95 * len(ordered)) - 1)]
    return f"median {statistics.median(ordered):5.0f} ms   min {ordered[0]:5.0f}   p95 {last:5.0f}   n={len(ordered)}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=20)
    n = parser.parse_args().n
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, "-m", "app.serve", "--port", str(port)],
            env={**os.environ, "DATA_DIR": folder, "RATE_LIMITS": "false"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            if server.stdout is None or not any("is ready" in line for line in server.stdout):
                raise RuntimeError("the server ended before it was ready")
            turns, scored = asyncio.run(measure(f"127.0.0.1:{port}", n))
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    sound = [turn.decision_to_sound for turn in turns if turn.decision_to_sound is not None]
    silences = [turn.last_sample_to_decision for turn in turns if turn.last_sample_to_decision is not None]
    following = [turn.to_next_question for turn in turns if turn.to_next_question is not None]
    errors, words = sum(turn.errors for turn in turns), sum(turn.words for turn in turns)
    print(f"python -m benchmarks.live_turn --n {n}   ({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f})")
    print(f"decision to first sound received   {spread(sound)}   (bound 600)")
    print(f"last speech sample to decision     {spread(silences)}")
    print(f"decision to the next question      {spread(following)}   (nothing played in between)")
    print(f"2 s pause taken for the end        {sum(turn.early for turn in turns)} of {len(turns)} answers")
    print(f"word error rate                    {100 * errors / max(1, words):.1f} %   ({errors} of {words} words)")
    print(f"answers scored while connected     {scored} of {len(turns)}")


if __name__ == "__main__":
    main()
