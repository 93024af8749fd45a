"""How to ask about a claim that no concept card covers: one schema per sort of deed, for any trade.

Each probe follows a sentence that restates the claim ("At Northgate School you taught Year 9 algebra.").
"""

# Each probe is one line.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass

from app.domain.question import QuestionForm, QuestionKind
from app.preparation.resume.claims import Deed


@dataclass(frozen=True, slots=True)
class Probe:
    """A question that follows the restated claim, and the names of the key points a good answer shows."""

    kind: QuestionKind
    text: str
    points: tuple[str, ...]


def _p(kind: QuestionKind, text: str, points: str) -> Probe:
    return Probe(kind, text, tuple(points.split()))


SCHEMAS: dict[Deed, tuple[Probe, ...]] = {
    "change": (
        _p("project", "Which single change made most of the difference, and how do you know it was not chance?", "before own_part cause measure lasting"),
        _p("project", "Take me from where things stood before to that result. What did you do first?", "before steps own_part result"),
        _p("decision", "What else could you have tried to get there, and why did you go the way you did?", "alternatives reason trade_off result"),
        _p("conflict", "Somebody's habits had to change for that. Who found it hard, and how did you deal with them?", "other_view talked common_ground result relationship"),
    ),
    "team": (
        _p("project", "How did you share out the work, and what did you keep for yourself?", "leading own_part hard_part result"),
        _p("conflict", "Tell me about somebody there who was not pulling their weight. What did you say to them?", "other_view hard_talk talked relationship"),
        _p("decision", "Tell me about a call you had to make there that not everybody liked. What was at stake?", "situation alternatives reason result learning"),
    ),
    "build": (
        _p("project", "Who was it for, and what did you learn once they began to use it?", "users own_part hard_part result"),
        _p("project", "What was the hardest part to get right, and how did you know that it worked?", "situation own_part hard_part result"),
        _p("decision", "Which choice early on shaped the rest, and what did you turn down for it?", "alternatives reason trade_off result"),
        _p("conflict", "Where did others want it done differently, and how was that settled?", "other_view talked common_ground relationship"),
    ),
    "fix": (
        _p("project", "Pick the one that was hardest to pin down. How did you find the cause?", "situation found own_part result prevent"),
        _p("decision", "When several needed you at once, how did you decide which came first?", "urgency reason alternatives result"),
        _p("conflict", "Tell me about a time when somebody disagreed with you about what was wrong. How did you sort it out?", "other_view found talked common_ground"),
    ),
    "teach": (
        _p("project", "Think of one person who was struggling. What did you change for them, and what came of it?", "learner adapted own_part checked result"),
        _p("decision", "What did you leave out so that the rest would stick, and how did you decide that?", "alternatives reason learner checked"),
        _p("conflict", "Tell me about somebody there who did not want to learn it. How did you win them over?", "other_view talked adapted relationship"),
    ),
    "sell": (
        _p("project", "Take me through one that you are proud of, from the first conversation to the yes.", "need steps objection result"),
        _p("decision", "Tell me about a deal or a customer that you decided to let go. How did you know?", "situation reason trade_off learning"),
        _p("conflict", "Tell me about a customer who turned against you. What did you do?", "other_view talked common_ground relationship"),
    ),
    "care": (
        _p("project", "Tell me about one person from that time whom you still think about. What did you do for them?", "situation person own_part safe result"),
        _p("decision", "Tell me about a moment there when you had to decide quickly. What did you look at first?", "situation safe reason result learning"),
        _p("conflict", "Tell me about a disagreement there over what was best for somebody. How did you handle it?", "other_view person talked common_ground"),
    ),
    "study": (
        _p("project", "What question were you trying to answer, and what did you do yourself?", "question method own_part finding"),
        _p("decision", "Why did you choose that over the other subjects open to you, and would you again?", "reason alternatives trade_off learning"),
        _p("skill", "What from it would you use in your first months in this job?", "practice transfer limits"),
    ),
    "award": (
        _p("project", "What had you done to earn that, and who helped you?", "situation why_them own_part learning"),
        _p("motivation", "What did that mean to you, and what has it changed in how you work?", "motive why_them evidence"),
    ),
    "analyse": (
        _p("project", "What did you find that nobody had expected, and what was done because of it?", "question method finding result"),
        _p("decision", "How did you decide what to look at and what to leave out?", "question alternatives reason method"),
        _p("conflict", "Who did not like what you found, and how did you handle that?", "other_view finding talked common_ground"),
    ),
    "organise": (
        _p("project", "What nearly went wrong, and what had you prepared for it?", "situation planning own_part hard_part result"),
        _p("decision", "When time or people ran short, what did you drop, and why that?", "situation reason trade_off result"),
        _p("conflict", "Who pulled in another direction, and how did you bring them along?", "other_view talked common_ground relationship"),
    ),
    "money": (
        _p("project", "Where did you find the first thing that did not add up, and what did you do about it?", "situation found own_part accuracy result"),
        _p("decision", "Tell me about an amount you had to say no to. How did you decide, and how did you say it?", "money reason told result"),
        _p("conflict", "Tell me about a time when somebody pressed you to bend the figures or the rules. What did you do?", "situation other_view talked safe result"),
    ),
    "advise": (
        _p("project", "Pick one case where your advice changed what happened. What did you tell them?", "situation own_part audience result"),
        _p("decision", "Tell me about one where you were not sure yourself. How did you settle on what to say?", "doubt alternatives reason result"),
        _p("conflict", "Tell me about a time when they did not want to hear it. How did you put it?", "other_view talked audience relationship"),
    ),
    "write": (
        _p("project", "Who had to be able to use it, and how did you find out whether they did?", "users own_part audience result"),
        _p("decision", "What did you leave out of it, and why?", "audience alternatives reason trade_off"),
        _p("conflict", "Who would have put it differently, and how did you settle that?", "other_view talked common_ground relationship"),
    ),
    "negotiate": (
        _p("project", "What did the other side need that was not on the table, and how did you find out?", "situation other_view talked result"),
        _p("decision", "What had you made up your mind not to give, and how did you arrive at that?", "situation reason trade_off result"),
        _p("conflict", "Take me to the moment when it was about to fail. What did you do?", "other_view talked common_ground relationship"),
    ),
    "volume": (
        _p("project", "Describe the busiest day you remember there. What came first, and what had to wait?", "situation volume accuracy result"),
        _p("decision", "When there was more than one person could do, what did you let go, and who knew about it?", "volume reason told learning"),
    ),
    "other": (
        _p("project", "Tell me how that came about, and what your own part in it was.", "situation own_part steps result"),
        _p("project", "What was the hardest day of that, and how did you get through it?", "situation hard_part own_part learning"),
        _p("decision", "Tell me about a decision in that work that you made yourself. What spoke against it?", "situation alternatives reason result"),
        _p("decision", "Looking back, which choice in that would you make differently today, and why?", "situation reason learning trade_off"),
        _p("conflict", "Tell me about a time in that work when you and somebody else saw things differently. How did it end?", "situation other_view talked common_ground"),
        _p("conflict", "Who was hard to work with in that, and what did you do to make it work?", "other_view talked common_ground relationship"),
        _p("skill", "What can you do today because of it that you could not do before?", "practice own_part limits learning"),
    ),
}  # fmt: skip

# About a position as a whole, when its single lines give too little.
POSITION_PROBES: tuple[Probe, ...] = (
    _p("decision", "Tell me about a decision there that was yours to make, and that you had to defend.", "situation alternatives reason result"),
    _p("conflict", "Tell me about a colleague or a boss there with whom you disagreed. How did you settle it?", "situation other_view talked common_ground"),
    _p("project", "What did you leave behind there that is still in use, or still done your way?", "situation own_part result lasting"),
    _p("decision", "Tell me about a day there when everything was urgent at once. How did you choose?", "situation priorities told result"),
    _p("project", "Tell me about something there that went wrong and was your doing. What did you do next?", "situation own_part told learning"),
    _p("skill", "What did you learn there that you could not have learned from a course?", "practice own_part learning"),
)  # fmt: skip

# About studies, for people with little or no work behind them.
STUDY_PROBES: tuple[Probe, ...] = (
    _p("project", "Which piece of work from it are you proud of, and what was your own part?", "situation own_part hard_part result"),
    _p("decision", "When did you have to choose what not to do, and how did you decide?", "situation alternatives reason learning"),
    _p("conflict", "Tell me about a group assignment where somebody did not do their share. What did you do?", "situation other_view talked common_ground"),
    _p("skill", "What did you learn there that you would use in your first month here?", "practice transfer limits"),
)  # fmt: skip

# About a skill that the bank does not know; "{skill}" is the person's own wording.
SKILL_PROBES: tuple[tuple[QuestionForm, str, tuple[str, ...]], ...] = (
    ("story", "You list {skill} among your skills. Tell me about the hardest thing you have done with it, and how you know that it was done well.", ("practice", "hard_part", "quality", "limits")),
    ("knowledge", "Your skills include {skill}. Suppose a beginner asked you for the one mistake to avoid there. What would you say, and why?", ("practice", "reason", "limits", "adapted")),
    ("situation", "Suppose you have one morning to teach {skill} to a new colleague. What would you show first, and what would you leave for later?", ("steps", "priorities", "learner", "checked")),
    ("story", "{Skill} is on your list of skills. When did it last make a real difference, and what did you do exactly?", ("practice", "own_part", "result", "limits")),
    ("knowledge", "You mention {skill}. What tells somebody who is really good at it from somebody who has only begun?", ("practice", "quality", "limits")),
)  # fmt: skip
