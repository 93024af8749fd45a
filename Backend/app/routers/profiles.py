"""Profiles over HTTP: a resume goes in, what was understood comes back, corrections follow."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from pydantic import TypeAdapter
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from app.access import Access
from app.capabilities import Capabilities
from app.domain.limits import MAX_RESUME_TEXT
from app.domain.profile import ProfileWarning
from app.errors import InvalidInput, TooLarge
from app.models import Profile
from app.pools import Quota
from app.preparation import profiles
from app.preparation.profiles import Correction
from app.preparation.resume.upload import read_resume_file
from app.routers.body_limits import SignedInRoute, resume_too_large
from app.routers.dependencies import CapabilitiesDep, CurrentAccess, limit
from app.schemas.profile import ProfileCorrection, ProfileModel
from app.services.language_model.meter import attributed

CORRECTION = TypeAdapter(Correction)

router = APIRouter(prefix="/api", tags=["profiles"], route_class=SignedInRoute)

UPLOADS = Quota("upload_under_way", "Another resume of yours is being read. Please wait until that one is done.")

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "text": {"type": "string", "maxLength": MAX_RESUME_TEXT},
                    },
                }
            }
        },
    }
}


@router.post("/profiles", status_code=201, dependencies=[Depends(limit("upload"))], openapi_extra=_FORM)
async def give_resume(request: Request, capabilities: CapabilitiesDep, access: CurrentAccess) -> ProfileModel:
    """A file (PDF, DOCX, TXT) or pasted `text`; answered with what was understood."""
    with UPLOADS.used(access.user_id):
        return await _understood(request, capabilities, access)


async def _understood(request: Request, capabilities: Capabilities, access: Access) -> ProfileModel:
    filename, data, text = await _uploaded(request, capabilities.settings.max_resume_bytes)
    source = "text"
    extra: list[ProfileWarning] = []
    if data is not None:
        resume = await read_resume_file(data, filename)
        text, source = resume.text, resume.kind if resume.kind in ("pdf", "docx") else "text"
        extra = [_warning(each) for each in resume.warnings]
    with attributed(user_id=access.user_id):
        draft = await capabilities.language_model.read_resume(text)
    known = profiles.warnings_of(draft, text)
    codes = {warning.code for warning in known}
    warnings = known + [warning for warning in extra if warning.code not in codes]
    async with capabilities.db.write() as session:
        profile = profiles.add(
            session, access, source=source, filename=filename, text=text, draft=draft, warnings=warnings
        )
        await session.flush()
        await profiles.remember_summary(session, profile)
    return _model(profile)


@router.get("/profiles/latest")
async def latest_profile(capabilities: CapabilitiesDep, access: CurrentAccess) -> ProfileModel:
    async with capabilities.db.read() as session:
        return _model(await profiles.latest(session, access))


@router.get("/profiles/{profile_id}")
async def one_profile(profile_id: str, capabilities: CapabilitiesDep, access: CurrentAccess) -> ProfileModel:
    async with capabilities.db.read() as session:
        return _model(await access.profile(session, profile_id))


@router.patch("/profiles/{profile_id}")
async def correct_profile(
    profile_id: str, correction: ProfileCorrection, capabilities: CapabilitiesDep, access: CurrentAccess
) -> ProfileModel:
    async with capabilities.db.write() as session:
        profile = await profiles.correct(session, access, profile_id, _correction(correction))
        await profiles.remember_summary(session, profile)
    return _model(profile)


async def _uploaded(request: Request, max_bytes: int) -> tuple[str, bytes | None, str]:
    """File name and bytes, or None and the pasted text."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise InvalidInput("resume_missing", "Send the resume as a form with a file or a text.")
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=1,
        max_fields=4,
        max_part_size=4 * MAX_RESUME_TEXT + 1024,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        if "exceeded maximum size" in error.message:
            raise _too_long() from error
        raise InvalidInput("form_unreadable", "The upload could not be read. Please try again.") from error
    try:
        file = form.get("file")
        if isinstance(file, UploadFile):
            data = await file.read(max_bytes + 1)
            if len(data) > max_bytes:
                raise resume_too_large(max_bytes)
            return (file.filename or "")[-255:], data, ""
        text = form.get("text")
        if isinstance(text, str) and text.strip():
            if len(text) > MAX_RESUME_TEXT:
                raise _too_long()
            return "", None, text.replace("\x00", "").strip()
    finally:
        await form.close()
    raise InvalidInput("resume_missing", "Choose a file, or paste the text of your resume.", field="file")


def _too_long() -> TooLarge:
    return TooLarge(
        "resume_too_long",
        f"This text is longer than {MAX_RESUME_TEXT:,} characters. Keep the parts that matter for this role.",
        field="text",
        params={"characters": MAX_RESUME_TEXT},
    )


def _warning(code: str) -> ProfileWarning:
    return ProfileWarning(code, READER_WARNINGS.get(code, READER_WARNING))


READER_WARNING = "Part of the file could not be read. Please check what was understood."
READER_WARNINGS = {
    "scanned_pages": "Some pages are pictures, so their text could not be read. Please add what is missing.",
    "hidden_text": "Text that cannot be seen on the page (white, tiny or outside it) was left out.",
    "shortened": "The file is very long, so only its beginning was read. Please check what was understood.",
}


def _correction(told: ProfileCorrection) -> Correction:
    return CORRECTION.validate_python(told.model_dump())


def _model(profile: Profile) -> ProfileModel:
    return ProfileModel.model_validate(profile, from_attributes=True)
