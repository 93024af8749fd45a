"""A language-model vendor that does not exist, registered by tests alone: all that one is, in one file."""

from __future__ import annotations

from typing import ClassVar

from fastapi import APIRouter
from pydantic import Field, SecretStr

from app.errors import ProviderError
from app.routers.body_limits import BodyLimit
from app.services.language_model.generation import JsonGenerator
from app.services.vendor import Vendor, VendorOrigins, VendorSettings
from app.services.vendors import VENDORS, Vendors
from app.settings import Settings
from tests.services.language_model.scripted import ScriptedGenerator

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])
BODY_LIMIT = BodyLimit("POST", "/api/webhooks/parrot", 1024)


@router.post("/parrot", status_code=204)
async def squawk() -> None:
    return None


class ParrotSettings(VendorSettings):
    parrot_api_key: SecretStr = SecretStr("")
    parrot_model: str = Field(default="parrot-1", description="which of its parrots")
    parrot_api_url: str = Field(default="https://api.parrot.example", description="where its API is")


BUILT: list[ParrotGenerator] = []


class ParrotGenerator(ScriptedGenerator):
    """Never has an answer."""

    provider = "parrot"

    def __init__(self, key: str, model: str) -> None:
        super().__init__(ProviderError("parrot", "busy", retryable=False))
        self.key = key
        self.model = model
        BUILT.append(self)


def _build(settings: VendorSettings) -> JsonGenerator:
    assert isinstance(settings, ParrotSettings)
    return ParrotGenerator(settings.parrot_api_key.get_secret_value(), settings.parrot_model)


def _origins(settings: VendorSettings) -> VendorOrigins:
    assert isinstance(settings, ParrotSettings)
    return VendorOrigins(connect=(settings.parrot_api_url,))


PARROT = Vendor(
    key="parrot",
    name="Parrot AI",
    capability="language_model",
    settings=ParrotSettings,
    needs=("parrot_api_key",),
    build=_build,
    origins=_origins,
    receives=("resume", "answers"),
    fails_over_to="the built-in planner and judge",
    webhook=__name__,
    stand_in=__name__,
)


class SettingsWithParrot(ParrotSettings, Settings):
    """An installation that may choose it."""

    vendors: ClassVar[Vendors] = Vendors(
        avatar=VENDORS.avatar,
        language_model=(*VENDORS.language_model, PARROT),
        speech=VENDORS.speech,
        video_storage=VENDORS.video_storage,
        identity=VENDORS.identity,
    )
