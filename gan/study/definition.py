"""What a study is made of: cells (an experiment and what sets it apart), seeds, and rules."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gan.config import Experiment, check, to_dict
from gan.config.plain import flatten
from gan.errors import RequestError
from gan.study.rules import Number, Rule, needs_palette


@dataclass(frozen=True)
class Cell:
    """An experiment of a study; its name is the arm's and its differences (`l1,alpha=0.5`).

    arm: the experiment's own name. differences: dotted field -> value that sets the cell apart from its arm.
    """

    arm: str
    experiment: Experiment
    differences: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name, and that of the folder of its runs."""
        return self.experiment.name


def cell(experiment: Experiment) -> Cell:
    """An experiment as it is."""
    return Cell(experiment.name, experiment)


def vary(experiment: Experiment, name: str, *values: Any) -> tuple[Cell, ...]:
    """A cell for each value of a field, such as `vary(l1, "data.alpha", 1.0, 0.0)`; the arm's own value adds no name.

    Raises:
        RequestError: no such field, or a value that breaks a rule.
    """
    own = flatten(to_dict(experiment))
    check(name in own, f"{name} must be a field of an experiment")
    short = name.rpartition(".")[2]
    cells = []
    for value in values:
        changed = set_field(experiment, name, value)
        if changed == experiment:
            cells.append(cell(experiment))
        else:
            label = f"{value:g}" if isinstance(value, int | float) else str(value)
            cells.append(
                Cell(experiment.name, replace(changed, name=f"{experiment.name},{short}={label}"), {name: value})
            )
    return tuple(cells)


def set_field(part: Any, name: str, value: Any) -> Any:
    """A dataclass with the field of a dotted name set."""
    first, _, rest = name.partition(".")
    return dataclasses.replace(part, **{first: set_field(getattr(part, first), rest, value) if rest else value})


@dataclass(frozen=True)
class Study:
    """Several experiments over several seeds.

    name: the folder of its runs is <out>/<name>. seeds: each cell is trained with each. cells: in the order of
    training, the most wanted first. question: what is asked; the first line of its file where it is empty. rules: what
    is concluded. reported: numbers that are tabulated without a verdict. note: a sentence for the report, such as what
    was left out.
    """

    name: str
    seeds: tuple[int, ...]
    cells: tuple[Cell, ...]
    question: str = ""
    rules: tuple[Rule, ...] = ()
    reported: tuple[Number, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        Experiment(name=self.name)  # the same rule for a folder's name
        check(len(self.seeds) > 0, f"study {self.name}: seeds must name a seed")
        check(len(set(self.seeds)) == len(self.seeds), f"study {self.name}: seeds {self.seeds} must differ")
        check(len(self.cells) > 0, f"study {self.name}: cells must name an experiment")
        names = [each.name for each in self.cells]
        twice = sorted({name for name in names if names.count(name) > 1})
        check(
            not twice, f"study {self.name}: cells must have names of their own, and {', '.join(twice)} is there twice"
        )
        for each in self.cells:
            self._check_palette(each)

    def _check_palette(self, of: Cell) -> None:
        """No sepia index and no closed form is asked of a cell with free colours, which has none."""
        data = of.experiment.data
        if data.source != "avatars" or data.colors == "palette":
            return
        claims = [claim for rule in self.rules for claim in rule.claims]
        claims += [claim.provided for claim in claims if claim.provided is not None]
        for number in (*self.reported, *(claim.number for claim in claims)):
            check(
                not needs_palette(number, of.name),
                f"study {self.name}: data.colors ({data.colors}) of {of.name} must be palette for the {number}",
            )

    @property
    def varied(self) -> tuple[str, ...]:
        """The fields that the study itself sets: name, seed, and those in which its cells differ."""
        flat = [flatten(to_dict(each.experiment)) for each in self.cells]
        return ("seed", *(name for name in flat[0] if any(each[name] != flat[0][name] for each in flat)), "name")

    def first_seeds(self, count: int | None) -> "Study":
        """The study with the first `count` of its seeds; all where it is None.

        Raises:
            RequestError: there are not so many.
        """
        if count is None:
            return self
        if not 1 <= count <= len(self.seeds):
            raise RequestError(f"--seeds ({count}) must lie between 1 and {len(self.seeds)}, the seeds of {self.name}")
        return replace(self, seeds=self.seeds[:count])

    def only(self, *names: str) -> "Study":
        """The study with the cells of these names, in their order.

        Raises:
            RequestError: there is no such cell.
        """
        by_name = {each.name: each for each in self.cells}
        for name in names:
            check(name in by_name, f"study {self.name}: no cell {name!r}; there are {', '.join(by_name)}")
        return replace(self, cells=tuple(by_name[name] for name in names))

    def with_fields(self, change: Callable[[Experiment], Experiment]) -> "Study":
        """The study with every experiment changed.

        Raises:
            RequestError: a field is changed that the study itself sets.
        """
        return replace(self, cells=tuple(self._changed(each, change(each.experiment)) for each in self.cells))

    def _changed(self, before: Cell, experiment: Experiment) -> Cell:
        old, new = flatten(to_dict(before.experiment)), flatten(to_dict(experiment))
        for name in self.varied:
            if old[name] != new[name]:
                advice = "give --seeds, the number of them" if name == "seed" else "its cells differ in it"
                raise RequestError(f"--{name} ({new[name]}) is set by study {self.name} itself: {advice}")
        return replace(before, experiment=experiment)
