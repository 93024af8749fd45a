"""What is dropped for a page that is slow, and what never is."""

from __future__ import annotations

import json

import pytest

from app.conversation.room.outbox import CAPTIONS_FROM, MAX_AUDIO_BYTES, MAX_MESSAGES, Close, Message, Outbox
from app.schemas.live import AnswerEnded, CaptionHeard, SpeechHeader

pytestmark = pytest.mark.anyio


def fact(sequence: int) -> AnswerEnded:
    return AnswerEnded(
        sequence=sequence, response_id="r", question_id="q", follow_up_id=None, ended_by="done", silence_ms=None
    )


def header(utterance_id: str) -> SpeechHeader:
    return SpeechHeader(utterance_id=utterance_id, index=0, last=True, text="Hi", duration_ms=10, cues=[])


async def drained(outbox: Outbox) -> list[Message]:
    outbox.close(1000, "done")
    return [message async for message in outbox.messages()]


async def test_facts_keep_their_order_and_captions_of_one_line_replace_each_other() -> None:
    outbox = Outbox()
    for number in range(3):
        outbox.tell(CaptionHeard(line_id="l", text=f"word {number}"))
        outbox.tell(fact(number))
    told = [json.loads(message) for message in await drained(outbox) if isinstance(message, str)]
    assert [one["sequence"] for one in told if "sequence" in one] == [0, 1, 2]
    assert [one["text"] for one in told if one["type"] == "caption.heard"] == ["word 2"]


async def test_a_slow_page_loses_captions_before_facts() -> None:
    outbox = Outbox()
    for number in range(CAPTIONS_FROM):
        outbox.tell(fact(number))
    outbox.tell(CaptionHeard(line_id="l", text="too much"))
    outbox.tell(fact(CAPTIONS_FROM))
    told = [json.loads(message) for message in await drained(outbox) if isinstance(message, str)]
    assert len(told) == CAPTIONS_FROM + 1


async def test_a_page_that_reads_nothing_is_let_go_instead_of_losing_a_fact() -> None:
    outbox = Outbox()
    for number in range(MAX_MESSAGES + 5):
        outbox.tell(fact(number))
    assert await drained(outbox) == [Close(1013, "too slow")]


async def test_sound_beyond_the_limit_is_refused_aloud() -> None:
    outbox = Outbox()
    half = bytes(MAX_AUDIO_BYTES // 2)
    assert outbox.speak(header("u1"), half)
    assert not outbox.speak(header("u2"), half + half)


async def test_speech_that_was_cut_does_not_leave_any_more() -> None:
    outbox = Outbox()
    outbox.speak(header("u1"), bytes(10))
    outbox.speak(header("u2"), bytes(10))
    outbox.unspeak("u1")
    sent = [message for message in await drained(outbox) if isinstance(message, bytes)]
    assert len(sent) == 1 and b'"u2"' in sent[0]
