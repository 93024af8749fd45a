"""What a vendor's model says is believed as far as the data bears it out, asked for once more, then given up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.assessment.relevance import relevance
from app.domain.answer import AnswerUtterance, Exchange
from app.domain.feedback import AnswerFacts
from app.domain.message import message, verbatim
from app.domain.profile import Claim, ProfileDraft
from app.domain.question import Brief, KeyPoint
from app.domain.score import CONFIDENCE, RELEVANCE, ScorePart
from app.english.grounding import numbers_in, occurs, unfounded_names, unfounded_numbers
from app.errors import ProviderError
from app.preparation.questions.checks import faults_of
from app.services.language_model import prompts
from app.services.language_model.answer_shapes import (
    FeedbackShape,
    FollowUpShape,
    PlanShape,
    ResumeShape,
    VerdictShape,
    json_schema,
)
from app.services.language_model.generation import Generated, Prompt
from app.services.language_model.prompted_model import PromptedLanguageModel
from tests.services.language_model.scripted import Answer, ScriptedGenerator

pytestmark = pytest.mark.anyio

RESUME = """Asha Verma
Charge nurse, St. Brendan Hospital, 2019 - present
- Led a central-line bundle audit that cut CLABSI from 2.1 to 0.6 per 1,000 line days
- Trained 14 night nurses on the new checklist
Skills: wound care, SBAR
"""
BRIEF = Brief(
    "ICU nurse",
    "mid",
    ("wound care",),
    "",
    ProfileDraft(claims=(Claim("Led a central-line bundle audit that cut CLABSI from 2.1 to 0.6"),)),
)
EXCHANGE = Exchange(
    role="ICU nurse",
    question="You led a central-line bundle audit. Which step was being missed most?",
    kind="project",
    grounding="central-line bundle audit",
    key_points=(KeyPoint("Names the step"), KeyPoint("Says what changed, with a number")),
    answer=(
        AnswerUtterance("u1", "It was the daily review, nobody filled it in at night.", 0, 4000),
        AnswerUtterance("u2", "I moved it to the handover and infections fell to 0.6.", 4200, 9000),
    ),
)


def model(*answers: Answer) -> tuple[PromptedLanguageModel, ScriptedGenerator]:
    generator = ScriptedGenerator(*answers)

    async def no_wait(_: float) -> None:
        return None

    return PromptedLanguageModel(generator, faults_of, sleep=no_wait), generator


def verdict(**changed: Any) -> dict[str, Any]:
    return {
        "points": [
            {"number": 1, "quote": "It was the daily review", "level": "covered"},
            {"number": 2, "quote": "infections fell to 0.6", "level": "covered"},
        ],
        "quotes": ["nobody filled it in at night"],
        "hedges": [],
        "firm": ["I moved it"],
        "because": "It names the step and what changed.",
        "on_question": 8,
        "concrete": 6,
        "own_action": 6,
        **changed,
    }


def question(number: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "kind": "project",
        "form": "story",
        "grounding": "central-line bundle audit",
        "text": f"You led a central-line bundle audit. Which step was the hardest to keep up, part {'i' * number}?",
        "why": "It is your own claim.",
        "key_points": [
            {"text": f"Point {letter}", "examples": ["We counted it weekly."], "follow_up": "How?"} for letter in "abc"
        ],
        **changed,
    }


# ---- judging -----------------------------------------------------------------------------------------------------


async def test_relevance_is_summed_up_from_what_was_shown_and_rated() -> None:
    judged = await model(verdict())[0].judge(EXCHANGE)
    # 35 + 0.8 × 35 + 0.6 × 15 + 0.6 × 15
    assert judged.relevance == 81
    assert judged.parts[0] == ScorePart(
        "key_points", 35.0, 35.0, message("judge.key_points", covered=2, partly=0, points=2)
    )
    score = relevance(judged, EXCHANGE.answer)
    assert score.value == 81
    assert [(one.text, one.utterance_id) for one in score.evidence] == [
        ("It was the daily review", "u1"),
        ("infections fell to 0.6", "u2"),
        ("nobody filled it in at night", "u1"),
    ]


async def test_a_point_that_rests_on_words_nobody_said_does_not_count() -> None:
    points = [verdict()["points"][0], {"number": 2, "quote": "we saved two million", "level": "covered"}]
    judged = await model(verdict(points=points))[0].judge(EXCHANGE)
    assert [point.level for point in judged.points] == ["covered", "missed"]
    assert judged.relevance == 64


@pytest.mark.parametrize("quote", ["the", "0.6", ""], ids=["a word", "a number", "nothing"])
async def test_a_scrap_of_the_answer_is_no_evidence(quote: str) -> None:
    points = [verdict()["points"][0], {"number": 2, "quote": quote, "level": "covered"}]
    judged = await model(verdict(points=points))[0].judge(EXCHANGE)
    assert judged.points[1].level == "missed"


async def test_a_verdict_made_of_inventions_is_asked_for_once_more_and_then_given_up() -> None:
    lies = verdict(points=[{"number": n, "quote": "I doubled the revenue", "level": "covered"} for n in (1, 2)])
    judge, generator = model(lies)
    with pytest.raises(ProviderError) as caught:
        await judge.judge(EXCHANGE)
    assert caught.value.category == "invalid_response"
    assert len(generator.prompts) == 2
    assert "most quotes were not copied word by word from the answer" in generator.prompts[1].instructions
    assert "I doubled the revenue" not in generator.prompts[1].instructions


async def test_a_good_rating_without_any_words_of_the_answer_is_not_believed() -> None:
    with pytest.raises(ProviderError):
        await model(verdict(points=[], quotes=[]))[0].judge(EXCHANGE)


async def test_an_answer_beside_the_point_scores_low_and_is_shown_by_itself() -> None:
    judged = await model(verdict(points=[], quotes=[], on_question=0, concrete=2, own_action=0))[0].judge(EXCHANGE)
    assert judged.relevance == 1
    assert relevance(judged, EXCHANGE.answer).evidence[0].text.startswith("It was the daily review")


async def test_the_second_try_may_put_it_right() -> None:
    judge, generator = model("not JSON at all", verdict())
    assert (await judge.judge(EXCHANGE)).relevance == 81
    assert len(generator.prompts) == 2
    assert generator.prompts[0].data == generator.prompts[1].data


async def test_only_hedges_that_were_said_are_passed_on() -> None:
    judged = await model(verdict(hedges=["I suppose", "at night"]))[0].judge(EXCHANGE)
    assert judged.wording.hedges == ("at night",) and judged.wording.firm == ("I moved it",)


async def test_a_reason_with_a_number_of_its_own_is_left_out() -> None:
    judged = await model(verdict(because="Worth 97 points."))[0].judge(EXCHANGE)
    assert judged.parts[1].reason == verbatim("")


async def test_a_word_or_two_cost_no_call() -> None:
    judge, generator = model(verdict())
    short = await judge.judge(
        Exchange("r", "q?", "skill", "", (KeyPoint("a"),), (AnswerUtterance("u", "Not really.", 0, 1),))
    )
    assert short.relevance is None
    assert short.not_scored == message("not_scored.too_few_words", words=2, least=8)
    assert generator.prompts == []


@pytest.mark.parametrize(
    "broken",
    [verdict(on_question=11), verdict(points="none"), {"on_question": 5}, "[]", "", "null", '{"on_question": 5'],
    ids=["out of range", "another type", "fields missing", "a list", "nothing", "null", "cut off"],
)
async def test_an_answer_of_another_shape_is_never_used(broken: Answer) -> None:
    with pytest.raises(ProviderError) as caught:
        await model(broken)[0].judge(EXCHANGE)
    assert caught.value.category == "invalid_response"


# ---- the resume --------------------------------------------------------------------------------------------------


def resume(**changed: Any) -> dict[str, Any]:
    return {
        "looks_like_resume": True,
        "language": "en",
        "headline": "Charge nurse",
        "skills": ["wound care", "SBAR", "Kubernetes"],
        "experience": [
            {
                "title": "Charge nurse",
                "organisation": "Mayo Clinic",
                "start": "2019",
                "end": "present",
                "kind": "job",
            },
            {"title": "Astronaut", "organisation": "NASA", "start": "1999", "end": "2003", "kind": "job"},
        ],
        "claims": [
            {
                "text": "Trained 14 night nurses on the new checklist",
                "organisation": "St. Brendan Hospital",
                "title": "Chief",
                "period": "2019 - present",
            }
        ],
        "years_of_experience": 7,
        **changed,
    }


async def test_only_what_stands_in_the_resume_is_taken_from_it() -> None:
    draft = await model(resume())[0].read_resume(RESUME)
    assert draft.skills == ("wound care", "SBAR")
    assert [(one.title, one.organisation, one.start) for one in draft.experience] == [("Charge nurse", "", "2019")]
    (claim,) = draft.claims
    assert (claim.organisation, claim.title, claim.numbers) == ("St. Brendan Hospital", "", ("14",))


async def test_an_invented_claim_is_dropped_and_mostly_invented_ones_are_refused() -> None:
    made_up = {"text": "Ran the marathon in 3 hours", "organisation": "", "title": "", "period": ""}
    draft = await model(resume(claims=[*resume()["claims"], made_up]))[0].read_resume(RESUME)
    assert len(draft.claims) == 1
    with pytest.raises(ProviderError):
        await model(resume(claims=[made_up, made_up]))[0].read_resume(RESUME)


# ---- the plan ----------------------------------------------------------------------------------------------------


async def test_a_plan_keeps_its_good_questions_and_asks_again_for_the_rest() -> None:
    first = {"questions": [question(1), question(2, text="Why?"), question(3)]}
    second = {"questions": [question(1), question(4)]}
    planner, generator = model(first, second)
    asked = await planner.plan_questions(BRIEF, count=3)
    assert [one.text[-3:] for one in asked] == [" i?", "ii?", "ii?"]
    assert len({one.text for one in asked}) == 3
    assert "question 2: length 4" in generator.prompts[1].instructions


@pytest.mark.parametrize(
    "fault",
    [
        {"grounding": "Nobel prize"},
        {"text": "Which step was the hardest to keep up on nights when the unit was short-staffed?"},
        {"text": "You led a central-line bundle audit on 47 wards. Which of its steps was the hardest to keep up?"},
        {"key_points": question()["key_points"][:2]},
    ],
    ids=["grounded in nothing", "names nothing of the person's", "a number nobody gave", "two key points"],
)
async def test_a_question_that_does_not_hold_is_not_shown(fault: dict[str, Any]) -> None:
    with pytest.raises(ProviderError) as caught:
        await model({"questions": [question(**fault)]})[0].plan_questions(BRIEF, count=1)
    assert caught.value.category == "invalid_response"


async def test_a_question_that_was_asked_before_is_not_another_one() -> None:
    before = await model({"questions": [question(1)]})[0].plan_questions(BRIEF, count=1)
    with pytest.raises(ProviderError):
        await model({"questions": [question(1)]})[0].plan_questions(BRIEF, count=1, avoid=before)


# ---- follow-ups --------------------------------------------------------------------------------------------------


async def test_a_follow_up_names_the_point_it_asks_for() -> None:
    answer = {"text": "How far did infections fall?", "reason": "No before.", "missing_point": 2}
    idea = await model(answer)[0].follow_up(EXCHANGE)
    assert idea is not None and idea.missing_point == "Says what changed, with a number"


async def test_only_what_somebody_waits_for_is_asked_for_in_a_hurry() -> None:
    asker, generator = model({})
    for duty in (asker.follow_up(EXCHANGE), asker.judge(EXCHANGE)):
        with pytest.raises(ProviderError):
            await duty
    assert generator.quick[0] is True
    assert set(generator.quick[1:]) == {False}


@pytest.mark.parametrize("text", ["Good.", "Was it 5 percent?", "Did Florence help?", "Why " * 70 + "?"])
async def test_a_follow_up_that_is_no_short_question_about_this_is_not_asked(text: str) -> None:
    asker, generator = model({"text": text, "reason": "", "missing_point": 0})
    with pytest.raises(ProviderError):
        await asker.follow_up(EXCHANGE)
    assert len(generator.prompts) == 1, "the candidate is waiting: no second try"


# ---- feedback ----------------------------------------------------------------------------------------------------

FACTS = AnswerFacts(
    "q1",
    EXCHANGE.question,
    "project",
    EXCHANGE.grounding,
    "It was the daily review, nobody filled it in at night. I moved it to the handover and infections fell to 0.6.",
    {RELEVANCE: 70, CONFIDENCE: 60},
    (("Names the step", "It was the daily review"),),
    (KeyPoint("Says what changed, with a number"),),
    (("words", 21.0),),
    (Claim("Led a central-line bundle audit that cut CLABSI from 2.1 to 0.6"),),
)
BETTER = (
    "When I led the central-line bundle audit, the step that was missed was the daily review, which nobody filled in "
    "at night. I moved it to the handover, and CLABSI fell from 2.1 to 0.6 within [how many months]."
)


def feedback(better: str = BETTER, **changed: Any) -> dict[str, Any]:
    return {
        "questions": [
            {
                "number": 1,
                "went_well": ["You named the step: “It was the daily review”.", "You cut costs by 40 percent."],
                "suggestions": ["Say how it was counted."],
                "better_answer": better,
            }
        ],
        "strengths": ["In question 1 you said “I moved it to the handover”.", "You said “I am the best”."],
        "suggestions": ["End on the number."],
        "summary": "You answered with a real step. Next time, say what changed.",
        **changed,
    }


async def test_feedback_keeps_what_the_answer_bears_out() -> None:
    draft = await model(feedback())[0].write_feedback("ICU nurse", (FACTS,))
    (one,) = draft.questions
    assert one.went_well == (verbatim("You named the step: “It was the daily review”."),)
    assert one.better_answer == (verbatim(BETTER),)
    assert one.covered == (message("feedback.covered", point="Names the step", quote="It was the daily review"),)
    assert one.missed == ("Says what changed, with a number",)
    assert draft.strengths == (verbatim("In question 1 you said “I moved it to the handover”."),)


@pytest.mark.parametrize(
    "better",
    [BETTER.replace("2.1", "4.8"), BETTER.replace("the handover", "the Toyota method"), "Say more."],
    ids=["another number", "another name", "too little"],
)
async def test_a_better_answer_with_somebody_elses_facts_is_left_out(better: str) -> None:
    draft = await model(feedback(better))[0].write_feedback("ICU nurse", (FACTS,))
    assert draft.questions[0].better_answer == ()


async def test_a_summary_with_a_score_of_its_own_is_refused() -> None:
    with pytest.raises(ProviderError):
        await model(feedback(summary="You reached 98 of 100."))[0].write_feedback("ICU nurse", (FACTS,))


# ---- time, tries, shapes -----------------------------------------------------------------------------------------


async def test_a_busy_vendor_is_asked_once_more_within_the_time_of_the_duty() -> None:
    judge, generator = model(ProviderError("scripted", "busy", retryable=True, retry_after_s=0.1), verdict())
    assert (await judge.judge(EXCHANGE)).relevance == 81
    assert len(generator.prompts) == 2


@pytest.mark.parametrize(
    "error",
    [
        ProviderError("scripted", "unauthorised", retryable=False),
        ProviderError("scripted", "quota", retryable=True, retry_after_s=3600.0),
    ],
    ids=["a wrong key", "tomorrow's quota"],
)
async def test_what_trying_again_cannot_mend_is_not_tried_again(error: ProviderError) -> None:
    judge, generator = model(error)
    with pytest.raises(ProviderError):
        await judge.judge(EXCHANGE)
    assert len(generator.prompts) == 1


async def test_a_vendor_that_hangs_is_left_when_the_candidate_cannot_wait() -> None:
    class Hanging(ScriptedGenerator):
        async def generate(self, prompt: Prompt, *_: object, **__: object) -> Generated:
            await asyncio.Event().wait()
            raise AssertionError

    with pytest.raises(ProviderError) as caught:
        await PromptedLanguageModel(Hanging({}), faults_of).follow_up(EXCHANGE)
    assert caught.value.category == "timeout"


@pytest.mark.parametrize("shape", [ResumeShape, PlanShape, FollowUpShape, VerdictShape, FeedbackShape])
def test_shapes_use_only_what_every_vendor_takes(shape: Any) -> None:
    schema = json_schema(shape)
    assert schema["title"] in {"resume", "plan", "follow_up", "verdict", "feedback"}
    text = str(schema)
    assert not any(word in text for word in ("$ref", "$defs", "maxLength", "pattern", "default"))

    def closed(node: dict[str, Any]) -> None:
        if node.get("type") == "object":
            assert node["required"] == list(node["properties"]) and node["additionalProperties"] is False
            for child in node["properties"].values():
                closed(child)
        if "items" in node:
            closed(node["items"])

    closed(schema)


def test_instructions_hold_no_word_of_a_person() -> None:
    odd = "Zyxwvut"
    exchange = Exchange(
        odd, odd, "skill", odd, (KeyPoint(odd),), (AnswerUtterance("u", odd, 0, 1),), claims=(Claim(odd),)
    )
    scores = {RELEVANCE: 1, CONFIDENCE: 1}
    facts = AnswerFacts("q", odd, "skill", odd, odd, scores, ((odd, odd),), (KeyPoint(odd),), ((odd, 1.0),))
    made = [
        prompts.resume_prompt(odd),
        prompts.plan_prompt(Brief(odd, "mid", (odd,), odd, ProfileDraft(odd, (odd,))), count=5, avoid=()),
        prompts.follow_up_prompt(exchange),
        prompts.judge_prompt(exchange),
        prompts.feedback_prompt(odd, (facts,)),
    ]
    assert all(odd not in prompt.instructions for prompt in made)
    assert all(any(odd in block.text for block in prompt.data) for prompt in made)
    assert all(odd not in block.label for prompt in made for block in prompt.data)


# ---- grounding ---------------------------------------------------------------------------------------------------


def test_numbers_are_the_same_in_digits_and_in_words() -> None:
    assert numbers_in("twelve of 1,200, then 2.50 and a third") == {"12", "1200", "2.5", "0.333"}
    assert unfounded_numbers("It fell by 12 percent [to how much?] in 3 weeks", ["twelve percent"]) == {"3"}


def test_names_are_known_in_any_case_and_sentences_may_begin() -> None:
    assert unfounded_names("We moved to Kafka. Then the SRE team and Priya left", ["kafka and SRE"]) == {"Priya"}


@pytest.mark.parametrize(("quote", "held"), [("It's BLANK", True), ("blan", False), ("", False), ("…", False)])
def test_a_quote_is_whole_words_in_their_order(quote: str, held: bool) -> None:
    assert occurs(quote, "I looked, and it’s blank.") is held
