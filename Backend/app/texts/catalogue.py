"""The catalogue of one language: a JSON file of code → text in ICU MessageFormat (`message_format`)."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from app.domain.message import Message
from app.texts.message_format import PluralForm, Text, Writer, parsed

log = logging.getLogger(__name__)


class Catalogue:
    """Immutable; safe to share."""

    def __init__(self, texts: Mapping[str, Text], plural_form: PluralForm) -> None:
        self._texts = dict(texts)
        self._writer = Writer(plural_form, self.text, self._joined)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __contains__(self, code: object) -> bool:
        return code in self._texts

    def __getitem__(self, code: str) -> Text:
        return self._texts[code]

    def text(self, message: Message) -> str:
        """The sentence. What has no text is shown as its code: one missing text must not take a whole page away."""
        text = self._texts.get(message.code)
        if text is None:
            log.error("no text for %s", message.code)
            return message.code
        return self._writer.written(text, message.params)

    def _joined(self, items: list[str], style: str) -> str:
        """With the `and` style only the last two are joined by it."""
        last = self.text(Message(f"list.{style}"))
        between = self.text(Message("list.comma")) if style == "and" else last
        return last.join([between.join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def _english(number: float) -> str:
    return "one" if number == 1 else "other"


FOLDER: Final = Path(__file__).parent
PLURAL_FORMS: Final[Mapping[str, PluralForm]] = {"en": _english}


def read(language: str) -> Catalogue:
    """Raises MalformedText where a text of the file cannot be read."""
    sources: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return Catalogue({code: parsed(source) for code, source in sources.items()}, PLURAL_FORMS[language])


ENGLISH: Final = read("en")
_current: Final[ContextVar[Catalogue]] = ContextVar("catalogue", default=ENGLISH)


def text(message: Message) -> str:
    """The sentence in the language of this request."""
    return _current.get().text(message)


@contextmanager
def speaking(catalogue: Catalogue) -> Iterator[None]:
    """Within the block, and whatever is started in it, `text` is in this language."""
    before = _current.set(catalogue)
    try:
        yield
    finally:
        _current.reset(before)
