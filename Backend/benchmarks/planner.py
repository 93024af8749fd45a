"""How long from a two-page resume to five questions: `python -m benchmarks.planner [--rounds N] [FILE.pdf …]`.

Without files it lays out resumes of our own as PDFs of two pages. Prints n, median and spread in milliseconds for
reading the file (its own process included), understanding it and planning.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import sys
import time
from pathlib import Path

from app.built_in_model import EmbeddedLanguageModel
from app.domain.question import Brief
from app.preparation.resume.upload import read_resume_file
from tests.fixtures.resumes import FITTING_ROLES, NAMES, resume_text
from tests.fixtures.resumes.layout import one_column


def two_pages(name: str) -> bytes:
    """A resume long enough for two pages: its own text, and another's jobs as earlier ones."""
    other = NAMES[(NAMES.index(name) + 1) % len(NAMES)]
    text = resume_text(name) + "\n\nEarlier experience\n" + "\n".join(resume_text(other).splitlines()[4:])
    while text.count("\n") < 90:
        text += "\n\nFurther experience\n" + "\n".join(resume_text(other).splitlines()[6:])
    return one_column(text.replace("•", "-").replace("—", "-").replace("▪", "-").replace("·", "-"), pages=0)


async def measure(files: list[tuple[str, bytes]], rounds: int) -> dict[str, list[float]]:
    model = EmbeddedLanguageModel()
    taken: dict[str, list[float]] = {"read": [], "understand": [], "plan": [], "together": []}
    for round_number in range(rounds):
        for role, data in files:
            started = time.perf_counter()
            resume = await read_resume_file(data, "resume.pdf")
            read = time.perf_counter()
            profile = await model.read_resume(resume.text)
            understood = time.perf_counter()
            brief = Brief(role, "mid", profile.skills[:6], "", profile, seed=round_number)
            questions = await model.plan_questions(brief, count=5)
            planned = time.perf_counter()
            if len({q.text for q in questions}) != 5:
                raise SystemExit("the planner did not give five distinct questions")
            for name, value in (
                ("read", read - started),
                ("understand", understood - read),
                ("plan", planned - understood),
                ("together", planned - started),
            ):
                taken[name].append(1000 * value)
    return taken


def processor_seconds() -> float:
    """Of this process and its finished children: steadier than the clock on a busy machine."""
    return sum(
        use.ru_utime + use.ru_stime for use in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="resumes as PDF; without any, our own are laid out")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.files:
        files = [("Engineer", path.read_bytes()) for path in arguments.files]
    else:
        files = [(FITTING_ROLES[name], two_pages(name)) for name in NAMES]
    before = processor_seconds()
    taken = asyncio.run(measure(files, max(1, arguments.rounds)))
    spent = processor_seconds() - before
    print(f"{'step':<12}{'n':>5}{'median':>9}{'p10':>8}{'p90':>8}{'worst':>8}  ms")
    for name, values in taken.items():
        ordered = sorted(values)
        tenth, ninetieth = ordered[len(ordered) // 10], ordered[(9 * len(ordered)) // 10]
        median = statistics.median(ordered)
        print(f"{name:<12}{len(ordered):>5}{median:>9.0f}{tenth:>8.0f}{ninetieth:>8.0f}{ordered[-1]:>8.0f}")
    print(f"processor time per resume, child process included: {1000 * spent / len(taken['together']):.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
