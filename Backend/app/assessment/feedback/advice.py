"""For every sort of key point: how to name it when it was shown, the gap it leaves when not, and what to do next time.

Our own writing. A gap stands in square brackets, so that nobody takes it for a fact; it is filled by the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.assessment.point_cues import sorts_of
from app.domain.question import KeyPoint


@dataclass(frozen=True, slots=True)
class Advice:
    """`rank` is the place in a told story. `shown` follows "you" ("you said what …"), `rule` is an order to oneself."""

    rank: int
    shown: str
    gap: str
    rule: str
    next_time: str


_ADVICE: Final[dict[str, Advice]] = {
    "situation": Advice(
        1,
        "set the scene",
        "At the start, [what the situation was, and why it mattered].",
        "Set the scene in one sentence",
        "begin with where things stood and why somebody had to act",
    ),
    "motive": Advice(
        1,
        "gave a reason of your own",
        "What draws me to this is [your own reason, as specific as you can].",
        "Give a reason that only you could give",
        "name one moment in your work that you look forward to",
    ),
    "transfer": Advice(
        2,
        "connected it to something you have done",
        "What comes closest in my own experience is [one thing you did, and when].",
        "Bring in the nearest thing you have done",
        "start with “what comes closest is …” and tell that one case",
    ),
    "obstacle": Advice(
        3,
        "said what was hard",
        "The hardest part was [what stood in the way], so I [what you did about it].",
        "Name the hard part",
        "say what nearly stopped you, and the one thing you did about it",
    ),
    "other_view": Advice(
        3,
        "saw the other person's side",
        "From their side, [what the other person wanted or feared].",
        "Tell the other side fairly",
        "add one sentence that the other person would agree with",
    ),
    "cause": Advice(
        4,
        "explained how you found the cause",
        "The cause turned out to be [what it was], which I found by [how you found it].",
        "Show how you found the cause",
        "say what you ruled out first, and what gave it away",
    ),
    "order": Advice(
        4,
        "said what came first and what had to wait",
        "First came [what], because [why]; [what] had to wait.",
        "Say what came first and why",
        "name one thing you did at once and one that you let wait",
    ),
    "alternatives": Advice(
        5,
        "weighed another way",
        "The alternative was [what else you could have done].",
        "Name the way you did not take",
        "add “the alternative was …” before you give your reason",
    ),
    "own": Advice(
        6,
        "named what you did yourself",
        "My own part was to [the steps you took yourself].",
        "Say what you did yourself",
        "start two sentences with “I” and a verb: “I called …”, “I rebuilt …”",
    ),
    "talked": Advice(
        6,
        "told what was actually said",
        "I told them [what you said, in your own words], and listened to [what they said].",
        "Let us hear the conversation",
        "quote one sentence you said and one you heard",
    ),
    "shared_out": Advice(
        6,
        "showed how you supported others",
        "I gave [whom] [which part], and supported them by [how].",
        "Show how you brought others along",
        "name one person and what you changed for them",
    ),
    "plan": Advice(
        6,
        "had a concrete plan",
        "In the first weeks I would [your first step], and then [your second].",
        "Give a plan with a date in it",
        "name the first two steps and by when they are done",
    ),
    "reason": Advice(
        7,
        "gave your reasons",
        "I chose that because [your main reason].",
        "Give the reason",
        "finish the sentence “I chose that because …” with the one reason that decided it",
    ),
    "given_up": Advice(
        8,
        "said what it cost",
        "The price of it was [what you gave up].",
        "Say what you gave up",
        "add what got worse or had to wait, and why that was acceptable",
    ),
    "check": Advice(
        8,
        "said how you checked",
        "I checked it by [how you knew that it worked].",
        "Say how you know",
        "name what you counted or tested, and how often",
    ),
    "settled": Advice(
        9,
        "said how it was settled",
        "In the end we agreed on [what you settled on], and since then [how you work together].",
        "Bring it to an end",
        "say what was agreed and how you get on today",
    ),
    "result": Advice(
        9,
        "said what came of it",
        "In the end, [what changed, with your number here].",
        "End on what came of it",
        "finish with one sentence that holds a number or something people could see",
    ),
    "lasting": Advice(
        10,
        "said how it was made to last",
        "So that it lasts, [what keeps it in place].",
        "Say what keeps it in place",
        "add the checklist, date or person that keeps it from slipping back",
    ),
    "limits": Advice(
        10,
        "were honest about the limits",
        "What I would still have to learn is [what is missing].",
        "Be honest about the limits",
        "name one thing you do not know yet and how you would find out",
    ),
    "learned": Advice(
        11,
        "said what you learned",
        "Next time I would [what you would do differently].",
        "Close with what you learned",
        "end on one thing you do differently since then",
    ),
}

# Where a point asks for two things, the more telling one gives the words.
_MORE_TELLING: Final = (
    "situation", "own", "settled", "result", "other_view", "talked", "alternatives", "given_up", "learned", "plan",
    "motive", "reason", "transfer", "limits", "obstacle", "cause", "lasting", "order", "shared_out", "check",
)  # fmt: skip


def kind_of(point: KeyPoint) -> str:
    """The sort of point by which it is spoken of, or the point's own text where it is of no sort."""
    names = {sort.name for sort in sorts_of(point)}
    return next((name for name in _MORE_TELLING if name in names), point.text)


def advice_for(point: KeyPoint) -> Advice:
    known = _ADVICE.get(kind_of(point))
    if known:
        return known
    # In the point's own words, as the page shows them: how they would bend to a sentence nobody can know.
    text = f"“{point.text.strip().rstrip('.')}”"
    ask = point.follow_up or f"Did your answer show {text}?"
    return Advice(
        6,
        f"showed {text}",
        f"[Here, in your own words: {text}.]",
        f"Make room for {text}",
        f"have an answer ready to “{ask}”",
    )


def lowered(text: str) -> str:
    """The text as it follows a colon: no capital, no full stop; an acronym keeps its capitals."""
    text = text.strip().rstrip(".")
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]
