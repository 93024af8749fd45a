"""The life of an interview, from its preparation to its results."""

from __future__ import annotations

from sqlalchemy import Update, update

from app.domain.lifecycle import Lifecycle, Transition
from app.domain.status import InterviewStatus as Status
from app.models import Interview

LIFECYCLE = Lifecycle(
    "interview",
    Status.PREPARING,
    (
        Transition((Status.PREPARING,), Status.SCHEDULED, "the questions are written"),
        Transition((Status.PREPARING,), Status.FAILED, "no questions could be written"),
        Transition((Status.SCHEDULED,), Status.IN_PROGRESS, "the conversation begins"),
        Transition((Status.IN_PROGRESS, Status.ABANDONED), Status.IN_PROGRESS, "the person comes back"),
        Transition((Status.IN_PROGRESS,), Status.ABANDONED, "nothing has happened for a day"),
        Transition((Status.IN_PROGRESS, Status.ABANDONED), Status.PROCESSING, "the conversation ends"),
        Transition((Status.PROCESSING,), Status.COMPLETED, "the results are there"),
        Transition((Status.PROCESSING,), Status.FAILED, "no results could be made"),
        Transition((Status.FAILED,), Status.PREPARING, "tried again before it was held"),
        Transition((Status.FAILED,), Status.PROCESSING, "tried again after it was held"),
    ),
)
advance = LIFECYCLE.advance


def advancing(to: Status, *sources: Status) -> Update:
    """An update of those interviews alone that can get there; with `sources`, of those that stand at one of them."""
    return update(Interview).where(Interview.status.in_(LIFECYCLE.sources(to, *sources))).values(status=to)
