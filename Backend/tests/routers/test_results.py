from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from httpx2 import AsyncClient

from tests.routers.test_interviews import capabilities_of, me
from tests.routers.test_recordings import recorded
from tests.workflows.held import GOOD, OFF_TOPIC, hold_interview
from tests.workflows.waiting import until


async def results(client: AsyncClient, interview_id: str) -> dict[str, Any]:
    answer = await client.get(f"/api/interviews/{interview_id}/results")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def completed(app: FastAPI, client: AsyncClient, answers: tuple[str | None, ...] = (GOOD, OFF_TOPIC, "")) -> str:
    interview_id = await hold_interview(
        capabilities_of(app).db, await me(client), status="in_progress", answers=answers
    )
    assert (await client.post(f"/api/interviews/{interview_id}/finish")).status_code == 202

    async def is_completed() -> bool:
        return bool((await results(client, interview_id))["status"] == "completed")

    await until(is_completed, "the results")
    return interview_id


async def test_each_answer_is_scored_under_its_own_question(app: FastAPI, candidate: AsyncClient) -> None:
    page = await results(candidate, await completed(app, candidate, (GOOD, OFF_TOPIC, "", None)))
    good, off_topic, silent, skipped, unreached = page["questions"]
    assert [question["position"] for question in page["questions"]] == [0, 1, 2, 3, 4]
    assert good["responses"][0]["text"] == GOOD
    relevance = [question["scores"]["relevance"]["value"] for question in (good, off_topic, silent)]
    assert relevance[0] > relevance[1] and relevance[2] is None
    assert silent["not_scored_reason"] == "You did not answer."
    assert skipped["not_scored_reason"] == "You skipped this question."
    assert (unreached["asked"], unreached["responses"]) == (False, [])
    assert unreached["not_scored_reason"] == "This question was not reached."
    assert page["cut_short"]


async def test_every_score_quotes_words_that_were_said(app: FastAPI, candidate: AsyncClient) -> None:
    page = await results(candidate, await completed(app, candidate))
    said = {line["id"]: line["text"] for line in page["transcript"]}
    quotes = [
        evidence
        for question in page["questions"]
        for response in question["responses"]
        for evidence in response["scores"]["relevance"]["evidence"]
        if evidence["kind"] == "quote"
    ]
    assert quotes
    for quote in quotes:
        assert quote["text"].lower().strip(" .") in said[quote["utterance_id"]].lower()


async def test_the_overall_score_says_how_it_is_made(app: FastAPI, candidate: AsyncClient) -> None:
    page = await results(candidate, await completed(app, candidate))
    overall = page["overall"]
    counted = [part for part in overall["parts"] if part["value"] is not None]
    assert [part["question_id"] for part in overall["parts"]] == [question["id"] for question in page["questions"]]
    assert abs(sum(part["weight"] for part in overall["parts"]) - 1) < 0.01
    assert min(part["value"] for part in counted) - 1 <= overall["value"] <= max(part["value"] for part in counted) + 1
    assert "left out" in overall["explanation"]
    interview = (await candidate.get("/api/interviews")).json()["interviews"][0]
    assert interview["overall_score"] == overall["value"]


async def test_measurements_have_names_people_read(app: FastAPI, candidate: AsyncClient) -> None:
    page = await results(candidate, await completed(app, candidate))
    shown = {each["name"]: each for each in page["questions"][0]["responses"][0]["measurements"]}
    assert shown["words_per_minute"]["label"] == "Pace"
    assert shown["pauses"]["value"] == 1
    assert all(each["label"] for each in shown.values())


async def test_while_it_is_processed_the_page_shows_what_is_there_and_no_overall(
    app: FastAPI, candidate: AsyncClient
) -> None:
    interview_id = await hold_interview(capabilities_of(app).db, await me(candidate))
    page = await results(candidate, interview_id)
    assert page["status"] == "processing"
    assert page["overall"] is None
    assert len(page["transcript"]) == 5
    score = page["questions"][0]["responses"][0]["scores"]["relevance"]
    assert (score["value"], score["reason"]) == (None, "Not assessed yet.")
    assert score["evidence"] == score["parts"] == []


async def test_an_interview_without_a_single_answer_is_not_scored(app: FastAPI, candidate: AsyncClient) -> None:
    page = await results(candidate, await completed(app, candidate, ()))
    assert page["overall"]["value"] is None
    assert page["overall"]["reason"]
    assert "nothing to assess" in page["summary"]


async def test_transcript_lines_lead_into_the_video(app: FastAPI, candidate: AsyncClient) -> None:
    interview_id = await recorded(app, candidate, seconds=8)
    lines = (await candidate.get(f"/api/interviews/{interview_id}/transcript")).json()["utterances"]
    assert [line["sequence"] for line in lines] == sorted(line["sequence"] for line in lines)
    assert lines[0]["video_ms"] == 0
    assert lines[1]["video_ms"] == 6_000
    assert lines[-1]["video_ms"] is None
    page = await results(candidate, interview_id)
    assert page["video"]["status"] == "ready"
    assert [part["url"] for part in page["video"]["parts"]] == [f"/api/interviews/{interview_id}/recording/video"]
    assert page["questions"][0]["video_ms"] == 0


async def test_no_recording_is_said_so(app: FastAPI, candidate: AsyncClient) -> None:
    page = await results(candidate, await completed(app, candidate))
    assert page["video"]["status"] == "none"
    assert page["video"]["parts"] == []
    assert all(line["video_ms"] is None for line in page["transcript"])


async def test_progress_counts_completed_interviews_only(app: FastAPI, candidate: AsyncClient) -> None:
    assert (await candidate.get("/api/progress")).json() == {"points": []}
    first = await completed(app, candidate)
    second = await completed(app, candidate, (None,))
    await hold_interview(capabilities_of(app).db, await me(candidate), status="in_progress")
    points = (await candidate.get("/api/progress")).json()["points"]
    assert [point["interview_id"] for point in points] == [first, second]
    assert points[0]["overall"] is not None
    assert points[0]["words_per_minute"] > 0
    assert (points[1]["overall"], points[1]["words_per_minute"]) == (None, None)


async def test_nobody_else_sees_results(app: FastAPI, candidate: AsyncClient, other: AsyncClient) -> None:
    interview_id = await completed(app, candidate)
    assert (await other.get(f"/api/interviews/{interview_id}/results")).status_code == 404
    assert (await other.get(f"/api/interviews/{interview_id}/transcript")).status_code == 404
    assert (await other.get("/api/progress")).json() == {"points": []}
