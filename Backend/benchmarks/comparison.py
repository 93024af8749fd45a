"""One person's waiting times alone and beside somebody, measured in pairs, and how sure the difference is.

A pair is one visit alone and one beside the noise, one right after the other. The 95th percentile of few samples is
nearly their largest, so it comes with an interval: pairs are drawn anew, and samples within them (a bootstrap in two
stages, 90 %). Broken is only what is broken at its lower end, and held what is held at its upper one.
"""

from __future__ import annotations

import random
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, Literal

WORSE: Final = 1.2
FLOOR_MS: Final = 5.0
"""A difference below this counts as nothing: it is what the row beside nobody shows as well."""
ROUNDS: Final = 1_000

Verdict = Literal["held", "unclear", "broken"]


@dataclass
class Visit:
    """Milliseconds by measure, and how many of each were refused or lost."""

    times: dict[str, list[float]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)

    def add(self, measure: str, ms: float, *, lost: bool = False) -> None:
        self.times.setdefault(measure, []).append(ms)
        self.lost[measure] += lost


@dataclass(frozen=True, slots=True)
class Compared:
    """Of one measure, in ms; `low` and `high` are the ends of the interval of p95 beside / p95 alone."""

    alone_p50: float
    alone_p95: float
    beside_p50: float
    beside_p95: float
    low: float
    high: float
    lost: int
    count: int
    verdict: Verdict


def percentile_95(times: Sequence[float]) -> float:
    ordered = sorted(times)
    return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def compared(pairs: Sequence[tuple[Visit, Visit]], measure: str, *, seed: int = 0) -> Compared:
    """`pairs` of a visit alone and one beside; each has at least one sample of the measure."""
    alone = [one.times[measure] for one, _ in pairs]
    beside = [two.times[measure] for _, two in pairs]
    rng = random.Random(seed)
    drawn: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        chosen = rng.choices(range(len(pairs)), k=len(pairs))
        drawn.append((_drawn_95(rng, alone, chosen), _drawn_95(rng, beside, chosen)))
    ratios = sorted(after / before for before, after in drawn)
    excess = sorted(after - max(before * WORSE, before + FLOOR_MS) for before, after in drawn)
    lost = sum(two.lost[measure] - one.lost[measure] for one, two in pairs)
    if lost > 0 or excess[ROUNDS // 20] > 0:
        verdict: Verdict = "broken"
    else:
        verdict = "held" if excess[-ROUNDS // 20] <= 0 else "unclear"
    everything_alone, everything_beside = list(chain(*alone)), list(chain(*beside))
    return Compared(
        alone_p50=statistics.median(everything_alone),
        alone_p95=percentile_95(everything_alone),
        beside_p50=statistics.median(everything_beside),
        beside_p95=percentile_95(everything_beside),
        low=ratios[ROUNDS // 20],
        high=ratios[-ROUNDS // 20],
        lost=max(0, lost),
        count=len(everything_beside),
        verdict=verdict,
    )


def _drawn_95(rng: random.Random, visits: Sequence[Sequence[float]], chosen: Sequence[int]) -> float:
    return percentile_95([time for each in chosen for time in rng.choices(visits[each], k=len(visits[each]))])
