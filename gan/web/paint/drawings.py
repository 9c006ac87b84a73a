"""Drawings that were uploaded to be coloured, kept in memory under names that cannot be guessed."""

import io
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from cachetools import LRUCache
from torch import nn

from gan.arrays import Ints, Pixels
from gan.colorize.colorizer import Colorizer
from gan.colorize.drawing import on_paper
from gan.colorize.page import Page, inner_size
from gan.colorize.preparation import Preparation, Prepared, is_colored
from gan.colorize.survey import Survey
from gan.config import Data
from gan.data.picture import UnusablePicture, read_picture
from gan.hints.flood import closed_areas
from gan.hints.painted import Hint
from gan.web.refused import Refused

MOST_BYTES = 20_000_000
"""Of an uploaded file."""
MOST_PIXELS = 16_000_000
"""Of an uploaded picture."""
CLEANED = Preparation(Data())
"""How a flat fill, and the runs on avatars, take a drawing."""
BLANK = 64
"""A page with less contrast has nothing on it, and needs no note."""
MOST_VIEWS = 4
"""Ways to take drawings, besides cleaned, of which a drawing is remembered as it is taken."""
MOST_PAGES = 4
"""Forms of a drawing that are remembered: networks of one size and kind share one."""
LONGEST_SHOWN = 1024
"""Long side of the picture that is shown while a person paints; what is downloaded has the drawing's own size."""


@dataclass
class Drawing:
    """A drawing, cleaned or as a run takes it.

    prepared: how it was, with its (H, W) line. shown: (h, w), the same at the size at which it is shown. upload: the
    file as it came. note: what a person should know of it, or nothing. views: the drawing as runs take it that may not
    take it cleaned; None: they do, nevertheless. pages: the drawing as the networks of runs take it, by what that
    depends on. surveys: what networks that point say of its areas in the variant that was asked for last, as long as
    they are loaded.
    """

    prepared: Prepared
    shown: Pixels
    upload: bytes = b""
    note: str = ""
    views: LRUCache[Preparation, "Drawing | None"] = field(default_factory=lambda: LRUCache(MOST_VIEWS))
    pages: LRUCache[tuple[object, ...], Page] = field(default_factory=lambda: LRUCache(MOST_PAGES))
    surveys: WeakKeyDictionary[nn.Module, tuple[int, Survey]] = field(default_factory=WeakKeyDictionary)
    _areas: Ints | None = None

    @property
    def line(self) -> Pixels:
        """(H, W) line art."""
        return self.prepared.line

    def seen_by(self, colorizer: Colorizer) -> "Drawing":
        """The drawing as a run takes it, with the same upload: prepared anew where it does not take it cleaned."""
        how = colorizer.preparation
        if how.only_cleans:
            return self
        if how not in self.views:
            prepared = how(read_picture(io.BytesIO(self.upload), MOST_PIXELS))
            self.views[how] = None if prepared.is_cleaned else Drawing(prepared, _shown(prepared.line))
        return self.views[how] or self

    @property
    def is_reduced(self) -> bool:
        """Whether it is shown at a smaller size than its own."""
        return self.shown is not self.line

    def areas(self) -> Ints:
        """(h, w) closed areas of the whole drawing, at the size at which it is shown; found once."""
        if self._areas is None:
            area = closed_areas(self.line)
            rows, columns = (_middles(*sides) for sides in zip(area.shape, self.shown.shape, strict=True))
            self._areas = area[np.ix_(rows, columns)] if self.is_reduced else area
        return self._areas

    def on_shown(self, hints: Sequence[Hint]) -> list[Hint]:
        """Hints on the drawing -> on what is shown of it; never thinner than a pixel there."""
        if not self.is_reduced:
            return list(hints)
        down, right = (small / side for small, side in zip(self.shown.shape, self.line.shape, strict=True))

        def moved(hint: Hint) -> Hint:
            x, y = (max((at + 0.5) * scale - 0.5, 0) for at, scale in ((hint.x, right), (hint.y, down)))
            return replace(hint, x=x, y=y, radius=None if hint.radius is None else hint.radius * down)

        return [moved(hint) for hint in hints]

    @property
    def size(self) -> int:
        """Bytes in memory."""
        own = len(self.upload) + self.line.nbytes + (0 if self.shown is self.line else self.shown.nbytes)
        own += 0 if self._areas is None else self._areas.nbytes
        own += sum(part.nbytes for part in list(self.pages.values()))
        own += sum(view.size + view.prepared.nbytes for view in list(self.views.values()) if view)
        return own + sum(survey.nbytes for _, survey in list(self.surveys.values()))


def decode(upload: bytes) -> Drawing:
    """An uploaded file as a cleaned drawing, as `gan colorize` cleans it.

    Raises:
        Refused: 413 for too many bytes or pixels, 415 for a file that is no usable picture.
    """
    if len(upload) > MOST_BYTES:
        raise Refused(413, too_large())
    try:
        picture = read_picture(io.BytesIO(upload), MOST_PIXELS)
    except UnusablePicture as error:
        status = 413 if "more" in str(error) else 415
        raise Refused(status, f"the drawing cannot be used: {error}") from error
    prepared = CLEANED(picture)
    return Drawing(prepared, _shown(prepared.line), upload, _note(prepared, picture))


def _note(prepared: Prepared, picture: Pixels) -> str:
    """What a person should know whose upload is empty once it is cleaned, unless it was a blank page."""
    if not prepared.is_empty or np.ptp(on_paper(picture)) < BLANK:
        return ""
    if not is_colored(on_paper(picture)):
        return "Cleaned, this drawing is an empty page, and is coloured as one."
    seen = "networks that were trained on extracted lines see the lines that are drawn from it, others an empty page"
    return f"This is a coloured picture and no drawing: {seen}."


def too_large() -> str:
    """The sentence for an upload of too many bytes."""
    return f"the drawing must have at most {MOST_BYTES // 1_000_000} MB"


def _shown(line: Pixels) -> Pixels:
    height, width = line.shape
    if max(height, width) <= LONGEST_SHOWN:
        return line
    short = round(LONGEST_SHOWN * min(height, width) / max(height, width)) or 1
    rows, columns = inner_size(height, width, (short, short))
    return np.asarray(cv2.resize(line, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _middles(side: int, small: int) -> Ints:
    """(small,): of each pixel of a side that was made smaller, the one that was in its middle."""
    middles: Ints = ((np.arange(small) + 0.5) * side / small).astype(np.int64)
    return middles


class Drawings:
    """The drawings of everybody who paints. When there are too many, the one that was not used for longest goes.

    Args:
        most: drawings that are remembered.
        most_bytes: memory that they may take; one that is larger is remembered alone.
    """

    def __init__(self, most: int = 64, most_bytes: int = 256_000_000) -> None:
        def share(drawing: Drawing) -> int:
            return min(max(drawing.size, most_bytes // most), most_bytes)

        self._drawings: LRUCache[str, Drawing] = LRUCache(most_bytes, getsizeof=share)
        self._lock = threading.Lock()

    def add(self, drawing: Drawing) -> str:
        """Remember a drawing; returns its name."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._drawings[name] = drawing
        return name

    def get(self, name: str) -> Drawing:
        """The drawing of that name.

        Raises:
            Refused: 410, it is not there, or not any more.
        """
        with self._lock:
            drawing = self._drawings.get(name)
            if drawing is None:
                raise Refused(410, "this drawing is not kept any more: upload it again")
            self._drawings[name] = drawing  # its size counts anew: pages have come
        return drawing

    def __len__(self) -> int:
        return len(self._drawings)

    @property
    def bytes(self) -> int:
        """Memory that the drawings take."""
        return sum(drawing.size for drawing in self._drawings.values())
