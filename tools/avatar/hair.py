"""Strands: head hair, brows and lashes, as arrays of points (decimetres), grown over the skull.

Head hair is walked step by step over the head's surface: a steering direction that fades, then gravity,
with the head, neck and shoulders pushing back. Strands lean towards the lock they belong to, which is what
makes it read as hair and not as fur.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from anatomy import Anatomy, Points, vertex_normals

# (azimuth from the front, lowest elevation with hair), degrees seen from the head's centre.
HAIRLINE = np.array(
    [
        (0, 33),
        (16, 33.5),
        (30, 30),
        (42, 22),
        (50, 13),
        (57, 6),
        (64, -3),
        (72, -14),
        (79, -9),
        (92, 0),
        (101, -16),
        (112, -31),
        (132, -42),
        (155, -46),
        (180, -47),
    ]
)
FINE_STEPS = 48
POINTS = 20


@dataclass
class Strands:
    """`points`: (strands, points, 3) decimetres; `radius`: metres at the root; tips taper to nothing."""

    points: Points
    radius: float


class Surface:
    """Nearest point and normal of the head, neck and shoulders without the ears, smoothed over neighbours."""

    def __init__(self, body: Anatomy, extra: Points, rng: np.random.Generator) -> None:
        t = body.triangles()
        v = body.neutral
        low = body.eye_height - 2.4
        t = t[(v[t].mean(1)[:, 1] > low) & (np.abs(v[t].mean(1)[:, 0]) < 2.3)]
        ear = _is_ear(body, v[t].mean(1))
        inside = _is_inside_mouth(body, v[t].mean(1))
        t = t[~ear & ~inside]
        n = vertex_normals(v, body.triangles())
        tri = v[t]
        area = np.linalg.norm(np.cross(tri[:, 1] - tri[:, 0], tri[:, 2] - tri[:, 0]), axis=1)
        pick = rng.choice(len(t), 36000, p=area / area.sum())
        self.triangle = t[pick]
        r = rng.random((len(pick), 2))
        s = np.sqrt(r[:, :1])
        self.bary = np.c_[1 - s, s * (1 - r[:, 1:]), s * r[:, 1:]]
        self.points = (v[self.triangle] * self.bary[..., None]).sum(1)
        normals = (n[self.triangle] * self.bary[..., None]).sum(1)
        self.normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
        if len(extra):
            self.points = np.r_[self.points, extra[:, :3]]
            self.normals = np.r_[self.normals, extra[:, 3:]]
        self.tree = cKDTree(self.points)

    def nearest(self, p: Points, k: int = 6) -> tuple[Points, Points, NDArray[np.float64]]:
        _, i = self.tree.query(p, k=k)
        c = self.points[i].mean(1)
        n = self.normals[i].mean(1)
        n /= np.linalg.norm(n, axis=1, keepdims=True)
        return c, n, ((p - c) * n).sum(1)


def _is_ear(body: Anatomy, p: Points) -> NDArray[np.bool_]:
    c = body.head_centre
    return (np.abs(p[:, 0]) > 0.66) & (np.abs(p[:, 1] - c[1] + 0.32) < 0.48) & (np.abs(p[:, 2] - c[2] + 0.05) < 0.42)


def _is_inside_mouth(body: Anatomy, p: Points) -> NDArray[np.bool_]:
    q = p - np.array([0, body.nose_tip[1] - 0.3, body.nose_tip[2] - 0.75])
    return (np.abs(q) < [0.4, 0.4, 0.45]).all(1)


def above_hairline(body: Anatomy, p: Points) -> NDArray[np.float64]:
    """Degrees above the hairline; negative on the face."""
    d = p - body.head_centre
    r = np.maximum(np.linalg.norm(d, axis=1), 1e-9)
    azimuth = np.degrees(np.abs(np.arctan2(d[:, 0], d[:, 2])))
    return np.degrees(np.arcsin(np.clip(d[:, 1] / r, -1, 1))) - np.interp(azimuth, HAIRLINE[:, 0], HAIRLINE[:, 1])


def _unit(v: Points) -> Points:
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def _resample(fine: Points, end: NDArray[np.int64]) -> Points:
    t = np.linspace(0, 1, POINTS) ** 0.9
    at = t[None] * end[:, None]
    lo = np.minimum(np.floor(at).astype(int), fine.shape[1] - 2)
    f = (at - lo)[..., None]
    row = np.arange(len(fine))[:, None]
    return fine[row, lo] * (1 - f) + fine[row, lo + 1] * f


def grow_head_hair(body: Anatomy, surface: Surface, count: int, rng: np.random.Generator) -> Strands:
    look = body.persona["hair"]
    centre = body.head_centre
    scalp = np.flatnonzero(above_hairline(body, surface.points) > -2)
    scalp = scalp[surface.points[scalp, 1] > centre[1] - 0.75]
    scalp = scalp[~_is_ear(body, surface.points[scalp])]
    pick = rng.choice(scalp, count)
    root = surface.points[pick] + rng.normal(0, 0.008, (count, 3))
    normal = surface.normals[pick]
    margin = above_hairline(body, root)
    # A hairline is a fade, not an edge: fewer, finer and shorter strands in its first degrees.
    keep = rng.random(count) < np.clip((margin + 1.5) / 6, 0, 1) ** 1.3
    root, normal, margin = root[keep], normal[keep], margin[keep]
    n = len(root)
    side = np.where(root[:, 0] > look["part"] + rng.normal(0, 0.012, n), 1.0, -1.0)
    front = np.clip((root[:, 2] - centre[2]) / 0.75, -1, 1)
    top = np.clip((root[:, 1] - centre[1]) / 0.75, 0, 1)
    temple = (np.clip((0.62 - top) / 0.3, 0, 1) * np.clip((front + 0.1) / 0.3, 0, 1))[:, None]
    layer = rng.random(n) ** 0.8
    length = look.get("length", 2.9) * (0.93 + 0.1 * rng.random(n))
    end_height = body.eye_height - look.get("fall", 1.42) + rng.normal(0, 0.05, n) - 0.12 * np.clip(front, 0, 1)
    step = length / (FINE_STEPS - 1)
    p = root + normal * 0.01
    d_prev = _unit(normal * 0.7 + np.stack([side * 0.5, 0.3 + 0 * side, -0.4 - 0.2 * front], -1))
    fine = np.zeros((n, FINE_STEPS, 3))
    end = np.full(n, FINE_STEPS - 1)
    alive = np.ones(n, bool)
    for k in range(FINE_STEPS):
        fine[:, k] = p
        s = (k * step)[:, None]
        c, nn, dist = surface.nearest(p)
        steer = np.stack(
            [
                side * (0.95 + 0.25 * np.clip(front, 0, 1)),
                0.28 * np.clip(front, 0, 1),
                -0.30 - 0.65 * np.clip(front, 0, 1) + 0.25 * np.clip(-front, 0, 1),
            ],
            -1,
        )
        # What grows at the temples is combed back over the ears; the locks beside the face come from the crown.
        steer = steer * (1 - temple) + np.stack([side * 0.45, -0.25 + 0 * side, -1.0 + 0 * side], -1) * temple
        fade = np.exp(-((s / (0.42 + 0.40 * top[:, None] + 0.6 * temple)) ** 2))
        gravity = np.array([[0.0, -1.0, 0.0]])
        d = steer * fade + gravity * (1 - 0.8 * fade)
        # The ends of a bob turn in towards the neck.
        near_end = np.clip(1 - (p[:, 1] - end_height) / 0.45, 0, 1)[:, None]
        d = d + near_end * np.stack([-side * 0.35, 0 * side, 0.12 * np.sign(front)], -1)
        # Below the ears nothing pushes back any more; weight draws the locks in to the jaw and the neck.
        hang = np.interp(p[:, 1] - body.eye_height, [-1.5, -0.9, -0.2, 0.4], [0.66, 0.76, 0.84, 0.9]) + 0.14 * layer
        wide = (
            np.clip((np.abs(p[:, 0]) - hang) / 0.12, 0, 2.5)[:, None]
            * np.interp(p[:, 1] - body.eye_height, [0.2, 0.6], [1, 0])[:, None]
        )
        d = d + np.stack([-np.sign(p[:, 0]), 0 * side, 0 * side], -1) * wide * 0.45
        # Locks hang beside the face: anything in front of the ears keeps clear of the cheeks.
        beside = np.interp(
            p[:, 1] - body.eye_height, [-1.6, -1.0, -0.5, 0.0, 0.35, 0.7], [0.56, 0.60, 0.66, 0.70, 0.64, 0.0]
        )
        short = (
            np.clip((beside - np.abs(p[:, 0])) / 0.1, 0, 1.5)
            * (1 - temple[:, 0])
            * (p[:, 2] > centre[2] + 0.05)
            * (p[:, 1] < body.eye_height + 0.7)
        )
        d = d + np.stack([np.sign(p[:, 0]) * short * 1.4, 0 * short, -short * 1.1], -1)
        puff = (0.05 + 0.13 * layer) * np.clip(margin / 14, 0.12, 1) * np.clip(0.25 + s[:, 0] * 2.2, 0, 1)
        normal_part = (d * nn).sum(1, keepdims=True)
        close = np.clip(1 - (dist - puff) / 0.1, 0, 1)[:, None]
        d = d - np.minimum(normal_part, 0) * close * nn
        d = d + nn * np.clip((puff - dist) / 0.08, -0.25 * (s[:, 0] < 0.9), 1.2)[:, None]
        d = _unit(0.55 * _unit(d) + 0.45 * d_prev)
        d_prev = d
        p = p + d * step[:, None]
        _, n2, d2 = surface.nearest(p, 4)
        p = p + n2 * np.clip(0.02 - d2, 0, 1)[:, None]
        done = alive & (p[:, 1] < end_height)
        end[done] = k
        alive &= ~done
    paths = _resample(fine, np.maximum(end, 6))
    paths = _into_locks(paths, rng, look.get("locks", 1500))
    return Strands(paths, 0.00010)


def _into_locks(paths: Points, rng: np.random.Generator, locks: int) -> Points:
    n = len(paths)
    leader = rng.choice(n, locks, replace=False)
    # Locks are neighbours in root and in path, so that no strand crosses the part to join one.
    feature = np.concatenate([paths[:, 0] * 1.2, paths[:, POINTS // 2], paths[:, -1] * 0.5], 1)
    _, mine = cKDTree(feature[leader]).query(feature)
    t = np.linspace(0, 1, POINTS)[None, :, None]
    lean = np.clip((t - 0.12) * 1.3, 0, 1) * (0.18 + 0.36 * rng.random((n, 1, 1)))
    phase = rng.random(locks) * 2 * np.pi
    turns = 1.2 + 0.8 * rng.random(locks)
    swing = 0.032 * rng.random(locks)
    angle = phase[:, None] + turns[:, None] * 2 * np.pi * t[0, :, 0][None]
    wave = (
        np.stack([np.sin(angle), 0 * angle, np.cos(angle)], -1) * (swing[:, None] * t[0, :, 0][None] ** 1.4)[..., None]
    )
    out = paths * (1 - lean) + paths[leader][mine] * lean + wave[mine]
    loose = rng.random(n) < 0.035
    drift = rng.normal(0, 0.05, (n, 1, 3)) * t**1.5
    return out + np.where(loose[:, None, None], drift, drift * 0.14)


class Brows:
    """Brow hairs hold on to skin triangles, so an expression unit moves them with the skin."""

    def __init__(self, body: Anatomy, rng: np.random.Generator, per_side: int = 500) -> None:
        look = body.persona["brow"]
        t = body.triangles()
        mid = body.neutral[t].mean(1)
        t = t[(np.abs(mid[:, 1] - body.eye_height - 0.2) < 0.4) & (mid[:, 2] > body.eyes["l"][2] - 0.35)]
        tri = body.neutral[t]
        area = np.linalg.norm(np.cross(tri[:, 1] - tri[:, 0], tri[:, 2] - tri[:, 0]), axis=1)
        pick = rng.choice(len(t), 60000, p=area / area.sum())
        r = rng.random((len(pick), 2))
        s = np.sqrt(r[:, :1])
        bary = np.c_[1 - s, s * (1 - r[:, 1:]), s * r[:, 1:]]
        p = (tri[pick] * bary[..., None]).sum(1)
        x = np.abs(p[:, 0])
        u = (x - look["inner"]) / (look["outer"] - look["inner"])
        y = p[:, 1] - body.eye_height - _arch(look["rise"], u)
        half = look["thickness"] * np.interp(u, [0, 0.15, 0.55, 1], [0.75, 1, 0.72, 0.18])
        soft = (
            np.clip(1.1 - (np.abs(y) / half) ** 1.5, 0, 1) * 0.75 * np.interp(u, [-0.03, 0.12, 0.9, 1.03], [0, 1, 1, 0])
        )
        chosen = np.flatnonzero(rng.random(len(p)) < soft)
        chosen = rng.permutation(chosen)[: per_side * 2]
        self.triangle, self.bary = t[pick][chosen], bary[chosen]
        u, y, x = u[chosen], (y / half)[chosen], p[chosen, 0]
        # Inner hairs stand up, the middle sweeps outwards, the upper edge leans down on to it.
        tilt = np.interp(u, [0, 0.2, 0.6, 1], [1.35, 0.85, 0.30, -0.25]) - 0.35 * np.clip(y, -1, 1)
        tilt = tilt + rng.normal(0, 0.12, len(u))
        self.direction = np.stack([np.sign(x) * np.cos(tilt), np.sin(tilt), 0 * tilt], -1)
        self.length = np.interp(u, [0, 0.3, 1], [0.055, 0.075, 0.05]) * (0.75 + 0.5 * rng.random(len(u)))
        self.triangles = body.triangles()

    def strands(self, v: Points) -> Strands:
        n = vertex_normals(v, self.triangles)
        root = (v[self.triangle] * self.bary[..., None]).sum(1)
        normal = _unit((n[self.triangle] * self.bary[..., None]).sum(1))
        along = _unit(self.direction - (self.direction * normal).sum(1, keepdims=True) * normal)
        t = np.linspace(0, 1, 5)[None, :, None]
        lift = np.sin(np.pi * np.clip(t * 0.8 + 0.05, 0, 1)) * 0.012 + 0.003
        points = root[:, None] + along[:, None] * (self.length[:, None, None] * t) + normal[:, None] * lift
        return Strands(points, 0.00011)


def _arch(rise: list[float], u: Points) -> Points:
    """Height over the eye along the brow: a parabola through its inner end, its peak at 58 %, its outer end."""
    return np.polyval(np.polyfit([0.0, 0.58, 1.0], rise, 2), np.clip(u, 0, 1))


class Lashes:
    """Lash hairs between the root row and the tip row of MakeHuman's lash strips (they follow the blink)."""

    def __init__(self, body: Anatomy, rng: np.random.Generator) -> None:
        self.strips = []
        for s in "lr":
            for strip, count, share in (("1", 40, 0.16), ("2", 170, 0.46)):
                ids = body.mesh.groups[f"helper-{s}-eyelashes-{strip}"]
                p = body.neutral[ids]
                reach = np.linalg.norm(p - body.eyes[s], axis=1)
                edge = np.percentile(reach, [38, 72])
                at = rng.random(count)
                self.strips.append(
                    (
                        ids[reach <= edge[0]],
                        ids[reach >= edge[1]],
                        at,
                        share * (0.75 + 0.4 * rng.random(count)),
                        body.neutral,
                        1.0 if strip == "2" else -1.0,
                    )
                )

    def strands(self, v: Points) -> Strands:
        out = []
        t = np.linspace(0, 1, 6)[None, :, None]
        for roots, tips, at, share, neutral, up in self.strips:
            a = _row(v, neutral, roots, at)
            b = _row(v, neutral, tips, np.clip(at + (at - 0.5) * 0.12, 0, 1))
            reach = (b - a)[:, None] * (t * share[:, None, None])
            curl = np.array([0, 0.02 * up, 0]) * t**2 * share[:, None, None]
            out.append(a[:, None] + reach + curl)
        return Strands(np.concatenate(out), 0.00007)


def _row(v: Points, neutral: Points, ids: NDArray[np.int64], at: NDArray[np.float64]) -> Points:
    order = ids[np.argsort(neutral[ids, 0])]
    x = neutral[order, 0]
    u = (x - x[0]) / (x[-1] - x[0])
    return np.stack([np.interp(at, u, v[order, k]) for k in range(3)], -1)
