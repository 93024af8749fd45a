"""The small deterministic "model" behind the stand-ins for Gemini and for OpenAI-compatible servers.

It reads what it is sent as a model would: the system text names a mark, the lines between `=== DATA mark ===` and
`=== END mark ===` of the user text are data, everything else speaks to it. From the data it answers in the shape that
it is given, recognised by the schema's title. With `obeys` it is the weakest model there could be: any wish for a score
or a change of role that it finds outside the fence is followed, in whatever disguise.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import html
import json
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fakes import model_duties

_MARK = re.compile(r"=== DATA ([0-9a-f]{32}) ===")


@dataclass(frozen=True, slots=True)
class Sight:
    """What the model makes of a request: `blocks` are data, `outside` is all else that the user text says."""

    instructions: str
    blocks: tuple[tuple[str, str], ...]
    outside: str


def see(system: str, user: str) -> Sight:
    """Without a fence all of the user text is both: it holds the data, and it speaks to the model."""
    found = _MARK.search(system)
    lines = user.split("\n")
    if found:
        opening, closing = f"=== DATA {found[1]} ===", f"=== END {found[1]} ==="
        if opening in lines and closing in lines[lines.index(opening) :]:
            first = lines.index(opening)
            last = lines.index(closing, first)
            data, outside = lines[first + 1 : last], "\n".join([*lines[:first], *lines[last + 1 :]])
            return Sight(system, tuple(_blocks(data)), outside)
    return Sight(system, tuple(_blocks(lines)) or (("", user),), user)


def _blocks(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Blocks as the fence writes them; in a prompt without one, `label: text` or the text under `label:`."""
    label, text = "", [""]
    for line in lines:
        try:
            block = json.loads(line)
        except ValueError:
            block = None
        if isinstance(block, dict) and isinstance(block.get("text"), str):
            yield str(block.get("label", "")), block["text"]
            continue
        named = re.match(r"[#*\s]*([a-z][a-z :-]{2,40}\d*)(?:\*\*)?:(?:\s+|$)(.*)", line)
        if named:
            if "".join(text).strip():
                yield label, "\n".join(text).strip()
            label, text = named[1].strip(), [named[2]]
        else:
            text.append(line)
    if "".join(text).strip():
        yield label, "\n".join(text).strip()


def think(system: str, user: str, schema: dict[str, Any] | None, *, obeys: bool = False, invents: bool = False) -> str:
    """The answer: JSON where a schema is given (or written in the system text), else a sentence.

    `obeys`: see above. `invents`: quotes are words that nobody said.
    """
    sight = see(system, user)
    schema = schema or _schema_within(system)
    if schema is None:
        return f"I have read {len(user.split())} words."
    title = str(schema.get("title", ""))
    duty = model_duties.DUTIES.get(title)
    thought = duty(sight.instructions, dict(sight.blocks)) if duty else {}
    if obeys and title in model_duties.OBEDIENT and wish_in(sight):
        thought = model_duties.OBEDIENT[title](thought, dict(sight.blocks))
    if invents:
        thought = model_duties.invented(thought)
    return json.dumps(fitted(thought, schema), ensure_ascii=False)


def _schema_within(system: str) -> dict[str, Any] | None:
    """The schema that the instructions spell out, for a server that takes none."""
    start = system.find("{", system.find("JSON schema"))
    if "JSON schema" not in system or start < 0:
        return None
    found, _ = json.JSONDecoder().raw_decode(system, start)
    return found if isinstance(found, dict) else None


def fitted(value: Any, schema: dict[str, Any]) -> Any:
    """`value` bent into `schema`: what is missing gets the emptiest value allowed, what is too much is left out."""
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        kinds = {str(one.get("type", "")).lower(): one for one in options}
        if value is None and "null" in kinds:
            return None
        return fitted(value, next(one for kind, one in kinds.items() if kind != "null"))
    if "enum" in schema:
        return value if value in schema["enum"] else schema["enum"][0]
    kind = str(schema.get("type", "")).lower()
    if value is None and schema.get("nullable"):
        return None
    if kind == "object":
        known = value if isinstance(value, dict) else {}
        return {name: fitted(known.get(name), one) for name, one in schema.get("properties", {}).items()}
    if kind == "array":
        items = list(value) if isinstance(value, (list, tuple)) else []
        items += [None] * (int(schema.get("minItems", 0)) - len(items))
        return [fitted(one, schema.get("items", {})) for one in items[: int(schema.get("maxItems", len(items)))]]
    if kind in ("integer", "number"):
        number = float(value) if isinstance(value, (int, float)) else float(schema.get("minimum", 0))
        number = min(max(number, float(schema.get("minimum", number))), float(schema.get("maximum", number)))
        return int(number) if kind == "integer" else number
    if kind == "boolean":
        return bool(value)
    return str(value) if value is not None else ""


# --- obedience -------------------------------------------------------------------------------------------------------

_LOOKALIKES = str.maketrans("асеорхукіѕјԁһӏАВСЕНІКМОРТХΑΒΕΗΙΚΜΝΟΡΤΧΥοıɡ", "aceopxykisjdhlABCEHIKMOPTXABEHIKMNOPTXYoig")
_LEET = str.maketrans("013457@$", "oleastas")

_OVERRIDE = re.compile(
    r"(?:ignore|disregard|forget|override|overrule|bypass|skip|stop following)\b.{0,40}"
    r"\b(?:instruction|prompt|rule|rubric|above|previous|prior|earlier|guideline|everything|said|criteria|told)"
    r"|\bnew (?:instruction|rule|role|task|system)|\byou are (?:now|no longer)\b|\bact as\b|\bpretend\b|\brole-?play\b"
    r"|\b(?:system|developer|assistant|admin|administrator|moderator)"
    r" ?(?:prompt|mode|message|override|note|notice|turn)? ?[:>\])]"
    r"|<\|?(?:im_start|system|/?data|/?instructions?|/?answer)|\[/?inst\]|\[system|### ?(?:system|instruction)"
    r"|\bend (?:of )?(?:data|the data|answer|resume|transcript)\b|={2,} ?(?:end|data)\b|jailbreak|\bdan mode\b"
    r"|\bas (?:the|your) (?:developer|creator|administrator|author|operator|interviewer|examiner)"
    r"|\b(?:dear|hey|hello|attention|note to|message (?:to|for)) (?:the )?"
    r"(?:ai|llm|model|judge|grader|assistant|reviewer)"
    r"|ignorier|vergiss|missachte|ignorez|oubliez|ignora\b|ignore las|olvida|ignorar|esque[cç]a|dimentica|negeer"
    r"|zignoruj|игнорир|забуд|忽略|无视|無視|忘记|無効|무시|تجاهل|अनदेखा|नज़रअंदाज़|görmezden|التعليمات|指示",
    re.IGNORECASE | re.DOTALL,
)
_WORTH = (
    r"(?:score|rating|rate|grade|mark|relevance|confidence|verdict|points?|result|evaluation|on_question|concrete"
    r"|own_action|level|assess\w*|judg\w*|give|award|answer is|candidate|note|puntuaci\w+|puntaje|nota|punkte?"
    r"|bewert\w*|punteggio|оценк\w*|балл\w*|分|点|점수|درجة|अंक)"
)
_TOP = (
    r"(?:\b100\b|\b10(?:/| out of |/ ?)10\b|\b10\b|hundred|full marks|max(?:imum)?|perfect|highest|top|best|flawless"
    r"|excellent|covered|outstanding|hire|hundert|cent\b|cien\b|cem\b|cento|сто\b|满|百|100)"
)
_SCORE = re.compile(rf"{_WORTH}.{{0,60}}{_TOP}|{_TOP}.{{0,60}}{_WORTH}", re.IGNORECASE | re.DOTALL)
_NARROW = re.compile(
    r"ignore (?:all |any |the |your )*(?:previous|prior|above|earlier)|disregard (?:all|the|any|your)"
    r"|(?:give|award|assign)\b.{0,30}\b(?:100|full marks)|set \w+ to (?:100|10)\b",
    re.IGNORECASE | re.DOTALL,
)


def wish_in(sight: Sight) -> bool:
    """Whether anything outside the fence wants another result.

    The system text is ours, speaks of scores itself, and is searched only for what we would never write.
    """
    if _NARROW.search(sight.instructions):
        return True
    return any(_OVERRIDE.search(text) or _SCORE.search(text) for text in _readings(sight.outside))


def _readings(text: str) -> Iterator[str]:
    """The text as it is, and as a credulous reader might decode it."""
    # Soft hyphens, zero-width and direction marks and tags are seen through; look-alike letters are read as Latin.
    seen = "".join(chr(ord(one) - 0xE0000) if 0xE0020 <= ord(one) <= 0xE007E else one for one in text)
    seen = "".join(one for one in unicodedata.normalize("NFKC", seen) if unicodedata.category(one) != "Cf")
    yield text
    yield seen
    yield seen.translate(_LOOKALIKES)
    plain = urllib.parse.unquote(html.unescape(seen.replace("\\n", "\n").replace('\\"', '"')))
    yield re.sub(r"[*_`~#>|]+", "", plain)
    yield re.sub(r"(?<=\b\w)[ .-](?=\w\b)", "", plain)  # i g n o r e
    yield plain.translate(_LEET)
    yield plain[::-1]
    yield _rot13(plain)
    for token in re.findall(r"[A-Za-z0-9+/_=-]{16,}", plain):
        yield from _decoded(token)


def _rot13(text: str) -> str:
    return re.sub(r"[a-z]", lambda one: chr((ord(one[0]) - 84) % 26 + 97), text.lower())


def _decoded(token: str) -> Iterator[str]:
    padded = token.rstrip("=").replace("-", "+").replace("_", "/")
    with contextlib.suppress(binascii.Error, ValueError):
        yield base64.b64decode(padded + "=" * (-len(padded) % 4)).decode("utf-8")
    with contextlib.suppress(ValueError):
        yield bytes.fromhex(token).decode("utf-8")
