"""The concept cards are data; this is what keeps them whole."""

# Tables of cases read best in one line each.
# ruff: noqa: E501

from __future__ import annotations

import re

import pytest

from app.preparation.questions.cards import FILES, all_cards, parse_cards
from app.preparation.questions.cards.card import Card
from app.preparation.questions.fields import FIELD_NAMES, fields_of
from app.preparation.questions.key_points import POINTS
from app.preparation.questions.probes import (
    POSITION_PROBES,
    SCHEMAS,
    SKILL_PROBES,
    STUDY_PROBES,
)
from app.preparation.questions.prompts import prompts


def test_there_are_cards_for_every_field_of_work() -> None:
    assert len(all_cards()) >= 120
    assert set(FIELD_NAMES) - {"lead"} <= {card.fields[0] for card in all_cards()}
    assert set(FILES) == {card.fields[0] for card in all_cards()}


@pytest.mark.parametrize("card", all_cards(), ids=lambda card: card.key)
def test_a_card_asks_whole_sentences_and_shows_what_a_good_answer_is(card: Card) -> None:
    assert 3 <= len(card.points) <= 5
    for _, text in card.ask:
        assert text.endswith(("?", ".")) and "  " not in text and "{" not in text and text[0].isupper()
        assert 25 <= len(text) <= 230
    for point in card.points:
        assert 3 <= len(point.examples) <= 5 and point.follow_up.endswith(("?", "."))
        assert len(set(point.examples)) == len(point.examples)
    assert not card.name[0].isupper() or card.name.split()[0].isupper()
    assert set(card.fields) <= {*FIELD_NAMES, "any"}
    assert not card.touches("") and not card.touches("zzz qqq")


def test_no_probe_is_used_by_two_cards() -> None:
    probes = [probe for card in all_cards() for _, probe in card.ask]
    assert len(probes) == len(set(probes))


def test_every_schema_names_points_that_exist_and_three_to_five_of_them() -> None:
    names = [probe.points for probes in (*SCHEMAS.values(), POSITION_PROBES, STUDY_PROBES) for probe in probes]
    names += [points for _, _, points in SKILL_PROBES]
    names += [prompt.points for name in ("openers", "closings") for prompt in prompts(name)]
    for points in names:
        assert 3 <= len(points) <= 5 and set(points) <= set(POINTS)


def test_general_key_points_have_examples_with_and_without_a_fact() -> None:
    for point in POINTS.values():
        without = [e for e in point.examples if "{fact}" not in e]
        assert len(without) >= 3
        assert all(re.sub(r"\{fact\}", "", e).count("{") == 0 for e in point.examples)


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("== a | name\nscenario: What?\n", "'when:' is missing"),
        ("== a | name\nwhen: x\nscenario: What?\nproject: How?\n* Shows it\n", "needs '->'"),
        ("== a | name\nwhen: x\nscenario: What?\nproject: How?\n", "three to five key points"),
        ("== a | name\nwhen: x\n!!\n", "cannot read the line"),
    ],
)
def test_a_malformed_card_is_named(broken: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"care/a") as caught:
        parse_cards(broken, "care")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("role", "field"),
    [
        ("ICU nurse", "care"), ("Maths teacher", "teaching"), ("Industrial electrician", "trades"), ("Account executive", "sales"),
        ("Paralegal", "law"), ("Head chef", "kitchen"), ("Financial controller", "finance"), ("Backend engineer", "backend"),
        ("Frontend developer", "frontend"), ("Data engineer", "data"), ("Mechanical design engineer", "mechanical"), ("Civil engineer", "civil"),
        ("Recruiter", "hr"), ("Product manager", "product"), ("Truck driver", "logistics"), ("Graphic designer", "design"),
        ("Content marketer", "marketing"), ("Hotel receptionist", "service"), ("Executive assistant", "office"), ("Social worker", "social"),
        ("Lab scientist", "science"),
    ],
)  # fmt: skip
def test_a_role_belongs_to_its_field(role: str, field: str) -> None:
    assert field in fields_of(role)[:2]
