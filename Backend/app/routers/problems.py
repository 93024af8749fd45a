"""Errors as RFC 9457 problem details."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.disk_space import RETRY_AFTER_S, RETRY_MESSAGE, is_full
from app.errors import (
    AppError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ProblemParams,
    ProviderError,
    TooLarge,
    TooMany,
    Unavailable,
)
from app.pools import busy
from app.routers.rate_limits import rate_limiter_of
from app.schemas.setup import Problem, ProblemField

log = logging.getLogger(__name__)

MOST_FIELDS, MOST_NAME = 20, 200
"""Of one refusal, however much was wrong."""
BUSY_RETRY_S = 5.0


class BodyTooLarge(HTTPException):
    """A body grew over its limit. Of this kind, so that whoever reads a body lets it through."""

    def __init__(self, refusal: TooLarge) -> None:
        super().__init__(413, refusal.message)
        self.refusal = refusal


STATUS: dict[type[AppError], int] = {
    InvalidInput: 422,
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    TooMany: 429,
    Unavailable: 503,
}
TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported type",
    422: "Please check what was entered",
    429: "Too many requests",
    500: "Something failed on our side",
    502: "A service failed",
    503: "Not available now",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    params: ProblemParams | None = None,
    field: str | None = None,
    errors: list[ProblemField] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    body = Problem(
        type=f"urn:interviewdost:problem:{code}",
        title=TITLES.get(status, "Error"),
        status=status,
        detail=detail,
        code=code,
        params=dict(params or {}),
        field=field,
        errors=errors or [],
    )
    return JSONResponse(body.model_dump(), status_code=status, media_type="application/problem+json", headers=headers)


def told(error: AppError) -> JSONResponse:
    wait = error.retry_after_s if isinstance(error, TooMany | Unavailable) else None
    headers = _retry_after(wait)
    return problem(
        STATUS[type(error)], error.code, error.message, params=error.params, field=error.field, headers=headers
    )


def _retry_after(seconds: int | None) -> dict[str, str] | None:
    return None if seconds is None else {"Retry-After": str(seconds)}


def _disk_full() -> JSONResponse:
    return problem(503, "disk_full", RETRY_MESSAGE, headers=_retry_after(RETRY_AFTER_S))


async def told_unexpected(_request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected %s", type(error).__name__)
    return problem(500, "unexpected", "Something failed on our side. Nothing you saved is lost; please try again.")


def install_problem_handlers(app: FastAPI) -> None:
    @app.exception_handler(AppError)
    async def _app_error(request: Request, error: AppError) -> JSONResponse:
        await rate_limiter_of(request).keep_back(error)
        return told(error)

    @app.exception_handler(ProviderError)
    async def _provider_error(_request: Request, error: ProviderError) -> JSONResponse:
        log.error("provider %s failed: %s", error.provider, error.category)
        if error.category == "busy":
            full = busy(math.ceil(error.retry_after_s or BUSY_RETRY_S))
            return problem(503, full.code, full.message, headers=_retry_after(full.retry_after_s))
        return problem(502, "service_failed", "A part of InterviewDost did not answer. Please try again.")

    @app.exception_handler(DBAPIError)
    async def _database_error(request: Request, error: DBAPIError) -> JSONResponse:
        if not is_full(error):
            return await told_unexpected(request, error)
        log.error("the database cannot be written: no room on the disk, or a disk that fails")
        return _disk_full()

    @app.exception_handler(OSError)
    async def _file_error(request: Request, error: OSError) -> JSONResponse:
        if not is_full(error):
            return await told_unexpected(request, error)
        log.error("a file cannot be written: no room on the disk")
        return _disk_full()

    @app.exception_handler(RequestValidationError)
    async def _validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        # The rejected input itself is left out: it may be a password.
        fields = [
            ProblemField(field=_name(item["loc"][1:]), message=str(item["msg"]))
            for item in error.errors()[:MOST_FIELDS]
        ]
        return problem(
            422,
            "invalid_input",
            "Some of what was entered can't be used. Please check the marked fields.",
            field=fields[0].field if fields else None,
            errors=fields,
        )

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
        detail = "There is nothing here." if error.status_code == 404 else str(error.detail)
        return problem(error.status_code, code, detail, headers=dict(error.headers or {}))

    @app.exception_handler(BodyTooLarge)
    async def _body_too_large(_request: Request, error: BodyTooLarge) -> JSONResponse:
        return told(error.refusal)

    @app.exception_handler(ClientDisconnect)
    async def _gone(_request: Request, _error: ClientDisconnect) -> JSONResponse:
        # In the middle of what it sent. Nobody reads this, and nothing is wrong with us.
        return problem(400, "incomplete", "The request broke off. Please send it again.")


def _name(location: Sequence[object]) -> str:
    """Of an input. What is no name of ours was sent: it may be endless, or no text at all."""
    name = ".".join(str(part) for part in location)[:MOST_NAME]
    return name.encode("utf-8", "replace").decode()
