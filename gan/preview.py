"""`gan data`: what the network will see, as a sheet of training pictures and a few numbers."""

from collections.abc import Iterator
from pathlib import Path

import torch
from PIL import Image

from gan.config import Experiment
from gan.data import SPLITS, sources
from gan.data.batch import collate
from gan.data.lines import ink_share
from gan.data.loader import TrainingStream
from gan.data.palette import REGIONS
from gan.errors import RequestError
from gan.files import replacing
from gan.grid import sheet, show_hint
from gan.ranges import to_uint8

ROWS = 8
INKED = 128
"""Pictures that the share of ink is averaged over."""


def write(experiment: Experiment, path: Path) -> Iterator[str]:
    """Write the first training pictures, augmented as in training, and yield lines that describe the data.

    Raises:
        RequestError: the data cannot be used, or the sheet cannot be written, or is to be no .png.
    """
    if path.suffix.lower() != ".png":
        raise RequestError(f"--out ({path}) must end in .png")
    data = sources.load(experiment)
    stream = TrainingStream(data.sides["train"], experiment.seed, experiment.hints)
    drawn = [stream[position] for position in range(min(INKED, len(data.sides["train"])))]
    batch = collate(experiment.hints, drawn[:ROWS])
    columns = {
        "line": batch.line.expand(-1, 3, -1, -1),
        "hint": show_hint(batch.line, batch.hint),
        "color": batch.color,
    }
    if batch.regions is not None:
        for region, coverage in zip(REGIONS, batch.regions.unbind(1), strict=True):
            columns[region] = 1 - 2 * coverage[:, None].expand(-1, 3, -1, -1)
    try:
        with replacing(path) as draft:
            Image.fromarray(sheet(columns)).save(draft, format="PNG")
    except OSError as error:
        raise RequestError(
            f"--out ({path}) must be a picture that can be written: {error.strerror or error}"
        ) from error
    yield f"{path}: {len(batch)} training pictures of {experiment.data.size_text.replace(' ', ' x ')} px"
    yield "pictures: " + ", ".join(f"{len(data.sides[split])} {split}" for split in SPLITS)
    inks = torch.tensor([ink_share(to_uint8(sample.line)[:, :, 0]) for sample, _, _ in drawn])
    yield f"ink: {inks.mean():.1%} of a drawing on average ({inks.min():.1%} to {inks.max():.1%} over {len(inks)})"
    yield f"steps: {experiment.total_steps(len(data.sides['train']))} of {experiment.batch_size} pictures"
    yield from data.notes
