"""Scores with their evidence on the wire: the same shape in the live room and on the results page.

Each rendered text has the message it was made from beside it, as `…_message`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from app.schemas.message import MessageModel


class EvidenceModel(BaseModel):
    """A quote of the candidate's words, or a measurement of how they were said; `text_message` of a measurement."""

    kind: Literal["quote", "measurement"]
    text: str
    text_message: MessageModel | None = None
    utterance_id: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    name: str | None = None
    value: float | None = None
    unit: str | None = None


class ScorePartModel(BaseModel):
    """`kind` is stable; several parts may be of kind point."""

    kind: str
    label: str
    label_message: MessageModel
    points: float
    out_of: float
    note: str
    note_message: MessageModel


class ScoreModel(BaseModel):
    """0-100, or null with the reason why it is not scored. `meaning` says what this kind of score is."""

    label: str
    label_message: MessageModel
    meaning: str
    meaning_message: MessageModel
    value: int | None
    reason: str
    reason_message: MessageModel | None
    evidence: list[EvidenceModel]
    parts: list[ScorePartModel]


class ScoreNumber(BaseModel):
    """One kind of score, its number alone; null where it could not be given."""

    label: str
    label_message: MessageModel
    value: int | None


ScoreModels = dict[str, ScoreModel]
"""By kind, in the order in which they are shown."""

ScoreNumbers = dict[str, ScoreNumber]
"""As ScoreModels."""
