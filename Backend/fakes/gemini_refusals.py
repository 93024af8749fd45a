"""What the Gemini API takes in a request, and how it says no: proto JSON, which knows each of its fields by name."""

from __future__ import annotations

import re
from typing import Any

from fastapi.responses import JSONResponse


class Refused(Exception):
    def __init__(
        self, code: int, status: str, message: str, details: list[Any] | None = None, *, in_list: bool = False
    ) -> None:
        super().__init__(status)
        self.code = code
        error: dict[str, Any] = {"code": code, "message": message, "status": status}
        if details:
            error["details"] = details
        self.body: dict[str, Any] = {"error": error}
        self.in_list = in_list

    def response(self, *, in_list: bool = False) -> JSONResponse:
        return JSONResponse([self.body] if in_list else self.body, self.code)


def violation(field: str, description: str) -> Refused:
    found = {"field": field, "description": description} if field else {"description": description}
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [found]}
    return Refused(400, "INVALID_ARGUMENT", description, [detail])


# Messages of the API: field → kind. A kind is a scalar, "any" (not looked into), or another message's name; "[]" lists.
_MESSAGES: dict[str, dict[str, str]] = {
    "request": {
        "model": "string",
        "contents": "content[]",
        "systemInstruction": "content",
        "generationConfig": "config",
        "safetySettings": "safety[]",
        "tools": "any",
        "toolConfig": "any",
        "cachedContent": "string",
        "serviceTier": "string",
        "store": "bool",
    },
    "content": {"role": "string", "parts": "part[]"},
    "part": {
        "text": "string",
        "thought": "bool",
        "thoughtSignature": "string",
        "inlineData": "blob",
        "fileData": "any",
        "functionCall": "any",
        "functionResponse": "any",
        "executableCode": "any",
        "codeExecutionResult": "any",
        "videoMetadata": "any",
        "partMetadata": "any",
    },
    "blob": {"mimeType": "string", "data": "string"},
    "safety": {"category": "string", "threshold": "string"},
    "config": {
        "stopSequences": "any",
        "responseMimeType": "string",
        "responseSchema": "schema",
        "responseJsonSchema": "any",
        "responseModalities": "any",
        "candidateCount": "number",
        "maxOutputTokens": "number",
        "temperature": "number",
        "topP": "number",
        "topK": "number",
        "seed": "number",
        "presencePenalty": "number",
        "frequencyPenalty": "number",
        "responseLogprobs": "bool",
        "logprobs": "number",
        "enableEnhancedCivicAnswers": "bool",
        "speechConfig": "any",
        "thinkingConfig": "thinking",
        "imageConfig": "any",
        "mediaResolution": "string",
        "audioTranscriptionConfig": "any",
    },
    "thinking": {"includeThoughts": "bool", "thinkingBudget": "number", "thinkingLevel": "string"},
    "schema": {
        "type": "string",
        "format": "string",
        "title": "string",
        "description": "string",
        "nullable": "bool",
        "enum": "any",
        "maxItems": "number",
        "minItems": "number",
        "properties": "schema{}",
        "required": "any",
        "minProperties": "number",
        "maxProperties": "number",
        "minLength": "number",
        "maxLength": "number",
        "pattern": "string",
        "example": "any",
        "anyOf": "schema[]",
        "propertyOrdering": "any",
        "default": "any",
        "items": "schema",
        "minimum": "number",
        "maximum": "number",
    },
}
_JSON_SCHEMA = frozenset(
    {
        "$id",
        "$defs",
        "$ref",
        "$anchor",
        "type",
        "format",
        "title",
        "description",
        "enum",
        "items",
        "prefixItems",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "anyOf",
        "oneOf",
        "properties",
        "additionalProperties",
        "required",
        "propertyOrdering",
    }
)
_SCALARS: dict[str, tuple[type, ...]] = {"string": (str,), "number": (int, float, str), "bool": (bool,)}
_LEVELS = frozenset({"MINIMAL", "LOW", "MEDIUM", "HIGH"})


def check_request(body: dict[str, Any], model: str) -> dict[str, Any]:
    """The request in camelCase, with `system` and `user` as plain text. Raises Refused as the vendor does."""
    asked = _message(body, "request", "")
    contents = asked.get("contents") or []
    if not contents:
        raise violation("contents", "* GenerateContentRequest.contents: contents is not specified\n")
    for number, content in enumerate(contents):
        if content.get("role", "user") not in ("user", "model"):
            raise Refused(400, "INVALID_ARGUMENT", "Please use a valid role: user, model.")
        if not content.get("parts"):
            where = f"contents[{number}].parts"
            raise violation(where, f"* GenerateContentRequest.{where}: contents.parts must not be empty.\n")
    if contents[-1].get("role") == "model" and _text(contents[-1]):
        raise Refused(400, "INVALID_ARGUMENT", "The last content of a request must not be a turn of the model.")
    _check_config(asked.setdefault("generationConfig", {}), model)
    asked["system"] = _text(asked.get("systemInstruction", {}))
    asked["user"] = "\n".join(_text(content) for content in contents if content.get("role", "user") == "user")
    return asked


def _check_config(config: dict[str, Any], model: str) -> None:
    if "responseSchema" in config and "responseJsonSchema" in config:
        raise Refused(400, "INVALID_ARGUMENT", "Only one of response_schema and response_json_schema may be set.")
    shaped = config.get("responseSchema") or config.get("responseJsonSchema")
    if shaped and config.get("responseMimeType") != "application/json":
        raise Refused(
            400,
            "INVALID_ARGUMENT",
            "Function calling config or response schema is only supported with response mime type: 'application/json'",
        )
    if "responseJsonSchema" in config:
        _json_schema(config["responseJsonSchema"], "generation_config.response_json_schema")
    if int(config.get("candidateCount", 1)) != 1:
        raise Refused(400, "INVALID_ARGUMENT", "Multiple candidates is not enabled for this model")
    if int(config.get("maxOutputTokens", 1)) < 1 or int(config.get("maxOutputTokens", 1)) > 65_536:
        raise Refused(400, "INVALID_ARGUMENT", "max_output_tokens must be in the range from 1 to 65537 (exclusive).")
    level = str(config.get("thinkingConfig", {}).get("thinkingLevel", "")).upper()
    if level and (level not in _LEVELS or (level == "MINIMAL" and model == "gemini-3.8-flash")):
        raise Refused(400, "INVALID_ARGUMENT", f"Thinking level {level} is not supported for this model.")


def _message(value: Any, kind: str, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise violation(where, f"Invalid value at '{where}' (type.googleapis.com/google.ai.{kind}), {value!r}")
    fields = _MESSAGES[kind]
    read: dict[str, Any] = {}
    for name, given in value.items():
        known = name if name in fields else _camel(name)
        at = f"{where}.{_snake(known)}" if where else _snake(known)
        if known not in fields:
            place = f" at '{where}'" if where else ""
            raise violation(where, f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.')
        if given is not None:
            read[known] = _value(given, fields[known], at)
    return read


def _value(given: Any, kind: str, at: str) -> Any:
    if kind == "any":
        return given
    if kind in _SCALARS:
        if not isinstance(given, _SCALARS[kind]) or (kind == "number" and isinstance(given, bool)):
            raise violation(at, f"Invalid value at '{at}' (TYPE_{kind.upper()}), {given!r}")
        return given
    if kind.endswith("{}"):
        return {name: _message(one, kind[:-2], f"{at}[{number}].value") for number, (name, one) in _pairs(given, at)}
    if kind.endswith("[]"):
        # Proto JSON takes a single message where a list is due.
        listed = given if isinstance(given, list) else [given]
        return [_message(one, kind[:-2], f"{at}[{number}]") for number, one in enumerate(listed)]
    return _message(given, kind, at)


def _pairs(given: Any, at: str) -> list[tuple[int, tuple[str, Any]]]:
    if not isinstance(given, dict):
        raise violation(at, f"Invalid value at '{at}' (map), {given!r}")
    return list(enumerate(given.items()))


def _json_schema(schema: Any, where: str) -> None:
    if not isinstance(schema, dict):
        return
    for keyword, value in schema.items():
        if keyword not in _JSON_SCHEMA:
            raise violation(where, f"Unsupported JSON schema keyword '{keyword}' at '{where}'.")
        if keyword in ("properties", "$defs"):
            for name, one in value.items():
                _json_schema(one, f"{where}.{keyword}[{name}]")
        elif keyword in ("items", "additionalProperties"):
            _json_schema(value, f"{where}.{keyword}")
        elif keyword in ("anyOf", "oneOf", "prefixItems"):
            for one in value:
                _json_schema(one, f"{where}.{keyword}")


def _text(content: dict[str, Any]) -> str:
    return "".join(part.get("text", "") for part in content.get("parts", ()))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda one: "_" + one[1].lower(), name)
