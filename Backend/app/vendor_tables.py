"""`python -m app.vendor_tables` writes the vendors' part of .env.example, README.md and docs/vendors.md; `--check` only
says whether they are fresh."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pydantic import SecretStr

from app.generated_section import renewed
from app.services.vendor import SWITCHES, Capability, received_sentence
from app.services.vendors import AnyVendor
from app.settings import PROJECT_ROOT, Settings

BEGIN, END = "vendors: written by `make vendor-tables`", "end of vendors"

MEANINGS: dict[Capability, str] = {
    "avatar": "who shows the interviewer",
    "language_model": "who plans and judges",
    "speech": "who hears and speaks",
    "video_storage": "where recordings are stored",
    "identity": "who vouches for people",
}


def example_lines(settings: type[Settings]) -> Iterator[str]:
    """For .env.example: each choice, then each vendor's variables with their defaults."""
    for capability, switch in SWITCHES.items():
        yield f"# {MEANINGS[capability].capitalize()}: {' | '.join(one.key for one in _of(settings, capability))}"
        yield f"{switch.upper()}={_default(settings, switch)}"
    for vendor in settings.vendors:
        if not vendor.variables:
            continue
        needs = f", which needs {_listed(name.upper() for name in vendor.needs)}" if vendor.needs else ""
        yield ""
        yield f"# {_switched_on(vendor)}{needs}"
        for name in vendor.variables:
            about = settings.model_fields[name].description
            if about:
                yield f"# {about[0].upper()}{about[1:].replace('`', '')}."
            yield f"{name.upper()}={_default(settings, name)}"


def readme_lines(settings: type[Settings]) -> Iterator[str]:
    """For the README: the same as a table."""
    yield "| variable | for | default | meaning |"
    yield "|---|---|---|---|"
    for capability, switch in SWITCHES.items():
        default, *others = _of(settings, capability)
        choices = _listed((f"`{one.key}` ({one.name})" for one in others), "or")
        yield f"| `{switch.upper()}` | | {default.key} | {MEANINGS[capability]}: ours, or {choices} |"
    for vendor in settings.vendors:
        for name in vendor.variables:
            needed = "**needed** " if name in vendor.needs else ""
            about = f"{needed}{settings.model_fields[name].description or ''}".strip()
            yield f"| `{name.upper()}` | `{_switched_on(vendor)}` | {_default(settings, name)} | {about} |"


def document_lines(settings: type[Settings]) -> Iterator[str]:
    """For docs/vendors.md: each vendor at a glance."""
    yield "| vendor | switch | needs | receives, in the words that people are told | who goes on when it fails |"
    yield "|---|---|---|---|---|"
    for vendor in settings.vendors:
        if vendor.is_outside:
            needs = _listed(f"`{name.upper()}`" for name in vendor.needs)
            receives = received_sentence(vendor.receives)
            yield f"| {vendor.name} | `{_switched_on(vendor)}` | {needs} | {receives} | {vendor.fails_over_to} |"


PARTS: dict[Path, tuple[Callable[[type[Settings]], Iterator[str]], str]] = {
    PROJECT_ROOT / ".env.example": (example_lines, "# ---- {} ----"),
    PROJECT_ROOT / "README.md": (readme_lines, "<!-- {} -->"),
    PROJECT_ROOT / "docs" / "vendors.md": (document_lines, "<!-- {} -->"),
}
"""Each file's lines, and how it marks where they begin and end."""


def stale(settings: type[Settings]) -> dict[Path, str]:
    """The files that say something else than the descriptors, with what they should say."""
    fresh = {
        path: renewed(path.read_text(), lines(settings), mark.format(BEGIN), mark.format(END))
        for path, (lines, mark) in PARTS.items()
    }
    return {path: text for path, text in fresh.items() if text != path.read_text()}


def _of(settings: type[Settings], capability: Capability) -> tuple[AnyVendor, ...]:
    return tuple(vendor for vendor in settings.vendors if vendor.capability == capability)


def _switched_on(vendor: AnyVendor) -> str:
    return f"{SWITCHES[vendor.capability].upper()}={vendor.key}"


def _default(settings: type[Settings], name: str) -> str:
    value = settings.model_fields[name].default
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(words: Iterable[str], joint: str = "and") -> str:
    *first, last = words
    return f"{', '.join(first)} {joint} {last}" if first else last


def main() -> int:
    found = stale(Settings)
    if "--check" in sys.argv:
        for path in found:
            print(f"{path.relative_to(PROJECT_ROOT)} is stale: make vendor-tables")
        return 1 if found else 0
    for path, text in found.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
