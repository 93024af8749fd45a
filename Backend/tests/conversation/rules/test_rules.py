"""The rules of the conversation on a virtual clock."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from app.conversation.rules import events as on
from app.conversation.rules.effects import CutSpeech, ReopenAnswer, Say, ScoreAnswer, TellCaption
from app.conversation.rules.rules import begin_state, step
from app.conversation.rules.state import from_json, to_json
from tests.conversation.rehearsal import QUESTIONS, Rehearsal, script

LONG = "I took the lead, wrote the plan with two colleagues and moved forty services in six weeks."


def test_a_whole_interview_asks_every_question_and_books_each_answer_on_its_own() -> None:
    world = Rehearsal(follow_up={"q1": "What would you do differently?"})
    world.begin()
    for number in range(6):
        world.answer(f"This is answer number {number} and it is long enough to count as a real one.")
    world.until("ended")
    assert world.spoken("question") == list(QUESTIONS)
    assert world.spoken("follow_up") == ["What would you do differently?"]
    booked = [(one.place.question_id, bool(one.place.follow_up), one.text) for one in world.answers().values()]
    assert [(question, follow_up) for question, follow_up, _ in booked] == [
        ("q0", False), ("q1", False), ("q1", True), ("q2", False), ("q3", False), ("q4", False),
    ]  # fmt: skip
    assert all(f"number {index} " in text for index, (_, _, text) in enumerate(booked))
    assert world.ended() == ["complete"]
    assert "Asha" in world.spoken("greeting")[0] and "Asha" in world.spoken("closing")[0]


def test_the_clock_stands_before_the_beginning_and_while_paused_and_away() -> None:
    world = Rehearsal()
    world.wait(5_000)
    assert world.now == 0
    world.asked()
    before = world.now
    world.do(on.PauseWished())
    world.wait(60_000)
    assert world.now == before
    world.do(on.ResumeWished())
    world.wait(1_000)
    assert world.now == before + 1_000
    world.do(on.Left(world.at))
    world.wait(60_000)
    assert world.now == before + 1_000


def test_a_second_pause_does_not_end_the_answer() -> None:
    world = Rehearsal().asked()
    world.speak("I led the migration of the billing service at Northwind last year with my team")
    world.wait(2_000)
    assert world.phase == "listening"
    world.speak("and we moved it in six weeks without losing a single invoice on the way.")
    world.until_not("listening")
    assert world.answer_to("q0").text.endswith("on the way.")


def test_what_the_ears_have_not_heard_yet_is_no_silence() -> None:
    world = Rehearsal().asked()
    start = world.now
    words = on.HeardUtterance("slow", "I led the migration of the billing service for us.", start, start + 3_000, False)
    world.at += 3_000
    world.do(on.Heard((words,), False, start + 3_000, 0, until_ms=start + 3_100))
    world.wait(9_000)
    assert world.phase == "listening"
    assert not world.problems()
    world.wait(3_000)
    assert world.problems() == ["no_sound"]
    world.do(on.Heard((), False, start + 3_000, 0, until_ms=start + 6_000))
    assert world.phase == "deciding"


def test_the_first_words_after_an_answer_do_not_wait_for_the_follow_up() -> None:
    world = Rehearsal(chooses=False).asked()
    world.effects.clear()
    world.answer()
    assert any(isinstance(effect, Say) for effect in world.effects)
    assert world.state.awaiting == "choice"


def test_acknowledgements_never_evaluate_and_do_not_repeat_at_once() -> None:
    world = Rehearsal()
    world.begin()
    for _ in range(5):
        world.answer()
    world.until("ended")
    said = world.spoken("remark")
    assert len(said) == 5
    assert all(one != other for one, other in itertools.pairwise(said))
    for word in ("great", "good", "excellent", "perfect", "well done", "nice"):
        assert not any(word in line.lower() for line in said)


def test_a_model_that_never_answers_does_not_stop_the_interview() -> None:
    world = Rehearsal(chooses=False)
    world.begin()
    world.answer()
    world.until("listening")
    assert world.state.place and world.state.place.question_id == "q1"


def test_a_recogniser_that_never_flushes_does_not_lose_the_words_in_flux() -> None:
    world = Rehearsal(flushes=False).asked()
    world.speak("We tested the rollback before anything else was moved and that saved us.", final=False)
    world.do(on.SaidDone())
    world.wait(3_000)
    assert "saved us." in world.answer_to("q0").text


def test_a_recogniser_that_finishes_a_line_too_late_adds_only_what_was_missing() -> None:
    world = Rehearsal(flushes=False).asked()
    start = world.now
    part = on.HeardUtterance("slow", "We tested the", start, start + 900, final=False)
    world.do(on.Heard((part,), True, start + 900, 900))
    world.do(on.SaidDone())
    world.wait(3_000)
    whole = on.HeardUtterance("slow", "We tested the rollback first.", start, start + 1_800, final=True)
    world.do(on.Flushed((whole,), ()))
    assert world.answer_to("q0").text == "We tested the rollback first."


def test_a_page_that_never_reports_its_speech_does_not_stop_the_interview() -> None:
    world = Rehearsal(page_reports=False)
    world.begin()
    world.until("listening", 120_000)
    assert world.state.answer and world.state.answer.place.question_id == "q0"


def test_late_words_after_the_decision_go_on_with_the_same_answer() -> None:
    world = Rehearsal(chooses=False).asked()
    world.answer(LONG)
    assert world.phase == "deciding"
    world.speak("and then we also rewrote the alerting")
    assert any(isinstance(effect, ReopenAnswer) for effect in world.effects)
    assert world.phase == "listening"
    world.chooses = True
    world.until_not("listening")
    assert world.answer_to("q0").text == f"{LONG} and then we also rewrote the alerting"
    assert world.spoken("question") == [QUESTIONS[0]]


def test_words_begun_before_the_next_question_take_it_back_in_its_first_moments() -> None:
    world = Rehearsal().asked()
    world.answer(LONG)
    # Speaking on while being thanked; the recogniser's first words come when the next question has begun.
    began = world.now
    while world.phase != "asking":
        world.wait(100)
    world.wait(500)
    line = on.HeardUtterance("late", "and then we also", began, world.now, final=False)
    world.do(on.Heard((line,), True, world.now, world.now - began + 10))
    assert world.phase == "listening"
    assert world.state.place and world.state.place.question_id == "q0"
    whole = on.HeardUtterance("late", "and then we also wrote tests", began, world.now, final=True)
    world.do(on.Heard((whole,), False, world.now, 0))
    world.until("asking")
    assert "wrote tests" in world.answer_to("q0").text
    assert world.state.place.question_id == "q1"


def test_a_late_final_line_of_an_ended_answer_belongs_to_it_and_is_scored_anew() -> None:
    world = Rehearsal().asked()
    world.answer(LONG)
    started = world.state.last
    assert started
    world.until("listening")
    world.effects.clear()
    late = on.HeardUtterance("stray", "yes exactly", started.end_ms, started.end_ms + 300, final=True)
    world.do(on.Heard((late,), False, None, 0))
    assert world.said()[0].response_id == started.response_id
    assert ScoreAnswer(started.response_id) in world.effects


def test_silence_is_met_with_a_nudge_then_an_offer_then_the_next_question() -> None:
    world = Rehearsal().asked()
    world.until_not("listening")
    assert len(world.spoken("nudge")) == 2
    answer = world.answer_to("q0")
    assert (answer.ended_by, answer.said) == ("silent", ())
    world.until("listening")
    assert world.state.place and world.state.place.question_id == "q1"


def test_beginning_to_answer_stops_a_nudge_at_once() -> None:
    world = Rehearsal().asked()
    while not world.spoken("nudge"):
        world.wait(100)
    world.speak("Well I once moved a service")
    assert any(isinstance(effect, CutSpeech) for effect in world.effects)


def test_let_me_think_holds_the_floor_for_half_a_minute() -> None:
    world = Rehearsal().asked()
    world.do(on.HoldWished())
    assert str(world.state.wire_phase) == "holding"
    world.wait(29_000)
    assert str(world.state.wire_phase) == "holding"
    assert not world.spoken("nudge")
    world.speak("At Northwind the rollback had never been tested so we lost two days.")
    assert str(world.state.wire_phase) == "listening"
    world.until_not("listening")
    (hold,) = world.answer_to("q0").holds
    assert 28_000 <= hold[1] - hold[0] <= 32_000


def test_im_done_gives_the_floor_back_at_once() -> None:
    world = Rehearsal().asked()
    world.speak("It was the rollback")
    world.do(on.SaidDone())
    answer = world.answer_to("q0")
    assert (answer.ended_by, answer.text) == ("done", "It was the rollback")


def test_a_repeated_question_keeps_what_was_said() -> None:
    world = Rehearsal().asked()
    world.speak("It was the rollback because")
    world.do(on.RepeatWished())
    assert world.spoken("repeat") == [QUESTIONS[0]]
    world.answer("nobody had ever tried it on real data before that night.")
    assert world.answer_to("q0").text.startswith("It was the rollback because nobody")


def test_a_skipped_question_is_recorded_as_skipped_and_the_next_is_asked() -> None:
    world = Rehearsal().asked()
    world.do(on.SkipWished())
    assert world.answer_to("q0").ended_by == "skipped"
    world.until("listening")
    assert world.state.place and world.state.place.question_id == "q1"


def test_a_question_skipped_while_it_is_asked_stops_sounding() -> None:
    world = Rehearsal()
    world.begin()
    world.until("asking")
    head = world.state.head
    world.do(on.SkipWished())
    assert head and CutSpeech(head.id) in world.effects
    assert world.answer_to("q0").ended_by == "skipped"


@pytest.mark.parametrize("phase", ["asking", "listening", "holding"])
def test_a_typed_answer_counts_in_the_middle_of_anything(phase: str) -> None:
    world = Rehearsal()
    world.begin()
    world.until("asking")
    if phase != "asking":
        world.until("listening")
    if phase == "holding":
        world.do(on.HoldWished())
    world.do(on.Typed("I measured first, then changed one thing at a time.", done=True))
    answer = world.answer_to("q0")
    assert (answer.ended_by, answer.typed) == ("typed", True)
    assert world.said()[0].source == "typed"


def test_typing_holds_the_floor() -> None:
    world = Rehearsal().asked()
    world.speak(LONG)
    for _ in range(10):
        world.do(on.Typing())
        world.wait(2_000)
    assert world.phase == "listening"
    world.do(on.Typed("The second half I would rather write.", done=True))
    answer = world.answer_to("q0")
    assert len(answer.said) == 2
    assert not answer.typed


def test_a_typed_addition_after_the_answer_has_ended_still_belongs_to_it() -> None:
    world = Rehearsal(chooses=False).asked()
    world.answer(LONG)
    world.do(on.Typed("One more thing: it took six weeks.", done=True))
    assert world.answer_to("q0").text.endswith("it took six weeks.")


def test_without_ears_silence_means_nothing() -> None:
    world = Rehearsal().asked(listen=False)
    world.wait(10 * 60_000)
    assert world.phase == "listening"
    assert not world.spoken("nudge")


def test_muting_keeps_the_floor_and_what_was_said() -> None:
    world = Rehearsal().asked()
    world.speak("We began with the smallest service", final=False)
    world.do(on.MicrophoneSet(False))
    world.wait(120_000)
    assert world.phase == "listening"
    world.do(on.MicrophoneSet(True))
    world.answer("and moved the others one after the other in six weeks.")
    assert world.answer_to("q0").text.startswith("We began with the smallest service and moved")


def test_losing_the_ears_turns_to_typing_and_keeps_the_words_in_flux() -> None:
    world = Rehearsal().asked()
    world.speak("We began with the smallest service", final=False)
    world.do(on.HearingLost())
    assert world.problems() == ["hearing_lost"]
    world.wait(60_000)
    world.do(on.Typed("and then the rest.", done=True))
    assert world.answer_to("q0").text == "We began with the smallest service and then the rest."


def test_clear_speech_stops_a_question_that_has_mostly_been_heard() -> None:
    world = Rehearsal()
    world.begin()
    world.until("asking")
    world.wait(3_500)
    world.speak("I know this one we had no tests")
    assert world.phase == "listening"
    assert world.state.answer and world.state.answer.said


def test_early_speech_does_not_stop_a_question_and_is_kept_as_its_answer() -> None:
    world = Rehearsal()
    world.begin()
    world.until("asking")
    head = world.state.head
    start = world.now
    line = on.HeardUtterance("early", "oh I like this one", start, start + 1_000, final=True)
    world.do(on.Heard((line,), True, start + 1_000, 1_000))
    assert world.phase == "asking"
    assert head and CutSpeech(head.id) not in world.effects
    assert world.state.answer and world.state.answer.text == "oh I like this one"


def test_the_interviewers_own_words_coming_back_are_no_answer() -> None:
    world = Rehearsal()
    world.begin()
    world.until("asking")
    world.wait(3_500)
    start = world.now
    echo = QUESTIONS[0][:60]
    world.do(on.Heard((on.HeardUtterance("echo", echo, start - 3_000, start, False),), True, start, 3_000))
    world.do(on.Heard((on.HeardUtterance("echo", echo, start - 3_000, start, True),), False, start, 0))
    assert world.phase == "asking"
    assert not world.said()
    assert [effect.text for effect in world.effects if isinstance(effect, TellCaption)][-1] == ""


def test_ending_scores_what_was_answered_and_names_what_was_not_asked() -> None:
    world = Rehearsal().asked()
    world.speak("We had no tests", final=False)
    world.do(on.EndWished())
    assert world.ended() == ["ended_early"]
    assert world.answer_to("q0").text == "We had no tests"
    assert world.state.unasked == ("q1", "q2", "q3", "q4")


def test_a_killed_process_goes_on_at_the_same_question_with_everything_said() -> None:
    world = Rehearsal()
    world.begin()
    world.answer(LONG)
    world.until("listening")
    world.speak("The second one I decided alone.")
    world.killed()
    assert str(world.state.wire_phase) == "ready"
    world.begin()
    world.until("listening")
    assert world.spoken("repeat") == [QUESTIONS[1]]
    world.answer("and I would decide it the same way today.")
    assert world.answer_to("q1").text.startswith("The second one I decided alone. and I would")


@pytest.mark.parametrize("phase", ["greeting", "asking", "listening", "holding", "deciding", "closing"])
def test_after_a_kill_in_any_phase_the_interview_still_comes_to_its_end(phase: str) -> None:
    world = Rehearsal(chooses=False)
    _to(world, phase)
    world.killed()
    world.chooses = True
    world.begin()
    for _ in range(12):
        if world.phase == "ended":
            break
        world.until("listening") if phase != "closing" else world.until("ended")
        if world.phase != "ended":
            world.speak("This is an answer that is long enough for anyone who listens to it.")
            world.until_not("listening")
            if world.state.place and world.state.place.position == 4:
                world.until("ended")
    assert world.ended() == ["complete"]
    assert {one.place.question_id for one in world.answers().values()} == {"q0", "q1", "q2", "q3", "q4"}


def test_a_blink_of_the_network_interrupts_nobody() -> None:
    world = Rehearsal().asked()
    world.speak("We had no tests and")
    world.do(on.Left(world.at))
    world.at += 3_000
    world.begin()
    assert world.phase == "listening"
    assert not world.spoken("repeat")


def test_a_pause_outlives_a_lost_connection() -> None:
    world = Rehearsal().asked()
    world.do(on.PauseWished())
    world.do(on.Left(world.at))
    world.killed()
    world.begin()
    assert str(world.state.wire_phase) == "paused"
    world.do(on.ResumeWished())
    assert world.phase == "listening"


def test_an_hour_is_enough_and_the_rest_is_named_as_not_asked() -> None:
    world = Rehearsal().asked(listen=False)
    world.wait(61 * 60_000, tick=1_000)
    world.do(on.Typed("That took me a while.", done=True))
    world.until("ended")
    assert "time is up" in world.spoken("closing")[0]
    assert world.ended() == ["ended_early"]
    assert world.state.unasked == ("q1", "q2", "q3", "q4")


def test_no_follow_up_follows_silence_a_skip_or_another_follow_up() -> None:
    world = Rehearsal(follow_up={f"q{index}": "And then?" for index in range(5)})
    world.asked()
    world.do(on.SkipWished())
    world.until("listening")
    assert world.spoken("follow_up") == []
    world.answer(LONG)
    world.answer(LONG)
    world.until("listening")
    assert world.spoken("follow_up") == ["And then?"]
    assert world.state.place and (world.state.place.question_id, world.state.place.follow_up) == ("q2", None)


def test_an_interview_without_questions_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one question"):
        begin_state(script(0))


def test_a_snapshot_reads_back_as_it_was_written() -> None:
    world = Rehearsal(follow_up={"q0": "And then?"})
    world.begin()
    world.answer()
    world.until("listening")
    world.speak("Then we went on", final=False)
    assert from_json(to_json(world.state)) == world.state


# ---- each event in each phase ---------------------------------------------------------


def _to(world: Rehearsal, phase: str) -> None:
    """Brings an interview into a phase from its start."""
    if phase == "ready":
        return
    world.begin()
    if phase == "greeting":
        return
    world.until("asking")
    if phase == "asking":
        return
    world.until("listening")
    match phase:
        case "holding":
            world.do(on.HoldWished())
        case "deciding":
            world.speak(LONG)
            world.until("deciding")
        case "paused":
            world.speak(LONG)
            world.do(on.PauseWished())
        case "away":
            world.speak(LONG)
            world.do(on.Left(world.at))
        case "closing":
            chooses, world.chooses = world.chooses, True
            for _ in range(5):
                world.answer(LONG)
            world.until("closing")
            world.chooses = chooses
        case "ended":
            world.speak(LONG)
            world.do(on.EndWished())
        case _:
            world.speak(LONG)


PHASES = ["ready", "greeting", "asking", "listening", "holding", "deciding", "paused", "away", "closing", "ended"]
EVENTS: dict[str, Callable[[Rehearsal], on.Event]] = {
    "begin": lambda world: on.Began(True, world.at),
    "left": lambda world: on.Left(world.at),
    "typed": lambda _: on.Typed("Some words I typed.", True),
    "typed in part": lambda _: on.Typed("Some words I typed.", False),
    "typing": lambda _: on.Typing(),
    "done": lambda _: on.SaidDone(),
    "hold": lambda _: on.HoldWished(),
    "repeat": lambda _: on.RepeatWished(),
    "skip": lambda _: on.SkipWished(),
    "pause": lambda _: on.PauseWished(),
    "resume": lambda _: on.ResumeWished(),
    "end": lambda _: on.EndWished(),
    "mute": lambda _: on.MicrophoneSet(False),
    "unmute": lambda _: on.MicrophoneSet(True),
    "unknown speech started": lambda _: on.SpeechStarted("nobody's"),
    "unknown speech finished": lambda _: on.SpeechFinished("nobody's"),
    "heard": lambda world: on.Heard(
        (on.HeardUtterance("new", "some words I spoke", world.now - 500, world.now, True),), True, world.now, 900
    ),
    "silence": lambda world: on.Heard((), False, world.now, 0),
    "flushed": lambda world: on.Flushed(
        (on.HeardUtterance("end", "my last words", world.now - 400, world.now, True),), ()
    ),
    "hearing lost": lambda _: on.HearingLost(),
    "stale choice": lambda _: on.FollowUpChosen("somebody's", 3, "Really?"),
    "tick": lambda _: on.Ticked(),
}


@pytest.mark.parametrize(("phase", "event"), list(itertools.product(PHASES, EVENTS)))
def test_no_event_in_any_phase_loses_a_word_or_breaks_the_interview(phase: str, event: str) -> None:
    world = Rehearsal()
    _to(world, phase)
    before = {line.id for line in world.said()}
    wished = EVENTS[event](world)
    effects = world.do(wished)
    assert before <= {line.id for line in world.said()}
    texts = [line.text for line in world.said()]
    if event in ("typed", "typed in part"):
        # Refused aloud, or kept.
        assert ("Some words I typed." in texts) != ("not_now" in world.problems())
    if event == "heard":
        assert "some words I spoke" in texts
    if event == "flushed":
        assert "my last words" in texts
    if phase == "ended":
        assert world.ended() == ["ended_early"]
        assert not any(isinstance(effect, Say) for effect in effects)
    again = step(from_json(to_json(world.state)), on.Ticked(), world.at)
    assert again.state.phase == world.phase or world.phase != "ended"
