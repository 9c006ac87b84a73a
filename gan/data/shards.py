"""Shards: pictures packed into tar files, in the WebDataset format, each read by its place.

A folder of a million small files is slow to list, to copy and to serve over a network; a few thousand large files are
not. `gan pack` (`gan.data.pack`) writes them, `data.source=shards` trains from them, and so it does from tar files that
others wrote with `webdataset` (https://github.com/webdataset/webdataset).

WebDataset reads its shards as a stream: it shuffles the order of the shards and then a buffer. That is fast anywhere,
but which pictures a step sees depends on the number of workers, and its position cannot be found again (its issue
271). Here an index says where in which tar the bytes of each picture lie, so that picture i can be read alone, and a
run on shards is a run on the folder: the same sides in the same order, the same permutation of (seed, epoch), the same
pictures after a resume, for any number of workers or of processes that share a batch, to the last bit.

The price is a seek a picture, where a stream reads on. An object store would be asked for a range of bytes each time
(`Place` is one), which only many workers hide. Where that is too slow, what has to become local is the order of an
epoch and nothing else: shards shuffled, then the pictures of a window of shards. It would be a function of
(seed, epoch) as well, and is not built. The index is held in memory, by every worker, too: of a million pictures 160 MB
in each, and 1 GB while it is loaded.

A folder of shards without `pack.json` is indexed when it is first used, into the cache; nothing is written into it.
"""

import hashlib
import json
import os
import re
import tarfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from gan.config import Data
from gan.config.data import Splitting
from gan.data.folder import Scan, collect, facts, require_enough, require_folder
from gan.data.picture import SUFFIXES, UnusablePicture, read
from gan.errors import RequestError
from gan.files import cache_folder, open_regular, read_regular, write_text
from gan.log import counted

FORMAT = 2
"""Raise when the fields of an index change, or what is read from a picture."""
READABLE = (1, FORMAT)
"""1 does not say which pictures are converted to sRGB."""
INDEX = "pack.json"
"""The index, beside the shards."""
SETTINGS = ("split", "val_fraction", "test_fraction", "min_side", "max_pixels")
"""Fields of `Data` that decide which pictures are packed, and on which side each is."""
SAMPLE = re.compile(r"(?:.*/)?[^./]+\.([^./]+)")
"""A file of a WebDataset sample whose extension is all that follows the first dot of its name: 0001.jpg, and neither
0001.seg.png nor ._0001.jpg."""
END = bytes(1024)
"""What follows the last file of a whole tar file (POSIX.1-2008, pax, "ustar Interchange Format")."""
Entries = dict[str, dict[str, Any]]
"""Path -> what `gan.data.folder.collect` takes, and the fields of a `Place`."""
Found = tuple[Entries, dict[str, int]]
"""And how many files there are of each suffix that are no pictures."""


@dataclass(frozen=True)
class Place:
    """Where the bytes of a picture lie: in which tar file, from which byte on, and how many."""

    shard: str
    offset: int
    size: int

    def read(self, root: Path) -> bytes:
        """The bytes, from the shards in a folder.

        Raises:
            UnusablePicture: the shard ends before them.
            OSError: the file system does not give them away.
        """
        with open_regular(root / self.shard) as file:
            file.seek(self.offset)
            content = file.read(self.size)
        if len(content) < self.size:
            raise UnusablePicture(f"{self.shard} ends within it")
        return content


@dataclass(frozen=True)
class Shards:
    """The pictures of a folder of shards."""

    scan: Scan
    """Paths are those of the folder that was packed; in shards of others, the shard's name and the file's in it."""
    places: dict[str, Place]
    """Digest -> where a file of that content lies."""
    split: Splitting
    """What decides the sides: auto is what it came to when they were packed."""


def find(data: Data) -> Shards:
    """The pictures in the shards at `data.root`.

    Raises:
        RequestError: no such folder, no shards in it, one that is missing, cut off or no tar file; too few usable
            pictures; or other settings than those it was packed with.
    """
    root = require_folder(data.root)
    split = data.split
    if (root / INDEX).exists():
        index = _packed(root, data)
        split = index["settings"]["split"]
    else:
        index = _foreign(root, data)
    entries, left_out = index["entries"], index.get("left_out", {})
    scan = replace(collect(root, entries, index["other"], data), left_out=left_out)
    if index["format"] != FORMAT:
        scan = replace(scan, converted=None)
    require_enough(scan, data)
    usable = (entries[picture.path] for picture in scan.pictures)
    places = {entry["digest"]: Place(entry["shard"], entry["offset"], entry["size"]) for entry in usable}
    return Shards(scan, places, split)


def _packed(root: Path, data: Data) -> dict[str, Any]:
    """The index, once it has been compared with the shards and with what is asked for."""
    path = root / INDEX
    try:
        index: dict[str, Any] = json.loads(read_regular(path))
        if index["format"] not in READABLE:
            formats = " and ".join(map(str, READABLE))
            raise RequestError(f"{path} has format {index['format']}, and this version reads {formats}; pack again")
        if not index["whole"]:
            raise RequestError(f"{root}: its packing did not end; delete the folder, and pack again")
        settings, shards, _, _ = (index[name] for name in ("settings", "shards", "entries", "other"))
        _check_settings(root, {name: settings[name] for name in SETTINGS}, data)
        for name, size in shards.items():
            _check_size(root / name, size)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestError(f"{path} must be an index that gan pack wrote: {type(error).__name__}: {error}") from error
    return index


def _check_settings(root: Path, settings: dict[str, Any], data: Data) -> None:
    asked = {name: getattr(data, name) for name in settings}
    others = {name: packed for name, packed in settings.items() if asked[name] not in (packed, "auto")}
    if others:
        given = ", ".join(f"data.{name} ({asked[name]})" for name in others)
        options = " ".join(f"--data.{name.replace('_', '-')} {packed}" for name, packed in others.items())
        raise RequestError(f"{given} must be as {root} was packed: {options}")


def _check_size(shard: Path, size: int) -> None:
    if not shard.is_file():
        raise RequestError(f"{shard} is missing: {INDEX} beside it names it")
    found = shard.stat().st_size
    if found != size:
        raise RequestError(
            f"{shard} must have {size} bytes, as {INDEX} says, and has {found}: it is cut off or another"
        )


def _foreign(root: Path, data: Data) -> dict[str, Any]:
    """An index of the shards that somebody else wrote."""
    shards = sorted(root.glob("*.tar"))
    if not shards:
        raise RequestError(f"data.root ({root}) must hold shards, and no file in it ends in .tar")
    entries: Entries = {}
    other = Counter[str]()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        looked = pool.map(partial(_known, max_pixels=data.max_pixels), shards)
        for found, rest in counted(looked, len(shards), "looking at shards"):
            entries |= found
            other.update(rest)
    return {"format": FORMAT, "entries": entries, "other": dict(sorted(other.items()))}


def _known(shard: Path, max_pixels: int) -> Found:
    """What is in a shard, from the cache where it has been looked at before."""
    status = shard.stat()
    every = (FORMAT, str(shard), status.st_size, status.st_mtime_ns, max_pixels)
    cached = cache_folder() / "shards" / f"{hashlib.sha256(repr(every).encode()).hexdigest()[:24]}.json"
    with suppress(OSError, ValueError):  # the cache only saves time
        entries, other = json.loads(read_regular(cached))
        return entries, other
    entries, other = _look(shard, max_pixels)
    with suppress(OSError):  # as above
        write_text(cached, json.dumps([entries, other]))
    return entries, other


def _look(shard: Path, max_pixels: int) -> Found:
    """Read a shard from its beginning to its end."""
    entries: Entries = {}
    other = Counter[str]()
    for name, place in [*members(shard)]:  # all of it, before any is read: a shard that is cut off is refused
        sample = SAMPLE.fullmatch(name)
        suffix = f".{sample[1].lower()}" if sample else Path(name).suffix
        if not sample or suffix not in SUFFIXES:
            other[suffix] += 1
            continue
        content = place.read(shard.parent)
        try:
            picture = read(BytesIO(content), max_pixels)
            found = {"digest": hashlib.sha256(content).hexdigest()} | facts(picture) | asdict(place)
        except UnusablePicture as unusable:
            found = {"reason": str(unusable)}
        entries[f"{shard.name}/{name}"] = found
    return entries, dict(other)


def members(shard: Path) -> Iterator[tuple[str, Place]]:
    """Name and place of every file in a shard, in the order in which they lie there.

    Raises:
        RequestError: it is no tar file, it is compressed, or it is cut off.
    """
    try:
        with open_regular(shard) as file:
            with tarfile.open(fileobj=file, mode="r:") as tar:
                for member in tar:
                    if member.isreg():
                        yield member.name, Place(shard.name, member.offset_data, member.size)
                    tar.members = []  # type: ignore[attr-defined]  # it would keep every header
                end = tar.offset
            file.seek(end)
            if file.read(len(END)) != END:  # tarfile takes what is no header for the end
                raise RequestError(f"{shard} is cut off or damaged: from byte {end} on it is no tar file")
    except tarfile.TarError as error:
        raise RequestError(f"{shard} must be a whole tar file, not compressed: {error}") from error
    except OSError as error:
        raise RequestError(f"{shard} cannot be read: {error.strerror}") from error
