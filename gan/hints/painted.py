"""A person's hints, from the command line or from JSON.

Places are pixels of the drawing, the first of them (0, 0), x to the right and y down.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.errors import RequestError

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
    """Check that hints lie on a drawing.

    Raises:
        RequestError: one does not.
    """
    for hint in hints:
        if not (0 <= hint.x < width and 0 <= hint.y < height):
            raise RequestError(
                f"the hint at {hint.x:g},{hint.y:g} must lie on the drawing, which has {width}x{height} pixels"
            )


def parse(word: str) -> Hint:
    """X,Y,#RRGGBB[,RADIUS].

    Raises:
        RequestError: it is not of that form.
    """
    parts = word.split(",")
    if len(parts) not in (3, 4):
        raise RequestError(f"--hint ({word}) must be X,Y,#RRGGBB or X,Y,#RRGGBB,RADIUS")
    x, y, *radius = (_number(part, f"--hint ({word})") for part in (*parts[:2], *parts[3:]))
    return Hint(
        x, y, _color(parts[2], f"--hint ({word})"), _positive(radius[0], f"--hint ({word})") if radius else None
    )


def read_json(path: Path) -> list[Hint]:
    """Hints from a file: a list of {"x": 10, "y": 20, "color": "#rrggbb", "radius": 5}, radius if wanted.

    Raises:
        RequestError: it cannot be read, or breaks a rule.
    """
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
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


def _number(value: Any, place: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = float("nan")
    if isinstance(value, bool) or not math.isfinite(number):
        raise RequestError(f"{place}: {value!r} must be a number")
    return number


def _positive(radius: float, place: str) -> float:
    if radius <= 0:
        raise RequestError(f"{place}: the radius ({radius:g}) must be above 0")
    return radius


def _color(value: Any, place: str) -> tuple[int, int, int]:
    if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
        raise RequestError(f"{place}: the colour ({value}) must be #RRGGBB, such as #c23b3b")
    red, green, blue = bytes.fromhex(value[1:])
    return red, green, blue
