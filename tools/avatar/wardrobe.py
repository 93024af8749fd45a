"""Clothes: a knit cut from MakeHuman's tights, closed by a ribbed collar that stands on the neck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anatomy import Anatomy, Points, vertex_normals


@dataclass
class Cloth:
    """Triangles over vertices (decimetres)."""

    vertices: Points
    triangles: NDArray[np.int64]


def _shell(body: Anatomy, lowest: float) -> Cloth:
    tri = []
    for group, vi, _ in body.mesh.faces:
        if group == "helper-tights" and body.neutral[vi].mean(0)[1] > lowest:
            tri += [[vi[0], vi[k], vi[k + 1]] for k in range(1, len(vi) - 1)]
    used, t = np.unique(np.array(tri), return_inverse=True)
    return Cloth(body.neutral[used].copy(), t.reshape(-1, 3))


def _smooth(c: Cloth, rounds: int) -> Points:
    edges = np.concatenate([c.triangles[:, [0, 1]], c.triangles[:, [1, 2]], c.triangles[:, [2, 0]]])
    edges = np.unique(np.sort(edges, 1), axis=0)
    degree = np.bincount(edges.ravel(), minlength=len(c.vertices))[:, None]
    p = c.vertices
    for _ in range(rounds):
        total = np.zeros_like(p)
        np.add.at(total, edges[:, 0], p[edges[:, 1]])
        np.add.at(total, edges[:, 1], p[edges[:, 0]])
        p = 0.5 * p + 0.5 * total / degree
    return p


def _subdivide(c: Cloth) -> Cloth:
    middle: dict[tuple[int, int], int] = {}
    points = list(c.vertices)

    def mid(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in middle:
            middle[key] = len(points)
            points.append((c.vertices[a] + c.vertices[b]) / 2)
        return middle[key]

    out = []
    for a, b, d in c.triangles.tolist():
        x, y, z = mid(a, b), mid(b, d), mid(d, a)
        out += [[a, x, z], [x, b, y], [z, y, d], [x, y, z]]
    return Cloth(np.array(points), np.array(out))


def _clip(c: Cloth, inside: NDArray[np.float64]) -> Cloth:
    """Keep where `inside` > 0, cutting triangles on the line so that the hem is smooth."""
    points = list(c.vertices)
    cuts: dict[tuple[int, int], int] = {}

    def cut(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in cuts:
            t = inside[a] / (inside[a] - inside[b])
            cuts[key] = len(points)
            points.append(c.vertices[a] + (c.vertices[b] - c.vertices[a]) * t)
        return cuts[key]

    out = []
    for t in c.triangles.tolist():
        keep = [inside[i] > 0 for i in t]
        if sum(keep) == 3:
            out.append(t)
        elif sum(keep) == 2:
            k = keep.index(False)
            a, b, d = t[k], t[(k + 1) % 3], t[(k + 2) % 3]
            x, y = cut(a, b), cut(a, d)
            out += [[x, b, d], [x, d, y]]
        elif sum(keep) == 1:
            k = keep.index(True)
            a, b, d = t[k], t[(k + 1) % 3], t[(k + 2) % 3]
            out.append([a, cut(a, b), cut(a, d)])
    used, t2 = np.unique(np.array(out), return_inverse=True)
    return Cloth(np.array(points)[used], t2.reshape(-1, 3))


def knit(body: Anatomy, collar: float) -> Cloth:
    """A fine knit with a standing collar; `collar`: its height below the eyes, decimetres."""
    c = _shell(body, body.eye_height - 4.2)
    c.vertices = _smooth(c, 3)
    normal = vertex_normals(c.vertices, c.triangles)
    c.vertices = c.vertices + normal * 0.05
    c = _subdivide(c)
    edge = body.eye_height - collar - 0.12 * np.clip((c.vertices[:, 2] - 0.2) / 0.6, -1, 1)
    return _clip(c, edge - c.vertices[:, 1])


def jacket(body: Anatomy, base_of_neck: float) -> Cloth:
    """A collarless jacket, open in front; `base_of_neck`: its upper edge below the eyes, decimetres."""
    c = _shell(body, body.eye_height - 4.2)
    c.vertices = _smooth(c, 4)
    c.vertices = c.vertices + vertex_normals(c.vertices, c.triangles) * 0.14
    c = _subdivide(_subdivide(c))
    p = c.vertices
    drop = body.eye_height - p[:, 1]
    opening = np.interp(drop, [base_of_neck, base_of_neck + 0.5, base_of_neck + 2.0], [0.66, 0.50, 0.20])
    front = p[:, 2] > 0.1
    # The neckline is a ring round the neck, wide enough that the knit's collar shows.
    ring = np.hypot(p[:, 0], (p[:, 2] - 0.15) * 0.9) - 0.80
    return _clip(
        c, np.minimum(np.where(front, np.abs(p[:, 0]) - opening, 0.5), np.where(drop > base_of_neck + 0.6, 0.5, ring))
    )
