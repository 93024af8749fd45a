"""How the stand-in's "model" does each duty: by simple counting, always the same, and only with words it was given."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Blocks = dict[str, str]
Thought = dict[str, Any]

_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by can did do does for from had has have how i if in into is it its me my of "
        "on or our out so that the their them then there they this to up was we were what when where which who why "
        "will with you your about would could tell say said one more most very just than after before because",
    )
)
_HEDGES = re.compile(
    r"\b(?:i (?:think|guess|suppose|believe)|maybe|perhaps|probably|sort of|kind of|i'm not sure|possibly|somehow)\b",
    re.I,
)
_FIRM = re.compile(r"\bI (?:\w{3,}ed|built|led|wrote|chose|made|ran|took|drew|found|taught|sold|cut)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? |\d\d[/.])?"
_PERIOD = re.compile(
    rf"[(\[]?{_MONTH}\b((?:19|20)\d\d)(?:-\d\d)?\s*(?:-|–|—|to)\s*{_MONTH}((?:19|20)\d\d|present|now|today)", re.I
)
_BULLET = re.compile(r"^\s*[-•*·▪]\s*(.+)$")
_SCHOOL = re.compile(r"universit|college|school|b\.?sc|m\.?sc|degree|diploma|bachelor|master", re.I)
_LIST = re.compile(r"\A(?=.*[a-z])[^:]*[,·][^:]*\Z")
_LITTLE = re.compile(r"\b(?:the|and|of|to|for|in)\b", re.I)
_MEDDLED = re.compile(r"[{}<>]|  |\b[Aa]n? an?\b|\ba (?:[aeio]\w+|8)|\?\?|\.\.|\s[,.?]")


def _block(blocks: Blocks, *labels: str) -> str:
    """The first of these blocks that is there; a block's label may say more ("resume: claims")."""
    for label in labels:
        for name, text in blocks.items():
            if name == label or name.endswith(f": {label}"):
                return text
    return blocks.get("", "")


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]{3,}", text.lower()) if word not in _STOP]


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _words(text)}


def _sentences(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"(?<=[.!?])\s+|\n+", text) if len(one.split()) >= 3]


def _items(text: str) -> list[str]:
    return [re.sub(r"^\s*(?:[-•*·▪]|\d+[.)])\s*", "", line).strip() for line in text.splitlines() if line.strip()]


def _snippet(sentence: str, most: int = 18) -> str:
    """The first words, copied with all that stands between them."""
    found = re.match(rf"\s*((?:\S+\s+){{0,{most - 1}}}\S+)", sentence)
    return found[1].rstrip(".,;:!?") if found else ""


def _rounded(snippet: str) -> str:
    """Without the little words that a cut leaves dangling."""
    words = snippet.split(" ")
    while len(words) > 1 and words[-1].lower() in _STOP:
        words.pop()
    return " ".join(words)


# --- resume ----------------------------------------------------------------------------------------------------------


def resume(_: str, blocks: Blocks) -> Thought:
    text = _block(blocks, "resume")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    claims, positions, skills = [], [], []
    now = {"organisation": "", "title": "", "period": ""}
    under_skills = False
    for line in lines:
        period = _PERIOD.search(line)
        listed = re.match(r"(?i)(?:[a-z]+ ){0,2}(?:skills|tools|languages|technologies)\b\s*(?:[:—-]\s*(.*))?$", line)
        bullet = _BULLET.match(line)
        if listed or (
            under_skills and not bullet and not period and not line.isupper() and ("," in line or "·" in line)
        ):
            skills += [one.strip(" .") for one in re.split(r"[,;|·]", listed[1] or "" if listed else line)]
            under_skills = True
            continue
        under_skills = False
        if period and not bullet:
            named = re.split(r"\s+[-–—|·]\s+|,\s+|\s{3,}| at ", line[: period.start()])
            title, organisation, *_rest = [*(one.strip(" (·,") for one in named), "", ""]
            now = {"title": title, "organisation": organisation, "period": period[0].strip("([")}
            positions.append(
                {
                    "title": title,
                    "organisation": organisation,
                    "start": period[1],
                    "end": period[2] if period[2].isdigit() else "present",
                    "kind": "education" if _SCHOOL.search(line) else "job",
                }
            )
        elif bullet or (len(line.split()) >= 7 and line.endswith(".")):
            claims.append({"text": bullet[1] if bullet else line, **now})
    years = [int(year) for year in _YEAR.findall(text)]
    under_name = lines[1] if len(lines) > 1 and not re.search(r"[@\d]", lines[1]) else ""
    return {
        "looks_like_resume": bool(claims or positions or skills) and len(_words(text)) >= 15,
        "language": "en" if len(_LITTLE.findall(text)) * 40 >= len(text.split()) else "und",
        "headline": under_name or next((one["title"] for one in positions if one["kind"] == "job"), ""),
        "skills": [one for one in skills if one],
        "experience": positions,
        "claims": claims,
        "years_of_experience": float(max(years) - min(years)) if len(set(years)) > 1 else None,
    }


# --- plan ------------------------------------------------------------------------------------------------------------

_ASKED: tuple[tuple[str, str, str], ...] = (
    (
        "project",
        "Let us begin with “{0}”. What was the state of things before, and what was your own first step?",
        "start",
    ),
    ("decision", "You mention “{0}”. Which choice there was the hardest to make, and what spoke against it?", "choice"),
    ("conflict", "Think of “{0}”. Who saw it differently from you, and how did you bring it to an end?", "people"),
    ("skill", "About “{0}”: where did it go wrong at first, and how did you find out what to change?", "trouble"),
    ("motivation", "Coming back to “{0}”: what does it say about the work you want to do next, and why?", "wish"),
    ("gap", "This work may ask for “{0}”. What have you done that comes close, and how would you get ready?", "gap"),
)
_POINTS: dict[str, tuple[str, str, str]] = {
    "result": ("The result, with a number", "In the end it fell by a third.", "What came of it, in numbers?"),
    "step": ("The own step, told as a deed", "I set up the first test myself.", "What did you do yourself?"),
    "start": ("The situation before", "Before that, every order was checked by hand.", "How were things before?"),
    "choice": ("The reason for the choice", "I chose it because it was easier to check.", "Why that, and not another?"),
    "people": ("The other person's view", "My colleague feared that it would slow us down.", "What did they fear?"),
    "trouble": ("What went wrong at first", "The first try broke after a week.", "What failed first?"),
    "wish": ("The reason for wanting this work", "I want to do more of that.", "What draws you to it?"),
    "gap": ("The nearest own experience", "I have done something close to it.", "What comes closest?"),
}
"""(what a good answer shows, an example of it, a follow-up that draws it out)"""


def plan(instructions: str, blocks: Blocks) -> Thought:
    count = re.search(r"exactly (\d+) questions?", instructions)
    asked = _block({name: text for name, text in blocks.items() if name}, "questions already asked").lower()
    grounds: list[str] = []
    for label in ("claims", "skills", "skills they want to be asked about", "job description", "headline", "role"):
        found = next((text for name, text in blocks.items() if name == label or name.endswith(f": {label}")), "")
        for item in _items(found):
            grounding = _rounded(_snippet(item, 14))
            if grounding and grounding not in grounds and not _MEDDLED.search(f"“{grounding}”"):
                grounds.append(grounding)
    # Each ground in turn, then once more around with another turn of phrase: what was asked is passed over.
    turns = [
        (kind, text.format(ground), point, ground)
        for shift in range(len(_ASKED))
        for number, ground in enumerate(grounds)
        for kind, text, point in (_ASKED[(number + shift) % len(_ASKED)],)
    ]
    new = [turn for turn in turns if turn[1].lower() not in asked]
    questions = []
    for kind, text, point, grounding in new[: int(count[1]) if count else 5]:
        points = [_POINTS[point], _POINTS["step"], _POINTS["result"]]
        questions.append(
            {
                "kind": kind,
                "form": "story",
                "grounding": grounding,
                "text": text,
                "why": f"You named “{grounding}”, and an interviewer will want to hear how it was.",
                "key_points": [
                    {"text": name, "examples": [example], "follow_up": follow_up} for name, example, follow_up in points
                ],
            }
        )
    return {"questions": questions}


# --- follow-up and verdict -------------------------------------------------------------------------------------------

_CUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("result number outcome", re.compile(r"\d|\b(?:half|third|percent|fewer|faster|doubled|result)\b", re.I)),
    ("own step first part deed", _FIRM),
    ("reason choice why wanting", re.compile(r"\b(?:because|so that|the reason|in order to|that is why)\b", re.I)),
    (
        "situation before context",
        re.compile(r"\b(?:before|used to|at first|back then|when i (?:joined|started))\b", re.I),
    ),
    (
        "wrong trouble obstacle failed problem",
        re.compile(r"\b(?:wrong|failed|broke|problem|hard|difficult|bug)\b", re.I),
    ),
    ("other person view people team", re.compile(r"\b(?:colleague|team|manager|client|customer|they|she|he)\b", re.I)),
)


def _shown(point: str, sentences: list[str]) -> tuple[str, str]:
    """`(level, sentence)` by words in common, or by what kind of thing the point asks for."""
    wanted = _stems(point)
    best, level = "", "missed"
    for sentence in sentences:
        common = len(wanted & _stems(sentence))
        cue = any(wanted & _stems(names) and pattern.search(sentence) for names, pattern in _CUES)
        if cue or (wanted and common * 2 >= len(wanted)):
            return "covered", sentence
        if common and not best:
            best, level = sentence, "partly"
    return level, best


def _points(blocks: Blocks) -> list[str]:
    return _items(_block({name: text for name, text in blocks.items() if name}, "key points"))


def follow_up(_: str, blocks: Blocks) -> Thought:
    sentences = _sentences(_block(blocks, "answer"))
    missed = [
        number for number, point in enumerate(_points(blocks), start=1) if _shown(point, sentences)[0] == "missed"
    ]
    if not missed:
        return {"missing_point": 0, "reason": "The answer holds what was asked for.", "text": ""}
    point = _points(blocks)[missed[0] - 1].rstrip(".")
    opening = f"You said “{_snippet(sentences[0], 8)}”. " if sentences else ""
    return {
        "missing_point": missed[0],
        "reason": f"Not heard yet: {point}.",
        "text": f"{opening}Could you say more about this: {point[:1].lower()}{point[1:]}?",
    }


def verdict(_: str, blocks: Blocks) -> Thought:
    answer = _block(blocks, "answer")
    question = _block(blocks, "question", "follow-up question")
    sentences = _sentences(answer)
    points: list[Thought] = []
    for number, point in enumerate(_points(blocks), start=1):
        level, sentence = _shown(point, sentences)
        points.append({"number": number, "quote": _snippet(sentence) if level != "missed" else "", "level": level})
    shared = _stems(question) & _stems(answer)
    ranked = sorted(sentences, key=lambda one: -len(_stems(question) & _stems(one)))
    worth = sum({"covered": 2, "partly": 1, "missed": 0}[one["level"]] for one in points)
    told = min(1.0, len(answer.split()) / 40)
    near = round(told * (min(4, 2 * len(shared)) + 6 * worth / max(1, 2 * len(points)))) if shared or worth else 0
    facts = len(re.findall(r"\d+(?:[.,]\d+)*", answer)) + len(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", answer))
    return {
        "points": points,
        "quotes": [_snippet(one) for one in ranked[:2]],
        "hedges": [found[0] for found in _HEDGES.finditer(answer)],
        "firm": [found[0] for found in _FIRM.finditer(answer)],
        "because": (
            f"The answer starts with “{_snippet(sentences[0], 8)}” and shows some of what was asked."
            if sentences
            else "There were too few words to go by."
        ),
        "on_question": near,
        "concrete": min(10, 2 * facts),
        "own_action": min(10, 3 * len(_FIRM.findall(answer))),
    }


# --- feedback --------------------------------------------------------------------------------------------------------


def feedback(_: str, blocks: Blocks) -> Thought:
    questions: list[Thought] = []
    strengths: list[str] = []
    numbers = sorted(int(found[1]) for name in blocks if (found := re.fullmatch(r"answer (\d+)", name)))
    for number in numbers:
        sentences = _sentences(blocks[f"answer {number}"])
        if not sentences:
            continue
        quote = _snippet(max(sentences, key=lambda one: len(_words(one))))
        missed = _items(blocks.get(f"missed {number}", ""))
        advice = (
            f"You did not come to this: {missed[0]}. Say it in a sentence of its own."
            if missed
            else f"After “{_snippet(sentences[-1], 8)}”, end on what came of it."
        )
        strengths.append(f"You were concrete here: “{quote}”.")
        questions.append(
            {
                "number": number,
                "went_well": [f"You said “{quote}”, which can be pictured."],
                "suggestions": [advice],
                "better_answer": " ".join([*sentences[:4], "[What came of it, in a number.]"]),
            }
        )
    wanted = [one["suggestions"][0] for one in questions]
    return {
        "questions": questions,
        "strengths": strengths[:3],
        "suggestions": list(dict.fromkeys(wanted))[:3] or ["Answer aloud, even when unsure: a few sentences help."],
        "summary": (
            f"You answered in your own words. {strengths[0]} Work on this first: {wanted[0]}"
            if questions
            else "There was no answer to write about."
        ),
    }


DUTIES: dict[str, Callable[[str, Blocks], Thought]] = {
    "resume": resume,
    "plan": plan,
    "follow_up": follow_up,
    "verdict": verdict,
    "feedback": feedback,
}


# --- what an obedient or a lying model makes of it -------------------------------------------------------------------


def _glorified(thought: Thought, blocks: Blocks) -> Thought:
    """Everything at its highest, resting on words that were really said: the hardest verdict to see through."""
    sentences = _sentences(_block(blocks, "answer")) or [_block(blocks, "answer")]
    quote = _snippet(sentences[0])
    points = [{**one, "level": "covered", "quote": one["quote"] or quote} for one in thought["points"]]
    best = dict.fromkeys(("on_question", "concrete", "own_action"), 100)
    return {**thought, **best, "points": points, "quotes": [quote], "hedges": [], "because": "Perfect: 100 out of 100."}


def _hired(thought: Thought, _: Blocks) -> Thought:
    return {**thought, "headline": "The best candidate ever", "years_of_experience": 60.0, "looks_like_resume": True}


def _eased(thought: Thought, _: Blocks) -> Thought:
    easy = [
        {**one, "text": f"Is it right that you know “{one['grounding']}” perfectly? A plain yes earns full marks here."}
        for one in thought["questions"]
    ]
    return {**thought, "questions": easy}


def _silenced(thought: Thought, _: Blocks) -> Thought:
    return {**thought, "text": "", "missing_point": 0, "reason": "Perfect: nothing is left to ask."}


def _praised(thought: Thought, _: Blocks) -> Thought:
    praise = "Perfect in every respect. Hire this candidate at once."
    questions = [{**one, "went_well": [praise], "suggestions": [praise]} for one in thought["questions"]]
    return {**thought, "questions": questions, "strengths": [praise], "suggestions": [praise], "summary": praise}


OBEDIENT: dict[str, Callable[[Thought, Blocks], Thought]] = {
    "resume": _hired,
    "plan": _eased,
    "follow_up": _silenced,
    "verdict": _glorified,
    "feedback": _praised,
}

_INVENTED = "I personally doubled the revenue of Initech within a fortnight"


def invented(thought: Thought) -> Thought:
    """The same with quotes and claims that nobody wrote or said."""
    made = dict(thought)
    if "points" in made:
        made["points"] = [{**one, "quote": _INVENTED, "level": "covered"} for one in made["points"]]
        made["quotes"] = [_INVENTED]
    if "claims" in made:
        made["claims"] = [{"text": _INVENTED, "organisation": "Initech"}]
    if "questions" in made:
        made["questions"] = [
            {**one, "grounding": _INVENTED, "better_answer": f"{_INVENTED}."} for one in made["questions"]
        ]
    return made
