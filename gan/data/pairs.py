"""Drawings with their pictures: two folders matched by stem, or both halves in one file (the format of pix2pix)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np

from gan.arrays import Pixels
from gan.config import Data
from gan.data import lines
from gan.data.folder import Picture, Scan, look, require_enough, require_folder
from gan.data.picture import cover, read_rgb
from gan.data.split import named_side
from gan.errors import RequestError

ASPECT_TOLERANCE = 0.02
"""Largest relative difference of the aspect ratios of a drawing and its picture."""


@dataclass(frozen=True)
class Pairs:
    """The pairs of a folder."""

    scan: Scan
    """The pictures; their paths are relative to `data.root`."""
    lines: dict[str, str]
    """Picture path -> path of its drawing; empty for side-by-side files."""


def find(data: Data) -> Pairs:
    """The pairs below `data.root`; what makes no pair is skipped.

    Raises:
        RequestError: no folders of drawings and pictures, or fewer pairs than `data.min_images`.
    """
    found = _two_folders(data) if data.layout == "folders" else Pairs(_side_by_side(data), {})
    require_enough(found.scan, data)
    return found


def _side_by_side(data: Data) -> Scan:
    found = look(data)
    odd = {
        picture.path: f"its width ({picture.width}) is odd, and two pictures lie side by side in it"
        for picture in found.pictures
        if picture.width % 2
    }
    return _without(found, odd)


def _two_folders(data: Data) -> Pairs:
    root = require_folder(data.root)
    homes = _homes(root, data)
    drawings, pictures = (_together(root, homes, name, data) for name in ("line", "color"))
    unpaired = _unpaired(drawings, "line", pictures, "color") | _unpaired(pictures, "color", drawings, "line")
    both = _all_of(root, [drawings, pictures])
    found, by_stem = _without(replace(both, pictures=pictures.pictures), unpaired), _by_stem(drawings, "line")
    lines = {picture.path: by_stem[_stem(picture.path, "color")][0].path for picture in found.pictures}
    return Pairs(found, lines)


def _homes(root: Path, data: Data) -> list[str]:
    """The folders that hold line/ and color/, relative to the root: itself, or those that are named after sides."""
    parts = ("line", "color")
    missing = [part for part in parts if not (root / part).is_dir()]
    if not missing:
        return [""]
    named = sorted(path.name for path in root.iterdir() if named_side(path.name))
    if not any(all((root / name / part).is_dir() for part in parts) for name in named):
        raise RequestError(
            f"data.root ({data.root}) must hold the folders line and color: there is no {' and no '.join(missing)}"
        )
    return named


def _together(root: Path, homes: list[str], name: str, data: Data) -> Scan:
    """What the folders of one name hold, with paths relative to the root."""
    folders = [f"{home}/{name}".lstrip("/") for home in homes]
    there = [folder for folder in folders if (root / folder).is_dir()]  # what is without a partner is named later
    return _all_of(root, [_below(folder, look(replace(data, root=str(root / folder)))) for folder in there])


def _below(folder: str, found: Scan) -> Scan:
    """The same, with paths relative to the folder that `folder` lies in."""
    return replace(
        found,
        pictures=tuple(replace(picture, path=f"{folder}/{picture.path}") for picture in found.pictures),
        skipped={f"{folder}/{path}": reason for path, reason in found.skipped.items()},
        converted=tuple(f"{folder}/{path}" for path in found.converted or ()),
        noted={f"{folder}/{path}": note for path, note in found.noted.items()},
    )


def _all_of(root: Path, parts: list[Scan]) -> Scan:
    """What several folders hold, together."""
    other, left_out = Counter[str](), Counter[str]()
    for part in parts:
        other.update(part.other)
        left_out.update(part.left_out)
    return Scan(
        root,
        tuple(picture for part in parts for picture in part.pictures),
        {path: reason for part in parts for path, reason in part.skipped.items()},
        dict(sorted(other.items())),
        dict(sorted(left_out.items())),
        tuple(path for part in parts for path in part.converted or ()),
        {path: note for part in parts for path, note in part.noted.items()},
    )


def _without(found: Scan, unusable: dict[str, str]) -> Scan:
    """The same, with more that is skipped, and why."""
    pictures = tuple(picture for picture in found.pictures if picture.path not in unusable)
    return replace(found, pictures=pictures, skipped=found.skipped | unusable)


def _stem(path: str, name: str) -> str:
    """What a drawing and its picture share: the path without its suffix and without the folder line or color."""
    home, _, below = f"/{path}".partition(f"/{name}/")
    return f"{home}/{PurePosixPath(below).with_suffix('')}"


def _by_stem(found: Scan, name: str) -> defaultdict[str, list[Picture]]:
    """What a drawing and its picture share -> those that have it."""
    by_stem: defaultdict[str, list[Picture]] = defaultdict(list)
    for picture in found.pictures:
        by_stem[_stem(picture.path, name)].append(picture)
    return by_stem


def _unpaired(these: Scan, name: str, others: Scan, other: str) -> dict[str, str]:
    """Path -> why a file of the folder `name` makes no pair with one of the folder `other`."""
    partners = _by_stem(others, other)
    skipped = {_stem(path, other) for path in others.skipped}
    reasons: dict[str, str] = {}
    for stem, same in _by_stem(these, name).items():
        if reason := _no_pair(same, partners[stem], other, skipped=stem in skipped):
            reasons |= dict.fromkeys((each.path for each in same), reason)
    return reasons


def _no_pair(same: list[Picture], partners: list[Picture], other: str, *, skipped: bool) -> str | None:
    for files in (same, partners):
        if len(files) > 1:
            return f"one name for two files: {', '.join(each.path for each in files)}"
    if not partners:
        return f"its partner in {other} is skipped" if skipped else f"without a partner in {other}"
    if not _same_aspect(same[0], partners[0]):
        sizes = " and ".join(f"{each.width}x{each.height}" for each in (same[0], partners[0]))
        return f"drawing and picture differ in aspect: {sizes}"
    return None


def _same_aspect(one: Picture, other: Picture) -> bool:
    return abs(one.width * other.height / (one.height * other.width) - 1) <= ASPECT_TOLERANCE


def read_pair(pairs: Pairs, picture: Picture, data: Data, shape: tuple[int, int]) -> tuple[Pixels, Pixels]:
    """(H, W, 3) colour and (H, W) drawing of one pair, both just covering `shape`."""
    color = read_rgb(pairs.scan.root / picture.path, data.max_pixels)
    if data.layout == "folders":
        line = read_rgb(pairs.scan.root / pairs.lines[picture.path], data.max_pixels)
    else:
        left, right = np.split(color, 2, axis=1)
        line, color = (left, right) if data.layout == "line-color" else (right, left)
    color = cover(color, shape)
    return color, lines.given(line, *color.shape[:2])
