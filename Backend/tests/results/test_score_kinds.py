from __future__ import annotations

import pytest
from fastapi import FastAPI
from httpx2 import AsyncClient
from sqlalchemy import select

from app.assessment.score_kinds import SCORE_KINDS, Basis, ScoreKindRecord
from app.conversation.room.event_log import facts_after
from app.domain.message import message, verbatim
from app.domain.score import Evidence, Score, ScoreKind, ScorePart, not_scored
from app.models import Response
from app.schemas.live import ResponseAssessed
from tests.routers.test_interviews import capabilities_of
from tests.routers.test_results import completed, results

BREVITY = ScoreKind("brevity")


def brevity(basis: Basis) -> Score:
    """The fewer words the better: no wise measure, but one that can be checked by hand."""
    words = basis.delivery.words
    if not words:
        return not_scored(message("not_scored.no_answer"))
    points = float(max(0, 100 - words))
    evidence = Evidence("measurement", note=message("evidence.words", words=words), name="words", value=float(words))
    return Score(round(points), None, (evidence,), (ScorePart("pace", points, 100, verbatim("Counted.")),))


@pytest.fixture
def third_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    record = ScoreKindRecord(verbatim("Brevity"), verbatim("Counts words."), weight=0.25, computed=brevity)
    monkeypatch.setitem(SCORE_KINDS, BREVITY, record)


@pytest.mark.usefixtures("third_kind")
async def test_a_third_kind_of_score_is_computed_stored_sent_and_added_up(app: FastAPI, candidate: AsyncClient) -> None:
    """It is registered here, in one record. A kind that stays touches these files, and none besides:

    1. app/assessment/brevity.py                the function from a Basis to a Score
    2. app/assessment/score_kinds.py            its record: label, meaning, weight, function
    3. app/texts/en.json                        what it is called, what it means, its parts and reasons
    4. tests/assessment/test_brevity.py

    and, where it rests on something that judges do not tell yet,

    5. app/domain/verdict.py                    the further thing a verdict holds
    6. app/assessment/judge.py                  how the built-in judge finds it
    7. app/services/language_model/answer_shapes.py   how a vendor's model is asked for it
    8. app/services/language_model/validation.py  and how far it is believed

    No table, no schema of the API and no file of the page is among them.
    """
    interview_id = await completed(app, candidate)
    capabilities = capabilities_of(app)
    async with capabilities.db.read() as session:
        stored = [one.scores for one in await session.scalars(select(Response))]
        facts = await facts_after(session, interview_id, 0)
    assert all(list(one) == ["relevance", "confidence", "brevity"] for one in stored)
    assert all(
        list(one.scores) == ["relevance", "confidence", "brevity"] for one in facts if isinstance(one, ResponseAssessed)
    )

    page = await results(candidate, interview_id)
    good = page["questions"][0]
    score = good["responses"][0]["scores"]["brevity"]
    words = score["evidence"][0]["value"]
    assert (score["label"], score["meaning"], score["value"]) == ("Brevity", "Counts words.", 100 - words)
    assert (score["evidence"][0]["text"], score["parts"][0]["note"]) == (f"{words:.0f} words said", "Counted.")
    assert good["scores"]["brevity"] == {
        "label": "Brevity",
        "label_message": {"code": "verbatim", "params": {"text": "Brevity"}},
        "value": 100 - words,
    }
    silent = page["questions"][2]["scores"]
    assert {kind: one["value"] for kind, one in silent.items()} == dict.fromkeys(SCORE_KINDS)

    overall = page["overall"]
    numbers = {kind: one["value"] for kind, one in overall["scores"].items()}
    exact = (0.7 * numbers["relevance"] + 0.3 * numbers["confidence"] + 0.25 * numbers["brevity"]) / 1.25
    assert abs(overall["value"] - exact) <= 1
    assert "Brevity" in overall["explanation"]
    assert "Overall = 56 % Relevance + 24 % Confidence + 20 % Brevity." in overall["explanation"]
    assert f"Brevity {100 - words:.0f}" in overall["parts"][0]["note"]

    (listed,) = (await candidate.get("/api/interviews")).json()["interviews"]
    (point,) = (await candidate.get("/api/progress")).json()["points"]
    for told in (listed, point):
        assert {kind: one["value"] for kind, one in told["scores"].items()} == numbers


async def test_results_of_before_a_kind_was_there_are_shown_without_it(
    app: FastAPI, candidate: AsyncClient, request: pytest.FixtureRequest
) -> None:
    interview_id = await completed(app, candidate)
    before = await results(candidate, interview_id)
    request.getfixturevalue("third_kind")
    assert await results(candidate, interview_id) == before


async def test_a_kind_that_is_not_needed_may_be_missing_and_that_is_said(
    app: FastAPI, candidate: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ScoreKindRecord(
        verbatim("Luck"), verbatim("Nobody knows."), 0.5, lambda basis: not_scored(verbatim("Nobody knows."))
    )
    monkeypatch.setitem(SCORE_KINDS, ScoreKind("luck"), record)
    overall = (await results(candidate, await completed(app, candidate)))["overall"]
    assert overall["value"] is not None and overall["scores"]["luck"]["value"] is None
    assert "Luck could not be scored and is left out of the overall score." in overall["explanation"]
    assert "Overall = 70 % Relevance + 30 % Confidence." in overall["explanation"]
    assert overall["parts"][0]["note"].endswith("; Nobody knows.")
