"""The trained runs below a folder that can colour: which there are, and the few that are loaded."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cachetools import LRUCache

from gan.colorize.colorizer import Colorizer
from gan.config import Data, Experiment, from_dict
from gan.errors import RequestError
from gan.hints.simulate import simulator_of
from gan.runs.found import stat_of
from gan.web.library import Library, Run, run_state
from gan.web.paths import shown
from gan.web.refused import Refused

Stamp = tuple[int, ...]


@dataclass(frozen=True)
class Model:
    """A run with weights.

    name: its path below the folder, by which requests know it. step: the last that it logged. saved: when its weights
    were, in seconds since 1970.
    """

    name: str
    path: Path
    experiment: Experiment
    step: int
    saved: float

    @property
    def hinted(self) -> bool:
        """Whether it was trained with hints."""
        return self.experiment.hints.kind != "none"

    def to_json(self) -> dict[str, Any]:
        """What the page needs to know."""
        experiment = self.experiment
        dab = simulator_of(experiment.hints).reach(experiment.data.short_side) if self.hinted else None
        return {
            "run": self.name,
            "folder": _for_a_terminal(self.path),
            "experiment": experiment.name,
            "seed": experiment.seed,
            "step": self.step,
            "saved": self.saved,
            "hints": experiment.hints.kind,
            "dab": dab,
            "exact": self.hinted and experiment.exact_hints,
            "noise": experiment.generator.noise,
            "source": experiment.data.source,
            "shape": experiment.data.shape,
            "game": experiment.adversarial.game,
            "loss": experiment.reconstruction.loss,
            "width": experiment.generator.width,
            "seen": seen(experiment.data),
        }


class Models:
    """The models below a folder.

    Args:
        folder: where the runs are.
        most_loaded: models in memory; the one that was not used for longest goes. Only `load` touches them, so it
            is called from one thread at a time.
    """

    def __init__(self, folder: Path, most_loaded: int = 4) -> None:
        self.library = Library(folder)
        self._configs: dict[Path, tuple[Stamp, Experiment | None]] = {}
        self._found: dict[str, Model] = {}
        self._loaded: LRUCache[str, tuple[Stamp, Colorizer]] = LRUCache(most_loaded)

    def find(self) -> list[Model]:
        """Every run with weights, in the order of their names; those that this version cannot read are left out."""
        models = [self._model(run) for run in self.library.runs().values()]
        self._found = {model.name: model for model in models if model}
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
        stamp = stat_of(model.path / "checkpoints" / "last.pt")
        if not stamp:
            raise Refused(404, f"the run {shown(model.name)} has no checkpoints/last.pt any more")
        loaded = self._loaded.get(model.name)
        if loaded is None or loaded[0] != stamp:
            loaded = self._loaded[model.name] = stamp, Colorizer.load(model.path)
        return loaded[1]

    def _model(self, run: Run) -> Model | None:
        weights = stat_of(run.path / "checkpoints" / "last.pt")
        experiment = self._experiment(run.path / "config.json")
        if not weights or experiment is None:
            return None
        saved, step = weights[2] / 1e9, run_state(self.library, run, time.time()).step
        return Model(run.path.name if run.id == "." else run.id, run.path, experiment, step, saved)

    def _experiment(self, path: Path) -> Experiment | None:
        """Read once, and again when the file changes; None where it breaks a rule."""
        stamp = stat_of(path)
        if path not in self._configs or self._configs[path][0] != stamp:
            try:
                values = self.library.read_json(path)  # empty where it is no object
                experiment = from_dict(values, str(path)) if values else None
            except (RequestError, ValueError, TypeError, AttributeError):
                experiment = None
            self._configs[path] = stamp, experiment
        return self._configs[path][1]


def seen(data: Data) -> str:
    """The pictures that a network was trained on, in words; a folder by its name alone."""
    size = f"at {data.size} px" if data.height == data.width else f"at {data.width}x{data.height} px"
    if data.source == "avatars":
        return f"heads of one style, {data.characters} characters {size}"
    name = Path(data.root).name or "a folder"
    if data.source == "pairs":
        return f"the drawings of {name} with their pictures, {size}"
    return f"the pictures of {name}, their lines drawn by {data.line}, {size}"


def _for_a_terminal(path: Path) -> str:
    """A path as a person would type it where the server was started."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
