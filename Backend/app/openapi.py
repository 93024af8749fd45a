"""`python -m app.openapi` prints the API's schema, from which the frontend's types are generated."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from app.main import create_app
from app.settings import Settings


def schema_text() -> str:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), speech="off", frontend_dist=Path(folder)))
        return json.dumps(app.openapi(), indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
