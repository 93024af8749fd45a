"""A second interviewer is one record: name, face and voice go where they are needed, and nobody else's come along."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import ClassVar

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.container import build_capabilities
from app.conversation.room.voice_queue import Mouth, SpokenWords
from app.domain.persona import MAYA, Persona
from app.main import create_app
from app.services.speech.base import Speech, SpeechChunk
from app.services.vendor import Vendor, VendorSettings
from app.services.vendors import VENDORS, Vendors
from app.settings import PROJECT_ROOT, Settings
from tests.conversation.engines import ScriptedVoice
from tests.house import sign_up
from tests.inline_jobs import InlineJobs
from tests.routers.live_page import page_of, served
from tests.routers.test_live import prepared

pytestmark = pytest.mark.anyio

ORLA = Persona(name="Órla", face="orla-outdoors", voice="emma")


class Voices:
    """A speech engine that opens any voice, and notes which."""

    def __init__(self) -> None:
        self.opened: dict[str, ScriptedVoice] = {}

    def open(self, voice_id: str) -> ScriptedVoice:
        return self.opened.setdefault(voice_id, ScriptedVoice())


VOICES = Voices()


def _speech(settings: VendorSettings) -> Speech:
    return Speech(open_recognizer=lambda: None, open_voice=VOICES.open)


class SettingsWithVoices(Settings):
    vendors: ClassVar[Vendors] = replace(
        VENDORS, speech=(Vendor(key="scripted", name="scripted", capability="speech", build=_speech),)
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """An installation whose interviewer is Órla."""
    VOICES.opened.clear()
    chosen = SettingsWithVoices(_env_file=None, **(settings.model_dump() | {"speech": "scripted"}))
    capabilities = build_capabilities(chosen, ORLA)
    capabilities.jobs = InlineJobs(capabilities)
    yield create_app(chosen, capabilities)


async def test_another_persona_is_named_shown_and_heard(app: FastAPI) -> None:
    async with served(app) as address, AsyncClient(base_url=f"http://{address}", timeout=60) as client:
        me = await sign_up(client)
        interview_id, _ = await prepared(app.state.capabilities.db, me["id"])
        chosen = await client.post(f"/api/interviews/{interview_id}/avatar", json={})
        async with page_of(address, interview_id, dict(client.cookies)) as page:
            await page.wish("interview.begin", listen=False, speak=True)
            await page.until(lambda page: bool(page.sound))
            [welcomed] = page.of("interview.welcomed")
    assert welcomed["persona"] == {"name": "Órla", "face": "orla-outdoors"}
    assert chosen.json()["persona"] == "orla-outdoors"
    assert list(VOICES.opened) == ["emma"]
    assert VOICES.opened["emma"].spoken


class Saying:
    """A voice that is told apart by its sound."""

    name = "saying"

    def __init__(self, sound: bytes) -> None:
        self._sound = sound

    def warm_up(self) -> None:
        pass

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        yield SpeechChunk(text, self._sound, ())


async def heard(persona: Persona, voice: Saying, known: SpokenWords) -> bytes:
    """What a page hears of one sentence."""
    sound: list[bytes] = []
    said = asyncio.Event()

    def play(utterance_id: str, index: int, chunk: SpeechChunk, last: bool) -> bool:
        sound.append(chunk.pcm)
        if last:
            said.set()
        return True

    mouth = Mouth(
        voice, known, voice_id=persona.voice, play=play, missing=lambda *_: said.set(), lost=lambda: said.set()
    )
    speaking = asyncio.create_task(mouth.run())
    mouth.say("u1", "Take your time.")
    async with asyncio.timeout(30):
        await said.wait()
    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    mouth.close()
    return b"".join(sound)


async def test_nobody_speaks_with_the_sound_that_another_voice_has_made() -> None:
    known = SpokenWords()
    assert await heard(MAYA, Saying(b"maya"), known) == b"maya"
    assert await heard(ORLA, Saying(b"orla"), known) == b"orla"
    # Each voice's own sound is used again.
    assert await heard(MAYA, Saying(b"not made again"), known) == b"maya"


def test_the_built_in_persona_has_a_face() -> None:
    assert (PROJECT_ROOT / "Frontend/public/avatar" / MAYA.face / "manifest.json").exists()


def test_no_page_knows_the_built_in_persona_by_heart() -> None:
    pages = (path for path in (PROJECT_ROOT / "Frontend/src").rglob("*.ts*") if ".test." not in path.name)
    knowing = [path.name for path in pages if MAYA.name.lower() in path.read_text().lower()]
    assert knowing == ["facts.fixture.ts"]
