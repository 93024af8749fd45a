from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import ValidationError

from app.capabilities import Capabilities
from app.routers.body_limits import BodyLimitMiddleware, body_limits
from app.schemas.account import MOST_UNKNOWN, SignIn
from app.schemas.profile import ProfileCorrection
from tests.house import ON_SQLITE_ONLY

pytestmark = pytest.mark.anyio

PART = 16 * 1024
JSON = {"Content-Type": "application/json"}


class Endless:
    """A body that goes on for as long as somebody reads it; how much of it was."""

    def __init__(self, most: int = 100 * 1024 * 1024) -> None:
        self._most = most
        self.read = 0

    async def parts(self) -> AsyncIterator[bytes]:
        while self.read < self._most:
            self.read += PART
            yield b"[" * PART


@ON_SQLITE_ONLY
async def test_a_body_that_is_told_to_be_too_long_is_refused_unread(browser: Callable[[], AsyncClient]) -> None:
    body = Endless()
    answer = await browser().post(
        "/api/auth/sign-in", content=body.parts(), headers={**JSON, "Content-Length": "400000000"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert body.read == 0


@pytest.mark.parametrize("path", ["/api/auth/sign-in", "/api/auth/sign-up", "/api/auth/refresh", "/api/auth/reset"])
@ON_SQLITE_ONLY
async def test_a_body_that_goes_on_and_on_is_cut_where_it_is_too_long(
    browser: Callable[[], AsyncClient], path: str
) -> None:
    body = Endless()
    answer = await browser().post(path, content=body.parts(), headers=JSON)
    assert answer.status_code in {401, 413}
    assert body.read <= 64 * 1024 + 2 * PART


@ON_SQLITE_ONLY
async def test_nobody_signed_in_is_told_before_a_body_is_read(app: FastAPI, browser: Callable[[], AsyncClient]) -> None:
    for method, path in [
        ("POST", "/api/profiles"),
        ("PATCH", "/api/profiles/x"),
        ("POST", "/api/interviews"),
        ("PUT", "/api/interviews/x/questions/order"),
        ("PUT", "/api/interviews/x/recording/takes/0/pieces/0"),
        ("POST", "/api/interviews/x/recording/takes"),
        ("POST", "/api/interviews/x/avatar"),
    ]:
        body = Endless()
        answer = await browser().request(method, path, content=body.parts(), headers=JSON)
        assert (answer.status_code, body.read) == (401, 0), path


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("POST", "/api/profiles", "resume_too_large"),
        ("PUT", "/api/interviews/x/recording/takes/0/pieces/0", "piece_too_large"),
        ("POST", "/api/webhooks/tavus/x/y", "event_too_large"),
        ("POST", "/api/interviews", "body_too_large"),
    ],
)
@ON_SQLITE_ONLY
async def test_what_is_too_long_is_said_in_the_words_of_what_it_is(
    candidate: AsyncClient, method: str, path: str, code: str
) -> None:
    for headers in ({}, {"Content-Length": "400000000"}):
        body = Endless()
        form = {"Content-Type": "multipart/form-data; boundary=x"} if path == "/api/profiles" else JSON
        answer = await candidate.request(method, path, content=body.parts(), headers={**form, **headers})
        if path == "/api/profiles" and not headers:
            # No form at all, which is seen at its first byte.
            assert answer.status_code in {413, 422}
        else:
            assert (answer.status_code, answer.json()["code"]) == (413, code)
        assert body.read <= 11 * 1024 * 1024


@ON_SQLITE_ONLY
async def test_every_limit_belongs_to_a_route(app: FastAPI) -> None:
    capabilities: Capabilities = app.state.capabilities
    paths = app.openapi()["paths"]
    for limit in body_limits(capabilities.settings):
        # Notifications are nobody's to read in the schema, but there all the same.
        assert limit.method.lower() in paths[limit.path], limit.path


@ON_SQLITE_ONLY
async def test_no_route_refuses_for_its_length_what_its_schema_allows(app: FastAPI) -> None:
    capabilities: Capabilities = app.state.capabilities
    bodies = BodyLimitMiddleware(app, limits=body_limits(capabilities.settings))
    schema = app.openapi()
    components = schema["components"]["schemas"]
    checked = 0
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content is not None:
                checked += 1
                most = longest(content["schema"], components)
                assert bodies.limit_of(method.upper(), path.replace("{", "").replace("}", "")).most >= most, path
    assert checked > 10


def longest(schema: dict[str, Any], components: dict[str, Any]) -> int:
    """Bytes of JSON, where each character takes four. What has no bound is taken to be a name of 300 characters."""
    if "$ref" in schema:
        return longest(components[schema["$ref"].rpartition("/")[2]], components)
    if "anyOf" in schema:
        return max(longest(each, components) for each in schema["anyOf"])
    if schema.get("type") == "object":
        return sum(len(name) + 8 + longest(each, components) for name, each in schema["properties"].items())
    if schema.get("type") == "array":
        return int(schema["maxItems"] * (longest(schema["items"], components) + 2)) + 2
    if schema.get("type") == "string":
        return 4 * int(schema.get("maxLength", 300)) + 2
    return 20


@pytest.mark.parametrize("model", [SignIn, ProfileCorrection])
def test_thousands_of_unknown_fields_are_not_each_an_error(model: type[SignIn] | type[ProfileCorrection]) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate({f"k{number}": 1 for number in range(10_000)} | {"password": 1})
    assert refused.value.error_count() <= MOST_UNKNOWN + 3


def test_a_few_unknown_fields_are_each_named() -> None:
    with pytest.raises(ValidationError) as refused:
        SignIn.model_validate({"email": "a@example.org", "password": "x", "role": "admin", "is_admin": True})
    assert {error["loc"] for error in refused.value.errors()} == {("role",), ("is_admin",)}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"email": ' + b"1" * 60_000 + b"}",
        b'{"\\ud800": 1}',
        b'{"email": "\\ud800", "password": "\\udfff"}',
        b'{"' + b"k" * 60_000 + b'": 1}',
        b"{" + b",".join(b'"k%d":1' % number for number in range(5_000)) + b"}",
        b"\xff\xfe",
        b'{"email": NaN}',
    ],
)
@ON_SQLITE_ONLY
async def test_a_bomb_within_the_limit_is_a_short_refusal(browser: Callable[[], AsyncClient], body: bytes) -> None:
    answer = await browser().post("/api/auth/sign-in", content=body, headers=JSON)
    assert answer.status_code in {400, 422}
    assert answer.json()["code"]
    assert len(answer.content) < 20_000
