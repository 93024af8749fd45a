from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ProviderError
from app.services.speech.embedded_recognizer import HARD_LIMIT_MS, PORTION, EmbeddedRecognizer, tidy
from benchmarks.speech_audio import Samples, joined, pieces, silence, spoken, word_errors

SHORT = ("Yes.", "No.", "Okay.", "Maybe.", "Never.", "Three years.")
LONG = (
    "When I joined the payments team the nightly run took six hours and often failed so I profiled it and found "
    "that most of the time went into one query without an index and after I added the index and split the work "
    "into batches it finished in twenty minutes"
)


def transcript(recognizer: EmbeddedRecognizer, samples: Samples) -> str:
    stream = recognizer.open()
    for piece in pieces(samples):
        stream.feed(piece)
    return " ".join(line.text for line in stream.finish())


@pytest.mark.parametrize("reply", SHORT)
@pytest.mark.parametrize("speaker", ["flite:rms", "espeak-ng:en-us"])
def test_a_reply_of_one_word_is_not_lost(reply: str, speaker: str, recognizer: EmbeddedRecognizer) -> None:
    assert transcript(recognizer, joined(silence(1500), spoken(reply, speaker), silence(1500)))


def test_a_long_answer_without_a_breath_loses_no_part_of_itself(recognizer: EmbeddedRecognizer) -> None:
    audio = joined(silence(300), spoken(LONG), silence(800))
    assert len(audio) // 16 > HARD_LIMIT_MS
    stream = recognizer.open()
    for piece in pieces(audio):
        stream.feed(piece)
    lines = stream.finish()
    assert len(lines) >= 2 and all(line.end_ms - line.start_ms <= HARD_LIMIT_MS + 200 for line in lines)
    errors, count = word_errors(LONG, " ".join(line.text for line in lines))
    assert errors <= 0.2 * count


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted as Linux counts them")
def test_the_detector_starts_no_threads_of_its_own(recognizer: EmbeddedRecognizer) -> None:
    stream = recognizer.open()
    before = set(Path("/proc/self/task").iterdir())
    stream.feed(silence(200).tobytes())
    assert set(Path("/proc/self/task").iterdir()) <= before


def test_a_line_reaches_the_engine_whole_and_in_portions(
    recognizer: EmbeddedRecognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    portions: list[list[float]] = []
    model = recognizer._model
    made = model.create_stream

    def create_stream() -> object:
        stream = made()
        add = stream.add_audio

        def add_audio(portion: list[float], rate: int) -> None:
            portions.append(portion)
            add(portion, rate)

        monkeypatch.setattr(stream, "add_audio", add_audio)
        return stream

    monkeypatch.setattr(model, "create_stream", create_stream)
    line = spoken("I would first talk to the customer.", "flite:rms")
    assert "customer" in recognizer.read(line)
    assert max(map(len, portions)) <= PORTION
    assert [sample for portion in portions for sample in portion] == (line / 32768).tolist()


def test_parallel_interviews_hear_what_each_would_hear_alone(recognizer: EmbeddedRecognizer) -> None:
    answers = [
        joined(silence(200), spoken("I would first talk to the customer.", s), silence(900))
        for s in ("flite:slt", "espeak-ng:en-us")
    ]
    alone = [transcript(recognizer, a) for a in answers]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda a: transcript(recognizer, a), answers * 2))
    assert together == alone * 2


def test_partial_words_are_left_out_when_every_reader_is_busy(recognizer: EmbeddedRecognizer) -> None:
    one_reader = EmbeddedRecognizer(readers=1)
    with one_reader._readers:
        assert one_reader.read_if_free(np.zeros(16_000, np.int16)) is None
    assert one_reader.read_if_free(np.zeros(16_000, np.int16)) is not None


def test_a_bang_of_noise_is_not_a_voice(recognizer: EmbeddedRecognizer) -> None:
    bang = np.random.default_rng(3).normal(0, 4000, 1600).astype(np.int16)
    assert transcript(recognizer, joined(silence(1000), bang, silence(1000))) == ""


def test_pieces_of_any_size_give_the_same_words(recognizer: EmbeddedRecognizer) -> None:
    audio = joined(silence(500), spoken("We shipped it in March."), silence(1200)).astype("<i2").tobytes()
    heard = []
    for size in (640, 3_201, 6_400):
        stream = recognizer.open()
        for at in range(0, len(audio), size):
            stream.feed(audio[at : at + size])
        heard.append(" ".join(line.text for line in stream.finish()))
    assert heard[0] == heard[1] == heard[2] != ""


def test_a_missing_engine_is_reported_in_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "moonshine_voice", None)
    with pytest.raises(ProviderError) as crashed:
        EmbeddedRecognizer()
    assert crashed.value.category == "crashed" and not crashed.value.retryable


def test_a_looping_reading_is_cut_short_and_speech_is_left_alone() -> None:
    assert tidy("and to get a chance to get a chance to get a chance to get a chance now") == (
        "and to get a chance to get a chance now"
    )
    assert tidy("it was very, very, very slow") == "it was very, very, very slow"
    assert tidy("Sir,, I  did..") == "Sir, I did."


@given(st.lists(st.sampled_from(["we", "did", "it", "and", "the", "then,", "um"]), max_size=30))
def test_tidying_adds_no_word(some: list[str]) -> None:
    tidied = tidy(" ".join(some))
    assert len(tidied.split()) <= len(some)
    assert set(tidied.replace(",", "").split()) <= set(" ".join(some).replace(",", "").split())


def test_ears_that_are_behind_show_no_growing_words_and_lose_no_final_one(recognizer: EmbeddedRecognizer) -> None:
    audio = joined(silence(300), spoken("I would first talk to the customer."), silence(900))
    readings: list[int] = []
    stream = recognizer.open()
    read = stream._read

    def counted(samples: Samples) -> str:
        readings.append(len(samples))
        return read(samples)

    stream._read = counted
    lines = [line for piece in pieces(audio) for line in stream.feed(piece, behind=True).lines]
    assert [line.final for line in lines] == [True]
    assert len(readings) == 1
    assert lines[0].text == transcript(recognizer, audio)
