"""All choices for each capability, the default first. The only file outside a vendor's folder that knows the vendor.

A new vendor is its folder, and two words here: its settings among the bases, its descriptor in the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.services.avatar.base import Avatar
from app.services.avatar.built_in import BUILT_IN as BUILT_IN_AVATAR
from app.services.avatar.tavus.descriptor import TAVUS, TavusSettings
from app.services.identity.base import HostedIdentity
from app.services.identity.local import LOCAL as LOCAL_IDENTITY
from app.services.identity.supabase.descriptor import SUPABASE, SupabaseSettings
from app.services.language_model.built_in import BUILT_IN as BUILT_IN_MODEL
from app.services.language_model.gemini.descriptor import GEMINI, GeminiSettings
from app.services.language_model.generation import JsonGenerator
from app.services.language_model.openai_compatible.descriptor import OPENAI_COMPATIBLE, OpenAICompatibleSettings
from app.services.speech.base import Speech
from app.services.speech.local import LOCAL as LOCAL_SPEECH
from app.services.speech.local import OFF as NO_SPEECH
from app.services.vendor import Vendor
from app.services.video_storage.base import DirectStorage
from app.services.video_storage.cloudinary.descriptor import CLOUDINARY, CloudinarySettings
from app.services.video_storage.local import LOCAL as LOCAL_STORAGE


class AllVendorSettings(TavusSettings, GeminiSettings, OpenAICompatibleSettings, CloudinarySettings, SupabaseSettings):
    """The settings of all vendors, side by side; those of the ones that are switched off mean nothing."""


AnyVendor = Vendor[AllVendorSettings, object]


@dataclass(frozen=True, slots=True)
class VendorChoice:
    """The one choice for each capability of an installation."""

    avatar: Vendor[AllVendorSettings, Avatar]
    language_model: Vendor[AllVendorSettings, JsonGenerator | None]
    speech: Vendor[AllVendorSettings, Speech]
    video_storage: Vendor[AllVendorSettings, DirectStorage | None]
    identity: Vendor[AllVendorSettings, HostedIdentity | None]

    def __iter__(self) -> Iterator[AnyVendor]:
        return iter((self.avatar, self.language_model, self.speech, self.video_storage, self.identity))


@dataclass(frozen=True, slots=True)
class Vendors:
    """Whom an installation may choose from, ours first."""

    avatar: tuple[Vendor[AllVendorSettings, Avatar], ...]
    language_model: tuple[Vendor[AllVendorSettings, JsonGenerator | None], ...]
    speech: tuple[Vendor[AllVendorSettings, Speech], ...]
    video_storage: tuple[Vendor[AllVendorSettings, DirectStorage | None], ...]
    identity: tuple[Vendor[AllVendorSettings, HostedIdentity | None], ...]

    def __iter__(self) -> Iterator[AnyVendor]:
        yield from self.avatar
        yield from self.language_model
        yield from self.speech
        yield from self.video_storage
        yield from self.identity


VENDORS: Final = Vendors(
    avatar=(BUILT_IN_AVATAR, TAVUS),
    language_model=(BUILT_IN_MODEL, GEMINI, OPENAI_COMPATIBLE),
    speech=(LOCAL_SPEECH, NO_SPEECH),
    video_storage=(LOCAL_STORAGE, CLOUDINARY),
    identity=(LOCAL_IDENTITY, SUPABASE),
)
