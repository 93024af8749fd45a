from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Literal

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import BaseModel, Field, ValidationError

from app.capabilities import Capabilities
from app.domain.limits import size_words
from app.routers.body_limits import BodyLimitMiddleware, body_limits, resume_too_large
from app.schemas.account import MOST_UNKNOWN, SignIn
from app.schemas.body_size import largest_body, largest_value
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
async def test_every_body_has_a_largest_size_and_no_route_refuses_it(app: FastAPI) -> None:
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
                most = largest_value(content["schema"], components, path)
                assert bodies.limit_of(method.upper(), path.replace("{", "").replace("}", "")).most >= most, path
    assert checked > 10


class Note(BaseModel):
    lines: Annotated[list[Annotated[str, Field(max_length=3)]], Field(max_length=2)]
    kind: Literal["short", "long"]
    at: int | None = None


def test_the_largest_body_of_a_schema_is_as_long_as_its_longest_texts_and_fullest_lists() -> None:
    longest = {"lines": ["\N{GRINNING FACE}" * 3] * 2, "kind": "short", "at": -(2**63)}
    assert Note.model_validate(longest)
    needed = len(json.dumps(longest, ensure_ascii=False).encode())
    assert needed <= largest_body(Note) <= needed + 40


def test_a_text_without_a_bound_is_found() -> None:
    class Open(BaseModel):
        text: str

    with pytest.raises(ValueError, match=r"Open\.text"):
        largest_body(Open)


@pytest.mark.parametrize("megabytes", [0.3, 1, 10])
def test_a_refusal_says_how_much_it_may_be_and_never_nothing(megabytes: float) -> None:
    most = int(megabytes * 1024 * 1024)
    told = resume_too_large(most)
    assert size_words(most) in told.message
    assert " 0 MB" not in told.message and told.params == {"bytes": most}


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
