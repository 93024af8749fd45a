"""Rows of the database as the exchange a language model follows up on and judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from app.domain.answer import Exchange, Said
from app.domain.profile import Claim
from app.domain.question import KeyPoint, QuestionKind


def key_points_of(stored: Iterable[Mapping[str, Any]]) -> tuple[KeyPoint, ...]:
    return tuple(
        KeyPoint(str(point["text"]), tuple(point.get("examples") or ()), str(point.get("follow_up") or ""))
        for point in stored
    )


def claims_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Claim, ...]:
    return tuple(
        Claim(
            text=str(claim["text"]),
            organisation=str(claim.get("organisation") or ""),
            title=str(claim.get("title") or ""),
            period=str(claim.get("period") or ""),
            numbers=tuple(claim.get("numbers") or ()),
            skills=tuple(claim.get("skills") or ()),
        )
        for claim in stored
    )


def exchange_of(
    *,
    role: str,
    question: str,
    kind: str,
    grounding: str,
    key_points: Iterable[Mapping[str, Any]],
    claims: Iterable[Mapping[str, Any]],
    answer: Iterable[Said],
    is_follow_up: bool,
) -> Exchange:
    """`question`: the words that were asked, the follow-up's own where it was one."""
    return Exchange(
        role=role,
        question=question,
        kind=cast(QuestionKind, kind),
        grounding=grounding,
        key_points=key_points_of(key_points),
        answer=tuple(answer),
        is_follow_up=is_follow_up,
        claims=claims_of(claims),
    )
