"""metrics.jsonl read as it grows, and kept as curves of bounded size.

A file of 100,000 lines is read once, piece by piece, and afterwards only what was added. Of every metric the least and
the greatest value of each stretch of rows are kept, so that no spike is lost; stretches double when they are too many.
"""

import json
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan.files import open_regular
from gan.runs.found import stat_of

STRETCHES = 1024
"""Most stretches of a curve are twice as many, with two points each."""
PIECE = 256 << 10
"""Bytes that are parsed at once."""
MOST = 2**53
"""Of steps and of seconds since 1970."""
STEP, TIME, VALUE = range(3)
Points = NDArray[np.float64]
"""(N, 3): step, time, value."""


class Series:
    """One metric: at most `4 * STRETCHES` points, however many were added."""

    def __init__(self) -> None:
        self.stride = 1
        self.kept: Points = np.empty((0, 2, 3))  # the two extremes of each whole stretch, in order
        self.pending: Points = np.empty((0, 3))  # of the stretch that is not whole yet
        self.newest: Points = np.empty((0, 3))  # the last that was added, which need not be an extreme
        self.count = 0

    def add(self, points: Points) -> None:
        """Add (N, 3) points in their order."""
        self.count += len(points)
        self.newest = points[-1:]
        points = np.concatenate([self.pending, points])
        whole = len(points) // self.stride
        self.pending = points[whole * self.stride :]
        if whole:
            stretches = points[: whole * self.stride].reshape(whole, self.stride, 3)
            self.kept = np.concatenate([self.kept, _extremes(stretches)])
        while len(self.kept) >= 2 * STRETCHES:
            self._double()

    def _double(self) -> None:
        pairs = len(self.kept) // 2
        odd = self.kept[2 * pairs :]  # half a stretch of the new length, and kept as one
        self.kept = np.concatenate([_extremes(self.kept[: 2 * pairs].reshape(pairs, 4, 3)), odd])
        self.stride *= 2

    def points(self) -> Points:
        """(N, 3) points in their order, each once; the last is the last that was added."""
        pending = _extremes(self.pending[None])[0] if len(self.pending) else self.pending
        points = np.concatenate([self.kept.reshape(-1, 3), pending, self.newest])
        again = np.zeros(len(points), bool)
        again[1:] = (points[1:] == points[:-1]).all(axis=1)
        return points[~again]


def _extremes(stretches: Points) -> Points:
    """(K, S, 3) -> (K, 2, 3): the points of least and greatest value of each, in the order in which they came."""
    values = stretches[..., VALUE]
    order = np.sort(np.stack([values.argmin(axis=1), values.argmax(axis=1)], axis=1), axis=1)
    picked: Points = np.take_along_axis(stretches, order[..., None], axis=1)
    return picked


def thinned(points: Points, most: int) -> Points:
    """At most so many of (N, 3) points: the extremes of each stretch, and the last."""
    if len(points) <= most:
        return points
    length = -(-2 * len(points) // (most - 2))
    whole = len(points) // length
    return np.concatenate([_extremes(points[: whole * length].reshape(whole, length, 3)).reshape(-1, 3), points[-1:]])


class Metrics:
    """The curves of one run's metrics.jsonl."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._start()

    def _start(self) -> None:
        self.inode, self.offset = 0, 0
        self.series: dict[str, Series] = {}
        self.last: dict[str, tuple[float, float]] = {}
        """Name -> (step, value) of its last row."""
        self.whole = True
        """Whether the file has been read to its end."""

    def read(self, seconds: float) -> None:
        """Read what was added, for about so long at most; a file that was replaced or has shrunk is read afresh."""
        with self._lock:
            signature = stat_of(self.path)
            if not signature or signature[0] != self.inode or signature[1] < self.offset:
                self._start()
            if not signature:
                return
            self.inode = signature[0]
            try:
                self._read(monotonic() + seconds)
            except OSError:  # gone meanwhile
                self._start()

    def _read(self, until: float) -> None:
        with open_regular(self.path) as file:
            file.seek(self.offset)
            while True:
                piece = file.read(PIECE)
                end = piece.rfind(b"\n") + 1
                if not end:  # no whole line: the end, or one that is longer than a piece and no line of ours
                    self.offset += len(piece) if len(piece) == PIECE else 0
                    self.whole = len(piece) < PIECE
                    if self.whole:
                        return
                else:
                    self._add(parse(piece[:end]))
                    self.offset += end
                    file.seek(self.offset)
                if monotonic() > until:
                    self.whole = self.offset >= stat_of(self.path)[1]
                    return

    def _add(self, rows: Iterable[dict[str, Any]]) -> None:
        columns: dict[str, list[tuple[float, float, float]]] = {}
        for row in rows:
            step, now = row.pop("step", None), row.pop("time", 0.0)
            if not _is_number(step, MOST) or not _is_number(now, MOST):
                continue
            for name, value in row.items():
                if _is_number(value):
                    columns.setdefault(name, []).append((step, now, value))
        for name, points in columns.items():
            self.series.setdefault(name, Series()).add(np.array(points, np.float64))
            self.last[name] = (points[-1][STEP], points[-1][VALUE])


def _is_number(value: Any, most: float = sys.float_info.max) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


def parse(piece: bytes) -> list[dict[str, Any]]:
    """The objects of whole lines; a line that is none is left out."""
    try:
        rows = json.loads(b"[" + b",".join(piece.splitlines()) + b"]")
    except (ValueError, RecursionError):  # one of them is broken: line by line
        rows = [row for line in piece.splitlines() for row in _one(line)]
    return [row for row in rows if isinstance(row, dict)]


def _one(line: bytes) -> list[Any]:
    try:
        return [json.loads(line)]
    except (ValueError, RecursionError):
        return []


def to_json(points: Points) -> dict[str, list[float]]:
    """Columns for the page: whole steps, times to a tenth of a second, values to six digits."""
    return {
        "step": points[:, STEP].astype(np.int64).tolist(),
        "time": np.round(points[:, TIME], 1).tolist(),
        "value": [float(f"{value:.6g}") for value in points[:, VALUE].tolist()],
    }
