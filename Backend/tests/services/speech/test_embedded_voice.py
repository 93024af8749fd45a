from __future__ import annotations

import sys
from bisect import bisect_right
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ProviderError
from app.services.speech.base import IN_RATE, OUT_RATE
from app.services.speech.embedded_recognizer import EmbeddedRecognizer
from app.services.speech.embedded_voice import MAX_PIECE, EmbeddedVoice, pieces
from benchmarks.speech_audio import joined, resampled, silence, words
from benchmarks.speech_audio import pieces as audio_pieces

QUESTIONS = (
    "Tell me about a time when you disagreed with your manager about a technical decision.",
    "How did you find out why the nightly report was so slow, and what did you change first?",
    "What would you do in your first week if nobody had time to explain the system to you?",
)
VOICED = {"aa", "E", "I", "O", "U", "nn", "RR"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_spoken_can_be_understood(question: str, voice: EmbeddedVoice, recognizer: EmbeddedRecognizer) -> None:
    audio = joined(*(resampled(np.frombuffer(c.pcm, "<i2"), OUT_RATE, IN_RATE) for c in voice.speak(question)))
    stream = recognizer.open()
    for piece in audio_pieces(joined(silence(300), audio, silence(500))):
        stream.feed(piece)
    heard = words(" ".join(line.text for line in stream.finish()))
    kept = [word for word in words(question) if word in heard]
    assert len(kept) >= 0.8 * len(words(question)), heard


def agreement(voice: EmbeddedVoice, late_ms: int) -> float:
    """Correlation of voiced mouth shapes, moved by `late_ms`, with the loudness of the sound."""
    open_mouth: list[bool] = []
    loudness: list[float] = []
    for question in QUESTIONS:
        for chunk in voice.speak(question):
            samples = np.frombuffer(chunk.pcm, "<i2").astype(np.float64)
            starts = [cue.at_ms for cue in chunk.cues]
            for at in range(150, chunk.duration_ms - 400, 10):
                shape = chunk.cues[bisect_right(starts, at - late_ms) - 1].viseme
                open_mouth.append(shape in VOICED)
                loudness.append(float(np.log(np.std(samples[at * 24 : (at + 10) * 24]) + 30)))
    return float(np.corrcoef(open_mouth, loudness)[0, 1])


def test_the_mouth_opens_when_the_sound_is_loud_neither_early_nor_late(voice: EmbeddedVoice) -> None:
    on_time = agreement(voice, 0)
    assert on_time >= 0.3
    assert on_time >= agreement(voice, -100) + 0.1
    assert on_time >= agreement(voice, 100) + 0.1


def test_threads_may_speak_at_the_same_time(voice: EmbeddedVoice) -> None:
    alone = {q: [c.pcm for c in voice.speak(q)] for q in QUESTIONS}
    with ThreadPoolExecutor(3) as pool:
        together = dict(zip(QUESTIONS, pool.map(lambda q: [c.pcm for c in voice.speak(q)], QUESTIONS), strict=True))
    assert together == alone


def test_a_long_opening_sentence_is_begun_with_its_first_clause() -> None:
    sentence = (
        "On your resume you say that you cut the nightly run from six hours, "
        "and I would like to know how you found the cause."
    )
    assert list(pieces([sentence])) == [
        ("On your resume you say that you cut the nightly run from six hours,", False),
        ("and I would like to know how you found the cause.", True),
    ]


@given(st.lists(st.text(alphabet="ab ,;.", min_size=1, max_size=1500), max_size=3))
def test_dividing_loses_no_letter_and_keeps_to_the_limit(sentences: list[str]) -> None:
    divided = list(pieces(sentences))
    assert "".join(p for p, _ in divided).replace(" ", "") == "".join(sentences).replace(" ", "")
    assert all(0 < len(piece) <= MAX_PIECE for piece, _ in divided)


def test_a_missing_engine_is_reported_in_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    with pytest.raises(ProviderError) as crashed:
        EmbeddedVoice()
    assert crashed.value.category == "crashed" and not crashed.value.retryable
