"""Takes at Cloudinary: signed uploads from the page, signed notices, delivery that never shows a signed address.

A signed delivery address never expires and works for anybody, so it stays on this server: videos are passed through,
or played from an address with an expiring token where the account has that.
"""

from __future__ import annotations

import base64
import email.utils
import hmac
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

from app.domain.recording import Playable
from app.errors import ProviderCategory, ProviderError
from app.services.vendor_http import new_client, retry_after_s, send, with_retries
from app.services.video_storage.base import NOBODY, DirectTake, Notice, UploadGrant, VendorReceipt, VideoDelivery
from app.services.video_storage.cloudinary import playlists, renditions, signatures

PROVIDER = "cloudinary"
FOLDER = "interviewdost"
GRANT_S = 3600
"""A signature is taken for an hour from its timestamp."""
CHUNK_BYTES = 6_000_000
"""Every part but the last must hold more than 5 MB."""
WATCH_S = 3 * 3600
"""How long an address with a token plays: longer than anybody watches in one go."""
BEING_MADE_RETRY_S = 5.0
SEAL_DIGITS = 32
NO_PICTURE = (400, 404, 423)
IN_A_PATH = "/,:"
"""What stands unescaped in a delivery address."""

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
        adaptive: bool = False,
        notification_url: str | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`adaptive`: videos are made in several sizes and rates, which costs more and plays on slow lines.
        `notification_url`: where the vendor can reach us from the internet, None where it cannot.
        """
        self._cloud = cloud
        self._api_key = api_key
        self._secret = api_secret
        self._basic = base64.b64encode(f"{api_key}:{api_secret}".encode()).decode()
        self._api_url = api_url.rstrip("/")
        self._delivery_url = delivery_url.rstrip("/")
        self._folder = f"/{cloud}/video/authenticated/"
        self._token_key = token_key
        self._algorithm = algorithm
        self._adaptive = adaptive
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
        forms = renditions.wanted(has_video=has_video, adaptive=self._adaptive)
        fields = {
            "public_id": asset,
            "type": "authenticated",
            "overwrite": "0",
            "allowed_formats": "webm,mp4,ogg",
            "eager": "|".join(form.eager for form in forms),
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

    def is_receipt(self, receipt: VendorReceipt) -> bool:
        return signatures.is_receipt(receipt.asset, receipt.version, receipt.signature, self._secret)

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        stamp, signature = headers.get("x-cld-timestamp", ""), headers.get("x-cld-signature", "")
        if not signatures.is_notice(body, stamp, signature, self._secret, self._clock()):
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

    def _read(self, body: object) -> DirectTake:
        try:
            told = _Resource.model_validate(body)
        except ValidationError as error:
            raise ProviderError(PROVIDER, "invalid_response", retryable=False) from error
        has_video = not told.is_audio
        place = f"v{told.version}/{told.public_id}"
        made = [renditions.Derived(derived.transformation, derived.format) for derived in told.derived]
        rendition, is_final = renditions.best(made, place, has_video=has_video, adaptive=self._adaptive)
        return DirectTake(
            size_bytes=told.bytes,
            # A recorder's WebM states no length, and the vendor may have none to tell before it has been processed.
            duration_ms=round(told.duration * 1000) if told.duration else None,
            has_video=has_video,
            original=Playable(f"{place}.{told.format}", f"{'video' if has_video else 'audio'}/{told.format}"),
            rendition=rendition,
            is_final=is_final,
        )

    # ---- playing ----

    def expiring_url(self, key: str) -> str | None:
        if not self._token_key:
            return None
        path = f"{self._folder}{quote(key, safe=IN_A_PATH)}"
        token = signatures.access_token(self._token_key, acl=path, start_s=None, expires_s=int(self._clock()) + WATCH_S)
        return f"{self._delivery_url}{path}?{token}"

    def deliver(
        self, key: str, range_header: str | None, *, head: bool, viewer: Mapping[str, str] = NOBODY
    ) -> AbstractAsyncContextManager[VideoDelivery]:
        return self._delivered(key, range_header, head, viewer)

    def unsealed(self, sealed: str, of: str) -> str | None:
        seal, _, key = sealed.partition("/")
        is_ours = hmac.compare_digest(seal.encode(), self._seal(key).encode())
        return key if is_ours and playlists.belongs(key, of) else None

    def _seal(self, key: str) -> str:
        return hmac.new(self._secret.encode(), f"piece:{key}".encode(), "sha256").hexdigest()[:SEAL_DIGITS]

    async def playlist(self, key: str, address: Callable[[str], str]) -> str:
        async def ask() -> str:
            response = await send(self._delivery, PROVIDER, self._delivery_request("GET", key, {}))
            if response.status_code != 200:
                raise _failure(response)
            try:
                return playlists.rewritten(
                    response.text, key, self._folder, lambda piece: address(f"{self._seal(piece)}/{piece}")
                )
            except ValueError as error:
                raise ProviderError(PROVIDER, "invalid_response", retryable=False) from error

        return await with_retries(ask)

    async def poster(self, key: str) -> bytes | None:
        async def ask() -> bytes | None:
            response = await send(self._delivery, PROVIDER, self._delivery_request("GET", renditions.poster(key), {}))
            if response.status_code in NO_PICTURE:
                return None
            if response.status_code != 200:
                raise _failure(response)
            is_picture = response.headers.get("content-type", "").startswith("image/")
            return response.content if is_picture else None

        return await with_retries(ask)

    @asynccontextmanager
    async def _delivered(
        self, key: str, range_header: str | None, head: bool, viewer: Mapping[str, str]
    ) -> AsyncIterator[VideoDelivery]:
        # Compressed bytes would belong to no range.
        headers = {**viewer, "Accept-Encoding": "identity", **({"Range": range_header} if range_header else {})}
        method = "HEAD" if head else "GET"
        response = await self._opened(self._delivery_request(method, key, headers))
        plain = renditions.instead(key)
        if response.status_code == 400 and plain is not None:
            await response.aclose()
            response = await self._opened(self._delivery_request(method, plain, headers))
        try:
            if response.status_code not in (200, 206, 416):
                raise _failure(response)
            passed = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
            if not passed.get("content-type", "").startswith(("video/", "audio/")) and response.status_code != 416:
                raise ProviderError(PROVIDER, "invalid_response", retryable=True)
            yield VideoDelivery(response.status_code, passed, None if head else response.aiter_raw())
        finally:
            await response.aclose()

    async def _opened(self, request: httpx2.Request) -> httpx2.Response:
        try:
            return await self._delivery.send(request, stream=True)
        except httpx2.TimeoutException as error:
            raise ProviderError(PROVIDER, "timeout", retryable=True) from error
        except httpx2.HTTPError as error:
            raise ProviderError(PROVIDER, "unreachable", retryable=True) from error

    def _delivery_request(self, method: str, key: str, headers: Mapping[str, str]) -> httpx2.Request:
        # The version is part of the address and not of what is signed.
        signed = re.sub(r"(^|/)v[0-9]+/", r"\1", key, count=1)
        signature = signatures.sign_delivery(signed, self._secret, algorithm=self._algorithm)
        path = f"{self._folder}{signature}/{quote(key, safe=IN_A_PATH)}"
        return self._delivery.build_request(method, path, headers=dict(headers))

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
        signature = signatures.sign_fields(fields, self._secret, algorithm=self._algorithm)
        return {**fields, "signature": signature, "api_key": self._api_key}


def _parsed(response: httpx2.Response) -> dict[str, object]:
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
