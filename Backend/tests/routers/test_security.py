from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import URL, ASGITransport, AsyncClient, Response
from pydantic import SecretStr
from starlette.types import Message, Scope

from app.main import create_app
from app.routers import auth, profiles, recordings
from app.routers.security import content_security_policy, permissions_policy
from app.services.vendor import VendorOrigins
from app.settings import Settings
from tests.house import ON_SQLITE_ONLY

pytestmark = pytest.mark.anyio


def policy_of(text: str) -> dict[str, list[str]]:
    return {part.split()[0]: part.split()[1:] for part in text.split("; ")}


async def test_every_answer_carries_the_security_headers(browser: Callable[[], AsyncClient]) -> None:
    for path in ("/api/health", "/api/auth/me", "/api/nothing"):
        headers = (await browser().get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "camera=(self)" in headers["permissions-policy"]
        assert headers["cache-control"] == "no-store"
        assert policy_of(headers["content-security-policy"])["default-src"] == ["'self'"]


def test_without_a_vendor_the_policy_names_no_other_origin() -> None:
    for sources in policy_of(content_security_policy()).values():
        assert set(sources) <= {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}


def test_without_a_call_only_our_own_page_sees_and_hears() -> None:
    assert permissions_policy() == "camera=(self), microphone=(self), geolocation=(), payment=()"


async def test_with_tavus_the_page_may_frame_its_calls_and_lend_them_the_devices_and_nothing_else(
    settings: Settings,
) -> None:
    tavus = settings.model_copy(
        update={"avatar": "tavus", "tavus_api_key": SecretStr("k"), "tavus_replica_id": "r90bbd427f71"}
    )
    app = create_app(tavus)
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client:
        headers = (await client.get("/api/health")).headers
    policy = policy_of(headers["content-security-policy"])
    assert policy["frame-src"] == ["https://tavus.daily.co"]
    assert {**policy, "frame-src": ["'none'"]} == policy_of(content_security_policy())
    for feature in ("camera", "microphone", "autoplay", "display-capture"):
        assert f'{feature}=(self "https://tavus.daily.co")' in headers["permissions-policy"]


def test_scripts_may_never_be_inline_or_evaluated() -> None:
    assert policy_of(content_security_policy())["script-src"] == ["'self'"]


def test_a_vendor_adds_exactly_its_own_origins() -> None:
    policy = policy_of(
        content_security_policy([VendorOrigins(connect=("wss://calls.example",), frame=("https://calls.example",))])
    )
    assert policy["connect-src"] == ["'self'", "wss://calls.example"]
    assert policy["frame-src"] == ["https://calls.example"]
    assert policy["script-src"] == ["'self'"]


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_write_from_another_site_is_refused(candidate: AsyncClient, headers: dict[str, str]) -> None:
    answer = await candidate.post("/api/auth/sign-out", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] == "cross_origin"
    assert (await candidate.get("/api/auth/me")).status_code == 200


async def test_a_write_from_our_own_page_is_taken(candidate: AsyncClient) -> None:
    answer = await candidate.post("/api/auth/sign-out", headers={"Origin": "http://testserver"})
    assert answer.status_code == 204


def test_sign_in_sign_up_and_uploads_are_rate_limited() -> None:
    limited = {
        getattr(route, "path", "")
        for module in (auth, profiles, recordings)
        for route in module.router.routes
        if any(
            getattr(dependency.dependency, "__qualname__", "").startswith("limit.")
            for dependency in getattr(route, "dependencies", [])
        )
    }
    assert {
        "/api/auth/sign-in",
        "/api/auth/sign-up",
        "/api/auth/refresh",
        "/api/profiles",
        "/api/interviews/{interview_id}/recording/takes/{take}/pieces/{piece}",
    } <= limited


async def test_pages_are_served_and_files_outside_the_build_are_not(settings: Settings, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html><title>InterviewDost</title>")
    (dist / "assets" / "app-1a2b.js").write_text("export {}")
    (tmp_path / "private.txt").write_text("private")
    app = create_app(settings.model_copy(update={"frontend_dist": dist}))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client,
    ):
        assert "InterviewDost" in (await client.get("/dashboard")).text
        assert "immutable" in (await client.get("/assets/app-1a2b.js")).headers["cache-control"]
        assert (await client.get("/missing.js")).status_code == 404
        assert (await client.get("/api/missing")).headers["content-type"] == "application/problem+json"
        assert "private" not in (await client.get("/%2e%2e/private.txt")).text


def built_pages(folder: Path) -> Path:
    dist = folder / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / ".vite").mkdir()
    (dist / "avatar").mkdir()
    (dist / "index.html").write_text("<!doctype html><title>InterviewDost</title>")
    (dist / "assets" / "app-1a2b.js").write_text("export {}")
    (dist / "avatar" / "face.txt").write_text("a face")
    (dist / ".vite" / "manifest.json").write_text("{}")
    return dist


@pytest.fixture
async def visitor(settings: Settings, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    """Of an installation with pages."""
    app = create_app(settings.model_copy(update={"frontend_dist": built_pages(tmp_path)}))
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client,
    ):
        yield client


def has_every_header(answer: Response) -> bool:
    headers = answer.headers
    private = not answer.request.url.path.startswith("/api") or headers.get("cache-control") == "no-store"
    return (
        private
        and headers["x-content-type-options"] == "nosniff"
        and "default-src" in headers["content-security-policy"]
    )


ODD = ["%00", "a%00b", "%ff%fe", "%ed%a0%80", "%0a", "%5c", "%5c..%5cetc", "%7f", "%c2%85", "%1b[2J", "%E0%80%80"]


@pytest.mark.parametrize("odd", [*ODD, "..%2f..%2fetc%2fpasswd", "a" * 300 + ".js", "x" * 5000, ".vite/manifest.json"])
@pytest.mark.parametrize("place", ["/", "/assets/", "/api/", "/avatar/", "/dashboard/"])
async def test_an_odd_path_is_nothing_here_with_every_header(visitor: AsyncClient, place: str, odd: str) -> None:
    answer = await visitor.get(URL(f"http://testserver{place}{odd}"))
    # Below a page's address anything else is the page's to explain.
    assert answer.status_code == 404 or (answer.status_code == 200 and "<title>InterviewDost" in answer.text)
    assert odd not in ODD or answer.status_code == 404
    assert has_every_header(answer)


async def test_files_of_the_build_are_served_and_its_hidden_ones_are_not(visitor: AsyncClient) -> None:
    assert (await visitor.get("/avatar/face.txt")).text == "a face"
    assert (await visitor.get("/.vite/manifest.json")).status_code == 404
    assert (await visitor.get("/.vite")).status_code == 404


@pytest.mark.parametrize("odd", ODD)
async def test_every_route_takes_an_odd_id_for_one_that_does_not_exist(
    app: FastAPI, candidate: AsyncClient, odd: str
) -> None:
    for path, operations in app.openapi()["paths"].items():
        if "{" not in path:
            continue
        asked = re.sub(r"{(\w+)}", lambda name: odd if name[1].endswith(("_id", "key", "token")) else "0", path)
        for method in operations:
            answer = await candidate.request(method.upper(), URL(f"http://testserver{asked}"), content=b"{}")
            assert answer.status_code == 404, (method, path)
            assert has_every_header(answer)


async def test_an_odd_id_in_a_body_is_one_that_does_not_exist(app: FastAPI, candidate: AsyncClient) -> None:
    for odd in ("\x00", "a\x00b", "\x7f", "\u0085", "\ufffd"):
        wanted = {"role": f"Nurse {odd}", "skills": [f"{odd}x"], "job_description": odd, "profile_id": odd}
        assert (await candidate.post("/api/interviews", json=wanted)).status_code == 404
        del wanted["profile_id"]
        made = await candidate.post("/api/interviews", json=wanted)
        assert made.status_code == 201
        order = {"question_ids": [odd]}
        path = f"/api/interviews/{made.json()['id']}/questions/order"
        assert (await candidate.put(path, json=order)).status_code in {404, 409, 422}
        assert (await candidate.patch(f"/api/profiles/{made.json()['id']}", json={"headline": odd})).status_code == 404
        assert (await candidate.get("/api/interviews", params={"offset": odd})).status_code == 422


@ON_SQLITE_ONLY
async def test_a_failure_of_our_own_carries_every_header_and_says_nothing_of_itself(app: FastAPI) -> None:
    @app.get("/api/broken")
    async def broken() -> None:
        raise RuntimeError("asha@example.org")

    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://testserver") as client:
        answer = await client.get("/api/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "asha" not in answer.text
    assert has_every_header(answer)


def in_production(settings: Settings, **more: str) -> FastAPI:
    return create_app(
        settings.model_copy(update={"environment": "production", "public_url": "https://dost.example", **more})
    )


@ON_SQLITE_ONLY
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("dost.example", 200),
        ("DOST.example:443", 200),
        ("www.dost.example", 200),
        ("10.0.0.7", 200),
        ("evil.example", 400),
        ("dost.example.evil.example", 400),
        ("localhost", 400),
        ("127.0.0.1:8000", 400),
        ("", 400),
        ("dost.example@evil.example", 400),
        ("[::1", 400),
        ("dost.example:http", 400),
        ("dost.example/..", 400),
    ],
)
async def test_in_production_only_our_own_names_are_answered(settings: Settings, host: str, status: int) -> None:
    app = in_production(settings, allowed_hosts="www.dost.example, 10.0.0.7")
    async with AsyncClient(transport=ASGITransport(app=app), base_url="https://dost.example") as client:
        answer = await client.get("/api/health", headers={"Host": host})
    assert answer.status_code == status
    assert has_every_header(answer)
    if status == 400:
        assert answer.json()["code"] == "unknown_host"


@ON_SQLITE_ONLY
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("192.168.1.20:8000", 200),
        ("laptop", 200),
        ("laptop.local", 200),
        ("rebound.evil.example", 400),
    ],
)
async def test_on_a_laptop_whatever_is_local_is_answered(settings: Settings, host: str, status: int) -> None:
    async with AsyncClient(transport=ASGITransport(app=create_app(settings)), base_url="http://x") as client:
        assert (await client.get("/api/health", headers={"Host": host})).status_code == status


@ON_SQLITE_ONLY
@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://dost.example", 401),
        ("https://dost.example:443", 401),
        ("http://dost.example", 403),
        ("https://dost.example:8443", 403),
        ("https://evil.example", 403),
        ("null", 403),
        ("https://[", 403),
        ("https://dost.example@evil.example", 403),
    ],
)
async def test_in_production_our_page_is_the_one_that_came_over_https(
    settings: Settings, origin: str, status: int
) -> None:
    app = in_production(settings)
    async with AsyncClient(transport=ASGITransport(app=app), base_url="https://dost.example") as client:
        answer = await client.post("/api/interviews", json={}, headers={"Origin": origin})
    assert answer.status_code == status


@ON_SQLITE_ONLY
@pytest.mark.parametrize(
    ("host", "origin", "refusal"),
    [
        ("dost.example", "http://dost.example", "cross_origin"),
        ("dost.example", "https://dost.example.evil.example", "cross_origin"),
        ("dost.example", "https://dost.example", "not_signed_in"),
        ("evil.example", "https://evil.example", 400),
    ],
)
async def test_in_production_a_room_opens_for_our_own_page_alone(
    settings: Settings, host: str, origin: str, refusal: str | int
) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "websocket",
        "path": "/api/interviews/x/live",
        "raw_path": b"/api/interviews/x/live",
        "query_string": b"",
        "scheme": "ws",
        "root_path": "",
        "subprotocols": [],
        "state": {},
        "headers": [(b"host", host.encode()), (b"origin", origin.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "extensions": {"websocket.http.response": {}},
    }
    await in_production(settings)(scope, receive, send)
    if isinstance(refusal, int):
        assert sent[0]["type"] == "websocket.http.response.start"
        assert sent[0]["status"] == refusal
    else:
        assert refusal in sent[1]["text"]
