"""The results page in a language that nobody speaks: each letter of the catalogue bears an accent there.

So what bears none is no sentence of ours, or is one that is still written in the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from pydantic import TypeAdapter

from app.domain.message import VERBATIM, Message
from app.texts import ENGLISH, Catalogue, speaking
from app.texts.catalogue import PLURAL_FORMS
from app.texts.message_format import Choice, Text
from tests.routers.test_interviews import capabilities_of, me
from tests.routers.test_results import completed, results
from tests.workflows.held import GOOD, OFF_TOPIC, hold_interview

MESSAGES = TypeAdapter(tuple[Message, ...])
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "àƀçđéƒğħîĵķļɱñöƥɋřšţûṽŵẋýžÀƁÇĐÉƑĞĦÎĴĶĻṀÑÖƤɊŘŠŢÛṼŴẊÝŽ"
VOICED = "We kind of maybe introduced it, and, um, I think we, like, measured it on our shift. We were glad, probably."
TEXT_OF = {"not_scored_message": "not_scored_reason"}
OURS = re.compile(r"[A-Za-z]")
HELD = "Question how did you cut triage waiting time from 45 to 20 minutes It is your strongest claim Emergency nurse"


def accented(text: Text) -> Text:
    return tuple(
        part.translate(str.maketrans(PLAIN, ACCENTED))
        if isinstance(part, str)
        else replace(part, cases={case: accented(inner) for case, inner in part.cases.items()})
        if isinstance(part, Choice)
        else part
        for part in text
    )


PSEUDO = Catalogue({code: accented(ENGLISH[code]) for code in ENGLISH}, PLURAL_FORMS["en"])


def pairs(node: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each text of ours on the page with the messages it was made from. A quote is the candidate's."""
    for one in node if isinstance(node, list) else ():
        yield from pairs(one)
    for name, value in node.items() if isinstance(node, dict) else ():
        if name.endswith("_message") and node.get("kind") != "quote":
            text = str(node[TEXT_OF.get(name, name.removesuffix("_message"))])
            yield text, [value] if value else []
        elif name.endswith("_messages"):
            told = node[name.removesuffix("_messages")]
            yield from zip(told, ([one] for one in value), strict=True) if isinstance(told, list) else ((told, value),)
        elif name != "params":
            yield from pairs(value)


def params(message: dict[str, Any]) -> Iterator[str]:
    """The words in a message that are somebody else's."""
    for value in message["params"].values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from params(one)
            elif isinstance(one, str):
                yield one


def codes(message: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield message["code"], str(message["params"].get("text", ""))
    for value in message["params"].values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from codes(one)


@pytest.mark.parametrize("answers", [(GOOD, OFF_TOPIC, "", None), (VOICED, GOOD, "I did not.", GOOD, VOICED), ()])
async def test_every_sentence_of_ours_on_the_page_comes_from_the_catalogue(
    app: FastAPI, candidate: AsyncClient, answers: tuple[str | None, ...]
) -> None:
    interview_id = await completed(app, candidate, answers)
    with speaking(PSEUDO):
        page = await results(candidate, interview_id)
    seen = list(pairs(page))
    assert len(seen) > 10
    for text, messages in seen:
        rest = text
        for own in sorted((one for message in messages for one in params(message)), key=len, reverse=True):
            rest = rest.replace(own, "").replace(own[:1].lower() + own[1:], "")
        assert not OURS.search(rest), (rest, messages)
    # Nothing of ours hides among what is verbatim: each such word is the person's, the question's or the resume's.
    theirs = set(re.findall(r"\w+", f"{' '.join(filter(None, answers))} {HELD} I".lower()))
    for _, messages in seen:
        for code, verbatim in (one for message in messages for one in codes(message)):
            assert code == VERBATIM or code in ENGLISH
            assert code != VERBATIM or set(re.findall(r"\w+", verbatim.lower())) <= theirs, verbatim


async def test_an_interview_that_is_not_assessed_yet_says_so_in_the_same_language(
    app: FastAPI, candidate: AsyncClient
) -> None:
    interview_id = await hold_interview(capabilities_of(app).db, await me(candidate))
    with speaking(PSEUDO):
        page = await results(candidate, interview_id)
    responses = [each for question in page["questions"] for each in question["responses"]]
    reasons = [score["reason"] for each in responses for score in each["scores"].values()]
    reasons += [question["not_scored_reason"] for question in page["questions"]]
    assert all(reasons) and not any(OURS.search(reason) for reason in reasons)


async def test_a_page_can_say_each_text_in_its_own_words(app: FastAPI, candidate: AsyncClient) -> None:
    """The text on the wire is what its message gives, and nothing more."""
    page = await results(candidate, await completed(app, candidate))
    for text, messages in pairs(page):
        assert text == " ".join(ENGLISH.text(one) for one in MESSAGES.validate_python(messages))
