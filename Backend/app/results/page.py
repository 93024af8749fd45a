"""The results page, put together from what is stored. Computes nothing that is not stored but sums and sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assessment import overall, repository
from app.assessment.overall import QuestionScore
from app.assessment.repository import Answer
from app.assessment.score_kinds import SCORE_KINDS
from app.domain import message as messages
from app.domain.message import Message, message
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
            speaker=cast(Literal["interviewer", "candidate"], line.speaker),
            kind=line.kind,
            text=line.text,
            start_ms=line.start_ms,
            end_ms=line.end_ms,
            video_ms=moment(line.start_ms),
            source=cast(Literal["voice", "typed"], line.source),
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
    words = {each["question_id"]: each for each in (done.questions if done else ())}
    asked = {line.question_id for line in lines if line.kind == "question"} | {each.question.id for each in answers}
    summary = messages.from_json(done.summary if done else ())
    strengths = messages.from_json(done.strengths if done else ())
    suggestions = messages.from_json(done.suggestions if done else ())
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
        overall=_overall(overall.from_json(done.overall), questions) if done else None,
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
                words.get(question.id, {}),
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
    answers: Sequence[Answer],
    score: QuestionScore | None,
    words: Mapping[str, Any],
    lines: Sequence[UtteranceModel],
    moment: VideoMoment,
    *,
    kinds: Iterable[ScoreKind],
    was_asked: bool,
) -> QuestionResult:
    begun = next((line.start_ms for line in lines if line.question_id == question.id and line.kind == "question"), None)
    why_not = _why_not(score, was_asked=was_asked)
    went_well, covered, better_answer, suggestions = (
        messages.from_json(words.get(name, ())) for name in ("went_well", "covered", "better_answer", "suggestions")
    )
    return QuestionResult(
        id=question.id,
        position=question.position,
        kind=cast(Any, question.kind),
        text=question.text,
        why=question.why,
        key_points=[str(point["text"]) for point in question.key_points],
        asked=was_asked,
        video_ms=moment(begun) if begun is not None else None,
        scores=score_numbers(score.scores if score else dict.fromkeys(kinds)),
        not_scored_reason=text(why_not) if why_not else "",
        not_scored_message=message_model(why_not) if why_not else None,
        responses=[_response(answer, moment) for answer in answers],
        went_well=list(map(text, went_well)),
        went_well_messages=message_models(went_well),
        covered=list(map(text, covered)),
        covered_messages=message_models(covered),
        missed=list(words.get("missed", ())),
        better_answer=" ".join(map(text, better_answer)),
        better_answer_messages=message_models(better_answer),
        suggestions=list(map(text, suggestions)),
        suggestions_messages=message_models(suggestions),
    )


def _why_not(score: QuestionScore | None, *, was_asked: bool) -> Message | None:
    if score is None:
        return message("not_scored.unanswered") if was_asked else message("not_scored.not_reached")
    return score.reason


def _response(answer: Answer, moment: VideoMoment) -> ResponseModel:
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


def _author(stored: Mapping[str, Any]) -> AuthorModel | None:
    return AuthorModel.model_validate(stored) if stored else None


def measurements(response: Response) -> list[Measurement]:
    """What was measured, under the names people read."""
    return [_measurement(name, float(value)) for name, value in response.delivery.get("measurements", {}).items()]


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


def _overall(result: overall.Overall, questions: Sequence[Question]) -> Overall:
    parts = {part.question_id: part for part in result.questions}
    counted = sum(1 for part in parts.values() if part.value is not None)
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
    value = part.value if part else None
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
    if part.value is None:
        return part.reason or message("not_scored.unknown")
    values = tuple(
        message("overall.value", score=kind.label, value=value)
        for key, kind in SCORE_KINDS.items()
        if (value := part.scores.get(key)) is not None
    )
    if part.reason is not None:
        return message("overall.values_without", values=values, reason=part.reason)
    return message("overall.values", values=values)


async def progress(session: AsyncSession, interviews: Sequence[Interview]) -> Progress:
    """One point per completed interview. Pace and fillers are over all its spoken answers together."""
    ids = [interview.id for interview in interviews]
    spoken: dict[str, list[Mapping[str, Any]]] = {}
    query = select(Response.interview_id, Response.delivery).where(
        Response.interview_id.in_(ids), Response.typed.is_(False)
    )
    for row in await session.execute(query):
        measured = row.delivery.get("measurements", {})
        if measured.get("duration_s"):
            spoken.setdefault(row.interview_id, []).append(measured)
    return Progress(
        points=[_point(interview, spoken.get(interview.id, ())) for interview in interviews if interview.completed_at]
    )


def _point(interview: Interview, spoken: Sequence[Mapping[str, Any]]) -> ProgressPoint:
    minutes = sum(float(each["duration_s"]) for each in spoken) / 60
    return ProgressPoint(
        interview_id=interview.id,
        role=interview.role,
        completed_at=cast(Any, interview.completed_at),
        overall=interview.overall_score,
        scores=score_numbers(interview.scores),
        words_per_minute=round(sum(float(each["words"]) for each in spoken) / minutes, 1) if minutes else None,
        fillers_per_minute=round(sum(float(each["fillers"]) for each in spoken) / minutes, 2) if minutes else None,
    )
