"""The picture of the README: drawing, every run's answer, truth, on test characters that are not chosen by hand.

Run:  python scripts/figure.py docs/quickstart.png runs/quickstart/l1/seed-0 runs/quickstart/pix2pix/seed-0
"""

import sys
from pathlib import Path

import torch
from PIL import Image

from gan.checkpoint import load_generator
from gan.data import sources
from gan.data.fixed import FixedPictures
from gan.grid import sheet
from gan.tracking import open_run

ROWS = 7
STRIDE = 31
"""Test characters STRIDE apart: prime to the 35 hair variants, so that all rows differ in hair."""


def main(out: Path, runs: list[Path]) -> None:
    """Colour the same drawings with every run."""
    columns: dict[str, torch.Tensor] = {}
    for path in runs:
        generator, experiment, _ = load_generator(open_run(path).last)
        pictures = sources.load(experiment).sides["test"]
        indices = range(0, len(pictures), STRIDE)[:ROWS]
        (scored,) = FixedPictures(pictures, indices, experiment.seed, experiment.hints, ROWS).at(0, closed=False)
        columns.setdefault("line", scored.batch.line.expand(-1, 3, -1, -1))
        with torch.inference_mode():
            columns[experiment.name] = generator(scored.batch.condition)
    columns["truth"] = scored.batch.color
    Image.fromarray(sheet(columns)).save(out, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(word) for word in sys.argv[2:]])
