"""What follows from hearing the candidate: who has the floor, whether the answer has ended, what was asked aloud."""

from __future__ import annotations

from app.conversation.rules import events as on
from app.conversation.rules import phrases, turn_adapter
from app.conversation.rules.echo import is_echo, words_of
from app.conversation.rules.effects import TellProblem
from app.conversation.rules.spoken_commands import SpokenWish
from app.conversation.rules.state import State
from app.conversation.rules.step_draft import StepDraft

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


def heard(draft: StepDraft, event: on.Heard) -> None:
    draft.note(event.lines)
    if not draft.active:
        return
    draft.change(speaking=event.speaking, voice_ms=event.voice_ms, heard_until_ms=event.until_ms)
    if event.last_voice_ms is not None:
        draft.change(last_voice_ms=event.last_voice_ms)
    if event.voice_ms >= HOLD_RELEASE_VOICE_MS and draft.state.phase == "holding" and own_words(draft.state):
        draft.close_hold()
    _yield_floor(draft, event)
    if draft.wished and draft.state.phase in ("listening", "holding"):
        _grant(draft, draft.wished)
    else:
        judge_floor(draft)


def _grant(draft: StepDraft, wish: SpokenWish) -> None:
    if wish == "repeat":
        if draft.state.answer:
            draft.cut()
            draft.close_hold()
            draft.say(draft.repeated(draft.state.answer))
    else:
        # Said after an answer it is the end of the answer; said instead of one it passes the question.
        draft.end_answer("said_done" if has_said(draft.state) else "skipped")


def _yield_floor(draft: StepDraft, event: on.Heard) -> None:
    """Whether the candidate's voice is to stop the interviewer's."""
    state = draft.state
    words = own_words(state)
    if state.phase in ("listening", "holding") and state.queue:
        # A nudge: whoever begins to answer has the floor at once.
        if event.voice_ms >= HOLD_RELEASE_VOICE_MS and words:
            draft.cut()
        return
    if event.voice_ms < CLEAR_VOICE_MS:
        return
    since = draft.now - event.voice_ms
    if state.phase == "deciding" and state.last and not state.ending and words >= 2:
        draft.reopen()
    elif state.phase == "asking" and state.answer:
        fresh = not state.answer.said and draft.now - state.answer.opened_ms <= TAKE_BACK_MS
        if fresh and state.last and words >= 2 and since < state.answer.opened_ms and _may_take_back(state):
            draft.reopen()
        elif words >= BARGE_IN_WORDS and _heard_enough(draft):
            draft.cut()
            draft.give_floor()


def _may_take_back(state: State) -> bool:
    return bool(state.last and state.last.ended_by in ("silence", "said_done", "silent", "time_limit"))


def _heard_enough(draft: StepDraft) -> bool:
    head, started = draft.state.head, draft.state.head_started_ms
    if head is None or not draft.state.announced:
        return False
    if head.kind == "repeat":
        return True
    return started is not None and draft.now - started >= HEARD_ENOUGH * head.estimate_ms


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


def flushed(draft: StepDraft, event: on.Flushed) -> None:
    draft.note(event.lines)
    answer = draft.state.answer
    if answer:
        inside = tuple((max(start, answer.opened_ms), end) for start, end in event.spans if end > answer.opened_ms)
        draft.change_answer(spans=tuple(sorted((*answer.spans, *inside))))
    if draft.state.awaiting == "lines":
        draft.answer_over()
    else:
        draft.book_flux()


def judge_floor(draft: StepDraft) -> None:
    """Has the answer ended, or does the candidate want a word of encouragement?"""
    state = draft.state
    if state.phase not in ("listening", "holding") or state.queue or state.answer is None or not state.hears:
        return
    verdict = turn_adapter.decide(state, draft.now)
    if verdict.ended_by:
        draft.end_answer(verdict.ended_by, silence_ms=verdict.silence_ms)
    elif verdict.nudge:
        words = (
            phrases.AFTER_A_LONG_HOLD
            if state.phase == "holding"
            else phrases.turned(phrases.NUDGES, state.answer.nudges)
        )
        draft.change_answer(nudges=state.answer.nudges + 1, nudged_ms=draft.now)
        draft.say(draft.spoken("nudge", words, state.answer.place))


def notice_deafness(draft: StepDraft) -> None:
    """No sound at all is not silence: the microphone or the line is dead, and waiting would never end."""
    state = draft.state
    if state.phase not in ("listening", "holding") or not state.hears or state.no_sound_told or state.queue:
        return
    if draft.now - max(state.heard_until_ms or 0, state.floor_ms) > NO_SOUND_MS and state.heard_until_ms is not None:
        draft.change(no_sound_told=True)
        message = "No sound is reaching us. Please check your microphone, or type your answer."
        draft.emit(TellProblem("no_sound", message))
