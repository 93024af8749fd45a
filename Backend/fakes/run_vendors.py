"""`make run-vendors`: the product with every vendor switched on, each vendor being its stand-in on this machine.

Its data lies apart from yours, in `data-vendors/`. Failure modes are switched on while it runs:

    curl -X POST http://127.0.0.1:8101/_fake/modes -H 'content-type: application/json' -d '{"mode": "…"}'
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.services.vendor import SWITCHES
from app.services.vendors import VENDORS
from fakes.__main__ import PORTS, build
from fakes.base import Fake, served
from fakes.tavus import Tavus

BACKEND = Path(__file__).resolve().parents[1]


def environment(at: Mapping[str, str]) -> dict[str, str]:
    """The configuration that wires the product to the fakes; `at`: each one's address."""
    chosen: dict[str, str] = {}
    for vendor in VENDORS:
        if vendor.stand_in:
            # The first vendor of each capability is switched on; the others are ready to be.
            chosen.setdefault(SWITCHES[vendor.capability].upper(), vendor.key)
            address = at[vendor.stand_in.removeprefix("fakes.")]
            variables: dict[str, str] = importlib.import_module(vendor.stand_in).environment(address)
            chosen |= variables
    return chosen


def _fakes(pace_s: float | None) -> dict[str, Fake]:
    fakes = {name: build(name) for name in PORTS}
    if pace_s is not None:
        fakes["tavus"] = Tavus(pace_s=pace_s)
    return fakes


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m fakes.run_vendors", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--port", type=int, default=8000, help="where the product is served")
    parser.add_argument("--free-ports", action="store_true", help="serve the stand-ins on any free ports")
    parser.add_argument(
        "--pace", type=float, metavar="SECONDS", help="how long the call's interviewer takes for a word"
    )
    chosen = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        try:
            at = {
                name: stack.enter_context(served(fake, port=0 if chosen.free_ports else PORTS[name]))
                for name, fake in _fakes(chosen.pace).items()
            }
        except OSError as error:
            print(f"A stand-in's port is in use ({error}). Stop what runs there, or add --free-ports.", file=sys.stderr)
            return 2
        print(f"FAKES {json.dumps(at)}", flush=True)
        # What the caller set himself wins: one vendor can be switched back to built-in, or a database chosen.
        own = {"DATA_DIR": str(BACKEND.parent / "data-vendors"), "PUBLIC_URL": f"http://localhost:{chosen.port}"}
        wired = {**own, **environment(at), **os.environ}
        product = subprocess.Popen(
            [sys.executable, "-m", "app.serve", "--port", str(chosen.port)], cwd=BACKEND, env=wired
        )
        # Ctrl+C reaches the product as well; this process waits for it and then takes the stand-ins down.
        signal.signal(signal.SIGINT, lambda *_: product.send_signal(signal.SIGINT))
        signal.signal(signal.SIGTERM, lambda *_: product.send_signal(signal.SIGINT))
        return product.wait()


if __name__ == "__main__":
    raise SystemExit(main())
