"""What the face does, as weights of MakeHuman's ARKit-style expression units."""

from __future__ import annotations

Units = dict[str, float]


def both(**units: float) -> Units:
    """`both(mouthSmile=.2)` → the left and the right unit."""
    return {f"{name}{side}": w for name, w in units.items() for side in ("Left", "Right")}


def add(*parts: Units) -> Units:
    out: Units = {}
    for part in parts:
        for name, weight in part.items():
            out[name] = out.get(name, 0.0) + weight
    return out


# Rest is friendly, not neutral: a neutral face reads as stern on a call.
REST = add(both(mouthSmile=0.36, eyeSquint=0.12, cheekSquint=0.20, mouthDimple=0.08), {"browInnerUp": 0.22})
SMILE = add(both(mouthSmile=0.34, cheekSquint=0.30, eyeSquint=0.14, mouthDimple=0.10))

# Mouth grid: how far open (columns) by spread (-1), relaxed (0), rounded (1) (rows).
OPENINGS = (0.0, 0.16, 0.36, 0.64, 1.0)
ROUNDINGS = (-1.0, 0.0, 1.0)


def mouth(opening: float, rounding: float) -> Units:
    """The lower face for one point of the grid; the smile fades as the mouth works."""
    work = min(1.0, opening * 1.6 + abs(rounding) * 0.5)
    units = add(
        both(mouthSmile=0.36 - 0.22 * work, mouthDimple=0.08 * (1 - work)),
        {"jawOpen": 0.50 * opening},
        both(mouthLowerDown=0.16 * opening, mouthUpperUp=0.14 * opening),
    )
    if rounding > 0:
        units = add(
            units,
            {"mouthFunnel": (0.18 + 0.42 * opening) * rounding, "mouthPucker": (0.55 - 0.20 * opening) * rounding},
            both(mouthSmile=-0.06 * rounding),
        )
    if rounding < 0:
        units = add(
            units,
            both(
                mouthStretch=-0.22 * rounding,
                mouthSmile=-0.12 * rounding,
                mouthLowerDown=-0.10 * rounding * (0.3 + opening),
                mouthUpperUp=-0.08 * rounding,
            ),
        )
    return units


# Shapes the grid cannot make: lips pressed, lip under the teeth, tongue between or behind the teeth, teeth together.
SPECIALS: dict[str, tuple[Units, tuple[float, float]]] = {
    "PP": (add(mouth(0, 0), both(mouthPress=0.40), {"mouthRollLower": 0.25, "mouthRollUpper": 0.25}), (0.0, 0.0)),
    "FF": (add(mouth(0.10, 0), both(mouthUpperUp=0.22), {"mouthRollLower": 0.60, "mouthShrugLower": 0.10}), (0.0, 0.0)),
    "TH": (mouth(0.26, 0), (0.17, 0.16)),
    "DD": (mouth(0.26, -0.15), (0.19, 0.02)),
    "SS": (add(mouth(0.07, -0.7), both(mouthLowerDown=0.16, mouthUpperUp=0.12)), (0.0, 0.0)),
    "CH": (add(mouth(0.10, 0.75), both(mouthLowerDown=0.12, mouthUpperUp=0.16)), (0.0, 0.0)),
}
