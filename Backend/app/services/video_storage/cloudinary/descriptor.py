"""What the rest of the house knows of Cloudinary."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from app.services.vendor import Vendor, VendorOrigins, VendorSettings
from app.services.video_storage.base import DirectStorage

WEBHOOK_PATH = "/api/webhooks/cloudinary"


class CloudinarySettings(VendorSettings):
    cloudinary_cloud_name: str = ""
    cloudinary_api_key: str = ""
    cloudinary_api_secret: SecretStr = SecretStr("")
    cloudinary_api_url: str = Field(default="https://api.cloudinary.com", description="where its API is")
    cloudinary_delivery_url: str = Field(
        default="https://res.cloudinary.com", description="where its videos are played from"
    )
    cloudinary_token_key: SecretStr = Field(
        default=SecretStr(""), description="only for accounts with token authentication (hexadecimal)"
    )
    cloudinary_adaptive: bool = Field(
        default=False,
        description="whether videos are also made in several sizes and rates for slow lines (HLS); costs more",
    )
    cloudinary_signature_algorithm: Literal["sha1", "sha256"] = Field(
        default="sha1", description="sha1 or sha256, as the account is set"
    )


def _build(settings: CloudinarySettings) -> DirectStorage:
    from app.services.video_storage.cloudinary.storage import Cloudinary

    base = settings.public_url.rstrip("/")
    return Cloudinary(
        cloud=settings.cloudinary_cloud_name,
        api_key=settings.cloudinary_api_key,
        api_secret=settings.cloudinary_api_secret.get_secret_value(),
        api_url=settings.cloudinary_api_url,
        delivery_url=settings.cloudinary_delivery_url,
        token_key=settings.cloudinary_token_key.get_secret_value(),
        algorithm=settings.cloudinary_signature_algorithm,
        adaptive=settings.cloudinary_adaptive,
        # A notification reaches us only over the internet; otherwise we look from time to time.
        notification_url=f"{base}{WEBHOOK_PATH}" if base.startswith("https://") else None,
    )


def _origins(settings: CloudinarySettings) -> VendorOrigins:
    # The page plays from there only where an address can be made to expire; else videos pass through us.
    tokens = bool(settings.cloudinary_token_key.get_secret_value())
    media = (settings.cloudinary_delivery_url.rstrip("/"),) if tokens else ()
    # The pieces of an adaptive video are fetched by the player's own script.
    fetched = media if settings.cloudinary_adaptive else ()
    return VendorOrigins(connect=(settings.cloudinary_api_url.rstrip("/"), *fetched), media=media)


CLOUDINARY = Vendor(
    key="cloudinary",
    name="Cloudinary",
    capability="video_storage",
    settings=CloudinarySettings,
    needs=("cloudinary_cloud_name", "cloudinary_api_key", "cloudinary_api_secret"),
    build=_build,
    origins=_origins,
    receives=("recording",),
    fails_over_to="our own storage",
    webhook="app.routers.webhooks.cloudinary",
    stand_in="fakes.cloudinary",
)
