"""Turn rendered frames into what the player loads: four pictures, a poster and a manifest.

python pack.py --frames /tmp/frames --persona personas/maya.json --out ../../Frontend/public/avatar/maya
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from expressions import OPENINGS, ROUNDINGS
from frames import BOXES, CLOSURES, mouth_frames, upper_frames

SIZE = (960, 720)
COLUMNS = 6
# Softness of a patch's edge in pixels: wide enough to hide the denoiser's differences, narrower than the margin round the lips.
FEATHER = {"mouth": 20, "upper": 16}


def _alpha_box(image: Image.Image) -> tuple[int, int, int, int]:
    box = image.getchannel("A").point(lambda a: 255 if a > 2 else 0).getbbox()
    if box is None:
        raise SystemExit("A layer is empty: render it again.")
    return box


def _filled(image: Image.Image) -> Image.Image:
    """Opaque copy: transparent pixels take their neighbours' colour, so that lossy coding bleeds nothing in."""
    rgba = np.asarray(image.convert("RGBA")).astype(float)
    a = rgba[..., 3:] / 255
    premultiplied = Image.fromarray((rgba[..., :3] * a).astype(np.uint8)).filter(ImageFilter.GaussianBlur(6))
    weight = (
        np.asarray(Image.fromarray((a[..., 0] * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(6))).astype(
            float
        )[..., None]
        / 255
    )
    spread = np.asarray(premultiplied) / np.maximum(weight, 0.02)
    return Image.fromarray(np.clip(np.where(a > 0.02, rgba[..., :3], spread), 0, 255).astype(np.uint8))


def _atlas(frames: Path, region: str, names: list[str], out: Path, quality: int) -> dict[str, object]:
    x0, y0, x1, y1 = BOXES[region]
    w, h = x1 - x0, y1 - y0
    rows = -(-len(names) // COLUMNS)
    sheet = Image.new("RGB", (w * COLUMNS, h * rows), (128, 100, 84))
    for i, name in enumerate(names):
        frame = _filled(Image.open(frames / f"{region}-{name}.png"))
        if frame.size != (w, h):
            frame = frame.resize((w, h), Image.Resampling.LANCZOS)
        sheet.paste(frame, (i % COLUMNS * w, i // COLUMNS * h))
    sheet.save(out / f"{region}.webp", quality=quality, method=6)
    return {
        "src": f"{region}.webp",
        "box": [x0, y0, w, h],
        "feather": FEATHER[region],
        "columns": COLUMNS,
        "frames": {name: i for i, name in enumerate(names)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=Path, required=True)
    parser.add_argument("--persona", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    persona = json.loads(a.persona.read_text())
    room = (
        Image.open(a.frames / "room.png")
        .convert("RGB")
        .resize((480, 360), Image.Resampling.LANCZOS)
        .filter(ImageFilter.GaussianBlur(5))
    )
    room.save(a.out / "room.webp", quality=80, method=6)
    layers = {}
    full = room.resize(SIZE, Image.Resampling.BICUBIC).convert("RGBA")
    for name in ("body", "head"):
        layer = Image.open(a.frames / f"{name}.png").convert("RGBA").resize(SIZE, Image.Resampling.LANCZOS)
        box = _alpha_box(layer)
        layer.crop(box).save(a.out / f"{name}.webp", quality=92, alpha_quality=90, method=6)
        layers[name] = {"src": f"{name}.webp", "at": [box[0], box[1]]}
        full.alpha_composite(layer)
    full.convert("RGB").resize((640, 480), Image.Resampling.LANCZOS).save(a.out / "poster.webp", quality=80, method=6)
    manifest = {
        "version": 1,
        "name": persona["name"].capitalize(),
        "size": list(SIZE),
        "focus": [480, 300],
        "pivot": [480, 545],
        "room": {"src": "room.webp"},
        **layers,
        "mouth": {
            **_atlas(a.frames, "mouth", list(mouth_frames()), a.out, 88),
            "openings": OPENINGS,
            "roundings": ROUNDINGS,
        },
        "upper": {**_atlas(a.frames, "upper", list(upper_frames()), a.out, 88), "closures": CLOSURES},
    }
    (a.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    for f in sorted(a.out.iterdir()):
        print(f"{f.name:15} {f.stat().st_size / 1000:7.1f} kB")


if __name__ == "__main__":
    main()
