"""Training pictures decoded, shrunk and drawn once: a memory-mapped file in the cache, from which every epoch reads.

Decoding a JPEG takes a hundred times as long as copying what comes out of it. One file a folder and size holds, of each
picture by the digest of its content, (H, W, 3) colours and, where lines are not drawn at random, the (H, W) drawing:
the bytes that the reader of the files returns, so that a run with the cache is a run without it.
"""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import cv2
import numpy as np
import PIL

from gan.arrays import Pixels
from gan.config import Data
from gan.data import lines
from gan.data.folder import Picture
from gan.data.readers import Reader
from gan.files import cache_folder, locked, open_regular, replacing
from gan.log import counted

logger = logging.getLogger(__name__)
FORMAT = 2
"""Raise when what is stored, or how a file is decoded, changes."""
Place = tuple[int, int, int]
"""Where a picture begins in the file, in bytes; its height and its width."""
Decoded = tuple[Pixels, Pixels | None]
"""(H, W, 3) colours and the (H, W) drawing, or None where drawings are not stored."""


@dataclass(frozen=True)
class Store:
    """A file of decoded pictures: their bytes, then an index as JSON, then the index's length in 8 bytes.

    drawn: whether each picture is followed by its drawing.
    """

    path: Path
    index: Mapping[str, Place]
    drawn: bool

    @cached_property
    def _bytes(self) -> Pixels:
        return np.memmap(self.path, np.uint8, mode="r")

    def __getstate__(self) -> dict[str, object]:
        """A worker maps the file itself: sent to it, the map would be a copy of the file."""
        return {name: value for name, value in self.__dict__.items() if name != "_bytes"}

    def get(self, digest: str) -> Decoded:
        """A copy of a picture and its drawing."""
        start, height, width = self.index[digest]
        middle = start + 3 * height * width
        color = np.array(self._bytes[start:middle]).reshape(height, width, 3)
        if not self.drawn:
            return color, None
        return color, np.array(self._bytes[middle : middle + height * width]).reshape(height, width)


@dataclass(frozen=True)
class DecodedReader:
    """A reader that takes from a store what is there, as large as it is stored (`gan.data.readers.Reader`)."""

    files: Reader
    store: Store
    shape: tuple[int, int]
    data: Data

    def __call__(self, picture: Picture, shape: tuple[int, int], rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """As the reader of the files."""
        if shape != self.shape:
            return self.files(picture, shape, rng)
        color, line = self.store.get(picture.digest)
        return color, lines.extract(color, self.data, rng) if line is None else line

    def short_side(self, picture: Picture) -> int:
        """That of the file."""
        return self.files.short_side(picture)


def keep(files: Reader, pictures: Sequence[Picture], shape: tuple[int, int], data: Data) -> Reader:
    """A reader of the same pictures out of the cache, which is filled first; the reader of the files where they do not
    fit: into `data.cache_gb`, or into half of what is free on the cache's disk.

    Raises:
        RequestError: a picture can no longer be read.
    """
    if data.cache_gb == 0:
        return files
    drawn = data.line != "mix"
    path = _path(shape, data)
    needed = sum(_size(picture, shape, data, drawn=drawn) for picture in pictures)
    if needed > data.cache_gb * 1e9:
        gigabytes = f"{needed / 1e9:.1f} GB decoded, data.cache_gb is {data.cache_gb:g}"
        logger.info("training pictures are read from their files: they take %s", gigabytes)
        return files
    try:
        with locked(path.with_suffix(".lock")):
            store = _filled(path, files, pictures, shape, needed, drawn=drawn)
    except OSError as error:  # a cache only saves time
        logger.info("training pictures are read from their files: %s: %s", path.parent, error.strerror)
        return files
    return DecodedReader(files, store, shape, data)


def _path(shape: tuple[int, int], data: Data) -> Path:
    """A name that says everything that shapes the bytes of a picture of given content, and the folder."""
    shaping = [
        FORMAT,
        PIL.__version__,
        cv2.__version__,
        os.path.realpath(data.root),
        data.source,
        data.layout,
        shape,
        data.line,
    ]
    if data.line == "canny":
        shaping += [data.canny_low, data.canny_high]
    return cache_folder() / "decoded" / f"{hashlib.sha256(repr(shaping).encode()).hexdigest()[:24]}.bin"


def _size(picture: Picture, shape: tuple[int, int], data: Data, *, drawn: bool) -> int:
    """Bytes of a picture in the store, near enough."""
    width = picture.width if data.source != "pairs" or data.layout == "folders" else picture.width // 2
    scale = max(shape[0] / picture.height, shape[1] / width)
    return round(scale * scale * picture.height * width) * (4 if drawn else 3)


def _filled(
    path: Path, files: Reader, pictures: Sequence[Picture], shape: tuple[int, int], needed: int, *, drawn: bool
) -> Store:
    """The store with every picture, made anew where one is not in it; what it has already is copied."""
    try:
        before = _open(path, drawn=drawn)
    except (OSError, ValueError):  # none yet, or a damaged one
        before = Store(path, {}, drawn)
    if all(picture.digest in before.index for picture in pictures):
        return before
    if shutil.disk_usage(path.parent).free < 2 * needed:
        raise OSError(0, "less than twice what they take is free")

    def decode(picture: Picture) -> Decoded:
        if picture.digest in before.index:
            return before.get(picture.digest)
        color, line = files(picture, shape, np.random.default_rng(0))  # lines drawn at random are not stored
        return color, line if drawn else None

    different = list({picture.digest: picture for picture in pictures}.values())
    with replacing(path) as draft, draft.open("wb") as file, ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = _in_order(pool, decode, different)
        _write(file, different, counted(parts, len(different), "decoding pictures"))
    return _open(path, drawn=drawn)


def _in_order(
    pool: ThreadPoolExecutor, decode: Callable[[Picture], Decoded], pictures: Sequence[Picture]
) -> Iterator[Decoded]:
    """What is decoded, a thousand at once, so that no more lie in memory."""
    for start in range(0, len(pictures), 1000):
        yield from pool.map(decode, pictures[start : start + 1000])


def _write(file: BinaryIO, pictures: Sequence[Picture], parts: Iterable[Decoded]) -> None:
    index: dict[str, Place] = {}
    for picture, (color, line) in zip(pictures, parts, strict=True):
        index[picture.digest] = (file.tell(), color.shape[0], color.shape[1])
        file.write(color.tobytes())
        if line is not None:
            file.write(line.tobytes())
    written = json.dumps(index).encode()
    file.write(written + len(written).to_bytes(8, "little"))


def _open(path: Path, *, drawn: bool) -> Store:
    with open_regular(path) as file:
        file.seek(-8, os.SEEK_END)
        length = int.from_bytes(file.read(8), "little")
        file.seek(-8 - length, os.SEEK_END)
        index = {digest: (place[0], place[1], place[2]) for digest, place in json.loads(file.read(length)).items()}
    return Store(path, index, drawn)
