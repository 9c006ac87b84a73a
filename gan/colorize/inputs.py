"""Which drawings a request means: files, and folders with all that is drawn in them."""

import logging
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from gan.colorize.files import MARK, Drawing, reason
from gan.data.listing import list_pictures
from gan.errors import RequestError
from gan.files import open_regular

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """drawings: each once, in the order of the request. unreadable: folder -> why nobody could look into it."""

    drawings: list[Drawing]
    unreadable: dict[Path, str]


def find(paths: Sequence[Path]) -> Found:
    """The drawings that paths name: of a folder all pictures below it (`gan.data.listing`), but for results of ours.

    Results keep the tree below a folder. Those of several folders, and of files of like names, are kept apart by the
    folders from where all of them have in common.

    Raises:
        RequestError: a path is not there, is a run, or is a folder without drawings.
    """
    _check_there(paths)
    unreadable: dict[Path, str] = {}
    named: dict[str, Path] = {}
    for path in paths:
        for drawing in _drawings_below(path, unreadable) if path.is_dir() else [path]:
            named.setdefault(os.path.abspath(drawing), drawing)
    like = Counter(drawing.stem for drawing in named.values())
    if not any(path.is_dir() for path in paths) and max(like.values()) == 1:
        return Found([Drawing(path) for path in named.values()], unreadable)
    common = os.path.commonpath([os.path.abspath(path if path.is_dir() else path.parent) for path in paths])
    below = {place: Path(os.path.relpath(os.path.dirname(place), common)) for place in named}
    return Found([Drawing(path, below[place]) for place, path in named.items()], unreadable)


def _check_there(paths: Sequence[Path]) -> None:
    missing = []
    for path in paths:
        try:
            if not path.exists():
                missing.append(path)
        except OSError as error:  # a name that is too long, or a folder that may not be looked into
            raise RequestError(f"{path} cannot be read: {reason(error)}") from error
    if missing:
        more = f", nor are {len(missing) - 1} more" if missing[1:] else ""
        raise RequestError(f"{missing[0]} must be a drawing or a folder of drawings, and is not there{more}")


def _drawings_below(folder: Path, unreadable: dict[Path, str]) -> list[Path]:
    """The drawings below a folder; adds to what is unreadable, and says what is left out."""
    if (folder / "config.json").is_file():
        raise RequestError(f"{folder} must be a drawing or a folder of drawings, and is a run: one colours at a time")
    listed = list_pictures(folder)
    unreadable |= {folder / name: why for name, why in listed.unreadable.items()}
    pictures = [folder / name for name in listed.pictures]
    drawings = [path for path in pictures if not _is_result(path)]
    left_out = listed.left_out | {"made by gan colorize": len(pictures) - len(drawings)}
    kinds = ", ".join(f"{count} {kind}" for kind, count in left_out.items() if count)
    if not drawings:
        raise RequestError(f"{folder} must hold drawings, and holds none{f' ({kinds} left out)' if kinds else ''}")
    if kinds:
        logger.info("%s: %d pictures left out (%s)", folder, sum(left_out.values()), kinds)
    return drawings


def _is_result(path: Path) -> bool:
    """Whether a picture was made by `gan colorize`, also where somebody has painted on it."""
    if path.suffix.lower() != ".png":
        return False
    try:
        with open_regular(path) as file, Image.open(file) as picture:
            return MARK in picture.info
    except Exception:  # it is named when it is read, whatever a wrong byte leads to
        return False
