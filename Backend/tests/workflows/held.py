"""An interview that has been held, as the conversation leaves it: rows, not yet assessed, with real words in them."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from app.db import Database
from app.domain.profile import Claim
from app.domain.question import KeyPoint
from app.models import Interview, Profile, Question, Response, User, Utterance, now

GOOD = (
    "At City Hospital I was the staff nurse on duty and the waiting room was overflowing, so I introduced a two-step "
    "assessment at triage because patients with chest pain were waiting too long. I trained two colleagues in it, "
    "measured the waiting time every week, and it fell from 45 to 20 minutes. I learned to test a change on one shift."
)
OFF_TOPIC = (
    "Last summer my cousin and I drove along the coast and tasted the best mangoes, and the football match on "
    "television that evening went into extra time which made everybody in the village very happy."
)
POINTS = (
    KeyPoint(
        "The situation and why it mattered",
        ("patients were waiting too long", "the waiting room was overflowing"),
        "What made it urgent?",
    ),
    KeyPoint(
        "What you did yourself",
        ("I introduced a new assessment", "I trained my colleagues"),
        "What was your own part?",
    ),
    KeyPoint(
        "The result in numbers",
        ("the waiting time fell from 45 to 20 minutes", "it was cut by half"),
        "How did you measure it?",
    ),
)


def profile_of(user_id: str) -> Profile:
    return Profile(
        user_id=user_id,
        source="text",
        resume_text="Staff Nurse, City Hospital. Cut triage waiting time from 45 to 20 minutes.",
        headline="Emergency nurse",
        skills=("triage",),
        claims=(Claim("Cut triage waiting time from 45 to 20 minutes", "City Hospital"),),
    )


async def hold_interview(
    db: Database, user_id: str, *, status: str = "processing", answers: tuple[str | None, ...] = (GOOD, OFF_TOPIC, "")
) -> str:
    """Five questions; the first ones answered with `answers` ("" silent, None skipped). Returns the interview's id."""
    moment = now()
    interview = Interview(
        user_id=user_id,
        role="Emergency nurse",
        seniority="mid",
        skills=("triage",),
        status=status,
        mode="voice",
        consented_at=moment,
        started_at=moment,
        ended_at=moment if status == "processing" else None,
    )
    async with db.write() as session:
        profile = profile_of(user_id)
        session.add(profile)
        await session.flush()
        interview.profile_id = profile.id
        session.add(interview)
        await session.flush()
        for position in range(5):
            question = Question(
                interview_id=interview.id,
                position=position,
                kind="project",
                text=f"Question {position}: how did you cut triage waiting time from 45 to 20 minutes?",
                why="It is your strongest claim.",
                grounding="Cut triage waiting time from 45 to 20 minutes",
                key_points=POINTS,
            )
            session.add(question)
            await session.flush()
            if position < len(answers):
                await _answer(session, interview.id, question, answers[position])
    return interview.id


async def _answer(session: AsyncSession, interview_id: str, question: Question, text: str | None) -> None:
    begin = question.position * 60_000
    session.add(
        Utterance(
            interview_id=interview_id,
            sequence=question.position * 10 + 1,
            speaker="interviewer",
            kind="question",
            text=question.text,
            start_ms=begin,
            end_ms=begin + 5_000,
            question_id=question.id,
        )
    )
    response = Response(
        interview_id=interview_id,
        question_id=question.id,
        skipped=text is None,
        status="ended",
        ended_by="silence",
        asked_at_ms=begin + 5_000,
        start_ms=begin + 6_000,
        end_ms=begin + 30_000,
        voice_spans=((begin + 6_000, begin + 15_000), (begin + 16_500, begin + 30_000)) if text else (),
    )
    session.add(response)
    await session.flush()
    if text:
        session.add(
            Utterance(
                interview_id=interview_id,
                sequence=question.position * 10 + 2,
                speaker="candidate",
                kind="answer",
                text=text,
                start_ms=begin + 6_000,
                end_ms=begin + 30_000,
                question_id=question.id,
                response_id=response.id,
            )
        )


async def a_user(db: Database, email: str = "asha@example.org") -> str:
    user = User(email=email, name="Asha", password_hash="unused")
    async with db.write() as session:
        session.add(user)
    return user.id
