"""The runs and studies below a folder, found and described cheaply enough to ask every second.

A run is a folder with config.json and environment.json, a study one with study.json; both at most `DEPTH` levels
down. Files may be half-written, damaged, of an older version, or gone the next moment: what cannot be read is left out,
and no answer fails. Nothing but regular files is opened: a pipe would be waited for.
"""

import json
import math
import os
import re
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.files import open_regular, read_regular
from gan.web import paths
from gan.web.refused import Refused

DEPTH = 4
FRESH_SECONDS = 0.5
"""A scan this young answers the next question too."""
ALIVE_SECONDS = 90
"""A run that has written nothing for so long (or for three of its own intervals) has stopped."""
TAIL = 8192
"""Bytes at the end of metrics.jsonl in which the last line is looked for."""
LARGEST_JSON = 32 << 20
DEEPEST_JSON = 24
"""Values within values; a run's own files have six."""
LARGEST_GRID = 64 << 20
SAMPLE = re.compile(r"(\d{6,})(?:-(train|draws))?\.png")
CURVE = re.compile(r"hints-([\w-]+)\.json")
LEAVES = frozenset({"samples", "checkpoints", "wandb", "plots"})
"""Folders in which nobody keeps runs."""


@dataclass(frozen=True)
class Run:
    """A run as it was when it was looked at."""

    id: str
    """Its path below the folder that is served, with `/`; `.` where it is that folder."""
    path: Path
    study: str | None
    """The id of the study that it belongs to."""
    version: str
    """Changes with whatever the page shows of it."""


class Library:
    """What lies below a folder.

    Args:
        folder: resolved, so that its own links are followed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._scanned = -math.inf
        self._runs: dict[str, Run] = {}
        self._studies: dict[str, Path] = {}
        self._files: dict[Path, tuple[tuple[int, ...], Any]] = {}

    def runs(self) -> dict[str, Run]:
        """Id -> run, in the order of their names."""
        self._scan()
        return self._runs

    def studies(self) -> dict[str, Path]:
        """Id -> folder."""
        self._scan()
        return self._studies

    def run(self, words: str) -> Run:
        """The run of that id.

        Raises:
            Refused: 404 where there is none.
        """
        run = self.runs().get(words)
        if run is None:
            raise Refused(404, f"there is no run {paths.shown(words)}")
        return run

    def content(self, run: Run, name: str) -> bytes:
        """A file of a run.

        Raises:
            Refused: 404 where there is none that can be read, or where a link leads out of the folder; 413 where it is
                larger than any of ours.
        """
        path = paths.below(self.folder, name if run.id == "." else f"{run.id}/{name}")
        try:
            with open_regular(path) as file:
                content = file.read(LARGEST_GRID + 1)
        except OSError as error:  # gone meanwhile, or not ours to read
            raise Refused(404, f"there is no {paths.shown(name)}") from error
        if len(content) > LARGEST_GRID:
            raise Refused(413, f"{paths.shown(name)} has more than {LARGEST_GRID} bytes")
        return content

    def read_json(self, path: Path) -> dict[str, Any]:
        """An object from a file, remembered until the file changes; empty where it cannot be read."""
        signature = stat_of(path)
        known = self._files.get(path)
        if known is not None and known[0] == signature:
            return dict(known[1])
        values = _read_object(path) if signature and signature[1] <= LARGEST_JSON else {}
        self._files[path] = (signature, values)
        return dict(values)

    def _scan(self) -> None:
        with self._lock:
            if time.monotonic() - self._scanned < FRESH_SECONDS:
                return
            runs: list[Run] = []
            studies: dict[str, Path] = {}
            for path, study in self._walk(self.folder, 0, None, studies):
                runs.append(Run(self._id(path), path, study, _version(path)))
            self._runs = {
                run.id: run for run in sorted(runs, key=lambda run: [natural(part) for part in run.id.split("/")])
            }
            self._studies = studies
            gone = [path for path in self._files if path.parent not in {run.path for run in runs} | {*studies.values()}]
            for path in gone:
                del self._files[path]
            self._scanned = time.monotonic()

    def _walk(
        self, folder: Path, depth: int, study: str | None, studies: dict[str, Path]
    ) -> Iterator[tuple[Path, str | None]]:
        try:
            with os.scandir(folder) as entries:
                there = {entry.name: entry for entry in entries}
        except OSError:  # gone, or not ours to read
            return
        if "config.json" in there and "environment.json" in there:
            yield folder, study
            return
        if "study.json" in there:
            study = self._id(folder)
            studies[study] = folder
        for name, entry in there.items() if depth < DEPTH else ():
            if not name.startswith(".") and name not in LEAVES and paths.is_text(name) and self._is_ours(entry):
                yield from self._walk(folder / name, depth + 1, study, studies)

    def _is_ours(self, entry: os.DirEntry[str]) -> bool:
        """Whether it is a folder, and not a link that leads out."""
        try:
            return entry.is_dir() and (
                not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(self.folder.resolve())
            )
        except OSError:
            return False

    def _id(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def stat_of(path: Path) -> tuple[int, ...]:
    """(inode, size, time of change in ns); empty where there is no such file or folder, or a pipe, socket or device."""
    try:
        found = path.stat()
    except OSError:
        return ()
    known = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    return (found.st_ino, found.st_size, found.st_mtime_ns) if known else ()


def _read_object(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(read_regular(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) and _is_shallow(values, DEEPEST_JSON) else {}


def _is_shallow(values: Any, depth: int) -> bool:
    if not isinstance(values, dict | list):
        return True
    return depth > 0 and all(
        _is_shallow(each, depth - 1) for each in (values.values() if isinstance(values, dict) else values)
    )


def _version(path: Path) -> str:
    parts = [stat_of(path / name) for name in ("config.json", "metrics.jsonl", "samples", "test.json")]
    parts.append(stat_of(path))  # hints-*.json come and go
    return f"{hash(tuple(parts)) & 0xFFFFFFFFFFFFFFFF:016x}"


def natural(name: str) -> list[tuple[int, str]]:
    """A key to sort by in which seed-10 comes after seed-9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,18})", name) if part]


def samples(run: Run) -> dict[str, list[tuple[int, int]]]:
    """`val`, `train` and `draws` -> (step, time of change in ms) of each grid, by step."""
    found: dict[str, list[tuple[int, int]]] = {"val": [], "train": [], "draws": []}
    try:
        with os.scandir(run.path / "samples") as entries:
            for entry in entries:
                if (named := SAMPLE.fullmatch(entry.name)) and entry.is_file():
                    found[named[2] or "val"].append((int(named[1]), entry.stat().st_mtime_ns // 1_000_000))
    except OSError:
        return {side: [] for side in found}
    return {side: sorted(steps) for side, steps in found.items()}


def curves(library: Library, run: Run) -> dict[str, Any]:
    """Split -> the curve over the number of hints, as hints-<split>.json has it."""
    try:
        names = sorted(path.name for path in run.path.iterdir())
    except OSError:
        return {}
    return {named[1]: library.read_json(run.path / name) for name in names if (named := CURVE.fullmatch(name))}


@dataclass(frozen=True)
class RunState:
    """How far a run is, and whether it goes on."""

    step: int
    steps: int | None
    state: str
    """training, done, stopped, or waiting (nothing logged yet)."""
    updated: float
    """Seconds since 1970."""


def run_state(library: Library, run: Run, now: float) -> RunState:
    """How far a run is, from the end of its metrics.jsonl."""
    signature = stat_of(run.path / "metrics.jsonl")
    updated = signature[2] / 1e9 if signature else 0.0
    last, interval = _tail(run.path / "metrics.jsonl") if signature else (0, 0.0)
    config = library.read_json(run.path / "config.json")
    steps = total_steps(config, lambda: library.read_json(run.path / "data.json"))
    if steps is not None and last >= steps:
        return RunState(last, steps, "done", updated)
    if not updated:
        started = stat_of(run.path / "config.json")
        updated = started[2] / 1e9 if started else 0.0
    alive = now - updated < max(ALIVE_SECONDS, 3 * interval)
    state = "training" if alive and last else "waiting" if alive else "stopped"
    return RunState(last, steps, state, updated)


def total_steps(config: dict[str, Any], data: Any) -> int | None:
    """Steps that a configuration asks for; None where it does not say, or counts epochs of unknown length.

    Args:
        config: config.json.
        data: () -> data.json, asked only where epochs are counted.
    """
    steps, epochs, batch = (config.get(name) for name in ("steps", "epochs", "batch_size"))
    if epochs is None:
        return steps if isinstance(steps, int) else None
    sides = data()
    pictures = sides.get("pictures") or sides.get("characters")
    train = pictures.get("train") if isinstance(pictures, dict) else None
    count = len(train) if isinstance(train, list | dict) else train
    if isinstance(count, int) and isinstance(batch, int) and batch > 0 and isinstance(epochs, int | float):
        with suppress(ValueError, OverflowError):  # no number of epochs
            return math.ceil(epochs * count / batch)
    return None


def _tail(path: Path) -> tuple[int, float]:
    """Step of the last whole line, and the seconds between the last two; zeros where there are none."""
    try:
        with open_regular(path) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            lines = file.read().split(b"\n")
    except OSError:
        return 0, 0.0
    rows = []
    for line in lines[-4:]:
        try:
            row = json.loads(line)
            rows.append((int(row["step"]), float(row.get("time", 0))))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            continue
    if not rows:
        return 0, 0.0
    return rows[-1][0], rows[-1][1] - rows[-2][1] if len(rows) > 1 else 0.0
