"""Drawings with their pictures: two folders matched by stem, or both halves in one file (the format of pix2pix)."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from gan.arrays import Pixels
from gan.config import Data
from gan.data import lines
from gan.data.folder import Picture, Scan, require_folder, scan
from gan.data.picture import cover, read_rgb
from gan.errors import RequestError

ASPECT_TOLERANCE = 0.02
"""Largest relative difference of the aspect ratios of a drawing and its picture."""


@dataclass(frozen=True)
class Pairs:
    """The pairs of a folder."""

    scan: Scan
    """The pictures; their paths are relative to `scan.root`."""
    lines: dict[str, Path]
    """Picture path -> file of its drawing; empty for side-by-side files."""


def find(data: Data) -> Pairs:
    """The pairs below `data.root`.

    Raises:
        RequestError: files without a partner, halves that cannot be, or too few pairs.
    """
    if data.layout == "folders":
        return _two_folders(data)
    found = scan(data)
    odd = [picture.path for picture in found.pictures if picture.width % 2]
    if odd:
        raise RequestError(f"data.root ({data.root}): pictures side by side must have an even width: {_names(odd)}")
    return Pairs(found, {})


def _two_folders(data: Data) -> Pairs:
    root = require_folder(data.root)
    sides = {}
    for side in ("line", "color"):
        if not (root / side).is_dir():
            raise RequestError(f"data.root ({data.root}) must hold the folders line and color: there is no {side}")
        sides[side] = scan(replace(data, root=str(root / side)))
    drawings = _by_stem(sides["line"], data)
    pictures = _by_stem(sides["color"], data)
    for this, other, name in ((drawings, pictures, "line"), (pictures, drawings, "color")):
        alone = [picture.path for stem, picture in this.items() if stem not in other]
        if alone:
            raise RequestError(f"data.root ({data.root}): files of {name} without a partner: {_names(alone)}")
    crooked = [picture.path for stem, picture in pictures.items() if not _same_aspect(picture, drawings[stem])]
    if crooked:
        raise RequestError(f"data.root ({data.root}): drawing and picture differ in aspect: {_names(crooked)}")
    lines = {picture.path: sides["line"].root / drawings[stem].path for stem, picture in pictures.items()}
    return Pairs(sides["color"], lines)


def _by_stem(found: Scan, data: Data) -> dict[str, Picture]:
    """Path without suffix -> picture."""
    by_stem: dict[str, Picture] = {}
    for picture in found.pictures:
        stem = str(Path(picture.path).with_suffix(""))
        if stem in by_stem:
            raise RequestError(f"data.root ({data.root}): one name for two files: {picture.path}, {by_stem[stem].path}")
        by_stem[stem] = picture
    return by_stem


def _same_aspect(one: Picture, other: Picture) -> bool:
    return abs(one.width * other.height / (one.height * other.width) - 1) <= ASPECT_TOLERANCE


def _names(paths: list[str]) -> str:
    shown = ", ".join(paths[:5])
    return shown if len(paths) <= 5 else f"{shown} and {len(paths) - 5} more"


def read_pair(pairs: Pairs, picture: Picture, data: Data, shape: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """(H, W, 3) colour and (H, W) drawing of one pair, both just covering `shape`."""
    color = read_rgb(pairs.scan.root / picture.path, data.max_pixels)
    if data.layout == "folders":
        line = read_rgb(pairs.lines[picture.path], data.max_pixels)
    else:
        left, right = np.split(color, 2, axis=1)
        line, color = (left, right) if data.layout == "line-color" else (right, left)
    color = cover(color, shape)
    return color, lines.given(line, *color.shape[:2])
