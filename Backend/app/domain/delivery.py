"""How an answer was said, as measured by `assessment.delivery`. Times in ms on the interview clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SpeechPause:
    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True, slots=True)
class WordCount:
    """How often a word of a list was said in one utterance."""

    utterance_id: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was measured.

    `duration_ms` runs from the first to the last voice without the holds; `speaking_ms` is the voice in it.
    `words_per_minute` is words by duration, `articulation_rate` words per minute of voice alone; both None where
    nothing was timed (typed, or no voice times). `start_delay_ms` runs from the end of the question to the first
    voice without the holds. Lists are empty for none.
    """

    typed: bool
    words: int
    speaking_ms: int
    duration_ms: int
    words_per_minute: float | None
    articulation_rate: float | None
    pauses: tuple[SpeechPause, ...]
    longest_pause_ms: int
    start_delay_ms: int | None
    fillers: tuple[WordCount, ...]
    hedges: tuple[WordCount, ...]
    boosters: tuple[WordCount, ...]
    self_corrections: tuple[WordCount, ...]
    own_actions: tuple[WordCount, ...]

    @property
    def timed(self) -> bool:
        return self.words_per_minute is not None

    @property
    def pause_ms(self) -> int:
        return sum(pause.length_ms for pause in self.pauses)

    @property
    def filler_count(self) -> int:
        return _total(self.fillers)

    @property
    def hedge_count(self) -> int:
        return _total(self.hedges)

    @property
    def booster_count(self) -> int:
        return _total(self.boosters)

    @property
    def self_correction_count(self) -> int:
        return _total(self.self_corrections)

    @property
    def own_action_count(self) -> int:
        return _total(self.own_actions)

    def per_100_words(self, count: int) -> float:
        return 100.0 * count / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class MeasuredDelivery(Delivery):
    """As it is kept: with the `measurements` by name, so that one that is new or gone changes no result of before."""

    measurements: Mapping[str, float] = field(default_factory=dict)


def _total(counts: Sequence[WordCount]) -> int:
    return sum(one.count for one in counts)
