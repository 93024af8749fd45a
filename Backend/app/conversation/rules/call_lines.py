"""The lines of a vendor's call: put in order, and each taken for what it is to the interview.

An interviewer's line puts a planned question, follows up, repeats, takes leave or is a remark; a candidate's line
belongs to the answer that was open when it was said. An answer is over when the interviewer puts the next question.
"""

from __future__ import annotations

from dataclasses import replace

from app.conversation.call.merge import MS_PER_WORD, line_id
from app.conversation.rules import events as on
from app.conversation.rules.call_question import (
    SAME_QUESTION,
    asked_in,
    follow_up_in,
    likeness,
    says_goodbye,
    told_already,
)
from app.conversation.rules.effects import FlushHearing, StoreFollowUp, StoreUtterance, TimeUtterance
from app.conversation.rules.spoken_commands import wish_in
from app.conversation.rules.state import (
    Answer,
    ChosenFollowUp,
    EndedBy,
    Ending,
    Place,
    RelayedUtterance,
    SpokenKind,
    State,
    Turn,
    named_id,
)
from app.conversation.rules.step_draft import CLOSE_AFTER_MS, StepDraft
from app.conversation.rules.turn_detector import ends_with_hold
from app.domain.answer import AnswerUtterance

REORDER_MS = 400
"""Lines of one turn arrive within a few tens of ms of each other; nobody misses a transcript's line for so long."""
KEYS_KEPT = 400
TOLD_KEPT = 20
MAX_FOLLOW_UPS = 3
"""To one question. The interviewer is told to ask one at most; each is judged, and a judgement costs."""
LED_MS = 15_000
"""So long after we gave the call its next question, its own ideas of a follow-up are taken for remarks."""


def said(draft: StepDraft, event: on.CallSaid) -> None:
    if event.key in draft.state.call.keys or draft.state.phase == "ended":
        return
    line = relayed(draft, event)
    draft.change_call(waiting=(*draft.state.call.waiting, line), stirred_ms=draft.now)


def relayed(draft: StepDraft, event: on.CallSaid) -> RelayedUtterance:
    """Placed on the interview clock by what was told of the speaking; by its length where nothing was."""
    call = draft.state.call
    turn = call.interviewer if event.speaker == "interviewer" else call.candidate
    text = event.text.strip() or event.text
    over = turn.until_ms is not None and not turn.speaking
    end = turn.until_ms if turn.until_ms is not None and over else draft.now
    start = turn.since_ms if turn.since_ms is not None else max(0, end - MS_PER_WORD * len(text.split()))
    used = Turn(turn.speaking, draft.now if turn.speaking else None)
    draft.change_call(keys=(*call.keys[-KEYS_KEPT:], event.key))
    if event.speaker == "interviewer":
        draft.change_call(interviewer=used)
    else:
        draft.change_call(candidate=used)
    return RelayedUtterance(
        event.key, event.order, event.speaker, text, draft.now, min(start, end), end, over=over, cut=event.interrupted
    )


def speaking(draft: StepDraft, event: on.CallSpeaking) -> None:
    call = draft.state.call
    turn = call.interviewer if event.speaker == "interviewer" else call.candidate
    turn = Turn(True, draft.now) if event.speaking else Turn(False, turn.since_ms, draft.now)
    draft.change_call(stirred_ms=draft.now)
    if event.speaker == "candidate":
        draft.change_call(candidate=turn)
        if event.speaking and draft.state.phase == "asking":
            draft.give_floor()
    elif event.speaking:
        draft.change_call(interviewer=turn)
        if call.sounding and draft.state.answer and draft.state.phase == "listening":
            # The question's words came before its voice: it is being asked only now.
            draft.change(phase="asking")
            draft.change_answer(asked_ms=None)
    else:
        # A line that was told already has had this time; the next begins with a stretch of its own.
        draft.change_call(interviewer=Turn() if call.sounding else turn, sounding=None)
        if call.sounding:
            name, start = call.sounding
            draft.emit(TimeUtterance(name, start, max(start, draft.now)))
            text, since, _ = draft.state.recent[-1]
            draft.change(recent=(*draft.state.recent[:-1], (text, since, draft.now)))
        if draft.state.phase == "asking":
            draft.give_floor()


# ---- in their order ------------------------------------------------------------------


def release(draft: StepDraft, *, everything: bool) -> None:
    """Takes the lines whose time to be put in order is over. Stops where an answer's last sound is still on its way."""
    while draft.state.call.waiting and draft.state.awaiting != "lines" and draft.state.phase != "ended":
        waiting = sorted(draft.state.call.waiting, key=lambda one: one.order)
        due = [one.order for one in waiting if everything or draft.now - one.heard_ms >= REORDER_MS]
        line = waiting[0]
        if not due or line.order > max(due):
            return
        if line.speaker == "interviewer" and draft.state.answer and _goes_on(draft, line):
            end_answer_before(draft, line)
            continue
        draft.change_call(waiting=tuple(one for one in draft.state.call.waiting if one is not line))
        if line.speaker == "interviewer":
            _interviewer_said(draft, line)
        else:
            _candidate_said(draft, line)


def book_left(draft: StepDraft) -> None:
    """What was said before the end and could not be put in order any more."""
    for line in sorted(draft.state.call.waiting, key=lambda one: one.order):
        if line.speaker == "interviewer":
            book_interviewer(draft, line, "remark", None)
        else:
            draft.book(AnswerUtterance(utterance_id(draft, line), line.text, line.start_ms, line.end_ms))
    draft.change_call(waiting=())


# ---- the interviewer's ------------------------------------------------------------------


def _goes_on(draft: StepDraft, line: RelayedUtterance) -> bool:
    """Whether this line leaves the answer in hand behind."""
    state = draft.state
    return _puts(draft, line) is not None or bool(_follow_up(draft, line)) or _closes(state, line)


def _led(draft: StepDraft) -> bool:
    """Whether we have just given the call its next words."""
    return draft.state.call.led_ms is not None and draft.now - draft.state.call.led_ms < LED_MS


def _puts(draft: StepDraft, line: RelayedUtterance) -> int | None:
    """Position of the planned question that this line puts for the first time."""
    state = draft.state
    if line.order < state.call.opened_order or state.phase == "closing" or (line.cut and _led(draft)):
        return None
    current = state.place.question_id if state.place else ""
    within = [one for one in state.script.questions if one.id not in state.asked or one.id == current]
    found = asked_in(line.text, within)
    return None if found is None or found.id in state.asked else state.script.questions.index(found)


def _follow_up(draft: StepDraft, line: RelayedUtterance) -> str:
    """The question that this line puts to an answer; empty if it puts none."""
    state = draft.state
    if state.place is None or line.order < state.call.opened_order or state.phase == "closing":
        return ""
    if _led(draft) or state.call.follow_ups >= MAX_FOLLOW_UPS or not has_words(state):
        return ""
    if likeness(question_text(state, state.place), line.text) >= SAME_QUESTION:
        return ""
    return follow_up_in(line.text)


def _closes(state: State, line: RelayedUtterance) -> bool:
    if line.cut and state.phase == "closing":
        return False
    return state.phase == "closing" or (state.next_position is None and says_goodbye(line.text))


def end_answer_before(draft: StepDraft, line: RelayedUtterance) -> None:
    """The interviewer has gone on, so the answer is over; its delivery is still on its way from our ears."""
    if draft.state.answer is None:
        return
    words = has_words(draft.state)
    ended_by: EndedBy = "interviewer" if words else "silent"
    if draft.state.call.wishes_on:
        ended_by = "said_done" if words else "skipped"
    hears = draft.state.hears
    draft.change_call(led_from=(draft.state.answer.response_id, draft.state.answer.generation))
    draft.change(
        phase="deciding",
        ending=Ending(ended_by, None, "go_on", until_ms=line.start_ms),
        awaiting="lines" if hears else "",
        awaiting_since_ms=draft.now,
    )
    if hears:
        draft.emit(FlushHearing())
    else:
        draft.answer_over()


def _interviewer_said(draft: StepDraft, line: RelayedUtterance) -> None:
    state = draft.state
    position = _puts(draft, line)
    follow_up = _follow_up(draft, line) if position is None else ""
    if (position is not None or follow_up) and draft.now >= CLOSE_AFTER_MS and state.last:
        # Too late for another question; the call is told to take leave.
        book_interviewer(draft, line, "remark", None)
        draft.change_call(led_from=None)
    elif position is not None:
        _open(draft, line, "question", Place(position, state.script.questions[position].id))
    elif follow_up and state.place:
        name = named_id(state.script.interview_id, "follow-up", state.place.question_id, line.key)
        asked = ChosenFollowUp(name, follow_up, "Asked by the interviewer in the call.")
        _open(draft, line, "follow_up", replace(state.place, follow_up=asked))
    elif _closes(state, line):
        draft.change_call(closing_said=True, closing_ms=state.call.closing_ms or draft.now)
        draft.change(phase="closing")
        book_interviewer(draft, line, "closing", None)
    elif state.answer and state.place and likeness(question_text(state, state.place), line.text) >= SAME_QUESTION:
        book_interviewer(draft, line, "repeat", state.place)
        if not has_words(state) and state.phase == "listening":
            # The time to think begins again.
            draft.change_answer(asked_ms=line.end_ms)
    elif state.phase == "greeting" and not state.recent:
        book_interviewer(draft, line, "greeting", None)
    else:
        book_interviewer(draft, line, "remark", None)
        if says_goodbye(line.text):
            # It takes leave too early: the answer is plainly over, and there are questions left.
            end_answer_before(draft, line)
            draft.change_call(led_from=None)


def _open(draft: StepDraft, line: RelayedUtterance, kind: SpokenKind, place: Place) -> None:
    """A question is put, and with it its answer begins."""
    if place.follow_up:
        draft.emit(StoreFollowUp(place.question_id, place.follow_up))
    else:
        draft.change(asked=(*draft.state.asked, place.question_id))
    response = named_id(draft.state.script.interview_id, "response", place.question_id, place.follow_up_id or "")
    asking = draft.state.call.interviewer.speaking and not line.over
    answer = Answer(
        response, place, line.start_ms, None if asking else line.end_ms, spans=tuple(sorted(draft.state.call.spans))
    )
    draft.change(place=place, answer=answer, phase="asking" if asking else "listening", floor_ms=draft.now)
    follow_ups = draft.state.call.follow_ups + 1 if place.follow_up else 0
    draft.change_call(opened_order=line.order, spans=(), own=(), wishes_on=False, led_ms=None, follow_ups=follow_ups)
    book_interviewer(draft, line, kind, place)


def book_interviewer(draft: StepDraft, line: RelayedUtterance, kind: SpokenKind, place: Place | None) -> None:
    name = utterance_id(draft, line)
    draft.emit(
        StoreUtterance(
            id=name,
            speaker="interviewer",
            kind=kind,
            text=line.text,
            start_ms=line.start_ms,
            end_ms=line.end_ms,
            source="voice",
            question_id=place.question_id if place else None,
            follow_up_id=place.follow_up_id if place else None,
            response_id=None,
        )
    )
    draft.change(recent=(*draft.state.recent[-2:], (line.text, line.start_ms, line.end_ms)))
    draft.change_call(last_speaker="interviewer", sounding=None if line.over else (name, line.start_ms))


# ---- the candidate's ---------------------------------------------------------------------


def _candidate_said(draft: StepDraft, line: RelayedUtterance) -> None:
    state = draft.state
    answer, last = state.answer, state.last
    start, end = line.start_ms, line.end_ms
    if answer and line.order < state.call.opened_order:
        # It came late: it was said before the question in hand.
        start = max(0, min(start, answer.opened_ms - 1))
    elif answer and start < answer.opened_ms <= (start + end) // 2:
        # Mostly said after it.
        start = answer.opened_ms
    told = (*state.call.told[-TOLD_KEPT:], line.text)
    ours = tuple(one for one in state.call.own if not told_already(one.text, [line.text]))
    draft.change_call(last_speaker="candidate", sounding=None, told=told, own=ours)
    own = AnswerUtterance(utterance_id(draft, line), line.text, start, max(start, end))
    if answer is None or start < answer.opened_ms:
        fell_back = last is not None and last.response_id == state.call.fell_back
        if not (last and fell_back and told_already(line.text, [one.text for one in last.said])):
            draft.book(own)
        return
    wish = wish_in(line.text) if draft.active else None
    # In the transcript, but nobody's answer; the call's interviewer has heard it and does it.
    draft.book(own, small_talk=wish is not None)
    draft.change_call(wishes_on=wish == "move_on")
    if draft.state.phase == "asking":
        draft.give_floor()
    if ends_with_hold(line.text):
        draft.hold()
        draft.change(phase="holding")
    elif wish is None:
        draft.close_hold()


# ---- small ------------------------------------------------------------------------------


def has_words(state: State) -> bool:
    """Whether the question in hand, or the one just left, has been answered with any words."""
    if state.answer:
        return bool(state.answer.said or state.call.own)
    return bool(state.last and state.last.said)


def question_text(state: State, place: Place) -> str:
    return place.follow_up.text if place.follow_up else state.script.questions[place.position].text


def utterance_id(draft: StepDraft, line: RelayedUtterance) -> str:
    return line_id(draft.state.script.interview_id, line.key)
