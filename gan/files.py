"""Where renders and manifests are kept, how a file is opened, and how it is written whole or not at all."""

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def cache_folder() -> Path:
    """`GAN_CACHE`, or `gan` in the user's cache folder (`XDG_CACHE_HOME`, else ~/.cache)."""
    if chosen := os.environ.get("GAN_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gan"


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read. What is no regular file is refused: a FIFO or a device may keep its reader waiting for ever.

    Raises:
        OSError: it is not there, may not be read, or is no regular file.
    """
    number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # which opens a FIFO at once
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    return os.fdopen(number, "rb")


def read_regular(path: Path) -> bytes:
    """All that is in a file; raises as `open_regular`."""
    with open_regular(path) as file:
        return file.read()


DRAFT = ".draft"
"""Part of the name of a file that is being written."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a new path beside `path` to write to; if the block ends well it takes the place of `path`, else it goes.

    A reader sees the old file or the new one, never a part, also after a kill or a power cut.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.{os.getpid()}-{secrets.token_hex(4)}{DRAFT}{path.suffix}")
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
        _sync_names(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync_names(folder: Path) -> None:
    """Bring the names in a folder to the disk, without which a power cut may undo a renaming."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot
            os.fsync(opened)
    finally:
        os.close(opened)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")


def remove_drafts(folder: Path) -> None:
    """Remove what a killed process left half-written in a folder."""
    for path in folder.glob(f".*{DRAFT}.*"):
        path.unlink(missing_ok=True)


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock file that goes with its process, however that ends; another holder is waited for.

    Raises:
        BlockingIOError: it is held by another, and `wait` is False.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
