"""Cycles materials, all procedural apart from MakeHuman's lip and eyelid masks."""

from __future__ import annotations

from pathlib import Path

import bpy


def linear(rgb: list[int]) -> tuple[float, float, float, float]:
    r, g, b = ((c / 255) ** 2.2 for c in rgb)
    return (r, g, b, 1.0)


def plain(name: str, colour: tuple[float, ...], roughness: float, **inputs: object) -> bpy.types.Material:
    m = bpy.data.materials.new(name)
    m.use_nodes = True
    b = m.node_tree.nodes["Principled BSDF"]
    b.inputs["Base Color"].default_value = colour
    b.inputs["Roughness"].default_value = roughness
    for key, value in inputs.items():
        b.inputs[key.replace("_", " ")].default_value = value
    return m


class _Graph:
    """Shorthand for wiring nodes."""

    def __init__(self, material: bpy.types.Material) -> None:
        self.tree = material.node_tree
        self.bsdf = self.tree.nodes["Principled BSDF"]

    def node(self, kind: str, **values: object) -> bpy.types.Node:
        n = self.tree.nodes.new(kind)
        for key, value in values.items():
            if hasattr(n, key):
                setattr(n, key, value)
            else:
                n.inputs[key.replace("_", " ")].default_value = value
        return n

    def wire(self, a: bpy.types.NodeSocket, b: bpy.types.NodeSocket) -> None:
        self.tree.links.new(a, b)

    def mix(self, amount: bpy.types.NodeSocket, a: object, b: object) -> bpy.types.NodeSocket:
        n = self.node("ShaderNodeMix", data_type="RGBA")
        self.wire(amount, n.inputs[0])
        for socket, value in ((n.inputs[6], a), (n.inputs[7], b)):
            if isinstance(value, bpy.types.NodeSocket):
                self.wire(value, socket)
            else:
                socket.default_value = value
        return n.outputs[2]

    def scaled(self, a: bpy.types.NodeSocket, factor: float, add: float = 0.0) -> bpy.types.NodeSocket:
        n = self.node("ShaderNodeMath", operation="MULTIPLY_ADD")
        self.wire(a, n.inputs[0])
        n.inputs[1].default_value = factor
        n.inputs[2].default_value = add
        n.use_clamp = True
        return n.outputs[0]


def skin(persona: dict, masks: Path) -> bpy.types.Material:  # type: ignore[type-arg]
    m = plain("Skin", linear(persona["skin"]), 0.46)
    g = _Graph(m)
    base = linear(persona["skin"])
    r, gr, b, _ = base
    coords = g.node("ShaderNodeNewGeometry").outputs["Position"]
    blotch = g.node("ShaderNodeTexNoise", Scale=38.0, Detail=3.0)
    g.wire(coords, blotch.inputs["Vector"])
    colour = g.mix(
        g.scaled(blotch.outputs[0], 1.0), (r * 0.93, gr * 0.90, b * 0.88, 1), (r * 1.05, gr * 1.06, b * 1.06, 1)
    )
    tone = g.node("ShaderNodeVertexColor", layer_name="tone").outputs[0]
    split = g.node("ShaderNodeSeparateColor")
    g.wire(tone, split.inputs[0])
    colour = g.mix(g.scaled(split.outputs[0], 0.55), colour, (r * 1.0, gr * 0.62, b * 0.60, 1))
    colour = g.mix(g.scaled(split.outputs[2], 0.35), colour, (r * 0.72, gr * 0.62, b * 0.66, 1))
    for file, target, amount in (
        ("mpfb_eyelids.jpg", (r * 0.74, gr * 0.62, b * 0.60, 1), 0.45),
        ("mpfb_lips.jpg", linear(persona["lips"]), 0.85),
    ):
        image = g.node("ShaderNodeTexImage", image=bpy.data.images.load(str(masks / file)))
        image.image.colorspace_settings.name = "Non-Color"
        colour = g.mix(g.scaled(image.outputs[0], amount), colour, target)
        if "lips" in file:
            rough = g.node("ShaderNodeMix", data_type="FLOAT")
            g.wire(image.outputs[0], rough.inputs[0])
            rough.inputs[2].default_value, rough.inputs[3].default_value = 0.47, 0.34
            g.wire(rough.outputs[0], g.bsdf.inputs["Roughness"])
    hair = persona["hair"].get("scalp", [34, 24, 19])
    colour = g.mix(g.scaled(split.outputs[1], 0.92), colour, linear(hair))
    g.wire(colour, g.bsdf.inputs["Base Color"])
    pores = g.node("ShaderNodeTexNoise", Scale=900.0, Detail=2.0)
    g.wire(coords, pores.inputs["Vector"])
    bump = g.node("ShaderNodeBump", Strength=0.10, Distance=0.0006)
    g.wire(pores.outputs[0], bump.inputs["Height"])
    g.wire(bump.outputs[0], g.bsdf.inputs["Normal"])
    g.bsdf.inputs["Subsurface Weight"].default_value = 0.35
    g.bsdf.inputs["Subsurface Radius"].default_value = (1.0, 0.38, 0.22)
    g.bsdf.inputs["Subsurface Scale"].default_value = 0.008
    g.bsdf.inputs["Specular IOR Level"].default_value = 0.36
    return m


def strand(name: str, melanin: float, redness: float, roughness: float = 0.32) -> bpy.types.Material:
    m = bpy.data.materials.new(name)
    m.use_nodes = True
    nodes = m.node_tree.nodes
    nodes.remove(nodes["Principled BSDF"])
    h = nodes.new("ShaderNodeBsdfHairPrincipled")
    h.parametrization = "MELANIN"
    for key, value in {
        "Melanin": melanin,
        "Melanin Redness": redness,
        "Roughness": roughness,
        "Radial Roughness": 0.45,
        "Random Color": 0.25,
        "Random Roughness": 0.2,
    }.items():
        h.inputs[key].default_value = value
    m.node_tree.links.new(h.outputs[0], nodes["Material Output"].inputs[0])
    return m


def woven(name: str, colour: list[int], grain: float, depth: float) -> bpy.types.Material:
    """`grain`: threads per metre; `depth`: strength of the relief."""
    m = plain(name, linear(colour), 0.92, Sheen_Weight=0.35, Sheen_Roughness=0.5, Specular_IOR_Level=0.12)
    g = _Graph(m)
    coords = g.node("ShaderNodeNewGeometry").outputs["Position"]
    weave = g.node("ShaderNodeTexNoise", Scale=grain, Detail=3.0)
    g.wire(coords, weave.inputs["Vector"])
    r, gr, b, _ = linear(colour)
    g.wire(
        g.mix(weave.outputs[0], (r * 0.82, gr * 0.82, b * 0.82, 1), (r * 1.16, gr * 1.16, b * 1.16, 1)),
        g.bsdf.inputs["Base Color"],
    )
    bump = g.node("ShaderNodeBump", Strength=depth, Distance=0.0012)
    g.wire(weave.outputs[0], bump.inputs["Height"])
    g.wire(bump.outputs[0], g.bsdf.inputs["Normal"])
    return m


def eye(iris: list[list[int]]) -> bpy.types.Material:
    """Rings around the local -y axis (where the eye looks); the object's radius is 1."""
    m = plain(
        "Eye", (1, 1, 1, 1), 0.35, Coat_Weight=0.7, Coat_Roughness=0.02, Subsurface_Weight=0.15, Subsurface_Scale=0.002
    )
    g = _Graph(m)
    at = g.node("ShaderNodeTexCoord").outputs["Object"]
    split = g.node("ShaderNodeSeparateXYZ")
    g.wire(at, split.inputs[0])
    flat = g.node("ShaderNodeCombineXYZ")
    g.wire(split.outputs[0], flat.inputs[0])
    g.wire(split.outputs[2], flat.inputs[2])
    radius = g.node("ShaderNodeVectorMath", operation="LENGTH")
    g.wire(flat.outputs[0], radius.inputs[0])
    fibre = g.node("ShaderNodeTexNoise", Scale=9.0, Detail=4.0)
    stretch = g.node("ShaderNodeVectorMath", operation="NORMALIZE")
    g.wire(flat.outputs[0], stretch.inputs[0])
    g.wire(stretch.outputs[0], fibre.inputs["Vector"])
    ramp = g.node("ShaderNodeValToRGB")
    g.wire(radius.outputs["Value"], ramp.inputs[0])
    outer, inner = linear(iris[0]), linear(iris[1])
    white, rim = linear([232, 226, 221]), linear([26, 17, 12])
    stops = [
        (0.0, (0.003,) * 3 + (1,)),
        (0.20, (0.003,) * 3 + (1,)),
        (0.225, inner),
        (0.37, outer),
        (0.445, rim),
        (0.485, white),
        (1.0, linear([212, 190, 182])),
    ]
    e = ramp.color_ramp.elements
    while len(e) < len(stops):
        e.new(1.0)
    for element, (position, colour) in zip(e, stops):
        element.position, element.color = position, colour
    tint = g.node("ShaderNodeMix", data_type="RGBA", blend_type="MULTIPLY")
    tint.inputs[0].default_value = 0.6
    g.wire(ramp.outputs[0], tint.inputs[6])
    grey = g.node("ShaderNodeValToRGB")
    grey.color_ramp.elements[0].color = (0.45, 0.45, 0.45, 1)
    grey.color_ramp.elements[1].color = (1, 1, 1, 1)
    g.wire(fibre.outputs[0], grey.inputs[0])
    inside = g.node("ShaderNodeMath", operation="LESS_THAN")
    g.wire(radius.outputs["Value"], inside.inputs[0])
    inside.inputs[1].default_value = 0.46
    g.wire(g.scaled(inside.outputs[0], 0.4), tint.inputs[0])
    g.wire(grey.outputs[0], tint.inputs[7])
    g.wire(tint.outputs[2], g.bsdf.inputs["Base Color"])
    return m
