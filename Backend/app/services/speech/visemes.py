"""From the voice's phonemes and their lengths to mouth shapes.

The shapes are the 15 visemes of the Oculus lip-sync set; a diphthong passes through two of them.
Pure arithmetic: no engine is imported here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.services.speech.base import Viseme, VisemeCue

STRESS: Final = frozenset("ˈˌ")
"""Written before the stressed vowel, and spoken as its beginning: measured, the vowels of five sentences
lie on their loud stretches (correlation 0.51) only if the marks' time is given to what follows; given to
what precedes, not at all (0.28)."""

# A symbol mapped to () has no shape of its own: stress, length and spacing marks, and [h], which is
# breathed through whatever the mouth already does.
SHAPES: Final[dict[str, tuple[Viseme, ...]]] = {
    # pauses
    **dict.fromkeys(';:,.!?—…"()“”', ("sil",)),
    **dict.fromkeys(" ˈˌːʰʲ̃↓→↗↘", ()),
    # diphthongs, one capital letter each in the voice's alphabet
    "A": ("E", "I"),
    "I": ("aa", "I"),
    "O": ("O", "U"),
    "Q": ("E", "U"),
    "W": ("aa", "U"),
    "Y": ("O", "I"),
    # open and mid vowels
    **dict.fromkeys("aɑɐæʌɒ", ("aa",)),
    **dict.fromkeys("eɛəɜᵊœø", ("E",)),
    **dict.fromkeys("iɪᵻɨy", ("I",)),
    **dict.fromkeys("oɔɤ", ("O",)),
    **dict.fromkeys("uʊɯɰwɥᵝ", ("U",)),
    **dict.fromkeys("ɚɹrɻʁɽ", ("RR",)),
    "j": ("I",),
    # lips
    **dict.fromkeys("pbm", ("PP",)),
    **dict.fromkeys("fvɸβʋ", ("FF",)),
    # tongue between or behind the teeth
    **dict.fromkeys("θð", ("TH",)),
    **dict.fromkeys("tdTɾɖʈ", ("DD",)),
    **dict.fromkeys("nlŋɲɳɴʎ", ("nn",)),
    **dict.fromkeys("szʣʦ", ("SS",)),
    **dict.fromkeys("ʃʒʧʤʂɕçʝʥʨꭧS", ("CH",)),
    # back of the mouth
    **dict.fromkeys("kɡqxɣχcɟ", ("kk",)),
    **dict.fromkeys("hʔ", ()),
}


def cues(symbols: Sequence[str], durations_ms: Sequence[float], *, total_ms: int) -> tuple[VisemeCue, ...]:
    """When the mouth takes which shape.

    Args:
        symbols: one phoneme symbol for each duration; "" stands for the silence at both ends.
        durations_ms: length of each symbol, milliseconds.
        total_ms: length of the chunk, at least 1; no cue comes after it.

    Returns:
        Cues with strictly rising times from 0, no shape twice in a row, the last one ``sil``.
        A stress mark lengthens the symbol after it; any other symbol without a shape prolongs the one before.
    """
    if len(symbols) != len(durations_ms):
        raise ValueError(f"{len(symbols)} symbols but {len(durations_ms)} durations")
    out: list[VisemeCue] = [VisemeCue(0, "sil")]
    clock = stressed = 0.0
    for symbol, own_length in zip(symbols, durations_ms, strict=True):
        if symbol in STRESS:
            stressed += own_length
            continue
        length, stressed = stressed + own_length, 0.0
        shapes: tuple[Viseme, ...] = ("sil",) if symbol == "" else SHAPES.get(symbol, ())
        for step, shape in enumerate(shapes):
            at = min(round(clock + length * step / len(shapes)), total_ms - 1)
            _put(out, VisemeCue(at, shape))
        clock += length
    if out[-1].viseme != "sil":
        _put(out, VisemeCue(total_ms, "sil"))
    return tuple(out)


def _put(out: list[VisemeCue], cue: VisemeCue) -> None:
    if out and cue.at_ms <= out[-1].at_ms:
        out.pop()  # a shape that lasts no time is never seen
    if not out or out[-1].viseme != cue.viseme:
        out.append(cue)
