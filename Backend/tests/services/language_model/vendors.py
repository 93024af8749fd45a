"""Both vendors' adapters with their stand-ins, for tests: which is which, and what a good request looks like."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.services.language_model import prompt_fence
from app.services.language_model.answer_shapes import FollowUpShape, json_schema
from app.services.language_model.gemini.generator import Gemini
from app.services.language_model.generation import DataBlock, JsonGenerator, Prompt
from app.services.language_model.openai_compatible.generator import OpenAICompatible
from app.services.language_model.wire import Render
from app.services.vendor_http import new_client
from fakes import credentials, gemini, openai_compatible
from fakes.base import Fake

PROMPT = Prompt(
    "You are the interviewer. Ask one follow-up.",
    (
        DataBlock("key points", "1. The situation before\n2. The result, with a number"),
        DataBlock(
            "answer", "Before that we checked every order by hand. It was slow — «très lent», 慢\u0085, honestly."
        ),
    ),
)
SCHEMA = json_schema(FollowUpShape)


@dataclass(frozen=True)
class Vendor:
    name: str
    fake: Callable[[], Fake]
    adapter: Callable[..., JsonGenerator]


def gemini_at(
    address: str,
    *,
    key: str = credentials.GEMINI_API_KEY,
    model: str = "gemini-3.8-flash",
    idle_s: float = 10.0,
    render: Render = prompt_fence.render,
) -> Gemini:
    return Gemini(new_client(address), api_key=key, model=model, idle_s=idle_s, render=render)


def openai_at(
    address: str,
    *,
    key: str = credentials.OPENAI_API_KEY,
    model: str = credentials.OPENAI_MODEL,
    idle_s: float = 10.0,
    render: Render = prompt_fence.render,
) -> OpenAICompatible:
    return OpenAICompatible(new_client(f"{address}/v1"), api_key=key, model=model, idle_s=idle_s, render=render)


VENDORS = (
    Vendor("gemini", gemini.build, gemini_at),
    Vendor("openai-compatible", openai_compatible.build, openai_at),
)


def sent(fake: Fake, number: int = -1) -> Any:
    """The body of a request that the fake was sent."""
    return json.loads(fake.asked[number].body)
