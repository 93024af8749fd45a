"""Where an interview, its answers, its recording and its call stand: as stored, and as the page is told.

What may follow on what is in the lifecycle module of each.
"""

from __future__ import annotations

from enum import StrEnum


class InterviewStatus(StrEnum):
    PREPARING = "preparing"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    ABANDONED = "abandoned"


class ResponseStatus(StrEnum):
    """`open`: the candidate may still add to it."""

    OPEN = "open"
    ENDED = "ended"
    ASSESSED = "assessed"


class RecordingStatus(StrEnum):
    """`uploading`: the interview is over, and the page is still sending a take straight to a vendor."""

    NONE = "none"
    RECORDING = "recording"
    UPLOADING = "uploading"
    ASSEMBLING = "assembling"
    READY = "ready"
    FAILED = "failed"


class AvatarSessionStatus(StrEnum):
    """`failed`: the vendor said no, or never made one."""

    STARTING = "starting"
    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"
    FAILED = "failed"


HOLDABLE = (InterviewStatus.SCHEDULED, InterviewStatus.IN_PROGRESS, InterviewStatus.ABANDONED)
"""It can be begun, or gone on with."""
FINISHED = (InterviewStatus.PROCESSING, InterviewStatus.COMPLETED)
"""The conversation has ended."""
UNATTENDED = (*FINISHED, InterviewStatus.ABANDONED, InterviewStatus.FAILED)
"""Nobody sits in it, so that its video is due."""
