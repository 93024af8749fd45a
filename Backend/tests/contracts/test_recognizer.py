"""What every Recognizer promises, whoever stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from app.errors import ProviderError
from app.services.speech.base import Recognition, RecognitionStream, RecognizedUtterance, Recognizer
from app.services.speech.embedded_recognizer import EmbeddedRecognizer
from benchmarks.speech_audio import Samples, joined, pieces, silence, words
from benchmarks.speech_audio import spoken as spoken_by


def spoken(text: str) -> Samples:
    return spoken_by(text, "flite:rms")


IMPLEMENTATIONS: dict[str, Callable[[], Recognizer]] = {"embedded": EmbeddedRecognizer}

ANSWER = "I rewrote the reporting service and the error rate fell by half."


@pytest.fixture(scope="module", params=IMPLEMENTATIONS)
def recognizer(request: pytest.FixtureRequest) -> Recognizer:
    return IMPLEMENTATIONS[request.param]()


def fed(stream: RecognitionStream, samples: Samples, ms: int = 100) -> list[Recognition]:
    return [stream.feed(piece) for piece in pieces(samples, ms)]


def said(lines: tuple[RecognizedUtterance, ...]) -> list[str]:
    return words(" ".join(line.text for line in lines))


def test_words_that_were_said_come_back_in_final_lines(recognizer: Recognizer) -> None:
    stream = recognizer.open()
    fed(stream, joined(silence(600), spoken(ANSWER), silence(1200)))
    lines = stream.finish()
    kept = [word for word in words(ANSWER) if word in said(lines)]
    assert len(kept) >= 0.8 * len(words(ANSWER))
    assert all(line.final for line in lines)


def test_a_line_keeps_its_id_while_it_grows_and_its_text_once_final(recognizer: Recognizer) -> None:
    stream = recognizer.open()
    changes = [
        line
        for heard in fed(
            stream,
            joined(silence(400), spoken(ANSWER), silence(1500), spoken(ANSWER), silence(1500)),
        )
        for line in heard.lines
    ]
    lines = stream.finish()
    assert len({line.id for line in lines}) == len(lines) >= 2
    assert any(not line.final for line in changes), "words appear while they are spoken"
    for final in lines:
        history = [change for change in changes if change.id == final.id]
        assert [change.final for change in history] == sorted(change.final for change in history)
        assert sum(change.final for change in history) <= 1
        assert all(change == final for change in history if change.final)
        assert {change.start_ms for change in history} <= {final.start_ms}


def test_lines_lie_in_order_on_the_clock_of_the_stream(recognizer: Recognizer) -> None:
    audio = joined(silence(2000), spoken(ANSWER), silence(1500), spoken("Then we measured it again."), silence(900))
    stream = recognizer.open()
    fed(stream, audio)
    lines = stream.finish()
    marks = [mark for line in lines for mark in (line.start_ms, line.end_ms)]
    assert marks == sorted(marks)
    assert abs(lines[0].start_ms - 2000) <= 300
    assert abs(lines[-1].end_ms - (len(audio) // 16 - 900)) <= 300


def test_the_voice_is_reported_with_its_end_and_the_pause_between(recognizer: Recognizer) -> None:
    first, second = spoken("I would talk to them first."), spoken("And then I would write it down.")
    audio = joined(silence(1000), first, silence(2000), second, silence(1000))
    stream = recognizer.open()
    heard = fed(stream, audio, ms=20)
    spans = stream.spans()
    assert any(h.speaking for h in heard) and not heard[-1].speaking
    gap = max(b.start_ms - (a.end_ms or 0) for a, b in pairwise(spans))
    assert abs(gap - 2000) <= 300
    assert heard[-1].last_voice_ms is not None
    assert abs(heard[-1].last_voice_ms - (len(audio) // 16 - 1000)) <= 200
    stream.close()


def test_silence_is_no_voice_and_no_words(recognizer: Recognizer) -> None:
    stream = recognizer.open()
    heard = fed(stream, silence(3000))
    assert not any(h.speaking or h.lines for h in heard)
    assert heard[-1].last_voice_ms is None
    assert stream.finish() == () and stream.spans() == ()


def test_loudness_lies_between_nothing_and_one(recognizer: Recognizer) -> None:
    stream = recognizer.open()
    quiet = stream.feed(bytes(3200)).level
    loud = max(h.level for h in fed(stream, spoken(ANSWER)))
    assert quiet == 0.0 < loud <= 1.0
    stream.close()


def test_an_answer_that_breaks_off_in_mid_word_is_still_read(recognizer: Recognizer) -> None:
    whole = spoken(ANSWER)
    stream = recognizer.open()
    fed(stream, joined(silence(300), whole[: len(whole) * 3 // 4]))
    lines = stream.finish()
    assert "service" in said(lines)
    assert all(line.final for line in lines)
    assert all(span.end_ms is not None for span in stream.spans())


def test_a_finished_stream_takes_no_more_audio(recognizer: Recognizer) -> None:
    stream = recognizer.open()
    stream.finish()
    with pytest.raises(ProviderError) as refused:
        stream.feed(bytes(3200))
    assert not refused.value.retryable


def test_finishing_twice_gives_the_same_lines(recognizer: Recognizer) -> None:
    stream = recognizer.open()
    fed(stream, joined(spoken("Twenty people."), silence(300)))
    assert stream.finish() == stream.finish()
