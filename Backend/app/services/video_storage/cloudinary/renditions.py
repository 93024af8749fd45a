"""The forms of a take that Cloudinary makes beforehand, and which of them is played.

`f_auto` chooses by the viewer's browser among forms that have to be made by name: made only when first asked for, a
long video is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.recording import Playable
from app.services.video_storage.base import PLAYLIST_TYPE

AUTOMATIC = "f_auto,q_auto"


@dataclass(frozen=True, slots=True)
class Form:
    """`transformation` as it stands in a delivery address, without the ending that goes with it."""

    transformation: str
    ending: str
    mime_type: str

    @property
    def eager(self) -> str:
        """As it is asked for at the upload: an ending that the transformation does not name stands behind a slash."""
        names_format = any(part.startswith("f_") for part in self.transformation.split(","))
        return self.transformation if names_format else f"{self.transformation}/{self.ending}"

    def of(self, place: str) -> Playable:
        """`place`: version and name, `v1/…`."""
        return Playable(f"{self.transformation}/{place}.{self.ending}", self.mime_type)


PLAIN = Form("f_mp4,q_auto,vc_h264", "mp4", "video/mp4")
"""Plays everywhere."""
FOR_BROWSERS = (
    PLAIN,
    Form("f_webm,q_auto,vc_vp9", "webm", "video/webm"),
    Form("f_mp4,q_auto,vc_h265", "mp4", "video/mp4"),
)
"""What `f_auto,q_auto` may choose."""
ADAPTIVE = Form("sp_auto", "m3u8", PLAYLIST_TYPE)
SOUND = Form("f_mp3", "mp3", "audio/mpeg")


@dataclass(frozen=True, slots=True)
class Derived:
    """A form that the vendor says it has made."""

    transformation: str
    format: str


def wanted(*, has_video: bool, adaptive: bool) -> Sequence[Form]:
    if not has_video:
        return (SOUND,)
    return (ADAPTIVE, PLAIN) if adaptive else FOR_BROWSERS


def best(made: Sequence[Derived], place: str, *, has_video: bool, adaptive: bool) -> tuple[Playable | None, bool]:
    """What to play of `made`, and whether nothing better is to come. None: the take as it was recorded."""
    forms = wanted(has_video=has_video, adaptive=adaptive)
    have = [form for form in forms if any(_is(derived, form) for derived in made)]
    is_all = len(have) == len(forms)
    if is_all and forms is FOR_BROWSERS:
        return Playable(f"{AUTOMATIC}/{place}", PLAIN.mime_type), True
    # The forms for some browsers are nothing for the others.
    by_name = next((form.of(place) for form in (ADAPTIVE, PLAIN, SOUND) if form in have), None)
    return by_name, is_all


def instead(key: str) -> str | None:
    """What plays where the vendor will not make the form that `f_auto` chose."""
    chosen, _, place = key.partition("/")
    return PLAIN.of(place).key if chosen == AUTOMATIC else None


def poster(key: str) -> str:
    """The picture of the video that `key` plays: two seconds in, when a camera has opened its eye."""
    place = re.sub(r"^(?!v[0-9]+/)[^/]+/|\.[a-z0-9]+$", "", key)
    return f"q_auto,so_2/{place}.jpg"


def _is(derived: Derived, form: Form) -> bool:
    """The vendor may tell the format as part of the transformation, behind a slash, or beside it."""
    parts = set(re.split(r"[,/]", derived.transformation)) | {derived.format}
    wanted_parts = {part.removeprefix("f_") for part in form.transformation.split(",")} | {form.ending}
    return wanted_parts <= {part.removeprefix("f_") for part in parts}
