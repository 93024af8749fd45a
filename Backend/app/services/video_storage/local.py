"""Recordings on this machine's own disk, as a choice."""

from __future__ import annotations

from app.services.vendor import Vendor, VendorSettings
from app.services.video_storage.base import DirectStorage


def _build(settings: VendorSettings) -> DirectStorage | None:
    """None: the page sends its pieces to us, as it does for every vendor that refuses one."""
    return None


LOCAL = Vendor(key="local", name="this machine's disk", capability="video_storage", build=_build)
