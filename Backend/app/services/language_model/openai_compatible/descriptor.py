"""What the rest of the house knows of a server that speaks OpenAI's language: Ollama, llama.cpp, vLLM and friends."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from app.services.language_model.generation import JsonGenerator
from app.services.vendor import Vendor, VendorSettings


class OpenAICompatibleSettings(VendorSettings):
    openai_base_url: str = Field(
        default="", description="address of Ollama, llama.cpp, vLLM or the like: Ollama's is http://localhost:11434/v1"
    )
    openai_model: str = Field(default="", description="which of its models")
    openai_api_key: SecretStr = Field(default=SecretStr(""), description="only where the server wants one")


def _build(settings: OpenAICompatibleSettings) -> JsonGenerator:
    from app.services.language_model.openai_compatible.generator import OpenAICompatible
    from app.services.vendor_http import new_client

    key = settings.openai_api_key.get_secret_value()
    return OpenAICompatible(new_client(settings.openai_base_url), api_key=key, model=settings.openai_model)


def _named(settings: OpenAICompatibleSettings) -> str:
    host = urlsplit(settings.openai_base_url).hostname
    return f"the language model at {host}" if host else "the language model"


OPENAI_COMPATIBLE = Vendor(
    key="openai-compatible",
    name="any OpenAI-compatible server",
    capability="language_model",
    settings=OpenAICompatibleSettings,
    needs=("openai_base_url", "openai_model"),
    build=_build,
    named=_named,
    receives=("resume", "job_description", "answers"),
    fails_over_to="the built-in planner and judge",
    stand_in="fakes.openai_compatible",
)
