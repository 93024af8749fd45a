"""The life of a response: given, ended, scored; whatever is added to it later makes it wait for its scores again."""

from __future__ import annotations

from sqlalchemy import Update, update

from app.domain.lifecycle import Lifecycle, Transition
from app.domain.status import ResponseStatus as Status
from app.models import Response

LIFECYCLE = Lifecycle(
    "response",
    Status.OPEN,
    (
        Transition((Status.OPEN,), Status.OPEN, "told again, as after a kill"),
        Transition((Status.OPEN,), Status.ENDED, "the answer has ended"),
        Transition((Status.ENDED, Status.ASSESSED), Status.OPEN, "the person goes on with it"),
        Transition((Status.ENDED, Status.ASSESSED), Status.ENDED, "more words of it have come"),
        Transition((Status.ENDED,), Status.ASSESSED, "it is scored, or has the reason why not"),
        Transition((Status.OPEN,), Status.ASSESSED, "the interview has ended in the midst of it"),
    ),
)
advance = LIFECYCLE.advance


def advancing(to: Status, *sources: Status) -> Update:
    """An update of those responses alone that can get there; with `sources`, of those that stand at one of them."""
    return update(Response).where(Response.status.in_(LIFECYCLE.sources(to, *sources))).values(status=to)
