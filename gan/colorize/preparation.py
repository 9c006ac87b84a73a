"""A new drawing -> what the networks of a run take, as their own drawings were prepared.

| drawings of the run  | a new drawing                                    | its lines                    |
|----------------------|--------------------------------------------------|------------------------------|
| avatars, extracted   | is cleaned: paper to white, ink to black         | are laid on the colours      |
| extracted            | a picture: lines are drawn as training drew them | are laid on the colours      |
| pairs, ink on white  | is taken as it is, and cleaned if it is no such  | are laid on the colours      |
| pairs of other kinds | is taken as it is                                | are in the network's answer  |

Pairs of other kinds are drawings on grey or dark paper, or label maps: multiplied onto colours, they would hide them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

from gan.arrays import Pixels
from gan.colorize.drawing import at_most, clean, fit, luminance, on_paper
from gan.config import Data, Experiment
from gan.data import lines, sources
from gan.errors import RequestError
from gan.runs.folder import RunFolder, read_json

MOSTLY = 0.9
"""Least share of a run's drawings that are ink on white, where new ones are taken for such."""
MOST_DRAWN = 1024
"""Short side, in pixels, at which the lines of a larger picture are drawn: beyond it, they would be the grain's."""
OF_MIX = "xdog"
"""The extractor that draws a new picture's lines for a run of data.line=mix, where one is drawn at random a picture."""
COLORED_SIDE, STROKE = 128, 5
"""Short side at which it is judged whether a picture is coloured, and a window there that holds no stroke wholly."""
CHROMA, MOST_COLORED = 15.0, 0.05
"""CIELAB chroma, from that of the paper, of what is coloured; and the most of a drawing that may be so."""


@dataclass(frozen=True)
class Prepared:
    """A drawing as the drawings of a run are.

    line: (H, W) at its own size. shrink: makes it as large as the network takes it; None: by `fit`. bare: the lines are
    in the network's answer, and not laid on it. drawn: by what the lines were extracted, or nothing.
    """

    line: Pixels
    shrink: Callable[[int, int], Pixels] | None = None
    bare: bool = False
    drawn: str = ""

    @property
    def is_cleaned(self) -> bool:
        """Whether paper was brought to white and ink to black."""
        return self.shrink is None and not self.bare

    @property
    def nbytes(self) -> int:
        """Bytes in memory besides those of `line`: of the picture that it is shrunk from."""
        return 0 if self.shrink is None else 3 * self.line.nbytes

    def at(self, height: int, width: int, least: float) -> Pixels:
        """(height, width) as the network takes it; strokes that were cleaned have `least` pixels at least."""
        return fit(self.line, height, width, least) if self.shrink is None else self.shrink(height, width)


@dataclass(frozen=True)
class Preparation:
    """How a run takes drawings.

    data: its data. on_white: whether its drawings are ink on white.
    """

    data: Data
    on_white: bool = True

    @property
    def only_cleans(self) -> bool:
        """Whether every drawing is cleaned."""
        return self.data.source == "avatars"

    def __call__(self, drawing: Pixels, *, raw: bool = False, from_picture: bool | None = None) -> Prepared:
        """Prepare a drawing.

        Args:
            drawing: (H, W), (H, W, 3) or (H, W, 4) uint8.
            raw: paper is not brought to white, nor ink to black.
            from_picture: draw the lines of a picture as the run's were drawn; None: where it is plainly coloured.

        Raises:
            RequestError: lines are to be drawn, and those of the run were given.
            ValueError: the drawing is of another shape or type.
        """
        extracts = self.data.line != "given"
        if from_picture and not extracts:
            raise RequestError("--from-picture needs a run whose lines were extracted, and data.line is given")
        picture = on_paper(drawing)
        if extracts and not raw and (is_colored(picture) if from_picture is None else from_picture):
            return self._draw(picture)
        if self.data.source == "pairs":
            given = self._as_given(on_paper(drawing, white_ink=False))
            if raw or not self.on_white or lines.is_ink_on_white(given.line):
                return given
        if raw:
            line = luminance(picture)
            return Prepared(line, bare=not lines.is_ink_on_white(line))
        return Prepared(clean(picture))

    def _draw(self, picture: Pixels) -> Prepared:
        """The lines of a picture, at the size of the network and, to be laid on its colours, at its own."""
        data = replace(self.data, line=OF_MIX) if self.data.line == "mix" else self.data

        def draw(height: int, width: int) -> Pixels:
            return lines.extract(lines.resized(picture, height, width), data, np.random.default_rng(0))

        own = picture.shape[:2]
        line = lines.resized(draw(*at_most(picture, MOST_DRAWN).shape[:2]), *own)
        return Prepared(line, draw, drawn=data.line)

    def _as_given(self, picture: Pixels) -> Prepared:
        """A drawing as the reader of pairs gives it."""
        line = luminance(picture)
        bare = not (self.on_white and lines.is_ink_on_white(line))
        return Prepared(line, lambda height, width: lines.given(picture, height, width), bare)


def is_on_white(run: RunFolder, experiment: Experiment) -> bool:
    """Whether the drawings of a run are ink on white: by its data.json, or its data if it is older and they are there.

    Where neither tells, they are taken for such.
    """
    if experiment.data.source != "pairs":
        return True
    try:
        share = read_json(run.path / "data.json").get("ink_on_white")
        return float(sources.load(experiment).summary["ink_on_white"] if share is None else share) >= MOSTLY
    except RequestError:
        return True


def is_colored(picture: Pixels) -> bool:
    """Whether (H, W, 3) is plainly a coloured picture: strokes in coloured ink, and tinted paper, are not enough."""
    small = at_most(picture, COLORED_SIDE)
    ab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)[:, :, 1:]
    chroma = np.linalg.norm(ab - np.median(ab.reshape(-1, 2), axis=0), axis=2).astype(np.float32)
    wide = cv2.morphologyEx(chroma, cv2.MORPH_OPEN, np.ones((STROKE, STROKE), np.uint8))
    return float((np.asarray(wide) > CHROMA).mean()) > MOST_COLORED
