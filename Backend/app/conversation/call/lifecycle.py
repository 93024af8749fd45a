"""The life of an avatar session: the vendor bills while it runs, so whatever may run there can be ended."""

from __future__ import annotations

from sqlalchemy import Update, update

from app.domain.lifecycle import Lifecycle, Transition
from app.domain.status import AvatarSessionStatus as Status
from app.models import AvatarSession

LIFECYCLE = Lifecycle(
    "avatar session",
    Status.STARTING,
    (
        Transition((Status.STARTING,), Status.ACTIVE, "the vendor has made it"),
        Transition((Status.ENDING,), Status.ACTIVE, "its lost answer has been found"),
        Transition((Status.STARTING,), Status.ENDING, "its answer was lost, or it is not wanted any more"),
        Transition((Status.ACTIVE,), Status.ENDING, "it is not wanted any more"),
        Transition((Status.ENDING,), Status.ENDING, "its answer was lost meanwhile"),
        Transition((Status.ENDED, Status.FAILED), Status.ENDING, "the vendor had made one after all"),
        Transition((Status.STARTING, Status.ACTIVE, Status.ENDING), Status.ENDED, "it is over at the vendor's"),
        Transition((Status.STARTING, Status.ENDING), Status.FAILED, "the vendor has made none"),
    ),
)
advance = LIFECYCLE.advance


def advancing(to: Status, *sources: Status) -> Update:
    """An update of those sessions alone that can get there; with `sources`, of those that stand at one of them."""
    return update(AvatarSession).where(AvatarSession.status.in_(LIFECYCLE.sources(to, *sources))).values(status=to)
