"""The built-in voice: hibari, an 8 MB model that speaks some hundred times faster than real time.

Each phoneme's length is read from a node inside the model, so the mouth follows what is really said.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.persona import MAYA
from app.errors import ProviderError
from app.services.speech import pronunciation, visemes
from app.services.speech.base import OUT_RATE, SpeechChunk

NAME: Final = "built-in-voice"

MAX_TEXT: Final = 2_000
"""Characters in one call. An interviewer's longest turn is a few sentences; more is a mistake upstream."""
MAX_PIECE: Final = 600
"""Characters given to the engine at once; longer sentences are divided at clauses, then at spaces."""
FIRST_PIECE: Final = 80
"""An opening sentence longer than this is divided at its first clause, so that sound starts early."""
MIN_CLAUSE: Final = 20

# One `output` entry of an ONNX graph (field 7 of ModelProto, field 12 of GraphProto): the engine's
# per-symbol durations, which the published model computes but does not hand out.
_EXPOSE_DURATIONS: Final = b"\x3a\x18\x62\x16\x0a\x0e/Clip_output_0\x12\x04\x0a\x02\x08\x01"
_TICK_MS: Final = 25.0  # one unit of those durations: two frames of 12.5 ms

_LATENESS_MS: Final = 50.0
"""The durations run this much behind the sound: at this shift the vowels lie best on the loud stretches
(correlation 0.51; 0.32 unshifted)."""

_GAIN: Final = 2.2  # the engine peaks near 0.35; this brings speech to about -20 dBFS RMS
_LEAD_MS: Final = 50  # of about 280 ms silence before the first sound
_CLAUSE_TAIL_MS: Final = 130  # of about 450 ms after the last, where the sentence goes on

_CLAUSE_END = re.compile(r"(?<=[,;:—–])\s+")


class EmbeddedVoice:
    """Speaks from one shared engine; any number of threads may call ``speak`` at once.

    Raises ProviderError when the engine, or this voice of it, is not installed or does not fit this machine.
    """

    def __init__(self, voice_id: str = MAYA.voice, *, threads: int = 1) -> None:
        try:
            import onnxruntime
            from hibari import Hibari, dsp
            from hibari.voices import voice_path

            # By itself the engine would fetch a voice that is not here from the internet.
            model = voice_path(voice_id, download_missing=False)
            engine = Hibari(voice=voice_id, model=model, threads=threads)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = threads
            options.log_severity_level = 3
            graph = Path(engine.model_path).read_bytes() + _EXPOSE_DURATIONS
            session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
            engine.sess = session  # one copy of the weights, not two
        except Exception as error:  # any engine failure has one shape for the rest of the house
            raise ProviderError(NAME, "crashed", retryable=False) from error
        self._engine = engine
        self._session = session
        self._dsp = dsp
        # The reader of spelling keeps lazily loaded tables; the model itself is safe to share.
        self._reading = threading.Lock()

    @property
    def name(self) -> str:
        return NAME

    @property
    def symbols(self) -> frozenset[str]:
        """Every phoneme symbol that can reach the mouth."""
        return frozenset(self._engine.vocab)

    def phonemes(self, text: str) -> list[str]:
        """How the text will be said: one string of symbols for each stretch the engine speaks at once."""
        with self._reading:
            readings: list[str] = self._engine.phonemize(pronunciation.for_voice(text))
        return readings

    def warm_up(self) -> None:
        """Pays the first call's extra second (tables, kernels) before anyone waits for it."""
        for _ in self.speak("Warming up, Nguyen: 3 questions, qwzrty."):
            pass

    def speak(self, text: str) -> Iterator[SpeechChunk]:
        """Chunks in order, each as soon as it is ready.

        Text without a single readable word yields nothing. Raises ProviderError: ``refused`` when the
        text is longer than MAX_TEXT characters, ``crashed`` when the engine fails.
        """
        if len(text) > MAX_TEXT:
            raise ProviderError(NAME, "refused", retryable=False)
        return self._chunks(text)

    def _chunks(self, text: str) -> Iterator[SpeechChunk]:
        try:
            for piece, whole in pieces(self._engine.split_sentences(pronunciation.plain(text))):
                parts = [self._render(phonemes) for phonemes in self.phonemes(piece)]
                if not parts:
                    continue
                symbols = [symbol for part in parts for symbol in part[1]]
                durations = [ms for part in parts for ms in part[2]]
                audio = np.concatenate([part[0] for part in parts])
                yield _chunk(piece, audio, symbols, durations, ends_sentence=whole)
        except Exception as error:
            raise ProviderError(NAME, "crashed", retryable=True) from error

    def _render(self, phonemes: str) -> tuple[NDArray[np.float32], list[str], list[float]]:
        known = [symbol for symbol in phonemes if symbol in self._engine.vocab]
        ids = np.asarray([self._engine.ids(known)], np.int64)
        *spectrum, durations = self._session.run(None, {"ids": ids, "speed": np.ones(1, np.float32)})
        # A fixed seed: the same words sound the same each time, which makes a fault repeatable.
        audio = self._dsp.synth(*(part[0] for part in spectrum), np.random.default_rng(0))
        return audio, ["", *known, ""], [float(d) * _TICK_MS for d in durations.reshape(-1)]


def pieces(sentences: list[str]) -> Iterator[tuple[str, bool]]:
    """Divides sentences into what is spoken at once; True where a piece ends its sentence."""
    for index, sentence in enumerate(sentences):
        rest = sentence.strip()
        if index == 0 and len(rest) > FIRST_PIECE:
            clause = next((m for m in _CLAUSE_END.finditer(rest) if m.start() >= MIN_CLAUSE), None)
            if clause is not None and len(rest) - clause.end() >= MIN_CLAUSE:
                yield rest[: clause.start()], False
                rest = rest[clause.end() :]
        while len(rest) > MAX_PIECE:
            ends = [m.start() for m in _CLAUSE_END.finditer(rest, 0, MAX_PIECE)]
            cut = ends[-1] if ends else rest.rfind(" ", 1, MAX_PIECE)
            cut = cut if cut > 0 else MAX_PIECE
            yield rest[:cut].rstrip(), False
            rest = rest[cut:].lstrip()
        if rest:
            yield rest, True


def _chunk(
    text: str, audio: NDArray[np.float32], symbols: list[str], durations: list[float], *, ends_sentence: bool
) -> SpeechChunk:
    lead_ms = max(0.0, _silence_before(audio) - _LEAD_MS)
    tail_ms = 0.0 if ends_sentence else max(0.0, _silence_before(audio[::-1]) - _CLAUSE_TAIL_MS)
    audio = audio[_samples(lead_ms) : len(audio) - _samples(tail_ms)]
    durations = [max(0.0, durations[0] - lead_ms - _LATENESS_MS), *durations[1:]]
    pcm = (np.clip(audio * _GAIN, -1.0, 1.0) * 32_767).astype("<i2").tobytes()
    total_ms = len(pcm) * 1000 // (2 * OUT_RATE)
    return SpeechChunk(text=text, pcm=pcm, cues=visemes.cues(symbols, durations, total_ms=total_ms))


def _silence_before(audio: NDArray[np.float32]) -> float:
    """Milliseconds before the first sample louder than about -45 dBFS."""
    loud = np.flatnonzero(np.abs(audio) > 0.005)
    return float(loud[0] if len(loud) else len(audio)) * 1000 / OUT_RATE


def _samples(ms: float) -> int:
    return int(ms * OUT_RATE / 1000)
