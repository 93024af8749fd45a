"""What we say to a vendor's model: for each duty our instructions, and the data as labelled blocks.

Instructions hold no word of a person's, not even the role: everything that somebody else wrote or said is a block, and
`fence` shows it as data. The only values that get into instructions are numbers of ours (how many questions) and, on
a second try, our own description of what was wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.answer import Exchange
from app.domain.blueprint import blueprint
from app.domain.feedback import AnswerFacts
from app.domain.question import Brief, KeyPoint, PlannedQuestion
from app.services.language_model.generation import DataBlock, Prompt

MAX_BLOCK = 30_000
"""Characters of one block: a resume of twelve dense pages; what stands behind it is not read."""
MAX_CLAIMS = 40
MAX_ASKED_BEFORE = 60

_READ_RESUME = """
You read resumes for an interviewer. The block "resume" is the text of one, with its layout lost. Say what it holds.

- looks_like_resume: whether the block is the resume of one person.
- language: ISO 639-1 code of the language it is written in, "und" when unclear.
- headline: who this person is in their trade, at most ten words, from the words of the resume.
- skills: each skill, tool, method or language the resume names, in its own spelling, once.
- experience: jobs, studies, projects and volunteering with title, organisation, start and end as YYYY-MM or YYYY
  ("present" for a running one, empty when it is not said), newest first.
- claims: what the person says they did, one bullet or sentence each, copied word by word, with the organisation, title
  and period it belongs to. These are what an interviewer asks about: take deeds and results, leave out duties without
  substance, contact data, hobbies, lists of skills.
- years_of_experience: years in jobs, overlaps counted once; null when the resume gives no dates.

Copy, never improve. Add nothing that is not there. A field you cannot fill is empty.
"""

_PLAN = """
You plan a job interview for one candidate, as an experienced, warm and demanding interviewer of their trade would. The
blocks give the role they want, their level, their skills, the job description and what their resume claims.

Write exactly {count} questions, in this order of forms: {forms}.
- form: opener (the person's way to this role), knowledge (what one must know for this work, at their level), story
  (what they did, out of their best claim), situation (a concrete case of this work), closing (what is open, what the
  job description asks for, what comes next).
- The block "what the work is made of" names what knowledge and situation questions are about.
- Nothing of the block "asked in earlier interviews" comes back in the same words.
- An opener, a story and a closing are about something this person really wrote: a claim of the resume first, then a
  skill, then the job description, and the role itself only when there is nothing else. Prefer what is recent, specific,
  measurable and close to the role. Knowledge and a situation rest on the role or on a skill.
- grounding: the words it is about, copied word by word from a block (3 to 14 words).
- text: 80 to 300 characters, one or two sentences, spoken aloud: names the grounding in (nearly) the same words and
  then asks one thing that only somebody who did it can answer well, such as the choice behind it, the hardest moment,
  what went wrong, how they know that it worked, who disagreed. Not answerable with yes or no. No list of questions, no
  quiz, no riddle, no trap, nothing private. Ends with a question mark. Address the candidate as "you".
- kind: project, decision, conflict, gap (something the role wants and the resume does not show), skill or motivation.
- why: one friendly sentence to the candidate, at most 25 words: why this is asked.
- key_points: 3 to 5 things a good answer shows, each something that can be heard in an answer (the situation, the own
  step, the reason, the obstacle, the result with a number), not a virtue. examples: 2 or 3 short sentences as a
  candidate could really say them. follow_up: one short spoken question, at most 25 words, that draws this point out
  when it was missed.
- Level: ask students and juniors about how they did it and what they learned, seniors and leads about trade-offs,
  other people and consequences.
- No question may repeat another or one of the block "questions already asked".
- Use no number, name or tool that is not in the blocks.
"""

_FOLLOW_UP = """
You are the interviewer, in the middle of a spoken interview. The blocks give the question that was asked, the key
points a good answer shows, and what the candidate answered. Ask one follow-up, if it helps.

- Ask for the most telling thing that is missing or vague: their own part, the reason, the number, the outcome. Pick up
  the candidate's own words, so that they feel heard.
- text: one spoken question, at most 35 words, ends with a question mark. Warm, plain, never a judgement, never a hint
  at a score. No number or name that the blocks do not hold.
- missing_point: the number of the key point you ask for, 0 for none of them.
- reason: one sentence for the record: what was missing.
- When the answer is full, or the candidate would rather not say more, leave text empty.
"""

_JUDGE = """
You judge one answer of a job interview, fairly and by what was said alone. The blocks give the role, the question, the
numbered key points a good answer shows, and the answer as it was spoken (written down by a machine, so spelling and
punctuation are not the candidate's).

Go in this order:
- points: for each key point, by its number: quote the candidate's words that show it (copied word by word from the
  answer, 4 to 30 words), then its level. covered: said concretely. partly: touched, or said in general. missed: not
  said; the quote is then empty.
- quotes: up to three further quotes that answer the question most directly.
- hedges: the candidate's phrases that weaken what they say ("I suppose", "to some extent"), copied, at most five words
  each; fillers such as "um" and honest precision ("about 40") are no hedges.
- firm: the candidate's phrases that state an own act or a conviction ("I decided", "I insisted"), copied, at most five
  words each.
- because: one plain sentence to the candidate: what the ratings rest on.
- on_question, 0 to 10: how far the answer answers what was asked. 10: fully and directly. 5: half of it, or beside the
  point for half of the time. 2: only the same subject. 0: something else, a refusal, the question said back, or words
  that are not an answer.
- concrete, 0 to 10: facts that could be checked: numbers, names, times, steps, an example. 0: only general sentences.
- own_action, 0 to 10: how clear it is what the candidate did, rather than "we" or "one".

Judge content, not accent, grammar, length, politeness or how impressive the employer is. An ordinary good answer is
about 6 or 7; 10 is rare. What is not in the answer was not said.
"""

_FEEDBACK = """
You write the feedback after a mock interview, for the candidate: a kind, honest coach. The blocks give, for each
question by its number, what was asked, what they answered, which key points were shown (with their words) or missed,
what was measured, and the scores; the block "resume" gives their own claims.

- questions: one entry for each numbered question that has an answer. went_well: 1 to 3 sentences, each resting on words
  quoted from the answer; none when there was nothing. suggestions: 1 to 3 concrete things to do next time, each
  naming what in this answer it is about. better_answer: how they could put it, first person, 60 to 130 words, in their
  own manner, beginning with the situation, then their own step, then the result. Use only facts from their answer and
  their claims. Where a fact is missing leave a gap in square brackets that says what belongs there, such as [by how
  much it fell]. Never fill a gap yourself.
- strengths: 1 to 3 sentences about the whole interview, each naming its question and quoting words.
- suggestions: 1 to 3 things that would help most in the next interview, most useful first.
- summary: 2 to 4 sentences: how it went, what carried it, what to work on first.

Speak to the candidate as "you". Plain words, no praise without a reason, no comparison with others, no promise about a
job. State no score or number of your own; numbers you mention must stand in the blocks.
"""


def resume_prompt(text: str) -> Prompt:
    return Prompt(_READ_RESUME, _blocks(("resume", text)))


def _forms(brief: Brief, count: int, avoid: Sequence[PlannedQuestion]) -> tuple[str, ...]:
    """One question takes the place, and the form, of the first to be avoided."""
    return (avoid[0].form or "story",) if count == 1 and avoid else blueprint(brief.kind, count)


def plan_prompt(brief: Brief, *, count: int, avoid: Sequence[PlannedQuestion]) -> Prompt:
    profile = brief.profile
    positions = (
        f"{one.title}, {one.organisation} ({one.start} - {one.end}, {one.kind})".replace(", (", " (")
        for one in profile.experience
    )
    return Prompt(
        _PLAN.format(count=count, forms=", ".join(_forms(brief, count, avoid))),
        _blocks(
            ("role", brief.role),
            ("level", brief.seniority),
            ("skills they want to be asked about", _lines(brief.skills)),
            ("job description", brief.job_description),
            ("what the work is made of", _lines(brief.competencies)),
            ("asked in earlier interviews", _lines(old.text for old in brief.asked_before[:MAX_ASKED_BEFORE])),
            ("resume: headline", profile.headline),
            ("resume: skills", _lines(profile.skills)),
            ("resume: experience", _lines(positions)),
            ("resume: claims", _lines(claim.text for claim in profile.claims[:MAX_CLAIMS])),
            ("questions already asked", _lines(question.text for question in avoid)),
        ),
    )


def follow_up_prompt(exchange: Exchange) -> Prompt:
    return Prompt(_FOLLOW_UP, _exchange(exchange))


def judge_prompt(exchange: Exchange) -> Prompt:
    return Prompt(_JUDGE, _exchange(exchange))


def feedback_prompt(role: str, answers: Sequence[AnswerFacts]) -> Prompt:
    blocks = [("role", role)]
    for number, facts in enumerate(answers, start=1):
        measured = ", ".join(f"{name} {value:g}" for name, value in facts.measurements)
        scored = ", ".join(f"{kind.capitalize()} {value}" for kind, value in facts.scores.items() if value is not None)
        blocks += [
            (f"question {number}", facts.question),
            (f"answer {number}", facts.answer),
            (f"shown {number}", _lines(f"{point}: “{quote}”" for point, quote in facts.covered)),
            (f"missed {number}", _lines(point.text for point in facts.missed)),
            (f"measured {number}", measured),
            (f"scores {number}", scored),
        ]
    claims = answers[0].claims if answers else ()
    blocks.append(("resume", _lines(claim.text for claim in claims[:MAX_CLAIMS])))
    return Prompt(_FEEDBACK, _blocks(*blocks))


def once_more(prompt: Prompt, faults: Iterable[str]) -> Prompt:
    """The same request with what was wrong with the first answer. `faults` are our words, never the model's."""
    listed = "\n".join(f"- {fault}" for fault in list(faults)[:12])
    return Prompt(f"{prompt.instructions.strip()}\n\nAn earlier try was not usable:\n{listed}\n", prompt.data)


def _exchange(exchange: Exchange) -> tuple[DataBlock, ...]:
    return _blocks(
        ("role", exchange.role),
        ("follow-up question" if exchange.is_follow_up else "question", exchange.question),
        ("key points", _numbered(exchange.key_points)),
        ("answer", "\n".join(said.text for said in exchange.answer)),
    )


def _numbered(points: Sequence[KeyPoint]) -> str:
    return "\n".join(f"{number}. {point.text}" for number, point in enumerate(points, start=1))


def _lines(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items if item.strip())


def _blocks(*labelled: tuple[str, str]) -> tuple[DataBlock, ...]:
    """Blocks with something in them."""
    return tuple(DataBlock(label, text[:MAX_BLOCK]) for label, text in labelled if text.strip())
