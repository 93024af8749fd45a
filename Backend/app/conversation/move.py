"""One step of a live interview in the making: the small moves that the rules in `machine` are made of.

A Move holds the state as it changes and the effects in order; outside of one `step` nobody ever sees it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from app.conversation import phrases
from app.conversation.echo import is_echo
from app.conversation.effects import (
    Choose,
    CutSpeech,
    Effect,
    EndAnswer,
    ExtendAnswer,
    FlushHearing,
    OpenAnswer,
    Rehearse,
    ReopenAnswer,
    Say,
    ScoreAnswer,
    StoreEnded,
    StoreFollowUp,
    StoreUtterance,
    TellCaption,
    TellClock,
    TellPhase,
    TellProblem,
    TimeUtterance,
)
from app.conversation.events import HeardLine
from app.conversation.floor import words_so_far
from app.conversation.spoken_wishes import SpokenWish, wish_in
from app.conversation.state import (
    Answer,
    EndedBy,
    Ending,
    Flux,
    FollowUp,
    Place,
    SaidLine,
    Spoken,
    SpokenKind,
    State,
    named_id,
)

FOLLOW_UPS_UNTIL_MS = 40 * 60_000
"""Five questions with a follow-up each take about 15-25 minutes; beyond 40 only the planned ones are still asked."""
CLOSE_AFTER_MS = 60 * 60_000
"""An interview of an hour is long for five questions: after the answer in hand it is closed politely."""
BOOKED_KEPT = 400
CUT_LINES_KEPT = 20


class Move:
    def __init__(self, state: State, at: int) -> None:
        self.before = state
        self.state = state
        self.effects: list[Effect] = []
        self.now = state.clock.read(at)
        self.wished: SpokenWish | None = None
        """What the candidate asked for aloud in this step."""
        self._at = at

    # ---- basics -----------------------------------------------------------

    def put(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def put_answer(self, **changes: object) -> None:
        if self.state.answer:
            self.put(answer=replace(self.state.answer, **changes))  # type: ignore[arg-type]

    def emit(self, *effects: Effect) -> None:
        self.effects.extend(effects)

    def refuse(self, expected: str) -> None:
        self.emit(TellProblem("not_now", expected))

    @property
    def active(self) -> bool:
        return self.state.live and not self.state.paused and self.state.phase != "ended"

    def settle(self) -> None:
        """Starts or stops the clock, and tells the page what it must see changed."""
        clock = self.state.clock.started(self._at) if self.active else self.state.clock.stopped(self._at)
        if clock.running != self.state.clock.running:
            self.put(clock=clock)
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
        self.put(counter=self.state.counter + 1)
        return named_id(self.state.script.interview_id, "spoken", self.state.counter)

    # ---- the interviewer's speech -------------------------------------------

    def spoken(self, kind: SpokenKind, text: str, place: Place | None = None, *, opens: bool = False) -> Spoken:
        return Spoken(self._utterance_id(), kind, text, place, opens)

    def say(self, *speech: Spoken, announce: bool = True) -> None:
        """Queues speech; its sound is made at once, its place in the transcript comes when its turn does."""
        idle = not self.state.queue
        self.put(queue=self.state.queue + speech)
        for one in speech:
            self.emit(Say(one.id, one.text))
        if idle:
            self.put(announced=False, head_since_ms=self.now, head_started_ms=None, head_heard=False)
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
            self.put(place=place, answer=Answer(response, place, opened_ms=self.now), phase="asking", deferred=None)
        elif head.kind == "repeat":
            self.put(phase="asking")
        elif head.kind == "closing":
            self.put(phase="closing")
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
        self.put(announced=True, head_since_ms=self.now, recent=recent)
        if self.state.head_heard:
            self.head_over()

    def head_over(self) -> None:
        """The first of the queue has been heard; the next begins, or the floor is the candidate's."""
        self.announce()
        head = self.state.head
        if head is None or not self.state.announced:
            return
        self._time_head(head)
        self.put(queue=self.state.queue[1:], announced=False, head_since_ms=self.now)
        self.put(head_started_ms=None, head_heard=False)
        if self.state.queue:
            self.announce()
        elif self.state.phase == "asking":
            self.give_floor()
        elif self.state.phase == "closing":
            self.end("complete")
        elif head.kind == "nudge":
            self.put_answer(nudged_ms=self.now)

    def cut(self) -> None:
        """Stops everything that is being said or about to be."""
        head = self.state.head
        if head and self.state.announced:
            self._time_head(head)
        self.emit(*(CutSpeech(one.id) for one in self.state.queue))
        self.put(queue=(), announced=False, head_started_ms=None, head_heard=False)

    def _time_head(self, head: Spoken) -> None:
        start = self.state.head_started_ms if self.state.head_started_ms is not None else self.state.head_since_ms
        self.emit(TimeUtterance(head.id, start, max(start, self.now)))
        text, since, _ = self.state.recent[-1] if self.state.recent else (head.text, start, self.now)
        self.put(recent=(*self.state.recent[:-1], (text, since, self.now)))

    def give_floor(self) -> None:
        """From now on it is the candidate who speaks."""
        answer = self.state.answer
        if answer is None:
            return
        if answer.asked_ms is None:
            self.put_answer(asked_ms=self.now)
        self.put(phase="holding" if answer.hold_since is not None else "listening", floor_ms=self.now)
        following = self.state.question_at(answer.place.position + 1)
        if following:
            self.emit(Rehearse(following.text))

    # ---- the candidate's words -------------------------------------------------

    def note(self, lines: Iterable[HeardLine]) -> None:
        """Captions for what is in flux, the transcript for what is final."""
        for line in lines:
            if line.id in self.state.booked:
                if line.final:
                    self._finish_cut_line(line)
                continue
            known = next((one for one in self.state.flux if one.line_id == line.id), None)
            if line.final:
                self._finish_line(line.in_flux(), shown=known is not None)
            elif line.text.strip():
                rest = tuple(one for one in self.state.flux if one.line_id != line.id)
                self.put(flux=(*rest, line.in_flux()))
                echo = is_echo(line.text, line.start_ms, line.end_ms, self.state.recent)
                if not echo and (known is None or known.text != line.text):
                    self.emit(TellCaption(self.heard_id(line.id), line.text))

    def heard_id(self, line_id: str) -> str:
        return named_id(self.state.script.interview_id, "heard", line_id)

    def book_flux(self) -> None:
        """What the recogniser will not finish any more is kept as it stands."""
        for line in sorted(self.state.flux, key=lambda one: one.start_ms):
            self.put(cut_lines=(*self.state.cut_lines[-CUT_LINES_KEPT:], line))
            self._finish_line(line, shown=True)

    def _finish_cut_line(self, line: HeardLine) -> None:
        """The recogniser was only late: what it has beyond the words already kept is kept as well."""
        cut = next((one for one in self.state.cut_lines if one.line_id == line.id), None)
        if cut is None:
            return
        self.put(cut_lines=tuple(one for one in self.state.cut_lines if one is not cut))
        rest = " ".join(line.text.split()[len(cut.text.split()) :])
        if rest:
            start = min(cut.end_ms, line.end_ms)
            self.book(SaidLine(self.heard_id(f"{line.id}:rest"), rest, start, line.end_ms))

    def _finish_line(self, line: Flux, *, shown: bool) -> None:
        self.put(
            flux=tuple(one for one in self.state.flux if one.line_id != line.line_id),
            booked=(*self.state.booked[-BOOKED_KEPT:], line.line_id),
        )
        text = line.text.strip()
        if not text or is_echo(text, line.start_ms, line.end_ms, self.state.recent):
            if shown:
                self.emit(TellCaption(self.heard_id(line.line_id), ""))
            return
        said = SaidLine(self.heard_id(line.line_id), text, line.start_ms, max(line.start_ms, line.end_ms))
        wish = wish_in(text) if self.active and self.state.phase in ("listening", "holding") else None
        if wish:
            # In the transcript, but nobody's answer: it would be judged as one.
            self.wished = wish
            self.book(said, small_talk=True)
        else:
            self.book(said)

    def book(self, line: SaidLine, *, small_talk: bool = False) -> None:
        """Into the transcript, under the answer that was open when the words began."""
        owner = None if small_talk else self._owner(line)
        if owner and owner is self.state.answer and not owner.stored:
            owner = replace(owner, stored=True)
            self.put(answer=owner)
            self.emit(OpenAnswer(owner))
        self.emit(
            StoreUtterance(
                id=line.utterance_id,
                speaker="candidate",
                kind="answer" if owner else "remark",
                text=line.text,
                start_ms=line.start_ms,
                end_ms=line.end_ms,
                source="typed" if line.typed else "voice",
                question_id=owner.place.question_id if owner else None,
                follow_up_id=owner.place.follow_up_id if owner else None,
                response_id=owner.response_id if owner else None,
            )
        )
        if owner is None:
            return
        said = tuple(sorted((*owner.said, line), key=lambda one: (one.start_ms, one.end_ms)))
        if owner is self.state.answer:
            self.put_answer(said=said)
        else:
            longer = replace(
                owner, said=said, end_ms=max(owner.end_ms, line.end_ms), generation=owner.generation + 1
            )
            self.put(last=longer)
            self.emit(ExtendAnswer(longer), ScoreAnswer(longer.response_id))

    def _owner(self, line: SaidLine) -> Answer | None:
        answer, last = self.state.answer, self.state.last
        if answer and (line.typed or line.start_ms >= answer.opened_ms):
            return answer
        if last and line.start_ms >= last.opened_ms and (answer or self.state.phase in ("deciding", "ended")):
            return last
        if last and self.state.phase == "closing" and line.start_ms < self.state.head_since_ms:
            return last
        if answer and not last and line.end_ms > answer.opened_ms:
            # Begun in the greeting and gone on under the first question: there is no earlier answer to give them to.
            return answer
        # Nothing had been asked when these words were said, or everything had: small talk, kept but nobody's answer.
        return None

    # ---- ends -------------------------------------------------------------------

    def end_answer(
        self, ended_by: EndedBy, *, silence_ms: int | None = None, then: Literal["go_on", "end"] = "go_on"
    ) -> None:
        """Decided: the answer has ended. The acknowledgement sounds while the recogniser gives its last words."""
        if self.state.answer is None:
            return
        self.cut()
        words = bool(self.state.answer.said or self.state.flux)
        self.put(
            phase="deciding",
            ending=Ending(ended_by, silence_ms, then),
            awaiting="lines" if self.state.hears else "",
            awaiting_since_ms=self.now,
        )
        if then == "go_on" and self.active:
            self.say(self.spoken("acknowledgement", self._acknowledgement(ended_by, words)), announce=False)
        if self.state.hears:
            self.emit(FlushHearing())
        else:
            self.answer_over()

    def answer_over(self) -> None:
        """All its words are in: the answer is closed and the next thing chosen."""
        self.book_flux()
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
        self.put(answer=None, last=closed, ending=None, awaiting="", voice_ms=0)
        self.emit(EndAnswer(closed))
        if ending.then == "end":
            self.emit(ScoreAnswer(closed.response_id))
            self.end("ended_early")
            return
        self.announce()
        if self.state.deferred:
            self.go_on(self.state.deferred)
        elif self._may_follow_up(closed):
            self.put(awaiting="choice", awaiting_since_ms=self.now)
            self.emit(Choose(closed))
        else:
            self.go_on(None)
        # Asked for after the follow-up, which the candidate is waiting for.
        self.emit(ScoreAnswer(closed.response_id))

    def go_on(self, follow_up: FollowUp | None) -> None:
        """The follow-up, the next question, or the closing."""
        self.put(awaiting="", deferred=follow_up)
        last = self.state.last
        if not self.active or last is None:
            return
        following = self.state.question_at(last.place.position + 1)
        if follow_up:
            place = replace(last.place, follow_up=follow_up)
            self.say(self.spoken("follow_up", follow_up.text, place, opens=True))
        elif following and self.now < CLOSE_AFTER_MS:
            self.say(self.question(last.place.position + 1))
        else:
            words = phrases.closing_early if following else phrases.closing
            self.say(self.spoken("closing", words(self.state.script.candidate_name)))

    def question(self, position: int) -> Spoken:
        planned = self.state.script.questions[position]
        return self.spoken("question", planned.text, Place(position, planned.id), opens=True)

    def reopen(self) -> None:
        """The candidate was not done after all: what was decided is taken back, and the answer goes on."""
        last = self.state.last
        if last is None:
            return
        asked = self.state.answer.place.follow_up if self.state.answer else None
        self.cut()
        self.put(
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
        reached = self.state.place.position if self.state.place else -1
        unasked = tuple(question.id for question in self.state.script.questions[reached + 1 :])
        whole = "complete" if reason == "complete" and not unasked else "ended_early"
        self.put(phase="ended", unasked=unasked, end_reason=whole, awaiting="", ending=None, answer=None, paused=False)
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
        self.put_answer(hold_since=since, held_at_ms=self.now, words_when_held=said)

    def close_hold(self) -> None:
        if self.state.answer and self.state.answer.hold_since is not None:
            self.put(answer=self.with_hold_closed(self.state.answer))
        if self.state.phase == "holding":
            self.put(phase="listening", floor_ms=self.now)

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
