"""The results page, put together from what is stored. Computes nothing that is not stored but sums and labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.assessment import repository
from app.assessment.overall import CONFIDENCE_WEIGHT, RELEVANCE_WEIGHT, QuestionScore
from app.assessment.repository import Answer
from app.assessment.score import to_json
from app.domain.author import Author
from app.models import Feedback, Interview, Question, Response, Utterance
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
from app.schemas.score import ScoreModel

VideoMoment = Callable[[int], int | None]
"""Interview clock ms → video ms, None where nothing was recorded."""

MAX_UTTERANCES = 5_000
LABELS: dict[str, tuple[str, str]] = {
    "words": ("Words", "words"),
    "duration_s": ("Length of the answer", "s"),
    "speaking_s": ("Time speaking", "s"),
    "words_per_minute": ("Pace", "words/min"),
    "articulation_rate": ("Pace without pauses", "words/min"),
    "pauses": ("Pauses", "pauses"),
    "pause_s": ("Time in pauses", "s"),
    "longest_pause_s": ("Longest pause", "s"),
    "start_delay_s": ("Time before answering", "s"),
    "fillers": ("Fillers", "fillers"),
    "fillers_per_100_words": ("Fillers per 100 words", "per 100 words"),
    "hedges": ("Hedges", "hedges"),
    "hedges_per_100_words": ("Hedges per 100 words", "per 100 words"),
    "boosters": ("Firm words", "words"),
    "self_corrections": ("Self-corrections", "corrections"),
    "own_actions": ("Own actions named", "actions"),
}


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


async def results(session: AsyncSession, interview: Interview, video: VideoModel, moment: VideoMoment) -> Results:
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
    done = feedback if interview.status == "completed" else None
    scores = {one.question_id: one for one in repository.overall_of(answers, len(questions)).questions}
    words = {each["question_id"]: each for each in (done.questions if done else ())}
    asked = {line.question_id for line in lines if line.kind == "question"} | {each.question.id for each in answers}
    return Results(
        interview_id=interview.id,
        role=interview.role,
        status=cast(Any, interview.status),
        failure=interview.failure,
        started_at=interview.started_at,
        ended_at=interview.ended_at,
        cut_short=interview.started_at is not None and any(question.id not in asked for question in questions),
        planned_by=_author(interview.planned_by),
        written_by=_author(done.written_by) if done else None,
        overall=_overall(done.overall, questions) if done else None,
        summary=done.summary if done else "",
        strengths=list(done.strengths) if done else [],
        suggestions=list(done.suggestions) if done else [],
        questions=[
            _question(
                question,
                [answer for answer in answers if answer.question.id == question.id],
                scores.get(question.id),
                words.get(question.id, {}),
                lines,
                moment,
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
    was_asked: bool,
) -> QuestionResult:
    begun = next((line.start_ms for line in lines if line.question_id == question.id and line.kind == "question"), None)
    return QuestionResult(
        id=question.id,
        position=question.position,
        kind=cast(Any, question.kind),
        text=question.text,
        why=question.why,
        key_points=[str(point["text"]) for point in question.key_points],
        asked=was_asked,
        video_ms=moment(begun) if begun is not None else None,
        relevance=score.relevance if score else None,
        confidence=score.confidence if score else None,
        not_scored_reason=_why_not(score, was_asked=was_asked),
        responses=[_response(answer, moment) for answer in answers],
        went_well=list(words.get("went_well", ())),
        covered=list(words.get("covered", ())),
        missed=list(words.get("missed", ())),
        better_answer=str(words.get("better_answer", "")),
        suggestions=list(words.get("suggestions", ())),
    )


def _why_not(score: QuestionScore | None, *, was_asked: bool) -> str:
    if score is None:
        return "You have not answered this question." if was_asked else "This question was not reached."
    return score.relevance_reason or score.confidence_reason


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
        relevance=score_model(response.relevance),
        confidence=score_model(response.confidence),
        measurements=measurements(response),
        judged_by=_author(response.judged_by),
    )


def _author(stored: str) -> AuthorModel | None:
    author = Author.read(stored)
    if author is None:
        return None
    return AuthorModel(model=author.model, instead_of=author.instead_of, because=author.because)


def score_model(stored: Mapping[str, Any]) -> ScoreModel:
    return ScoreModel.model_validate(to_json(repository.score_of(stored)))


def measurements(response: Response) -> list[Measurement]:
    """What was measured, under the names people read; a name without a label is shown as it is."""
    return [
        Measurement(
            name=name,
            label=LABELS.get(name, (name.replace("_", " "), ""))[0],
            value=float(value),
            unit=LABELS.get(name, ("", ""))[1],
        )
        for name, value in response.delivery.get("measurements", {}).items()
    ]


def _overall(stored: Mapping[str, Any], questions: Sequence[Question]) -> Overall:
    parts = {part["question_id"]: part for part in stored["questions"]}
    counted = sum(1 for part in parts.values() if part["relevance"] is not None)
    return Overall(
        value=stored["value"],
        reason=stored["reason"],
        relevance=stored["relevance"],
        confidence=stored["confidence"],
        parts=[_part(question, parts.get(question.id), counted) for question in questions],
        explanation=" ".join(stored["how"]),
    )


def _part(question: Question, part: Mapping[str, Any] | None, counted: int) -> OverallPart:
    """One question's share; its own value is made of its two scores as the whole is."""
    relevance = part["relevance"] if part else None
    confidence = part["confidence"] if part else None
    if relevance is None:
        value, note = None, part["relevance_reason"] if part else "This question was not reached."
    elif confidence is None:
        value, note = relevance, f"Relevance {relevance}; {part['confidence_reason'] if part else ''}"
    else:
        value = int(RELEVANCE_WEIGHT * relevance + CONFIDENCE_WEIGHT * confidence + 0.5)
        note = f"Relevance {relevance}, Confidence {confidence}"
    return OverallPart(
        question_id=question.id,
        label=f"Question {question.position + 1}",
        value=value,
        weight=round(1 / counted, 4) if relevance is not None and counted else 0.0,
        note=note,
    )


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
        relevance=interview.relevance_score,
        confidence=interview.confidence_score,
        words_per_minute=round(sum(float(each["words"]) for each in spoken) / minutes, 1) if minutes else None,
        fillers_per_minute=round(sum(float(each["fillers"]) for each in spoken) / minutes, 2) if minutes else None,
    )
