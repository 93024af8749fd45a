"""What the rest of the house knows of Tavus."""

from __future__ import annotations

from pydantic import Field, SecretStr

from app.services.avatar.base import Avatar
from app.services.vendor import Vendor, VendorOrigins, VendorSettings


class TavusSettings(VendorSettings):
    tavus_api_key: SecretStr = SecretStr("")
    tavus_replica_id: str = ""
    tavus_persona_id: str = Field(
        default="",
        description='the interviewer\'s persona there; without one, "InterviewDost interviewer" is found or made once',
    )
    tavus_api_url: str = Field(default="https://tavusapi.com", description="where its API is")
    tavus_call_origin: str = Field(
        default="https://tavus.daily.co", description="the only place a call may be embedded from"
    )


def _build(settings: TavusSettings) -> Avatar:
    from app.services.avatar.tavus.avatar import Tavus
    from app.services.vendor_http import new_client

    key = settings.tavus_api_key.get_secret_value()
    return Tavus(
        new_client(settings.tavus_api_url, timeout_s=12.0, headers={"x-api-key": key}),
        replica_id=settings.tavus_replica_id,
        persona_id=settings.tavus_persona_id,
        call_origin=settings.tavus_call_origin,
    )


def _origins(settings: TavusSettings) -> VendorOrigins:
    # In its frame mode daily-js loads no code into our page and calls nobody: all of the call is in the frame.
    call = settings.tavus_call_origin.rstrip("/")
    return VendorOrigins(frame=(call,), call=(call,))


TAVUS = Vendor(
    key="tavus",
    name="Tavus",
    capability="avatar",
    settings=TavusSettings,
    needs=("tavus_api_key", "tavus_replica_id"),
    build=_build,
    origins=_origins,
    receives=("camera_and_voice", "name", "questions", "resume_summary"),
    fails_over_to="the built-in interviewer, in mid-sentence",
    webhook="app.routers.webhooks.tavus",
    stand_in="fakes.tavus",
)
