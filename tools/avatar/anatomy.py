"""The person's geometry: MakeHuman base mesh + persona targets + expression units, as numpy arrays.

Everything here is in MakeHuman units (decimetres; x to the person's left, y up, z forward) until
`to_scene` turns it into Blender metres. No Blender import, so it can be read and tried alone.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
BODY_VERTICES = 13380


def to_scene(points: Points) -> Points:
    """MakeHuman decimetres (y up, z forward) → Blender metres (z up, -y forward)."""
    p = np.asarray(points) * 0.1
    return np.stack([p[..., 0], -p[..., 2], p[..., 1]], -1)


def _read_target(path: Path) -> tuple[NDArray[np.int64], Points]:
    opener = gzip.open if path.suffix == ".gz" else open
    index: list[int] = []
    delta: list[list[float]] = []
    with opener(path, "rt") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            cells = line.split()
            index.append(int(cells[0]))
            delta.append([float(c) for c in cells[1:4]])
    return np.array(index, dtype=np.int64), np.array(delta, dtype=float).reshape(-1, 3)


@dataclass
class Mesh:
    """`faces` index `uv` and vertices separately, as in the OBJ file."""

    vertices: Points
    uv: Points
    faces: list[tuple[str, list[int], list[int]]]
    groups: dict[str, NDArray[np.int64]] = field(default_factory=dict)


def _read_obj(path: Path) -> Mesh:
    v: list[list[float]] = []
    vt: list[list[float]] = []
    faces: list[tuple[str, list[int], list[int]]] = []
    group = ""
    for line in path.read_text().splitlines():
        cells = line.split()
        if not cells:
            continue
        if cells[0] == "v":
            v.append([float(c) for c in cells[1:4]])
        elif cells[0] == "vt":
            vt.append([float(c) for c in cells[1:3]])
        elif cells[0] == "g":
            group = cells[1]
        elif cells[0] == "f":
            corners = [c.split("/") for c in cells[1:]]
            faces.append((group, [int(c[0]) - 1 for c in corners], [int(c[1]) - 1 for c in corners]))
    mesh = Mesh(np.array(v), np.array(vt), faces)
    members: dict[str, set[int]] = {}
    for name, vi, _ in faces:
        members.setdefault(name, set()).update(vi)
    mesh.groups = {name: np.array(sorted(ids)) for name, ids in members.items()}
    return mesh


class Anatomy:
    """A persona's neutral body, its expression units and the landmarks the other parts hang on."""

    def __init__(self, data: Path, persona: dict) -> None:  # type: ignore[type-arg]
        self.data = data / "mpfb2"
        self.persona = persona
        self.mesh = _read_obj(self.data / "3dobjs" / "base.obj")
        v = self.mesh.vertices.copy()
        self._macro(v)
        for name, weight in persona["details"].items():
            sides = [name] if "{s}" not in name else [name.format(s="l"), name.format(s="r")]
            for side in sides:
                self._add(v, self.data / "targets" / f"{side}.target.gz", weight)
        self.neutral = self._lower_arms(v)
        units = data / "faceunits01" / "targets" / "faceunits"
        self.units = {p.stem: _read_target(p) for p in sorted(units.glob("*.target"))}
        self.eyes = {s: self.neutral[self.mesh.groups[f"helper-{s}-eye"]].mean(0) for s in "lr"}
        ball = self.neutral[self.mesh.groups["helper-l-eye"]]
        self.eye_radius = float(np.ptp(ball, 0)[:2].mean() / 2)
        self.eye_height = float(self.eyes["l"][1])
        head = self.neutral[:BODY_VERTICES]
        head = head[head[:, 1] > self.eye_height - 0.6]
        face = head[np.abs(head[:, 0]) < 0.1]
        self.nose_tip = face[np.argmax(face[:, 2])]
        self.head_centre = np.array([0.0, self.eye_height + 0.25, (head[:, 2].max() + head[:, 2].min()) / 2 - 0.12])

    def _add(self, v: Points, path: Path, weight: float) -> None:
        if weight:
            index, delta = _read_target(path)
            if len(index):
                v[index] += weight * delta

    def _macro(self, v: Points) -> None:
        p = self.persona
        root = self.data / "targets" / "macrodetails"
        muscle = _three_way(p["muscle"], "muscle")
        weight = _three_way(p["weight"], "weight")
        for sex, sw in {"female": 1 - p["male"], "male": p["male"]}.items():
            for age, aw in p["age"].items():
                for origin, ow in p["origin"].items():
                    self._add(v, root / f"{origin}-{sex}-{age}.target.gz", sw * aw * ow)
                for m, mw in muscle.items():
                    for w, ww in weight.items():
                        share = sw * aw * mw * ww
                        if share:
                            self._add(v, root / f"universal-{sex}-{age}-{m}-{w}.target.gz", share)

    def _lower_arms(self, v: Points) -> Points:
        """The base mesh stands with its arms out; the portrait wants them hanging."""
        rig = json.loads((self.data / "rigs/standard/weights.mixamo.json").read_text())["weights"]
        fingers = [f"Hand{f}{k}" for f in ("Index", "Middle", "Pinky", "Ring", "Thumb") for k in (1, 2, 3)]
        for side, sign, joint in (("Left", -1, "joint-l-shoulder"), ("Right", 1, "joint-r-shoulder")):
            w = np.zeros(len(v))
            for bone in ["Arm", "ForeArm", "Hand", *fingers]:
                for i, x in rig.get(f"mixamorig:{side}{bone}", []):
                    w[int(i)] += x
            centre = v[self.mesh.groups[joint]].mean(0)
            a = np.radians(sign * self.persona.get("arms_down", 38))
            turn = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
            v = v + np.clip(w, 0, 1)[:, None] * ((v - centre) @ turn.T + centre - v)
        return v

    def posed(self, weights: dict[str, float]) -> Points:
        """Vertices (decimetres) with the named expression units added.

        Raises KeyError for a unit that the data set does not have, so that a typo cannot render silently.
        """
        v = self.neutral.copy()
        for name, weight in weights.items():
            index, delta = self.units[name]
            v[index] += weight * delta
        return v

    def triangles(self) -> NDArray[np.int64]:
        out = []
        for group, vi, _ in self.mesh.faces:
            if group == "body":
                out += [[vi[0], vi[k], vi[k + 1]] for k in range(1, len(vi) - 1)]
        return np.array(out)


def _three_way(x: float, noun: str) -> dict[str, float]:
    return {f"min{noun}": max(0.0, 1 - 2 * x), f"average{noun}": 1 - abs(2 * x - 1), f"max{noun}": max(0.0, 2 * x - 1)}


def vertex_normals(v: Points, t: NDArray[np.int64]) -> Points:
    n = np.zeros_like(v)
    face = np.cross(v[t[:, 1]] - v[t[:, 0]], v[t[:, 2]] - v[t[:, 0]])
    for k in range(3):
        np.add.at(n, t[:, k], face)
    length = np.linalg.norm(n, axis=1, keepdims=True)
    return n / np.maximum(length, 1e-12)
