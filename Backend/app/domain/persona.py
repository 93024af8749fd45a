"""Who interviews: a name, a face and a voice that belong together. One more is one record here, and their assets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Persona:
    """Our own interviewer, and the one who takes over from a vendor's call that dies.

    `name`: what they go by. `face`: a folder of `Frontend/public/avatar`. `voice`: an id of the voice engine's.
    """

    name: str
    face: str
    voice: str


MAYA: Final = Persona(name="Maya", face="maya", voice="heart")
