"""`python -m app.state_diagrams` draws docs/lifecycles.md from the tables; `--check` only says whether it is fresh."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from app.assessment import lifecycle as response
from app.conversation.call import lifecycle as call
from app.domain.lifecycle import Lifecycle, S
from app.generated_section import renewed
from app.interviews import lifecycle as interview
from app.recordings import lifecycle as recording
from app.settings import PROJECT_ROOT

DOCUMENT = PROJECT_ROOT / "docs" / "lifecycles.md"
BEGIN, END = "<!-- lifecycles: written by `make state-diagrams` -->", "<!-- end of lifecycles -->"


def diagrams() -> Iterator[str]:
    yield from diagram(interview.LIFECYCLE, interview.__name__)
    yield ""
    yield from diagram(response.LIFECYCLE, response.__name__)
    yield ""
    yield from diagram(recording.LIFECYCLE, recording.__name__)
    yield ""
    yield from diagram(call.LIFECYCLE, call.__name__)


def diagram(lifecycle: Lifecycle[S], module: str) -> Iterator[str]:
    """For Mermaid; `module` is where the table stands."""
    yield f"## {lifecycle.subject.capitalize()}"
    yield f"The table: `Backend/{module.replace('.', '/')}.py`."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {lifecycle.start}"
    for row in lifecycle.transitions:
        for source in row.sources:
            yield f"    {source} --> {row.target}: {row.occasion}"
    yield "```"


def fresh() -> str:
    return renewed(DOCUMENT.read_text(), diagrams(), BEGIN, END)


def main() -> int:
    text = fresh()
    stale = text != DOCUMENT.read_text()
    if "--check" in sys.argv:
        if stale:
            print(f"{DOCUMENT.relative_to(PROJECT_ROOT)} is stale: make state-diagrams")
        return int(stale)
    DOCUMENT.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
