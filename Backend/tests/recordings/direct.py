"""A page that records for a video service, and the application beside that service's stand-in."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI
from httpx2 import AsyncClient

from app.container import build_capabilities
from app.main import create_app
from app.settings import Settings
from fakes import credentials
from fakes.cloudinary import CloudinaryFake
from tests.inline_jobs import InlineJobs
from tests.recordings.footage import footage

WEBM = "video/webm;codecs=vp8,opus"


def at_cloudinary(settings: Settings, fake: CloudinaryFake, **change: Any) -> Settings:
    return Settings(
        _env_file=None,
        **{
            **settings.model_dump(include={"data_dir", "speech", "rate_limits", "frontend_dist", "database_url"}),
            "video": "cloudinary",
            "cloudinary_cloud_name": credentials.CLOUDINARY_CLOUD_NAME,
            "cloudinary_api_key": credentials.CLOUDINARY_API_KEY,
            "cloudinary_api_secret": credentials.CLOUDINARY_API_SECRET,
            "cloudinary_api_url": fake.address,
            "cloudinary_delivery_url": fake.address,
            **change,
        },
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[FastAPI]:
    capabilities = build_capabilities(settings)
    capabilities.jobs = InlineJobs(capabilities)
    application = create_app(settings, capabilities)
    async with application.router.lifespan_context(application):
        yield application


async def start(client: AsyncClient, interview_id: str, number: int = 0, clock: int = 0, mime: str = WEBM) -> Any:
    body = {"number": number, "mime_type": mime, "clock_start_ms": clock}
    return await client.post(f"/api/interviews/{interview_id}/recording/takes", json=body)


async def grant(client: AsyncClient, interview_id: str, number: int = 0) -> Any:
    return await client.post(f"/api/interviews/{interview_id}/recording/takes/{number}/upload")


async def done(client: AsyncClient, interview_id: str, receipt: Any, number: int = 0) -> Any:
    path = f"/api/interviews/{interview_id}/recording/takes/{number}/upload/done"
    return await client.post(path, json={"receipt": receipt})


async def send(leave: dict[str, Any], film: bytes, chunk: int | None = None) -> Any:
    """As the page does: whole, or in chunks whose total is told with the last one."""
    upload_id = secrets.token_hex(8)
    async with AsyncClient(timeout=20) as vendor:
        step = chunk or len(film)
        answer: httpx2.Response | None = None
        for begin in range(0, len(film), step):
            piece = film[begin : begin + step]
            is_last = begin + len(piece) == len(film)
            total = len(film) if is_last else -1
            told = {"Content-Range": f"bytes {begin}-{begin + len(piece) - 1}/{total}", "X-Unique-Upload-Id": upload_id}
            answer = await vendor.post(
                leave["url"], data=leave["fields"], files={"file": ("take", piece)}, headers=told if chunk else {}
            )
            assert answer.status_code == 200, answer.text
        assert answer is not None
        return answer.json()


def receipt_of(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("public_id", "version", "signature")}


async def record(client: AsyncClient, interview_id: str, number: int = 0, clock: int = 0, seconds: float = 3) -> str:
    """One take, sent and confirmed. Its name at the vendor."""
    assert (await start(client, interview_id, number, clock)).json()["direct"] is True
    leave = (await grant(client, interview_id, number)).json()
    answer = await send(leave, footage(seconds))
    assert (await done(client, interview_id, receipt_of(answer), number)).json()["stored"] is True
    return str(answer["public_id"])
