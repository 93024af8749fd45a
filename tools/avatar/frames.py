"""Which frames exist: the one list that rendering and packing share."""

from __future__ import annotations

from dataclasses import dataclass, field

import expressions as ex
from expressions import Units, add, both

# x0, y0, x1, y1 in pixels of the 960×720 frame. Inside them the face moves; their edges must not.
BOXES: dict[str, tuple[int, int, int, int]] = {"mouth": (364, 312, 596, 524), "upper": (344, 160, 616, 316)}
CLOSURES = (0.0, 0.20, 0.5, 1.0)


@dataclass
class Frame:
    units: Units = field(default_factory=dict)
    gaze: tuple[float, float] = (0.0, 0.0)
    tongue: tuple[float, float] = (0.0, 0.0)


def _upper_rest() -> Units:
    """Rest without the mouth, so that a mouth frame can bring its own."""
    return {k: v for k, v in ex.REST.items() if not k.startswith("mouth")}


def mouth_frames() -> dict[str, Frame]:
    frames = {
        f"g{r}{o}": Frame(add(_upper_rest(), ex.mouth(opening, rounding)))
        for r, rounding in enumerate(ex.ROUNDINGS)
        for o, opening in enumerate(ex.OPENINGS)
    }
    for name, (units, tongue) in ex.SPECIALS.items():
        frames[name] = Frame(add(_upper_rest(), units), tongue=tongue)
    frames["smile"] = Frame(add(ex.REST, ex.SMILE))
    return frames


def upper_frames() -> dict[str, Frame]:
    raised = add(both(browOuterUp=0.45, eyeWide=0.10), {"browInnerUp": 0.45})
    frames = {
        f"b{b}l{k}": Frame(add(ex.REST, both(eyeBlink=closure), brows))
        for b, brows in enumerate(({}, raised))
        for k, closure in enumerate(CLOSURES)
    }
    frames["left"] = Frame(ex.REST, (5.0, 0.0))
    frames["right"] = Frame(ex.REST, (-5.0, 0.0))
    frames["down"] = Frame(add(ex.REST, both(eyeBlink=0.14, eyeLookDown=0.15)), (5.0, -9.0))
    frames["aside"] = Frame(add(ex.REST, {"browInnerUp": 0.1}), (-11.0, 7.0))
    frames["warm"] = Frame(add(ex.REST, ex.SMILE))
    return frames
