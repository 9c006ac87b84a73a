"""The runs and studies below a folder (`gan.runs.found`), as the pages ask for them: often, and by ids.

No answer fails, but for what a request names and there is not.
"""

import math
import os
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.files import open_regular
from gan.runs import found
from gan.runs.found import LARGEST_JSON, RunState, natural, read_object, stat_of
from gan.web import paths
from gan.web.refused import Refused

FRESH_SECONDS = 0.5
"""A scan this young answers the next question too."""
LARGEST_GRID = 64 << 20
LOG_END = 32 << 10
"""Bytes of the end of a log that are shown."""
SAMPLE = re.compile(r"(\d{6,})(?:-(train|draws))?\.png")
CURVE = re.compile(r"hints-([\w-]+)\.json")
KEPT = re.compile(r"pictures-([\w-]+)\.json")


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
        path = paths.below(self.folder, _below(run.id, name))
        try:
            with open_regular(path) as file:
                content = file.read(LARGEST_GRID + 1)
        except OSError as error:  # gone meanwhile, or not ours to read
            raise Refused(404, f"there is no {paths.shown(name)}") from error
        if len(content) > LARGEST_GRID:
            raise Refused(413, f"{paths.shown(name)} has more than {LARGEST_GRID} bytes")
        return content

    def log_end(self, run: Run) -> tuple[str, bytes] | None:
        """The end of what a run said, and the name of that file: the newer of its own log and of its study's of it."""
        names = [_below(run.id, "train.log")]
        if run.study is not None:
            label = run.path.relative_to(self.folder / run.study).as_posix().replace("/", "-")
            names.append(_below(run.study, f"logs/{label}.log"))
        there = {}
        for name in names:
            with suppress(Refused, OSError):
                path = paths.below(self.folder, name)
                with open_regular(path) as file:
                    file.seek(max(0, file.seek(0, os.SEEK_END) - LOG_END))
                    there[name] = path.stat().st_mtime_ns, file.read(LOG_END)
        if not there:
            return None
        newest = max(there, key=lambda name: there[name][0])
        return newest, there[newest][1]

    def read_json(self, path: Path) -> dict[str, Any]:
        """An object from a file, remembered until the file changes; empty where it cannot be read."""
        signature = stat_of(path)
        known = self._files.get(path)
        if known is not None and known[0] == signature:
            return dict(known[1])
        values = read_object(path) if signature and signature[1] <= LARGEST_JSON else {}
        self._files[path] = (signature, values)
        return dict(values)

    def _scan(self) -> None:
        with self._lock:
            if time.monotonic() - self._scanned < FRESH_SECONDS:
                return
            there = found.look(self.folder)
            studies = {self._id(path): path for path in there.studies}
            runs = [
                Run(self._id(path), path, None if study is None else self._id(study), _version(path))
                for path, study in there.runs
            ]
            self._runs = {
                run.id: run for run in sorted(runs, key=lambda run: [natural(part) for part in run.id.split("/")])
            }
            self._studies = studies
            gone = [path for path in self._files if path.parent not in {run.path for run in runs} | {*studies.values()}]
            for path in gone:
                del self._files[path]
            self._scanned = time.monotonic()

    def _id(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def _below(folder: str, name: str) -> str:
    """The words for a file in a folder of that id."""
    return name if folder == "." else f"{folder}/{name}"


def _version(path: Path) -> str:
    parts = [stat_of(path / name) for name in ("config.json", "metrics.jsonl", "samples", "test.json")]
    parts.append(stat_of(path))  # hints-*.json come and go
    return f"{hash(tuple(parts)) & 0xFFFFFFFFFFFFFFFF:016x}"


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


def kept(library: Library, run: Run) -> dict[str, Any]:
    """Name -> the index of the pictures that were kept one by one, and `changed`, the time of its change in ms.

    One that has not the form that `gan.evaluation.pictures` writes is left out.
    """
    try:
        names = sorted(path.name for path in run.path.iterdir())
    except OSError:
        return {}
    found = {}
    for name in names:
        if named := KEPT.fullmatch(name):
            signature, index = stat_of(run.path / name), library.read_json(run.path / name)
            if signature and _is_index(index):
                found[named[1]] = index | {"changed": signature[2] // 1_000_000}
    return found


def _is_index(index: dict[str, Any]) -> bool:
    """Whether it says of equally many pictures what they are called and what they score."""
    keys, truths, columns, shape = (_list(index.get(name)) for name in ("keys", "truths", "columns", "shape"))
    metrics = index.get("metrics")
    columns_of = [_list(values) for values in metrics.values()] if isinstance(metrics, dict) else []
    return (
        all(isinstance(text, str) for text in [*keys, *truths, *columns, index.get("split")])
        and all(isinstance(count, int) for count in [*shape, *(index.get(name) for name in ("hints", "of", "step"))])
        and all(value is None or isinstance(value, int | float) for values in columns_of for value in values)
        and {len(values) for values in [truths, *columns_of]} == {len(keys)}
        and len(keys) > 0
        and len(shape) == 2
        and min(shape) > 0
    )


def _list(values: Any) -> list[Any]:
    return values if isinstance(values, list) else []


def run_state(library: Library, run: Run, now: float) -> RunState:
    """How far a run is, from the end of its metrics.jsonl."""
    return found.run_state(run.path, now, library.read_json)
