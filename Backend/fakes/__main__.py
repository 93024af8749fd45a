"""`make fakes`: every vendor's stand-in at once, each on a port of its own, until Ctrl+C."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import signal
import threading
from collections.abc import Sequence

from app.services.vendors import VENDORS
from fakes.base import Fake, served

NAMES = [vendor.stand_in.removeprefix("fakes.") for vendor in VENDORS if vendor.stand_in]
PORTS = dict(zip(NAMES, range(8101, 8200), strict=False))
"""Module of each fake and where `make fakes` serves it."""


def build(name: str) -> Fake:
    """The fake of the module `fakes.<name>`, with its defaults."""
    fake: Fake = importlib.import_module(f"fakes.{name}").build()
    return fake


def main(arguments: Sequence[str] | None = None) -> int:
    fakes = {name: build(name) for name in PORTS}
    modes = "\n\n".join(fake.help() for fake in fakes.values())
    parser = argparse.ArgumentParser(
        prog="python -m fakes",
        description="Serves a stand-in for each vendor on 127.0.0.1. Keys and secrets are in fakes/credentials.py.",
        epilog=f"Failure modes, switched on while it runs or with --mode:\n\n{modes}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", choices=sorted(PORTS), action="append", help="serve only this one (may be repeated)")
    parser.add_argument("--mode", action="append", default=[], metavar="FAKE:MODE", help="start with this mode on")
    chosen = parser.parse_args(arguments)
    for wish in chosen.mode:
        name, _, mode = wish.partition(":")
        if name not in fakes:
            parser.error(f"--mode {wish}: there is no fake {name!r}")
        try:
            fakes[name].switch(mode)
        except ValueError as error:
            parser.error(str(error))
    stopping = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    with contextlib.ExitStack() as stack:
        for name in chosen.only or PORTS:
            address = stack.enter_context(served(fakes[name], port=PORTS[name]))
            print(f"  {name:<18} {address}", flush=True)
        print("  modes: python -m fakes --help    Stop with Ctrl+C.", flush=True)
        stopping.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
