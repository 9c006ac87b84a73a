"""Do hints fill the areas of a person's drawings, and nothing else? Fill, bleed and spread, hint by hint.

Run:  python scripts/fill_drawings.py DRAWINGS HINTS [RUN]

DRAWINGS holds NAME.png; HINTS holds NAME-hints.json, as `gan colorize --hint-json` reads it, and NAME-areas.png of the
drawing's size, whose value k is the area that hint k should fill, 0 the rest. Beside the run: `gan colorize --flat` and
the watershed of the same hints.

fill: share of a hint's area on paper within CIEDE2000 5 of its colour; filled: within 20. bleed: paper outside, more
than 3 px of 512 from any area of that colour (label pictures leave a rim at the lines), within 5 of the colour and
nearest to it among the hints, over the area. spread: standard deviation of (a, b) inside an area.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from fill import Method, by_watershed, difference, to_lab
from PIL import Image
from rich.console import Console
from rich.table import Table

from gan.arrays import Bools, Floats, Pixels
from gan.colorize import Colorizer, Hint
from gan.colorize.drawing import clean, on_paper
from gan.colorize.flat import color_flat
from gan.data.picture import read_picture
from gan.hints.flood import INK
from gan.hints.painted import read_json
from gan.metrics.filling import ALIKE

RIM = 3
"""Pixels of 512."""
NEAR = 20.0
MOST_PIXELS = 10**8


def measure(picture: Pixels, line: Pixels, areas: Pixels, hints: Sequence[Hint]) -> dict[str, Floats]:
    """A number a hint."""
    lab = to_lab(picture)
    paper = line >= INK
    colors = list(dict.fromkeys(hint.color for hint in hints))
    distance = np.stack([difference(lab, to_lab(np.array([[color]], np.uint8))) for color in colors])
    nearest = distance.argmin(axis=0)
    rows: dict[str, list[float]] = {"fill": [], "filled": [], "bleed": [], "spread": []}
    for number, hint in enumerate(hints, 1):
        which = colors.index(hint.color)
        own = (areas == number) & paper
        alike = np.isin(areas, [other for other, each in enumerate(hints, 1) if each.color == hint.color])
        outside = paper & ~_grown(alike, RIM * min(line.shape) / 512)
        taken = (distance[which] <= ALIKE) & (nearest == which)
        rows["fill"].append(float((distance[which][own] <= ALIKE).mean()))
        rows["filled"].append(float((distance[which][own] <= NEAR).mean()))
        rows["bleed"].append(float((taken & outside).sum() / max(alike.sum(), 1)))
        rows["spread"].append(float(np.linalg.norm(lab[0, 1:, own].numpy().std(axis=1))))
    return {name: np.array(values) for name, values in rows.items()}


def _grown(area: Bools, by: float) -> Bools:
    return np.asarray(cv2.distanceTransform((~area).astype(np.uint8), cv2.DIST_L2, 5) <= by)


def main() -> None:
    """Measure every drawing that has hints, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drawings", type=Path, help="a folder of NAME.png")
    parser.add_argument("hints", type=Path, help="a folder of NAME-hints.json and NAME-areas.png")
    parser.add_argument("run", type=Path, nargs="?", help="a run that was trained with hints")
    parser.add_argument("--out", type=Path, help="a folder for the pictures")
    options = parser.parse_args()
    methods: dict[str, Method] = {
        "watershed": lambda drawing, hints: by_watershed(clean(on_paper(drawing)), hints),
        "gan colorize --flat": color_flat,
    }
    if options.run:
        methods[str(options.run)] = Colorizer.load(options.run).color
    headings = ("fill", "filled", "least filled", "median bleed", "most bleed", "spread")
    table = Table("drawing", "method", "hints", *headings)
    pooled: dict[str, list[dict[str, Floats]]] = {method: [] for method in methods}
    for path in sorted(options.hints.glob("*-hints.json")):
        name = path.name.removesuffix("-hints.json")
        drawing = read_picture(next(options.drawings.glob(f"*{name}.png")), MOST_PIXELS)
        areas = np.asarray(Image.open(options.hints / f"{name}-areas.png"))
        hints, line = read_json(path), clean(on_paper(drawing))
        for method, color in methods.items():
            picture = color(drawing, hints)
            found = measure(picture, line, areas, hints)
            pooled[method].append(found)
            table.add_row(name, method, *_row(found))
            if options.out:
                options.out.mkdir(parents=True, exist_ok=True)
                Image.fromarray(picture).save(options.out / f"{name}-{Path(method).name.split()[-1]}.png")
    for method, every in pooled.items():
        table.add_row("all", method, *_row({name: np.concatenate([one[name] for one in every]) for name in every[0]}))
    Console(width=160).print(table)


def _row(found: dict[str, Floats]) -> list[str]:
    """The cells of some hints."""
    fill, filled, bleed = found["fill"], found["filled"], found["bleed"]
    values = fill.mean(), filled.mean(), filled.min(), np.median(bleed), bleed.max(), found["spread"].mean()
    return [str(len(fill)), *(f"{value:.3f}" for value in values)]


if __name__ == "__main__":
    main()
