"""Recordings on the wire: pieces go up as they are made, and a page that comes back asks what has arrived."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.domain.status import RecordingStatus as Status
from app.schemas.account import Strict

RecordingStatus = Literal[
    Status.NONE, Status.RECORDING, Status.UPLOADING, Status.ASSEMBLING, Status.READY, Status.FAILED
]
"""uploading: the interview is over, and the page is still sending a take to the video service."""


class NewTake(Strict):
    """One run of the recorder. `clock_start_ms` is its first frame on the interview clock."""

    number: Annotated[int, Field(ge=0, le=99)]
    mime_type: Annotated[str, Field(pattern=r"^(video|audio)/(webm|mp4|ogg)(;.*)?$", max_length=100)]
    clock_start_ms: Annotated[int, Field(ge=0, le=6 * 3600 * 1000)]


class EndTake(Strict):
    """The recorder has stopped after this many pieces."""

    pieces: Annotated[int, Field(ge=0, le=20_000)]


class TakeState(BaseModel):
    """`next_piece`: all pieces below it are safe on the server; `beyond`: later ones that are safe, too.

    `direct`: the page sends this take straight to the video service, and then it has no pieces here; `stored`: it is
    there, in full.
    """

    number: int
    mime_type: str
    clock_start_ms: int
    next_piece: int
    beyond: list[int]
    expected_pieces: int | None
    direct: bool
    stored: bool


class RecordingState(BaseModel):
    status: RecordingStatus
    takes: list[TakeState]
    received_bytes: int


class PieceReceipt(BaseModel):
    """The piece is on disk."""

    take: int
    number: int
    size_bytes: int


class DirectUpload(BaseModel):
    """A form with these fields and the bytes as `file`, to `url`, until `expires_at`.

    In parts, each but the last holds at least `chunk_bytes`.
    """

    url: str
    fields: dict[str, str]
    expires_at: datetime
    chunk_bytes: int


class UploadReceipt(Strict):
    """What the video service answered to the last part, as it answered."""

    public_id: Annotated[str, Field(max_length=255)]
    version: Annotated[int, Field(ge=0)]
    signature: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{40,64}$", max_length=64)]


class UploadDone(Strict):
    """`receipt` is null when the answer was lost on the way."""

    receipt: UploadReceipt | None
