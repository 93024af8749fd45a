"""The built-in planner and judge, as a choice. What they are is composed beside the container, from the stages' own."""

from __future__ import annotations

from app.services.language_model.generation import JsonGenerator
from app.services.vendor import Vendor, VendorSettings


def _build(settings: VendorSettings) -> JsonGenerator | None:
    """None: no model is asked; the built-in one, which stands by for every vendor's, does all of it."""
    return None


BUILT_IN = Vendor(key="built-in", name="the built-in planner and judge", capability="language_model", build=_build)
