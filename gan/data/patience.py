"""Pictures that can no longer be read while a run trains (a network share, a cleaned folder).

Each is asked for again for a moment, and then its neighbour stands in for it; above a small share the run stops. What a
file that is there has become is another question (`gan.data.originals`).
"""

import logging
import time
from collections.abc import Iterable

import numpy as np

from gan.arrays import Pixels
from gan.data.folder import Picture
from gan.data.readers import Reader
from gan.errors import RequestError

logger = logging.getLogger(__name__)
WAITS = (0.1, 0.5, 2.0)
"""Seconds before a picture is asked for again."""
SHARE = 0.01
"""Most of a side's pictures that may be missing at once."""


class PatientReader:
    """A reader that asks again for what cannot be read; and only once for what it has waited for in vain."""

    def __init__(self, files: Reader) -> None:
        self.files = files
        self.missing: set[str] = set()

    def __call__(self, picture: Picture, shape: tuple[int, int], rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """As the reader of the files, which draws nothing before it has read.

        Raises:
            RequestError: it still cannot be read.
        """
        for wait in WAITS if picture.path not in self.missing else ():
            try:
                return self.files(picture, shape, rng)
            except RequestError:
                time.sleep(wait)
        self.missing.add(picture.path)
        read = self.files(picture, shape, rng)
        self.missing.discard(picture.path)
        return read

    def short_side(self, picture: Picture) -> int:
        """That of the file."""
        return self.files.short_side(picture)


def most_missing(pictures: int) -> int:
    """How many of a side's pictures may be missing at once: one at least."""
    return max(1, int(SHARE * pictures))


class Tally:
    """Says which training pictures could not be read, by whichever process: the first, and when they have doubled."""

    def __init__(self, pictures: int) -> None:
        self.pictures = pictures
        self.lost: set[str] = set()
        self.said = 0

    def add(self, reasons: Iterable[str]) -> None:
        """Count what is new."""
        for reason in reasons:
            self.lost.add(reason)
            if len(self.lost) >= max(1, 2 * self.said):
                self.said = len(self.lost)
                count = f"{self.said} of {self.pictures} training pictures so far"
                logger.warning("left out, and its neighbour stands in for it: %s (%s)", reason, count)
