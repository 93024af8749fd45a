"""Profiles: what one resume and its owner told us."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.domain.profile import Claim, Position, ProfileDraft
from app.errors import NotFound
from app.models import Profile, User

MAX_TEXT = 60_000
"""Characters of a resume; three times the longest of thirty pages that people really send."""

LANGUAGES = {
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "hi": "Hindi",
}


def warnings_of(draft: ProfileDraft, text: str) -> list[dict[str, str]]:
    """What the person should know about how well we understood: each with a code and what to do."""
    found: list[dict[str, str]] = []
    if not draft.looks_like_resume:
        found.append(
            {
                "code": "not_a_resume",
                "message": "This does not look like a resume. Check what was understood, or choose another file.",
            }
        )
    if draft.language not in ("en", "und"):
        name = LANGUAGES.get(draft.language, f"“{draft.language}”")
        found.append(
            {
                "code": "language",
                "message": f"This resume seems to be in {name}. Interviews are in English, so please check every line.",
            }
        )
    if len(text.split()) < 30:
        found.append(
            {
                "code": "little_text",
                "message": "There is little text. Add a few lines about what you did for more personal questions.",
            }
        )
    return found


def add(
    session: AsyncSession,
    access: Access,
    *,
    source: str,
    filename: str,
    text: str,
    draft: ProfileDraft,
    warnings: list[dict[str, str]],
) -> Profile:
    profile = Profile(
        user_id=access.user_id,
        source=source,
        filename=filename[:255],
        resume_text=text,
        headline=draft.headline[:300],
        skills=list(draft.skills),
        experience=[asdict(position) for position in draft.experience],
        claims=[_claim_row(claim) for claim in draft.claims],
        years_of_experience=draft.years_of_experience,
        language=draft.language,
        warnings=warnings,
    )
    session.add(profile)
    return profile


async def latest(session: AsyncSession, access: Access) -> Profile:
    query = select(Profile).where(access.profiles()).order_by(Profile.created_at.desc()).limit(1)
    found = await session.scalar(query)
    if found is None:
        raise NotFound("profile_not_found", "You have not given a resume yet.")
    return found


async def correct(session: AsyncSession, access: Access, profile_id: str, changes: dict[str, Any]) -> Profile:
    """Applies what the person put right; keys as the columns, None means unchanged."""
    profile = await access.profile(session, profile_id)
    for name, value in changes.items():
        if value is not None:
            setattr(profile, name, value)
    return profile


async def remember_summary(session: AsyncSession, profile: Profile) -> None:
    """Keeps the user's one-line summary in step with the profile they last gave or corrected."""
    parts = [profile.headline.strip()]
    if profile.years_of_experience:
        years = round(profile.years_of_experience)
        if years:
            parts.append(f"{years} year{'s' if years != 1 else ''} of experience")
    if profile.skills:
        parts.append(", ".join(str(skill) for skill in profile.skills[:6]))
    summary = " · ".join(part for part in parts if part)
    await session.execute(update(User).where(User.id == profile.user_id).values(profile_summary=summary[:600]))


def draft_of(profile: Profile | None) -> ProfileDraft:
    """The profile as the language model takes it; an empty one when there is no resume."""
    if profile is None:
        return ProfileDraft()
    return ProfileDraft(
        headline=profile.headline,
        skills=tuple(profile.skills),
        experience=tuple(Position(**position) for position in profile.experience),
        claims=claims_of(profile),
        years_of_experience=profile.years_of_experience,
        language=profile.language,
        looks_like_resume=not any(warning.get("code") == "not_a_resume" for warning in profile.warnings),
    )


def claims_of(profile: Profile | None) -> tuple[Claim, ...]:
    if profile is None:
        return ()
    return tuple(
        Claim(**{**claim, "numbers": tuple(claim.get("numbers", ())), "skills": tuple(claim.get("skills", ()))})
        for claim in profile.claims
    )


def _claim_row(claim: Claim) -> dict[str, Any]:
    return {**asdict(claim), "numbers": list(claim.numbers), "skills": list(claim.skills)}
