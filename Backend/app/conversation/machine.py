"""The rules of a live interview: an event and a clock's reading in, the next state and a list of effects out.

    greeting → asking → listening ⇄ holding → deciding → asking … → closing → ended

Pure: no socket, no audio, no model, no clock of its own. Pausing, a lost connection and a muted microphone lie beside
the phase and leave it as it is, so that whatever comes back finds the conversation where it stood. A wish that does
not fit the moment changes nothing and is answered with what was expected.

The candidate is never cut off:

* An answer ends by `floor.decide` or by the candidate's own wish, and what ends it first waits for the recogniser's
  last words.
* Who goes on speaking while they are being thanked (or in the first moments of the next question) takes the decision
  back: the speech stops and the same answer goes on.
* While a question is being asked the microphone stays open. Clear speech of the candidate's own words stops the
  question when most of it has been heard; earlier than that the question is finished, because an answer to half a
  question helps nobody, and what was said meanwhile is kept as the beginning of the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from app.conversation import events as on
from app.conversation import floor, phrases
from app.conversation.echo import is_echo, words_of
from app.conversation.effects import CutSpeech, Effect, FlushHearing, StoreBegun, TellProblem
from app.conversation.move import Move
from app.conversation.spoken_wishes import SpokenWish
from app.conversation.state import Answer, FollowUp, SaidLine, Script, Spoken, State, named_id

CLEAR_VOICE_MS = 700
"""A cough or a "mm-hm" is shorter; this long a voice means to speak."""
BARGE_IN_WORDS = 3
HEARD_ENOUGH = 0.6
"""Share of a question after which what is asked is plain."""
TAKE_BACK_MS = 2_500
"""So long into the next question a candidate who had kept speaking since before it is still let finish: the
recogniser's first words come about 1.1 s after the voice."""
HOLD_RELEASE_VOICE_MS = 500
FLUSH_WAIT_MS = 2_500
"""The recogniser's flush takes 0.05-0.3 s, more on a busy machine; after this its words in flux are kept as they stand.
The acknowledgement sounds meanwhile."""
CHOICE_WAIT_MS = 2_500
TYPING_HOLDS_MS = 6_000
BLINK_MS = 20_000
"""A connection back within this time was a blink of the network: nobody needs to be welcomed back."""


class Step(NamedTuple):
    state: State
    effects: tuple[Effect, ...]


def begin_state(script: Script) -> State:
    """Raises ValueError for an interview without questions: there would be nothing to hold."""
    if not script.questions:
        raise ValueError("an interview needs at least one question")
    return State(script)


def step(state: State, event: on.Event, at: int) -> Step:
    """`at`: a monotonic clock's reading in ms, the same clock for every step of one connection."""
    move = Move(state, at)
    _RULES[type(event)](move, event)
    move.settle()
    return Step(move.state, tuple(move.effects))


# ---- coming, going, pausing ---------------------------------------------------


def _began(move: Move, event: on.Began) -> None:
    state = move.state
    if state.phase == "ended":
        move.refuse("This interview has ended. Its results are on the results page.")
        return
    move.put(listen=event.listen)
    if state.live:
        return
    gap = None if state.left_wall_ms is None else event.wall_ms - state.left_wall_ms
    move.put(live=True, left_wall_ms=None, floor_ms=move.now)
    move.emit(StoreBegun("voice" if event.listen else "text"))
    if not state.begun:
        move.put(begun=True)
        name, role = state.script.candidate_name, state.script.role
        hello = phrases.greeting(name, role, len(state.script.questions))
        move.say(move.spoken("greeting", hello), move.question(0))
    elif not state.paused:
        _continue(move, welcome=gap is None or gap > BLINK_MS)


def _continue(move: Move, *, welcome: bool) -> None:
    """Takes the conversation up where it stood. Speech that was cut off is said again; words given are kept."""
    state = move.state
    move.book_flux()
    hello = phrases.welcome_back(state.script.candidate_name)
    greeted = (move.spoken("remark", hello),) if welcome else ()
    if state.phase == "greeting":
        move.say(*greeted, move.question(0))
    elif state.phase == "closing":
        move.say(move.spoken("closing", phrases.closing(state.script.candidate_name)))
    elif state.phase == "deciding":
        if state.ending:
            move.answer_over()
        else:
            move.say(*greeted)
            move.go_on(move.state.deferred)
    elif state.answer and (state.phase == "asking" or welcome):
        move.put(phase="asking")
        move.say(*greeted, _repeated(move, state.answer))
    else:
        move.give_floor()


def _left(move: Move, event: on.Left) -> None:
    if not move.state.live:
        return
    move.cut()
    move.put(live=False, left_wall_ms=event.wall_ms, speaking=False, voice_ms=0)


def _pause(move: Move, _event: on.PauseWished) -> None:
    if not move.active or move.state.phase == "closing":
        move.refuse("There is nothing to pause now.")
        return
    move.cut()
    if move.state.hears and move.state.awaiting != "lines":
        move.emit(FlushHearing())
    move.put(paused=True, speaking=False, voice_ms=0)


def _resume(move: Move, _event: on.ResumeWished) -> None:
    if not (move.state.live and move.state.paused):
        move.refuse("The interview is not paused.")
        return
    move.put(paused=False, floor_ms=move.now)
    _continue(move, welcome=False)


def _microphone(move: Move, event: on.MicrophoneSet) -> None:
    if move.state.hears and not event.listen and move.active and move.state.awaiting != "lines":
        move.emit(FlushHearing())
    move.put(listen=event.listen, speaking=False, voice_ms=0, floor_ms=move.now)


def _hearing_lost(move: Move, _event: on.HearingLost) -> None:
    move.put(hearing=False, speaking=False, voice_ms=0)
    move.book_flux()
    message = "We can't hear you any more. Please type your answers; the interview goes on."
    move.emit(TellProblem("hearing_lost", message))
    if move.state.awaiting == "lines":
        move.answer_over()


# ---- wishes ------------------------------------------------------------------------


def _end(move: Move, _event: on.EndWished) -> None:
    state = move.state
    if state.phase == "ended" or not state.begun:
        move.refuse("The interview has already ended." if state.begun else "The interview has not begun yet.")
    elif state.phase == "closing":
        move.end("complete")
    elif state.ending:
        move.put(ending=replace(state.ending, then="end"))
        if not move.state.live:
            move.answer_over()
    elif state.answer:
        move.end_answer("interview_ended", then="end")
    else:
        move.book_flux()
        move.end("ended_early")


def _skip(move: Move, _event: on.SkipWished) -> None:
    state = move.state
    if not move.active:
        move.refuse("Please resume the interview first.")
    elif state.phase == "greeting":
        move.cut()
        move.say(move.question(0))
    elif state.answer and state.phase in ("asking", "listening", "holding"):
        move.end_answer("skipped")
    elif state.phase == "closing":
        move.end("complete")
    else:
        move.refuse("The next question is on its way; you can skip it once it is asked.")


def _done(move: Move, _event: on.SaidDone) -> None:
    state = move.state
    if not move.active:
        move.refuse("Please resume the interview first.")
    elif state.phase in ("listening", "holding") or (state.phase == "asking" and (_own_words(state) or _said(state))):
        move.end_answer("done")
    elif state.phase == "asking":
        move.refuse("The question is still being asked. You can skip it.")


def _hold(move: Move, _event: on.HoldWished) -> None:
    state = move.state
    if not move.active:
        move.refuse("Please resume the interview first.")
    elif state.answer and state.phase in ("asking", "listening", "holding"):
        if state.phase == "listening":
            move.cut()
        move.hold()
        if move.state.phase == "listening":
            move.put(phase="holding")
    elif state.phase == "deciding" and state.last and not state.ending:
        move.reopen()
        move.hold()
        move.put(phase="holding")
    else:
        move.refuse("There is no question to think about now.")


def _repeat(move: Move, _event: on.RepeatWished) -> None:
    state = move.state
    if not move.active:
        move.refuse("Please resume the interview first.")
    elif state.answer and state.phase in ("asking", "listening", "holding"):
        move.cut()
        move.close_hold()
        move.say(_repeated(move, state.answer))
    else:
        move.refuse("There is no question to repeat now.")


def _repeated(move: Move, answer: Answer) -> Spoken:
    follow_up = answer.place.follow_up
    text = follow_up.text if follow_up else move.state.script.questions[answer.place.position].text
    return move.spoken("repeat", text, answer.place)


def _typed(move: Move, event: on.Typed) -> None:
    if not move.state.live or move.state.phase == "ended":
        move.refuse("The interview is not running. What you typed was not sent; please try again once it is.")
        return
    # Who types goes on: the pause is over, and what is being asked has been read.
    move.put(paused=False)
    if move.state.phase == "deciding" and not move.state.ending:
        move.reopen()
    move.put(counter=move.state.counter + 1)
    line = SaidLine(
        named_id(move.state.script.interview_id, "typed", move.state.counter),
        event.text.strip() or event.text,
        move.now,
        move.now,
        typed=True,
    )
    move.book(line)
    if move.state.phase in ("asking", "listening", "holding"):
        move.cut()
        move.close_hold()
        move.give_floor()
        if event.done:
            move.put_answer(typing_until=0)
            move.end_answer("typed")
        else:
            move.put_answer(typing_until=move.now + TYPING_HOLDS_MS)
    elif not move.state.queue:
        _continue(move, welcome=False)


def _typing(move: Move, _event: on.Typing) -> None:
    if move.active and move.state.answer:
        move.put_answer(typing_until=move.now + TYPING_HOLDS_MS)


# ---- the interviewer's speech, as the page reports it ------------------------------


def _speech_started(move: Move, event: on.SpeechStarted) -> None:
    head = move.state.head
    if head and head.id != event.utterance_id and any(one.id == event.utterance_id for one in move.state.queue):
        # The page is ahead: the report of the first one's end was lost.
        while move.state.head and move.state.head.id != event.utterance_id and move.state.announced:
            move.head_over()
        head = move.state.head
    if head and head.id == event.utterance_id and move.state.head_started_ms is None:
        move.put(head_started_ms=move.now)


def _speech_finished(move: Move, event: on.SpeechFinished) -> None:
    if move.active and move.state.head and move.state.head.id == event.utterance_id:
        if move.state.awaiting == "lines":
            # Thanked before the last words were in: they come first in the transcript.
            move.put(head_heard=True)
            return
        move.head_over()


# ---- hearing -----------------------------------------------------------------------


def _heard(move: Move, event: on.Heard) -> None:
    move.note(event.lines)
    if not move.active:
        return
    move.put(speaking=event.speaking, voice_ms=event.voice_ms)
    if event.last_voice_ms is not None:
        move.put(last_voice_ms=event.last_voice_ms)
    if event.voice_ms >= HOLD_RELEASE_VOICE_MS and move.state.phase == "holding" and _own_words(move.state):
        move.close_hold()
    _yield_floor(move, event)
    if move.wished and move.state.phase in ("listening", "holding"):
        _grant(move, move.wished)
    else:
        _judge_floor(move)


def _grant(move: Move, wish: SpokenWish) -> None:
    if wish == "repeat":
        _repeat(move, on.RepeatWished())
    else:
        # Said after an answer it is the end of the answer; said instead of one it passes the question.
        move.end_answer("said_done" if _said(move.state) else "skipped")


def _yield_floor(move: Move, event: on.Heard) -> None:
    """Whether the candidate's voice is to stop the interviewer's."""
    state = move.state
    words = _own_words(state)
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


def _own_words(state: State) -> int:
    """Words in flux that are no echo of what the interviewer is saying."""
    return sum(
        len(words_of(line.text))
        for line in state.flux
        if not is_echo(line.text, line.start_ms, line.end_ms, state.recent)
    )


def _said(state: State) -> bool:
    return bool(state.answer and state.answer.said)


def _flushed(move: Move, event: on.Flushed) -> None:
    move.note(event.lines)
    answer = move.state.answer
    if answer:
        inside = tuple((max(start, answer.opened_ms), end) for start, end in event.spans if end > answer.opened_ms)
        move.put_answer(spans=tuple(sorted((*answer.spans, *inside))))
    if move.state.awaiting == "lines":
        move.answer_over()
    else:
        move.book_flux()


def _chosen(move: Move, event: on.Chosen) -> None:
    last = move.state.last
    if move.state.awaiting != "choice" or last is None:
        return
    if (last.response_id, last.generation) != (event.response_id, event.generation):
        return
    follow_up = None
    if event.text:
        name = named_id(move.state.script.interview_id, "follow-up", last.place.question_id)
        follow_up = FollowUp(name, event.text, event.reason, event.missing_point)
    move.go_on(follow_up)


# ---- time ---------------------------------------------------------------------------


def _ticked(move: Move, _event: on.Ticked) -> None:
    state = move.state
    if state.awaiting == "lines" and (not state.live or move.now - state.awaiting_since_ms > FLUSH_WAIT_MS):
        move.answer_over()
        return
    if not move.active:
        return
    if state.awaiting == "choice" and move.now - state.awaiting_since_ms > CHOICE_WAIT_MS:
        move.go_on(None)
    elif state.head and state.announced and move.now > _overdue(state, state.head):
        move.emit(CutSpeech(state.head.id))
        move.head_over()
    else:
        _judge_floor(move)


def _overdue(state: State, head: Spoken) -> int:
    """When an utterance counts as heard although the page never said so: a hidden tab may not play at all."""
    if state.head_started_ms is not None:
        return state.head_started_ms + 2 * head.estimate_ms + 3_000
    return state.head_since_ms + 2 * head.estimate_ms + 6_000


def _judge_floor(move: Move) -> None:
    """Has the answer ended, or does the candidate want a word of encouragement?"""
    state = move.state
    if state.phase not in ("listening", "holding") or state.queue or state.answer is None or not state.hears:
        return
    verdict = floor.decide(state, move.now)
    if verdict.ended_by:
        move.end_answer(verdict.ended_by, silence_ms=verdict.silence_ms)
    elif verdict.nudge:
        words = phrases.AFTER_A_LONG_HOLD if state.phase == "holding" else phrases.turned(
            phrases.NUDGES, state.answer.nudges
        )
        move.put_answer(nudges=state.answer.nudges + 1, nudged_ms=move.now)
        move.say(move.spoken("nudge", words, state.answer.place))


_RULES: dict[type[Any], Callable[[Move, Any], None]] = {
    on.Began: _began,
    on.Left: _left,
    on.PauseWished: _pause,
    on.ResumeWished: _resume,
    on.MicrophoneSet: _microphone,
    on.HearingLost: _hearing_lost,
    on.EndWished: _end,
    on.SkipWished: _skip,
    on.SaidDone: _done,
    on.HoldWished: _hold,
    on.RepeatWished: _repeat,
    on.Typed: _typed,
    on.Typing: _typing,
    on.SpeechStarted: _speech_started,
    on.SpeechFinished: _speech_finished,
    on.Heard: _heard,
    on.Flushed: _flushed,
    on.Chosen: _chosen,
    on.Ticked: _ticked,
}
