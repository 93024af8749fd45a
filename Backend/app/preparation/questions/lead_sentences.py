"""The sentence a question opens with: the person's own claim, said back to them."""

# Patterns read best in one piece.
# ruff: noqa: E501

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.profile import Position
from app.english.grammar import clause_of, in_sentence, with_article
from app.english.quotation import quotable
from app.english.resume_style import speakable
from app.preparation.resume.claims import ReadClaim

_THESIS = re.compile(
    r"^(?P<label>(?:\w+(?:'s)?[ -]){0,2}(?:thesis|dissertation|final[- ]year project|capstone(?: project)?|capstone))\s*[:–—-]\s*(?P<value>.{8,120})$",
    re.IGNORECASE,
)
# The endings and words by which English names people by their work; anything else is not put after "as a".
_OCCUPATION = re.compile(
    r"\b\w*(?:er|or|ist|ian|ant|ent|ive|eer|man|woman|person|iatrist|graph)s?\b|\b(?:nurse|chef|cook|clerk|lead|head|intern|aide|fellow|trainee|midwife|"
    r"apprentice|associate|commis|guide|tutor|captain|coach|mechanic|founder|cto|ceo|cfo|coo|counsel|rep|staff|volunteer|partner|chair|analyst)s?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lead:
    """An opening sentence, the fact in it as the person wrote it, and a name for its pattern."""

    text: str
    fact: str
    opening: str


def organisation_of(name: str, claim_text: str = "") -> str:
    """The organisation as it may be said, or empty: unclean, too long, or named in the claim already."""
    name = re.sub(r"\s*\(.*?\)\s*", " ", name).strip(" ,.-–")
    if (
        not quotable(name, limit=60)
        or '"' in name
        or len(name.split()) > 8
        or name.lower() in claim_text.lower()
        or name.count("/") > 1
    ):
        return ""
    return (
        f"the {name}"
        if re.match(r"(?i)(?:university|college|school|institute|ministry|department|hospital)\s+(?:of|for)\b", name)
        else name
    )


def title_of(title: str) -> str:
    """The title as it may follow "as", or empty."""
    title = re.sub(r"\s*\(.*?\)\s*", " ", title).strip(" ,.-–")
    if (
        not quotable(title, limit=48)
        or re.search(r"[/\",:|&]", title)
        or len(title.split()) > 6
        or not _OCCUPATION.search(title)
    ):
        return ""
    return in_sentence(title)


def claim_leads(read: ReadClaim, kind: str, variant: int) -> tuple[Lead, ...]:
    """The claim as one sentence, in up to three lengths, the longest first; empty when it cannot be said."""
    claim = read.claim
    organisation = organisation_of(claim.organisation, claim.text)
    title = title_of(claim.title)
    leads = (_lead(read, limit, organisation, title, kind, variant) for limit in (140, 100, 70))
    return tuple(dict.fromkeys(lead for lead in leads if lead))


def fitting(leads: tuple[Lead, ...], room: int) -> Lead | None:
    """The longest of `leads` that fits `room` characters."""
    return next((lead for lead in leads if len(lead.text) <= room), None)


def _lead(read: ReadClaim, limit: int, organisation: str, title: str, kind: str, variant: int) -> Lead | None:
    thesis = _THESIS.match(read.claim.text.strip())
    if thesis and '"' not in thesis["value"]:
        return Lead(
            f'Your {thesis["label"].lower()} is titled "{thesis["value"].strip(" .")}".',
            thesis["value"].strip(" ."),
            "thesis",
        )
    clause = clause_of(read.claim.text, limit=limit) if read.clause else None
    if clause is None:
        return _quoted(read, limit, organisation, variant)
    clause = speakable(clause)
    said = f"your work included {clause.text}" if clause.form == "gerund" else f"you {clause.text}"
    if kind == "project" and not organisation and title:
        return Lead(f"For {title} {said}.", clause.fact, "for")
    if kind == "education" and organisation:
        return Lead(f"During your time at {organisation} {said}.", clause.fact, "during")
    if kind == "volunteering" and organisation:
        return Lead(f"As a volunteer at {organisation}, {said}.", clause.fact, "volunteer")
    if organisation:
        forms = [("at", f"At {organisation} {said}."), ("where", f"Let's talk about {organisation}, where {said}.")]
        if title:
            forms.append(("as", f"As {with_article(title)} at {organisation}, {said}."))
        forms.append(("see", f"I see that at {organisation} {said}."))
    else:
        forms = [
            ("says", f"Your resume says that {said}."),
            *([] if clause.verb in {"wrote", "write", "written"} else [("write", f"You write that {said}.")]),
            ("noticed", f"I noticed that {said}."),
        ]
        if title:
            forms.append(("as", f"As {with_article(title)}, {said}."))
    opening, text = forms[variant % len(forms)]
    return Lead(text, clause.fact, opening)


def _quoted(read: ReadClaim, limit: int, organisation: str, variant: int) -> Lead | None:
    quote = read.quote
    if read.clause is not None:
        return None
    if len(quote) > limit:
        return None
    if organisation:
        forms = [
            ("quote-at", f'From your time at {organisation} you mention "{quote}".'),
            ("line-at", f'Under {organisation}, one line of your resume reads "{quote}".'),
        ]
    else:
        forms = [("quote", f'One line of your resume reads "{quote}".'), ("mention", f'You mention "{quote}".')]
    opening, text = forms[variant % len(forms)]
    return Lead(text, quote, opening)


def position_lead(position: Position, variant: int) -> Lead | None:
    """A position as an opening sentence, or None when neither its title nor its organisation can be said."""
    organisation, title = organisation_of(position.organisation), title_of(position.title)
    plain_organisation = organisation.removeprefix("the ")
    ongoing = position.end == "present"
    if position.kind == "education":
        if organisation:
            verb = "are studying" if ongoing else "studied"
            return Lead(f"You {verb} at {organisation}.", plain_organisation, "studied")
        return Lead(f'Your resume lists "{title}".', title, "lists") if title else None
    if position.kind == "project":
        return Lead(f'Your resume lists "{title}" as a project.', title, "lists") if title else None
    if title and organisation:
        verb = "work" if ongoing else "worked"
        forms = [
            ("worked", f"You {verb} as {with_article(title)} at {organisation}.", title),
            ("time", f"Let's talk about your time as {with_article(title)} at {organisation}.", title),
        ]
        opening, text, fact = forms[variant % len(forms)]
        return Lead(text, fact, opening)
    if organisation:
        return Lead(f"Let's talk about your time at {organisation}.", plain_organisation, "time")
    if title:
        return Lead(f"You {'work' if ongoing else 'worked'} as {with_article(title)}.", title, "worked")
    return None
