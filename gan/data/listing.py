"""Which files below a folder are a person's pictures, and which are none of their data: the sample grids of their runs,
the media that W&B keeps, and what systems and programs put beside pictures.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gan.data.picture import SUFFIXES

NO_DATA = {
    name.lower(): name
    for name in ("@eaDir", "#recycle", "@Recycle", "$RECYCLE.BIN", "__MACOSX", "Thumbs", "thumbnails", "lost+found")
}
"""Folders of copies and of what was thrown away: their name in small letters -> as it is written."""
WANDB_RUN = re.compile(r"(?:offline-)?run-\d{8}_\d{6}-\w+")
"""Name of the folder that W&B keeps of a run."""


@dataclass(frozen=True)
class Listing:
    """The files below a folder, not opened yet.

    pictures: sorted paths of the picture files, relative to it, with slashes. other: suffix -> number of files that are
    no pictures. left_out: kind of a place where nobody keeps data -> number of picture files that lie in such.
    unreadable: folder -> why it could not be listed.
    """

    pictures: list[str]
    other: dict[str, int]
    left_out: dict[str, int]
    unreadable: dict[str, str]


def list_pictures(root: Path) -> Listing:
    """The files below a folder, links followed."""
    pictures, other, left_out = [], Counter[str](), Counter[str]()
    unreadable: dict[str, str] = {}

    def note(error: OSError) -> None:
        unreadable[Path(error.filename or root).relative_to(root).as_posix()] = f"cannot be read: {error.strerror}"

    for path, kind in _walk(root, note):
        suffix = path.suffix.lower()
        if suffix in SUFFIXES and kind is None:
            pictures.append(path.relative_to(root).as_posix())
        elif suffix in SUFFIXES and kind is not None:
            left_out[kind] += 1
        elif kind is None:
            other[suffix] += 1
    return Listing(sorted(pictures), dict(sorted(other.items())), dict(sorted(left_out.items())), unreadable)


def _walk(root: Path, note: Callable[[OSError], None]) -> Iterator[tuple[Path, str | None]]:
    """Every file below a folder, links followed, no folder twice; and of what kind its place is, if nobody keeps data
    in such: the folder itself is what was asked for, whatever it is.
    """
    visited = {os.path.realpath(root)}
    kinds: dict[str, str] = {}
    for folder, folders, names in os.walk(root, onerror=note, followlinks=True):
        kind = kinds.get(folder) or (None if folder == str(root) else _made_by_us(folders, names))
        entered = []
        for name in sorted(folders):
            below = os.path.join(folder, name)
            real = os.path.realpath(below)
            if real not in visited:
                visited.add(real)
                entered.append(name)
                if inside := kind or _no_place_for_data(name):
                    kinds[below] = inside
        folders[:] = entered
        yield from ((Path(folder, name), kind or ("hidden" if name.startswith(".") else None)) for name in names)


def _no_place_for_data(name: str) -> str | None:
    """The kind of a folder by its name; None where it may hold data."""
    return "hidden" if name.startswith(".") else NO_DATA.get(name.lower())


def _made_by_us(folders: list[str], names: list[str]) -> str | None:
    """The kind of a folder by what is in it: a run or a study of this project, or what W&B keeps of a run."""
    if "config.json" in names and ("metrics.jsonl" in names or "checkpoints" in folders):
        return "runs"
    if "study.json" in names and "report.md" in names:
        return "studies"
    if any(WANDB_RUN.fullmatch(name) for name in folders):
        return "W&B runs"
    return None
