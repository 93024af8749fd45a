"""The results page, put together from what is stored. Computes nothing that is not stored but sums and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assessment import overall, repository
from app.assessment.repository import AnsweredQuestion
from app.assessment.score_kinds import SCORE_KINDS
from app.domain.author import Author
from app.domain.feedback import QuestionFeedback
from app.domain.message import Message, message
from app.domain.overall import OverallScore, QuestionScore
from app.domain.score import ScoreKind
from app.domain.status import InterviewStatus
from app.models import Feedback, Interview, Question, Response, Utterance
from app.results.presentation import message_model, message_models, score_models, score_numbers
from app.schemas.interview import Progress, ProgressPoint
from app.schemas.results import (
    AuthorModel,
    Measurement,
    Overall,
    OverallPart,
    QuestionResult,
    ResponseModel,
    Results,
    UtteranceModel,
    VideoModel,
)
from app.texts import text

VideoMoment = Callable[[int], int | None]
"""Interview clock ms → video ms, None where nothing was recorded."""

MAX_UTTERANCES = 5_000


async def transcript(session: AsyncSession, interview_id: str, moment: VideoMoment) -> list[UtteranceModel]:
    """The utterances in order, each with its moment in the video. The caller has checked whose they are."""
    query = (
        select(Utterance)
        .where(Utterance.interview_id == interview_id)
        .order_by(Utterance.sequence)
        .limit(MAX_UTTERANCES)
    )
    return [
        UtteranceModel(
            id=line.id,
            sequence=line.sequence,
            speaker=line.speaker,
            kind=line.kind,
            text=line.text,
            start_ms=line.start_ms,
            end_ms=line.end_ms,
            video_ms=moment(line.start_ms),
            source=line.source,
            question_id=line.question_id,
            follow_up_id=line.follow_up_id,
            response_id=line.response_id,
        )
        for line in await session.scalars(query)
    ]


async def results(
    session: AsyncSession,
    interview: Interview,
    video: VideoModel,
    moment: VideoMoment,
    *,
    vendor_names: dict[str, str],
) -> Results:
    """Everything there is so far; the overall result is null until the interview is completed."""
    lines = await transcript(session, interview.id, moment)
    answers = repository.standing(await repository.answers_of(session, interview.id))
    questions = (
        await session.scalars(
            select(Question)
            .where(Question.interview_id == interview.id, Question.dropped.is_(False))
            .order_by(Question.position)
        )
    ).all()
    feedback = await session.scalar(select(Feedback).where(Feedback.interview_id == interview.id))
    done = feedback if interview.status == InterviewStatus.COMPLETED else None
    summed = repository.overall_of(answers, len(questions))
    scores = {one.question_id: one for one in summed.questions}
    words = {each.question_id: each for each in (done.questions if done else ())}
    asked = {line.question_id for line in lines if line.kind == "question"} | {each.question.id for each in answers}
    summary = done.summary if done else ()
    strengths = done.strengths if done else ()
    suggestions = done.suggestions if done else ()
    return Results(
        interview_id=interview.id,
        role=interview.role,
        status=interview.status,
        failure=interview.failure,
        started_at=interview.started_at,
        ended_at=interview.ended_at,
        cut_short=interview.started_at is not None and any(question.id not in asked for question in questions),
        planned_by=_author(interview.planned_by),
        written_by=_author(done.written_by) if done else None,
        vendor_names=vendor_names,
        overall=_overall(done.overall, questions) if done and done.overall else None,
        summary=" ".join(map(text, summary)),
        summary_messages=message_models(summary),
        strengths=list(map(text, strengths)),
        strengths_messages=message_models(strengths),
        suggestions=list(map(text, suggestions)),
        suggestions_messages=message_models(suggestions),
        questions=[
            _question(
                question,
                [answer for answer in answers if answer.question.id == question.id],
                scores.get(question.id),
                words.get(question.id, QuestionFeedback(question.id)),
                lines,
                moment,
                kinds=summed.scores,
                was_asked=question.id in asked,
            )
            for question in questions
        ],
        transcript=lines,
        video=video,
    )


def _question(
    question: Question,
    answers: Sequence[AnsweredQuestion],
    score: QuestionScore | None,
    words: QuestionFeedback,
    lines: Sequence[UtteranceModel],
    moment: VideoMoment,
    *,
    kinds: Iterable[ScoreKind],
    was_asked: bool,
) -> QuestionResult:
    begun = next((line.start_ms for line in lines if line.question_id == question.id and line.kind == "question"), None)
    why_not = _why_not(score, was_asked=was_asked)
    return QuestionResult(
        id=question.id,
        position=question.position,
        kind=question.kind,
        form=question.form,
        text=question.text,
        why=question.why,
        key_points=[point.text for point in question.key_points],
        asked=was_asked,
        video_ms=moment(begun) if begun is not None else None,
        scores=score_numbers(score.scores if score else dict.fromkeys(kinds)),
        not_scored_reason=text(why_not) if why_not else "",
        not_scored_message=message_model(why_not) if why_not else None,
        responses=[_response(answer, moment) for answer in answers],
        went_well=list(map(text, words.went_well)),
        went_well_messages=message_models(words.went_well),
        covered=list(map(text, words.covered)),
        covered_messages=message_models(words.covered),
        missed=list(words.missed),
        better_answer=" ".join(map(text, words.better_answer)),
        better_answer_messages=message_models(words.better_answer),
        suggestions=list(map(text, words.suggestions)),
        suggestions_messages=message_models(words.suggestions),
    )


def _why_not(score: QuestionScore | None, *, was_asked: bool) -> Message | None:
    if score is None:
        return message("not_scored.unanswered") if was_asked else message("not_scored.not_reached")
    return overall.reason_of(score)


def _response(answer: AnsweredQuestion, moment: VideoMoment) -> ResponseModel:
    response = answer.response
    return ResponseModel(
        id=response.id,
        question_id=response.question_id,
        follow_up_id=response.follow_up_id,
        follow_up_text=answer.follow_up.text if answer.follow_up else None,
        attempt=response.attempt,
        typed=response.typed,
        skipped=response.skipped,
        text=answer.text,
        start_ms=response.start_ms,
        end_ms=response.end_ms,
        video_ms=moment(response.start_ms) if answer.said else None,
        scores=score_models(repository.scores_of(response)),
        measurements=measurements(response),
        judged_by=_author(response.judged_by),
    )


def _author(author: Author | None) -> AuthorModel | None:
    return AuthorModel.model_validate(author, from_attributes=True) if author else None


def measurements(response: Response) -> list[Measurement]:
    """What was measured, under the names people read."""
    return [
        _measurement(name, value)
        for name, value in (response.delivery.measurements if response.delivery else {}).items()
    ]


def _measurement(name: str, value: float) -> Measurement:
    label, unit = message(f"measurement.{name}.label"), message(f"measurement.{name}.unit")
    return Measurement(
        name=name,
        label=text(label),
        label_message=message_model(label),
        value=value,
        unit=text(unit),
        unit_message=message_model(unit),
    )


def _overall(result: OverallScore, questions: Sequence[Question]) -> Overall:
    parts = {part.question_id: part for part in result.questions}
    counted = sum(1 for part in parts.values() if overall.value_of(part) is not None)
    return Overall(
        value=result.value,
        reason=text(result.reason) if result.reason else "",
        reason_message=message_model(result.reason) if result.reason else None,
        scores=score_numbers(result.scores),
        parts=[_part(question, parts.get(question.id), counted) for question in questions],
        explanation=" ".join(map(text, result.how)),
        explanation_messages=message_models(result.how),
    )


def _part(question: Question, part: QuestionScore | None, counted: int) -> OverallPart:
    """One question's share; its own value is made of its scores as the whole is."""
    label = message("overall.question", number=question.position + 1)
    note = _made_of(part)
    value = overall.value_of(part) if part else None
    return OverallPart(
        question_id=question.id,
        label=text(label),
        label_message=message_model(label),
        value=value,
        weight=round(1 / counted, 4) if value is not None and counted else 0.0,
        note=text(note),
        note_message=message_model(note),
    )


def _made_of(part: QuestionScore | None) -> Message:
    if part is None:
        return message("not_scored.not_reached")
    reason = overall.reason_of(part)
    if overall.value_of(part) is None:
        return reason or message("not_scored.unknown")
    values = tuple(
        message("overall.value", score=kind.label, value=value)
        for key, kind in SCORE_KINDS.items()
        if (value := part.scores.get(key)) is not None
    )
    if reason is not None:
        return message("overall.values_without", values=values, reason=reason)
    return message("overall.values", values=values)


async def progress(session: AsyncSession, interviews: Sequence[Interview]) -> Progress:
    """One point per completed interview. Pace and fillers are over all its spoken answers together."""
    ids = [interview.id for interview in interviews]
    spoken: dict[str, list[Mapping[str, float]]] = {}
    query = select(Response.interview_id, Response.delivery).where(
        Response.interview_id.in_(ids), Response.typed.is_(False)
    )
    for row in await session.execute(query):
        measured = row.delivery.measurements if row.delivery else {}
        if measured.get("duration_s"):
            spoken.setdefault(row.interview_id, []).append(measured)
    return Progress(
        points=[
            _point(interview, interview.completed_at, spoken.get(interview.id, ()))
            for interview in interviews
            if interview.completed_at
        ]
    )


def _point(interview: Interview, completed_at: datetime, spoken: Sequence[Mapping[str, float]]) -> ProgressPoint:
    minutes = sum(each["duration_s"] for each in spoken) / 60
    return ProgressPoint(
        interview_id=interview.id,
        role=interview.role,
        completed_at=completed_at,
        overall=interview.overall_score,
        scores=score_numbers(interview.scores),
        words_per_minute=round(sum(each["words"] for each in spoken) / minutes, 1) if minutes else None,
        fillers_per_minute=round(sum(each["fillers"] for each in spoken) / minutes, 2) if minutes else None,
    )
