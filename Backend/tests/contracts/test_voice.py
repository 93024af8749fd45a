"""What every Voice promises, whoever stands behind it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.errors import ProviderError
from app.services.speech.base import OUT_RATE, SpeechChunk, Voice
from app.services.speech.embedded_voice import EmbeddedVoice

IMPLEMENTATIONS: dict[str, Callable[[], Voice]] = {"embedded": EmbeddedVoice}

TEXT = "Thanks for coming, Maria. On your resume you cut the reporting time from six hours to twenty minutes. How?"


@pytest.fixture(scope="module", params=IMPLEMENTATIONS)
def voice(request: pytest.FixtureRequest) -> Voice:
    return IMPLEMENTATIONS[request.param]()


@pytest.fixture(scope="module")
def chunks(voice: Voice) -> list[SpeechChunk]:
    return list(voice.speak(TEXT))


def test_the_chunks_say_the_whole_text_in_order(chunks: list[SpeechChunk]) -> None:
    assert " ".join(chunk.text for chunk in chunks) == TEXT
    assert len(chunks) >= 3


def test_speech_lasts_as_long_as_a_person_would_need(chunks: list[SpeechChunk]) -> None:
    words_per_minute = len(TEXT.split()) * 60_000 / sum(chunk.duration_ms for chunk in chunks)
    assert 110 <= words_per_minute <= 230


def test_speech_is_audible_and_never_clipped(chunks: list[SpeechChunk]) -> None:
    for chunk in chunks:
        samples = np.frombuffer(chunk.pcm, "<i2").astype(np.float64) / 32768
        assert 0.03 <= np.sqrt(np.mean(samples**2)) <= 0.35
        assert np.mean(np.abs(samples) > 0.999) < 0.0005


def test_sound_begins_without_a_long_silence(chunks: list[SpeechChunk]) -> None:
    samples = np.abs(np.frombuffer(chunks[0].pcm, "<i2").astype(np.int32))
    assert np.flatnonzero(samples > 300)[0] * 1000 / OUT_RATE <= 120


def test_the_mouth_moves_with_every_chunk_and_closes_at_its_end(chunks: list[SpeechChunk]) -> None:
    for chunk in chunks:
        times = [cue.at_ms for cue in chunk.cues]
        assert times[0] == 0 and times == sorted(set(times))
        assert times[-1] <= chunk.duration_ms
        assert chunk.cues[-1].viseme == "sil"
        assert len({cue.viseme for cue in chunk.cues}) >= 3


def test_a_text_without_a_readable_word_is_silent(voice: Voice) -> None:
    assert list(voice.speak("")) == []
    assert list(voice.speak("   \n ")) == []


def test_a_text_beyond_all_measure_is_refused(voice: Voice) -> None:
    with pytest.raises(ProviderError) as refused:
        list(voice.speak("word " * 5_000))
    assert refused.value.category == "refused" and not refused.value.retryable


def test_two_speakers_at_once_do_not_disturb_each_other(voice: Voice) -> None:
    alone = [chunk.pcm for chunk in voice.speak(TEXT)]
    first, second = voice.speak(TEXT), voice.speak(TEXT)
    mixed = [(a.pcm, b.pcm) for a, b in zip(first, second, strict=True)]
    assert [a for a, _ in mixed] == alone == [b for _, b in mixed]
