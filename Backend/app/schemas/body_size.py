"""How long the JSON of a body can be when everything in it is as long as its schema allows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

CHARACTER: Final = 4
"""Bytes that a character may take."""
NUMBER: Final = 25
"""Characters of any number that JavaScript writes."""
SPACE: Final = 2
"""Around each colon and after each comma, where somebody writes them."""

Schema = Mapping[str, object]


def largest_body(model: type[BaseModel]) -> int:
    """In bytes. Raises ValueError naming a text or a list whose schema sets no bound."""
    schema = model.model_json_schema(mode="validation")
    return largest_value(schema, schema.get("$defs", {}), model.__name__)


def largest_value(schema: Schema, definitions: Mapping[str, Schema], place: str) -> int:
    """The same of one value in it. `definitions` are what a `$ref` may name, `place` is what to call it."""
    match schema:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            return largest_value(definitions[name], definitions, name)
        case {"anyOf": list(choices)}:
            return max(largest_value(each, definitions, place) for each in choices)
        case {"enum": list(values)}:
            return max(len(json.dumps(each)) for each in values)
        case {"const": value}:
            return len(json.dumps(value))
        case {"type": "object", "properties": dict(parts)}:
            return 2 + sum(
                len(json.dumps(name)) + 2 * SPACE + largest_value(part, definitions, f"{place}.{name}")
                for name, part in parts.items()
            )
        case {"type": "array", "items": dict(item), "maxItems": int(most)}:
            return 2 + most * (largest_value(item, definitions, f"{place}[]") + SPACE)
        case {"type": "string", "maxLength": int(most)}:
            return 2 + most * CHARACTER
        case {"type": "integer" | "number"}:
            return NUMBER
        case {"type": "boolean" | "null"}:
            return len("false")
        case _:
            raise ValueError(f"{place} has no bound")
