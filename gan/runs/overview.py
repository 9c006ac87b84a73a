"""The runs below a folder as a person asks for them in a terminal: a line each, the best of them, and two side by side.

Numbers are compared among runs of the same data alone: of other pictures, colours or sizes they say nothing about which
network is better.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from gan.config import Experiment, flatten, from_dict, to_dict
from gan.errors import RequestError
from gan.metrics.catalog import METRICS, Metric
from gan.runs import found, rows
from gan.runs.found import RunState
from gan.runs.rows import At, Row

DEFAULTS: dict[str, Any] = to_dict(Experiment())["data"]
NEUTRAL = ("workers", "cache_gb")
"""Fields of the data that change no picture."""
UNSAID = (*NEUTRAL, "source", "root", "size", "split")
"""Fields that the words about the data leave out, or put first."""


@dataclass(frozen=True)
class Line:
    """A run: its folder, what it has logged, and what it was trained on."""

    path: Path
    state: RunState
    config: Mapping[str, Any]
    rows: Sequence[Row]

    @property
    def best(self) -> At | None:
        """The evaluation that best.pt was chosen at."""
        asked = self.config.get("evaluation")
        return rows.chosen(self.rows, str(asked.get("best")) if isinstance(asked, dict) else "lpips")

    @property
    def data(self) -> str:
        """What it was trained on, in words: `avatars 64 px, alpha=0.5`."""
        data = self._data()
        root = Path(str(data["root"])).name
        size = "x".join(map(str, data["size"])) if isinstance(data["size"], list) else data["size"]
        changed = [f"{name}={data[name]}" for name in data if name not in UNSAID and data[name] != DEFAULTS.get(name)]
        return ", ".join([" ".join(filter(None, (str(data["source"]), root, f"{size} px"))), *changed])

    @property
    def data_key(self) -> str:
        """The same for runs whose numbers may be compared."""
        return json.dumps({name: value for name, value in self._data().items() if name not in NEUTRAL}, sort_keys=True)

    def _data(self) -> dict[str, Any]:
        data = self.config.get("data")
        return DEFAULTS | (data if isinstance(data, dict) else {})


def line(path: Path, now: float) -> Line:
    """A run, as far as its files can be read.

    Args:
        path: its folder.
        now: in seconds since 1970.
    """
    config = found.read_object(path / "config.json")
    return Line(path, found.run_state(path, now), config, rows.read(path))


def lines(folder: Path, now: float) -> list[Line]:
    """The runs below a folder, in the order of their names.

    Raises:
        RequestError: there is no such folder, or no run in it.
    """
    runs = sorted((run for run, _ in found.look(folder).runs), key=lambda run: [*map(found.natural, run.parts)])
    if not runs:
        raise RequestError(f"{folder} must hold runs: {'none is there' if folder.is_dir() else 'no such folder'}")
    return [line(run, now) for run in runs]


def age(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"


def plain(*columns: str) -> Table:
    """A table without a frame, so that 80 columns hold much; the first column and the last are broken where need be."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, name in enumerate(columns):
        table.add_column(name, no_wrap=0 < number < len(columns) - 1, overflow="fold")
    return table


def step_of(state: RunState) -> str:
    """`1200/4000`."""
    return f"{state.step}/{'?' if state.steps is None else state.steps}"


def number(at: At | None) -> str:
    """`lpips 0.287 at 3600`; the number of hints stands behind the metric."""
    if at is None:
        return ""
    hints = f" ({at.name.split('/')[1]} hints)" if at.name.startswith("val_hints/") else ""
    return f"{rows.measured(at.name)}{hints} {at.value:.3f} at {at.step}"


def overview(folder: Path, now: float) -> Table:
    """The runs below a folder: state, step, best evaluation, age, data.

    Raises:
        RequestError: as `lines`.
    """
    table = plain("run", "state", "step", "best", "age", "data")
    for each in lines(folder, now):
        broken = " (broken)" if found.read_object(each.path / "test.json").get("broken") else ""
        since = age(now - each.state.updated)
        state = each.state.state + broken
        table.add_row(str(each.path), state, step_of(each.state), number(each.best), since, each.data)
    return table


def ranking(folder: Path, name: str, now: float) -> list[Table]:
    """The runs below a folder by the best value of a metric, the best first: a table for each data.

    Args:
        folder: holds runs.
        name: `lpips` for `val/lpips`, or as metrics.jsonl has it, or `test/lpips`.
        now: in seconds since 1970.

    Raises:
        RequestError: as `lines`; or no run has such a metric, or neither way is better.
    """
    full = name if rows.metric_of(name) else f"val/{name}"
    metric, there = rows.metric_of(full), lines(folder, now)
    scored = [(each, best) for each in there if (best := rows.best(each.rows, full))]
    if metric is None or not scored:
        known = dict.fromkeys(one for each in there for row in each.rows for one in row if rows.best([row], one))
        names = ", ".join(one.removeprefix("val/") for one in known if "/" not in one.removeprefix("val/"))
        raise RequestError(
            f"METRIC ({name}) must be one that the runs below {folder} have and of which it is known which way is "
            f"better: {names or 'there is none'}, or a name with a prefix as in metrics.jsonl"
        )
    scored.sort(key=lambda pair: metric.distance(pair[1].value))
    tables = []
    for key in dict.fromkeys(each.data_key for each, _ in scored):
        group = [(each, best) for each, best in scored if each.data_key == key]
        table = plain("run", f"{full} {metric.arrow}", "at step", "last", "state")
        table.title, table.title_justify = group[0][0].data, "left"
        for each, best in group:
            last = rows.last(each.rows)[full].value
            table.add_row(str(each.path), f"{best.value:.4f}", str(best.step), f"{last:.4f}", each.state.state)
        tables.append(table)
    return tables


@dataclass(frozen=True)
class Comparison:
    """Runs side by side. same: what does not differ, in words. note: why their numbers tell nothing, or ""."""

    fields: Table
    metrics: Table
    same: str
    note: str


def compare(folders: Sequence[Path], now: float) -> Comparison:
    """The configuration of runs where they differ, and their last metrics.

    Raises:
        RequestError: a configuration cannot be read.
    """
    runs = [line(folder, now) for folder in folders]
    flat = [flatten(to_dict(from_dict(dict(run.config), str(run.path / "config.json")))) for run in runs]
    names = [str(folder) for folder in folders]
    fields = plain("configuration", *names)
    for field in flat[0]:
        if len({json.dumps(each[field]) for each in flat}) > 1:
            fields.add_row(field, *(str(each[field]) for each in flat))
    same = [f"{field}={each}" for field, each in flat[0].items() if all(other[field] == each for other in flat)]
    comparable = len({run.data_key for run in runs}) == 1
    note = "" if comparable else "other data: " + "; ".join(f"{run.path}: {run.data}" for run in runs)
    return Comparison(fields, _metrics(runs, names, comparable=comparable), "  ".join(same), note)


def _metrics(runs: Sequence[Line], names: Sequence[str], *, comparable: bool) -> Table:
    """State, step and the last number of every evaluation, those of one kind of region left out."""
    two = len(runs) == 2
    table = plain("metric", "better", *names, *(["difference"] if two else []))
    table.add_row("state", "", *(run.state.state for run in runs))
    table.add_row("step", "", *(step_of(run.state) for run in runs))
    numbers = [rows.last(run.rows) for run in runs]
    for name in dict.fromkeys(name for each in numbers for name in each if rows.measured(name) in METRICS):
        metric, values = rows.metric_of(name), [each[name].value if name in each else None for each in numbers]
        cells = _cells(values, metric if comparable else None)
        apart = f"{values[1] - values[0]:+.4f}" if two and values[0] is not None and values[1] is not None else ""
        table.add_row(name, metric.arrow if metric else "", *cells, *([apart] if two else []))
    return table


def _cells(values: Sequence[float | None], metric: Metric | None) -> list[str]:
    """Each number, the best of several with a star."""
    there = [value for value in values if value is not None]
    best = None
    if metric is not None and metric.better is not None and len(set(there)) > 1:
        best = min(there, key=metric.distance)
    return ["" if value is None else f"{value:.4f}{'*' if value == best else ' '}" for value in values]
