"""What is on, whether we are alive, and the roles to suggest."""

from __future__ import annotations

from fastapi import APIRouter

from app import __version__
from app.domain.limits import MIN_PASSWORD
from app.preparation.roles import ROLE_SUGGESTIONS
from app.routers.dependencies import CapabilitiesDep
from app.schemas.profile import RoleSuggestions
from app.schemas.setup import Health, Setup, VendorUse
from app.services.vendor import received_sentence
from app.settings import Settings

router = APIRouter(prefix="/api", tags=["setup"])


@router.get("/health", response_model=Health)
async def health() -> Health:
    return Health(status="ok")


@router.get("/setup", response_model=Setup)
async def setup(capabilities: CapabilitiesDep) -> Setup:
    return Setup(
        version=__version__,
        avatar=capabilities.avatar.name,
        language_model=capabilities.language_model.name,
        recognizer=capabilities.recognizer.name if capabilities.recognizer else None,
        voice=capabilities.voice.name if capabilities.voice else None,
        video_storage=(capabilities.direct_storage or capabilities.video_storage).name,
        identity=capabilities.identity.name,
        max_resume_bytes=capabilities.settings.max_resume_bytes,
        password_min_length=MIN_PASSWORD,
        vendors=vendors_of(capabilities.settings),
        can_reset_password=capabilities.accounts.can_reset_password,
        deletes_sign_in=capabilities.accounts.deletes_sign_in,
    )


def vendors_of(settings: Settings) -> list[VendorUse]:
    """Who outside this installation receives what, as told to a person before they give it."""
    return [
        VendorUse(
            name=vendor.name_for_people(settings),
            kind=vendor.capability,
            receives=received_sentence(vendor.receives),
            receives_codes=list(vendor.receives),
        )
        for vendor in settings.chosen
        if vendor.is_outside
    ]


@router.get("/roles", response_model=RoleSuggestions)
async def roles() -> RoleSuggestions:
    return RoleSuggestions(roles=list(ROLE_SUGGESTIONS))
