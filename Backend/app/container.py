"""The one file that chooses what stands behind each capability."""

from __future__ import annotations

import logging

from app.capabilities import Capabilities, Jobs
from app.db import Database
from app.errors import ProviderError
from app.services.avatar.embedded import EmbeddedAvatar
from app.services.identity.embedded import EmbeddedIdentity
from app.services.language_model.embedded.model import EmbeddedLanguageModel
from app.services.speech.base import Recognizer, Voice
from app.services.video_storage.embedded import EmbeddedVideoStorage
from app.settings import Settings, signing_key
from app.workflows.engine import WorkflowJobs

log = logging.getLogger(__name__)


def build_capabilities(settings: Settings) -> Capabilities:
    """Chooses by settings alone.

    A speech engine that cannot run here is left out, aloud, and the room goes on by text.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    identity = EmbeddedIdentity(signing_key(settings))
    capabilities = Capabilities(
        settings=settings,
        db=Database(settings.resolved_database_url),
        language_model=EmbeddedLanguageModel(),
        avatar=EmbeddedAvatar(),
        recognizer=_recognizer(settings),
        voice=_voice(settings),
        video_storage=EmbeddedVideoStorage(settings.data_dir / "recordings"),
        identity=identity,
        access_tokens=identity,
        jobs=_NoJobs(),
    )
    capabilities.jobs = WorkflowJobs(capabilities)
    return capabilities


def _recognizer(settings: Settings) -> Recognizer | None:
    if settings.speech == "off":
        return None
    try:
        from app.services.speech.embedded_recognizer import EmbeddedRecognizer

        return EmbeddedRecognizer()
    except (ImportError, OSError, ProviderError) as error:
        log.warning("speech recognition is off: %s", type(error).__name__)
        return None


def _voice(settings: Settings) -> Voice | None:
    if settings.speech == "off":
        return None
    try:
        from app.services.speech.embedded_voice import EmbeddedVoice

        return EmbeddedVoice()
    except (ImportError, OSError, ProviderError) as error:
        log.warning("the interviewer's voice is off: %s", type(error).__name__)
        return None


class _NoJobs(Jobs):
    """Holds the place while the engine, which needs the capabilities, is being built."""

    async def start(self) -> None:
        raise RuntimeError("jobs are not built yet")

    async def stop(self) -> None:
        raise RuntimeError("jobs are not built yet")

    async def prepare(self, interview_id: str) -> None:
        raise RuntimeError("jobs are not built yet")

    async def finish(self, interview_id: str) -> None:
        raise RuntimeError("jobs are not built yet")

    async def assemble(self, interview_id: str) -> None:
        raise RuntimeError("jobs are not built yet")
