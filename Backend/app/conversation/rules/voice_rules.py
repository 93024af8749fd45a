"""What follows from hearing the candidate: who has the floor, whether the answer has ended, what was asked aloud."""

from __future__ import annotations

from app.conversation.rules import events as on
from app.conversation.rules import phrases, turn_adapter
from app.conversation.rules.echo import is_echo, words_of
from app.conversation.rules.effects import TellProblem
from app.conversation.rules.spoken_commands import SpokenWish
from app.conversation.rules.state import State
from app.conversation.rules.step import Move

CLEAR_VOICE_MS = 700
"""A cough or a "mm-hm" is shorter; this long a voice means to speak."""
BARGE_IN_WORDS = 3
HEARD_ENOUGH = 0.6
"""Share of a question after which what is asked is plain."""
TAKE_BACK_MS = 2_500
"""So long into the next question a candidate who had kept speaking since before it is still let finish: the
recogniser's first words come about 1.1 s after the voice."""
HOLD_RELEASE_VOICE_MS = 500
NO_SOUND_MS = 10_000
"""Longer than any stall that heals by itself."""


def heard(move: Move, event: on.Heard) -> None:
    move.note(event.lines)
    if not move.active:
        return
    move.put(speaking=event.speaking, voice_ms=event.voice_ms, heard_until_ms=event.until_ms)
    if event.last_voice_ms is not None:
        move.put(last_voice_ms=event.last_voice_ms)
    if event.voice_ms >= HOLD_RELEASE_VOICE_MS and move.state.phase == "holding" and own_words(move.state):
        move.close_hold()
    _yield_floor(move, event)
    if move.wished and move.state.phase in ("listening", "holding"):
        _grant(move, move.wished)
    else:
        judge_floor(move)


def _grant(move: Move, wish: SpokenWish) -> None:
    if wish == "repeat":
        if move.state.answer:
            move.cut()
            move.close_hold()
            move.say(move.repeated(move.state.answer))
    else:
        # Said after an answer it is the end of the answer; said instead of one it passes the question.
        move.end_answer("said_done" if has_said(move.state) else "skipped")


def _yield_floor(move: Move, event: on.Heard) -> None:
    """Whether the candidate's voice is to stop the interviewer's."""
    state = move.state
    words = own_words(state)
    if state.phase in ("listening", "holding") and state.queue:
        # A nudge: whoever begins to answer has the floor at once.
        if event.voice_ms >= HOLD_RELEASE_VOICE_MS and words:
            move.cut()
        return
    if event.voice_ms < CLEAR_VOICE_MS:
        return
    since = move.now - event.voice_ms
    if state.phase == "deciding" and state.last and not state.ending and words >= 2:
        move.reopen()
    elif state.phase == "asking" and state.answer:
        fresh = not state.answer.said and move.now - state.answer.opened_ms <= TAKE_BACK_MS
        if fresh and state.last and words >= 2 and since < state.answer.opened_ms and _may_take_back(state):
            move.reopen()
        elif words >= BARGE_IN_WORDS and _heard_enough(move):
            move.cut()
            move.give_floor()


def _may_take_back(state: State) -> bool:
    return bool(state.last and state.last.ended_by in ("silence", "said_done", "silent", "time_limit"))


def _heard_enough(move: Move) -> bool:
    head, started = move.state.head, move.state.head_started_ms
    if head is None or not move.state.announced:
        return False
    if head.kind == "repeat":
        return True
    return started is not None and move.now - started >= HEARD_ENOUGH * head.estimate_ms


def own_words(state: State) -> int:
    """Words in flux that are no echo of what the interviewer is saying."""
    return sum(
        len(words_of(line.text))
        for line in state.flux
        if not is_echo(line.text, line.start_ms, line.end_ms, state.recent)
    )


def began_to_answer(state: State) -> bool:
    return bool(own_words(state)) or has_said(state)


def has_said(state: State) -> bool:
    return bool(state.answer and state.answer.said)


def flushed(move: Move, event: on.Flushed) -> None:
    move.note(event.lines)
    answer = move.state.answer
    if answer:
        inside = tuple((max(start, answer.opened_ms), end) for start, end in event.spans if end > answer.opened_ms)
        move.put_answer(spans=tuple(sorted((*answer.spans, *inside))))
    if move.state.awaiting == "lines":
        move.answer_over()
    else:
        move.book_flux()


def judge_floor(move: Move) -> None:
    """Has the answer ended, or does the candidate want a word of encouragement?"""
    state = move.state
    if state.phase not in ("listening", "holding") or state.queue or state.answer is None or not state.hears:
        return
    verdict = turn_adapter.decide(state, move.now)
    if verdict.ended_by:
        move.end_answer(verdict.ended_by, silence_ms=verdict.silence_ms)
    elif verdict.nudge:
        words = (
            phrases.AFTER_A_LONG_HOLD
            if state.phase == "holding"
            else phrases.turned(phrases.NUDGES, state.answer.nudges)
        )
        move.put_answer(nudges=state.answer.nudges + 1, nudged_ms=move.now)
        move.say(move.spoken("nudge", words, state.answer.place))


def notice_deafness(move: Move) -> None:
    """No sound at all is not silence: the microphone or the line is dead, and waiting would never end."""
    state = move.state
    if state.phase not in ("listening", "holding") or not state.hears or state.no_sound_told or state.queue:
        return
    if move.now - max(state.heard_until_ms or 0, state.floor_ms) > NO_SOUND_MS and state.heard_until_ms is not None:
        move.put(no_sound_told=True)
        message = "No sound is reaching us. Please check your microphone, or type your answer."
        move.emit(TellProblem("no_sound", message))
