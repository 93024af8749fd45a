"""What OpenAI's chat completions take in a request, and how they say no."""

from __future__ import annotations

import re
from typing import Any

from fastapi.responses import JSONResponse

from fakes import credentials

_KNOWN: dict[str, type | tuple[type, ...]] = {
    "model": str,
    "messages": list,
    "stream": bool,
    "stream_options": dict,
    "response_format": dict,
    "max_tokens": int,
    "max_completion_tokens": int,
    "temperature": (int, float),
    "top_p": (int, float),
    "n": int,
    "stop": (str, list),
    "seed": int,
    "presence_penalty": (int, float),
    "frequency_penalty": (int, float),
    "reasoning_effort": str,
    "user": str,
    "store": bool,
    "metadata": dict,
}
_STRICT = frozenset(
    {
        "type",
        "title",
        "description",
        "enum",
        "const",
        "items",
        "properties",
        "required",
        "additionalProperties",
        "anyOf",
        "$ref",
        "$defs",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "pattern",
        "format",
    }
)


class Refused(Exception):
    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
        body: Any = None,
    ) -> None:
        super().__init__(message)
        self.response = JSONResponse(
            body or {"error": {"message": message, "type": kind, "param": param, "code": code}}, status, headers
        )


def check_request(asked: dict[str, Any]) -> dict[str, Any]:
    """The request, when OpenAI would take it. Raises Refused."""
    for name, value in asked.items():
        if name not in _KNOWN:
            raise Refused(400, f"Unknown parameter: '{name}'.", param=name, code="unknown_parameter")
        if value is not None and (
            not isinstance(value, _KNOWN[name]) or (isinstance(value, bool) and name != "stream")
        ):
            raise Refused(400, f"Invalid type for '{name}'.", param=name, code="invalid_type")
    if asked.get("model") != credentials.OPENAI_MODEL:
        message = f"The model `{asked.get('model')}` does not exist or you do not have access to it."
        raise Refused(404, message, param=None, code="model_not_found")
    if not asked.get("messages"):
        raise Refused(400, "Invalid 'messages': empty array.", param="messages", code="empty_array")
    for number, message in enumerate(asked["messages"]):
        if message.get("role") not in ("system", "developer", "user", "assistant"):
            raise Refused(400, f"Invalid value for 'messages[{number}].role'.", param=f"messages[{number}].role")
        if set(message) - {"role", "content", "name"} or not isinstance(message.get("content"), (str, list)):
            raise Refused(400, f"Invalid value for 'messages[{number}]'.", param=f"messages[{number}]")
    if "max_tokens" in asked and "max_completion_tokens" in asked:
        raise Refused(400, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
    if asked.get("stream_options") is not None and not asked.get("stream"):
        message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        raise Refused(400, message, param="stream_options")
    _check_format(asked)
    return asked


def _check_format(asked: dict[str, Any]) -> None:
    wanted = asked.get("response_format")
    if wanted is None:
        return
    kind = wanted.get("type")
    if kind not in ("text", "json_object", "json_schema"):
        raise Refused(400, f"Invalid value: '{kind}'.", param="response_format.type", code="invalid_value")
    if kind == "json_object" and "json" not in " ".join(text_of(one) for one in asked["messages"]).lower():
        message = (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
        )
        raise Refused(400, message, param="messages")
    if kind == "json_schema":
        shape = wanted.get("json_schema") or {}
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", str(shape.get("name", ""))):
            param = "response_format.json_schema.name"
            raise Refused(400, f"Missing or invalid parameter: '{param}'.", param=param)
        if unknown := set(shape) - {"name", "description", "strict", "schema"}:
            raise Refused(400, f"Unknown parameter: 'response_format.json_schema.{min(unknown)}'.")
        if shape.get("strict"):
            _check_strict(shape.get("schema") or {}, str(shape["name"]))


def _check_strict(schema: dict[str, Any], name: str) -> None:
    def refuse(why: str) -> Refused:
        message = f"Invalid schema for response_format '{name}': {why}"
        return Refused(400, message, param="response_format", code="invalid_json_schema")

    if unknown := set(schema) - _STRICT:
        raise refuse(f"'{min(unknown)}' is not permitted.")
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise refuse("'additionalProperties' is required to be supplied and to be false.")
        if set(schema.get("required", ())) != set(schema.get("properties", {})):
            raise refuse("'required' is required to be an array including every key in properties.")
    elif not schema.keys() & {"type", "anyOf", "enum", "const", "$ref"}:
        raise refuse("schema must have a 'type' key.")
    below = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    for one in [*below, schema["items"]] if "items" in schema else below:
        _check_strict(one, name)


def text_of(message: dict[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(str(part.get("text", "")) for part in content)
