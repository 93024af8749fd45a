"""WebVTT: captions of both speakers and a chapter per question, in video time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.recordings.timeline import Timeline

MIN_CUE_MS = 700
"""Shorter cues flash by unread."""


@dataclass(frozen=True, slots=True)
class Cue:
    """`speaker` empty for a chapter. Times on the interview clock."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


def captions_vtt(cues: Sequence[Cue], timeline: Timeline) -> str:
    """A WebVTT file; what was not recorded is left out. Text is escaped, so that it can never be markup."""
    return _vtt(_placed(cues, timeline, min_ms=MIN_CUE_MS))


def chapters_vtt(chapters: Sequence[Cue], timeline: Timeline, duration_ms: int) -> str:
    """One chapter per cue, each lasting until the next begins, the last one until the end of the video."""
    placed = _placed(chapters, timeline, min_ms=0)
    lasting = [
        (start, max(start + 1, placed[index + 1][0] if index + 1 < len(placed) else duration_ms), cue)
        for index, (start, _, cue) in enumerate(placed)
    ]
    return _vtt(lasting)


def _placed(cues: Sequence[Cue], timeline: Timeline, *, min_ms: int) -> list[tuple[int, int, Cue]]:
    placed = []
    for cue in cues:
        span = timeline.span(cue.start_ms, cue.end_ms)
        if span is not None and cue.text.strip():
            placed.append((span[0], max(span[1], span[0] + min_ms), cue))
    return sorted(placed, key=lambda each: each[0])


def _vtt(cues: Sequence[tuple[int, int, Cue]]) -> str:
    blocks = ["WEBVTT"]
    for number, (start, end, cue) in enumerate(cues, start=1):
        voice = f"<v {_escaped(cue.speaker)}>" if cue.speaker else ""
        blocks.append(f"{number}\n{_stamp(start)} --> {_stamp(end)}\n{voice}{_escaped(cue.text)}")
    return "\n\n".join(blocks) + "\n"


def _escaped(text: str) -> str:
    # One line: a blank line would end the cue, and "-->" would start another.
    flat = " ".join(text.split())
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(ms: int) -> str:
    hours, rest = divmod(ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, millis = divmod(rest, 1_000)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{millis:03}"
