"""The candidate's words on their way into the transcript: captions while in flux, lines under their answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.conversation.rules.call_question import told_already
from app.conversation.rules.echo import is_echo
from app.conversation.rules.effects import (
    Effect,
    ExtendAnswer,
    OpenAnswer,
    ScoreAnswer,
    StoreUtterance,
    TellCaption,
    TellProblem,
)
from app.conversation.rules.events import HeardUtterance
from app.conversation.rules.spoken_commands import SpokenWish, wish_in
from app.conversation.rules.state import Answer, PartialUtterance, State, named_id
from app.domain.answer import AnswerUtterance

BOOKED_KEPT = 400
CUT_LINES_KEPT = 20


class TranscriptDraft:
    """A step in the making, as far as the candidate's words go. `StepDraft` adds the conversation."""

    def __init__(self, state: State, at: int) -> None:
        self.before = state
        self.state = state
        self.effects: list[Effect] = []
        self.now = state.clock.read(at)
        self.wished: SpokenWish | None = None
        """What the candidate asked for aloud in this step."""
        self._at = at

    # ---- basics -----------------------------------------------------------

    def change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def change_answer(self, **changes: object) -> None:
        if self.state.answer:
            self.change(answer=replace(self.state.answer, **changes))  # type: ignore[arg-type]

    def change_call(self, **changes: object) -> None:
        self.change(call=replace(self.state.call, **changes))  # type: ignore[arg-type]

    def emit(self, *effects: Effect) -> None:
        self.effects.extend(effects)

    def refuse(self, expected: str) -> None:
        self.emit(TellProblem("not_now", expected))

    @property
    def active(self) -> bool:
        return self.state.live and not self.state.paused and self.state.phase != "ended"

    # ---- the candidate's words -------------------------------------------------

    def note(self, lines: Iterable[HeardUtterance]) -> None:
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
                self.change(flux=(*rest, line.in_flux()))
                echo = is_echo(line.text, line.start_ms, line.end_ms, self.state.recent)
                if not echo and (known is None or known.text != line.text):
                    self.emit(TellCaption(self.heard_id(line.id), line.text))

    def heard_id(self, line_id: str) -> str:
        return named_id(self.state.script.interview_id, "heard", line_id)

    def book_flux(self) -> None:
        """What the recogniser will not finish any more is kept as it stands."""
        for line in sorted(self.state.flux, key=lambda one: one.start_ms):
            self.change(cut_lines=(*self.state.cut_lines[-CUT_LINES_KEPT:], line))
            self._finish_line(line, shown=True)

    def book_own(self) -> None:
        """What our ears made of an answer of which the call told not a word."""
        own, answer = self.state.call.own, self.state.answer
        self.change_call(own=())
        if own and answer and not answer.said:
            self.change_call(fell_back=answer.response_id)
            for line in own:
                self.book(line, small_talk=wish_in(line.text) is not None)

    def _finish_cut_line(self, line: HeardUtterance) -> None:
        """The recogniser was only late: what it has beyond the words already kept is kept as well."""
        cut = next((one for one in self.state.cut_lines if one.line_id == line.id), None)
        if cut is None:
            return
        self.change(cut_lines=tuple(one for one in self.state.cut_lines if one is not cut))
        rest = " ".join(line.text.split()[len(cut.text.split()) :])
        if rest:
            start = min(cut.end_ms, line.end_ms)
            self.book(AnswerUtterance(self.heard_id(f"{line.id}:rest"), rest, start, line.end_ms))

    def _finish_line(self, line: PartialUtterance, *, shown: bool) -> None:
        self.change(
            flux=tuple(one for one in self.state.flux if one.line_id != line.line_id),
            booked=(*self.state.booked[-BOOKED_KEPT:], line.line_id),
        )
        text = line.text.strip()
        if not text or is_echo(text, line.start_ms, line.end_ms, self.state.recent):
            if shown:
                self.emit(TellCaption(self.heard_id(line.line_id), ""))
            return
        if self._call_told(line):
            return
        said = AnswerUtterance(self.heard_id(line.line_id), text, line.start_ms, max(line.start_ms, line.end_ms))
        wish = wish_in(text) if self.active and self.state.phase in ("listening", "holding") else None
        if wish:
            # In the transcript, but nobody's answer: it would be judged as one.
            self.wished = wish
            self.book(said, small_talk=True)
        else:
            self.book(said)

    def _call_told(self, line: PartialUtterance) -> bool:
        """Whether this is what the call told before we took over, heard by our ears to its end only now."""
        since = self.state.taken_over_ms
        if since is None or line.start_ms >= since:
            return False
        answers = [one for one in (self.state.answer, self.state.last) if one]
        return told_already(line.text, [said.text for one in answers for said in one.said])

    def book(self, line: AnswerUtterance, *, small_talk: bool = False) -> None:
        """Into the transcript, under the answer that was open when the words began."""
        owner = None if small_talk else self._owner(line)
        if owner and owner is self.state.answer and not owner.stored:
            owner = replace(owner, stored=True)
            self.change(answer=owner)
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
            self.change_answer(said=said)
        else:
            longer = replace(owner, said=said, end_ms=max(owner.end_ms, line.end_ms), generation=owner.generation + 1)
            self.change(last=longer)
            self.emit(ExtendAnswer(longer), ScoreAnswer(longer.response_id))

    def _owner(self, line: AnswerUtterance) -> Answer | None:
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
