from __future__ import annotations

import ast
from pathlib import Path

import pytest

from app import errors
from app.errors import AppError, TooMany

APP = Path(errors.__file__).parent
KINDS = {kind.__name__ for kind in AppError.__subclasses__() if kind is not TooMany}


def test_a_problem_whose_sentence_is_put_together_sends_what_it_names() -> None:
    """`TooMany` always does."""
    silent = [
        f"{path.name}:{call.lineno}"
        for path in APP.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") in KINDS
        and any(isinstance(one, ast.JoinedStr) for one in call.args[1:2])
        and not any(one.arg == "params" for one in call.keywords)
    ]
    assert silent == []


@pytest.mark.parametrize("seconds", [1, 3600])
def test_too_often_says_how_long_to_wait_as_a_number(seconds: int) -> None:
    assert TooMany("too_many_requests", "Please wait.", retry_after_s=seconds).params == {"seconds": seconds}
