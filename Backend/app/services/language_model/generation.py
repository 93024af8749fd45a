"""What a vendor's language model is asked, whoever it is: trusted instructions, fenced data, a shape for the answer.

`prompted_model.py` turns each duty of `LanguageModel` into one such request; a vendor's generator sends it and
reads what came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from app.domain.json import JsonObject
from app.errors import ProviderCategory, ProviderError

Purpose = Literal["read_resume", "plan", "follow_up", "judge", "feedback"]


@dataclass(frozen=True, slots=True)
class DataBlock:
    """Text of somebody else's: a resume, a job description, an answer. Only ever rendered inside the fence."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """`instructions` are ours alone; nothing of a person's may be put into them."""

    instructions: str
    data: tuple[DataBlock, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the vendor counted them; `output` includes thinking, which is billed as output."""

    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Generated:
    """The model's text, whole (a cut or blocked answer is a ProviderError instead). Not validated yet."""

    text: str
    usage: Usage


class GenerationError(ProviderError):
    """A call that failed after the vendor had counted tokens: cut, blocked, or not readable."""

    def __init__(
        self,
        provider: str,
        category: ProviderCategory,
        *,
        retryable: bool,
        usage: Usage,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(provider, category, retryable=retryable, retry_after_s=retry_after_s)
        self.usage = usage


def counted(error: ProviderError, usage: Usage) -> ProviderError:
    """`error` with the tokens that were counted before it; itself where there were none."""
    if usage == Usage():
        return error
    return GenerationError(
        error.provider,
        error.category,
        retryable=error.retryable,
        usage=usage,
        retry_after_s=error.retry_after_s,
    )


class JsonGenerator(Protocol):
    """One vendor's model answering with JSON of a given shape."""

    @property
    def provider(self) -> str: ...

    @property
    def model(self) -> str: ...

    async def generate(
        self, prompt: Prompt, schema: JsonObject, *, max_output_tokens: int, timeout_s: float, quick: bool = False
    ) -> Generated:
        """One call, no retry. `schema` is a JSON schema without $ref.

        `max_output_tokens` is for the answer; where thinking counts against the vendor's limit, room is added for it.
        `timeout_s` is for the whole answer. `quick`: somebody waits, so the model is to think as little as it can be
        told to. A refusal of a parameter, which no vendor bills, may be answered by
        asking again without it.

        Raises ProviderError; `GenerationError` where tokens were used before it failed.
        """
        ...

    async def close(self) -> None: ...
