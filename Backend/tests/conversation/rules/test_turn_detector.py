from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.conversation.rules.turn_detector import (
    COMPLETE_MS,
    HOLD_MS,
    LONG_ANSWER_MS,
    NUDGE_MS,
    OPEN_ENDED_MS,
    SAID_DONE_MS,
    SHORT_MS,
    SILENT_MS,
    UNFINISHED_MS,
    Listening,
    decide,
    ends_with_done,
    ends_with_hold,
    promises_more,
    says_something,
    word_count,
)

ANSWER = "We moved the billing service to a queue and the failures went down by half."
START = 100_000
LAST = 130_000


def after(silence_ms: int, words: str = ANSWER, **more: object) -> Listening:
    """The candidate said `words` and has been silent since."""
    heard = Listening(now_ms=LAST + silence_ms, floor_since_ms=START, last_voice_ms=LAST, words=words)
    return replace(heard, **more)  # type: ignore[arg-type]


def nothing(silence_ms: int, **more: object) -> Listening:
    """The candidate has the floor and has said nothing."""
    return replace(Listening(now_ms=START + silence_ms, floor_since_ms=START), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        ANSWER,
        "We moved the billing service to a queue and the failures went down",
        "I led a team.",
        "We moved the billing service to a queue because",
        "Yes.",
    ],
)
def test_a_pause_of_two_seconds_in_mid_answer_does_not_end_it(words: str) -> None:
    assert decide(after(2_000, words)).kind == "wait"


def test_a_second_pause_does_not_end_the_answer_either() -> None:
    later = after(2_000, ANSWER + " Then we measured it.", last_voice_ms=LAST + 9_000, now_ms=LAST + 11_000)
    assert decide(later).kind == "wait"


@pytest.mark.parametrize(
    ("words", "reason", "silence"),
    [
        (ANSWER, "complete", COMPLETE_MS),
        ("We moved the billing service to a queue and the failures went down", "open_ended", OPEN_ENDED_MS),
        ("I did it.", "short", SHORT_MS),
        (
            "We moved the billing service to a queue, and then the failures went down because.",
            "unfinished",
            UNFINISHED_MS,
        ),
        (ANSWER + " That's it.", "said_done", SAID_DONE_MS),
    ],
)
def test_how_long_silence_must_last_depends_on_the_last_words(words: str, reason: str, silence: int) -> None:
    before, then = decide(after(silence - 1, words)), decide(after(silence, words))
    assert (before.kind, before.reason, before.decide_at_ms) == ("wait", reason, LAST + silence)
    assert (then.kind, then.reason) == ("ended", reason)


@pytest.mark.parametrize(
    "words",
    [
        "It went live in March and that's it.",
        "That's all.",
        "It went live. I'm done",
        "yeah I think that's about it, thank you.",
        "We shipped it. So that would be all from me.",
        "I guess that's everything",
        "That’s my answer.",
    ],
)
def test_giving_the_floor_back_in_words_is_understood(words: str) -> None:
    assert ends_with_done(words)


@pytest.mark.parametrize(
    "words",
    [
        "I don't think that's all",
        "That's it exactly why we changed",
        "He told me I'm done with you",
        "we were almost done",
        "When I am done with the tests I deploy",
        "",
    ],
)
def test_other_uses_of_those_words_do_not_give_it_back(words: str) -> None:
    assert not ends_with_done(words)


@pytest.mark.parametrize(
    "words",
    [
        "Let me think.",
        "Hmm, let me think about that for a second.",
        "Good question. Give me a moment",
        "Could you give me a minute, please?",
        "hold on",
        "I was at a bank then. Let me see...",
        "Let me think, um",
        "I need a second to think",
    ],
)
def test_a_plea_for_time_holds_the_floor(words: str) -> None:
    assert ends_with_hold(words)
    assert decide(after(HOLD_MS - 1, words)).reason == "holding"
    assert decide(after(HOLD_MS - 1, words)).kind == "wait"


@pytest.mark.parametrize(
    "words", ["Let me think about the customer first, I said.", "They let me think that it was fine", ""]
)
def test_thinking_as_a_subject_is_no_plea(words: str) -> None:
    assert not ends_with_hold(words)


def test_the_hold_is_used_up_once_the_answer_goes_on() -> None:
    words = "Let me think. " + ANSWER
    assert decide(after(COMPLETE_MS, words)).kind == "ended"
    held = {"held_at_ms": LAST - 20_000, "words_when_held": 0}
    assert decide(after(COMPLETE_MS, ANSWER, **held)).kind == "ended"


def test_an_um_does_not_use_up_a_hold() -> None:
    held = {"held_at_ms": LAST - 5_000, "words_when_held": word_count(ANSWER)}
    decision = decide(after(20_000, ANSWER + " Um.", **held))
    assert (decision.kind, decision.reason) == ("wait", "holding")


def test_silence_from_the_start_is_nudged_once_and_much_later_taken_as_silent() -> None:
    assert decide(nothing(NUDGE_MS - 1)).kind == "wait"
    assert decide(nothing(NUDGE_MS)).kind == "nudge"
    assert decide(nothing(NUDGE_MS + 1, nudged=True)).kind == "wait"
    assert decide(nothing(SILENT_MS - 1, nudged=True)).kind == "wait"
    silent = decide(nothing(SILENT_MS, nudged=True))
    assert (silent.kind, silent.reason) == ("ended", "nothing_said")


def test_fillers_alone_are_no_answer() -> None:
    assert not says_something("Um, uh, so well... hmm. Let me think.")
    assert decide(after(UNFINISHED_MS, "Um, so")).kind == "wait"


def test_a_hold_before_any_word_puts_off_nudge_and_silent_answer() -> None:
    held = {"held_at_ms": START + 5_000}
    assert decide(nothing(5_000 + HOLD_MS - 1, **held)).reason == "holding"
    assert decide(nothing(5_000 + HOLD_MS, **held)).kind == "nudge"
    assert decide(nothing(5_000 + HOLD_MS + SILENT_MS - 1, nudged=True, **held)).kind == "wait"
    assert decide(nothing(5_000 + HOLD_MS + SILENT_MS, nudged=True, **held)).kind == "ended"


def test_the_button_ends_the_answer_at_once() -> None:
    assert decide(after(0, speaking=True, done=True)).kind == "ended"


def test_typing_keeps_the_floor() -> None:
    assert decide(nothing(10 * SILENT_MS, typing=True)).kind == "wait"


def test_a_very_long_answer_ends_with_its_sentence_and_not_before() -> None:
    long: dict[str, object] = {"floor_since_ms": LAST - LONG_ANSWER_MS}
    assert decide(after(60_000, ANSWER, speaking=True, **long)).kind == "wait"
    assert decide(after(1_000, ANSWER + " And then", **long)).kind == "wait"
    ended = decide(after(1_000, ANSWER, **long))
    assert (ended.kind, ended.reason) == ("ended", "long_answer")


def test_the_last_word_counts_whatever_mark_follows_it() -> None:
    assert promises_more("and we did it because.")
    assert promises_more("It was, you know")
    assert promises_more("we had three goals,")
    assert not promises_more("we reached all three goals.")


WORDS = st.lists(
    st.sampled_from(
        [
            "we",
            "moved",
            "it",
            "and",
            "because",
            "um",
            "that's",
            "it.",
            "let",
            "me",
            "think",
            "i'm",
            "done,",
            "the",
            "queue.",
            "give",
            "a",
            "second",
            "yes",
            "no",
            "fell",
            "by",
            "half",
        ]
    ),
    max_size=14,
).map(" ".join)


@st.composite
def situations(draw: st.DrawFn) -> Listening:
    floor = draw(st.integers(0, 10_000))
    last = draw(st.none() | st.integers(floor, floor + 400_000))
    held = draw(st.none() | st.integers(floor, floor + 400_000))
    words = draw(WORDS)
    now = max(x for x in (floor, last, held) if x is not None) + draw(st.integers(0, 90_000))
    return Listening(
        now_ms=now,
        floor_since_ms=floor,
        last_voice_ms=last,
        words=words,
        held_at_ms=held,
        words_when_held=draw(st.integers(0, word_count(words))),
        nudged=draw(st.booleans()),
    )


@given(situations())
def test_nobody_is_cut_off_while_speaking_or_typing(heard: Listening) -> None:
    assert decide(replace(heard, speaking=True)).kind == "wait"
    assert decide(replace(heard, typing=True)).kind == "wait"


@given(situations(), st.integers(1, 200_000))
def test_more_silence_never_takes_the_end_back(heard: Listening, more: int) -> None:
    rank = {"wait": 0, "nudge": 1, "ended": 2}
    assert rank[decide(replace(heard, now_ms=heard.now_ms + more)).kind] >= rank[decide(heard).kind]


@given(situations())
def test_the_announced_moment_is_the_first_at_which_anything_changes(heard: Listening) -> None:
    decision = decide(heard)
    assert decision.decide_at_ms is not None
    if decision.kind == "wait":
        assert decision.decide_at_ms > heard.now_ms
        assert decide(replace(heard, now_ms=decision.decide_at_ms - 1)).kind == "wait"
        assert decide(replace(heard, now_ms=decision.decide_at_ms)).kind != "wait"
    else:
        assert decision.decide_at_ms <= heard.now_ms


@given(situations(), st.integers(0, HOLD_MS - 1))
def test_a_hold_lasts_at_least_half_a_minute(heard: Listening, later: int) -> None:
    pressed = max(heard.floor_since_ms, heard.last_voice_ms or 0)
    held = replace(heard, held_at_ms=pressed, words_when_held=word_count(heard.words), now_ms=pressed + later)
    assert decide(held).kind == "wait"


@given(situations())
def test_without_a_plain_sign_two_seconds_of_silence_are_thinking(heard: Listening) -> None:
    decision = decide(heard)
    if decision.kind == "ended" and decision.reason not in ("said_done", "long_answer"):
        quiet_since = max(heard.floor_since_ms, heard.last_voice_ms or 0)
        assert heard.now_ms - quiet_since > 2_000
