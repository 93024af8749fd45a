"""Hearing and speaking on this machine, or not at all, as choices."""

from __future__ import annotations

import logging

from app.errors import ProviderError
from app.services.speech.base import Recognizer, Speech, Voice
from app.services.vendor import Vendor, VendorSettings

log = logging.getLogger(__name__)


def _recognizer() -> Recognizer | None:
    try:
        from app.services.speech.embedded_recognizer import EmbeddedRecognizer

        return EmbeddedRecognizer()
    except (ImportError, OSError, ProviderError) as error:
        log.warning("speech recognition is off: %s", type(error).__name__)
        return None


def _voice(voice_id: str) -> Voice | None:
    try:
        from app.services.speech.embedded_voice import EmbeddedVoice

        return EmbeddedVoice(voice_id)
    except (ImportError, OSError, ProviderError) as error:
        log.warning("the interviewer's voice is off: %s", type(error).__name__)
        return None


def _build_local(settings: VendorSettings) -> Speech:
    return Speech(open_recognizer=_recognizer, open_voice=_voice)


def _build_off(settings: VendorSettings) -> Speech:
    return Speech(open_recognizer=lambda: None, open_voice=lambda voice_id: None)


LOCAL = Vendor(key="local", name="speech on this machine", capability="speech", build=_build_local)
OFF = Vendor(key="off", name="typing and captions only", capability="speech", build=_build_off)
