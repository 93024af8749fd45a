"""Recordings on the wire: pieces go up as they are made, and a page that comes back asks what has arrived."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.schemas.account import Strict


class NewTake(Strict):
    """One run of the recorder. `clock_start_ms` is its first frame on the interview clock."""

    number: Annotated[int, Field(ge=0, le=99)]
    mime_type: Annotated[str, Field(pattern=r"^(video|audio)/(webm|mp4|ogg)(;.*)?$", max_length=100)]
    clock_start_ms: Annotated[int, Field(ge=0, le=6 * 3600 * 1000)]


class EndTake(Strict):
    """The recorder has stopped after this many pieces."""

    pieces: Annotated[int, Field(ge=0, le=20_000)]


class TakeState(BaseModel):
    """`next_piece`: all pieces below it are safe on the server; `beyond`: later ones that are safe, too."""

    number: int
    mime_type: str
    clock_start_ms: int
    next_piece: int
    beyond: list[int]
    expected_pieces: int | None


class RecordingState(BaseModel):
    status: Literal["none", "recording", "assembling", "ready", "failed"]
    takes: list[TakeState]
    received_bytes: int


class PieceReceipt(BaseModel):
    """The piece is on disk."""

    take: int
    number: int
    size_bytes: int
