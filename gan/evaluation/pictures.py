"""Some pictures of an evaluation one by one: what each scores, and drawing, answer and truth on one sheet.

Means hide which drawings fail. `pictures-<name>.json` has every metric of the kept pictures, `pictures-<name>.png` the
pictures themselves, a row each in the same order: columns beside each other, without headings or space between them.
"""

import math
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from gan.arrays import Pixels
from gan.data.batch import Batch
from gan.data.fixed import FixedPictures, spread
from gan.evaluation.score import Score
from gan.files import replacing
from gan.grid import show_hint
from gan.ranges import to_uint8
from gan.runs.folder import RunFolder

MOST = 48
"""Pictures that are kept: so many can be looked through, and a tenth of them is still several."""
MOST_PIXELS = MOST * 256 * 256
"""Of all answers: larger pictures are fewer, so that a sheet has a few megabytes and can be decoded in a browser."""
LEAST = 8


@dataclass
class Kept:
    """The pictures that are kept of a score, evenly spread over those that are scored.

    pictures: all that are scored. count: hints a picture.
    """

    pictures: FixedPictures
    count: int
    places: range = range(0)
    truths: list[str] = field(default_factory=list)
    """Of each kept picture's truth: the same in runs that were shown the same colours."""
    metrics: dict[str, list[float | None]] = field(default_factory=dict)
    """Name -> value of each kept picture, None where nothing can be said of it."""
    _rows: list[Pixels] = field(default_factory=list)
    _seen: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """Of the sheet."""
        return ("line", "hint", "fake", "color") if self.count else ("line", "fake", "color")

    @property
    def sheet(self) -> Pixels:
        """(N * H, C * W, 3) of 0..255."""
        return np.concatenate(self._rows)

    def update(self, batch: Batch, fake: Tensor) -> None:
        """Add the next batch of the pictures with (B, 3, H, W) answers in [-1, 1]."""
        first, self._seen = self._seen, self._seen + len(batch)
        if not first:
            self.places = spread(self.pictures, most_of(*fake.shape[-2:]))
        hint = {"hint": show_hint(batch.line, batch.hint)} if self.count else {}
        shown = {"line": batch.line.expand(-1, 3, -1, -1)} | hint | {"fake": fake, "color": batch.color}
        for place in self.places:
            if first <= place < self._seen:
                cells = [to_uint8(column[place - first]) for column in shown.values()]
                self._rows.append(np.concatenate(cells, axis=1))
                self.truths.append(f"{zlib.crc32(cells[-1].tobytes()):08x}")

    def finish(self, score: Score) -> None:
        """Take the metrics of the kept pictures from the score of all."""
        for name, values in score.by_picture().items():
            kept = [float(f"{values[place]:.6g}") for place in self.places]
            if any(map(math.isfinite, kept)):
                self.metrics[name] = [value if math.isfinite(value) else None for value in kept]

    def save(self, run: RunFolder, name: str, **about: Any) -> None:
        """Write pictures-<name>.png and .json into a run folder.

        Args:
            run: the folder.
            name: which pictures, such as `val`; with hints, their number is added to it.
            about: what else the index says, as plain values: `step`, `split`.
        """
        name = f"pictures-{name}-{self.count}" if self.count else f"pictures-{name}"
        sheet = self.sheet
        with replacing(run.path / f"{name}.png") as draft:
            Image.fromarray(sheet).save(draft)
        index = {
            "hints": self.count,
            "of": len(self.pictures),
            "columns": list(self.columns),
            "shape": [sheet.shape[0] // len(self.places), sheet.shape[1] // len(self.columns)],
            "keys": [self.pictures.pictures.key(self.pictures.indices[place]) for place in self.places],
            "truths": self.truths,
            "metrics": self.metrics,
        }
        run.save_json(name, about | index)


def most_of(high: int, wide: int) -> int:
    """How many pictures of that size are kept at most."""
    return max(LEAST, min(MOST, MOST_PIXELS // (high * wide)))
