"""What we say on the wire: beside each rendered text stands the message it was rendered from."""

from __future__ import annotations

from pydantic import BaseModel


class MessageModel(BaseModel):
    """A code of the catalogue (`app/texts/en.json`) with what stands in it, so that a page can say it its own way."""

    code: str
    params: dict[str, str | int | float | MessageModel | list[str | MessageModel]] = {}
