"""A person's hints, from the command line or from JSON.

Places are pixels of the drawing, the first of them (0, 0), x to the right and y down.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ImageColor

from gan.errors import RequestError
from gan.files import read_regular

LARGEST_RADIUS = 100_000
"""Pixels: more than any drawing that is read has to a side."""
LONGEST_SHOWN = 60
"""Characters of what was written that are repeated in a message."""
OPAQUE = 128
"""Least alpha of a pixel of a hint picture that is a hint."""


@dataclass(frozen=True)
class Hint:
    """A dab of colour on a drawing.

    x, y: its middle, in pixels of the drawing. color: red, green, blue, 0 to 255. radius: of the disc, in pixels of the
    drawing; None: 2 % of its short side, within its closed area. For networks without `Experiment.exact_hints` half of
    a square's side, never smaller than the dabs of training; None: as large as those.
    """

    x: float
    y: float
    color: tuple[int, int, int]
    radius: float | None = None


def check_hints(hints: Sequence[Hint], width: int, height: int) -> None:
    """Check that hints lie on a drawing, and are what a `Hint` says.

    Raises:
        RequestError: one is not.
    """
    for number, hint in enumerate(hints, 1):
        if not isinstance(hint, Hint):
            raise RequestError(f"hint {number} must be a Hint, not {type(hint).__name__}")
        x, y = (_real(at, f"hint {number}") for at in (hint.x, hint.y))
        place = f"the hint at {x:g},{y:g}"
        parts = tuple(hint.color) if isinstance(hint.color, Iterable) else ()
        if len(parts) != 3 or not all(isinstance(part, int | np.integer) and 0 <= part <= 255 for part in parts):
            raise RequestError(
                f"{place}: the colour ({_shown(str(hint.color))}) must be three whole numbers from 0 to 255"
            )
        if hint.radius is not None:
            _positive(_real(hint.radius, place), place)
        if not (0 <= hint.x < width and 0 <= hint.y < height):
            raise RequestError(f"{place} must lie on the drawing, which has {width}x{height} pixels")


def parse(word: str) -> Hint:
    """X,Y,COLOR[,RADIUS]; a colour is #RRGGBB, #RGB or a name of CSS.

    Raises:
        RequestError: it is not of that form.
    """
    parts, place = word.split(","), f"--hint ({_shown(word)})"
    if len(parts) not in (3, 4):
        raise RequestError(f"{place} must be X,Y,#RRGGBB or X,Y,#RRGGBB,RADIUS")
    x, y, *radius = (_number(part, place) for part in (*parts[:2], *parts[3:]))
    return Hint(x, y, _color(parts[2], place), _positive(radius[0], place) if radius else None)


def read_json(path: Path) -> list[Hint]:
    """Hints from a file: a list of {"x": 10, "y": 20, "color": "#rrggbb", "radius": 5}, radius if wanted.

    Raises:
        RequestError: it cannot be read, or breaks a rule.
    """
    try:
        values = json.loads(read_regular(path).decode("utf-8-sig"))  # Windows' editors begin a file with a mark
    except (OSError, ValueError, RecursionError) as error:
        raise RequestError(f"--hint-json ({path}) must be a JSON file: {error}") from error
    if not isinstance(values, list):
        raise RequestError(f"--hint-json ({path}) must hold a list of hints")
    return from_json(values, f"--hint-json ({path}), hint")


def from_json(values: Sequence[Any], place: str) -> list[Hint]:
    """Hints from the values that JSON holds.

    Args:
        values: the hints, as `read_json` has them.
        place: where they stand, in a message; their number follows.

    Raises:
        RequestError: one breaks a rule.
    """
    return [_from_json(value, f"{place} {number}") for number, value in enumerate(values, 1)]


def _from_json(value: Any, place: str) -> Hint:
    if not isinstance(value, Mapping) or not {"x", "y", "color"} <= set(value) <= {"x", "y", "color", "radius"}:
        raise RequestError(f'{place} must be {{"x": X, "y": Y, "color": "#RRGGBB"}}, and may have "radius"')
    radius = value.get("radius")
    return Hint(
        _number(value["x"], place),
        _number(value["y"], place),
        _color(value["color"], place),
        None if radius is None else _positive(_number(radius, place), place),
    )


def _real(value: Any, place: str) -> float:
    """A number from Python: a word for one is none."""
    if isinstance(value, str):
        raise RequestError(f"{place}: {_shown(repr(value))} must be a number")
    return _number(value, place)


def _shown(text: str) -> str:
    """What somebody wrote, in one line that is not too long."""
    line = "".join(each if each.isprintable() else repr(each)[1:-1] for each in text[:LONGEST_SHOWN])
    return line if len(text) <= LONGEST_SHOWN else f"{line}..."


def _number(value: Any, place: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if isinstance(value, bool) or not math.isfinite(number):
        raise RequestError(f"{place}: {_shown(repr(value))} must be a number")
    return number


def _positive(radius: float, place: str) -> float:
    if not 0 < radius <= LARGEST_RADIUS:
        raise RequestError(f"{place}: the radius ({radius:g}) must be above 0, and at most {LARGEST_RADIUS}")
    return radius


def _color(value: Any, place: str) -> tuple[int, int, int]:
    if isinstance(value, str) and re.fullmatch("#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|[a-zA-Z]{3,30}", value):
        with suppress(ValueError):
            red, green, blue = ImageColor.getrgb(value)[:3]
            return red, green, blue
    raise RequestError(
        f"{place}: the colour ({_shown(str(value))}) must be #RRGGBB, such as #c23b3b, #RGB, or a name of CSS"
    )
