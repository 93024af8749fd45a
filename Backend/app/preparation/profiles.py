"""Profiles: what one resume and its owner told us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import Access
from app.domain.profile import Claim, Position, ProfileDraft, ProfileWarning
from app.errors import NotFound
from app.models import Profile, User

LANGUAGES = {
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "hi": "Hindi",
}


def warnings_of(draft: ProfileDraft, text: str) -> list[ProfileWarning]:
    found: list[ProfileWarning] = []
    if not draft.looks_like_resume:
        found.append(
            ProfileWarning(
                "not_a_resume", "This does not look like a resume. Check what was understood, or choose another file."
            )
        )
    if draft.language not in ("en", "und"):
        name = LANGUAGES.get(draft.language, f"“{draft.language}”")
        found.append(
            ProfileWarning(
                "language", f"This resume seems to be in {name}. Interviews are in English, so please check every line."
            )
        )
    if len(text.split()) < 30:
        found.append(
            ProfileWarning(
                "little_text", "There is little text. Add a few lines about what you did for more personal questions."
            )
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
    warnings: Sequence[ProfileWarning],
) -> Profile:
    profile = Profile(
        user_id=access.user_id,
        source=source,
        filename=filename[:255],
        resume_text=text,
        headline=draft.headline[:300],
        skills=draft.skills,
        experience=draft.experience,
        claims=draft.claims,
        years_of_experience=draft.years_of_experience,
        language=draft.language,
        warnings=tuple(warnings),
    )
    session.add(profile)
    return profile


async def latest(session: AsyncSession, access: Access) -> Profile:
    query = select(Profile).where(access.profiles()).order_by(Profile.created_at.desc()).limit(1)
    found = await session.scalar(query)
    if found is None:
        raise NotFound("profile_not_found", "You have not given a resume yet.")
    return found


@dataclass(frozen=True, slots=True)
class Correction:
    """What the person put right; None is unchanged."""

    headline: str | None = None
    skills: tuple[str, ...] | None = None
    experience: tuple[Position, ...] | None = None
    claims: tuple[Claim, ...] | None = None


async def correct(session: AsyncSession, access: Access, profile_id: str, correction: Correction) -> Profile:
    profile = await access.profile(session, profile_id)
    if correction.headline is not None:
        profile.headline = correction.headline
    if correction.skills is not None:
        profile.skills = correction.skills
    if correction.experience is not None:
        profile.experience = correction.experience
    if correction.claims is not None:
        profile.claims = correction.claims
    return profile


async def remember_summary(session: AsyncSession, profile: Profile) -> None:
    """Keeps the user's one-line summary in step with the profile they last gave or corrected."""
    parts = [profile.headline.strip()]
    if profile.years_of_experience:
        years = round(profile.years_of_experience)
        if years:
            parts.append(f"{years} year{'s' if years != 1 else ''} of experience")
    if profile.skills:
        parts.append(", ".join(profile.skills[:6]))
    summary = " · ".join(part for part in parts if part)
    await session.execute(update(User).where(User.id == profile.user_id).values(profile_summary=summary[:600]))


def draft_of(profile: Profile | None) -> ProfileDraft:
    """The profile as the language model takes it; an empty one when there is no resume."""
    if profile is None:
        return ProfileDraft()
    return ProfileDraft(
        headline=profile.headline,
        skills=profile.skills,
        experience=profile.experience,
        claims=profile.claims,
        years_of_experience=profile.years_of_experience,
        language=profile.language,
        looks_like_resume=not any(warning.code == "not_a_resume" for warning in profile.warnings),
    )
