"""What we ask of a language model, in our words.

The embedded default (`embedded/`) needs no model at all; a vendor is one more file beside it.
Everything a resume, a job description or an answer says is data: an implementation never obeys it.
Every method raises `ProviderError` and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Seniority = Literal["student", "junior", "mid", "senior", "lead"]
QuestionKind = Literal["project", "decision", "conflict", "gap", "skill", "motivation"]


@dataclass(frozen=True, slots=True)
class Author:
    """Who did a piece of work: `model` is a LanguageModel's name.

    Where the built-in stood in, `instead_of` names the vendor that was asked and `because` how it failed (a
    ProviderCategory).
    """

    model: str
    instead_of: str = ""
    because: str = ""

    def stored(self) -> str:
        """At most 80 characters, as kept in `planned_by`, `judged_by` and `written_by`."""
        return f"{self.model}; {self.instead_of}: {self.because}"[:80] if self.instead_of else self.model[:80]

    @staticmethod
    def read(stored: str) -> Author | None:
        """What `stored` made; None where nobody was noted."""
        model, _, rest = stored.partition("; ")
        instead_of, _, because = rest.partition(": ")
        return Author(model, instead_of, because) if model else None


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a resume says the person did. `text` is the resume's own wording, one bullet or sentence."""

    text: str
    organisation: str = ""
    title: str = ""
    period: str = ""
    numbers: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """One job, study or project. `start` and `end` as `YYYY-MM`, `YYYY` or empty; `end` may be `present`."""

    title: str
    organisation: str = ""
    start: str = ""
    end: str = ""
    kind: Literal["job", "education", "project", "volunteering"] = "job"


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """What was understood of a resume; the person corrects it. `language` is an ISO 639-1 code or ``und``."""

    headline: str = ""
    skills: tuple[str, ...] = ()
    experience: tuple[Position, ...] = ()
    claims: tuple[Claim, ...] = ()
    years_of_experience: float | None = None
    language: str = "en"
    looks_like_resume: bool = True


@dataclass(frozen=True, slots=True)
class Brief:
    """What an interview is prepared from. All text is the person's own and is data."""

    role: str
    seniority: Seniority
    skills: tuple[str, ...]
    job_description: str
    profile: ProfileDraft
    seed: int = 0


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """One thing a good answer shows. `examples` are short utterances that would count as showing it."""

    text: str
    examples: tuple[str, ...] = ()
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A question for this person.

    `grounding` is the exact wording in resume, skills, job description or role that it names; `why` is one
    sentence to the candidate; `key_points` has 3-5 entries.
    """

    kind: QuestionKind
    text: str
    why: str
    grounding: str
    key_points: tuple[KeyPoint, ...]
    author: Author | None = None
    """None: the model that was asked."""


@dataclass(frozen=True, slots=True)
class Said:
    """One stretch of the candidate's speech within an answer, in order. Times in ms on the interview clock."""

    utterance_id: str
    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question (or follow-up) and what was answered, with what a good answer would show."""

    role: str
    question: str
    kind: QuestionKind
    grounding: str
    key_points: tuple[KeyPoint, ...]
    answer: tuple[Said, ...]
    is_follow_up: bool = False
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUpIdea:
    """One further question. `reason` is one sentence for the record: what was missing or unclear."""

    text: str
    reason: str
    missing_point: str = ""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """Whether one key point was shown; `quote` must occur in the answer, else it is dropped by assessment."""

    point: str
    level: Literal["covered", "partly", "missed"]
    quote: str = ""
    utterance_id: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """Phrases of the answer, copied, that weaken what is said (`hedges`) or state an act or a conviction (`firm`).

    Assessment counts only those that occur in the answer, beside the words it counts by itself.
    """

    hedges: tuple[str, ...] = ()
    firm: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement of content. `relevance` 0-100, or None with `not_scored_reason`.

    `on_topic` 0-1. `quotes` are (utterance_id, quote) pairs the relevance rests on, in addition to the points'; an
    empty utterance_id leaves finding the place to assessment. `author` None: the model that was asked.
    """

    relevance: int | None
    not_scored_reason: str
    on_topic: float
    points: tuple[PointVerdict, ...]
    quotes: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    wording: Wording = Wording()
    author: Author | None = None


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One answered (or skipped) question as a sheet of facts for the feedback's words."""

    question_id: str
    question: str
    kind: QuestionKind
    grounding: str
    answer: str
    relevance: int | None
    confidence: int | None
    covered: tuple[tuple[str, str], ...]
    """(point, quote) pairs."""
    missed: tuple[KeyPoint, ...]
    measurements: tuple[tuple[str, float], ...]
    """(name, value) pairs, names as in assessment.delivery."""
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionFeedback:
    """What the results page says of one question. `better_answer` uses only the person's own facts."""

    question_id: str
    went_well: tuple[str, ...]
    covered: tuple[str, ...]
    missed: tuple[str, ...]
    better_answer: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedbackDraft:
    """The overall words. Lists hold 1-3 entries; each names its evidence."""

    summary: str
    strengths: tuple[str, ...]
    suggestions: tuple[str, ...]
    questions: tuple[QuestionFeedback, ...]
    author: Author | None = None
    """None: the model that was asked."""


class LanguageModel(Protocol):
    """Reads, plans, follows up, judges and puts feedback into words."""

    @property
    def name(self) -> str: ...

    def warm_up(self, exchange: Exchange | None = None) -> None:
        """Loads what is slow to load; with an exchange still to be answered, what its answer will be held against.

        Blocking: call it off the event loop. Never necessary, only faster.
        """
        ...

    async def read_resume(self, text: str) -> ProfileDraft: ...

    async def plan_questions(
        self, brief: Brief, *, count: int, avoid: tuple[PlannedQuestion, ...] = ()
    ) -> tuple[PlannedQuestion, ...]:
        """Exactly `count` questions, distinct from each other and from `avoid`, each grounded in the brief."""
        ...

    async def follow_up(self, exchange: Exchange) -> FollowUpIdea | None:
        """One follow-up where it helps, else None. Quick: it is asked for while the candidate waits."""
        ...

    async def judge(self, exchange: Exchange) -> Verdict: ...

    async def write_feedback(self, role: str, answers: tuple[AnswerFacts, ...]) -> FeedbackDraft: ...
