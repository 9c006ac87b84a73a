"""The runs and studies below a folder, and how far each run is: cheap enough to ask every second, and never failing.

A run is a folder with config.json and environment.json, a study one with study.json; both at most `DEPTH` levels
down. Files may be half-written, damaged, of an older version, or gone the next moment: what cannot be read is left out,
and no answer fails. Nothing but regular files is opened: a pipe would be waited for.
"""

import json
import math
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gan.config.checks import is_utf8
from gan.files import open_regular, read_regular

DEPTH = 4
ALIVE_SECONDS = 90
"""A run that has written nothing for so long (or for three of its own intervals) has stopped."""
TAIL = 8192
"""Bytes at the end of metrics.jsonl in which the last line is looked for."""
MOST_STEPS = 10**12
"""Nobody trains for so long: a time left cannot be said."""
LARGEST_JSON = 32 << 20
DEEPEST_JSON = 24
"""Values within values; a run's own files have six."""
LEAVES = frozenset({"samples", "checkpoints", "wandb", "plots"})
"""Folders in which nobody keeps runs."""


@dataclass(frozen=True)
class Found:
    """What lies below a folder: (run, the study that it belongs to) as folders, and the folders of studies."""

    runs: list[tuple[Path, Path | None]] = field(default_factory=list)
    studies: list[Path] = field(default_factory=list)


def look(folder: Path, depth: int = DEPTH) -> Found:
    """What lies so many levels below a folder, or is it; links that lead out of it are not followed."""
    found = Found()
    _walk(folder, folder.resolve(), depth, None, found)
    return found


def _walk(folder: Path, home: Path, depth: int, study: Path | None, found: Found) -> None:
    try:
        with os.scandir(folder) as entries:
            there = {entry.name: entry for entry in entries}
    except OSError:  # gone, or not ours to read
        return
    if "config.json" in there and "environment.json" in there:
        found.runs.append((folder, study))
        return
    if "study.json" in there:
        study = folder
        found.studies.append(study)
    for name, entry in there.items() if depth else ():
        if not name.startswith(".") and name not in LEAVES and is_utf8(name) and _is_ours(entry, home):
            _walk(folder / name, home, depth - 1, study, found)


def _is_ours(entry: os.DirEntry[str], home: Path) -> bool:
    """Whether it is a folder, and not a link that leads out."""
    try:
        return entry.is_dir() and (not entry.is_symlink() or Path(entry.path).resolve().is_relative_to(home))
    except OSError:
        return False


def stat_of(path: Path) -> tuple[int, ...]:
    """(inode, size, time of change in ns); empty where there is no such file or folder, or a pipe, socket or device."""
    try:
        found = path.stat()
    except OSError:
        return ()
    known = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    return (found.st_ino, found.st_size, found.st_mtime_ns) if known else ()


def read_object(path: Path) -> dict[str, Any]:
    """The object that a JSON file holds; empty where it cannot be read."""
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


def natural(name: str) -> list[tuple[int, str]]:
    """A key to sort by in which seed-10 comes after seed-9."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d{1,18})", name) if part]


@dataclass(frozen=True)
class RunState:
    """How far a run is, and whether it goes on."""

    step: int
    steps: int | None
    state: str
    """training, done, stopped, or waiting (nothing logged yet)."""
    updated: float
    """Seconds since 1970."""
    left: float | None = None
    """Seconds that are left of a run that trains, at the rate of its last steps."""


def run_state(path: Path, now: float, read: Callable[[Path], dict[str, Any]] = read_object) -> RunState:
    """How far a run is, from the end of its metrics.jsonl.

    Args:
        path: its folder.
        now: in seconds since 1970.
        read: how an object is read from a file.
    """
    signature = stat_of(path / "metrics.jsonl")
    updated = signature[2] / 1e9 if signature else 0.0
    last, interval, rate = _tail(path / "metrics.jsonl") if signature else (0, 0.0, 0.0)
    config = read(path / "config.json")
    steps = total_steps(config, lambda: read(path / "data.json"))
    if steps is not None and last >= steps:
        return RunState(last, steps, "done", updated)
    if not updated:
        started = stat_of(path / "config.json")
        updated = started[2] / 1e9 if started else 0.0
    alive = now - updated < max(ALIVE_SECONDS, 3 * interval)
    state = "training" if alive and last else "waiting" if alive else "stopped"
    return RunState(last, steps, state, updated, _left(steps, last, rate) if state == "training" else None)


def _left(steps: int | None, last: int, rate: float) -> float | None:
    """Seconds until the last step; None where that cannot be said."""
    if steps is None or rate <= 0 or steps > MOST_STEPS:
        return None
    seconds = (steps - last) / rate
    return seconds if math.isfinite(seconds) else None


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


def _tail(path: Path) -> tuple[int, float, float]:
    """Step of the last whole line, the seconds between the last two, and steps a second; zeros where there are none."""
    try:
        with open_regular(path) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            lines = file.read().split(b"\n")
    except OSError:
        return 0, 0.0, 0.0
    rows = []
    for line in lines[-4:]:
        try:
            row = json.loads(line)
            rate = float(row.get("train/steps_per_second", 0))
            rows.append((int(row["step"]), float(row.get("time", 0)), rate if math.isfinite(rate) else 0.0))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            continue
    if not rows:
        return 0, 0.0, 0.0
    return rows[-1][0], rows[-1][1] - rows[-2][1] if len(rows) > 1 else 0.0, rows[-1][2]
