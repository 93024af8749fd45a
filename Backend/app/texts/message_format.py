"""ICU MessageFormat, the part of it that our catalogues use. Parsed once, rendered often.

    {name}                                        as it is: a text, a whole number, another message
    {name, number, integer | percent | ::.0}      rounded; each further 0 is one more decimal place
    {name, plural, =0 {…} one {…} other {…}}      by the language's plural form; # is the number
    {name, select, voice {…} other {…}}           by a word
    {name, list, comma | and | plus}              several things, joined by the catalogue's own list.comma, list.and, …
    {name, lower}                                 as it follows a colon: no capital in front, no full stop behind

The last two are ours; everything else is what translators' tools and the libraries of browsers know. An apostrophe is
an apostrophe: no text of ours needs a literal brace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.domain.message import Message, Param

PluralForm: TypeAlias = Callable[[float], str]
"""A number's plural form in one language, as CLDR names them: one, other, and in some languages few, many, …"""

_NAME: Final = re.compile(r"\s*([a-z_0-9]+)\s*")
_CASE: Final = re.compile(r"\s*(=\d+|[a-z_0-9]+)\s*\{")
_STYLES: Final = {
    "number": re.compile(r"integer|percent|::\.0+"),
    "list": re.compile(r"[a-z]+"),
    "lower": re.compile(r""),
}


class MalformedText(ValueError):
    """A text of a catalogue that cannot be read; says where."""


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    kind: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """`kind` is plural or select; the case `other` is always there."""

    name: str
    kind: str
    cases: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Count:
    """The # of the plural around it."""

    name: str


Text: TypeAlias = tuple[str | Argument | Choice | Count, ...]


def parsed(source: str) -> Text:
    """Raises MalformedText."""
    text, end = _text(source, 0, "")
    if end != len(source):
        raise MalformedText(f"a brace too many at {end}: {source}")
    return text


def _text(source: str, at: int, counted: str) -> tuple[Text, int]:
    """Up to the closing brace, or the end. `counted`: the name of the plural that this stands in."""
    parts: list[str | Argument | Choice | Count] = []
    while at < len(source) and source[at] != "}":
        if source[at] == "{":
            part, at = _placeholder(source, at + 1)
            parts.append(part)
        elif source[at] == "#" and counted:
            parts.append(Count(counted))
            at += 1
        else:
            stop = re.compile(r"[{}#]" if counted else r"[{}]").search(source, at)
            end = stop.start() if stop else len(source)
            parts.append(source[at:end])
            at = end
    return tuple(parts), at


def _placeholder(source: str, at: int) -> tuple[Argument | Choice, int]:
    name = _NAME.match(source, at)
    if name is None:
        raise MalformedText(f"no name at {at}: {source}")
    at = name.end()
    if source[at : at + 1] == "}":
        return Argument(name[1]), at + 1
    kind = _NAME.match(source, at + 1) if source[at : at + 1] == "," else None
    if kind is None:
        raise MalformedText(f"no kind at {at}: {source}")
    at = kind.end()
    if kind[1] in ("plural", "select"):
        cases, at = _cases(source, at + 1, name[1] if kind[1] == "plural" else "")
        return Choice(name[1], kind[1], cases), at
    end = source.find("}", at)
    style = source[at + 1 : end].strip()
    if end < 0 or kind[1] not in _STYLES or not _STYLES[kind[1]].fullmatch(style):
        raise MalformedText(f"an unknown form at {at}: {source}")
    return Argument(name[1], kind[1], style), end + 1


def _cases(source: str, at: int, counted: str) -> tuple[Mapping[str, Text], int]:
    cases: dict[str, Text] = {}
    while case := _CASE.match(source, at):
        cases[case[1]], at = _text(source, case.end(), counted)
        if source[at : at + 1] != "}":
            raise MalformedText(f"a case without an end: {source}")
        at += 1
    rest = re.compile(r"\s*\}").match(source, at)
    if rest is None or "other" not in cases:
        raise MalformedText(f"cases without an end, or without other: {source}")
    return cases, rest.end()


@dataclass(frozen=True, slots=True)
class Writer:
    """Renders texts of one language. `say` renders a message within a message, `joined` a list in a style."""

    plural_form: PluralForm
    say: Callable[[Message], str]
    joined: Callable[[list[str], str], str]

    def written(self, text: Text, params: Mapping[str, Param]) -> str:
        """Raises KeyError for a parameter that is missing, TypeError for one of another kind."""
        return "".join(part if isinstance(part, str) else self._part(part, params) for part in text)

    def _part(self, part: Argument | Choice | Count, params: Mapping[str, Param]) -> str:
        value = params[part.name]
        match part:
            case Count():
                return self._plain(value)
            case Choice(kind="plural"):
                number = _number(value)
                exact = f"={number:g}"
                case = exact if exact in part.cases else self.plural_form(number)
                return self.written(part.cases.get(case, part.cases["other"]), params)
            case Choice():
                return self.written(part.cases.get(str(value), part.cases["other"]), params)
            case Argument(kind="number", style=style):
                return rounded(_number(value), style)
            case Argument(kind="list", style=style):
                items = value if isinstance(value, tuple) else (value,)
                return self.joined([self._plain(item) for item in items], style)
            case Argument(kind="lower"):
                return lowered(self._plain(value))
            case _:
                return self._plain(value)

    def _plain(self, value: Param) -> str:
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, tuple):
            raise TypeError("several things need a list")
        return f"{value:g}" if isinstance(value, float) else str(value)


def _number(value: Param) -> float:
    if not isinstance(value, int | float):
        raise TypeError("a number was expected")
    return value


def rounded(value: float, style: str) -> str:
    if style == "percent":
        return f"{value:.0%}"
    return f"{value:.{0 if style == 'integer' else style.count('0')}f}"


def lowered(text: str) -> str:
    """An acronym keeps its capitals."""
    text = text.strip().rstrip(".")
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]
