"""Headers on every response, and the refusal of cross-site writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.routers.problems import problem

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class VendorOrigins:
    """Origins a switched-on vendor needs in the page. The embedded defaults need none."""

    connect: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    call: tuple[str, ...] = ()
    """Origins of frames in which the person is seen and heard."""


def content_security_policy(vendors: Sequence[VendorOrigins] = ()) -> str:
    """Everything from our own origin, plus exactly what the switched-on vendors need.

    Styles alone may be inline: the toast and dialog libraries insert a style element of their own.
    """

    def extra(kind: str) -> str:
        return "".join(f" {origin}" for vendor in vendors for origin in getattr(vendor, kind))

    frames = extra("frame")
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self'{extra('script')}",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{extra('image')}",
            "font-src 'self'",
            f"media-src 'self' blob:{extra('media')}",
            f"connect-src 'self'{extra('connect')}",
            "worker-src 'self'",
            f"frame-src{frames}" if frames else "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def permissions_policy(vendors: Sequence[VendorOrigins] = ()) -> str:
    """Camera and microphone for our own page, and for the frame of a switched-on vendor's call."""
    calls = "".join(f' "{origin}"' for vendor in vendors for origin in vendor.call)
    features = ["camera", "microphone", *(["autoplay", "display-capture"] if calls else [])]
    return ", ".join([*(f"{feature}=(self{calls})" for feature in features), "geolocation=()", "payment=()"])


def is_same_origin(connection: HTTPConnection) -> bool:
    """Whether the browser says that our own page asks. A client that is no browser sends neither header."""
    origin = connection.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == connection.headers.get("host", "")
    return connection.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


class SecurityMiddleware:
    def __init__(self, app: ASGIApp, *, policy: str, permissions: str, https: bool) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": permissions,
            "X-Frame-Options": "DENY",
        }
        if https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["method"] not in SAFE_METHODS and not is_same_origin(HTTPConnection(scope)):
            refused = problem(403, "cross_origin", "This request came from another site and was refused.")
            await refused(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)


def content_length(headers: Headers) -> int | None:
    value = headers.get("content-length", "")
    return int(value) if value.isdigit() else None
