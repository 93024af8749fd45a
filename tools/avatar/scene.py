"""The Blender scene: person, lights, camera, and the three layers that the player puts together again."""

from __future__ import annotations

import math
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

import materials
from anatomy import Anatomy, Points, to_scene
from hair import Brows, Lashes, Strands, Surface, above_hairline, grow_head_hair
from mouth import Teeth
from wardrobe import Cloth, jacket, knit

WIDTH, HEIGHT = 960, 720
HEAD_LAYER = {"Skin", "Hair", "Brows", "Lashes", "EyeL", "EyeR", "TeethU", "TeethL", "Tongue"}


def _curves(name: str, strands: Strands, material: bpy.types.Material) -> bpy.types.Object:
    data = bpy.data.hair_curves.new(name)
    o = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(o)
    data.materials.append(material)
    count, points = strands.points.shape[:2]
    data.add_curves([points] * count)
    radius = data.attributes.new("radius", "FLOAT", "POINT")
    taper = np.interp(np.linspace(0, 1, points), [0, 0.55, 1], [1, 0.85, 0.15]) * strands.radius
    radius.data.foreach_set("value", np.tile(taper, count).astype(np.float32))
    _move_curves(o, strands)
    return o


def _move_curves(o: bpy.types.Object, strands: Strands) -> None:
    flat = to_scene(strands.points).astype(np.float32).reshape(-1)
    o.data.position_data.foreach_set("vector", flat)
    o.data.update_tag()


def _mesh(
    name: str, vertices: Points, faces: list[list[int]], mats: list[bpy.types.Material], subdivide: int = 0
) -> bpy.types.Object:
    data = bpy.data.meshes.new(name)
    data.from_pydata(to_scene(vertices).tolist(), [], faces)
    for m in mats:
        data.materials.append(m)
    data.polygons.foreach_set("use_smooth", [True] * len(data.polygons))
    o = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(o)
    if subdivide:
        s = o.modifiers.new("smooth", "SUBSURF")
        s.levels = s.render_levels = subdivide
    return o


class Portrait:
    """One person in front of the camera. `express` poses the face, `render` writes one layer."""

    def __init__(self, data: Path, persona: dict, strands: int, seed: int = 7) -> None:  # type: ignore[type-arg]
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.rng = np.random.default_rng(seed)
        self.persona = persona
        self.body = Anatomy(data, persona)
        self.masks = data / "mpfb2" / "textures"
        self._skin()
        self._eyes()
        self._mouth()
        cloth = knit(self.body, persona.get("collar", 1.18))
        self.knit = self._cloth("Knit", cloth, materials.woven("Knit", persona["knit"], 420.0, 0.3), 0.006)
        coat = jacket(self.body, persona.get("base_of_neck", 1.62))
        self.jacket = self._cloth("Jacket", coat, materials.woven("Wool", persona["blazer"], 1100.0, 0.12), 0.012)
        surface = Surface(self.body, np.zeros((0, 6)), self.rng)
        look = persona["hair"]
        hair = materials.strand("Hair", look["melanin"], look["redness"])
        dark = materials.strand("Brow", min(1.0, look["melanin"] + 0.03), look["redness"], 0.4)
        lash = materials.plain("Lash", (0.008, 0.006, 0.005, 1.0), 0.6)
        self.hair = _curves("Hair", grow_head_hair(self.body, surface, strands, self.rng), hair)
        self.brows = Brows(self.body, self.rng)
        self.brow_curves = _curves("Brows", self.brows.strands(self.body.neutral), dark)
        self.lashes = Lashes(self.body, self.rng)
        self.lash_curves = _curves("Lashes", self.lashes.strands(self.body.neutral), lash)
        self._lights_and_camera()

    # --- parts -------------------------------------------------------------------------------------------

    def _skin(self) -> None:
        b = self.body
        lowest = b.eye_height - 2.3
        faces, uvs, slots = [], [], []
        for group, vi, ti in b.mesh.faces:
            if group != "body":
                continue
            c = b.neutral[vi].mean(0)
            if c[1] < lowest or abs(c[0]) > 1.3:
                continue
            u, v = b.mesh.uv[ti].mean(0)
            faces.append(vi)
            uvs += b.mesh.uv[ti].tolist()
            slots.append(1 if (u > 0.74 and v <= 0.14) else 0)
        used, flat = np.unique(np.concatenate([np.array(f) for f in faces]), return_inverse=True)
        self.skin_ids = used
        out, k = [], 0
        for f in faces:
            out.append(flat[k : k + len(f)].tolist())
            k += len(f)
        inside = materials.plain(
            "MouthInside",
            materials.linear([128, 52, 50]),
            0.6,
            Emission_Color=materials.linear([110, 40, 38]),
            Emission_Strength=0.10,
        )
        self.skin = _mesh("Skin", b.neutral[used], out, [materials.skin(self.persona, self.masks), inside], 2)
        layer = self.skin.data.uv_layers.new(name="UV")
        layer.data.foreach_set("uv", np.array(uvs, np.float32).ravel())
        self.skin.data.polygons.foreach_set("material_index", slots)
        tone = self.skin.data.color_attributes.new("tone", "FLOAT_COLOR", "POINT")
        tone.data.foreach_set("color", self._tone(b.neutral[used]).astype(np.float32).ravel())

    def _tone(self, p: Points) -> Points:
        """Per vertex: redness (cheeks, nose, chin), shade of the scalp under the hair, shade under the eyes."""
        b = self.body

        def bell(at: tuple[float, float, float], s: float) -> Points:
            return np.exp(-((p - np.array(at)) ** 2).sum(1) / (2 * s * s))

        nose = b.nose_tip
        red = 0.5 * bell(tuple(nose), 0.14) + 0.35 * bell((0, nose[1] - 0.78, nose[2] - 0.25), 0.18)
        for s in (-1, 1):
            red = red + 0.75 * bell((s * 0.50, nose[1] + 0.02, nose[2] - 0.42), 0.26)
        under = np.zeros(len(p))
        for s in "lr":
            e = b.eyes[s]
            under = under + bell((e[0], e[1] - 0.22, e[2] + 0.15), 0.10)
        scalp = np.clip((above_hairline(b, p) - 3.0) / 9, 0, 1) * (p[:, 1] > b.head_centre[1] - 0.7)
        return np.clip(np.stack([red, scalp, under, np.ones(len(p))], 1), 0, 1)

    def _eyes(self) -> None:
        look = materials.eye(self.persona["iris"])
        self.eyes = {}
        for s in "lr":
            bpy.ops.mesh.primitive_uv_sphere_add(
                segments=64, ring_count=32, radius=1, location=to_scene(self.body.eyes[s]).tolist()
            )
            o = bpy.context.object
            o.name = f"Eye{s.upper()}"
            # A cornea's bulge catches the window as one small highlight.
            for v in o.data.vertices:
                off = math.hypot(v.co.x, v.co.z)
                if v.co.y < 0 and off < 0.52:
                    v.co.y -= 0.10 * (1 - (off / 0.52) ** 2)
            o.scale = [self.body.eye_radius * 0.1 * 0.985] * 3
            o.data.polygons.foreach_set("use_smooth", [True] * len(o.data.polygons))
            o.data.materials.append(look)
            self.eyes[s] = o

    def _mouth(self) -> None:
        self.teeth = Teeth(self.body)
        enamel = materials.plain(
            "Enamel", materials.linear([226, 217, 200]), 0.24, Subsurface_Weight=0.25, Subsurface_Scale=0.002
        )
        gum = materials.plain("Gum", materials.linear([168, 88, 84]), 0.45)
        self.tooth_objects = {}
        for jaw in ("U", "L"):
            v, faces, slots = self.teeth.shape(jaw)
            o = _mesh(f"Teeth{jaw}", v, faces, [enamel, gum], 1)
            o.data.polygons.foreach_set("material_index", slots)
            self.tooth_objects[jaw] = o
        faces = [vi for g, vi, _ in self.body.mesh.faces if g == "helper-tongue"]
        self.tongue_ids = self.body.mesh.groups["helper-tongue"]
        where = {int(i): k for k, i in enumerate(self.tongue_ids)}
        tongue = materials.plain(
            "Tongue",
            materials.linear([186, 98, 96]),
            0.42,
            Emission_Color=materials.linear([150, 70, 68]),
            Emission_Strength=0.10,
        )
        self.tongue = _mesh(
            "Tongue", self.body.neutral[self.tongue_ids], [[where[i] for i in f] for f in faces], [tongue], 2
        )

    def _cloth(self, name: str, cloth: Cloth, material: bpy.types.Material, thickness: float) -> bpy.types.Object:
        o = _mesh(name, cloth.vertices, cloth.triangles.tolist(), [material])
        solid = o.modifiers.new("thickness", "SOLIDIFY")
        solid.thickness, solid.offset = thickness, 1.0
        s = o.modifiers.new("smooth", "SUBSURF")
        s.levels = s.render_levels = 1
        return o

    # --- pose --------------------------------------------------------------------------------------------

    def express(
        self, units: dict[str, float], gaze: tuple[float, float] = (0.0, 0.0), tongue: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        """`gaze`: degrees (to the person's left, up). `tongue`: tip raised, tip forward (decimetres)."""
        v = self.body.posed(units)
        self._set(self.skin, v[self.skin_ids])
        _move_curves(self.brow_curves, self.brows.strands(v))
        _move_curves(self.lash_curves, self.lashes.strands(v))
        for jaw, o in self.tooth_objects.items():
            self._set(o, self.teeth.posed(jaw, v))
        self._set(self.tongue, self.teeth.tongue(v[self.tongue_ids], *tongue))
        for o in self.eyes.values():
            o.rotation_euler = (math.radians(-gaze[1]), 0, math.radians(gaze[0]))

    def _set(self, o: bpy.types.Object, v: Points) -> None:
        o.data.vertices.foreach_set("co", to_scene(v).astype(np.float32).ravel())
        o.data.update()

    # --- light and camera --------------------------------------------------------------------------------

    def _lights_and_camera(self) -> None:
        sc = bpy.context.scene
        aim = Vector((0, to_scene(self.body.nose_tip)[1], self.body.eye_height * 0.1 - 0.042))
        cam = bpy.data.cameras.new("camera")
        self.camera = bpy.data.objects.new("camera", cam)
        sc.collection.objects.link(self.camera)
        sc.camera = self.camera
        cam.lens = 84
        self.camera.location = aim + Vector((0.0, -1.12, 0.035))
        self.camera.rotation_euler = (aim - self.camera.location).to_track_quat("-Z", "Y").to_euler()
        for at, energy, size, colour in (
            ((-0.85, -1.0, 0.62), 15.0, 0.95, (1, 0.95, 0.89)),  # window, the key
            ((1.05, -0.9, 0.15), 6.0, 1.3, (0.90, 0.95, 1)),  # fill
            ((0.10, -1.3, -0.45), 1.6, 0.8, (1, 0.94, 0.88)),  # desk bounce under the chin
            ((0.65, 0.75, 0.55), 9.5, 0.5, (1, 0.95, 0.88)),  # rim on the hair
            ((-0.75, 0.7, 0.5), 8.2, 0.5, (0.88, 0.94, 1)),
        ):
            light = bpy.data.lights.new("light", "AREA")
            o_glossy = energy > 8
            light.energy, light.size, light.color = energy, size, colour
            o = bpy.data.objects.new("light", light)
            sc.collection.objects.link(o)
            o.visible_glossy = o_glossy  # fill and bounce would add catchlights
            o.location = aim + Vector(at)
            o.rotation_euler = (aim - o.location).to_track_quat("-Z", "Y").to_euler()
        world = bpy.data.worlds.new("world")
        sc.world = world
        world.use_nodes = True
        world.node_tree.nodes["Background"].inputs[0].default_value = (0.62, 0.64, 0.66, 1)
        world.node_tree.nodes["Background"].inputs[1].default_value = 0.42
        sc.render.engine = "CYCLES"
        sc.cycles.device = "CPU"
        sc.cycles.use_denoising = True
        sc.cycles.denoiser = "OPENIMAGEDENOISE"
        sc.cycles.seed = 3
        sc.cycles.max_bounces = 8
        sc.render.film_transparent = True
        sc.render.use_persistent_data = True
        sc.render.image_settings.file_format = "PNG"
        sc.render.image_settings.color_mode = "RGBA"
        sc.view_settings.view_transform = "AgX"
        sc.view_settings.look = "AgX - Medium High Contrast"
        sc.view_settings.exposure = 0.25

    def pixel(self, point: Points) -> tuple[float, float]:
        """Where a MakeHuman point lands, in pixels of the full-size frame, y down."""
        from bpy_extras.object_utils import world_to_camera_view

        bpy.context.view_layer.update()
        p = world_to_camera_view(bpy.context.scene, self.camera, Vector(to_scene(point).tolist()))
        return p.x * WIDTH, (1 - p.y) * HEIGHT

    def render(
        self, path: Path, layer: str, samples: int, scale: float = 1.0, box: tuple[int, int, int, int] | None = None
    ) -> None:
        """`layer`: head (alpha, clothes cut out), body (alpha, no head but its shadow) or all. `box`: x0, y0, x1, y1 in full-size pixels."""
        sc = bpy.context.scene
        for o in sc.objects:
            if o.type not in {"MESH", "CURVES"}:
                continue
            head = o.name in HEAD_LAYER
            o.is_holdout = layer == "head" and not head
            o.visible_camera = not (layer == "body" and head)
        sc.render.resolution_x, sc.render.resolution_y = round(WIDTH * scale), round(HEIGHT * scale)
        sc.render.resolution_percentage = 100
        sc.cycles.samples = samples
        sc.render.use_border = sc.render.use_crop_to_border = box is not None
        if box:
            r = sc.render
            r.border_min_x, r.border_max_x = box[0] / WIDTH, box[2] / WIDTH
            r.border_min_y, r.border_max_y = 1 - box[3] / HEIGHT, 1 - box[1] / HEIGHT
        sc.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
