"""One choice for one capability, as data: what everything outside a vendor's folder knows of it.

The container, the settings, the setup page, the page's policy and the tables in the documents go through these records
one by one; none of them names a vendor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Capability = Literal["avatar", "language_model", "speech", "video_storage", "identity"]

SWITCHES: Final[Mapping[Capability, str]] = {
    "avatar": "avatar",
    "language_model": "llm",
    "speech": "speech",
    "video_storage": "video",
    "identity": "identity",
}
"""The setting that chooses for each capability."""

Received = Literal[
    "camera_and_voice",
    "name",
    "email",
    "password",
    "resume",
    "resume_summary",
    "job_description",
    "questions",
    "answers",
    "recording",
]
"""What of a person's can reach somebody outside this installation."""

RECEIVED_WORDS: Final[Mapping[Received, str]] = {
    "camera_and_voice": "your camera and voice during the interview",
    "name": "your name",
    "email": "your email address",
    "password": "your password",
    "resume": "the words of your resume",
    "resume_summary": "a summary of your resume",
    "job_description": "the job description",
    "questions": "your questions",
    "answers": "the words of your answers",
    "recording": "your recording, if you allow one",
}


class Price(BaseModel):
    """US dollars per million tokens. Thinking counts as output."""

    model_config = ConfigDict(frozen=True)

    input: float = Field(ge=0)
    output: float = Field(ge=0)


class VendorSettings(BaseModel):
    """What a vendor's own settings extend: a field for each variable, named as in the environment (in small letters).

    A field's description is its comment in `.env.example` and its meaning in the README.
    """

    model_config = ConfigDict(frozen=True)

    public_url: str = "http://localhost:8000"
    """Of this installation: where a vendor's word, or a person on their way back from it, arrives."""


@dataclass(frozen=True, slots=True)
class VendorOrigins:
    """Origins a switched-on vendor needs in the page. The embedded defaults need none."""

    connect: tuple[str, ...] = ()
    script: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    call: tuple[str, ...] = ()
    """Origins of frames in which the person is seen and heard."""


S = TypeVar("S", bound=VendorSettings, contravariant=True)
B = TypeVar("B", covariant=True)


def _nowhere(settings: VendorSettings) -> VendorOrigins:
    return VendorOrigins()


@dataclass(frozen=True, kw_only=True)
class Vendor(Generic[S, B]):
    """One choice for one capability, ours included.

    `key`: as in the setting that chooses, in what is stored and in a ProviderError. `name`: for people.
    `build` makes what serves the capability from checked settings; it loads the vendor's code and asks nobody.
    """

    key: str
    name: str
    capability: Capability
    build: Callable[[S], B]

    settings: type[VendorSettings] = VendorSettings
    needs: tuple[str, ...] = ()
    """Fields of `settings` without which it cannot be switched on."""
    named: Callable[[S], str] | None = None
    """Its name for people where that depends on the settings."""
    origins: Callable[[S], VendorOrigins] = _nowhere
    receives: tuple[Received, ...] = ()
    """In the order in which a person is told. Empty: it is no vendor at all, everything stays on this machine."""
    fails_over_to: str = ""
    """For the documents: who goes on when it fails."""
    webhook: str = ""
    """Module of the router that takes its word, with its BODY_LIMIT."""
    stand_in: str = ""
    """Module of the stand-in that speaks its wire format on one's own machine."""
    admin_made: str = ""
    """How an admin is made where roles are not ours to give."""
    prices: Mapping[str, Price] = field(default_factory=dict)
    """Of its models, as last published."""

    @property
    def is_outside(self) -> bool:
        """Whether something of a person's leaves this installation."""
        return bool(self.receives)

    def name_for_people(self, settings: S) -> str:
        return self.named(settings) if self.named is not None else self.name

    @property
    def variables(self) -> tuple[str, ...]:
        """The settings that are its own, in their order."""
        return tuple(name for name in self.settings.model_fields if name not in VendorSettings.model_fields)


def received_sentence(receives: tuple[Received, ...]) -> str:
    """Such as "your name, your questions and a summary of your resume"."""
    *first, last = (RECEIVED_WORDS[code] for code in receives)
    return f"{', '.join(first)} and {last}" if first else last
