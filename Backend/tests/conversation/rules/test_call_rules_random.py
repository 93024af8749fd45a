"""A call that leads, is lost, comes back, doubles and shuffles its lines: what holds of any interview still holds."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from app.conversation.rules import events as on
from app.conversation.rules.effects import Say, TellLeader
from app.conversation.rules.rules import begin_state
from tests.conversation.call_rehearsal import GOODBYE, HELLO, CallRehearsal
from tests.conversation.rehearsal import QUESTIONS, script
from tests.conversation.rules.test_rules_random import WORDS, AnyInterview

REMARKS = [HELLO, GOODBYE, "I see.", "What came of it?", "Would you like me to repeat the question?"]


class AnyCall(AnyInterview):
    world: CallRehearsal

    def __init__(self) -> None:
        super().__init__()
        self.overheard: list[str] = []
        """What only our ears heard while the call led: kept where the call told nothing, and never twice."""
        self.lines: list[on.CallSaid] = []
        self.called = 0

    @initialize(count=st.integers(1, 5), flushes=st.booleans(), listen=st.booleans())
    def prepared(self, count: int, flushes: bool, listen: bool) -> None:
        self.world = CallRehearsal(state=begin_state(script(count)), flushes=flushes)
        self._tell(on.Began(listen, self.world.at, call=True))
        self._tell(on.CallJoined())

    @rule(away_ms=st.integers(0, 60_000), call=st.booleans())
    def leave_and_return_to_a_call(self, away_ms: int, call: bool) -> None:
        self._tell(on.Left(self.world.at))
        self.world.at += away_ms
        self._tell(on.Began(True, self.world.at, call=call))

    @precondition(lambda self: self.world.state.live and not self.world.state.paused and self.world.state.listen)
    @rule(words=WORDS, final=st.booleans())
    def speaks(self, words: list[str], final: bool) -> None:
        self.spoken += 1
        text = " ".join(f"heard{self.spoken}{letter}" for letter in "abcdef"[: 1 + len(words) % 6])
        if self.world.state.led_by == "call":
            self.overheard.append(text)
        else:
            self.given[text] = "spoken"
        self.world.speak(text, final=final)

    def _line(self, speaker: str, text: str) -> None:
        line = self.world.line(speaker, text)
        self.lines.append(line)
        self.world.do(line)

    @precondition(lambda self: self.world.state.phase != "ended")
    @rule(shuffled=st.permutations(range(3)), wait_ms=st.integers(0, 600))
    def the_call_hears(self, shuffled: list[int], wait_ms: int) -> None:
        """Three lines, told in any order."""
        told: list[on.CallSaid] = []
        for _ in range(3):
            self.called += 1
            told.append(self.world.line("candidate", f"told{self.called}a told{self.called}b"))
        for index in shuffled:
            self.given[told[index].text] = "told"
            self.lines.append(told[index])
            self.world.do(told[index])
        self.world.wait(wait_ms)

    @rule(position=st.integers(0, 4))
    def the_call_asks(self, position: int) -> None:
        if position < len(self.world.state.script.questions):
            self._line("interviewer", QUESTIONS[position])

    @rule(text=st.sampled_from(REMARKS))
    def the_call_remarks(self, text: str) -> None:
        self._line("interviewer", text)

    @precondition(lambda self: bool(self.lines))
    @rule(index=st.integers(0, 1_000))
    def a_line_is_told_again(self, index: int) -> None:
        self._tell(self.lines[index % len(self.lines)])

    @rule(event=st.sampled_from([
        on.CallJoined(), on.CallLost("error"), on.CallLost("left"), on.SwitchWished(),
        on.CallSpeaking("interviewer", True), on.CallSpeaking("interviewer", False),
        on.CallSpeaking("candidate", True), on.CallSpeaking("candidate", False),
    ]))  # fmt: skip
    def the_call(self, event: on.Event) -> None:
        self._tell(event)

    @invariant()
    def only_one_of_the_two_speaks(self) -> None:
        leads = "us"
        for effect in self.world.effects:
            if isinstance(effect, TellLeader):
                leads = effect.led_by
            elif isinstance(effect, Say):
                assert leads == "us"
        assert leads == self.world.state.led_by

    @invariant()
    def nothing_is_held_back_for_long(self) -> None:
        state = self.world.state
        if state.awaiting != "lines" and self.world.now > state.call.stirred_ms + 1_000:
            assert not state.call.waiting

    def teardown(self) -> None:
        world = self.world
        if not world.state.begun:
            return
        if world.state.phase != "ended":
            world.do(on.Began(True, world.at))
            world.do(on.EndWished())
            world.wait(5_000)
        lines, world.unsaid = tuple(world.unsaid), []
        world.do(on.Flushed(lines, ()))
        assert world.state.phase == "ended"
        words = Counter(word for line in world.said() for word in line.text.split())
        due = Counter(word for text in self.given for word in text.split())
        spare = Counter(word for text in self.overheard for word in text.split())
        assert not due - words, "every word that was taken is in the transcript"
        assert not words - due - spare, "and none is there twice"


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
