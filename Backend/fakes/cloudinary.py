"""A stand-in for Cloudinary: uploads whole or in parts, deletion, the Admin API, delivery and notifications.

It signs with the account's own rules, so a wrong field or secret is refused as there. A rendition is not encoded: it is
the same picture and sound in a seekable file. An adaptive video is.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio
from cloudinary.auth_token import generate
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile
from starlette.types import ASGIApp, Receive, Scope, Send

from fakes import credentials
from fakes.base import Fake, Mode
from fakes.cloudinary_assets import Asset, Parts, Refused, Shelf
from fakes.cloudinary_notices import NoticeSender
from fakes.cloudinary_streams import SIZES, listed, master

MODES = (
    Mode("rate-limited", "uploads and deletions answer 429"),
    Mode("admin-quota", "the Admin API answers 420, with the hour's end in its header"),
    Mode("down", "everything answers 500"),
    Mode("html", "everything answers a page of a proxy instead of JSON"),
    Mode("slow", "everything takes three seconds longer"),
    Mode("cut", "an upload's connection is dropped after 60 % of its bytes"),
    Mode("lost-answer", "an upload is taken, and its connection dropped before the answer"),
    Mode("forgets", "the parts sent so far are forgotten"),
    Mode("sha256", "the account takes SHA-256 signatures alone"),
    Mode("refuses", "uploads are refused as wrongly signed"),
    Mode("processing", "renditions are not there yet: 423 on delivery"),
    Mode("eager-fails", "renditions fail, and are never there"),
    Mode("half-made", "of several renditions only the H.264 one is there yet"),
    Mode("silent", "no notification is sent"),
    Mode("signed-playlists", "the addresses in a playlist are signed; nobody says whether the vendor does that"),
)
FIELDS = frozenset(
    (
        *("public_id", "type", "overwrite", "allowed_formats", "eager", "eager_async", "eager_notification_url"),
        *("notification_url", "timestamp", "signature", "api_key", "file", "tags"),
    )
)
STALE_S = 3600
SLOW_S = 3.0
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Range, Content-Type, X-Requested-With, X-Unique-Upload-Id",
    "Access-Control-Max-Age": "600",
}


@dataclass
class CloudinaryFake(Fake):
    cloud: str = credentials.CLOUDINARY_CLOUD_NAME
    api_key: str = credentials.CLOUDINARY_API_KEY
    secret: str = credentials.CLOUDINARY_API_SECRET
    token_key: str = ""
    """Set: delivery also takes this account's expiring tokens."""

    def __post_init__(self) -> None:
        Fake.__post_init__(self)
        self.shelf = Shelf()
        self.parts: dict[str, Parts] = {}
        self.notices = NoticeSender(self.secret, self.api_key)
        add = self.app.add_api_route
        add("/v1_1/{cloud}/{kind}/upload", self._preflight, methods=["OPTIONS"])
        add("/v1_1/{cloud}/{kind}/upload", self._upload, methods=["POST"])
        add("/v1_1/{cloud}/{kind}/destroy", self._destroy, methods=["POST"])
        add("/v1_1/{cloud}/resources/{kind}/{type}/{public_id:path}", self._resource, methods=["GET"])
        add("/{cloud}/{kind}/{type}/{rest:path}", self._deliver, methods=["GET", "HEAD"])
        self.app.add_exception_handler(Refused, _refusal)

    @property
    def asgi(self) -> ASGIApp:
        return _Cutter(super().asgi, self)

    async def _preflight(self, cloud: str, kind: str) -> Response:
        return Response(status_code=200, headers=CORS)

    # ---- the Upload API ----

    async def _upload(self, cloud: str, kind: str, request: Request) -> Response:
        await self._trouble()
        if self.failing("rate-limited"):
            raise Refused(429, "Too many requests. Please try again later.")
        fields, data = await _form(request)
        self._check_signature(cloud, fields)
        if data is None:
            raise Refused(400, "Missing required parameter - file")
        public_id = fields.get("public_id") or hashlib.sha256(fields["signature"].encode()).hexdigest()[:20]
        content_range = request.headers.get("content-range")
        if content_range is not None:
            upload_id = request.headers.get("x-unique-upload-id", "")
            if not upload_id:
                raise Refused(400, "Missing required header - X-Unique-Upload-Id")
            if self.failing("forgets"):
                self.parts.pop(upload_id, None)
            parts = self.parts.setdefault(upload_id, Parts())
            whole = parts.take(content_range, data)
            if whole is None:
                # Fields that are not known yet are left out.
                told = {"done": False, "bytes": parts.size, "public_id": public_id, "kind": "upload"}
                return JSONResponse({**told, "resource_type": kind}, headers=CORS)
            del self.parts[upload_id]
            data = whole
        return JSONResponse(self._store(kind, public_id, fields, data, done=content_range is not None), headers=CORS)

    def _store(
        self, kind: str, public_id: str, fields: Mapping[str, str], data: bytes, *, done: bool
    ) -> dict[str, Any]:
        place = (kind, fields.get("type", "upload"), public_id)
        known = self.shelf.get(place)
        if known is not None and fields.get("overwrite", "1") == "0":
            return {**self._told(known), "existing": True}
        eager = [one for one in fields.get("eager", "").split("|") if one]
        if kind == "video" and eager and fields.get("eager_async") != "1":
            raise Refused(
                400,
                "Video is too large to process synchronously, please use an eager transformation "
                "with eager_async=true to do it asynchronously",
            )
        formats = fields.get("allowed_formats", "")
        asset = self.shelf.put(place, data, eager, formats.split(",") if formats else None)
        told = self._told(asset)
        if not self.failing("silent"):
            if url := fields.get("notification_url"):
                self.notices.send(url, self.notices.upload(told))
            if (url := fields.get("eager_notification_url")) and eager:
                self.notices.send(url, self.notices.eager(told))
        return {**told, "done": True} if done else told

    def _told(self, asset: Asset) -> dict[str, Any]:
        kind, type_, public_id = asset.place
        fields = {"public_id": public_id, "version": str(asset.version)}
        return {
            **asset.facts(),
            "signature": self._signed(fields, 1, "sha1"),
            "url": f"http://res.cloudinary.com/{self.cloud}/{kind}/{type_}/v{asset.version}/{public_id}.{asset.format}",
            "secure_url": f"{self.address}/{self.cloud}/{kind}/{type_}/"
            + (f"{self.delivery_signature(f'{public_id}.{asset.format}')}/" if type_ == "authenticated" else "")
            + f"v{asset.version}/{public_id}.{asset.format}",
            "original_filename": "blob",
            "api_key": self.api_key,
            **({"eager": asset.eager_told()} if asset.eager else {}),
        }

    async def _destroy(self, cloud: str, kind: str, request: Request) -> Response:
        await self._trouble()
        if self.failing("rate-limited"):
            raise Refused(429, "Too many requests. Please try again later.")
        fields, _ = await _form(request)
        self._check_signature(cloud, fields, extra=frozenset({"invalidate"}))
        place = (kind, fields.get("type", "upload"), fields.get("public_id", ""))
        return JSONResponse({"result": "ok" if self.shelf.remove(place) else "not found"}, headers=CORS)

    def _check_signature(self, cloud: str, fields: Mapping[str, str], extra: frozenset[str] = frozenset()) -> None:
        if cloud != self.cloud:
            raise Refused(401, f"Unknown cloud_name {cloud}")
        for name in ("api_key", "timestamp", "signature"):
            if not fields.get(name):
                raise Refused(400, f"Missing required parameter - {name}")
        if fields["api_key"] != self.api_key:
            raise Refused(401, f"Unknown API key {fields['api_key']}")
        unknown = set(fields) - FIELDS - extra
        if unknown:
            raise Refused(400, f"Unknown parameter - {min(unknown)}")
        wanted = {self._signed(fields, version, algorithm) for version in (1, 2) for algorithm in self._algorithms()}
        if self.failing("refuses") or fields["signature"] not in wanted:
            text = _string_to_sign(fields, 2)
            raise Refused(401, f"Invalid Signature {fields['signature']}. String to sign - '{text}'.")
        stamp = int(fields["timestamp"]) if fields["timestamp"].isdigit() else 0
        if abs(time.time() - stamp) > STALE_S:
            when = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(stamp))
            raise Refused(400, f"Stale request - reported time is {when} which is more than 1 hour ago")

    def _signed(self, fields: Mapping[str, str], version: int, algorithm: str) -> str:
        return hashlib.new(algorithm, (_string_to_sign(fields, version) + self.secret).encode()).hexdigest()

    # ---- the Admin API ----

    async def _resource(self, cloud: str, kind: str, type: str, public_id: str, request: Request) -> Response:
        await self._trouble()
        expected = base64.b64encode(f"{self.api_key}:{self.secret}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}" or cloud != self.cloud:
            raise Refused(401, "Invalid credentials")
        limits = {"X-FeatureRateLimit-Limit": "500", "X-FeatureRateLimit-Remaining": "499"}
        hour_end = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime((time.time() // 3600 + 1) * 3600))
        limits["X-FeatureRateLimit-Reset"] = hour_end
        if self.failing("admin-quota"):
            limits["X-FeatureRateLimit-Remaining"] = "0"
            raise Refused(
                420, f"Rate Limit Exceeded. Limit of 500 api operations reached. Try again on {hour_end}", limits
            )
        asset = self.shelf.get((kind, type, public_id))
        if asset is None:
            raise Refused(404, f"Resource not found - {public_id}")
        derived = [] if self._renditions_missing() else asset.derived()
        if self.failing("half-made"):
            derived = [one for one in derived if "vc_h264" in one["transformation"]]
        return JSONResponse({**asset.facts(), "derived": derived}, headers=limits)

    def _renditions_missing(self) -> bool:
        return self.failing("processing") or self.failing("eager-fails")

    # ---- delivery ----

    def _algorithms(self) -> tuple[str, ...]:
        return ("sha256",) if self.failing("sha256") else ("sha1", "sha256")

    def delivery_signature(self, path: str) -> str:
        digest = hashlib.new(self._algorithms()[0], (path + self.secret).encode()).digest()
        return f"s--{base64.urlsafe_b64encode(digest).decode()[:8]}--"

    async def _deliver(self, cloud: str, kind: str, type: str, rest: str, request: Request) -> Response:
        await self._trouble()
        found = re.fullmatch(
            r"(?:(?P<sign>s--[A-Za-z0-9_-]{8}--)/)?(?:(?P<how>[a-z]+_[^/]+)/)?(?:v(?P<version>\d+)/)?(?P<name>.+)", rest
        )
        if found is None or cloud != self.cloud:
            raise Refused(404, "Resource not found")
        name, how = found["name"], found["how"] or ""
        if type == "authenticated":
            signed = found["sign"] == self.delivery_signature("/".join(part for part in (how, name) if part))
            if not signed and not self._token_is_good(request):
                raise Refused(401, "Resource is restricted; the signature or token is missing or wrong")
        public_id, _, ending = name.rpartition(".") if re.search(r"\.[a-z0-9]{2,4}$", name) else (name, "", "")
        asset = self.shelf.get((kind, type, public_id))
        if asset is None:
            raise Refused(404, f"Resource not found - {public_id}")
        if not how and ending == asset.format:
            return _ranged(request, asset.data, asset.mime_type)
        moment = re.search(r"(?:^|,)so_([0-9.]+)(?:,|$)", how)
        if moment and ending == "jpg":
            return _ranged(request, asset.picture(float(moment[1])), "image/jpeg")
        if self.failing("eager-fails"):
            raise Refused(400, "Video is too large to process synchronously")
        if self.failing("processing") or (self.failing("half-made") and "vc_h264" not in how):
            raise Refused(423, "Video is being processed, try again later")
        if how == "sp_auto" or any(how == size.how for size in SIZES):
            return self._piece(request, asset, how, ending)
        if how == "f_auto,q_auto":
            how = _chosen_for(request.headers.get("user-agent", ""))
            if how not in asset.eager:
                raise Refused(400, "Video is too large to process synchronously")
        elif how not in asset.eager:
            raise Refused(423, "Video is being processed, try again later")
        return _ranged(request, asset.seekable, asset.mime_type)

    def _piece(self, request: Request, asset: Asset, how: str, ending: str) -> Response:
        streams = asset.streams
        if not streams:
            raise Refused(423, "Video is being processed, try again later")

        def address(how: str, ending: str) -> str:
            kind, type_, public_id = asset.place
            signed = ""
            if self.failing("signed-playlists"):
                signed = self.delivery_signature(f"{how}/{public_id}.{ending}") + "/"
            return f"/{self.cloud}/{kind}/{type_}/{signed}{how}/v{asset.version}/{public_id}.{ending}"

        if ending == "ts" and how in streams:
            return _ranged(request, streams[how].data, "video/mp2t")
        if ending != "m3u8":
            raise Refused(404, "Resource not found")
        text = master(streams, address) if how == "sp_auto" else listed(streams[how], address)
        return _ranged(request, text.encode(), "application/vnd.apple.mpegurl")

    def _token_is_good(self, request: Request) -> bool:
        token = re.search(r"__cld_token__=(?:st=\d+~)?exp=(\d+)~acl=([^~]+)~hmac=([0-9a-f]{64})", request.url.query)
        if not self.token_key or token is None or int(token[1]) < time.time():
            return False
        wanted = generate(acl=request.url.path, expiration=int(token[1]), key=self.token_key)
        return bool(request.url.query == wanted)

    async def _trouble(self) -> None:
        if self.failing("slow"):
            await anyio.sleep(SLOW_S)
        if self.failing("down"):
            raise Refused(500, "An error occurred on our side")
        if self.failing("html"):
            raise Refused(502, "<html><body>502 Bad Gateway</body></html>", {"Content-Type": "text/html"})


def environment(address: str) -> dict[str, str]:
    """The variables that lead the product here."""
    return {
        "CLOUDINARY_CLOUD_NAME": credentials.CLOUDINARY_CLOUD_NAME,
        "CLOUDINARY_API_KEY": credentials.CLOUDINARY_API_KEY,
        "CLOUDINARY_API_SECRET": credentials.CLOUDINARY_API_SECRET,
        "CLOUDINARY_API_URL": address,
        "CLOUDINARY_DELIVERY_URL": address,
    }


def build() -> CloudinaryFake:
    return CloudinaryFake("cloudinary", MODES)


async def _form(request: Request) -> tuple[dict[str, str], bytes | None]:
    async with request.form() as form:
        file = form.get("file")
        data = await file.read() if isinstance(file, UploadFile) else None
        return {name: value for name, value in form.items() if isinstance(value, str)}, data


def _chosen_for(browser: str) -> str:
    """What `f_auto` means to a browser. One that is not known gets what plays everywhere."""
    if "Chrome/" in browser or "Firefox/" in browser:
        return "f_webm,q_auto,vc_vp9"
    return "f_mp4,q_auto,vc_h265" if "Safari/" in browser else "f_mp4,q_auto,vc_h264"


def _string_to_sign(fields: Mapping[str, str], version: int) -> str:
    left_out = {"file", "cloud_name", "resource_type", "api_key", "signature"}
    pairs = [f"{name}={value}" for name, value in fields.items() if name not in left_out and value]
    return "&".join(sorted(pair.replace("&", "%26") if version == 2 else pair for pair in pairs))


async def _refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, Refused):
        raise error
    if error.headers.get("Content-Type") == "text/html":
        return Response(error.message, error.status, headers={**CORS, **error.headers})
    headers = {**CORS, **error.headers, "X-Cld-Error": error.message, "X-Request-Id": "stand-in"}
    return JSONResponse({"error": {"message": error.message}}, error.status, headers=headers)


def _ranged(request: Request, data: bytes, mime_type: str) -> Response:
    headers = {"Accept-Ranges": "bytes", "ETag": f'"{hashlib.md5(data).hexdigest()}"', **CORS}
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
    body, status = data, 200
    if wanted and (wanted[1] or wanted[2]):
        start = int(wanted[1]) if wanted[1] else max(0, len(data) - int(wanted[2]))
        end = min(len(data) - 1, int(wanted[2])) if wanted[1] and wanted[2] else len(data) - 1
        if start >= len(data):
            return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{len(data)}"})
        body, status = data[start : end + 1], 206
        headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
    headers["Content-Length"] = str(len(body))
    return Response(b"" if request.method == "HEAD" else body, status, headers=headers, media_type=mime_type)


class _Cutter:
    """Drops connections as a failing network does: no answer, no goodbye."""

    def __init__(self, app: ASGIApp, fake: CloudinaryFake) -> None:
        self._app = app
        self._fake = fake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_upload = scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith("/upload")
        if is_upload and self._fake.failing("cut"):
            announced = int(dict(scope["headers"]).get(b"content-length", b"0"))
            read = 0
            while read < announced * 0.6:
                read += len((await receive()).get("body", b""))
            await _hang_up(receive)
        elif is_upload and self._fake.failing("lost-answer"):

            async def nowhere(_message: Any) -> None:
                return None

            await self._app(scope, receive, nowhere)
            await _hang_up(receive)
        else:
            await self._app(scope, receive, send)


async def _hang_up(receive: Receive) -> None:
    # The server's own connection; ASGI has no word for breaking it.
    receive.__self__.transport.abort()  # type: ignore[attr-defined]
    while (await receive())["type"] != "http.disconnect":
        pass
