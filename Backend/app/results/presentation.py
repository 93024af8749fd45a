"""Scores and messages as they go over the wire: the edge at which codes and parameters become sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.assessment.score_kinds import SCORE_KINDS
from app.domain.message import Message, message
from app.domain.score import Evidence, Score, ScoreKind, ScorePart, Scores
from app.schemas.message import MessageModel
from app.schemas.score import EvidenceModel, ScoreModel, ScoreModels, ScoreNumber, ScoreNumbers, ScorePartModel
from app.texts import text


def message_model(told: Message) -> MessageModel:
    return MessageModel.model_validate(told, from_attributes=True)


def message_models(told: Iterable[Message]) -> list[MessageModel]:
    return [message_model(one) for one in told]


def score_models(scores: Scores) -> ScoreModels:
    """A kind that has come since the answer was assessed is left out: nothing was measured of it."""
    return {str(key): _score(key, scores[key]) for key in SCORE_KINDS if key in scores}


def score_numbers(values: Mapping[ScoreKind, int | None]) -> ScoreNumbers:
    """`values` as stored, by kind; empty where there are no scores yet."""
    return {
        str(key): ScoreNumber(label=text(kind.label), label_message=message_model(kind.label), value=values[key])
        for key, kind in SCORE_KINDS.items()
        if key in values
    }


def _score(key: ScoreKind, score: Score) -> ScoreModel:
    kind = SCORE_KINDS[key]
    return ScoreModel(
        label=text(kind.label),
        label_message=message_model(kind.label),
        meaning=text(kind.meaning),
        meaning_message=message_model(kind.meaning),
        value=score.value,
        reason=text(score.reason) if score.reason else "",
        reason_message=message_model(score.reason) if score.reason else None,
        evidence=[_evidence(one) for one in score.evidence],
        parts=[_part(one) for one in score.parts],
    )


def _evidence(one: Evidence) -> EvidenceModel:
    return EvidenceModel(
        kind=one.kind,
        text=text(one.note) if one.note else one.text,
        text_message=message_model(one.note) if one.note else None,
        utterance_id=one.utterance_id,
        start_ms=one.start_ms,
        end_ms=one.end_ms,
        name=one.name,
        value=one.value,
        unit=one.unit,
    )


def _part(part: ScorePart) -> ScorePartModel:
    label = message(f"part.{part.kind}", about=part.about)
    return ScorePartModel(
        kind=part.kind,
        label=text(label),
        label_message=message_model(label),
        points=part.points,
        out_of=part.out_of,
        note=text(part.reason),
        note_message=message_model(part.reason),
    )
