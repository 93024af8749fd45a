"""What the rest of the house knows of Google Gemini."""

from __future__ import annotations

from pydantic import Field, SecretStr

from app.services.language_model.generation import JsonGenerator
from app.services.vendor import Price, Vendor, VendorSettings


class GeminiSettings(VendorSettings):
    gemini_api_key: SecretStr = SecretStr("")
    gemini_model: str = Field(default="gemini-3.8-flash", description="which of its models")
    gemini_api_url: str = Field(default="https://generativelanguage.googleapis.com", description="where its API is")


def _build(settings: GeminiSettings) -> JsonGenerator:
    from app.services.language_model.gemini.generator import Gemini
    from app.services.vendor_http import new_client

    key = settings.gemini_api_key.get_secret_value()
    return Gemini(new_client(settings.gemini_api_url), api_key=key, model=settings.gemini_model)


GEMINI = Vendor(
    key="gemini",
    name="Google Gemini",
    capability="language_model",
    settings=GeminiSettings,
    needs=("gemini_api_key",),
    build=_build,
    receives=("resume", "job_description", "answers"),
    fails_over_to="the built-in planner and judge",
    stand_in="fakes.gemini",
    prices={
        # As last seen published, November 2026; a model without a price is counted in tokens alone.
        # Half of it until the end of 2026, an introductory price: an estimate may be too high, but not too low.
        "gemini-3.8-flash": Price(input=1.5, output=7.5),
        "gemini-3.6-flash": Price(input=1.5, output=7.5),
        "gemini-3.5-flash-lite": Price(input=0.3, output=2.5),
    },
)
