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
from gan.config import Data
from gan.config.data import Line
from gan.data import lines
from gan.errors import RequestError

MOST_DRAWN = 1024
"""Short side, in pixels, at which the lines of a larger picture are drawn: beyond it, they would be the grain's."""
OF_MIX: Line = "xdog"
"""The extractor that draws a new picture's lines for a run of data.line=mix, where one is drawn at random a picture."""
COLORED_SIDE, STROKE = 128, 7
"""Short side at which it is judged whether a picture is coloured, and a window there that holds no stroke wholly."""
CHROMA, LIGHTER, MOST_COLORED = 15.0, 30.0, 0.05
"""In CIELAB: what is coloured differs by so much from the paper's chroma, or has so much itself and is so much lighter
or darker than the paper; and the most of a drawing that may be so."""
EMPTY = 0.001
"""Less ink than this share of a page is none."""


@dataclass(frozen=True)
class Prepared:
    """A drawing as the drawings of a run are.

    line: (H, W) at its own size. shrink: makes it as large as the network takes it; None: by `fit`. bare: the lines are
    in the network's answer, and not laid on it. drawn: by what the lines were extracted, or nothing. raw: it was not
    cleaned. alpha: (H, W) how opaque a figure on a transparent ground is, or None.
    """

    line: Pixels
    shrink: Callable[[int, int], Pixels] | None = None
    bare: bool = False
    drawn: str = ""
    raw: bool = False
    alpha: Pixels | None = None

    @property
    def is_cleaned(self) -> bool:
        """Whether paper was brought to white and ink to black."""
        return self.shrink is None and not self.raw

    @property
    def is_empty(self) -> bool:
        """Whether no ink is left of it."""
        return self.is_cleaned and lines.ink_share(self.line) < EMPTY

    @property
    def note(self) -> str:
        """What a person should know of how it was prepared, or nothing."""
        if self.is_empty:
            return "cleaned, it is an empty page, and is coloured as one"
        return f"taken for a picture: its lines are drawn by {self.drawn}" if self.drawn else ""

    @property
    def nbytes(self) -> int:
        """Bytes in memory besides those of `line`: of the picture that it is shrunk from, and of `alpha`."""
        return self.line.nbytes * ((0 if self.shrink is None else 3) + (self.alpha is not None))

    def on_its_ground(self, picture: Pixels) -> Pixels:
        """Its colours, (H, W, 3), as transparent as the drawing was: (H, W, 4), or as they are."""
        return picture if self.alpha is None else np.dstack([picture, self.alpha])

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

    @property
    def extracts(self) -> bool:
        """Whether the run's lines were extracted from pictures."""
        return self.data.line != "given"

    def check_extracts(self) -> None:
        """Check that lines can be drawn as the run's were.

        Raises:
            RequestError: they were given.
        """
        if not self.extracts:
            raise RequestError("--from-picture needs a run whose lines were extracted, and data.line is given")

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
        if from_picture:
            self.check_extracts()
        prepared = self._prepare(drawing, raw=raw, from_picture=from_picture)
        return replace(prepared, alpha=_ground(drawing, prepared.line))

    def _prepare(self, drawing: Pixels, *, raw: bool, from_picture: bool | None) -> Prepared:
        picture = on_paper(drawing)
        if self.extracts and not raw and (is_colored(picture) if from_picture is None else from_picture):
            return self._draw(picture)
        if self.data.source == "pairs":
            given = self._as_given(on_paper(drawing, white_ink=False))
            if raw or not self.on_white or lines.is_ink_on_white(given.line):
                return given
        if raw:
            line = luminance(picture)
            return Prepared(line, bare=not lines.is_ink_on_white(line), raw=True)
        return Prepared(clean(picture))

    def _draw(self, picture: Pixels) -> Prepared:
        """The lines of a picture, at the size of the network and, to be laid on its colours, at its own."""
        mixed = self.data.line == "mix"
        data = replace(self.data, line=OF_MIX) if mixed else self.data

        def draw(height: int, width: int) -> Pixels:
            return lines.extract(lines.resized(picture, height, width), data, np.random.default_rng(0))

        own = picture.shape[:2]
        line = lines.resized(draw(*at_most(picture, MOST_DRAWN).shape[:2]), *own)
        which = "one of those that data.line=mix drew from" if mixed else "as in training"
        return Prepared(line, draw, drawn=f"{data.line}, {which}")

    def _as_given(self, picture: Pixels) -> Prepared:
        """A drawing as the reader of pairs gives it."""
        line = luminance(picture)
        bare = not (self.on_white and lines.is_ink_on_white(line))
        return Prepared(line, lambda height, width: lines.given(picture, height, width), bare)


def _ground(drawing: Pixels, line: Pixels) -> Pixels | None:
    """(H, W) how opaque a drawing is; None where it is so everywhere, or has strokes alone: colours lie beside them.

    line: (H, W), as it was prepared.
    """
    if drawing.shape[2:] != (4,) or drawing[:, :, 3].min() == 255:
        return None
    visible = line[drawing[:, :, 3] > 127]
    return drawing[:, :, 3] if len(visible) and np.median(visible) > 127 else None


def is_colored(picture: Pixels) -> bool:
    """Whether (H, W, 3) is plainly a coloured picture: strokes in coloured ink, and tinted paper, are not enough."""
    small = at_most(picture, COLORED_SIDE)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    away = np.abs(lab - np.median(lab.reshape(-1, 3), axis=0))
    shaded = (np.hypot(lab[:, :, 1], lab[:, :, 2]) > CHROMA) & (away[:, :, 0] > LIGHTER)
    colored = (np.hypot(away[:, :, 1], away[:, :, 2]) > CHROMA) | shaded
    wide = cv2.morphologyEx(colored.astype(np.uint8), cv2.MORPH_OPEN, np.ones((STROKE, STROKE), np.uint8))
    return float(wide.mean()) > MOST_COLORED
