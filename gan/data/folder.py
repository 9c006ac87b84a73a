"""A person's folder of pictures: what is in it, what of it can be used, and which side each picture is on.

The scan decodes every file once and keeps a manifest in the cache, so that the next run reads only what has changed.
Nothing is ever written into the folder.
"""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gan.config import Data
from gan.data import SPLITS, Split
from gan.data.picture import SUFFIXES, UnusablePicture, read_rgb
from gan.errors import RequestError
from gan.files import cache_folder, write_text
from gan.log import counted

FORMAT = 1
"""Raise when the manifest's fields change."""


@dataclass(frozen=True)
class Picture:
    """A usable file: its path inside the folder, with slashes, and the SHA-256 of its bytes."""

    path: str
    digest: str
    width: int
    height: int


@dataclass(frozen=True)
class Scan:
    """What a folder holds."""

    root: Path
    pictures: tuple[Picture, ...]
    """Usable files, sorted by path."""
    skipped: dict[str, str]
    """Path -> why a picture file is not used."""
    other: dict[str, int]
    """Suffix -> number of files that are no pictures."""


def scan(data: Data) -> Scan:
    """Look at every file below `data.root`.

    Raises:
        RequestError: no such folder, or fewer usable pictures than `data.min_images`.
    """
    return require_enough(look(data), data)


def look(data: Data) -> Scan:
    """The same of a folder that may have fewer pictures.

    Raises:
        RequestError: no such folder.
    """
    root = require_folder(data.root)
    known = _read_manifest(root)
    paths, other = _list(root)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        looked = pool.map(lambda path: _look(root, path, known, data), paths)
        entries = dict(zip(paths, counted(looked, len(paths), "looking at pictures"), strict=True))
    if entries != known:
        _write_manifest(root, entries)
    return collect(root, entries, other, data)


def collect(root: Path, entries: dict[str, dict[str, Any]], other: dict[str, int], data: Data) -> Scan:
    """What can be used of files that were looked at.

    Args:
        root: what their paths are relative to.
        entries: path -> `digest`, `width` and `height` of a picture, or the `reason` that it is none; sorted.
        other: suffix -> number of files that are no pictures.
        data: which pictures are wanted.
    """
    return Scan(
        root=root,
        pictures=tuple(
            Picture(path, entry["digest"], entry["width"], entry["height"])
            for path, entry in entries.items()
            if _reason(entry, data) is None
        ),
        skipped={path: reason for path, entry in entries.items() if (reason := _reason(entry, data))},
        other=other,
    )


def require_enough(result: Scan, data: Data) -> Scan:
    """What was found, if that is enough to train.

    Raises:
        RequestError: fewer usable pictures than `data.min_images`.
    """
    if len(result.pictures) < data.min_images:
        raise RequestError(
            f"data.root ({data.root}) has {len(result.pictures)} usable pictures and data.min_images is "
            f"{data.min_images}; {describe(result)}"
        )
    return result


def require_folder(root: str) -> Path:
    """The folder named by `data.root`, absolute.

    Raises:
        RequestError: it is not named, or not there.
    """
    if root == "":
        raise RequestError("data.root must name the folder of pictures: --data.root FOLDER")
    path = Path(root).expanduser()
    if not path.is_dir():
        raise RequestError(
            f"data.root ({root}) must be a folder: {'a file is there' if path.exists() else 'none such'}"
        )
    return path.resolve()


def describe(result: Scan) -> str:
    """One line on what was not used, such as: 2 skipped (a.jpg: not a picture; ...), 4 other files (.csv 1, .txt 3)."""
    parts = []
    if result.skipped:
        shown = [f"{path}: {reason}" for path, reason in list(result.skipped.items())[:3]]
        more = ["..."] if len(result.skipped) > len(shown) else []
        parts.append(f"{len(result.skipped)} skipped ({'; '.join(shown + more)})")
    if result.other:
        kinds = ", ".join(f"{suffix or 'no suffix'} {count}" for suffix, count in result.other.items())
        parts.append(f"{sum(result.other.values())} other files ({kinds})")
    return ", ".join(parts) or "nothing else is in it"


def _list(root: Path) -> tuple[list[str], dict[str, int]]:
    """Sorted paths of the picture files, and how many files there are of each other suffix."""
    pictures, other = [], Counter[str]()
    for path in _walk(root):
        suffix = path.suffix.lower()
        if suffix in SUFFIXES:
            pictures.append(path.relative_to(root).as_posix())
        else:
            other[suffix] += 1
    return sorted(pictures), dict(sorted(other.items()))


def _walk(root: Path) -> Iterator[Path]:
    """Every file below a folder, links followed, no folder twice."""
    visited = {os.path.realpath(root)}
    for folder, folders, names in os.walk(root, followlinks=True):
        entered = []
        for name in sorted(folders):
            real = os.path.realpath(os.path.join(folder, name))
            if real not in visited:
                visited.add(real)
                entered.append(name)
        folders[:] = entered
        yield from (Path(folder, name) for name in names)


def _look(root: Path, path: str, known: dict[str, Any], data: Data) -> dict[str, Any]:
    """What the manifest says of a file: size, time, and either a reason or the digest and the picture's size."""
    file = root / path
    try:
        status = file.stat()
        seen = {"bytes": status.st_size, "time": status.st_mtime_ns}
        before = known.get(path, {})
        if {name: before.get(name) for name in seen} == seen and before.get(
            "limit", data.max_pixels
        ) == data.max_pixels:
            return dict(before)
        height, width = read_rgb(file, data.max_pixels).shape[:2]
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        return seen | {"digest": digest, "width": width, "height": height}
    except UnusablePicture as unusable:
        return seen | {"reason": str(unusable), "limit": data.max_pixels}
    except OSError as error:
        return {"reason": f"cannot be read: {error.strerror}"}


def _reason(entry: dict[str, Any], data: Data) -> str | None:
    """Why a file is not used, or None."""
    if "reason" in entry:
        return str(entry["reason"])
    width, height = entry["width"], entry["height"]
    if min(width, height) < data.min_side:
        return f"{width}x{height} is smaller than data.min_side ({data.min_side})"
    if width * height > data.max_pixels:
        return f"{width}x{height} is more than data.max_pixels ({data.max_pixels})"
    return None


def _manifest_path(root: Path) -> Path:
    name = hashlib.sha256(f"{FORMAT} {root}".encode()).hexdigest()[:24]
    return cache_folder() / "manifests" / f"{name}.json"


def _read_manifest(root: Path) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads(_manifest_path(root).read_text("utf-8"))
    except (OSError, ValueError):  # a manifest only saves time: without one, every file is looked at
        return {}
    return known


def _write_manifest(root: Path, entries: dict[str, Any]) -> None:
    with suppress(OSError):  # as above
        write_text(_manifest_path(root), json.dumps(entries))


def summary(result: Scan, by_side: dict[Split, list[Picture]]) -> dict[str, Any]:
    """What a run keeps of the data it saw: every picture's side, and every file that was not used."""
    return {
        "root": str(result.root),
        "pictures": {split: [asdict(picture) for picture in by_side[split]] for split in SPLITS},
        "skipped": result.skipped,
        "other": result.other,
    }
