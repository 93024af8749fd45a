"""The shapes in which a vendor's model answers; each is also our validation of what it said.

Form is taken leniently (too long is cut, too many is shortened, an unknown field is ignored); truth is checked
afterwards in `prompted_model.py` against the data. The title of each schema is its duty: resume, plan, follow_up,
verdict, feedback. Evidence stands before ratings, since a model writes in this order and so looks before it rates.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from app.domain.json import JsonObject
from app.services.language_model.wire import within


def _cut(limit: int) -> AfterValidator:
    def cut(text: str) -> str:
        text = " ".join(text.replace("\x00", "").split())
        return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0]

    return AfterValidator(cut)


def _at_most(limit: int) -> BeforeValidator:
    return BeforeValidator(lambda items: items[:limit] if isinstance(items, list) else items)


Word = Annotated[str, _cut(80)]
Line = Annotated[str, _cut(160)]
Sentence = Annotated[str, _cut(400)]
Paragraph = Annotated[str, _cut(1_200)]
Quote = Annotated[str, _cut(600)]
Rating = Annotated[int, Field(ge=0, le=10)]


class AnswerShape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PositionShape(AnswerShape):
    title: Line
    organisation: Line
    start: Word
    """YYYY-MM, YYYY or empty."""
    end: Word
    """As `start`, or "present"."""
    kind: Literal["job", "education", "project", "volunteering"]


class ClaimShape(AnswerShape):
    text: Quote
    """Copied from the resume, word by word."""
    organisation: Line
    title: Line
    period: Line


class ResumeShape(AnswerShape):
    model_config = ConfigDict(title="resume")

    looks_like_resume: bool
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    headline: Line
    skills: Annotated[tuple[Word, ...], _at_most(60)]
    experience: Annotated[tuple[PositionShape, ...], _at_most(40)]
    claims: Annotated[tuple[ClaimShape, ...], _at_most(80)]
    years_of_experience: Annotated[float | None, Field(ge=0, le=60)]


class KeyPointShape(AnswerShape):
    text: Line
    examples: Annotated[tuple[Sentence, ...], _at_most(4)]
    follow_up: Sentence


class QuestionShape(AnswerShape):
    kind: Literal["project", "decision", "conflict", "gap", "skill", "motivation"]
    form: Literal["opener", "knowledge", "story", "situation", "closing"]
    grounding: Quote
    """Copied from the data, word by word."""
    text: Annotated[str, _cut(600)]
    why: Sentence
    key_points: Annotated[tuple[KeyPointShape, ...], _at_most(5)]


class PlanShape(AnswerShape):
    model_config = ConfigDict(title="plan")

    questions: Annotated[tuple[QuestionShape, ...], _at_most(8)]


class FollowUpShape(AnswerShape):
    model_config = ConfigDict(title="follow_up")

    missing_point: int
    """Number of the key point asked for, 0 for none of them."""
    reason: Sentence
    text: Annotated[str, _cut(400)]
    """The question; empty when none would help."""


class PointShape(AnswerShape):
    number: int
    """Number of the key point, from 1."""
    quote: Quote
    """The candidate's words that show it, copied; empty when it was missed."""
    level: Literal["covered", "partly", "missed"]


class VerdictShape(AnswerShape):
    model_config = ConfigDict(title="verdict")

    points: Annotated[tuple[PointShape, ...], _at_most(8)]
    quotes: Annotated[tuple[Quote, ...], _at_most(3)]
    """The candidate's words that answer the question most directly, copied."""
    hedges: Annotated[tuple[Line, ...], _at_most(12)]
    """Phrases of the candidate that weaken what they say, copied, at most five words each."""
    firm: Annotated[tuple[Line, ...], _at_most(12)]
    """Phrases of the candidate that state an own act or a conviction, copied, at most five words each."""
    because: Sentence
    on_question: Rating
    concrete: Rating
    own_action: Rating


class QuestionFeedbackShape(AnswerShape):
    number: int
    """Number of the question, from 1."""
    went_well: Annotated[tuple[Sentence, ...], _at_most(3)]
    suggestions: Annotated[tuple[Sentence, ...], _at_most(3)]
    better_answer: Paragraph
    """Only the person's own facts; what is missing stands in [square brackets]. Empty: nothing to build on."""


class FeedbackShape(AnswerShape):
    model_config = ConfigDict(title="feedback")

    questions: Annotated[tuple[QuestionFeedbackShape, ...], _at_most(12)]
    strengths: Annotated[tuple[Sentence, ...], _at_most(3)]
    suggestions: Annotated[tuple[Sentence, ...], _at_most(3)]
    summary: Paragraph


_KEPT = frozenset({"type", "enum", "const", "anyOf", "items", "minimum", "maximum"})


def json_schema(shape: type[AnswerShape]) -> JsonObject:
    """The shape without $ref and without keywords that some vendor refuses; every field required, none besides."""
    whole: JsonObject = shape.model_json_schema(mode="validation")
    definitions = whole.get("$defs")
    return {**_plain(whole, definitions if isinstance(definitions, dict) else {}), "title": whole["title"]}


def _plain(node: JsonObject, definitions: JsonObject) -> JsonObject:
    referred = node.get("$ref")
    if isinstance(referred, str) and isinstance(found := definitions[referred.rsplit("/", 1)[-1]], dict):
        return _plain(found, definitions)
    kept = {
        name: within(name, value, lambda one: _plain(one, definitions)) for name, value in node.items() if name in _KEPT
    }
    if node.get("type") == "object":
        kept["properties"] = within("properties", node["properties"], lambda one: _plain(one, definitions))
        kept["required"] = list(properties) if isinstance(properties := node["properties"], dict) else []
        kept["additionalProperties"] = False
    return kept
