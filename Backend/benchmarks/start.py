"""From the command to the line that says it is ready, on data that exists already (a warm start).

python -m benchmarks.start [--n 5]
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time


def once(data_dir: str) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "app.serve", "--port", str(port)],
        env={**os.environ, "DATA_DIR": data_dir},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    try:
        for line in server.stdout:
            if "is ready" in line:
                return time.monotonic() - began
        raise RuntimeError("the server ended before it was ready")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=5)
    n = parser.parse_args().n
    with tempfile.TemporaryDirectory() as data_dir:
        first = once(data_dir)
        times = [once(data_dir) for _ in range(n)]
    print(f"first start, empty data: {first:.2f} s")
    print(
        f"warm start: median {statistics.median(times):.2f} s, "
        f"min {min(times):.2f}, max {max(times):.2f} (n={n}; bound 5 s)"
    )


if __name__ == "__main__":
    main()
