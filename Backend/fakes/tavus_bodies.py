"""What the fake Tavus takes, strictly, and the ways in which it can misbehave."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fakes.base import Mode

MODES = (
    Mode("busy", "creating is refused: too many conversations at once (400)"),
    Mode("no-credit", "creating is refused: the plan's minutes are used up (402)"),
    Mode("create-fails", "creating answers 500, and nothing was created"),
    Mode("create-lost", "a conversation is created, then the connection drops without an answer"),
    Mode("create-lost-500", "a conversation is created, but the answer is 500"),
    Mode("create-unreadable", "a conversation is created, but the answer is no JSON"),
    Mode("slow", "everything takes 30 seconds"),
    Mode("down", "every call of the API answers 503"),
    Mode("throttled", "every call of the API answers 429 with Retry-After: 1"),
    Mode("end-fails", "ending answers 500, and nothing ends"),
    Mode("foreign-url", "the conversation's address is on another host"),
    Mode("new-names", "pal_id and face_id in every answer, pal as the live role"),
    Mode("mixed-names", "pal_id in every second row"),
    Mode("iso-times", "the transcript's timestamps are ISO strings"),
    Mode("old-transcript", "the transcript has only role and content"),
    Mode("no-dialogue", "the transcript event is there, and its transcript holds the prompt alone"),
    Mode("no-transcript", "no transcript ever"),
    Mode("late-transcript", "the transcript comes 8 seconds after the end"),
    Mode("no-webhooks", "no webhook is sent"),
    Mode("webhooks-twice", "every webhook is sent twice"),
    Mode("webhooks-disordered", "the transcript's webhook comes before the others"),
    Mode("room-refuses", "the room lets nobody in, whatever the token"),
    Mode("dies", "the call ends by itself after the second answer"),
    Mode("leaves", "the interviewer leaves the room after the second answer"),
    Mode("falls-silent", "the interviewer says nothing more after the second answer"),
    Mode("follows-up", "the interviewer asks one follow-up after each answer"),
    Mode("repeats", "every app-message is sent twice"),
    Mode("disordered", "app-messages arrive out of order"),
    Mode("hurried", "timeouts run 50 times as fast, and so does speech"),
)


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Properties(Body):
    max_call_duration: int = Field(default=3600, ge=1)
    participant_left_timeout: int = Field(default=0, ge=0)
    participant_absent_timeout: int = Field(default=300, ge=1)
    enable_recording: bool = False
    enable_closed_captions: bool = False
    apply_greenscreen: bool = False
    language: str = Field(default="english", pattern=r"^[a-z]{4,}$")
    """A full name: codes are not understood."""
    languages: list[str] | None = None


class NewConversation(Body):
    persona_id: str | None = None
    replica_id: str | None = None
    pal_id: str | None = None
    face_id: str | None = None
    conversation_name: str = ""
    conversational_context: str = ""
    custom_greeting: str = ""
    callback_url: str = Field(default="", pattern=r"^(https?://.*)?$")
    audio_only: bool = False
    test_mode: bool = False
    require_auth: bool = False
    max_participants: int | None = Field(default=None, ge=2)
    memory_stores: list[str] = []
    document_ids: list[str] = []
    document_tags: list[str] = []
    document_retrieval_strategy: Literal["speed", "balanced", "quality"] = "balanced"
    properties: Properties = Properties()

    @model_validator(mode="after")
    def _one_family(self) -> NewConversation:
        if (self.persona_id or self.replica_id) and (self.pal_id or self.face_id):
            raise ValueError("persona_id/replica_id and pal_id/face_id must not be mixed")
        return self


class NewPersona(Body):
    persona_name: str = ""
    pipeline_mode: Literal["full", "echo"] = "full"
    system_prompt: str = ""
    default_replica_id: str | None = None
    layers: dict[str, Any] = {}

    @model_validator(mode="after")
    def _prompted(self) -> NewPersona:
        if bool(self.system_prompt) != (self.pipeline_mode == "full"):
            raise ValueError("system_prompt is required for full and forbidden for echo")
        return self


class Say(Body):
    text: str
    conversation_id: str = ""
