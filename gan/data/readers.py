"""How the files of a source become pictures and their drawings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np

from gan.arrays import Pixels
from gan.config import Data
from gan.data import lines, pairs
from gan.data.folder import Picture
from gan.data.picture import UnusablePicture, cover, read_rgb
from gan.data.shards import Place
from gan.errors import RequestError


class Reader(Protocol):
    """How the files of a source become pictures and drawings; pickled on its way to the workers."""

    def __call__(self, picture: Picture, shape: tuple[int, int], rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """(H, W, 3) colour and (H, W) drawing of a file, just covering `shape`."""
        ...

    def short_side(self, picture: Picture) -> int:
        """The short side of the colour picture in a file, in pixels."""
        ...


@dataclass(frozen=True)
class FolderReader:
    """Pictures whose lines are extracted."""

    root: Path
    data: Data

    def __call__(self, picture: Picture, shape: tuple[int, int], rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """The picture, and the lines that are extracted from it at the size of training."""
        with _still_readable(self.root, picture):
            read = read_rgb(self.file(picture), self.data.max_pixels, least=shape)
        color = cover(read, shape)
        return color, lines.extract(color, self.data, rng)

    def file(self, picture: Picture) -> Path | BinaryIO:
        """Where the picture is read from."""
        return self.root / picture.path

    def short_side(self, picture: Picture) -> int:
        """That of the file."""
        return min(picture.width, picture.height)


@dataclass(frozen=True)
class ShardReader(FolderReader):
    """Pictures in shards whose lines are extracted."""

    places: Mapping[str, Place]

    def file(self, picture: Picture) -> BinaryIO:
        """The bytes of the picture, which are those of its digest."""
        return BytesIO(self.places[picture.digest].read(self.root))


@dataclass(frozen=True)
class PairReader:
    """Pictures that come with their drawings."""

    found: pairs.Pairs
    data: Data

    def __call__(
        self,
        picture: Picture,
        shape: tuple[int, int],
        rng: np.random.Generator,  # noqa: ARG002 -- the protocol's signature
    ) -> tuple[Pixels, Pixels]:
        """The picture and its own drawing, resized alike."""
        with _still_readable(self.found.scan.root, picture):
            return pairs.read_pair(self.found, picture, self.data, shape)

    def short_side(self, picture: Picture) -> int:
        """That of the picture, which may be a half of the file."""
        width = picture.width if self.data.layout == "folders" else picture.width // 2
        return min(width, picture.height)


@contextmanager
def _still_readable(root: Path, picture: Picture) -> Iterator[None]:
    try:
        yield
    except (UnusablePicture, OSError) as error:
        raise RequestError(f"{root / picture.path} could be read when data.root was scanned: {error}") from error
