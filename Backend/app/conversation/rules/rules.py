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
from app.conversation.rules.state import ChosenFollowUp, Script, SpokenUtterance, State, named_id
from app.conversation.rules.step_draft import FLUSH_WAIT_MS, Rule, StepDraft, rule
from app.domain.answer import AnswerUtterance

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
    draft = StepDraft(state, at)
    rule = _RULES[type(event)]
    if state.led_by == "call":
        call_rules.catch_up(draft, event)
        rule = call_rules.RULES.get(type(event), rule)
    rule(draft, event)
    if call_rules.keep_up(draft, event) and draft.active:
        _continue(draft, welcome=False)
    draft.settle()
    return Step(draft.state, tuple(draft.effects))


# ---- coming, going, pausing ---------------------------------------------------


def _began(draft: StepDraft, event: on.Began) -> None:
    state = draft.state
    if state.phase == "ended":
        draft.refuse("This interview has ended. Its results are on the results page.")
        return
    draft.change(listen=event.listen)
    if state.live:
        return
    gap = None if state.left_wall_ms is None else event.wall_ms - state.left_wall_ms
    draft.change(live=True, left_wall_ms=None, floor_ms=draft.now, begun=True)
    if event.call:
        draft.emit(StoreBegun("voice"))
        call_rules.begin(draft)
        return
    draft.emit(StoreBegun("voice" if event.listen else "text"))
    if state.led_by == "call":
        # It ended while the page was away.
        call_rules.take_over(draft, call_rules.CALL_IS_OVER)
    if not state.paused:
        _continue(draft, welcome=state.begun and (gap is None or gap > BLINK_MS))


def _continue(draft: StepDraft, *, welcome: bool) -> None:
    """Takes the conversation up where it stood. Speech that was cut off is said again; words given are kept."""
    state = draft.state
    draft.book_flux()
    hello = phrases.welcome_back(state.script.candidate_name)
    greeted = (draft.spoken("remark", hello),) if welcome else ()
    if state.phase == "greeting":
        if not state.recent:
            hello = phrases.greeting(state.script.candidate_name, state.script.role, len(state.script.questions))
            greeted = (draft.spoken("greeting", hello),)
        draft.say(*greeted, draft.question(0))
    elif state.phase == "closing":
        draft.say(draft.spoken("closing", phrases.closing(state.script.candidate_name)))
    elif state.phase == "deciding":
        if state.ending:
            draft.answer_over()
        else:
            draft.say(*greeted)
            draft.go_on(draft.state.deferred)
    elif state.answer and (state.phase == "asking" or welcome):
        draft.change(phase="asking")
        draft.say(*greeted, draft.repeated(state.answer))
    else:
        draft.give_floor()


def _left(draft: StepDraft, event: on.Left) -> None:
    if not draft.state.live:
        return
    draft.cut()
    draft.change(live=False, left_wall_ms=event.wall_ms, speaking=False, voice_ms=0)


def _pause(draft: StepDraft, _event: on.PauseWished) -> None:
    if not draft.active or draft.state.phase == "closing":
        draft.refuse("There is nothing to pause now.")
        return
    draft.cut()
    if draft.state.hears and draft.state.awaiting != "lines":
        draft.emit(FlushHearing())
    draft.change(paused=True, speaking=False, voice_ms=0)


def _resume(draft: StepDraft, _event: on.ResumeWished) -> None:
    if not (draft.state.live and draft.state.paused):
        draft.refuse("The interview is not paused.")
        return
    draft.change(paused=False, floor_ms=draft.now, heard_until_ms=None)
    _continue(draft, welcome=False)


def _microphone(draft: StepDraft, event: on.MicrophoneSet) -> None:
    if draft.state.hears and not event.listen and draft.active and draft.state.awaiting != "lines":
        draft.emit(FlushHearing())
    draft.change(listen=event.listen, speaking=False, voice_ms=0, floor_ms=draft.now, heard_until_ms=None)


def _hearing_lost(draft: StepDraft, _event: on.HearingLost) -> None:
    draft.change(hearing=False, speaking=False, voice_ms=0)
    draft.book_flux()
    message = "We can't hear you any more. Please type your answers; the interview goes on."
    draft.emit(TellProblem("hearing_lost", message))
    if draft.state.awaiting == "lines":
        draft.answer_over()


# ---- wishes ------------------------------------------------------------------------


def _end(draft: StepDraft, _event: on.EndWished) -> None:
    state = draft.state
    if state.phase == "ended" or not state.begun:
        draft.refuse("The interview has already ended." if state.begun else "The interview has not begun yet.")
    elif state.phase == "closing":
        draft.end("complete")
    elif state.ending:
        draft.change(ending=replace(state.ending, then="end"))
        if not draft.state.live:
            draft.answer_over()
    elif state.answer:
        draft.end_answer("interview_ended", then="end")
    else:
        draft.book_flux()
        draft.end("ended_early")


def _skip(draft: StepDraft, _event: on.SkipWished) -> None:
    state = draft.state
    if not draft.active:
        draft.refuse("Please resume the interview first.")
    elif state.phase == "greeting" and state.led_by == "call":
        call_rules.lead_on(draft)
    elif state.phase == "greeting":
        draft.cut()
        draft.say(draft.question(0))
    elif state.answer and state.phase in ("asking", "listening", "holding"):
        draft.end_answer("interviewer" if call_rules.has_moved_on(state) else "skipped")
    elif state.phase == "closing":
        draft.end("complete")
    else:
        draft.refuse("The next question is on its way; you can skip it once it is asked.")


def _done(draft: StepDraft, _event: on.SaidDone) -> None:
    state = draft.state
    if not draft.active:
        draft.refuse("Please resume the interview first.")
    elif state.phase in ("listening", "holding") or (state.phase == "asking" and voice_rules.began_to_answer(state)):
        draft.end_answer("done")
    elif state.phase == "asking":
        draft.refuse("The question is still being asked. You can skip it.")


def _hold(draft: StepDraft, _event: on.HoldWished) -> None:
    state = draft.state
    if not draft.active:
        draft.refuse("Please resume the interview first.")
    elif state.answer and state.phase in ("asking", "listening", "holding"):
        if state.phase == "listening":
            draft.cut()
        draft.hold()
        if draft.state.phase == "listening":
            draft.change(phase="holding")
    elif state.phase == "deciding" and state.last and not state.ending:
        draft.reopen()
        draft.hold()
        draft.change(phase="holding")
    else:
        draft.refuse("There is no question to think about now.")


def _repeat(draft: StepDraft, _event: on.RepeatWished) -> None:
    state = draft.state
    if not draft.active:
        draft.refuse("Please resume the interview first.")
    elif state.answer and state.phase in ("asking", "listening", "holding"):
        draft.cut()
        draft.close_hold()
        draft.say(draft.repeated(state.answer))
    else:
        draft.refuse("There is no question to repeat now.")


def _typed(draft: StepDraft, event: on.Typed) -> None:
    if not draft.state.live or draft.state.phase == "ended":
        draft.refuse("The interview is not running. What you typed was not sent; please try again once it is.")
        return
    # Who types goes on: the pause is over, and what is being asked has been read.
    draft.change(paused=False)
    if draft.state.phase == "deciding" and not draft.state.ending:
        draft.reopen()
    draft.change(counter=draft.state.counter + 1)
    line = AnswerUtterance(
        named_id(draft.state.script.interview_id, "typed", draft.state.counter),
        event.text.strip() or event.text,
        draft.now,
        draft.now,
        typed=True,
    )
    draft.book(line)
    if draft.state.phase in ("asking", "listening", "holding"):
        draft.cut()
        draft.close_hold()
        draft.give_floor()
        if event.done:
            draft.change_answer(typing_until=0)
            draft.end_answer("typed")
        else:
            draft.change_answer(typing_until=draft.now + TYPING_HOLDS_MS)
    elif not draft.state.queue and draft.state.led_by == "us":
        _continue(draft, welcome=False)


def _typing(draft: StepDraft, _event: on.Typing) -> None:
    if draft.active and draft.state.answer:
        draft.change_answer(typing_until=draft.now + TYPING_HOLDS_MS)


# ---- the interviewer's speech, as the page reports it ------------------------------


def _speech_started(draft: StepDraft, event: on.SpeechStarted) -> None:
    head = draft.state.head
    if head and head.id != event.utterance_id and any(one.id == event.utterance_id for one in draft.state.queue):
        # The page is ahead: the report of the first one's end was lost.
        while draft.state.head and draft.state.head.id != event.utterance_id and draft.state.announced:
            draft.head_over()
        head = draft.state.head
    if head and head.id == event.utterance_id and draft.state.head_started_ms is None:
        draft.change(head_started_ms=draft.now)


def _speech_finished(draft: StepDraft, event: on.SpeechFinished) -> None:
    if draft.active and draft.state.head and draft.state.head.id == event.utterance_id:
        if draft.state.awaiting == "lines":
            # Thanked before the last words were in: they come first in the transcript.
            draft.change(head_heard=True)
            return
        draft.head_over()


def _chosen(draft: StepDraft, event: on.FollowUpChosen) -> None:
    last = draft.state.last
    if draft.state.awaiting != "choice" or last is None:
        return
    if (last.response_id, last.generation) != (event.response_id, event.generation):
        return
    follow_up = None
    if event.text:
        name = named_id(draft.state.script.interview_id, "follow-up", last.place.question_id)
        follow_up = ChosenFollowUp(name, event.text, event.reason, event.missing_point)
    draft.go_on(follow_up)


# ---- time ---------------------------------------------------------------------------


def _ticked(draft: StepDraft, _event: on.Ticked) -> None:
    state = draft.state
    if state.awaiting == "lines" and (not state.live or draft.now - state.awaiting_since_ms > FLUSH_WAIT_MS):
        draft.answer_over()
        return
    if not draft.active:
        return
    if state.awaiting == "choice" and draft.now - state.awaiting_since_ms > CHOICE_WAIT_MS:
        draft.go_on(None)
    elif state.head and state.announced and draft.now > _overdue(state, state.head):
        draft.emit(CutSpeech(state.head.id))
        draft.head_over()
    else:
        voice_rules.judge_floor(draft)
        voice_rules.notice_deafness(draft)


def _nothing(_move: StepDraft, _event: on.Event) -> None:
    """Of a call that leads no longer."""


def _overdue(state: State, head: SpokenUtterance) -> int:
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
        rule(on.FollowUpChosen, _chosen),
        rule(on.CallJoined, call_rules.joined),
        rule(on.CallSaid, call_rules.said_too_late),
        rule(on.CallSpeaking, _nothing),
        rule(on.CallLost, _nothing),
        rule(on.SwitchWished, _nothing),
        rule(on.Ticked, _ticked),
    )
)
