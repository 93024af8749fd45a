from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from pydantic import SecretStr

from app.main import create_app
from app.routers import auth, profiles, recordings
from app.routers.security import VendorOrigins, content_security_policy, permissions_policy
from app.settings import Settings

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
