"""The pictures of the README: drawing, every run's answer, truth, on test characters that are not chosen by hand.

Run:  python scripts/figure.py docs/hints.png runs/l1_lines/seed-0 --hints 0 1 2 3
"""

import argparse
from pathlib import Path

import torch
from PIL import Image

from gan.data import sources
from gan.data.fixed import FixedPictures
from gan.grid import sheet, show_hint
from gan.runs.folder import open_run
from gan.runs.weights import load_generator

ROWS = 7
STRIDE = 31
"""Test characters STRIDE apart: prime to the 35 hair variants, so that all rows differ in hair."""


def main(out: Path, runs: list[Path], counts: list[int], rows: int) -> None:
    """Colour the same drawings with every run, at every number of hints."""
    columns: dict[str, torch.Tensor] = {}
    for path in runs:
        generator, experiment, _ = load_generator(open_run(path).last)
        pictures = sources.load(experiment).sides["test"]
        indices = range(0, len(pictures), STRIDE)[:rows]
        fixed = FixedPictures(pictures, indices, experiment.seed, experiment.hints, rows, experiment.generator.numbers)
        for count in counts:
            (scored,) = fixed.at(count, closed=False)
            batch = scored.batch
            columns.setdefault("line", batch.line.expand(-1, 3, -1, -1))
            if count:
                columns[f"{count} hint{'' if count == 1 else 's'}"] = show_hint(batch.line, batch.hint)
            with torch.inference_mode():
                columns[f"with {count}" if len(counts) > 1 else experiment.name] = generator(*batch.given)
    columns["truth"] = batch.color
    Image.fromarray(sheet(columns)).save(out, optimize=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("--hints", type=int, nargs="+", default=[0], metavar="N")
    parser.add_argument("--rows", type=int, default=ROWS)
    options = parser.parse_args()
    main(options.out, options.runs, options.hints, options.rows)
