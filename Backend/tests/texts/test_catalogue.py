"""The catalogue against the code: every code in use has a text, every text is in use and is given what it needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from app.assessment.delivery import AnswerWindow, Span, measure, measurements
from app.assessment.point_cues import SORTS as CUES
from app.assessment.score_kinds import SCORE_KINDS
from app.domain.answer import AnswerUtterance
from app.domain.message import Message, Param, message
from app.texts import ENGLISH
from app.texts.message_format import Argument, Choice, Count, Text

APP = Path(__file__).parents[2] / "app"
SORTS = {sort.name for sort in CUES}
SAID = (AnswerUtterance("u", "I did it.", 0, 900),)
MEASURED = {name for name, _ in measurements(measure(SAID, (Span(0, 900),), AnswerWindow(0, 0, 900), typed=False))}
OUTSIDE = re.compile(r"(?:list\.(?:comma|and|plus))")
"""Used by the renderer itself, by the name of a style."""


def parts_of(text: Text) -> Iterator[Argument | Choice | Count]:
    for part in text:
        if isinstance(part, str):
            continue
        yield part
        if isinstance(part, Choice):
            for case in part.cases.values():
                yield from parts_of(case)


def samples(name: str, parts: list[Argument | Choice | Count]) -> list[Param]:
    """Values that lead into each case of each choice on `name`."""
    own = [part for part in parts if part.name == name]
    words = {case for part in own if isinstance(part, Choice) and part.kind == "select" for case in part.cases}
    if words:
        return [*sorted(words)]
    numbers = any(isinstance(part, Choice) for part in own)
    if numbers or any(isinstance(part, Argument) and part.kind == "number" for part in own):
        return [0, 1, 2, 7.5]
    if any(isinstance(part, Argument) and part.kind == "list" for part in own):
        return [("a", message("verbatim", text="b"))]
    return ["something"]


@pytest.mark.parametrize("code", sorted(ENGLISH))
def test_every_text_can_be_said_in_each_of_its_forms(code: str) -> None:
    parts = list(parts_of(ENGLISH[code]))
    names = sorted({part.name for part in parts})
    for values in product(*(samples(name, parts) for name in names)):
        sentence = ENGLISH.text(Message(code, dict(zip(names, values, strict=True))))
        assert sentence.strip() or code.startswith("list.")
        assert not re.search(r"[{}#]|  |, plural|, select", sentence), sentence


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(APP.rglob("*.py")):
        if path.parent.name != "texts":
            yield path, ast.parse(path.read_text())


def pattern_of(code: ast.JoinedStr) -> re.Pattern[str]:
    """What a code with a variable piece can stand for."""
    pieces = (re.escape(str(one.value)) if isinstance(one, ast.Constant) else "[a-z0-9_]+" for one in code.values)
    return re.compile("".join(pieces))


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("message", "Message"):
                yield path.name, node


def named(*functions: str) -> set[str]:
    """The words in the first arguments of all calls of these functions."""
    return {
        constant.value
        for _, tree in trees()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in functions and call.args
        for constant in ast.walk(call.args[0])
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    }


def family(prefix: str, last: str = "") -> set[str]:
    """What stands between the prefix and the last piece of a code."""
    found = (re.fullmatch(rf"{prefix}\.([a-z0-9_]+){last}", code) for code in ENGLISH)
    return {match[1] for match in found if match}


def test_every_code_that_is_used_has_a_text_and_every_text_is_used() -> None:
    constants = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    first = [call.args[0] for _, call in calls() if call.args]
    literal = {one.value for one in first if isinstance(one, ast.Constant)}
    patterns = [pattern_of(one) for one in first if isinstance(one, ast.JoinedStr)]
    assert literal - set(ENGLISH) == set()
    assert [one.pattern for one in patterns if not any(one.fullmatch(code) for code in ENGLISH)] == []
    idle = {code for code in ENGLISH if code not in constants and not any(one.fullmatch(code) for one in patterns)}
    assert {code for code in idle if not OUTSIDE.fullmatch(code)} == set()


def test_a_message_is_given_everything_its_text_needs() -> None:
    wrong = []
    for file, call in calls():
        code = call.args[0] if call.args else None
        if not isinstance(code, ast.Constant) or len(call.args) > 1 or any(one.arg is None for one in call.keywords):
            continue
        needed = {part.name for part in parts_of(ENGLISH[str(code.value)])}
        if needed - {one.arg for one in call.keywords}:
            wrong.append((file, code.value, needed))
    assert wrong == []


def test_codes_that_are_put_together_have_a_text_for_all_they_are_put_together_from() -> None:
    assert named("ScorePart", "_part") == family("part")
    assert family("measurement", ".label") == family("measurement", ".unit") == MEASURED
    assert named("_counted") | {"own_actions", "words", "speech", "pace", "pauses", "pause"} == family("evidence")
    for piece in (".rule", ".evidence", ".next_time"):
        assert named("_suggestion") == family("suggestion", piece) - {"missed"}
    for piece in (".shown", ".gap", ".rule", ".next_time"):
        assert family("advice", piece) == {*SORTS, "point"}
    for kind in SCORE_KINDS.values():
        assert kind.label.code in ENGLISH and kind.meaning.code in ENGLISH
