"""How well, and how fast, the built-in judge scores answers: ``python -m benchmarks.judge [--subjective-qa PATH]``.

Without arguments it is measured on our own question/answer pairs (tests/assessment/answer_pairs.py): the
scores of good, vague, off-topic, evasive and parroting answers, how well an answer to this question is told from one
to another (AUC), and the time of a judgement and of a follow-up.

With the file of SubjECTive-QA (Pardawala et al. 2024; CC BY 4.0; on the Hugging Face hub as gtfintechlab/subjectiveqa,
as one CSV with the columns call, question, answer and the mean ratings clear, assertive, cautious, optimistic,
specific, relevant, 0-2) it is also held against human raters. These are managers in earnings calls, not candidates:
the figures say whether the features carry anything, not how good the scores are in an interview. Nothing is fitted to
these ratings. Each correlation is Pearson's r with a 95 % interval from resampling whole calls, since answers of one
call resemble each other; beside it stands what the answer's length alone gives, and the ceiling that the raters' own
disagreement sets.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.assessment.confidence import confidence
from app.assessment.delivery import AnswerWindow, measure
from app.assessment.follow_up import follow_up
from app.assessment.judge import judge, warm_up
from app.assessment.relevance import relevance
from app.domain.answer import AnswerUtterance, Exchange
from app.domain.verdict import Verdict
from tests.assessment.answer_pairs import HELD_OUT, PAIRS, Pair

# From the raters' disagreement (three per answer), as measured when the approach was chosen.
CEILING = {"relevant": 0.49, "clear": 0.46, "specific": 0.74, "assertive": 0.60}
KINDS = ("good", "vague", "off_topic", "evasive", "parroting")
SEED = 1


@dataclass(frozen=True)
class Rated:
    call: str
    question: str
    answer: str
    ratings: dict[str, float]

    def exchange(self, question: str | None = None) -> Exchange:
        said = (AnswerUtterance("u", self.answer, 0, 0),)
        return Exchange("", question or self.question, "project", "", (), said)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the built-in judge.")
    parser.add_argument(
        "--subjective-qa", type=Path, help="the CSV of SubjECTive-QA; see the module's text for where to get it"
    )
    parser.add_argument(
        "--rows", type=int, default=400, help="at most so many rows of it, evenly chosen; 400 take four minutes"
    )
    arguments = parser.parse_args()
    started = time.perf_counter()
    warm_up()
    print(f"language data loaded in {time.perf_counter() - started:.2f} s")
    own_pairs("own pairs the bands were set on", PAIRS)
    own_pairs("own pairs written afterwards", HELD_OUT)
    speed()
    if arguments.subjective_qa:
        against_raters(read(arguments.subjective_qa, arguments.rows))


def own_pairs(title: str, pairs: Sequence[Pair]) -> None:
    print(f"\n{title} ({len(pairs)} questions): Relevance, median [lowest - highest]")
    for kind in KINDS:
        scores = [judge(pair.exchange(getattr(pair, kind))).relevance or 0 for pair in pairs]
        print(f"  {kind:10} {statistics.median(scores):5.0f}  [{min(scores)} - {max(scores)}]")
    here = [judge(pair.exchange(pair.good)) for pair in pairs]
    there = [judge(one.exchange(two.good)) for one in pairs for two in pairs if one is not two]
    print(f"  good answer to this question against good answers to another, n = {len(here)} against {len(there)}:")
    print(f"    Relevance AUC {auc([v.relevance or 0 for v in here], [v.relevance or 0 for v in there]):.3f}", end=", ")
    print(f"topicality alone {auc([v.on_topic for v in here], [v.on_topic for v in there]):.3f}")


def speed() -> None:
    """Every text is new to the model: an answer is judged once, when it ends."""
    answers = [(pair, getattr(pair, kind)) for pair in PAIRS + HELD_OUT for kind in ("good", "vague", "off_topic")]
    judging, following, cpu = [], [], []
    for number, (pair, answer) in enumerate(answers):
        # A word that differs per round, or remembered vectors would flatter the figure.
        exchange = pair.exchange(answer.replace(" the ", f" the round{number} "))
        warm_up(exchange)
        begun = time.perf_counter()
        follow_up(exchange)
        following.append((time.perf_counter() - begun) * 1000)
        fresh = pair.exchange(answer.replace(" a ", f" a round{number} ").replace(" the ", f" the other{number} "))
        begun, begun_cpu = time.perf_counter(), time.process_time()
        judge(fresh)
        judging.append((time.perf_counter() - begun) * 1000)
        cpu.append((time.process_time() - begun_cpu) * 1000)
    words = [len(answer.split()) for _, answer in answers]
    print(f"\ntime, n = {len(answers)} answers of {min(words)}-{max(words)} words")
    for name, values in (("judgement", judging), ("  of it CPU", cpu), ("follow-up", following)):
        print(f"  {name:12} median {statistics.median(values):.0f} ms, 5-95 % {spread(values)} ms")


def against_raters(rows: Sequence[Rated]) -> None:
    calls = sorted({row.call for row in rows})
    print(f"\nSubjECTive-QA: {len(rows)} answers of {len(calls)} calls; Pearson r [95 % by resampling calls]")
    verdicts = [judge(row.exchange()) for row in rows]
    length = [float(np.log1p(len(row.answer.split()))) for row in rows]
    ours: dict[str, tuple[str, list[float]]] = {
        "relevant": ("Relevance", [float(verdict.relevance or 0) for verdict in verdicts]),
        "clear": ("Relevance", [float(verdict.relevance or 0) for verdict in verdicts]),
        "specific": (
            "its part Concrete",
            [part(row, verdict, "concrete") for row, verdict in zip(rows, verdicts, strict=True)],
        ),
        "assertive": ("Confidence of the wording", [wording_confidence(row) for row in rows]),
    }
    for trait, (name, values) in ours.items():
        wanted = [row.ratings[trait] for row in rows]
        low, high = interval(rows, values, wanted)
        print(
            f"  {trait:10} {name:26} {pearson(values, wanted):.2f} [{low:.2f}, {high:.2f}]"
            f"   length alone {pearson(length, wanted):.2f}   ceiling {CEILING[trait]:.2f}"
        )
    topicality(rows, verdicts)


def topicality(rows: Sequence[Rated], verdicts: Sequence[Verdict]) -> None:
    chance = random.Random(SEED)
    own = [verdict.on_topic for verdict in verdicts]
    same_call, other_call = [], []
    for row in rows:
        near = [one.question for one in rows if one.call == row.call and one.question != row.question]
        far = [one.question for one in rows if one.call != row.call]
        if near:
            same_call.append(judge(row.exchange(chance.choice(near))).on_topic)
        if far:
            other_call.append(judge(row.exchange(chance.choice(far))).on_topic)
    print("  topicality, own question against another (AUC):", end=" ")
    print(f"of another call {auc(own, other_call):.3f} (n = {len(other_call)}),", end=" ")
    print(f"of the same call {auc(own, same_call):.3f} (n = {len(same_call)})")


def part(row: Rated, verdict: Verdict, name: str) -> float:
    parts = relevance(verdict, row.exchange().answer).parts
    return next((one.points for one in parts if one.kind == name), 0.0)


def wording_confidence(row: Rated) -> float:
    score = confidence(measure(row.exchange().answer, [], AnswerWindow(0, 0, 0), typed=True))
    # Too short to score stands in the middle: neither way.
    return 50.0 if score.value is None else float(score.value)


def read(path: Path, at_most: int) -> list[Rated]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = [
            Rated(row["call"], row["question"], row["answer"], {trait: float(row[trait]) for trait in CEILING})
            for row in csv.DictReader(file)
            if row["answer"].strip() and row["question"].strip()
        ]
    step = max(1.0, len(rows) / at_most)
    return [rows[int(number * step)] for number in range(int(len(rows) / step))]


def auc(own: Sequence[float], other: Sequence[float]) -> float:
    """The chance that one of `own` lies above one of `other`; a draw counts half."""
    above = np.asarray(own)[:, None] - np.asarray(other)[None, :]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def pearson(one: Sequence[float], two: Sequence[float]) -> float:
    return float(np.corrcoef(one, two)[0, 1]) if np.std(one) > 0 and np.std(two) > 0 else 0.0


def interval(rows: Sequence[Rated], values: Sequence[float], wanted: Sequence[float]) -> tuple[float, float]:
    by_call: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        by_call.setdefault(row.call, []).append(index)
    chance = random.Random(SEED)
    calls = list(by_call)
    found = []
    for _ in range(1000):
        drawn = [index for call in chance.choices(calls, k=len(calls)) for index in by_call[call]]
        found.append(pearson([values[index] for index in drawn], [wanted[index] for index in drawn]))
    return float(np.percentile(found, 2.5)), float(np.percentile(found, 97.5))


def spread(values: Sequence[float]) -> str:
    low, high = np.percentile(values, [5, 95])
    return f"{low:.0f}-{high:.0f}"


if __name__ == "__main__":
    main()
