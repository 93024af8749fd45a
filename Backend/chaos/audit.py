"""What must be true when everything has come to rest, whatever happened before."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any, Final

from chaos.footage import NOTHING, Material, material
from chaos.ledger import InterviewLedger, Ledger, TakeLedger
from chaos.person import AGAIN_S, Person

RETRIES: Final = 8
TORN_PICTURES: Final = 2
"""At the edge of a take that ends in a gap, a half picture may count or not."""
EDGE_SOUNDS: Final = 4
"""Frames of sound at a take's two ends, in which an encoder's run-up or the next take may be heard as well."""
LENGTH_SLACK_PER_TAKE_S: Final = 0.25


async def quiet(person: Person, interview: InterviewLedger, within_s: float) -> dict[str, Any]:
    """The results, once nothing is under way any more. What has failed is tried again, as a person would."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + within_s
    retries = Counter[str]()
    while True:
        page = await person.results(interview.id)
        video = page["video"]["status"]
        failed = page["status"] == "failed" or video == "failed"
        if page["status"] == "completed" and video in ("ready", "none"):
            return page
        if failed and retries["all"] < RETRIES:
            retries["all"] += 1
            person.ledger.count("retries")
            await person.ask("POST", f"/api/interviews/{interview.id}/retry")
            await asyncio.sleep(1.0)
        elif failed or clock() > deadline:
            person.ledger.violated(f"never came to rest: interview {page['status']}, video {video}")
            return page
        elif page["status"] in ("in_progress", "abandoned"):
            await person.ask("POST", f"/api/interviews/{interview.id}/finish")
        await asyncio.sleep(AGAIN_S)


def check_transcript(ledger: Ledger, interview: InterviewLedger, page: dict[str, Any]) -> None:
    """Each utterance that a room was told is there once, in its words; and nothing is there that was not said."""
    said = {line["id"]: line["text"] for line in page["transcript"]}
    if len(said) != len(page["transcript"]):
        ledger.violated("an utterance is in the transcript twice")
    for line in interview.lines.values():
        if said.get(line["id"]) != line["text"]:
            ledger.violated("an utterance that was told is not in the transcript, or in other words")
    texts = Counter(line["text"] for line in page["transcript"] if line["speaker"] == "candidate")
    for text, times in texts.items():
        if times > interview.typed[text]:
            ledger.violated("an answer is in the transcript more often than it was typed")
    ledger.count("utterances told", len(interview.lines))


async def check_recording(
    person: Person, interview: InterviewLedger, page: dict[str, Any], recordings: Path, when: str
) -> None:
    """Fetches the videos as a player does, looks on the disk, and holds both against the ledger."""
    on_disk = await asyncio.to_thread(_digests, recordings)
    stored = await _stored(person, page, when)
    await asyncio.to_thread(check_takes, person.ledger, interview, stored, on_disk, when)
    told_s = page["video"]["duration_ms"] / 1000
    if abs(told_s - stored.lasts_s) > _slack_s(interview):
        person.ledger.violated(f"{when}: the page says {told_s:.1f} s of videos that last {stored.lasts_s:.1f} s")


def check_takes(ledger: Ledger, interview: InterviewLedger, stored: Material, on_disk: set[str], when: str) -> None:
    """Every receipted piece is on the disk or in a video, and the videos hold all that can be played, once.

    `stored`: what the videos hold together; `on_disk`: SHA-256 of the pieces there.
    """
    lasts_s = 0.0
    for take in interview.takes:
        holds = take.playable()
        lasts_s += holds.lasts_s
        slack = 0 if take.whole else TORN_PICTURES
        shade = take.plan.shade
        shown, heard = stored.pictures[shade], stored.sounds[shade]
        seen_all = shown >= holds.pictures[shade] - slack
        in_video = holds != NOTHING and seen_all and heard >= holds.sounds[shade] - EDGE_SOUNDS
        if holds != NOTHING and not in_video:
            ledger.violated(f"{when}: what was receipted of a take is not in the video ({_named(take)})")
        most = holds if take.whole else take.most()
        if shown > most.pictures[shade] or heard > most.sounds[shade] + EDGE_SOUNDS:
            ledger.violated(f"{when}: a take is in the video more than once ({_named(take)})")
        on_disk_of_take = {piece for piece in take.receipted if take.digest(piece) in on_disk}
        in_video_of_take = {piece for piece in take.receipted if in_video and piece < take.prefix}
        lost = take.receipted - on_disk_of_take - in_video_of_take
        if lost:
            ledger.violated(
                f"{when}: LOST, receipted and neither on the disk nor in a video: "
                f"{len(lost)} of {len(take.receipted)} pieces ({_named(take)})"
            )
        ledger.count(f"pieces on disk {when}", len(on_disk_of_take))
    if stored.lasts_s < lasts_s - _slack_s(interview):
        ledger.violated(f"{when}: the videos last {stored.lasts_s:.1f} s of {lasts_s:.1f} s that were receipted")


def _slack_s(interview: InterviewLedger) -> float:
    return LENGTH_SLACK_PER_TAKE_S * (len(interview.takes) + 1)


async def _stored(person: Person, page: dict[str, Any], when: str) -> Material:
    """What the parts of the video hold together, each fetched as a player does."""
    pictures: Counter[int] = Counter()
    sounds: Counter[int] = Counter()
    lasts_s = 0.0
    for part in page["video"]["parts"]:
        answer = await person.ask("GET", part["url"])
        if answer.status_code not in (200, 206):
            person.ledger.violated(f"{when}: a part of the video cannot be fetched: {answer.status_code}")
            continue
        container = "mp4" if part["mime_type"].endswith("/mp4") else "webm"
        holds = await asyncio.to_thread(material, answer.content, container)
        if holds == NOTHING:
            person.ledger.violated(f"{when}: a part of the video does not open")
        pictures += holds.pictures
        sounds += holds.sounds
        lasts_s += holds.lasts_s
    return Material(pictures, sounds, lasts_s)


def _digests(recordings: Path) -> set[str]:
    found: set[str] = set()
    for path in recordings.rglob("*.piece"):
        try:
            found.add(hashlib.sha256(path.read_bytes()).hexdigest())
        except FileNotFoundError:
            continue
    return found


def _named(take: TakeLedger) -> str:
    gap = "" if take.whole else ", with a gap"
    return f"take {take.plan.number}, {take.plan.device.name}{gap}"


def check_log(ledger: Ledger, log: Path, interviews: list[InterviewLedger], people: list[Person]) -> None:
    """What the server wrote down says nothing of anybody."""
    said = log.read_text(errors="replace")
    ledger.count("tracebacks", said.count("Traceback (most recent call last)"))
    words = [person.email for person in people]
    words += [text for interview in interviews for text in interview.typed]
    if any(word in said for word in words):
        ledger.violated("the server's log holds words or an address of a person")
