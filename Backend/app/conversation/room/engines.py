"""What a live interview is held with: the database, a model, ears, a voice, and a vendor's calls."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.conversation.room.voice_queue import SpokenWords
from app.db import Database
from app.services.language_model.base import LanguageModel
from app.services.speech.base import Recognizer, Voice


@dataclass(frozen=True, slots=True)
class Calls:
    """The vendor's calls, by interview: whether one is there to lead it, that its page is there, that
    it is over, and why.
    """

    active: Callable[[str], Awaitable[bool]]
    seen: Callable[[str], Awaitable[None]]
    end: Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Engines:
    """What an interview is held with. No ears: answers are typed. No voice: the page speaks or shows the words.

    No calls: our own interviewer leads every interview.
    """

    db: Database
    language_model: LanguageModel
    recognizer: Recognizer | None
    voice: Voice | None
    spoken: SpokenWords
    calls: Calls | None = None
