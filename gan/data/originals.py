"""Whether the files of a data set are still those that a run began with."""

import hashlib
import os
import time
from collections.abc import Mapping
from pathlib import Path

SECONDS = 1.0
"""Longest that one look takes; the next goes on where it ended."""
Stamp = tuple[int, int]
"""How many bytes, and when they were last changed, in nanoseconds."""


class Originals:
    """The files of a data set as they are when a run begins."""

    def __init__(self, root: Path, files: Mapping[str, str]) -> None:
        """Remember them.

        Args:
            root: the folder that they lie in.
            files: path in it -> SHA-256 of the content, or "" where it is not known.
        """
        self.root, self.files = root, files
        self.stamps = {path: _stamp(root / path) for path in files}
        self.paths, self.place = list(files), 0

    def replaced(self) -> list[str]:
        """The paths of the files whose content is another since they were last looked at; those that are gone are not.

        Where there are many, not all are looked at.
        """
        until = time.monotonic() + SECONDS
        found = []
        for _ in self.paths:
            path = self.paths[self.place]
            self.place = (self.place + 1) % len(self.paths)
            if self._is_replaced(path):
                found.append(path)
            if time.monotonic() > until:
                break
        return found

    def _is_replaced(self, path: str) -> bool:
        stamp = _stamp(self.root / path)
        if stamp is None or stamp == self.stamps[path]:
            return False
        self.stamps[path] = stamp
        return self.files[path] == "" or _digest(self.root / path) != self.files[path]


def describe(paths: list[str]) -> str:
    """One line on files that were replaced."""
    shown = ", ".join(paths[:3] + ["..."] * (len(paths) > 3))
    files = "1 file was" if len(paths) == 1 else f"{len(paths)} files were"
    return f"{files} replaced while the run trains ({shown}): what it reads is no longer what data.json names"


def _stamp(path: Path) -> Stamp | None:
    """Or None where it cannot be seen."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
