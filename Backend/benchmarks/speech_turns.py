"""How soon the interviewer speaks, how seldom too soon, and how well it heard.

    python -m benchmarks.speech_turns [--n 24] [--pause-ms 2000]

Answers are spoken by espeak-ng and flite with a pause in the middle, then fed through the recogniser and
turn-taking in pieces of 100 ms. The clock is virtual: a piece begins when it has arrived and the one before
it is done, and lasts as long as it really took, so a backlog counts as it would in a live interview.
Not in these numbers: the network, the browser, and the choice of the follow-up.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.conversation.rules.turn_detector import Listening, decide
from app.services.speech.base import IN_RATE, Recognizer, Voice
from app.services.speech.embedded_recognizer import EmbeddedRecognizer
from app.services.speech.embedded_voice import EmbeddedVoice
from benchmarks.speech_answers import ANSWERS, REPLIES
from benchmarks.speech_audio import SPEAKERS, Samples, joined, pieces, silence, spoken, word_errors

PIECE_MS = 100
LEAD_MS = 1_000
PATIENCE_MS = 12_000  # audio after the true end; longer than any wait of turn-taking


@dataclass(frozen=True)
class Turn:
    """Milliseconds; `too_soon` counts decisions before the true end."""

    too_soon: int
    decided_after_last_sample_ms: float
    sound_after_decision_ms: float
    reason: str
    errors: int
    words: int
    audio_s: float
    work_s: float


def answer_audio(text: str, speaker: str, pause_ms: int) -> tuple[Samples, int]:
    """The answer in a quiet room with its pause, and where its last sample lies (ms)."""
    before, after = (part.strip() for part in text.split("|"))
    said = joined(silence(LEAD_MS), spoken(before, speaker), silence(pause_ms), spoken(after, speaker))
    return joined(said, silence(PATIENCE_MS)), len(said) * 1000 // IN_RATE


def take_turn(recognizer: Recognizer, voice: Voice, text: str, reply: str, speaker: str, pause_ms: int) -> Turn:
    audio, end_ms = answer_audio(text, speaker, pause_ms)
    stream = recognizer.open()
    lines: dict[str, str] = {}
    ready_ms = 0.0
    work = 0.0
    too_soon = 0
    for number, piece in enumerate(pieces(audio, PIECE_MS), 1):
        arrived_ms = float(number * PIECE_MS)
        began = time.perf_counter()
        heard = stream.feed(piece)
        for line in heard.lines:
            lines[line.id] = line.text
        decision = decide(
            Listening(
                now_ms=number * PIECE_MS,
                floor_since_ms=0,
                speaking=heard.speaking,
                last_voice_ms=heard.last_voice_ms,
                words=" ".join(lines.values()),
            )
        )
        cost = time.perf_counter() - began
        work += cost
        ready_ms = max(ready_ms, arrived_ms) + cost * 1000
        if decision.kind != "ended":
            continue
        if arrived_ms <= end_ms:
            too_soon += 1
            continue
        began = time.perf_counter()
        final = stream.finish()
        next(iter(voice.speak(reply)))
        sound_ms = (time.perf_counter() - began) * 1000
        errors, count = word_errors(text, " ".join(line.text for line in final))
        return Turn(min(too_soon, 1), ready_ms - end_ms, sound_ms, decision.reason, errors, count, end_ms / 1000, work)
    raise RuntimeError(f"the end of the answer was never decided: {text!r}")


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (x.split(":")[1].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")),
        platform.machine(),
    )
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, load at the start {load:.1f}"


def spread(values: Sequence[float]) -> str:
    ordered = sorted(values)
    ninety = ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))]
    return (
        f"median {statistics.median(ordered):6.0f} ms   90 % {ninety:6.0f}   "
        f"min {ordered[0]:6.0f}   max {ordered[-1]:6.0f}   n={len(ordered)}"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=len(ANSWERS))
    parser.add_argument("--pause-ms", type=int, default=2_000)
    wanted = parser.parse_args()
    print(f"python -m benchmarks.speech_turns --n {wanted.n} --pause-ms {wanted.pause_ms}")
    print(machine())

    recognizer, voice = EmbeddedRecognizer(), EmbeddedVoice()
    recognizer.warm_up()
    voice.warm_up()
    turns = [
        take_turn(
            recognizer,
            voice,
            ANSWERS[i % len(ANSWERS)],
            REPLIES[i % len(REPLIES)],
            SPEAKERS[(i // len(ANSWERS) + i) % len(SPEAKERS)],
            wanted.pause_ms,
        )
        for i in range(wanted.n)
    ]

    reasons = [turn.reason for turn in turns]
    errors, count = sum(turn.errors for turn in turns), sum(turn.words for turn in turns)
    print(f"decision to first sound ready    {spread([t.sound_after_decision_ms for t in turns])}   (bound 600)")
    print(f"last speech sample to decision   {spread([t.decided_after_last_sample_ms for t in turns])}")
    print(
        "last speech sample to sound      "
        f"{spread([t.decided_after_last_sample_ms + t.sound_after_decision_ms for t in turns])}"
    )
    print(f"   decided as                    { {r: reasons.count(r) for r in sorted(set(reasons))} }")
    print(f"pause of {wanted.pause_ms} ms taken for the end   {sum(t.too_soon for t in turns)} of {len(turns)} answers")
    print(f"word error rate                  {100 * errors / count:.1f} %   ({errors} of {count} words)")
    print(
        f"recognition work                 {sum(t.work_s for t in turns) / sum(t.audio_s for t in turns):.2f} s "
        "for each second of speech"
    )


if __name__ == "__main__":
    main()
