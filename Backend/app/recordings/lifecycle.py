"""The life of a recording: never over for good, since a late piece or another try makes its video anew.

Each try goes through `assembling`, whatever was noted of the recording before or meanwhile.
"""

from __future__ import annotations

from sqlalchemy import Update, update

from app.domain.lifecycle import Lifecycle, Transition
from app.domain.status import RecordingStatus as Status
from app.models import Recording

LIFECYCLE = Lifecycle(
    "recording",
    Status.RECORDING,
    (
        Transition((Status.RECORDING,), Status.ASSEMBLING, "the interview is over"),
        Transition((Status.ASSEMBLING,), Status.ASSEMBLING, "more has come meanwhile"),
        Transition((Status.UPLOADING, Status.NONE, Status.READY), Status.ASSEMBLING, "more has come"),
        Transition((Status.FAILED,), Status.ASSEMBLING, "tried again, or more has come"),
        Transition((Status.ASSEMBLING,), Status.READY, "all that is awaited is in the video"),
        Transition((Status.ASSEMBLING,), Status.UPLOADING, "the page still has to send some of it"),
        Transition((Status.ASSEMBLING,), Status.NONE, "nothing was recorded"),
        Transition((Status.ASSEMBLING,), Status.FAILED, "it could not be put together"),
        Transition((Status.UPLOADING,), Status.READY, "awaited long enough: what there is plays"),
        Transition((Status.UPLOADING,), Status.NONE, "awaited long enough: nothing was recorded"),
        Transition((Status.UPLOADING,), Status.FAILED, "awaited long enough: nothing came"),
        Transition((Status.UPLOADING,), Status.RECORDING, "the page sends it to us after all"),
    ),
)
advance = LIFECYCLE.advance


def conclude(recording: Recording, to: Status) -> None:
    """A try at its video ends."""
    advance(recording, Status.ASSEMBLING)
    if to != Status.ASSEMBLING:
        advance(recording, to)


def advancing(to: Status, *sources: Status) -> Update:
    """An update of those recordings alone that can get there; with `sources`, of those that stand at one of them."""
    return update(Recording).where(Recording.status.in_(LIFECYCLE.sources(to, *sources))).values(status=to)
