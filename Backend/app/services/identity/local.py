"""Accounts and passwords kept in our own database, as a choice."""

from __future__ import annotations

from app.services.identity.base import HostedIdentity
from app.services.vendor import Vendor, VendorSettings


def _build(settings: VendorSettings) -> HostedIdentity | None:
    """None: nobody else keeps them; the accounts are ours."""
    return None


LOCAL = Vendor(key="local", name="accounts on this machine", capability="identity", build=_build)
