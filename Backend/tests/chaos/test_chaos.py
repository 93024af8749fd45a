"""One small round of `make chaos`, and that its instruments see what they are there to see."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from chaos.audit import check_takes, check_transcript
from chaos.footage import DEVICES, GARBAGE, NOTHING, SHADES, Device, Material, cut, film, material
from chaos.ledger import InterviewLedger, Ledger, TakeLedger
from chaos.plan import SIZES, plan_round
from chaos.round import hold

pytestmark = pytest.mark.anyio

SEED = 10
"""A phone and then a laptop, pieces that come late; a kill, a full disk, and another kill while pieces are cleared."""


@pytest.mark.timeout(420)
async def test_what_was_acknowledged_survives_a_kill_a_full_disk_and_a_broken_line() -> None:
    outcome = await hold(plan_round(SEED, SIZES["tiny"]), keep=False)
    assert not outcome.violations, "\n".join([outcome.summary(), *outcome.violations])
    assert outcome.ledger.counts["kills"] >= 1
    assert outcome.ledger.counts["full disks"] == 1
    assert outcome.ledger.counts["flaps"] > 0


def test_the_same_seed_plans_the_same_round() -> None:
    assert plan_round(7, SIZES["night"]) == plan_round(7, SIZES["night"])
    assert plan_round(7, SIZES["night"]) != plan_round(8, SIZES["night"])


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: device.name)
def test_a_take_is_known_by_its_shade_and_tone(device: Device) -> None:
    shade = SHADES[3]
    holds = material(film(device, shade, 1.0), device.container)
    assert holds.pictures == (Counter({shade: 10}) if device.encoder else Counter())
    assert holds.sounds[shade] > 40
    assert holds.lasts_s == pytest.approx(1.0, abs=0.1)


def test_what_nobody_can_read_holds_nothing() -> None:
    assert material(film(GARBAGE, SHADES[0], 1.0), "webm") == NOTHING


def test_a_cut_take_holds_less() -> None:
    device = DEVICES[0]
    data = film(device, SHADES[0], 2.0)
    half = material(b"".join(cut(data, 4)[:2]), device.container)
    assert 0 < half.pictures[SHADES[0]] < material(data, device.container).pictures[SHADES[0]]


def test_pieces_count_as_far_as_they_are_receipted_without_a_gap() -> None:
    plan = replace(plan_round(1, SIZES["tiny"]).people[0].takes[0], pieces=4)
    take = TakeLedger.of(plan)
    take.receipted = {0, 1, 3}
    assert (take.prefix, take.whole) == (2, False)
    take.receipted.add(2)
    assert (take.prefix, take.whole) == (4, True)


def recorded(*devices: Device) -> InterviewLedger:
    plan = plan_round(1, SIZES["tiny"]).people[0].takes[0]
    takes = [
        TakeLedger.of(replace(plan, number=number, device=device, shade=SHADES[number], pieces=4))
        for number, device in enumerate(devices)
    ]
    for take in takes:
        take.receipted = {0, 1, 2, 3}
    return InterviewLedger("an id", takes)


def digests(interview: InterviewLedger) -> set[str]:
    return {take.digest(piece) for take in interview.takes for piece in take.receipted}


def video_of(*takes: TakeLedger) -> Material:
    parts = [take.playable() for take in takes]
    return Material(
        sum((part.pictures for part in parts), Counter[int]()),
        sum((part.sounds for part in parts), Counter[int]()),
        sum(part.lasts_s for part in parts),
    )


def test_pieces_may_go_when_their_take_is_in_the_video() -> None:
    ledger, interview = Ledger(), recorded(DEVICES[0], DEVICES[3])
    check_takes(ledger, interview, video_of(*interview.takes), set(), "at night")
    assert ledger.violations == []


def test_pieces_of_a_take_that_is_left_out_are_missed() -> None:
    ledger, interview = Ledger(), recorded(DEVICES[0], DEVICES[3])
    check_takes(ledger, interview, video_of(interview.takes[0]), set(), "at night")
    assert [each for each in ledger.violations if "LOST" in each and "take 1" in each and "4 of 4" in each]


def test_pieces_of_a_take_that_is_left_out_are_not_lost_while_they_are_kept() -> None:
    ledger, interview = Ledger(), recorded(DEVICES[0], GARBAGE)
    check_takes(ledger, interview, video_of(interview.takes[0]), digests(interview), "at night")
    assert ledger.violations == []


def test_a_piece_behind_a_gap_is_lost_with_its_file() -> None:
    ledger, interview = Ledger(), recorded(DEVICES[0])
    interview.takes[0].receipted = {0, 1, 3}
    check_takes(ledger, interview, video_of(*interview.takes), set(), "at night")
    assert [each for each in ledger.violations if "LOST" in each and "1 of 3" in each]


def test_a_take_that_is_played_twice_is_noticed() -> None:
    ledger, interview = Ledger(), recorded(DEVICES[0])
    check_takes(ledger, interview, video_of(*interview.takes, *interview.takes), set(), "at night")
    assert [each for each in ledger.violations if "more than once" in each]


def told(text: str, sequence: int) -> dict[str, object]:
    return {"id": f"line-{sequence}", "sequence": sequence, "speaker": "candidate", "text": text}


def test_a_line_that_was_told_and_is_missing_is_noticed() -> None:
    ledger, interview = Ledger(), InterviewLedger("an id", [])
    interview.lines = {1: told("I led it.", 1)}
    interview.typed = Counter({"I led it.": 1})
    check_transcript(ledger, interview, {"transcript": [told("I led it.", 1)]})
    assert ledger.violations == []
    check_transcript(ledger, interview, {"transcript": []})
    assert ledger.violations == ["an utterance that was told is not in the transcript, or in other words"]


def test_a_line_that_is_there_twice_is_noticed() -> None:
    ledger, interview = Ledger(), InterviewLedger("an id", [])
    interview.typed = Counter({"I led it.": 1})
    check_transcript(ledger, interview, {"transcript": [told("I led it.", 1), told("I led it.", 2)]})
    assert ledger.violations == ["an answer is in the transcript more often than it was typed"]
