"""Do colours stay inside the lines? Share of pixels in the right colour, fill and bleed, on large test characters.

Run:  python scripts/fill.py [RUN ...] [--characters 50] [--size 512] [--split test] [--colors palette]

Characters of the embedded data set, rendered at a size that no network here was trained at, in colours drawn at alpha
1. A hint without a radius lies where the distance to its region's edge is largest (the next ones likewise, at least 60
px of 512 apart). Beside the run: the watershed of the same hints, and `gan colorize --flat`. Settings are searched on
`--split val` alone. With `--colors heldout` every character wears three of the twelve colours that no training draws
(`gan.data.gamut`).

right: share of a region's pixels (coverage of at least 250 / 255) within CIEDE2000 5 of the truth; border: of those
within 10 px of a pixel of another region. fill: share of a hinted region within 5 of its hint's colour, the mean over
hints. bleed: the area outside that takes a hint's colour, over its region's, the median (`gan.metrics.filling`).
"""

import argparse
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from rich.console import Console
from rich.progress import track
from rich.table import Table

from gan import seeds
from gan.arrays import Bools, Floats, Pixels
from gan.colorize import Colorizer, Hint
from gan.colorize.flat import color_flat
from gan.config import Data
from gan.data import Split, avatars, gamut
from gan.data.palette import REGIONS, Coloring, colors_of, paint
from gan.data.render import cast_of, hair_variants, render
from gan.hints.flood import flood, marks_of
from gan.hints.flood import paint as paint_labels
from gan.metrics.cielab import ciede2000, srgb_to_lab
from gan.metrics.filling import ALIKE, fill_and_bleed
from gan.runs.folder import open_run

COVERED = 250
NEAR, APART = 10, 60
"""Pixels of 512."""
Method = Callable[[Pixels, Sequence[Hint]], Pixels]


@dataclass(frozen=True)
class Character:
    """line: (H, W); color: (H, W, 3); regions: (K, H, W) whether wholly covered; fills: (K, 3), all of 0..255."""

    line: Pixels
    color: Pixels
    regions: Bools
    fills: Pixels


def characters(data: Data, split: Split, count: int, size: int, *, held_out: bool) -> Iterator[Character]:
    """The first characters of a side, rendered at `size` px; in test colours, or in those of the palette."""
    every, cast = avatars.load(data), cast_of(data.characters)
    for index in every.of(split)[:count]:
        variant, seed, _ = cast[index]
        base, line, coverage = render((seed, hair_variants()[variant], size))
        rng = seeds.rng(0, "fill", int(index))
        coloring = Coloring(avatars.canonical_colors(variant), 1.0)
        fills = gamut.draw_held_out(rng) if held_out else colors_of(coloring.draw(rng))
        color = paint(base / 255, coverage / 255, fills).transpose(1, 2, 0)
        color, fills = ((part * 255).round().astype(np.uint8) for part in (color, fills))
        yield Character(line, color, coverage >= COVERED, fills)


def hints_of(character: Character, each: int) -> list[Hint]:
    """Hints in the middle of every region."""
    apart = round(APART * character.line.shape[0] / 512)
    hints = []
    for region, fill in zip(character.regions, character.fills, strict=True):
        room = cv2.distanceTransform(np.pad(region.astype(np.uint8), 1), cv2.DIST_L2, 5)[1:-1, 1:-1].copy()
        for _ in range(each):
            row, column = (int(place) for place in np.unravel_index(room.argmax(), room.shape))
            if room[row, column] > 0:
                hints.append(Hint(column, row, (int(fill[0]), int(fill[1]), int(fill[2]))))
            cv2.circle(room, (column, row), apart, 0, -1)
    return hints


def measure(character: Character, hints: Sequence[Hint], picture: Pixels) -> dict[str, float]:
    """The numbers of one picture; nan where a region is not there."""
    lab, true = to_lab(picture), to_lab(character.color)
    right = difference(lab, true) <= ALIKE
    borders = _borders(character.regions)
    regions = character.regions
    values = {"all": _mean(right, regions.any(axis=0)), "border": _mean(right, borders)}
    values |= {kind: _mean(right, region) for kind, region in zip(REGIONS, regions, strict=True)}
    values["MAE"] = float(np.abs(picture / 255 - character.color / 255).mean())
    fills, bleeds = fill_and_bleed(lab, true, *_hinted(character, hints))
    return values | {"fill": float(fills.nanmean()), "bleed": float(np.nanmedian(bleeds))}


def _hinted(character: Character, hints: Sequence[Hint]) -> tuple[torch.Tensor, torch.Tensor]:
    """(1, M, H, W) areas and (1, M, 3) CIELAB of the colours of the hints, each once: the regions in that colour."""
    colors = list(dict.fromkeys(hint.color for hint in hints))
    own = (character.fills == np.array(colors, np.uint8)[:, None]).all(axis=2)  # (M, K)
    areas = np.stack([character.regions[of].any(axis=0) for of in own])
    return torch.from_numpy(areas)[None], torch.cat([_lab_of(color) for color in colors], dim=3)[:, :, 0].mT


def _borders(regions: Bools) -> Bools:
    near = NEAR * regions.shape[1] / 512
    found = np.zeros(regions.shape[1:], np.bool_)
    for number, region in enumerate(regions):
        others = np.delete(regions, number, axis=0).any(axis=0)
        found |= region & (cv2.distanceTransform((~others).astype(np.uint8), cv2.DIST_L2, 5) <= near)
    return found


def to_lab(picture: Pixels) -> torch.Tensor:
    """(H, W, 3) sRGB -> (1, 3, H, W) CIELAB."""
    return srgb_to_lab(torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))[None]).double() / 255)


def _lab_of(color: tuple[int, int, int]) -> torch.Tensor:
    return to_lab(np.array(color, np.uint8).reshape(1, 1, 3))


def difference(lab: torch.Tensor, other: torch.Tensor) -> Floats:
    """(1, 3, H, W), the other of its size or of a pixel -> (H, W) CIEDE2000."""
    distance: Floats = ciede2000(lab, other.expand_as(lab))[0].numpy()
    return distance


def _mean(values: Bools, where: Bools) -> float:
    return float(values[where].mean()) if where.any() else float("nan")


def by_watershed(line: Pixels, hints: Sequence[Hint]) -> Pixels:
    """The rival: cv2.watershed on the ink, discs as markers, its result times the line."""
    marks = marks_of(hints, None, line.shape)
    return paint_labels(flood(line, marks), marks, line)


def figure(cast: Sequence[Character], methods: Mapping[str, Method], path: Path) -> None:
    """Characters told a colour a region, by every method: drawing | method ... | truth."""
    rows = []
    for character in cast:
        hints = hints_of(character, 1)
        shown = np.repeat(character.line[:, :, None], 3, axis=2)
        for hint in hints:
            cv2.circle(shown, (int(hint.x), int(hint.y)), 14, hint.color, -1)
        rows.append([shown, *(method(character.line, hints) for method in methods.values()), character.color])
    height, width = (side // 2 for side in cast[0].line.shape)
    small = [[cv2.resize(cell, (width, height), interpolation=cv2.INTER_AREA) for cell in row] for row in rows]
    Image.fromarray(np.vstack([np.hstack(row) for row in small])).save(path, optimize=True)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="*", help="runs on avatars that were trained with hints")
    parser.add_argument("--characters", type=int, default=50)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--split", choices=("val", "test"), default="test")
    parser.add_argument("--colors", choices=("palette", "heldout"), default="palette")
    parser.add_argument("--figure", type=Path, help="draw every sixteenth character by every method instead")
    options = parser.parse_args()
    methods: dict[str, Method] = {
        "watershed": by_watershed,
        "gan colorize --flat": lambda line, hints: color_flat(line, hints, raw=True),
    }
    data = open_run(options.runs[0]).config.data if options.runs else Data()
    methods |= {str(run): Colorizer.load(run).color for run in options.runs}
    held_out = options.colors == "heldout"
    cast = characters(data, options.split, options.characters, options.size, held_out=held_out)
    if options.figure:
        del methods["gan colorize --flat"]
        return figure([*cast][::16], methods, options.figure)
    rows: dict[tuple[str, int], list[dict[str, float]]] = {}
    for character in track(cast, total=options.characters, console=Console(stderr=True)):
        for each in (1, 3):
            hints = hints_of(character, each)
            for name, method in methods.items():
                started = time.perf_counter()
                picture = method(character.line, hints)
                spent = {"ms": 1000 * (time.perf_counter() - started)}
                rows.setdefault((name, each), []).append(measure(character, hints, picture) | spent)
    painted = f"{options.characters} {options.split} characters of {options.size} px, {options.colors} colours"
    Console(width=200).print(table_of(rows, f"{painted}; means, ms: median"))
    return None


def table_of(rows: Mapping[tuple[str, int], Sequence[dict[str, float]]], title: str) -> Table:
    """A row a method and number of hints."""
    table = Table("method", "hints a region", *rows[("watershed", 1)][0], title=title)
    for (name, each), found in rows.items():
        means = {key: np.nanmean([row[key] for row in found]) for key in found[0]}
        means["ms"] = np.median([row["ms"] for row in found])
        shown = [f"{value:.0f}" if key == "ms" else f"{value:.4f}" for key, value in means.items()]
        table.add_row(name, str(each), *shown)
    return table


if __name__ == "__main__":
    main()
