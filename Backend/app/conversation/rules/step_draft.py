"""A step of a live interview in the making: the small moves that the rules are made of.

A draft holds the state as it changes and the effects in order; outside of one `step` nobody ever sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias, TypeVar

from app.conversation.rules import phrases
from app.conversation.rules.effects import (
    Choose,
    CutSpeech,
    EndAnswer,
    FlushHearing,
    Rehearse,
    ReopenAnswer,
    Say,
    ScoreAnswer,
    StoreEnded,
    StoreFollowUp,
    StoreUtterance,
    TellClock,
    TellPhase,
    TimeUtterance,
)
from app.conversation.rules.state import (
    Answer,
    ChosenFollowUp,
    EndedBy,
    Ending,
    Place,
    SpokenKind,
    SpokenUtterance,
    named_id,
)
from app.conversation.rules.transcript import TranscriptDraft
from app.conversation.rules.turn_adapter import words_so_far

FLUSH_WAIT_MS = 2_500
"""The recogniser's flush takes 0.05-0.3 s, more on a busy machine; after this its words in flux are kept as they stand.
The acknowledgement sounds meanwhile."""
FOLLOW_UPS_UNTIL_MS = 40 * 60_000
"""Five questions with a follow-up each take about 15-25 minutes; beyond 40 only the planned ones are still asked."""
CLOSE_AFTER_MS = 60 * 60_000
"""An interview of an hour is long for five questions: after the answer in hand it is closed politely."""

E = TypeVar("E")
Rule: TypeAlias = "Callable[[StepDraft, object], None]"


class StepDraft(TranscriptDraft):
    def settle(self) -> None:
        """Starts or stops the clock, and tells the page what it must see changed."""
        clock = self.state.clock.started(self._at) if self.active else self.state.clock.stopped(self._at)
        if clock.running != self.state.clock.running:
            self.change(clock=clock)
            self.emit(TellClock(self.now, clock.running))
        old, new = self.before, self.state
        if (old.wire_phase, old.place) != (new.wire_phase, new.place):
            place = new.place
            self.emit(
                TellPhase(
                    new.wire_phase,
                    place.question_id if place else None,
                    place.follow_up_id if place else None,
                    place.position if place else 0,
                )
            )

    def _utterance_id(self) -> str:
        self.change(counter=self.state.counter + 1)
        return named_id(self.state.script.interview_id, "spoken", self.state.counter)

    # ---- the interviewer's speech -------------------------------------------

    def spoken(
        self, kind: SpokenKind, text: str, place: Place | None = None, *, opens: bool = False
    ) -> SpokenUtterance:
        return SpokenUtterance(self._utterance_id(), kind, text, place, opens)

    def say(self, *speech: SpokenUtterance, announce: bool = True) -> None:
        """Queues speech; its sound is made at once, its place in the transcript comes when its turn does."""
        idle = not self.state.queue
        self.change(queue=self.state.queue + speech)
        for one in speech:
            self.emit(Say(one.id, one.text))
        if idle:
            self.change(announced=False, head_since_ms=self.now, head_started_ms=None, head_heard=False)
        if announce:
            self.announce()

    def announce(self) -> None:
        """Writes the first of the queue into the transcript, and moves to where it belongs."""
        head = self.state.head
        if head is None or self.state.announced or self.state.awaiting == "lines":
            return
        place = head.place
        if head.opens and place:
            if place.follow_up:
                self.emit(StoreFollowUp(place.question_id, place.follow_up))
            response = named_id(self.state.script.interview_id, "response", place.question_id, place.follow_up_id or "")
            self.change(place=place, answer=Answer(response, place, opened_ms=self.now), phase="asking", deferred=None)
            if place.follow_up is None:
                self.change(asked=(*self.state.asked, place.question_id))
        elif head.kind == "repeat":
            self.change(phase="asking")
        elif head.kind == "closing":
            self.change(phase="closing")
        self.emit(
            StoreUtterance(
                id=head.id,
                speaker="interviewer",
                kind="remark" if head.kind == "acknowledgement" else head.kind,
                text=head.text,
                start_ms=self.now,
                end_ms=self.now + head.estimate_ms,
                source="voice",
                question_id=place.question_id if place else None,
                follow_up_id=place.follow_up_id if place else None,
                response_id=None,
            )
        )
        recent = (*self.state.recent[-2:], (head.text, self.now, self.now + 2 * head.estimate_ms))
        self.change(announced=True, head_since_ms=self.now, recent=recent)
        if self.state.head_heard:
            self.head_over()

    def head_over(self) -> None:
        """The first of the queue has been heard; the next begins, or the floor is the candidate's."""
        self.announce()
        head = self.state.head
        if head is None or not self.state.announced:
            return
        self._time_head(head)
        self.change(queue=self.state.queue[1:], announced=False, head_since_ms=self.now)
        self.change(head_started_ms=None, head_heard=False)
        if self.state.queue:
            self.announce()
        elif self.state.phase == "asking":
            self.give_floor()
        elif self.state.phase == "closing":
            self.end("complete")
        elif head.kind == "nudge":
            self.change_answer(nudged_ms=self.now)

    def cut(self) -> None:
        """Stops everything that is being said or about to be."""
        head = self.state.head
        if head and self.state.announced:
            self._time_head(head)
        self.emit(*(CutSpeech(one.id) for one in self.state.queue))
        self.change(queue=(), announced=False, head_started_ms=None, head_heard=False)

    def _time_head(self, head: SpokenUtterance) -> None:
        start = self.state.head_started_ms if self.state.head_started_ms is not None else self.state.head_since_ms
        self.emit(TimeUtterance(head.id, start, max(start, self.now)))
        text, since, _ = self.state.recent[-1] if self.state.recent else (head.text, start, self.now)
        self.change(recent=(*self.state.recent[:-1], (text, since, self.now)))

    def give_floor(self) -> None:
        """From now on it is the candidate who speaks."""
        answer = self.state.answer
        if answer is None:
            return
        if answer.asked_ms is None:
            self.change_answer(asked_ms=self.now)
        self.change(phase="holding" if answer.hold_since is not None else "listening", floor_ms=self.now)
        self.change(no_sound_told=False)
        following = self.state.next_question
        if following and self.state.led_by == "us":
            self.emit(Rehearse(following.text))

    # ---- ends -------------------------------------------------------------------

    def end_answer(
        self, ended_by: EndedBy, *, silence_ms: int | None = None, then: Literal["go_on", "end"] = "go_on"
    ) -> None:
        """Decided: the answer has ended. The acknowledgement sounds while the recogniser gives its last words."""
        if self.state.answer is None:
            return
        self.cut()
        words = bool(self.state.answer.said or self.state.flux)
        self.change(
            phase="deciding",
            ending=Ending(ended_by, silence_ms, then),
            awaiting="lines" if self.state.hears else "",
            awaiting_since_ms=self.now,
        )
        if then == "go_on" and self.active and self.state.led_by == "us":
            self.say(self.spoken("acknowledgement", self._acknowledgement(ended_by, words)), announce=False)
        if self.state.hears:
            self.emit(FlushHearing())
        else:
            self.answer_over()

    def answer_over(self) -> None:
        """All its words are in: the answer is closed and the next thing chosen."""
        self.book_flux()
        self.book_own()
        answer, ending = self.state.answer, self.state.ending
        if answer is None or ending is None:
            return
        closed = replace(
            self.with_hold_closed(answer),
            stored=True,
            ended_by=ending.ended_by,
            silence_ms=ending.silence_ms,
            asked_ms=answer.asked_ms if answer.asked_ms is not None else self.now,
            end_ms=max([self.now if not answer.said else 0, *(line.end_ms for line in answer.said)]),
        )
        self.change(answer=None, last=closed, ending=None, awaiting="", voice_ms=0)
        self.emit(EndAnswer(closed))
        if ending.then == "end":
            self.emit(ScoreAnswer(closed.response_id))
            self.end("ended_early")
            return
        if self.state.led_by == "call":
            # What comes next is the call's to say; see `call_leads`.
            self.emit(ScoreAnswer(closed.response_id))
            return
        self.announce()
        if self.state.deferred:
            self.go_on(self.state.deferred)
        elif self._may_follow_up(closed):
            self.change(awaiting="choice", awaiting_since_ms=self.now)
            self.emit(Choose(closed))
        else:
            self.go_on(None)
        # Asked for after the follow-up, which the candidate is waiting for.
        self.emit(ScoreAnswer(closed.response_id))

    def go_on(self, follow_up: ChosenFollowUp | None) -> None:
        """The follow-up, the next question, or the closing."""
        self.change(awaiting="", deferred=follow_up)
        last = self.state.last
        if not self.active or last is None:
            return
        following = self.state.next_position
        if follow_up:
            place = replace(last.place, follow_up=follow_up)
            self.say(self.spoken("follow_up", follow_up.text, place, opens=True))
        elif following is not None and self.now < CLOSE_AFTER_MS:
            self.say(self.question(following))
        else:
            words = phrases.closing if following is None else phrases.closing_early
            self.say(self.spoken("closing", words(self.state.script.candidate_name)))

    def question(self, position: int) -> SpokenUtterance:
        planned = self.state.script.questions[position]
        return self.spoken("question", planned.text, Place(position, planned.id), opens=True)

    def repeated(self, answer: Answer) -> SpokenUtterance:
        follow_up = answer.place.follow_up
        text = follow_up.text if follow_up else self.state.script.questions[answer.place.position].text
        return self.spoken("repeat", text, answer.place)

    def reopen(self) -> None:
        """The candidate was not done after all: what was decided is taken back, and the answer goes on."""
        last = self.state.last
        if last is None:
            return
        asked = self.state.answer.place.follow_up if self.state.answer else None
        if self.state.answer and asked is None:
            # It will be put again.
            self.change(asked=tuple(one for one in self.state.asked if one != self.state.answer.place.question_id))
        self.cut()
        self.change(
            place=last.place,
            answer=replace(last, ended_by="", silence_ms=None, generation=last.generation + 1),
            last=None,
            phase="listening",
            awaiting="",
            deferred=asked or self.state.deferred,
            floor_ms=self.now,
        )
        self.emit(ReopenAnswer(last.response_id))

    def end(self, reason: Literal["complete", "ended_early"]) -> None:
        """Nothing follows. Questions that were never put are named, not passed over."""
        self.cut()
        planned = (question.id for question in self.state.script.questions)
        unasked = tuple(one for one in planned if one not in self.state.asked)
        whole = "complete" if reason == "complete" and not unasked else "ended_early"
        self.change(
            phase="ended", unasked=unasked, end_reason=whole, awaiting="", ending=None, answer=None, paused=False
        )
        self.emit(StoreEnded("complete" if whole == "complete" else "ended_early"))

    def with_hold_closed(self, answer: Answer) -> Answer:
        if answer.hold_since is None:
            return answer
        return replace(answer, holds=(*answer.holds, (answer.hold_since, self.now)), hold_since=None)

    def hold(self) -> None:
        """The candidate asked to think; asking again begins the time anew."""
        answer = self.state.answer
        if answer is None:
            return
        since = answer.hold_since if answer.hold_since is not None else self.now
        said = len(words_so_far(self.state).split())
        self.change_answer(hold_since=since, held_at_ms=self.now, words_when_held=said)

    def close_hold(self) -> None:
        if self.state.answer and self.state.answer.hold_since is not None:
            self.change(answer=self.with_hold_closed(self.state.answer))
        if self.state.phase == "holding":
            self.change(phase="listening", floor_ms=self.now)

    def _may_follow_up(self, answer: Answer) -> bool:
        return (
            bool(answer.said)
            and answer.place.follow_up is None
            and answer.ended_by not in ("skipped", "silent", "interview_ended")
            and self.now < FOLLOW_UPS_UNTIL_MS
        )

    def _acknowledgement(self, ended_by: EndedBy, words: bool) -> str:
        place = self.state.place
        turn = (place.position + (3 if place.follow_up else 0)) if place else 0
        if ended_by == "skipped":
            return phrases.turned(phrases.AFTER_A_SKIP, turn)
        if not words:
            return phrases.turned(phrases.AFTER_SILENCE, turn)
        if ended_by == "typed":
            return phrases.turned(phrases.AFTER_TYPING, turn)
        return phrases.turned(phrases.ACKNOWLEDGEMENTS, turn)


def rule(kind: type[E], follow: Callable[[StepDraft, E], None]) -> tuple[type[object], Rule]:
    """An entry of a table of rules: what follows from an event of this kind."""

    def followed(draft: StepDraft, event: object) -> None:
        if isinstance(event, kind):
            follow(draft, event)

    return kind, followed
