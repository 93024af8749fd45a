"""Scores one ended answer from what is stored of it. Used as each answer ends, and again for what that left undone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from app.assessment import delivery
from app.assessment.assessor import Assessment, assess
from app.assessment.delivery import AnswerWindow, Span
from app.assessment.lifecycle import advancing
from app.assessment.score_kinds import all_not_scored
from app.conversation.room.event_log import store_facts
from app.db import Database, hold
from app.domain.answer import AnswerUtterance, Exchange
from app.domain.author import Author
from app.domain.delivery import MeasuredDelivery
from app.domain.message import Message, message
from app.domain.score import Scores
from app.domain.status import ResponseStatus
from app.domain.verdict import Verdict
from app.models import FollowUp, Interview, Profile, Question, Response, Utterance
from app.results.presentation import score_models
from app.schemas.live import Fact, ResponseAssessed
from app.services.language_model.base import LanguageModel
from app.services.language_model.meter import attributed
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class _Loaded:
    response: Response
    exchange: Exchange
    user_id: str
    reason: Message | None
    """Why it is not even judged; None when it is."""


_turns: dict[str, tuple[asyncio.Lock, int]] = {}


@asynccontextmanager
async def _turn(response_id: str) -> AsyncIterator[None]:
    """One at a time for each response: the live interview and the finishing job may both come, and a call costs."""
    lock, waiting = _turns.get(response_id, (asyncio.Lock(), 0))
    _turns[response_id] = lock, waiting + 1
    try:
        async with lock:
            yield
    finally:
        lock, waiting = _turns[response_id]
        if waiting == 1:
            del _turns[response_id]
        else:
            _turns[response_id] = lock, waiting - 1


def judgements_at_once(settings: Settings) -> int:
    """The built-in judge takes a core for itself; a vendor's takes only our patience."""
    return 4 if settings.chosen.language_model.is_outside else 1


async def score_response(db: Database, model: LanguageModel, response_id: str) -> list[Fact]:
    """Judges, measures, stores; returns what is to be told (nothing when it was done already, or is out of date).

    An answer that went on while it was being judged is left alone: its next end asks again.
    Raises ProviderError when the judge fails; the response then stays unassessed and may be tried again.
    """
    async with _turn(response_id):
        loaded = await _load(db, response_id)
        if loaded is None:
            return []
        response, exchange = loaded.response, loaded.exchange
        if loaded.reason is not None:
            return await _store(db, response, len(exchange.answer), all_not_scored(loaded.reason))
        with attributed(user_id=loaded.user_id, interview_id=response.interview_id):
            verdict = await model.judge(exchange)
        result = _assessed(response, exchange, verdict)
        return await _store(
            db,
            response,
            len(exchange.answer),
            result.scores,
            verdict,
            delivery.with_measurements(result.delivery),
            verdict.author or Author(model.name),
        )


def _assessed(response: Response, exchange: Exchange, verdict: Verdict) -> Assessment:
    return assess(
        exchange,
        verdict,
        [Span(start, end) for start, end in response.voice_spans],
        AnswerWindow(
            asked_end_ms=response.asked_at_ms,
            start_ms=response.start_ms,
            end_ms=response.end_ms,
            holds=tuple(Span(start, end) for start, end in response.holds),
        ),
        response.typed,
    )


async def _load(db: Database, response_id: str) -> _Loaded | None:
    async with db.read() as session:
        response = await session.get(Response, response_id)
        if response is None or response.status is ResponseStatus.ASSESSED:
            return None
        question = await session.get(Question, response.question_id)
        interview = await session.get(Interview, response.interview_id)
        if question is None or interview is None:
            return None
        profile = await session.get(Profile, interview.profile_id) if interview.profile_id else None
        follow_up = await session.get(FollowUp, response.follow_up_id) if response.follow_up_id else None
        lines = (
            await session.scalars(
                select(Utterance)
                .where(Utterance.response_id == response_id, Utterance.speaker == "candidate")
                .order_by(Utterance.start_ms, Utterance.sequence)
            )
        ).all()
    exchange = Exchange(
        role=interview.role,
        question=follow_up.text if follow_up else question.text,
        kind=question.kind,
        grounding=question.grounding,
        key_points=question.key_points,
        claims=profile.claims if profile else (),
        answer=tuple(AnswerUtterance(line.id, line.text, line.start_ms, line.end_ms) for line in lines),
        is_follow_up=follow_up is not None,
    )
    return _Loaded(response, exchange, interview.user_id, _why_not(response, exchange))


def _why_not(response: Response, exchange: Exchange) -> Message | None:
    """The reason for which an answer is not even judged; None when it is."""
    if response.skipped:
        return message("not_scored.skipped")
    if exchange.answer:
        return None
    if response.ended_by == "interview_ended":
        return message("not_scored.interview_ended")
    return message("not_scored.no_answer")


async def _store(
    db: Database,
    response: Response,
    lines: int,
    scores: Scores,
    verdict: Verdict | None = None,
    measured: MeasuredDelivery | None = None,
    judged_by: Author | None = None,
) -> list[Fact]:
    async with db.write() as session:
        # The conversation may be adding to this very answer.
        await hold(session, Interview.id, response.interview_id)
        now_lines = await session.scalar(
            select(func.count())
            .select_from(Utterance)
            .where(Utterance.response_id == response.id, Utterance.speaker == "candidate")
        )
        if now_lines != lines:
            return []
        changed = await session.execute(
            advancing(ResponseStatus.ASSESSED, response.status)
            .where(Response.id == response.id, Response.end_ms == response.end_ms)
            .values(scores=scores, verdict=verdict, delivery=measured, judged_by=judged_by)
        )
        if not getattr(changed, "rowcount", 0):
            return []
        fact = ResponseAssessed(
            sequence=0,
            response_id=response.id,
            question_id=response.question_id,
            follow_up_id=response.follow_up_id,
            scores=score_models(scores),
        )
        return await store_facts(session, response.interview_id, [fact])
