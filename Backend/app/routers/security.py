"""Headers on every response; the refusal of other hosts' names, of odd paths and of cross-site writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response as HttpResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.client_addresses import read_address
from app.routers.problems import problem
from app.services.vendor import VendorOrigins

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\\\\\ufffd\ud800-\udfff]")
"""In no address of ours: what file systems, databases and logs stumble over, and what was no UTF-8."""
_LOCAL = re.compile(r"[^.]*|.*\.(local|localhost|lan|internal|test|home\.arpa)")
"""Names that nobody can own, and so nobody can point at this machine to get round a browser's rules."""
DEFAULT_PORTS = {"http": 80, "https": 443}


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


def is_same_origin(connection: HTTPConnection, *, https: bool) -> bool:
    """Whether the browser says that our own page asks. A client that is no browser sends neither header.

    `https`: our pages come over https alone; one that came in the open may be anybody's, whatever its name.
    """
    origin = connection.headers.get("origin")
    if origin is not None:
        scheme, _, name = origin.partition("://")
        if scheme not in ({"https"} if https else {"http", "https"}):
            return False
        told = _host_of(name, scheme)
        return told is not None and told == _host_of(connection.headers.get("host", ""), scheme)
    return connection.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def _host_of(text: str, scheme: str) -> tuple[str, int] | None:
    """Name and port; None when it is no host."""
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port or DEFAULT_PORTS[scheme]
    except ValueError:
        return None
    if not parts.hostname or parts.netloc != text or "@" in text:
        return None
    return parts.hostname, port


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names under which we may be asked, in lower case. `local`: also under whatever means this machine or net."""

    names: frozenset[str]
    local: bool

    def know(self, connection: HTTPConnection) -> bool:
        told = connection.headers.getlist("host")
        if len(told) != 1:
            return self.local and not told
        host = _host_of(told[0], "http")
        if host is None:
            return False
        name = host[0]
        return name in self.names or (
            self.local and (read_address(name) is not None or _LOCAL.fullmatch(name) is not None)
        )


class SecurityMiddleware:
    def __init__(self, app: ASGIApp, *, policy: str, permissions: str, https: bool, hosts: Hosts) -> None:
        self._app = app
        self._https = https
        self._hosts = hosts
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
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await (self._refused(HTTPConnection(scope)) or self._app)(scope, receive, send_with_headers)

    def _refused(self, connection: HTTPConnection) -> HttpResponse | None:
        if not self._hosts.know(connection):
            return problem(
                400,
                "unknown_host",
                "This is not an address of InterviewDost. Whoever runs it can add it to ALLOWED_HOSTS.",
            )
        if _ODD.search(connection.scope["path"]):
            return problem(404, "not_found", "There is nothing here.")
        # A WebSocket has no method, and says in its own words that it came from elsewhere.
        if connection.scope.get("method", "GET") not in SAFE_METHODS and not is_same_origin(
            connection, https=self._https
        ):
            return problem(403, "cross_origin", "This request came from another site and was refused.")
        return None
