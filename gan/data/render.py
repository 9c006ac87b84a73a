"""Characters from vector graphics, without PyTorch: what the embedded data set is rendered from.

DiceBear's style "adventurer" (artist Lisa Wischofsky, CC BY 4.0), rasterised with resvg. Pictures are 8 bit, white
= 255.
"""

import copy
import io
import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import resvg_py
from dicebear import Avatar, Style
from PIL import Image

from gan import seeds
from gan.arrays import Pixels
from gan.data.palette import REGIONS
from gan.errors import RequestError

CREDIT = "Adventurer by Lisa Wischofsky, CC BY 4.0, remixed by DiceBear"
FORMAT = 1
"""Raise when the rendering below changes: the cache's name holds it."""

EXCLUDED = (
    *("short04", "short12", "short13", "short19"),
    *("long03", "long08", "long10", "long12", "long18", "long26"),
)
"""Hair variants with too small a core, or with literal fills."""

FEATURES = ("eyes", "eyebrows", "mouth", "details", "glasses", "earrings")
"""What makes a face besides its hair; no combination of them occurs on two sides of the split."""


@cache
def definition() -> dict[str, Any]:
    """The style: components with their variants, and colours."""
    text = files("dicebear_styles").joinpath("adventurer.json").read_text("utf-8")
    style: dict[str, Any] = json.loads(text)
    return style


def whitened(node: Any) -> Any:
    """The style with its literal "#hex" fills (flowers, blush, freckles, a mouth) white: they would leak colour."""
    if isinstance(node, dict):
        return {
            key: "#ffffff" if key == "fill" and isinstance(value, str) and value.startswith("#") else whitened(value)
            for key, value in node.items()
        }
    return [whitened(value) for value in node] if isinstance(node, list) else copy.copy(node)


@cache
def _styles() -> tuple[Style, Style]:
    """The style for colour pictures, and the one for line drawings."""
    return Style(definition()), Style(whitened(definition()))


@cache
def hair_variants() -> tuple[str, ...]:
    """The 35 hair variants in their canonical order, after a fixed shuffle."""
    every = sorted(definition()["components"]["hair"]["variants"])
    kept = [variant for variant in every if variant not in EXCLUDED]
    return tuple(str(variant) for variant in seeds.rng(0, "hair variants").permutation(kept))


def _options(seed: str, hair: str, size: int, fills: dict[str, str]) -> dict[str, Any]:
    colors = {f"{name}Color": [f"#{fill}"] for name, fill in fills.items()}
    return {"seed": seed, "size": size, "hairVariant": hair, "hairProbability": 100} | colors


def _raster(style: Style, options: dict[str, Any]) -> Pixels:
    """(S, S, 3) of an opaque character."""
    png = resvg_py.svg_to_bytes(svg_string=Avatar(style, options).to_string(), skip_system_fonts=True)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def render_color(seed: str, hair: str, size: int, fills: dict[str, str]) -> Pixels:
    """(S, S, 3): a character as the style draws it, with region name -> rrggbb fills."""
    return _raster(_styles()[0], _options(seed, hair, size, fills))


def render_line(seed: str, hair: str, size: int) -> Pixels:
    """(S, S, 3): the drawing, with everything white but ink, eyes, glasses and earrings."""
    white = [*REGIONS, "lips", "tongue", "throat", "uvula", "teeth", "sclera"]
    return _raster(_styles()[1], _options(seed, hair, size, dict.fromkeys(white, "ffffff")))


def render(job: tuple[str, str, int]) -> tuple[Pixels, Pixels, Pixels]:
    """(seed, hair variant, size) -> base, line and coverage of one character, as in `gan.data.avatars.Characters`."""
    seed, hair, size = job
    white = dict.fromkeys(REGIONS, "ffffff")
    base = render_color(seed, hair, size, white)
    coverage = []
    for region in REGIONS:  # two renders that differ in one fill, white and black: their difference is its coverage
        black = render_color(seed, hair, size, white | {region: "000000"})
        coverage.append((base.astype(np.int16) - black).max(axis=2).astype(np.uint8))
    return base.transpose(2, 0, 1), render_line(seed, hair, size)[:, :, 0], np.stack(coverage)


def _face(seed: str, hair: str) -> str:
    """The combination of features that a seed chose."""
    chosen = Avatar(_styles()[0], _options(seed, hair, 64, {})).to_json()["options"]
    return "/".join(str(chosen.get(f"{feature}Variant", "-")) for feature in FEATURES)


def cast_of(count: int) -> list[tuple[int, str, str]]:
    """(variant, seed, face) of `count` characters: every variant equally often, every face once."""
    cast: list[tuple[int, str, str]] = []
    taken: set[str] = set()
    variants = hair_variants()
    for number in range(count):
        variant = number % len(variants)
        for attempt in range(100):
            seed = f"{number}-{attempt}"
            face = _face(seed, variants[variant])
            if face not in taken:
                break
        else:
            raise RequestError(f"data.characters ({count}) is more than the style's faces can be told apart by")
        taken.add(face)
        cast.append((variant, seed, face))
    return cast
