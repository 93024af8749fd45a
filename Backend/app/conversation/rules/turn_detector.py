"""Has the answer ended? A pure decision: no audio, and no clock of its own.

The candidate is never cut off. Silence is thinking until it clearly is not, so every wait without a
plain sign of the end is longer than two seconds, and words that promise more wait longer still.
All times are milliseconds on one clock of the caller's choosing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

PRESSED_DONE_MS: Final = 0
"""The button is the candidate's own word."""
SAID_DONE_MS: Final = 800
""""That's it" gives the floor back, but people also say it on the way to a last remark."""
COMPLETE_MS: Final = 2_600
"""A finished sentence. Speakers who think between sentences pause up to about two seconds."""
OPEN_ENDED_MS: Final = 3_200
"""No sign of a sentence's end, and none that more is coming."""
SHORT_MS: Final = 4_500
"""Few words are more often a start than an answer."""
UNFINISHED_MS: Final = 5_500
"""The last word ("and", "because", "um", "the") promises more."""
SHORT_WORDS: Final = 8
HOLD_MS: Final = 30_000
""""Let me think", said or pressed, keeps the floor this long."""
HOLD_OVER_WORDS: Final = 5
"""A hold is used up once this much was said after it; an "okay" or "um" does not use it up."""
NUDGE_MS: Final = 8_000
"""Nothing said at all: reassure once."""
SILENT_MS: Final = 25_000
"""Nothing said for this long: a silent answer, which is not scored. Also counted from the end of a hold."""
LONG_ANSWER_MS: Final = 240_000
"""From here on the interviewer takes the next end of a sentence instead of waiting for a thought."""
LONG_COMPLETE_MS: Final = 1_000
LONG_UNFINISHED_MS: Final = 2_600

Kind = Literal["wait", "nudge", "ended"]
Reason = Literal[
    "speaking",
    "typing",
    "holding",
    "pressed_done",
    "said_done",
    "complete",
    "open_ended",
    "short",
    "unfinished",
    "long_answer",
    "nothing_said",
]


@dataclass(frozen=True, slots=True)
class Listening:
    """What is known while the candidate has the floor.

    Args:
        now_ms: the moment of asking.
        floor_since_ms: when the candidate got the floor; a nudge does not move it.
        speaking: a voice is heard now.
        last_voice_ms: end of the latest voice; None before any.
        words: everything recognised of this answer so far.
        held_at_ms: when "let me think" was pressed last; None if never.
        words_when_held: ``word_count`` of what had been said then.
        typing: a typed answer stands unfinished in the box.
        done: "I'm done" was pressed.
        nudged: the nudge for this question has been given.
    """

    now_ms: int
    floor_since_ms: int
    speaking: bool = False
    last_voice_ms: int | None = None
    words: str = ""
    held_at_ms: int | None = None
    words_when_held: int = 0
    typing: bool = False
    done: bool = False
    nudged: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """``decide_at_ms``: when the answer changes if nothing else does; None while only new facts can change it.

    ``ended`` with reason ``nothing_said`` is a silent answer. For ``nudge`` and ``ended`` it is the moment
    from which the decision holds, never later than now.
    """

    kind: Kind
    reason: Reason
    decide_at_ms: int | None


def decide(heard: Listening) -> Decision:
    if heard.done:
        return Decision("ended", "pressed_done", heard.now_ms - PRESSED_DONE_MS)
    if heard.speaking:
        return Decision("wait", "speaking", None)
    if heard.typing:
        return Decision("wait", "typing", None)
    hold_end = _hold_end(heard)
    if hold_end is not None and heard.now_ms < hold_end:
        return Decision("wait", "holding", _next_change(heard, hold_end))
    if not says_something(heard.words):
        return _nothing_said(heard, hold_end)
    reason, silence = _patience(heard)
    due = max(_quiet_since(heard) + silence, hold_end or 0)
    return Decision("ended" if heard.now_ms >= due else "wait", reason, due)


def _next_change(heard: Listening, hold_end: int) -> int:
    if says_something(heard.words):
        _, silence = _patience(heard)
        return max(_quiet_since(heard) + silence, hold_end)
    nothing = _nothing_said(heard, hold_end).decide_at_ms
    return hold_end if nothing is None else max(nothing, hold_end)


def _nothing_said(heard: Listening, hold_end: int | None) -> Decision:
    since = _quiet_since(heard)
    # After a hold the silence that counts is the one since it ran out.
    nudge_due = max(since + NUDGE_MS, hold_end or 0)
    ended_due = max(since, hold_end or 0) + SILENT_MS
    if heard.now_ms >= ended_due:
        return Decision("ended", "nothing_said", ended_due)
    if not heard.nudged and heard.now_ms >= nudge_due:
        return Decision("nudge", "nothing_said", nudge_due)
    return Decision("wait", "nothing_said", ended_due if heard.nudged else nudge_due)


def _patience(heard: Listening) -> tuple[Reason, int]:
    """How long a silence must last, with the sign it rests on."""
    if ends_with_done(heard.words):
        return "said_done", SAID_DONE_MS
    unfinished = promises_more(heard.words)
    # Measured up to the last voice, so that waiting alone never makes an answer long.
    if _quiet_since(heard) - heard.floor_since_ms >= LONG_ANSWER_MS:
        return "long_answer", LONG_UNFINISHED_MS if unfinished else LONG_COMPLETE_MS
    if unfinished:
        return "unfinished", UNFINISHED_MS
    if len(_content(heard.words)) <= SHORT_WORDS:
        return "short", SHORT_MS
    if heard.words.rstrip()[-1:] in ".?!":
        return "complete", COMPLETE_MS
    return "open_ended", OPEN_ENDED_MS


def _quiet_since(heard: Listening) -> int:
    if heard.last_voice_ms is None:
        return heard.floor_since_ms
    return max(heard.last_voice_ms, heard.floor_since_ms)


def _hold_end(heard: Listening) -> int | None:
    ends = []
    if heard.held_at_ms is not None and word_count(heard.words) - heard.words_when_held < HOLD_OVER_WORDS:
        ends.append(max(heard.held_at_ms, _quiet_since(heard)) + HOLD_MS)
    if ends_with_hold(heard.words):
        ends.append(_quiet_since(heard) + HOLD_MS)
    return max(ends) if ends else None


_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_HESITATIONS: Final = _words("um umm uhm uh uhh er erm hmm hm mm mmm ah oh")
_FILLERS: Final = _HESITATIONS | _words("like so well okay ok yeah right actually basically")

_PROMISES: Final = _HESITATIONS | _words(
    "and but or nor so because cause since that which who whom whose when where while whereas if unless until",
    "although though as than then also plus",
    "to of in on at for with without from by into onto about over under between through during against toward towards",
    "the a an my our their his her its your this these those some any every each",
    "i we they he she you",
    "is are was were be been being am have has had do does did would could should will can may might must",
    "i'm we're they're i've we've i'd we'd i'll we'll there's",
    "not very really quite just even more most like basically actually well",
)

_PROMISING_PAIRS: Final = frozenset(
    {"you know", "i mean", "kind of", "sort of", "such as", "for example", "for instance"}
)

# A phrase of giving back counts only where a clause begins: "I don't think that's all" goes on.
_DONE: Final = re.compile(
    r"(?:^|[.,;:!?…]\s*|\b(?:and|so|but|yeah|yes|okay|ok|well|um|uh)\s+)"
    r"(?:i (?:think|guess|believe|suppose) )?"
    r"(?:(?:that's|that is|that was|that'll be|that would be) "
    r"(?:about |pretty much |basically |really )?(?:it|all|everything)"
    r"|(?:that's|that is) (?:my answer|all i have|all i've got|the end of it)"
    r"|(?:i'm|i am) (?:done|finished))"
    r"(?: for (?:me|now|that(?: one)?)| from me| really| basically)?(?:[, ]+(?:thanks|thank you))?[\s.!…]*$"
)

_HOLD: Final = re.compile(
    r"\b(?:let me (?:just )?(?:think|see|reflect|gather my thoughts|collect my thoughts|recall|remember)"
    r"|let me (?:have|take) (?:a|one) (?:second|sec|moment|minute)"
    r"|(?:can you |could you |please |just )?give me (?:a|one|just a|just one) (?:second|sec|moment|minute|bit)"
    r"|(?:just )?(?:one|a) (?:second|sec|moment|minute),? please|just (?:a|one) (?:second|sec|moment|minute)"
    r"|hold on|hang on|bear with me|i need (?:a|one) (?:second|sec|moment|minute)"
    r"|i(?:'m| am) (?:still )?thinking)"
    r"(?:,? (?:about|on|of) (?:it|that|this|the question|that one|this one|a good example|an example|one))?"
    r"(?:,? (?:for )?(?:a|one|just a) (?:second|sec|moment|minute|bit))?"
    r"(?: (?:to think|here|first|please))*(?:[\s.,!?…]+(?:um+|uh+|hmm*|so|okay|ok|please))*[\s.,!?…]*$"
)


def word_count(words: str) -> int:
    """How many words: what ``words_when_held`` is counted in."""
    return len(_WORD.findall(words))


_TAIL_CHARS: Final = 200


def _flat(words: str) -> str:
    return " ".join(words.lower().replace("’", "'").split())


def _tail(words: str) -> str:
    """The last sentence or two. Asked again for every piece of audio, also in a long answer."""
    return _flat(words[-_TAIL_CHARS:])


def _content(words: str) -> list[str]:
    return [w for w in _WORD.findall(_flat(words)) if w not in _FILLERS]


def says_something(words: str) -> bool:
    """Whether there is an answer in it: more than fillers and a plea for time."""
    return bool(_content(_HOLD.sub("", _flat(words))))


def ends_with_done(words: str) -> bool:
    """Whether it closes with "that's it", "I'm done" or the like, as a clause of its own."""
    return bool(_DONE.search(_tail(words)))


def ends_with_hold(words: str) -> bool:
    """Whether it closes with "let me think", "give me a second" or the like."""
    return bool(_HOLD.search(_tail(words)))


def promises_more(words: str) -> bool:
    """Whether the last word belongs to something still to come, whatever mark the recogniser put there."""
    flat = _flat(words)
    found = _WORD.findall(flat)
    if not found:
        return False
    if flat.endswith((",", "-", "—", "…", "...")):
        return True
    return found[-1] in _PROMISES or " ".join(found[-2:]) in _PROMISING_PAIRS
