"""The room of a call: a scripted interviewer, what it sends as app-messages, and what it takes from the page.

It greets, asks the numbered questions of its context one by one, waits for an answer to each, and says goodbye. It has
no ears: what the candidate says is typed into the stand-in page or posted to `/_fake/say`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

FOLLOW_UP = "Could you tell me more about what you did yourself?"
GOODBYE = "Thank you, that was my last question. Goodbye."
DIES_AFTER = 2
"""Answers heard before the modes that break a call in its middle do so."""
SENSITIVITIES = ("superlow", "verylow", "low", "medium", "high", "auto")


@dataclass(slots=True)
class Line:
    """One entry of the transcript; `said_at` in seconds since the epoch."""

    role: Literal["assistant", "user"]
    content: str
    said_at: float
    duration: float
    inference_id: str


@dataclass
class Room:
    """One conversation's room. `pace_s`: seconds a spoken word takes. `on_died`: the room is over, with the reason."""

    conversation_id: str
    greeting: str
    questions: list[str]
    pace_s: float
    failing: Callable[[str], bool]
    on_died: Callable[[str], None]
    lines: list[Line] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    """Every app-message of the page that the vendor would understand."""
    not_understood: list[str] = field(default_factory=list)
    """Why a message of the page would have had no effect."""
    allowed: list[str] = field(default_factory=list)
    """What the embedding page lets the frame use."""
    devices: dict[str, bool] = field(default_factory=dict)
    context: list[str] = field(default_factory=list)
    created_at: float = field(default_factory=time.time)
    _page: asyncio.Queue[dict[str, Any]] | None = None
    _asked: int = 0
    _answers: int = 0
    _followed_up: bool = False
    _greeted: bool = False
    _seq: int = 100
    _turn: int = 0
    _speech: asyncio.Task[None] | None = None
    _held: list[dict[str, Any]] = field(default_factory=list)
    _replies: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def occupied(self) -> bool:
        return self._page is not None

    @property
    def interviewer(self) -> dict[str, str]:
        return {
            "session_id": f"interviewer-{self.conversation_id}",
            "user_id": f"tavus-replica-{self.conversation_id}",
            "user_name": "Interviewer",
        }

    # ---- the page ---------------------------------------------------------------------

    def join(self, allowed: list[str]) -> asyncio.Queue[dict[str, Any]]:
        """The one person of the room comes in; returns what is sent to their page. A None-like end: {"over": …}."""
        self.allowed = allowed
        self._page = asyncio.Queue()
        self._page.put_nowait({"joined": {"session_id": str(uuid.uuid4()), "interviewer": self.interviewer}})
        if not self._greeted:
            self._greeted = True
            self._reply(self.greeting, self.questions[0] if self.questions else "")
        return self._page

    def leave(self) -> None:
        self._page = None

    def close(self) -> None:
        """The room is over for everybody."""
        for task in (self._speech, *self._replies):
            if task is not None:
                task.cancel()
        if self._page is not None:
            self._page.put_nowait({"over": True})

    def take(self, message: dict[str, Any]) -> None:
        """One app-message from the page, as `sendAppMessage` sent it."""
        kind = str(message.get("event_type", ""))
        properties = message.get("properties") or {}
        wrong = self._why_not(message, kind, properties)
        if wrong:
            self.not_understood.append(wrong)
            return
        self.taken.append(message)
        match kind:
            case "conversation.interrupt":
                self._interrupt()
            case "conversation.echo" if properties.get("modality") == "text":
                self._reply(properties["text"])
            case "conversation.respond":
                self._answered()
            case "conversation.append_llm_context":
                self.context.append(properties["context"])
            case "conversation.overwrite_llm_context":
                self.context = [properties["context"]]

    def _why_not(self, message: dict[str, Any], kind: str, properties: dict[str, Any]) -> str:
        if message.get("message_type") != "conversation":
            return "message_type must be conversation"
        if message.get("conversation_id") != self.conversation_id:
            return f"{kind}: another conversation's id"
        match kind:
            case "conversation.interrupt" | "conversation.tool_result":
                return ""
            case "conversation.echo":
                if properties.get("modality") == "text" and not isinstance(properties.get("text"), str):
                    return "conversation.echo: no text"
                return "" if properties.get("modality") in ("text", "audio") else "conversation.echo: no modality"
            case "conversation.respond":
                return "" if isinstance(properties.get("text"), str) else "conversation.respond: no text"
            case "conversation.append_llm_context" | "conversation.overwrite_llm_context":
                return "" if isinstance(properties.get("context"), str) else f"{kind}: no context"
            case "conversation.sensitivity":
                ways = {"participant_pause_sensitivity", "participant_interrupt_sensitivity"}
                if len(properties) != 1 or not ways.issuperset(properties):
                    return "conversation.sensitivity: exactly one of the two"
                value = next(iter(properties.values()))
                return "" if value in SENSITIVITIES else f"conversation.sensitivity: {value!r} is no level"
        return f"{kind or 'no event_type'}: unknown"

    def _position_in(self, text: str) -> int:
        """1 + the latest planned question that `text` contains; 0 for none."""
        plain = _plain(text)
        return max((place for place, each in enumerate(self.questions, 1) if _plain(each) in plain), default=0)

    # ---- the talk ---------------------------------------------------------------------

    async def say(self, text: str) -> None:
        """The candidate speaks. Talking over the interviewer interrupts it."""
        self._interrupt()
        started, inference_id = time.time(), str(uuid.uuid4())
        # The vendor guesses ahead: the line that was begun often ends under another id.
        self._speaking("user", True, str(uuid.uuid4()))
        words = text.split()
        for end in range(4, len(words) + 4, 4):
            await asyncio.sleep(self.pace_s * 4)
            self._streaming("user", " ".join(words[:end]), inference_id, end // 4, final=end >= len(words))
        self._speaking("user", False, inference_id, duration=time.time() - started)
        self._utterance("user", text, inference_id)
        self.lines.append(Line("user", text, started, time.time() - started, inference_id))
        self._answered()

    def _answered(self) -> None:
        self._answers += 1
        if self._answers >= DIES_AFTER:
            if self.failing("dies"):
                self.on_died("internal error occurred at step 3")
                return
            if self.failing("leaves") and self._page is not None:
                self._page.put_nowait({"gone": self.interviewer})
                return
            if self.failing("falls-silent"):
                return
        if self.failing("follows-up") and not self._followed_up:
            self._followed_up = True
            self._reply(FOLLOW_UP)
            return
        self._followed_up = False
        if self._asked < len(self.questions):
            self._reply(f"Thank you. {self.questions[self._asked]}")
        else:
            self._reply(GOODBYE)

    def _reply(self, *texts: str) -> None:
        self._interrupt()

        async def one_after_the_other() -> None:
            await asyncio.sleep(self.pace_s * 2)
            for text in texts:
                if text:
                    self._speech = asyncio.current_task()
                    await self._speak(text)

        task = asyncio.get_running_loop().create_task(one_after_the_other())
        self._speech = task
        self._replies.add(task)
        task.add_done_callback(self._replies.discard)

    def _interrupt(self) -> None:
        if self._speech is not None and self._speech is not asyncio.current_task():
            self._speech.cancel()
        self._speech = None

    async def _speak(self, text: str) -> None:
        started, inference_id = time.time(), str(uuid.uuid4())
        self._turn += 1
        self._asked = max(self._asked, self._position_in(text))
        words, spoken, interrupted = text.split(), "", False
        self._speaking("replica", True, inference_id)
        try:
            for end in range(4, len(words) + 4, 4):
                await asyncio.sleep(self.pace_s * 4)
                spoken = " ".join(words[:end])
                if end < len(words):
                    self._streaming("replica", spoken, inference_id, end // 4)
        except asyncio.CancelledError:
            interrupted = True
            raise
        finally:
            duration = time.time() - started
            self._streaming("replica", spoken, inference_id, 1 + len(words) // 4, final=True, interrupted=interrupted)
            self._speaking("replica", False, inference_id, duration=duration, interrupted=interrupted)
            self._utterance("replica", text, inference_id, interrupted=interrupted)
            if spoken:
                self.lines.append(Line("assistant", spoken, started, duration, inference_id))

    # ---- app-messages -----------------------------------------------------------------

    def _speaking(
        self, role: str, began: bool, inference_id: str, *, duration: float | None = None, interrupted: bool = False
    ) -> None:
        what = "started_speaking" if began else "stopped_speaking"
        told: dict[str, Any] = {} if duration is None else {"interrupted": interrupted, "duration": round(duration, 3)}
        # Both the unified event and the older one are sent.
        self._emit(f"conversation.{what}", inference_id, {"role": self._role(role), **told})
        self._emit(f"conversation.{role}.{what}", inference_id, told or None)

    def _streaming(
        self, role: str, speech: str, inference_id: str, index: int, *, final: bool = False, interrupted: bool = False
    ) -> None:
        properties = {
            "role": self._role(role),
            "speech": speech,
            "content_index": index,
            "final": final,
            "is_interrupted": interrupted,
        }
        self._emit("conversation.utterance.streaming", inference_id, properties)

    def _utterance(self, role: str, speech: str, inference_id: str, *, interrupted: bool = False) -> None:
        properties: dict[str, Any] = {"role": self._role(role), "speech": speech}
        if interrupted:
            properties["interrupted"] = True
        self._emit("conversation.utterance", inference_id, properties)

    def _role(self, role: str) -> str:
        return "pal" if role == "replica" and self.failing("new-names") else role

    def _emit(self, event_type: str, inference_id: str, properties: dict[str, Any] | None = None) -> None:
        self._seq += 1
        message: dict[str, Any] = {
            "message_type": "conversation",
            "event_type": event_type,
            "seq": self._seq,
            "turn_idx": self._turn,
            "timestamp": time.time(),
            "conversation_id": self.conversation_id,
            "inference_id": inference_id,
        }
        if properties is not None:
            message["properties"] = properties
        copies = 2 if self.failing("repeats") else 1
        self._held += [message] * copies
        if not self.failing("disordered"):
            self._flush()
        elif len(self._held) == copies:
            asyncio.get_running_loop().call_later(self.pace_s * 6, self._flush)

    def _flush(self) -> None:
        held, self._held = self._held, []
        if self.failing("disordered"):
            held.reverse()
        if self._page is not None:
            for message in held:
                self._page.put_nowait({"app": message, "from": self.interviewer["session_id"]})

    async def finish(self) -> None:
        """Lets what is being said be cut short in an orderly way."""
        self._interrupt()
        waiting = list(self._replies)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*waiting, return_exceptions=True)


def questions_in(context: str) -> list[str]:
    """The numbered list that follows a line which begins with "Questions"; a number elsewhere is not a question."""
    found: list[str] = []
    listening = False
    for line in context.splitlines():
        numbered = re.match(r"\s*\d+[.)]\s+(.+)", line)
        if re.match(r"questions\b", line.strip(), re.IGNORECASE):
            listening = True
        elif listening and numbered:
            found.append(numbered.group(1).strip())
        elif listening and found:
            break
    return found


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
