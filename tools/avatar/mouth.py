"""Teeth and tongue: an arch of single teeth fitted to MakeHuman's placeholder strips, carried by the jaw."""

from __future__ import annotations

import numpy as np

from anatomy import Anatomy, Points

# Crown widths from the middle outwards and heights relative to the central incisor (rounded anatomical averages).
WIDTHS = {"U": [8.6, 6.8, 7.7, 7.0, 6.8, 10.0], "L": [5.4, 6.0, 6.9, 7.0, 7.1, 11.0]}
HEIGHTS = {"U": [1.0, 0.90, 0.98, 0.85, 0.80, 0.72], "L": [0.86, 0.88, 0.95, 0.86, 0.80, 0.72]}
GROUP = {"U": "helper-upper-teeth", "L": "helper-lower-teeth"}
ACROSS, DOWN = 7, 6


class Teeth:
    def __init__(self, body: Anatomy) -> None:
        self.body = body
        self.rest: dict[str, Points] = {}

    def shape(self, jaw: str) -> tuple[Points, list[list[int]], list[int]]:
        """Vertices (decimetres), quads, and per face 0 for enamel or 1 for gum."""
        ids = self.body.mesh.groups[GROUP[jaw]]
        p = self.body.neutral[ids]
        low, high = p.min(0), p.max(0)
        half = (high[0] - low[0]) / 2 * 0.90
        front, back = high[2] - 0.045, low[2]
        up = 1.0 if jaw == "U" else -1.0
        tall = 0.105 if jaw == "U" else 0.090
        bite = (low[1] - 0.03) if jaw == "U" else (high[1] - 0.105)
        widths = np.array(WIDTHS[jaw])
        edge = np.concatenate([[0], np.cumsum(widths)]) / widths.sum()
        vertices: list[Points] = []
        faces: list[list[int]] = []
        slots: list[int] = []

        def grid(points: Points, slot: int) -> None:
            start = sum(len(v) for v in vertices)
            rows, columns = points.shape[:2]
            vertices.append(points.reshape(-1, 3))
            for i in range(rows - 1):
                for k in range(columns - 1):
                    a = start + i * columns + k
                    faces.append([a, a + 1, a + columns + 1, a + columns])
                    slots.append(slot)

        def arch(a: Points) -> tuple[Points, Points, Points, Points]:
            angle = np.asarray(a) * np.pi / 2
            x, z = (
                half * np.sign(angle) * np.abs(np.sin(angle)) ** 0.92,
                back + (front - back) * np.abs(np.cos(angle)) ** 0.8,
            )
            return x, z, np.sin(angle), np.cos(angle)

        for side in (-1, 1):
            for k in range(len(widths)):
                u = np.linspace(-1, 1, ACROSS)
                v = np.linspace(0, 1, DOWN)
                uu, vv = np.meshgrid(u, v)
                centre, width = (edge[k] + edge[k + 1]) / 2, (edge[k + 1] - edge[k]) / 2 * 0.97
                narrow = 1 - 0.16 * (1 - vv)
                x, z, nx, nz = arch(side * (centre + uu * width * narrow))
                bulge = 0.030 * (1 - np.abs(uu) ** 3) * np.sin(np.pi * np.clip(0.2 + 0.7 * vv, 0, 1)) - 0.05 * (
                    vv > 0.95
                )
                corner = 0.10 * np.abs(uu) ** 3 * (vv > 0.75)
                height = tall * HEIGHTS[jaw][k]
                y = bite + up * (tall - height) * 0.5 + up * height * (1 - vv + corner)
                grid(np.stack([x + nx * bulge, y, z + nz * bulge], -1), 0)
        a = np.linspace(-1, 1, 41)
        x, z, nx, nz = arch(a)
        rows = []
        for lift, out in ((0.80, -0.02), (0.92, 0.012), (1.2, 0.02), (1.7, 0.0)):
            scallop = 0.10 * np.cos(a * np.pi * len(widths)) * (lift < 1)
            rows.append(np.stack([x + nx * out, bite + up * tall * (lift + scallop), z + nz * out], -1))
        grid(np.stack(rows), 1)
        self.rest[jaw] = np.concatenate(vertices)
        return self.rest[jaw], faces, slots

    def posed(self, jaw: str, v: Points) -> Points:
        """Carried by the best affine map of the placeholder strip, which the jaw units move."""
        ids = self.body.mesh.groups[GROUP[jaw]]
        q = np.c_[self.body.neutral[ids], np.ones(len(ids))]
        fit, *_ = np.linalg.lstsq(q, v[ids] - self.body.neutral[ids], rcond=None)
        rest = self.rest[jaw]
        return rest + np.c_[rest, np.ones(len(rest))] @ fit

    def tongue(self, v: Points, raised: float, forward: float) -> Points:
        """Bend the front half of the tongue: `raised` and `forward` move its tip (decimetres)."""
        back, tip = v[:, 2].min(), v[:, 2].max()
        t = np.clip((v[:, 2] - back) / (tip - back) - 0.35, 0, 1) / 0.65
        bend = (t**1.5)[:, None]
        slim = (v - v.mean(0)) * [1.0, 0.8, 0.95] + v.mean(0)
        return slim + np.array([0, -0.025, -0.02]) + bend * np.array([0, raised, forward])
