"""What this installation has switched on."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from app.services.vendor import Capability, Received


class VendorUse(BaseModel):
    """Somebody outside this installation, and what of a person's reaches them: in words, and as codes."""

    name: str
    kind: Capability
    receives: str
    receives_codes: list[Received]


class Setup(BaseModel):
    """`recognizer`/`voice` are null when speech cannot run here; the room then works by typing and captions."""

    version: str
    avatar: str
    language_model: str
    recognizer: str | None
    voice: str | None
    video_storage: str
    identity: str
    max_resume_bytes: int
    password_min_length: int
    vendors: list[VendorUse]
    """Empty when everything stays on this machine."""
    can_reset_password: bool
    deletes_sign_in: bool


class Health(BaseModel):
    status: Literal["ok"]


class Problem(BaseModel):
    """RFC 9457 problem details. `code` is stable; `field` names the input at fault, `params` what `detail` names."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    params: dict[str, str | int | list[str]] = {}
    field: str | None = None
    errors: list[ProblemField] = []


class ProblemField(BaseModel):
    field: str
    message: str


Problem.model_rebuild()
