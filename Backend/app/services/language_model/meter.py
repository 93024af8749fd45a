"""Counts every call of a paid model, and stops before the next one when enough has been spent.

Who a call is for is said where the work begins (a route, a step of a workflow, the end of an answer), with
`attributed(...)`; it travels in a context variable, since what lies between knows neither users nor money.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from app.domain.json import JsonObject
from app.errors import ProviderError
from app.services.language_model.generation import Generated, GenerationError, JsonGenerator, Prompt, Purpose, Usage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attribution:
    user_id: str = ""
    interview_id: str = ""


_attribution: ContextVar[Attribution] = ContextVar("attribution", default=Attribution())  # noqa: B039 - frozen


@contextlib.contextmanager
def attributed(*, user_id: str, interview_id: str = "") -> Iterator[None]:
    """Model calls within are this user's, for this interview; tasks started within inherit it."""
    token = _attribution.set(Attribution(user_id, interview_id))
    try:
        yield
    finally:
        _attribution.reset(token)


@dataclass(frozen=True, slots=True)
class MeteredCall:
    """One call as it went: `outcome` is ok or the category of its failure; tokens as the vendor counted them."""

    attribution: Attribution
    provider: str
    model: str
    purpose: Purpose
    outcome: str
    usage: Usage
    duration_ms: int


class Meter(Protocol):
    async def allows(self, model: str, attribution: Attribution) -> bool:
        """Whether one more call may be made today."""
        ...

    async def record(self, call: MeteredCall) -> None: ...


_PURPOSES: dict[str, Purpose] = {
    "resume": "read_resume",
    "plan": "plan",
    "follow_up": "follow_up",
    "verdict": "judge",
    "feedback": "feedback",
}


class MeteredGenerator:
    """A generator whose every call, repeated and failed ones too, is allowed first and recorded afterwards.

    The cap is looked at before a call and the call counted after it, so calls under way at the same moment can pass
    it by what they cost. A call that broke off before the vendor counted is recorded with no tokens.
    """

    def __init__(self, generator: JsonGenerator, meter: Meter) -> None:
        self._generator = generator
        self._meter = meter

    @property
    def provider(self) -> str:
        return self._generator.provider

    @property
    def model(self) -> str:
        return self._generator.model

    async def generate(
        self, prompt: Prompt, schema: JsonObject, *, max_output_tokens: int, timeout_s: float, quick: bool = False
    ) -> Generated:
        """Raises ProviderError; spending_cap (not retryable) when the day's money is spent."""
        whose = _attribution.get()
        if not await self._meter.allows(self.model, whose):
            raise ProviderError(self.provider, "spending_cap", retryable=False)
        began = time.monotonic()
        outcome, usage = "cancelled", Usage()
        try:
            generated = await self._generator.generate(
                prompt, schema, max_output_tokens=max_output_tokens, timeout_s=timeout_s, quick=quick
            )
            outcome, usage = "ok", generated.usage
            return generated
        except GenerationError as error:
            outcome, usage = error.category, error.usage
            raise
        except ProviderError as error:
            outcome = error.category
            raise
        finally:
            milliseconds = round((time.monotonic() - began) * 1000)
            purpose = _PURPOSES[str(schema["title"])]
            call = MeteredCall(whose, self.provider, self.model, purpose, outcome, usage, milliseconds)
            # Shielded: a duty that has run out of time has cost what it has cost.
            await asyncio.shield(self._record(call))

    async def _record(self, call: MeteredCall) -> None:
        try:
            await self._meter.record(call)
        except Exception as error:  # noqa: BLE001 - an answer that was paid for is not thrown away for its receipt
            log.error("a model call could not be recorded: %s", type(error).__name__)

    async def close(self) -> None:
        await self._generator.close()
