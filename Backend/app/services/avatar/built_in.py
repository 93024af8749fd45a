"""The face that our own page draws, as a choice."""

from __future__ import annotations

from app.services.avatar.base import Avatar
from app.services.avatar.embedded import EmbeddedAvatar
from app.services.vendor import Vendor, VendorSettings


def _build(settings: VendorSettings) -> Avatar:
    return EmbeddedAvatar()


BUILT_IN = Vendor(key="built-in", name="the built-in interviewer", capability="avatar", build=_build)
