"""The trained runs below a folder that can colour: which there are, and the few that are loaded."""

import json
import os
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan.colorize import Colorizer
from gan.config import Experiment, from_dict
from gan.errors import RequestError
from gan.hints import law_of
from gan.web.paths import shown
from gan.web.refused import Refused

DEPTH = 4
"""Runs are looked for this many folders down."""
TAIL = 16_384
"""Bytes at the end of metrics.jsonl in which its last line is looked for."""
Stamp = tuple[int, int]


@dataclass(frozen=True)
class Model:
    """A run with weights. name: its path below the folder, by which requests know it; saved: when its weights were."""

    name: str
    path: Path
    experiment: Experiment
    saved: float

    @property
    def hinted(self) -> bool:
        """Whether it was trained with hints."""
        return self.experiment.hints.kind != "none"

    def to_json(self) -> dict[str, Any]:
        """What the page needs to know."""
        experiment = self.experiment
        dab = law_of(experiment.hints).reach(experiment.data.size) if self.hinted else None
        return {
            "run": self.name,
            "folder": _for_a_terminal(self.path),
            "experiment": experiment.name,
            "seed": experiment.seed,
            "step": _last_step(self.path / "metrics.jsonl"),
            "saved": self.saved,
            "hints": experiment.hints.kind,
            "dab": dab,
            "source": experiment.data.source,
            "size": experiment.data.size,
            "game": experiment.adversarial.game,
            "loss": experiment.reconstruction.loss,
            "width": experiment.generator.width,
        }


class Models:
    """The models below a folder.

    Args:
        folder: where the runs are.
        most_loaded: models kept in memory; the one that was not used for longest goes. Only `load` touches them, so it
            is called from one thread at a time.
    """

    def __init__(self, folder: Path, most_loaded: int = 4) -> None:
        self.folder, self.most_loaded = folder, most_loaded
        self._configs: dict[Path, tuple[Stamp, Experiment | None]] = {}
        self._found: dict[str, Model] = {}
        self._loaded: OrderedDict[str, tuple[Stamp, Colorizer]] = OrderedDict()

    def find(self) -> list[Model]:
        """Every run with weights, by name; those that this version cannot read are left out."""
        found = {model.name: model for model in map(self._model, run_folders(self.folder)) if model}
        self._found = dict(sorted(found.items()))
        return list(self._found.values())

    def get(self, name: str) -> Model:
        """The model of that name. The name is looked up among those that were found and is never made a path.

        Raises:
            Refused: 404, there is none.
        """
        if name not in self._found:
            self.find()
        if name not in self._found:
            raise Refused(404, f"there is no run {shown(name)} with checkpoints/last.pt")
        return self._found[name]

    def load(self, model: Model) -> Colorizer:
        """A model's network as it is now: loaded again when the run has saved new weights.

        Raises:
            Refused: 404, the weights have gone; or as `Colorizer.load`.
        """
        try:
            stamp = _stamp(model.path / "checkpoints" / "last.pt")
        except OSError as error:
            raise Refused(404, f"the run {shown(model.name)} has no checkpoints/last.pt any more") from error
        kept = self._loaded.get(model.name)
        if kept is None or kept[0] != stamp:
            self._loaded[model.name] = stamp, Colorizer.load(model.path)
            while len(self._loaded) > self.most_loaded:
                self._loaded.popitem(last=False)
        self._loaded.move_to_end(model.name)
        return self._loaded[model.name][1]

    def _model(self, path: Path) -> Model | None:
        try:
            saved = (path / "checkpoints" / "last.pt").stat().st_mtime
            experiment = self._experiment(path / "config.json")
        except OSError:  # no weights yet, or moved away a moment ago
            return None
        if experiment is None:
            return None
        name = path.relative_to(self.folder).as_posix() if path != self.folder else path.name
        return Model(name, path, experiment, saved)

    def _experiment(self, path: Path) -> Experiment | None:
        """Read once, and again when the file changes; None where it breaks a rule."""
        stamp = _stamp(path)
        if path not in self._configs or self._configs[path][0] != stamp:
            try:
                experiment = from_dict(json.loads(path.read_text("utf-8")), str(path))
            except (RequestError, ValueError, TypeError, AttributeError):
                experiment = None
            self._configs[path] = stamp, experiment
        return self._configs[path][1]


def run_folders(folder: Path, depth: int = DEPTH) -> Iterator[Path]:
    """Folders with a config.json, `depth` folders down at most; symbolic links are not followed."""
    try:
        with os.scandir(folder) as entries:
            inside = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    except OSError:  # may not be looked into
        return
    names = {name for name, _ in inside}
    if "config.json" in names:
        yield folder
        return
    for name, is_folder in sorted(inside):
        if is_folder and depth > 0 and not name.startswith("."):
            yield from run_folders(folder / name, depth - 1)


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _last_step(metrics: Path) -> int | None:
    """The step in the last whole line of metrics.jsonl."""
    try:
        with metrics.open("rb") as file:
            file.seek(max(0, metrics.stat().st_size - TAIL))
            lines = file.read().splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        try:
            return int(json.loads(line)["step"])
        except (ValueError, KeyError, TypeError):
            continue
    return None


def _for_a_terminal(path: Path) -> str:
    """A path as a person would type it where the server was started."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
