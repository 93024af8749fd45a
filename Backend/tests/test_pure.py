"""The pure tests stay pure: they are what somebody runs after each line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BACKEND = Path(__file__).parents[1]
LOOK = """
import sys
import pytest
code = pytest.main(["--pure", "--collect-only", "-q", "-p", "no:cacheprovider"])
house = {"fastapi", "sqlalchemy", "dbos", "app.main", "app.models", "tests.house"} & set(sys.modules)
sys.exit(f"loaded with pure tests: {sorted(house)}" if house else int(code))
"""


def test_a_pure_test_loads_neither_the_application_nor_a_database() -> None:
    looked = subprocess.run([sys.executable, "-c", LOOK], cwd=BACKEND, capture_output=True, text=True, timeout=100)
    assert looked.returncode == 0, looked.stderr[-2000:] + looked.stdout[-2000:]
