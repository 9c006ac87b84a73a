"""Which side each picture is on: training, validation or test.

`data.split` says what decides. hash: the picture's content, so that exact copies share a side and more pictures move
none across. folder: the same of the folder that it lies in (a character's colours must not leak). named: the folder
named train, val or test that it lies in, as data sets are published. auto: named where there are such folders, else
hash; a run keeps what that came to, and the sides of the pictures that it began with.
"""

import hashlib
import os
import re
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from gan.config import Data
from gan.config.data import Splitting
from gan.data import SPLITS, Digests, Split
from gan.data.folder import Picture
from gan.errors import RequestError

NAME = re.compile(r"(?:(train)|(val|valid|validation)|(test))(?:[-_.].*\.tar)?", re.IGNORECASE)
"""A folder, or a shard such as train-000000.tar, that is named after a side; the group says which of SPLITS."""
Sides = dict[Split, list[Picture]]
Home = tuple[str, ...]
"""The parts of a folder's path."""


@dataclass(frozen=True)
class Divided:
    """The pictures of a data set by their sides."""

    sides: Sides
    by: Splitting
    """What decided: never auto."""
    left_out: dict[str, str]
    """Path -> why a usable picture is on no side."""
    notes: list[str]
    """What a person should know."""


def divide(pictures: Sequence[Picture], data: Data, begun: Digests | None = None) -> Divided:
    """The pictures of each side, in the order of their paths.

    A copy of a picture of another side is left out: of a training picture, from validation and test; with named, of a
    test picture, from training. A side that is empty by chance takes the picture (the folder, with split=folder) whose
    hash is nearest to it.

    Args:
        pictures: all that can be used, sorted by path.
        data: how they are split.
        begun: the sides of a run that goes on, which its pictures keep, and their order.

    Raises:
        RequestError: a side is empty; or split=named finds no folders of these names, or too few pictures in them.
    """
    homes = _homes(pictures)
    whole = {home for home, names in homes.items() if "train" in names and len(names) > 1}
    by = data.split if data.split != "auto" else "named" if whole else "hash"
    if by == "named":
        sides, left_out, notes = _by_name(pictures, data, whole)
    else:
        sides, left_out, notes = _by_hash(pictures, data, by), {}, _unused_names(homes, data, by)
    left_out |= _take_out_copies(sides, ("test", "val", "train") if by == "named" else SPLITS)
    if begun is not None:
        sides = _as_begun(sides, begun)
    notes += _fill(sides, data, by)
    for split in SPLITS:
        if not sides[split]:
            raise RequestError(
                f"data.root ({data.root}): data.split={by} leaves no picture of {len(pictures)} for {split}; "
                f"add pictures, or change data.val_fraction ({data.val_fraction:g}) "
                f"or data.test_fraction ({data.test_fraction:g})"
            )
    return Divided(sides, by, left_out, notes)


def _by_hash(pictures: Sequence[Picture], data: Data, by: Splitting) -> Sides:
    sides: Sides = {split: [] for split in SPLITS}
    for picture in pictures:
        sides[_hashed(_key(picture, by), data)].append(picture)
    return sides


def _key(picture: Picture, by: Splitting) -> str:
    """What is hashed."""
    return str(PurePosixPath(picture.path).parent) if by == "folder" else picture.digest


def _hashed(key: str, data: Data) -> Split:
    place = _place(key)
    if place < data.test_fraction:
        return "test"
    return "val" if place < data.test_fraction + data.val_fraction else "train"


def _place(key: str) -> float:
    """A number in [0, 1)."""
    return int.from_bytes(hashlib.sha256(os.fsencode(key)).digest()[:8], "big") / 2**64


def _share(split: Split, data: Data) -> tuple[float, float]:
    """From which place to which a side reaches."""
    held = data.test_fraction + data.val_fraction
    return {"test": (0.0, data.test_fraction), "val": (data.test_fraction, held), "train": (held, 1.0)}[split]


def named_side(name: str) -> Split | None:
    """The side that a folder is named after."""
    match = NAME.fullmatch(name)
    return SPLITS[match.lastindex - 1] if match and match.lastindex else None


def _homes(pictures: Sequence[Picture]) -> dict[Home, set[Split]]:
    """Folder -> the sides that folders in it are named after; each folder that holds one of such a name."""
    homes: dict[Home, set[Split]] = defaultdict(set)
    for folder in {PurePosixPath(picture.path).parent for picture in pictures}:
        for depth, name in enumerate(folder.parts):
            if side := named_side(name):
                homes[folder.parts[:depth]].add(side)
    return homes


def _by_name(pictures: Sequence[Picture], data: Data, homes: set[Home]) -> tuple[Sides, dict[str, str], list[str]]:
    """The sides as the folders' names have them; a side without a folder is taken from training, by content."""
    if not homes:
        raise RequestError(f"data.root ({data.root}): data.split=named needs folders train and test, or train and val")
    sides: Sides = {split: [] for split in SPLITS}
    outside = {}
    for picture in pictures:
        parts = PurePosixPath(picture.path).parent.parts
        names = (named_side(name) for depth, name in enumerate(parts) if parts[:depth] in homes)
        side = next((name for name in names if name is not None), None)
        if side is None:
            outside[picture.path] = "in no folder named train, val or test"
        else:
            sides[side].append(picture)
    if len(pictures) - len(outside) < data.min_images:
        raise RequestError(
            f"data.root ({data.root}) has {len(pictures) - len(outside)} usable pictures in folders named train, val "
            f"or test and data.min_images is {data.min_images}; --data.split hash takes all {len(pictures)}"
        )
    counts = ", ".join(f"{len(sides[split])} {split}" for split in SPLITS)
    notes = [f"data.root ({data.root}): folders named train, val and test are taken as they are: {counts}"]
    for split in SPLITS:
        if not sides[split]:
            every = [(picture, _hashed(picture.digest, data) == split) for picture in sides["train"]]
            sides[split], sides["train"] = ([each for each, taken in every if taken is here] for here in (True, False))
            notes.append(f"no folder has pictures for {split}: it takes {len(sides[split])} of train, by their content")
    return sides, outside, notes


def _unused_names(homes: Mapping[Home, set[Split]], data: Data, by: Splitting) -> list[str]:
    """A line where folders are named after sides and do not decide."""
    for home, names in homes.items():
        if len(names) > 1:
            shown = ", ".join(split for split in SPLITS if split in names)
            where = "/".join((data.root, *home))
            return [f"{where} has folders named {shown}, which data.split={by} does not heed"]
    return []


def _take_out_copies(sides: Sides, order: Sequence[Split]) -> dict[str, str]:
    """Leave every content to the first side, in an order, that has it; the paths that go."""
    first: dict[str, Split] = {}
    copies = {}
    for split in order:
        for picture in sides[split]:
            if first.setdefault(picture.digest, split) != split:
                copies[picture.path] = f"a copy of a picture of {first[picture.digest]}"
        sides[split] = [picture for picture in sides[split] if first[picture.digest] == split]
    return copies


def _as_begun(sides: Sides, begun: Digests) -> Sides:
    """Every picture of a run on the side and in the place that it had; new ones follow, where they are put."""
    side_of = {digest: split for split in SPLITS for digest in begun[split]}
    places: dict[str, deque[int]] = defaultdict(deque)
    for split in SPLITS:
        for place, digest in enumerate(begun[split]):
            places[digest].append(place)
    placed: dict[Split, list[tuple[float, Picture]]] = {split: [] for split in SPLITS}
    for split in SPLITS:
        for picture in sides[split]:
            left = places[picture.digest]
            placed[side_of.get(picture.digest, split)].append((left.popleft() if left else float("inf"), picture))
    return {
        split: [picture for _, picture in sorted(pairs, key=lambda pair: (pair[0], pair[1].path))]
        for split, pairs in placed.items()
    }


def _fill(sides: Sides, data: Data, by: Splitting) -> list[str]:
    """Give each side that is empty by chance what is nearest to it; a line for each.

    No side gives its last. With named, only training gives.
    """
    notes = []
    for split in SPLITS:
        low, high = _share(split, data)
        if sides[split] or low == high:
            continue

        def distance(key: str, low: float = low, high: float = high) -> float:
            return max(low - _place(key), _place(key) - high)

        found = _nearest(sides, by, distance)
        if found is None:
            continue
        donor, key = found
        sides[split] = [picture for picture in sides[donor] if _key(picture, by) == key]
        sides[donor] = [picture for picture in sides[donor] if _key(picture, by) != key]
        what = f"the folder {key}" if by == "folder" else sides[split][0].path
        notes.append(
            f"data.root ({data.root}): too few pictures for {split}, which none of {sum(map(len, sides.values()))} "
            f"fell to: it takes {what} from {donor}"
        )
    return notes


def _nearest(sides: Sides, by: Splitting, distance: Callable[[str], float]) -> tuple[Split, str] | None:
    """The side and the key of what is nearest, of those sides that keep another."""
    keys = {split: {_key(picture, by) for picture in sides[split]} for split in SPLITS}
    givers = [split for split in SPLITS if len(keys[split]) > 1 and (by != "named" or split == "train")]
    nearest = min(((distance(key), key, split) for split in givers for key in keys[split]), default=None)
    return nearest and (nearest[2], nearest[1])
