"""Which forms of question an interview of a kind and length is made of, in the order they are asked.

An opener lets somebody find their voice, the story behind the best claim and a situation of the work stand in the
middle, and the end looks ahead: the order that structured interviewing uses (U.S. Office of Personnel Management,
"Structured Interviews: A Practical Guide", 2008: rapport first, then what is rated, closing last).
"""

from __future__ import annotations

from app.domain.question import InterviewKind, QuestionForm

_BLUEPRINTS: dict[InterviewKind, dict[int, tuple[QuestionForm, ...]]] = {
    "mixed": {
        3: ("opener", "story", "situation"),
        5: ("opener", "knowledge", "story", "situation", "closing"),
        8: ("opener", "knowledge", "story", "situation", "knowledge", "story", "situation", "closing"),
    },
    "behavioural": {
        3: ("opener", "story", "story"),
        5: ("opener", "story", "story", "situation", "closing"),
        8: ("opener", "story", "story", "situation", "story", "story", "situation", "closing"),
    },
    "technical": {
        3: ("opener", "knowledge", "knowledge"),
        5: ("opener", "knowledge", "story", "knowledge", "situation"),
        8: ("opener", "knowledge", "story", "knowledge", "situation", "knowledge", "knowledge", "closing"),
    },
    "screening": {
        3: ("opener", "story", "closing"),
        5: ("opener", "story", "knowledge", "closing", "closing"),
        8: ("opener", "story", "knowledge", "situation", "story", "knowledge", "closing", "closing"),
    },
    "case": {
        3: ("opener", "situation", "situation"),
        5: ("opener", "situation", "knowledge", "situation", "story"),
        8: ("opener", "situation", "knowledge", "situation", "story", "situation", "knowledge", "closing"),
    },
}
# What a count without a blueprint of its own is filled up with, in turn.
_MORE: tuple[QuestionForm, ...] = ("story", "knowledge", "situation")


def blueprint(kind: InterviewKind, count: int) -> tuple[QuestionForm, ...]:
    """The forms of `count` questions (1 or more), in order."""
    known = _BLUEPRINTS[kind]
    if count in known:
        return known[count]
    longest = max((length for length in known if length < count), default=0)
    if not longest:
        return known[3][:count]
    return (*known[longest], *(_MORE[turn % len(_MORE)] for turn in range(count - longest)))
