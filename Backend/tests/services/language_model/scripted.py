"""A JsonGenerator that answers from a script and remembers what it was asked."""

from __future__ import annotations

import json
from typing import Any

from app.errors import ProviderError
from app.services.language_model.generation import Generated, Prompt, Usage

Answer = dict[str, Any] | str | ProviderError


class ScriptedGenerator:
    """Gives `answers` one after the other; the last one again and again."""

    provider = "scripted"
    model = "scripted-1"

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.prompts: list[Prompt] = []
        self.quick: list[bool] = []
        self.closed = False

    async def generate(
        self, prompt: Prompt, schema: dict[str, Any], *, max_output_tokens: int, timeout_s: float, quick: bool = False
    ) -> Generated:
        self.prompts.append(prompt)
        self.quick.append(quick)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, ProviderError):
            raise answer
        return Generated(answer if isinstance(answer, str) else json.dumps(answer), Usage(100, 50))

    async def close(self) -> None:
        self.closed = True
