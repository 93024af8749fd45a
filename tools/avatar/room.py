"""The room behind the person: a calm office, rendered once without anybody and blurred like a camera would."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

from materials import plain

Colour = tuple[float, float, float]


def _box(at: Colour, size: Colour, colour: Colour, glow: float = 0.0, turn: float = 0.0) -> None:
    bpy.ops.mesh.primitive_cube_add(size=1, location=at, rotation=(0, 0, turn))
    o = bpy.context.object
    o.scale = size
    look = {"Emission_Color": (*colour, 1.0), "Emission_Strength": glow} if glow else {}
    o.data.materials.append(plain("room", (*colour, 1.0), 0.8, **look))


def _plant(at: Vector, rng: np.random.Generator) -> None:
    _box((at.x, at.y, at.z + 0.09), (0.17, 0.17, 0.18), (0.55, 0.50, 0.44))
    for _ in range(26):
        bpy.ops.mesh.primitive_uv_sphere_add(segments=16, ring_count=8, radius=1)
        o = bpy.context.object
        around, up = rng.uniform(0, 2 * math.pi), rng.uniform(0.25, 0.75)
        lean = rng.uniform(0.05, 0.26)
        o.location = at + Vector((math.cos(around) * lean, math.sin(around) * lean, up))
        o.scale = (0.028, 0.07, 0.16)
        o.rotation_euler = (rng.uniform(-0.7, 0.7), rng.uniform(-0.7, 0.7), around)
        g = rng.uniform(0.75, 1.2)
        o.data.materials.append(plain("leaf", (0.07 * g, 0.17 * g, 0.085 * g, 1), 0.6))


def render(path: Path, width: int, height: int, samples: int) -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    rng = np.random.default_rng(4)
    _box((0, 3.0, 1.2), (9, 0.05, 4), (0.66, 0.63, 0.58))
    _box((0, 2.0, -0.35), (9, 6, 0.05), (0.36, 0.27, 0.20))
    # Window with frame and a light curtain.
    _box((-1.55, 2.95, 1.45), (1.10, 0.04, 1.55), (0.88, 0.95, 1.0), 1.5)
    for x in (-2.12, -1.55, -0.98):
        _box((x, 2.92, 1.45), (0.05, 0.06, 1.60), (0.80, 0.78, 0.75))
    for z in (0.66, 1.62, 2.24):
        _box((-1.55, 2.92, z), (1.18, 0.06, 0.05), (0.80, 0.78, 0.75))
    for x in np.linspace(-0.92, -0.66, 7):
        _box((float(x), 2.86, 1.4), (0.030, 0.05, 1.8), (0.78, 0.76, 0.72), 0.06)
    # Shelves with books, a picture, a lamp.
    for z in (0.92, 1.42):
        _box((1.45, 2.85, z), (1.25, 0.26, 0.035), (0.36, 0.24, 0.15))
    tints: list[Colour] = [
        (0.12, 0.24, 0.27),
        (0.46, 0.20, 0.14),
        (0.62, 0.54, 0.42),
        (0.18, 0.22, 0.32),
        (0.70, 0.68, 0.64),
        (0.30, 0.36, 0.28),
    ]
    for base, start, stop in ((0.94, 0.95, 1.50), (1.44, 1.30, 1.95)):
        x = start
        while x < stop:
            w, h = rng.uniform(0.035, 0.065), rng.uniform(0.20, 0.31)
            _box((x, 2.80, base + h / 2), (w * 0.9, 0.18, h), tints[int(rng.integers(len(tints)))])
            x += w
    _box((1.78, 2.82, 1.03), (0.16, 0.14, 0.18), (0.74, 0.66, 0.54))
    _box((0.98, 2.94, 1.72), (0.40, 0.03, 0.30), (0.72, 0.70, 0.66))
    _box((0.98, 2.92, 1.72), (0.30, 0.03, 0.20), (0.25, 0.40, 0.42))
    _plant(Vector((-0.45, 2.6, 0.30)), rng)
    _box((-0.45, 2.6, 0.12), (0.34, 0.34, 0.40), (0.42, 0.30, 0.20))
    for at, energy, size, colour in (
        ((-1.6, 2.2, 1.6), 22, 1.2, (0.92, 0.97, 1.0)),
        ((1.6, 1.6, 2.4), 26, 0.8, (1.0, 0.88, 0.72)),
        ((0, -0.5, 2.6), 30, 2.0, (1.0, 0.97, 0.93)),
    ):
        light = bpy.data.lights.new("light", "AREA")
        light.energy, light.size, light.color = energy, size, colour
        o = bpy.data.objects.new("light", light)
        bpy.context.scene.collection.objects.link(o)
        o.location = at
        o.rotation_euler = (Vector((0, 3, 1)) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    cam = bpy.data.cameras.new("camera")
    o = bpy.data.objects.new("camera", cam)
    sc = bpy.context.scene
    sc.collection.objects.link(o)
    sc.camera = o
    o.location = (0, -1.1, 1.25)
    o.rotation_euler = (math.radians(90), 0, 0)
    cam.lens = 42
    world = bpy.data.worlds.new("world")
    sc.world = world
    sc.render.engine = "CYCLES"
    sc.cycles.device = "CPU"
    sc.cycles.samples = samples
    sc.cycles.use_denoising = True
    sc.render.resolution_x, sc.render.resolution_y = width, height
    sc.view_settings.view_transform = "AgX"
    sc.view_settings.exposure = 0.3
    sc.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)
