"""How much of real resumes is understood: `python -m benchmarks.resumes FOLDER`.

FOLDER holds files and a `labels.json`: a list of objects with `file` (or `text`, the resume itself) and what a careful
reader found in it, each part optional:
  `positions`  kind, title, organisation, start, end; empty where the resume names none
  `complete`   true when `positions` holds every one, so that what is found beyond them is wrong
  `years`      a number, or the least and the most
  `skills`     every skill the resume lists
  `claims`     text (a telling part of it) and organisation
Prints a table of shares, and with --faults what was missed. No file leaves the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.profile import Position, ProfileDraft
from app.errors import AppError
from app.preparation.resume.reader import read_resume
from app.preparation.resume.upload import read_resume_file

_YEARS_OFF = 0.6


@dataclass
class Tally:
    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def count(self, what: str, right: bool, fault: str = "") -> None:
        self.of[what] += 1
        self.right[what] += right
        if not right and fault:
            self.faults.append(f"{what}: {fault}")


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def same(wanted: str, got: str) -> bool:
    """Whether one names the other; an empty label is right only when nothing is named."""
    if not plain(wanted):
        return not plain(got)
    return bool(plain(got)) and (plain(wanted) in plain(got) or plain(got) in plain(wanted))


def right_fields(wanted: dict[str, str], got: Position) -> dict[str, bool]:
    return {
        "employer": same(wanted.get("organisation", ""), got.organisation),
        "title": same(wanted.get("title", ""), got.title),
        "dates": (wanted.get("start", ""), wanted.get("end", "")) == (got.start, got.end),
        "kind": wanted.get("kind", "job") == got.kind,
    }


def hold_positions(
    tally: Tally, name: str, wanted: list[dict[str, str]], draft: ProfileDraft, *, complete: bool
) -> None:
    left = list(draft.experience)
    for position in wanted:
        scored = [(right_fields(position, found), found) for found in left]
        best, found = max(scored, key=lambda pair: sum(pair[0].values()), default=({}, None))
        known = found is not None and sum(best.values()) >= 2 and (best["employer"] or best["title"])
        if known and found is not None:
            left.remove(found)
        said = f"{name}: {position} / {found if known else None}"
        tally.count("positions found", known)
        tally.count("positions fully right", known and all(best.values()), said)
        if position.get("organisation"):
            tally.count("employer right, where given", known and best["employer"])
    if complete:
        for found in left:
            tally.count("positions that are there", False, f"{name}: {found}")
        tally.of["positions that are there"] += len(draft.experience) - len(left)
        tally.right["positions that are there"] += len(draft.experience) - len(left)


def hold(tally: Tally, label: dict[str, Any], draft: ProfileDraft) -> None:
    name = str(label.get("file") or label.get("name") or str(label.get("text", ""))[:30])
    hold_positions(tally, name, label.get("positions", []), draft, complete=label.get("complete", False))
    if "years" in label:
        given = label["years"]
        low, high = given if isinstance(given, list) else (given - _YEARS_OFF, given + _YEARS_OFF)
        got = draft.years_of_experience
        tally.count("years right", got is not None and low <= got <= high, f"{name}: {given} / {got}")
    if label.get("skills"):
        wanted, found = {plain(s) for s in label["skills"]}, {plain(s) for s in draft.skills}
        for skill in wanted:
            tally.count("skills recall", skill in found, f"{name}: {skill}")
        for skill in found:
            tally.count("skills precision", skill in wanted, f"{name}: {skill}")
    for claim in label.get("claims", []):
        fits = [c for c in draft.claims if plain(claim["text"]) in plain(c.text)]
        right = any(same(claim.get("organisation", ""), c.organisation) for c in fits)
        tally.count("claims right and on the right job", right, f"{name}: {claim} / {fits[:1]}")
    if label.get("english", True):
        tally.count("English said to be English", draft.language in {"en", "und"}, f"{name}: {draft.language}")


async def text_of(label: dict[str, Any], folder: Path) -> str:
    if "text" in label:
        return str(label["text"])
    path = folder / label["file"]
    return (await read_resume_file(path.read_bytes(), path.name)).text


async def measure(folder: Path) -> Tally:
    tally = Tally()
    for label in json.loads((folder / "labels.json").read_text("utf-8")):
        started = time.perf_counter()
        try:
            text = await text_of(label, folder)
        except AppError as error:
            tally.count("files read", False, f"{label['file']}: {error.code}")
            continue
        tally.count("files read", True)
        draft = read_resume(text)
        tally.seconds.append(time.perf_counter() - started)
        hold(tally, label, draft)
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--faults", action="store_true", help="also print what was missed, labels and reading")
    arguments = parser.parse_args()
    tally = asyncio.run(measure(arguments.folder))
    print(f"{'':<36}{'n':>6}{'right':>7}{'share':>8}")
    for what, of in tally.of.items():
        print(f"{what:<36}{of:>6}{tally.right[what]:>7}{100 * tally.right[what] / of:>7.0f}%")
    if tally.seconds:
        print(f"seconds a file: median {statistics.median(tally.seconds):.2f}, worst {max(tally.seconds):.2f}")
    if arguments.faults:
        print("\n".join(tally.faults))
    return 0


if __name__ == "__main__":
    sys.exit(main())
