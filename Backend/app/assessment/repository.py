"""Responses in the database: read with what they answer, and gathered for the overall score and the feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assessment.overall import ResponseScores, overall
from app.assessment.score_kinds import all_not_scored
from app.domain.answer import AnswerUtterance
from app.domain.feedback import AnswerFacts
from app.domain.message import message
from app.domain.overall import OverallScore
from app.domain.profile import Claim
from app.domain.score import RELEVANCE, Scores
from app.models import FollowUp, Interview, Profile, Question, Response, Utterance

MAX_RESPONSES = 200


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A response with what it answers; `said` in order, empty where nothing was said."""

    response: Response
    question: Question
    follow_up: FollowUp | None
    said: tuple[AnswerUtterance, ...]

    @property
    def text(self) -> str:
        return " ".join(one.text for one in self.said)


async def answers_of(session: AsyncSession, interview_id: str) -> list[AnsweredQuestion]:
    """Every response of an interview, by the order of its questions, a follow-up after its question."""
    query = (
        select(Response, Question, FollowUp)
        .join(Question, Question.id == Response.question_id)
        .outerjoin(FollowUp, FollowUp.id == Response.follow_up_id)
        .where(Response.interview_id == interview_id)
        .order_by(Question.position, Response.follow_up_id.is_not(None), Response.start_ms, Response.created_at)
        .limit(MAX_RESPONSES)
    )
    rows = (await session.execute(query)).all()
    lines = await session.scalars(
        select(Utterance)
        .where(
            Utterance.interview_id == interview_id,
            Utterance.speaker == "candidate",
            Utterance.response_id.is_not(None),
        )
        .order_by(Utterance.sequence)
    )
    said: dict[str, list[AnswerUtterance]] = {}
    for line in lines:
        said.setdefault(str(line.response_id), []).append(
            AnswerUtterance(line.id, line.text, line.start_ms, line.end_ms)
        )
    return [AnsweredQuestion(row[0], row[1], row[2], tuple(said.get(row[0].id, ()))) for row in rows]


def standing(answers: Sequence[AnsweredQuestion]) -> list[AnsweredQuestion]:
    """Of several attempts at one place only the latest counts."""
    latest: dict[tuple[str, str], AnsweredQuestion] = {}
    for answer in answers:
        place = (answer.question.id, answer.follow_up.id if answer.follow_up else "")
        if place not in latest or latest[place].response.attempt < answer.response.attempt:
            latest[place] = answer
    return [answer for answer in answers if any(answer is one for one in latest.values())]


async def claims_for(session: AsyncSession, interview: Interview) -> tuple[Claim, ...]:
    profile = await session.get(Profile, interview.profile_id) if interview.profile_id else None
    return profile.claims if profile else ()


def scores_of(response: Response) -> Scores:
    """What has not been assessed yet is not scored and says so."""
    return response.scores or all_not_scored(message("not_scored.pending"))


def overall_of(answers: Sequence[AnsweredQuestion], planned: int) -> OverallScore:
    return overall(
        [
            ResponseScores(
                question_id=answer.question.id,
                position=answer.question.position,
                is_follow_up=answer.follow_up is not None,
                skipped=answer.response.skipped,
                scores=scores_of(answer.response),
            )
            for answer in standing(answers)
        ],
        planned=planned,
    )


def facts_of(
    answers: Sequence[AnsweredQuestion], result: OverallScore, claims: tuple[Claim, ...]
) -> tuple[AnswerFacts, ...]:
    """One sheet per answered or skipped question; what a follow-up drew out counts for its question."""
    scores = {one.question_id: one for one in result.questions}
    grouped: dict[str, list[AnsweredQuestion]] = {}
    for answer in standing(answers):
        grouped.setdefault(answer.question.id, []).append(answer)
    facts = []
    for question_id, own in grouped.items():
        question = own[0].question
        shown = shown_points(own)
        facts.append(
            AnswerFacts(
                question_id=question_id,
                question=question.text,
                kind=question.kind,
                grounding=question.grounding,
                answer=" ".join(answer.text for answer in own if answer.text),
                scores=scores[question_id].scores,
                covered=tuple(shown.items()),
                missed=tuple(point for point in question.key_points if point.text not in shown),
                measurements=_measurements(own[0].response),
                claims=claims,
            )
        )
    return tuple(facts)


def shown_points(own: Sequence[AnsweredQuestion]) -> dict[str, str]:
    """Points that were shown, in full or in part, with the words that showed them; as the scores verified them."""
    shown: dict[str, str] = {}
    for answer in own:
        relevance = scores_of(answer.response).get(RELEVANCE)
        quoted = {one.text for one in relevance.evidence if one.kind == "quote"} if relevance else set()
        verdict = answer.response.verdict
        for point in verdict.points if verdict else ():
            if point.level != "missed" and point.quote in quoted:
                shown.setdefault(point.point, point.quote)
    return shown


def _measurements(response: Response) -> tuple[tuple[str, float], ...]:
    return tuple(response.delivery.measurements.items()) if response.delivery else ()
