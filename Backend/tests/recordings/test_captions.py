from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from app.domain.recording import PlacedTake
from app.recordings.captions import Cue, captions_vtt, chapters_vtt
from app.recordings.timeline import Timeline

ONE_TAKE = Timeline([PlacedTake(0, 1_000, 0, 60_000)])
TIMING = re.compile(r"^(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})$")


def blocks(vtt: str) -> list[list[str]]:
    assert vtt.startswith("WEBVTT\n\n")
    return [block.split("\n") for block in vtt.strip().split("\n\n")[1:]]


def test_both_speakers_are_captioned_in_video_time() -> None:
    cues = [Cue(2_000, 5_500, "How did it go?", "Interviewer"), Cue(6_000, 9_000, "It went well.", "You")]
    assert blocks(captions_vtt(cues, ONE_TAKE)) == [
        ["1", "00:00:01.000 --> 00:00:04.500", "<v Interviewer>How did it go?"],
        ["2", "00:00:05.000 --> 00:00:08.000", "<v You>It went well."],
    ]


def test_what_was_not_recorded_is_not_captioned() -> None:
    assert "Lost" not in captions_vtt([Cue(500_000, 510_000, "Lost", "You")], ONE_TAKE)


def test_a_short_word_stays_long_enough_to_be_read() -> None:
    assert blocks(captions_vtt([Cue(2_000, 2_050, "Yes.", "You")], ONE_TAKE))[0][1] == "00:00:01.000 --> 00:00:01.700"


@given(st.text(max_size=300), st.text(max_size=60))
def test_whatever_is_said_stays_one_line_of_text_and_never_becomes_markup(text: str, speaker: str) -> None:
    vtt = captions_vtt([Cue(2_000, 3_000, text, speaker), Cue(4_000, 5_000, "after", "You")], ONE_TAKE)
    found = blocks(vtt)
    assert found[-1][-1] == "<v You>after"
    assert all(len(block) == 3 and TIMING.match(block[1]) for block in found)
    shown = found[0][2].removeprefix("<v ")
    assert "<" not in shown
    assert shown.count(">") <= 1


def test_a_script_in_an_answer_is_shown_as_text() -> None:
    vtt = captions_vtt([Cue(2_000, 3_000, "<script>alert(1)</script> & so --> on\n\nNOTE x", "<b>")], ONE_TAKE)
    assert "<v &lt;b&gt;>&lt;script&gt;alert(1)&lt;/script&gt; &amp; so --&gt; on NOTE x" in vtt


def test_a_chapter_lasts_until_the_next_and_the_last_one_to_the_end() -> None:
    chapters = [Cue(1_000, 1_000, "Question 1"), Cue(31_000, 31_000, "Question 2")]
    assert blocks(chapters_vtt(chapters, ONE_TAKE, 60_000)) == [
        ["1", "00:00:00.000 --> 00:00:30.000", "Question 1"],
        ["2", "00:00:30.000 --> 00:01:00.000", "Question 2"],
    ]
