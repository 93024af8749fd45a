"""Signed notifications of the stand-in for Cloudinary, sent again where they were not taken."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2


class NoticeSender:
    """The vendor waits 3, 6 and 9 minutes between its tries; here they are seconds."""

    def __init__(self, secret: str, api_key: str, waits_s: Sequence[float] = (0.2, 0.4, 0.6)) -> None:
        self._secret = secret
        self._api_key = api_key
        self._waits_s = waits_s
        self._tries: list[threading.Thread] = []

    def upload(self, asset: Mapping[str, Any]) -> bytes:
        return self._told("upload", asset)

    def eager(self, asset: Mapping[str, Any]) -> bytes:
        eager = list(asset.get("eager", ()))
        batch = {"batch_id": eager[0]["batch_id"]} if eager else {}
        made = [{**{k: v for k, v in each.items() if k != "batch_id"}, "status": "complete"} for each in eager]
        return self._told("eager", {"public_id": asset["public_id"], "eager": made, **batch})

    def headers(self, body: bytes, stamp: int | None = None) -> dict[str, str]:
        when = str(int(time.time()) if stamp is None else stamp)
        signature = hashlib.sha1(body + when.encode() + self._secret.encode()).hexdigest()
        return {"Content-Type": "application/json", "X-Cld-Timestamp": when, "X-Cld-Signature": signature}

    def send(self, url: str, body: bytes) -> None:
        thread = threading.Thread(target=self._deliver, args=(url, body), daemon=True, name="cloudinary-notice")
        self._tries.append(thread)
        thread.start()

    def wait(self, timeout_s: float = 10.0) -> None:
        """Until everything has been taken or given up."""
        for thread in self._tries:
            thread.join(timeout_s)

    def _deliver(self, url: str, body: bytes) -> None:
        for wait in (*self._waits_s, None):
            try:
                if httpx2.post(url, content=body, headers=self.headers(body), timeout=10.0).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            if wait is not None:
                time.sleep(wait)

    def _told(self, kind: str, asset: Mapping[str, Any]) -> bytes:
        body = {
            "notification_type": kind,
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
            "request_id": hashlib.md5(kind.encode()).hexdigest(),
            **asset,
            "notification_context": {
                "triggered_at": time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime()),
                "triggered_by": {"source": "api", "id": self._api_key},
            },
            "signature_key": self._api_key,
        }
        return json.dumps(body).encode()
