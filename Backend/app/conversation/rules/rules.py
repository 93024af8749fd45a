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

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from app.conversation.rules import call_rules, phrases, voice_rules
from app.conversation.rules import events as on
from app.conversation.rules.effects import CutSpeech, Effect, FlushHearing, StoreBegun, TellProblem
from app.conversation.rules.state import FollowUp, SaidLine, Script, Spoken, State, named_id
from app.conversation.rules.step import FLUSH_WAIT_MS, Move, Rule, rule

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
    rule = _RULES[type(event)]
    if state.led_by == "call":
        call_rules.catch_up(move, event)
        rule = call_rules.RULES.get(type(event), rule)
    rule(move, event)
    if call_rules.keep_up(move, event) and move.active:
        _continue(move, welcome=False)
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
    move.put(live=True, left_wall_ms=None, floor_ms=move.now, begun=True)
    if event.call:
        move.emit(StoreBegun("voice"))
        call_rules.begin(move)
        return
    move.emit(StoreBegun("voice" if event.listen else "text"))
    if state.led_by == "call":
        # It ended while the page was away.
        call_rules.take_over(move, call_rules.CALL_IS_OVER)
    if not state.paused:
        _continue(move, welcome=state.begun and (gap is None or gap > BLINK_MS))


def _continue(move: Move, *, welcome: bool) -> None:
    """Takes the conversation up where it stood. Speech that was cut off is said again; words given are kept."""
    state = move.state
    move.book_flux()
    hello = phrases.welcome_back(state.script.candidate_name)
    greeted = (move.spoken("remark", hello),) if welcome else ()
    if state.phase == "greeting":
        if not state.recent:
            hello = phrases.greeting(state.script.candidate_name, state.script.role, len(state.script.questions))
            greeted = (move.spoken("greeting", hello),)
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
        move.say(*greeted, move.repeated(state.answer))
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
    move.put(paused=False, floor_ms=move.now, heard_until_ms=None)
    _continue(move, welcome=False)


def _microphone(move: Move, event: on.MicrophoneSet) -> None:
    if move.state.hears and not event.listen and move.active and move.state.awaiting != "lines":
        move.emit(FlushHearing())
    move.put(listen=event.listen, speaking=False, voice_ms=0, floor_ms=move.now, heard_until_ms=None)


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
    elif state.phase == "greeting" and state.led_by == "call":
        call_rules.lead_on(move)
    elif state.phase == "greeting":
        move.cut()
        move.say(move.question(0))
    elif state.answer and state.phase in ("asking", "listening", "holding"):
        move.end_answer("interviewer" if call_rules.has_moved_on(state) else "skipped")
    elif state.phase == "closing":
        move.end("complete")
    else:
        move.refuse("The next question is on its way; you can skip it once it is asked.")


def _done(move: Move, _event: on.SaidDone) -> None:
    state = move.state
    if not move.active:
        move.refuse("Please resume the interview first.")
    elif state.phase in ("listening", "holding") or (state.phase == "asking" and voice_rules.began_to_answer(state)):
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
        move.say(move.repeated(state.answer))
    else:
        move.refuse("There is no question to repeat now.")


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
    elif not move.state.queue and move.state.led_by == "us":
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
        voice_rules.judge_floor(move)
        voice_rules.notice_deafness(move)


def _nothing(_move: Move, _event: on.Event) -> None:
    """Of a call that leads no longer."""


def _overdue(state: State, head: Spoken) -> int:
    """When an utterance counts as heard although the page never said so: a hidden tab may not play at all."""
    if state.head_started_ms is not None:
        return state.head_started_ms + 2 * head.estimate_ms + 3_000
    return state.head_since_ms + 2 * head.estimate_ms + 6_000


_RULES: Mapping[type[object], Rule] = dict(
    (
        rule(on.Began, _began),
        rule(on.Left, _left),
        rule(on.PauseWished, _pause),
        rule(on.ResumeWished, _resume),
        rule(on.MicrophoneSet, _microphone),
        rule(on.HearingLost, _hearing_lost),
        rule(on.EndWished, _end),
        rule(on.SkipWished, _skip),
        rule(on.SaidDone, _done),
        rule(on.HoldWished, _hold),
        rule(on.RepeatWished, _repeat),
        rule(on.Typed, _typed),
        rule(on.Typing, _typing),
        rule(on.SpeechStarted, _speech_started),
        rule(on.SpeechFinished, _speech_finished),
        rule(on.Heard, voice_rules.heard),
        rule(on.Flushed, voice_rules.flushed),
        rule(on.Chosen, _chosen),
        rule(on.CallJoined, call_rules.joined),
        rule(on.CallSaid, call_rules.said_too_late),
        rule(on.CallSpeaking, _nothing),
        rule(on.CallLost, _nothing),
        rule(on.SwitchWished, _nothing),
        rule(on.Ticked, _ticked),
    )
)
