"""Takes at Cloudinary: signed uploads from the page, signed notices, delivery that never shows a signed address.

A signed delivery address never expires and works for anybody, so it stays on this server: videos are passed through,
or played from an address with an expiring token where the account has that.
"""

from __future__ import annotations

import base64
import email.utils
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

from app.errors import ProviderCategory, ProviderError
from app.services.vendor_http import new_client, retry_after_s, send, with_retries
from app.services.video_storage import cloudinary_signing as signing
from app.services.video_storage.base import Delivery, DirectTake, Notice, Playable, Receipt, UploadGrant

PROVIDER = "cloudinary"
FOLDER = "interviewdost"
GRANT_S = 3600
"""A signature is taken for an hour from its timestamp."""
CHUNK_BYTES = 6_000_000
"""Every part but the last must hold more than 5 MB."""
WATCH_S = 3 * 3600
"""How long an address with a token plays: longer than anybody watches in one go."""
BEING_MADE_RETRY_S = 5.0

VIDEO_RENDITION = "f_mp4,q_auto,vc_h264"
"""What `f_auto,q_auto` gives a client it does not know, as our server is; by name, so that it is made beforehand."""
AUDIO_RENDITION = "f_mp3"
FOR_BROWSERS = ("f_webm,q_auto,vc_vp9", "f_mp4,q_auto,vc_h265")
"""What else `f_auto,q_auto` may pick when browsers ask the vendor themselves."""
AUTOMATIC = "f_auto,q_auto"

_ASSET = re.compile(rf"{FOLDER}/([0-9a-f-]{{36}})/([0-9]{{1,2}})-[A-Za-z0-9_-]{{22}}")
_PASSED_ON = ("content-type", "content-length", "content-range", "accept-ranges", "etag", "last-modified")


class _Derived(BaseModel):
    transformation: str = ""
    format: str = ""


class _Resource(BaseModel):
    public_id: str
    version: int
    format: str = "webm"
    bytes: int = 0
    duration: float | None = None
    is_audio: bool = False
    derived: list[_Derived] = []


class _Notification(BaseModel):
    notification_type: str
    public_id: str = ""
    version: int | None = None
    batch_id: str = ""


class Cloudinary:
    name = "Cloudinary"
    key = "cloudinary"

    def __init__(
        self,
        *,
        cloud: str,
        api_key: str,
        api_secret: str,
        api_url: str,
        delivery_url: str,
        token_key: str = "",
        algorithm: Literal["sha1", "sha256"] = "sha1",
        notification_url: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`notification_url`: where the vendor can reach us from the internet, None where it cannot."""
        self._cloud = cloud
        self._api_key = api_key
        self._secret = api_secret
        self._basic = base64.b64encode(f"{api_key}:{api_secret}".encode()).decode()
        self._api_url = api_url.rstrip("/")
        self._delivery_url = delivery_url.rstrip("/")
        self._token_key = token_key
        self._algorithm = algorithm
        self._notification_url = notification_url
        self._clock = clock
        self._api = new_client(self._api_url)
        self._delivery = new_client(self._delivery_url, timeout_s=30.0, headers={"User-Agent": "InterviewDost"})

    async def close(self) -> None:
        await self._api.aclose()
        await self._delivery.aclose()

    # ---- uploading ----

    def new_asset(self, recording_id: str, take: int) -> str:
        return f"{FOLDER}/{recording_id}/{take}-{secrets.token_urlsafe(16)}"

    def place_of(self, asset: str) -> tuple[str, int] | None:
        found = _ASSET.fullmatch(asset)
        return (found[1], int(found[2])) if found else None

    def grant(self, asset: str, *, has_video: bool) -> UploadGrant:
        stamp = int(self._clock())
        renditions = [VIDEO_RENDITION, *(FOR_BROWSERS if self._token_key else ())] if has_video else [AUDIO_RENDITION]
        fields = {
            "public_id": asset,
            "type": "authenticated",
            "overwrite": "0",
            "allowed_formats": "webm,mp4,ogg",
            "eager": "|".join(renditions),
            # A video's renditions take longer than a request may.
            "eager_async": "1",
            "timestamp": str(stamp),
        }
        if self._notification_url:
            fields["notification_url"] = self._notification_url
            fields["eager_notification_url"] = self._notification_url
        return UploadGrant(
            url=f"{self._api_url}/v1_1/{self._cloud}/video/upload",
            fields=self._signed(fields),
            expires_at=datetime.fromtimestamp(stamp + GRANT_S, UTC),
            chunk_bytes=CHUNK_BYTES,
        )

    def is_receipt(self, receipt: Receipt) -> bool:
        return signing.is_receipt(receipt.asset, receipt.version, receipt.signature, self._secret)

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        stamp, signature = headers.get("x-cld-timestamp", ""), headers.get("x-cld-signature", "")
        if not signing.is_notice(body, stamp, signature, self._secret, self._clock()):
            return None
        try:
            told = _Notification.model_validate_json(body)
        except ValidationError as error:
            raise ProviderError(PROVIDER, "invalid_response", retryable=False) from error
        which = told.batch_id or told.version or ""
        return Notice(f"{told.notification_type}:{told.public_id}:{which}", told.notification_type, told.public_id)

    # ---- knowing ----

    async def look_up(self, asset: str) -> DirectTake | None:
        async def ask() -> DirectTake | None:
            request = self._api.build_request(
                "GET",
                f"/v1_1/{self._cloud}/resources/video/authenticated/{quote(asset)}",
                headers={"Authorization": f"Basic {self._basic}"},
            )
            response = await send(self._api, PROVIDER, request)
            if response.status_code == 404:
                _parsed(response)
                return None
            if response.status_code != 200:
                raise _failure(response)
            return self._read(_parsed(response))

        return await with_retries(ask)

    def _read(self, body: Any) -> DirectTake:
        try:
            told = _Resource.model_validate(body)
        except ValidationError as error:
            raise ProviderError(PROVIDER, "invalid_response", retryable=False) from error
        has_video = not told.is_audio
        kind = "video" if has_video else "audio"
        wanted, ending, mime_type = (
            (VIDEO_RENDITION, "mp4", "video/mp4") if has_video else (AUDIO_RENDITION, "mp3", "audio/mpeg")
        )
        made = any(_is_rendition(derived, wanted) for derived in told.derived)
        place = f"v{told.version}/{told.public_id}"
        rendition = Playable(f"{wanted}/{place}.{ending}", mime_type)
        if made and has_video and self._token_key:
            rendition = Playable(f"{AUTOMATIC}/{place}", mime_type)
        return DirectTake(
            size_bytes=told.bytes,
            # A recorder's WebM states no length, and the vendor may have none to tell before it has been processed.
            duration_ms=round(told.duration * 1000) if told.duration else None,
            has_video=has_video,
            original=Playable(f"{place}.{told.format}", f"{kind}/{told.format}"),
            rendition=rendition if made else None,
        )

    # ---- playing ----

    def expiring_url(self, key: str) -> str | None:
        if not self._token_key:
            return None
        path = f"/{self._cloud}/video/authenticated/{quote(key, safe='/,')}"
        token = signing.access_token(self._token_key, acl=path, start_s=None, expires_s=int(self._clock()) + WATCH_S)
        return f"{self._delivery_url}{path}?{token}"

    def deliver(self, key: str, range_header: str | None, *, head: bool) -> AbstractAsyncContextManager[Delivery]:
        return self._delivered(key, range_header, head)

    @asynccontextmanager
    async def _delivered(self, key: str, range_header: str | None, head: bool) -> AsyncIterator[Delivery]:
        signature = signing.sign_delivery(
            re.sub(r"(^|/)v[0-9]+/", r"\1", key, count=1), self._secret, algorithm=self._algorithm
        )
        # Compressed bytes would belong to no range.
        headers = {"Accept-Encoding": "identity", **({"Range": range_header} if range_header else {})}
        request = self._delivery.build_request(
            "HEAD" if head else "GET",
            f"/{self._cloud}/video/authenticated/{signature}/{quote(key, safe='/,')}",
            headers=headers,
        )
        try:
            response = await self._delivery.send(request, stream=True)
        except httpx2.TimeoutException as error:
            raise ProviderError(PROVIDER, "timeout", retryable=True) from error
        except httpx2.HTTPError as error:
            raise ProviderError(PROVIDER, "unreachable", retryable=True) from error
        try:
            if response.status_code not in (200, 206, 416):
                raise _failure(response)
            passed = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
            if not passed.get("content-type", "").startswith(("video/", "audio/")) and response.status_code != 416:
                raise ProviderError(PROVIDER, "invalid_response", retryable=True)
            yield Delivery(response.status_code, passed, None if head else response.aiter_raw())
        finally:
            await response.aclose()

    # ---- deleting ----

    async def delete(self, asset: str) -> None:
        async def ask() -> None:
            # Without both resource type (in the path) and type, a video is "not found" and stays.
            fields = {
                "public_id": asset,
                "type": "authenticated",
                "invalidate": "1",
                "timestamp": str(int(self._clock())),
            }
            request = self._api.build_request("POST", f"/v1_1/{self._cloud}/video/destroy", data=self._signed(fields))
            response = await send(self._api, PROVIDER, request)
            if response.status_code != 200:
                raise _failure(response)
            if _parsed(response).get("result") not in ("ok", "not found"):
                raise ProviderError(PROVIDER, "invalid_response", retryable=True)

        await with_retries(ask)

    def _signed(self, fields: Mapping[str, str]) -> dict[str, str]:
        signature = signing.sign_fields(fields, self._secret, algorithm=self._algorithm)
        return {**fields, "signature": signature, "api_key": self._api_key}


def _is_rendition(derived: _Derived, wanted: str) -> bool:
    """The vendor may tell the format as part of the transformation, behind a slash, or beside it."""
    parts = set(re.split(r"[,/]", derived.transformation))
    return set(wanted.split(",")) <= parts | {f"f_{part}" for part in parts} | {f"f_{derived.format}"}


def _parsed(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ProviderError(PROVIDER, "invalid_response", retryable=True) from error
    if not isinstance(body, dict):
        raise ProviderError(PROVIDER, "invalid_response", retryable=True)
    return body


def _failure(response: httpx2.Response) -> ProviderError:
    """By status alone. The message is never read further than this: it may echo everything that was signed."""
    categories: dict[int, tuple[ProviderCategory, bool]] = {
        401: ("unauthorised", False),
        403: ("unauthorised", False),
        420: ("quota", True),
        423: ("busy", True),
        429: ("quota", True),
    }
    status = response.status_code
    fallback: tuple[ProviderCategory, bool] = ("unreachable", True) if status >= 500 else ("refused", False)
    category, retryable = categories.get(status, fallback)
    wish = retry_after_s(response)
    if wish is None and status == 423:
        wish = BEING_MADE_RETRY_S
    if wish is None and status == 420:
        wish = _until_reset_s(response)
    return ProviderError(PROVIDER, category, retryable=retryable, retry_after_s=wish)


def _until_reset_s(response: httpx2.Response) -> float | None:
    """The quota of the Admin API is hourly; its own header says when the hour is over."""
    try:
        moment = email.utils.parsedate_to_datetime(response.headers.get("x-featureratelimit-reset", ""))
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
