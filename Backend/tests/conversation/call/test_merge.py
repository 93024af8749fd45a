"""The vendor's transcript after the end, laid over what the page relayed."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from app.conversation.call.merge import Merge, StoredUtterance, line_id, merge_transcript
from app.conversation.rules.state import named_id
from app.services.avatar.base import VendorUtterance

Q0 = "Tell me about a decision at Northwind that others disagreed with."
ANSWER = "I froze all features for a month and two teams disagreed with me at first."
MORE = "In the end the outages stopped and they came round."


def stored(
    text: str, start: int, *, key: str = "", speaker: str = "candidate", kind: str = "answer"
) -> StoredUtterance:
    return StoredUtterance(
        id=line_id("i1", f"{key}:{speaker}") if key else f"row-{start}",
        speaker="candidate" if speaker == "candidate" else "interviewer",
        kind=kind,
        text=text,
        start_ms=start,
        end_ms=start + 2_000,
        question_id="q0",
        response_id=named_id("i1", "response", "q0", "") if speaker == "candidate" else None,
    )


def asked(key: str = "a") -> StoredUtterance:
    return stored(Q0, 1_000, key=key, speaker="interviewer", kind="question")


def merged(rows: list[StoredUtterance], lines: list[VendorUtterance]) -> Merge:
    return merge_transcript(rows, lines, interview_id="i1", clock_start_ms=500)


def test_what_was_relayed_in_the_vendors_own_words_changes_nothing() -> None:
    rows = [asked(), stored(ANSWER, 5_000, key="b")]
    lines = [
        VendorUtterance("interviewer", Q0, 0.0, 3.0, "a"),
        VendorUtterance("candidate", ANSWER, 4.0, 5.0, "b"),
    ]
    assert merged(rows, lines) == Merge()


def test_a_line_that_was_not_relayed_is_added_at_its_place_and_its_answer_scored_anew() -> None:
    rows = [asked(), stored(ANSWER, 5_000, key="b")]
    lines = [
        VendorUtterance("interviewer", Q0, 0.0, 3.0, "a"),
        VendorUtterance("candidate", ANSWER, 4.0, 5.0, "b"),
        VendorUtterance("candidate", MORE, 10.0, 3.0, "c"),
    ]
    (added,) = merged(rows, lines).additions
    assert (added.text, added.start_ms, added.end_ms, added.after_id) == (MORE, 11_000, 14_000, rows[1].id)
    assert added.response_id == rows[1].response_id
    assert merged(rows, lines).changed_responses == (rows[1].response_id,)


def test_a_line_between_two_known_ones_never_leaves_its_place_whatever_the_vendors_clock_says() -> None:
    rows = [asked(), stored(ANSWER, 5_000, key="b"), stored(MORE, 9_000, key="d")]
    lines = [
        VendorUtterance("interviewer", Q0, 0.0, 3.0, "a"),
        VendorUtterance("candidate", ANSWER, 4.0, 5.0, "b"),
        VendorUtterance("interviewer", "Please go on.", 400.0, 1.0, "c"),
        VendorUtterance("candidate", MORE, 410.0, 3.0, "d"),
    ]
    (added,) = merged(rows, lines).additions
    assert added.start_ms == 9_000
    assert (added.kind, added.response_id) == ("remark", None)


def test_without_names_and_times_lines_are_known_by_their_words_and_order() -> None:
    rows = [asked(), stored("I froze all features for a month, two teams disagreed with me.", 5_000)]
    lines = [
        VendorUtterance("interviewer", Q0),
        VendorUtterance("candidate", ANSWER),
        VendorUtterance("candidate", MORE),
    ]
    result = merged(rows, lines)
    assert [(one.id, one.text) for one in result.replacements] == [(rows[1].id, ANSWER)]
    assert [one.text for one in result.additions] == [MORE]


def test_the_vendors_final_words_replace_what_was_heard_live() -> None:
    rows = [asked(), stored("I froze all creatures for a month.", 5_000, key="b")]
    lines = [VendorUtterance("candidate", "I froze all features for a month.", 4.0, 5.0, "b")]
    (changed,) = merged(rows, lines).replacements
    assert changed.text == "I froze all features for a month."
    assert merged(rows, lines).changed_responses == (rows[1].response_id,)


def test_of_an_interrupted_line_what_was_really_spoken_is_kept() -> None:
    rows = [stored("Tell me about a decision", 1_000, key="a", speaker="interviewer", kind="question")]
    assert merged(rows, [VendorUtterance("interviewer", Q0, 0.0, 3.0, "a")]) == Merge()


def test_relayed_lines_that_the_vendor_puts_together_are_not_added_again() -> None:
    rows = [asked(), stored(ANSWER, 5_000, key="b"), stored(MORE, 9_000, key="c")]
    assert merged(rows, [VendorUtterance("candidate", f"{ANSWER} {MORE}", 4.0, 8.0)]).additions == ()
    assert merged(rows, [VendorUtterance("candidate", f"{ANSWER} {MORE}", 4.0, 8.0, "other")]).additions == ()
    assert merged(rows, [VendorUtterance("candidate", f"{ANSWER} {MORE}", 4.0, 8.0, "b")]) == Merge()
    assert merged(rows[:2], [VendorUtterance("candidate", f"{ANSWER} {MORE}", 4.0, 8.0, "b")]).replacements


def test_what_was_typed_is_never_replaced() -> None:
    typed = StoredUtterance("typed", "candidate", "answer", ANSWER, 5_000, 5_000, typed=True, question_id="q0")
    assert merged([asked(), typed], [VendorUtterance("candidate", ANSWER + " Yes.")]).replacements == ()


def test_before_any_question_a_line_is_nobodys_answer() -> None:
    (added,) = merged([], [VendorUtterance("candidate", "Hello, can you hear me?", 2.0, 1.0, "x")]).additions
    assert (added.kind, added.response_id, added.start_ms, added.after_id) == ("remark", None, 2_500, None)


def test_a_second_call_may_open_with_the_words_of_the_first() -> None:
    first = [VendorUtterance("interviewer", "Hello, Asha.", 0.0, 1.0)]
    (greeting,) = merge_transcript([], first, interview_id="i1", clock_start_ms=500).additions
    rows = [
        StoredUtterance(greeting.id, "interviewer", "remark", greeting.text, 500, 1_500),
        asked(),
        stored(ANSWER, 5_000, key="b"),
    ]
    second = [*first, VendorUtterance("candidate", MORE, 3.0, 2.0)]
    again, more = merge_transcript(rows, second, interview_id="i1", clock_start_ms=60_000).additions
    assert again.id != greeting.id
    assert (again.start_ms, more.start_ms) == (60_000, 63_000)
    assert more.response_id == rows[2].response_id


WORDS = st.lists(st.sampled_from(["we", "moved", "the", "service", "yes", "no", "rollback"]), min_size=1, max_size=6)
LINES = st.lists(
    st.builds(
        VendorUtterance,
        st.sampled_from(["interviewer", "candidate"]),
        WORDS.map(" ".join),
        st.none() | st.floats(0, 3_000),
        st.none() | st.floats(0, 60),
        st.sampled_from(["", "a", "b", "c", "d"]),
    ),
    max_size=8,
)


def said(text: str, inference_id: str = "") -> VendorUtterance:
    return VendorUtterance("interviewer", text, inference_id=inference_id)


@given(lines=LINES, relayed=st.sets(st.integers(0, 7)))
@example(lines=[said("we we"), said("we"), said("we we")], relayed={0})
@example(lines=[said("we"), said("moved"), said("we we"), said("we", "a"), said("we")], relayed={0, 3})
def test_merging_twice_is_merging_once(lines: list[VendorUtterance], relayed: set[int]) -> None:
    """And no line is added that stands there already, nor one added twice."""
    rows = [
        stored(line.text, 1_000 * (index + 1), key=line.inference_id or f"x{index}", speaker=line.role)
        for index, line in enumerate(lines)
        if index in relayed and line.inference_id not in [one.inference_id for one in lines[:index]]
    ]
    first = merged(rows, lines)
    ids = [row.id for row in rows] + [one.id for one in first.additions]
    assert len(ids) == len(set(ids))
    for one in first.additions:
        place = next((index for index, row in enumerate(rows) if row.id == one.after_id), -1) + 1
        while (
            place < len(rows)
            and rows[place].start_ms <= one.start_ms
            and rows[place].id in {other.id for other in first.additions}
        ):
            place += 1
        rows.insert(
            place, StoredUtterance(one.id, one.speaker, one.kind, one.text, one.start_ms, one.end_ms, question_id="q0")
        )
    assert merged(rows, lines).additions == ()
