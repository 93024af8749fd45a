"""`make chaos`: everything that was acknowledged is in the video or still on the disk, whatever happens.

    python -m chaos [--size tiny|small|line|night] [--rounds 3] [--seed 1] [--backend PATH]

A round is drawn from its seed: people are interviewed in writing and recorded on mixed devices, over lines that are
slow, late, doubled and cut off; the server is killed, its disk is filled to the last byte and freed again, rooms lose
their network at any moment. Then everything must come to rest with nothing lost, and again two days later, when the
pieces give way to their video. Ends with 1 when something did not hold, and says how to hold the same round again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
from pathlib import Path

from benchmarks.server import BACKEND
from chaos.plan import SIZES, plan_round
from chaos.round import hold


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos")
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, help="of the first round; the next ones count on (default: a new one)")
    parser.add_argument("--backend", type=Path, default=BACKEND, help="the Backend folder of another checkout")
    chosen = parser.parse_args()
    first = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(1_000_000)
    failed: list[int] = []
    for seed in range(first, first + chosen.rounds):
        print(f"round with seed {seed}, load {os.getloadavg()[0]:.1f} …", flush=True)
        outcome = asyncio.run(hold(plan_round(seed, SIZES[chosen.size]), backend=chosen.backend.resolve()))
        print(f"  {outcome.summary()}")
        for violation in outcome.violations:
            print(f"  NOT HELD  {violation}")
        if outcome.violations:
            failed.append(seed)
            print(f"  data and log: {outcome.kept}")
            print(f"  again: make chaos SIZE={chosen.size} ROUNDS=1 SEED={seed}", flush=True)
    print(f"{chosen.rounds - len(failed)} of {chosen.rounds} rounds held" + (f"; not held: {failed}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
