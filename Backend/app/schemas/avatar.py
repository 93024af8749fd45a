"""Who leads an interview, and what the page needs to show them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from app.schemas.account import Strict


class AvatarChoice(Strict):
    """`configured`: whoever this installation has; `built-in`: the interviewer our own page draws."""

    choice: Literal["configured", "built-in"] = "configured"


class AvatarProblem(BaseModel):
    """Why there is no call. `message` is one plain sentence for the candidate."""

    code: Literal["avatar_busy", "avatar_no_credit", "avatar_unavailable"]
    message: str


class AvatarModel(BaseModel):
    """`embedded-call`: the page joins `conversation_url` with `join_token` in a frame of `call_origin`.

    `persona` is the folder of the drawn face, which also takes over from a call that dies. `problem` comes with
    `built-in` alone: the call was refused, and the candidate decides whether to go on or to try again.
    """

    kind: Literal["built-in", "embedded-call"]
    persona: str
    conversation_url: str | None = None
    join_token: str | None = None
    call_origin: str | None = None
    vendor: str | None = None
    problem: AvatarProblem | None = None
