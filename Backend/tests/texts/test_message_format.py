from __future__ import annotations

import pytest

from app.domain.message import Message, Param, message, verbatim
from app.texts.catalogue import PLURAL_FORMS, Catalogue
from app.texts.message_format import MalformedText, parsed


def said(source: str, **params: Param) -> str:
    sources = {"it": source, "verbatim": "{text}", "list.comma": ", ", "list.and": " and ", "list.plus": " + "}
    catalogue = Catalogue({code: parsed(text) for code, text in sources.items()}, PLURAL_FORMS["en"])
    return catalogue.text(Message("it", params))


@pytest.mark.parametrize(
    ("source", "params", "sentence"),
    [
        ("Nothing to fill in, isn't it?", {}, "Nothing to fill in, isn't it?"),
        ("{role} at {place}", {"role": "Nurse", "place": verbatim("home")}, "Nurse at home"),
        ("{n, plural, one {# word} other {# words}}", {"n": 1}, "1 word"),
        ("{n, plural, one {# word} other {# words}}", {"n": 0}, "0 words"),
        ("{n, plural, one {# word} other {# words}}", {"n": 2.0}, "2 words"),
        ("{n, plural, =0 {none} =2 {both} other {all #}}", {"n": 2}, "both"),
        ("{n, plural, =0 {} other {: {what} #}}", {"n": 0, "what": "x"}, ""),
        ("{n, plural, other {# of {m, plural, one {#} other {#s}}}}", {"n": 3, "m": 4}, "3 of 4s"),
        ("{how, select, slow {slowly} other {somehow}}", {"how": "slow"}, "slowly"),
        ("{how, select, slow {slowly} other {somehow}}", {"how": "unheard of"}, "somehow"),
        ("{x, number, integer}", {"x": 149.6}, "150"),
        ("{x, number, percent} of it", {"x": 0.333}, "33% of it"),
        ("{x, number, ::.0} s, {x, number, ::.00} s", {"x": 2.0}, "2.0 s, 2.00 s"),
        ("{x, list, and}", {"x": ("1",)}, "1"),
        ("{x, list, and}", {"x": ("1", "2", verbatim("3"))}, "1, 2 and 3"),
        ("{x, list, comma}", {"x": ("1", "2", "3")}, "1, 2, 3"),
        ("{x, list, plus}", {"x": ("a", "b", "c")}, "a + b + c"),
        ("{x, list, comma}", {"x": ()}, ""),
        ("go on: {rule, lower}", {"rule": "Name it."}, "go on: name it"),
        ("go on: {rule, lower}", {"rule": "SQL helps"}, "go on: SQL helps"),
        ("#1 of {n}", {"n": 3}, "#1 of 3"),
    ],
)
def test_a_text_is_filled_in(source: str, params: dict[str, Param], sentence: str) -> None:
    assert said(source, **params) == sentence


@pytest.mark.parametrize(
    "source",
    [
        "{", "}", "{}", "{a", "{a,}", "{a, money}", "{a, number}", "{a, number, ::x}", "{a, lower, much}", "{a, list}",
        "{a, plural, one {x}}", "{a, select, b {x}", "{a, plural, one {x} other {y}", "{a, select, other {x}} }", "{A}",
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_read_is_refused_when_it_is_loaded(source: str) -> None:
    with pytest.raises(MalformedText):
        parsed(source)


def test_what_a_person_wrote_is_never_read_as_a_text_of_ours() -> None:
    assert said("“{quote}”", quote="{n, plural, other {#}} {") == "“{n, plural, other {#}} {”"


def test_a_parameter_that_is_missing_or_of_another_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        said("{a}")
    with pytest.raises(TypeError):
        said("{a, plural, other {#}}", a="many")
    with pytest.raises(TypeError):
        said("{a}", a=("1", "2"))


def test_a_message_without_a_text_shows_its_code_and_takes_no_page_away() -> None:
    assert said("{x}", x=message("from.a.later.version", n=1)) == "from.a.later.version"
