"""Whatever happens in whatever order: no word lost, none on another question, nothing asked unrecorded."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.conversation.rules import events as on
from app.conversation.rules.effects import EndAnswer, OpenAnswer, ReopenAnswer, StoreUtterance, TellClock
from app.conversation.rules.rules import begin_state
from app.conversation.rules.state import from_json, to_json
from tests.conversation.rehearsal import Rehearsal, script

VOCABULARY = ["we", "moved", "the", "service", "and", "um", "because", "that's it", "let me think"]
WORDS = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8)


class AnyInterview(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = Rehearsal()
        self.given: dict[str, str] = {}
        self.typed = 0
        self.spoken = 0
        self.clock = 0

    @initialize(
        count=st.integers(1, 5),
        follow_ups=st.sets(st.integers(0, 4)),
        flushes=st.booleans(),
        reports=st.booleans(),
    )
    def prepared(self, count: int, follow_ups: set[int], flushes: bool, reports: bool) -> None:
        self.world = Rehearsal(
            state=begin_state(script(count)),
            follow_up={f"q{index}": "And what came of it?" for index in follow_ups},
            flushes=flushes,
            page_reports=reports,
        )

    def _tell(self, event: on.Event) -> None:
        self.world.do(event)

    @rule(listen=st.booleans())
    def begin(self, listen: bool) -> None:
        self._tell(on.Began(listen, self.world.at))

    @rule(event=st.sampled_from([
        on.SaidDone(), on.HoldWished(), on.RepeatWished(), on.SkipWished(), on.PauseWished(), on.ResumeWished(),
        on.Typing(), on.HearingLost(), on.MicrophoneSet(True), on.MicrophoneSet(False),
    ]))  # fmt: skip
    def wish(self, event: on.Event) -> None:
        self._tell(event)

    @rule(away_ms=st.integers(0, 60_000))
    def leave_and_return(self, away_ms: int) -> None:
        self._tell(on.Left(self.world.at))
        self.world.at += away_ms
        self._tell(on.Began(True, self.world.at))

    # Words said into an interview that had ended meanwhile were never taken; they are gone with the recogniser.
    @precondition(lambda self: self.world.state.phase != "ended" or not self.world.unsaid)
    @rule()
    def killed(self) -> None:
        self.world.killed()

    @rule(ms=st.integers(1, 40_000))
    def time_passes(self, ms: int) -> None:
        self.world.wait(ms, tick=500)

    @rule(words=WORDS, done=st.booleans())
    def types(self, words: list[str], done: bool) -> None:
        self.typed += 1
        text = f"typed{self.typed} {' '.join(words)}"
        refused = len(self.world.problems())
        self._tell(on.Typed(text, done))
        if len(self.world.problems()) == refused:
            self.given[text] = "typed"

    @precondition(lambda self: self.world.state.live and not self.world.state.paused and self.world.state.listen)
    @rule(words=WORDS, final=st.booleans())
    def speaks(self, words: list[str], final: bool) -> None:
        self.spoken += 1
        text = f"spoken{self.spoken} {' '.join(words)}"
        self.given[text] = "spoken"
        self.world.speak(text, final=final)

    @rule()
    def flushed(self) -> None:
        lines, self.world.unsaid = tuple(self.world.unsaid), []
        self._tell(on.Flushed(lines, ()))

    @precondition(lambda self: self.world.state.begun)
    @rule()
    def ends(self) -> None:
        self._tell(on.EndWished())

    # ---- what must always hold ---------------------------------------------------

    @invariant()
    def no_line_is_told_twice(self) -> None:
        ids = [line.id for line in self.world.transcript()]
        assert len(ids) == len(set(ids))

    @invariant()
    def every_answer_line_belongs_to_a_question_asked_before_it(self) -> None:
        asked: set[str | None] = set()
        for line in self.world.transcript():
            if line.kind in ("question", "follow_up"):
                asked.add(line.follow_up_id or line.question_id)
            elif line.speaker == "candidate" and line.response_id:
                assert (line.follow_up_id or line.question_id) in asked

    @invariant()
    def words_spoken_while_listening_belong_to_the_answer_that_was_open(self) -> None:
        answer = self.world.state.answer
        if answer:
            own = {line.utterance_id for line in answer.said}
            booked = {line.id for line in self.world.said() if line.response_id == answer.response_id}
            assert own == booked

    @invariant()
    def a_response_exists_before_anything_belongs_to_it(self) -> None:
        known: set[str] = set()
        for effect in self.world.effects:
            if isinstance(effect, OpenAnswer | EndAnswer):
                known.add(effect.answer.response_id)
            elif (isinstance(effect, StoreUtterance) and effect.response_id) or isinstance(effect, ReopenAnswer):
                assert effect.response_id in known

    @invariant()
    def the_clock_never_goes_back(self) -> None:
        assert self.world.now >= self.clock
        self.clock = self.world.now
        running = [effect.running for effect in self.world.effects if isinstance(effect, TellClock)]
        if self.world.state.clock.running:
            assert running[-1]

    @invariant()
    def a_snapshot_is_whole(self) -> None:
        assert from_json(to_json(self.world.state)) == self.world.state

    @invariant()
    def an_ended_interview_accounts_for_every_question_and_every_word(self) -> None:
        state = self.world.state
        if state.phase != "ended":
            assert not self.world.ended()
            return
        assert len(self.world.ended()) == 1
        asked = {line.question_id for line in self.world.transcript() if line.kind == "question"}
        answered = {one.place.question_id for one in self.world.answers().values()}
        planned = {question.id for question in state.script.questions}
        assert planned == answered | set(state.unasked)
        assert asked >= answered
        assert not answered & set(state.unasked)

    def teardown(self) -> None:
        """Every word that was taken is in the transcript once all is over."""
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
        assert words == Counter(word for text in self.given for word in text.split())


TestAnyInterview = AnyInterview.TestCase
TestAnyInterview.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
