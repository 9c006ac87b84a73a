"""Packs a folder of pictures into shards (`gan.data.shards`).

The bytes of every usable picture go into `<side>-<number>.tar`, in the order of their paths, and two packs of a folder
are equal to the last byte. The index is written first as one of an unfinished pack and last as that of a whole one, so
that an interruption leaves nothing that could be taken for all pictures.
"""

import hashlib
import json
import logging
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from gan.config import Data
from gan.data import SPLITS, Split, folder
from gan.data.folder import Picture, Scan
from gan.data.shards import FORMAT, INDEX, SETTINGS, Entries, members
from gan.data.split import divide
from gan.errors import RequestError
from gan.files import read_regular, replacing, write_text

logger = logging.getLogger(__name__)


def pack(data: Data, shards: Path, shard_bytes: int) -> Path:
    """Pack the folder of a `data.source=folder` into new shards; returns where they are.

    Args:
        data: the folder, which of its pictures are wanted, and how they are split.
        shards: a folder that is empty or not there.
        shard_bytes: pictures of so many bytes fill a shard; one that is larger has a shard of its own.

    Raises:
        RequestError: as `gan.data.folder.scan` and `gan.data.split.divide`; `shards` is not empty, lies in the folder
            or cannot be written; a picture was changed meanwhile.
    """
    shards = shards.expanduser().resolve()
    root = folder.require_folder(data.root)
    _check_free(shards, root)
    scanned = folder.scan(data)
    divided = divide(scanned.pictures, data)
    data, by_side = replace(data, split=divided.by), divided.sides
    scanned = replace(scanned, skipped=scanned.skipped | divided.left_out)
    for note in divided.notes:
        logger.info(note)
    logger.info("%s: %d pictures, %s", root, sum(map(len, by_side.values())), folder.describe(scanned))
    written = [shards / INDEX]
    try:
        write_text(shards / INDEX, json.dumps({"format": FORMAT, "whole": False}))
        entries = _write_shards(written, root, by_side, shard_bytes)
        write_text(shards / INDEX, json.dumps(_index(data, scanned, by_side, written[1:], entries)))
    except BaseException as error:
        for path in reversed(written):  # the index last: without it these would be somebody's shards
            with suppress(OSError):  # what has ended the pack may be in the way here, too
                path.unlink()
        if isinstance(error, OSError):
            raise RequestError(f"{shards} must be writable, and {root} readable: {error}") from error
        raise
    return shards


def _check_free(shards: Path, root: Path) -> None:
    if shards.is_relative_to(root):
        raise RequestError(f"SHARDS ({shards}) must lie outside the folder of pictures ({root})")
    if shards.exists() and not shards.is_dir():
        raise RequestError(f"SHARDS ({shards}) must be a folder, and a file is there")
    if shards.is_dir() and any(shards.iterdir()):
        raise RequestError(f"SHARDS ({shards}) must be empty or not there, and holds files; choose another")


def _write_shards(written: list[Path], root: Path, by_side: dict[Split, list[Picture]], shard_bytes: int) -> Entries:
    """Write every shard beside the index, adding it to what is `written`; what the index says of the pictures."""
    entries: Entries = {}
    for split in SPLITS:
        for number, group in enumerate(_groups(root, by_side[split], shard_bytes)):
            shard = written[0].with_name(f"{split}-{number:06d}.tar")
            written.append(shard)
            entries |= _write_shard(shard, root, group)
            logger.info("%s: %d pictures, %d in all", shard.name, len(group), len(entries))
    return entries


def _index(
    data: Data, scanned: Scan, by_side: dict[Split, list[Picture]], shards: list[Path], entries: Entries
) -> dict[str, Any]:
    """What `gan.data.shards` reads, of a whole pack."""
    unused = {path: {"reason": reason} for path, reason in scanned.skipped.items()}
    for path in scanned.converted or ():
        entries[path]["converted"] = True
    for path, note in scanned.noted.items():
        entries[path]["note"] = note
    return {
        "format": FORMAT,
        "whole": True,
        "settings": {name: getattr(data, name) for name in SETTINGS},
        "pictures": {split: len(by_side[split]) for split in SPLITS},
        "shards": {shard.name: shard.stat().st_size for shard in shards},
        "entries": dict(sorted((entries | unused).items())),
        "other": scanned.other,
        "left_out": scanned.left_out,
    }


def _groups(root: Path, pictures: list[Picture], shard_bytes: int) -> Iterator[list[Picture]]:
    """The pictures of each shard, in order."""
    group: list[Picture] = []
    filled = 0
    for picture in pictures:
        size = (root / picture.path).stat().st_size
        if group and filled + size > shard_bytes:
            yield group
            group, filled = [], 0
        group.append(picture)
        filled += size
    yield group


def _write_shard(shard: Path, root: Path, pictures: list[Picture]) -> Entries:
    """Write a shard; path -> what the index says of a picture.

    A key is a number, for a path may have dots where WebDataset would end the key.
    """
    with replacing(shard) as draft, tarfile.open(draft, "w", format=tarfile.USTAR_FORMAT) as tar:
        for number, picture in enumerate(pictures):
            content = _content(root, picture)
            member = tarfile.TarInfo(f"{shard.stem}-{number:06d}{Path(picture.path).suffix.lower()}")
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
    places = (place for _, place in members(shard))
    return {
        picture.path: {name: value for name, value in asdict(picture).items() if name != "path"} | asdict(place)
        for picture, place in zip(pictures, places, strict=True)
    }


def _content(root: Path, picture: Picture) -> bytes:
    """The bytes of a picture, which are those that were scanned."""
    content = read_regular(root / picture.path)
    if hashlib.sha256(content).hexdigest() != picture.digest:
        raise RequestError(f"{root / picture.path} was changed while it was packed; pack again")
    return content
