"""A rehearsal in which a vendor's call leads: its interviewer and its hearing of the candidate are played as well."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.conversation.rules import events as on
from app.conversation.rules.effects import EndCall, SteerCall, TellLeader
from app.conversation.rules.state import Speaker
from tests.conversation.rehearsal import QUESTIONS, Rehearsal

HELLO = "Hello Asha, it's good to meet you. Take your time with each question."
GOODBYE = "Thank you, Asha. That was my last question. Goodbye."


@dataclass
class CallRehearsal(Rehearsal):
    """`ears`: our own recogniser hears the candidate, too."""

    ears: bool = True
    order: int = 0
    waiting: list[on.CallSaid] = field(default_factory=list)

    def enter(self, *, greets: bool = True) -> CallRehearsal:
        self.do(on.Began(True, wall_ms=self.at, call=True))
        self.do(on.CallJoined())
        if greets:
            self.interviewer(HELLO)
        return self

    def line(self, speaker: str, text: str, *, key: str = "", order: int | None = None) -> on.CallSaid:
        self.order += 10
        who: Speaker = "interviewer" if speaker == "interviewer" else "candidate"
        return on.CallSaid(key or f"turn-{self.order}:{speaker}", self.order if order is None else order, who, text)

    def interviewer(self, text: str, *, heard_out: bool = True) -> on.CallSaid:
        """Speaks, and its line is told; `heard_out`: speaks to the end."""
        self.do(on.CallSpeaking("interviewer", True))
        self.wait(60 * len(text))
        said = self.line("interviewer", text)
        self.do(said)
        self.wait(500)
        if heard_out:
            self.do(on.CallSpeaking("interviewer", False))
            self.wait(100)
        return said

    def candidate(self, text: str, *, told: bool = True) -> on.CallSaid:
        """Speaks for 0.4 s a word; `told`: the call's recogniser gives the line."""
        self.do(on.CallSpeaking("candidate", True))
        if self.ears:
            self.speak(text.lower().replace(".", ""), final=False)
        else:
            self.wait(400 * len(text.split()))
        self.do(on.CallSpeaking("candidate", False))
        said = self.line("candidate", text)
        if told:
            self.do(said)
        self.wait(600)
        return said

    def question(self, position: int) -> None:
        self.interviewer(f"Thank you. {QUESTIONS[position]}")

    def whole(self) -> None:
        """From where it stands to the end, the call's interviewer asking what is left."""
        for position in range(5):
            if f"q{position}" not in self.state.asked:
                self.question(position)
                self.candidate(f"My answer number {position} tells what happened.")
        self.interviewer(GOODBYE)
        self.until("ended")

    # ---- what was made of it --------------------------------------------------------

    def steers(self) -> list[tuple[str, str]]:
        return [(one.action, one.text or one.level) for one in self.effects if isinstance(one, SteerCall)]

    def leaders(self) -> list[str]:
        return [one.led_by for one in self.effects if isinstance(one, TellLeader)]

    def calls_ended(self) -> int:
        return sum(isinstance(one, EndCall) for one in self.effects)

    def kinds(self) -> list[str]:
        return [line.kind for line in self.transcript() if line.speaker == "interviewer"]
