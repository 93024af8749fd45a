from __future__ import annotations

import pytest

from app.services.speech.embedded_recognizer import EmbeddedRecognizer
from app.services.speech.embedded_voice import EmbeddedVoice


@pytest.fixture(scope="session")
def recognizer() -> EmbeddedRecognizer:
    return EmbeddedRecognizer()


@pytest.fixture(scope="session")
def voice() -> EmbeddedVoice:
    return EmbeddedVoice()
