"""A whole interview on a virtual clock: the page, the ears and the model played by a script, no engine, no waiting."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.conversation.rules import events as on
from app.conversation.rules.effects import (
    Choose,
    CutSpeech,
    Effect,
    EndAnswer,
    ExtendAnswer,
    FlushHearing,
    Say,
    StoreEnded,
    StoreUtterance,
    TellProblem,
)
from app.conversation.rules.rules import begin_state, step
from app.conversation.rules.state import Answer, Script, ScriptQuestion, State, from_json, resumed, to_json

QUESTIONS = (
    "At Northwind you led the migration of the billing service. What went wrong on the way?",
    "Tell me about a decision at Northwind that others disagreed with.",
    "When did you and a colleague want different things, and what did you do?",
    "The role asks for Kubernetes, which your resume does not name. How would you learn it?",
    "How do you find the cause of a slow database query?",
)

ANSWER = "I led the migration and we lost two days because nobody had tested the rollback."


def script(count: int = 5, interview_id: str = "interview-1") -> Script:
    return Script(
        interview_id,
        "Asha Verma",
        "Backend engineer",
        tuple(ScriptQuestion(f"q{index}", text) for index, text in enumerate(QUESTIONS[:count])),
    )


@dataclass
class Rehearsal:
    """`follow_up`: what the model answers, by question id. `page_reports`: the page says when speech was heard."""

    state: State = field(default_factory=lambda: begin_state(script()))
    follow_up: dict[str, str] = field(default_factory=dict)
    page_reports: bool = True
    flushes: bool = True
    chooses: bool = True
    at: int = 1_000
    effects: list[Effect] = field(default_factory=list)
    sounding: list[tuple[str, int]] = field(default_factory=list)
    lines: int = 0
    unsaid: list[on.HeardUtterance] = field(default_factory=list)
    voice_from: int | None = None

    # ---- the world ----------------------------------------------------------

    def do(self, event: on.Event) -> list[Effect]:
        """One event, and what the world answers to its effects at once."""
        done = step(self.state, event, self.at)
        self.state = done.state
        self.effects += done.effects
        for effect in done.effects:
            self._answer(effect)
        return list(done.effects)

    def _answer(self, effect: Effect) -> None:
        match effect:
            case Say(utterance_id, text):
                begins = max([self.at, *(end for _, end in self.sounding)])
                self.sounding.append((utterance_id, begins + 60 * len(text)))
            case CutSpeech(utterance_id):
                self.sounding = [one for one in self.sounding if one[0] != utterance_id]
            case FlushHearing():
                if self.flushes:
                    lines, self.unsaid = tuple(self.unsaid), []
                    self.do(on.Flushed(lines, self._spans(lines)))
            case Choose(answer):
                if self.chooses:
                    self.choose(answer)
            case _:
                pass

    def choose(self, answer: Answer) -> None:
        text = self.follow_up.get(answer.place.question_id, "")
        self.do(
            on.FollowUpChosen(answer.response_id, answer.generation, text, "It was asked in a test." if text else "")
        )

    @staticmethod
    def _spans(lines: tuple[on.HeardUtterance, ...]) -> tuple[tuple[int, int], ...]:
        return tuple((line.start_ms, line.end_ms) for line in lines)

    @property
    def phase(self) -> str:
        return self.state.phase

    @property
    def now(self) -> int:
        return self.state.clock.read(self.at)

    def wait(self, ms: int, tick: int = 100) -> None:
        """Time passes; what is being said is heard to its end on the way."""
        until = self.at + ms
        while self.at < until:
            self.at = min(until, self.at + tick)
            while self.page_reports and self.sounding and self.sounding[0][1] <= self.at:
                heard, _ = self.sounding.pop(0)
                self.do(on.SpeechFinished(heard))
            if self.page_reports and self.sounding and self.state.head and self.state.head_started_ms is None:
                self.do(on.SpeechStarted(self.sounding[0][0]))
            self.do(on.Ticked())

    def until(self, phase: str, limit_ms: int = 120_000) -> None:
        end = self.at + limit_ms
        while self.state.wire_phase != phase:
            assert self.at < end, f"waited for {phase}, still {self.state.wire_phase}"
            self.wait(100)

    def begin(self, *, listen: bool = True) -> None:
        self.do(on.Began(listen, wall_ms=self.at))

    def asked(self, *, listen: bool = True) -> Rehearsal:
        """To the moment in which the first question has been asked."""
        self.begin(listen=listen)
        self.until("listening")
        return self

    # ---- the candidate -----------------------------------------------------------

    def speak(self, text: str, *, final: bool = True) -> str:
        """Says `text` at 150 words a minute, with partial lines on the way. Returns the line's id."""
        self.lines += 1
        line_id = f"line-{self.lines}"
        start = self.now
        said: list[str] = []
        for word in text.split():
            said.append(word)
            self.wait(400)
            partial = on.HeardUtterance(line_id, " ".join(said), start, self.now, final=False)
            self.do(on.Heard((partial,), True, self.now, self.now - start))
        whole = on.HeardUtterance(line_id, text, start, self.now, final=True)
        end = self.now
        self.wait(300)
        if final:
            self.do(on.Heard((whole,), False, end, 0))
        else:
            self.unsaid.append(whole)
            self.do(on.Heard((), False, end, 0))
        return line_id

    def answer(self, text: str = ANSWER) -> None:
        self.until("listening")
        self.speak(text)
        self.until_not("listening")

    def until_not(self, phase: str, limit_ms: int = 60_000) -> None:
        end = self.at + limit_ms
        while self.state.wire_phase == phase:
            assert self.at < end, f"still {phase}"
            self.wait(100)

    # ---- what was made of it --------------------------------------------------------

    def transcript(self) -> list[StoreUtterance]:
        return [effect for effect in self.effects if isinstance(effect, StoreUtterance)]

    def said(self) -> list[StoreUtterance]:
        return [line for line in self.transcript() if line.speaker == "candidate"]

    def spoken(self, kind: str) -> list[str]:
        return [line.text for line in self.transcript() if line.speaker == "interviewer" and line.kind == kind]

    def answers(self) -> dict[str, Answer]:
        """The latest end of each response."""
        return {one.answer.response_id: one.answer for one in self.effects if isinstance(one, EndAnswer | ExtendAnswer)}

    def answer_to(self, question_id: str, *, follow_up: bool = False) -> Answer:
        found = [
            one
            for one in self.answers().values()
            if one.place.question_id == question_id and bool(one.place.follow_up) == follow_up
        ]
        assert len(found) == 1, f"{len(found)} answers to {question_id}"
        return found[0]

    def problems(self) -> list[str]:
        return [effect.code for effect in self.effects if isinstance(effect, TellProblem)]

    def ended(self) -> list[str]:
        return [effect.reason for effect in self.effects if isinstance(effect, StoreEnded)]

    def killed(self) -> None:
        """The process dies and another reads the last snapshot."""
        stored = from_json(to_json(self.state))
        self.state = resumed(stored, clock_ms=self.now)
        self.sounding = []
        self.unsaid = []
        self.at += 60_000
