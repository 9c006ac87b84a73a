"""A person's folder of pictures: what is in it, what of it can be used, and which side each picture is on.

The scan decodes every file once and keeps a manifest in the cache, so that the next run reads only what has changed.
Nothing is ever written into the folder.
"""

import hashlib
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from gan.config import Data
from gan.data import SPLITS, Split
from gan.data.listing import list_pictures
from gan.data.picture import Read, UnusablePicture, read
from gan.errors import RequestError
from gan.files import cache_folder, read_regular, write_text
from gan.log import console, counted

FORMAT = 2
"""Raise when the manifest's fields change, or what is read from a file."""
SAVE_SECONDS = 10
"""How much looking is lost where a scan is killed."""


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
    left_out: dict[str, int] = field(default_factory=dict)
    """Where nobody keeps data -> number of picture files that lie there, and were not looked at."""
    converted: tuple[str, ...] | None = ()
    """Usable files whose numbers were not sRGB, and are made that; None: not known."""
    noted: dict[str, str] = field(default_factory=dict)
    """Path of a usable file -> what beside its pixels could not be read."""


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
    with console.status("listing files"):
        listed = list_pictures(root)
    looked = collect(root, _look_at_all(root, listed.pictures, data), listed.other, data)
    return replace(looked, left_out=listed.left_out, skipped=listed.unreadable | looked.skipped)


def _look_at_all(root: Path, paths: list[str], data: Data) -> dict[str, dict[str, Any]]:
    """Path -> what the manifest says of it; what was looked at when this is interrupted is kept for the next time."""
    known = _read_manifest(root)
    entries: dict[str, dict[str, Any]] = {}
    saved = time.monotonic()
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        looked = pool.map(lambda path: _look(root, path, known, data), paths)
        for path, entry in zip(paths, counted(looked, len(paths), "looking at pictures"), strict=True):
            entries[path] = entry
            if time.monotonic() - saved > SAVE_SECONDS:
                _write_manifest(root, known | entries)
                saved = time.monotonic()
    except BaseException:
        _write_manifest(root, known | entries)
        raise
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C waits for the files in hand, and not for all of them
    if entries != known:
        _write_manifest(root, entries)
    return entries


def collect(root: Path, entries: dict[str, dict[str, Any]], other: dict[str, int], data: Data) -> Scan:
    """What can be used of files that were looked at.

    Args:
        root: what their paths are relative to.
        entries: path -> `digest`, `width` and `height` of a picture, `converted` where its numbers were not sRGB and a
            `note` on what could not be read; or the `reason` that it is none; sorted.
        other: suffix -> number of files that are no pictures.
        data: which pictures are wanted.
    """
    usable = {path: entry for path, entry in entries.items() if _reason(entry, data) is None}
    return Scan(
        root=root,
        pictures=tuple(
            Picture(path, entry["digest"], entry["width"], entry["height"]) for path, entry in usable.items()
        ),
        skipped={path: reason for path, entry in entries.items() if (reason := _reason(entry, data))},
        other=other,
        converted=tuple(path for path, entry in usable.items() if "converted" in entry),
        noted={path: entry["note"] for path, entry in usable.items() if "note" in entry},
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
        parts.append(f"{len(result.skipped)} skipped ({_first(result.skipped)})")
    if result.left_out:
        parts.append(f"{sum(result.left_out.values())} pictures left out ({_kinds(result.left_out)})")
    if result.other:
        parts.append(f"{sum(result.other.values())} other files ({_kinds(result.other)})")
    return ", ".join(parts) or "nothing else is in it"


def notes(result: Scan) -> list[str]:
    """What a person should know of a folder: a line on what was not used, and one on what was not used as it is."""
    changed = []
    if result.converted:
        changed.append(f"{len(result.converted)} pictures converted to sRGB, as their colour profiles or gammas say")
    if result.converted is None:
        changed.append("how many pictures are converted to sRGB is not known, for an earlier version packed them")
    if result.noted:
        changed.append(f"{len(result.noted)} with a part that cannot be read ({_first(result.noted)})")
    unused = result.skipped or result.left_out or result.other
    lines = ([describe(result)] if unused else []) + ([", ".join(changed)] if changed else [])
    return [f"{result.root}: {line}" for line in lines]


def _first(reasons: dict[str, str]) -> str:
    shown = [f"{path}: {reason}" for path, reason in list(reasons.items())[:3]]
    return "; ".join(shown + ["..."] * (len(reasons) > len(shown)))


def _kinds(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind or 'no suffix'} {count}" for kind, count in counts.items())


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
        picture = read(file, data.max_pixels)
        digest = hashlib.sha256(read_regular(file)).hexdigest()
        return seen | {"digest": digest} | facts(picture)
    except UnusablePicture as unusable:
        return seen | {"reason": str(unusable), "limit": data.max_pixels}
    except OSError as error:
        return {"reason": f"cannot be read: {error.strerror}"}


def facts(picture: Read) -> dict[str, Any]:
    """What `collect` takes of a picture, besides its digest."""
    height, width = picture.pixels.shape[:2]
    found: dict[str, Any] = {"width": width, "height": height}
    if picture.converted:
        found["converted"] = True
    if picture.note:
        found["note"] = picture.note
    return found


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
        known: dict[str, Any] = json.loads(read_regular(_manifest_path(root)))
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
        "left_out": result.left_out,
        "converted": None if result.converted is None else len(result.converted),
        "noted": result.noted,
    }
