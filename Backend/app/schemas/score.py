"""Scores with their evidence on the wire: the same shape in the live room, the results page and the database."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class EvidenceModel(BaseModel):
    """A quote of the candidate's words, or a measurement of how they were said."""

    kind: Literal["quote", "measurement"]
    text: str
    utterance_id: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    name: str | None = None
    value: float | None = None
    unit: str | None = None


class ScorePartModel(BaseModel):
    name: str
    label: str
    points: float
    out_of: float
    note: str


class ScoreModel(BaseModel):
    """0-100, or null with the reason why it is not scored."""

    value: int | None
    reason: str
    evidence: list[EvidenceModel]
    parts: list[ScorePartModel]
