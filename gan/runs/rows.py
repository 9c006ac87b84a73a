"""The lines of a run's metrics.jsonl: how they are read, and which of them is best."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gan.files import read_regular
from gan.metrics.catalog import CURVES, Metric, find
from gan.runs.found import read_object

Row = dict[str, float]
"""A step and whatever was measured at it."""


@dataclass(frozen=True)
class At:
    """A number of a run: its name in metrics.jsonl, its value, and the step that it is of."""

    name: str
    value: float
    step: int


def parse(line: bytes) -> Row | None:
    """A line of metrics.jsonl: a step and finite numbers; None where it is something else."""
    try:
        values = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or type(values.get("step")) is not int:
        return None
    numbers = all(type(value) in (int, float) and abs(value) < math.inf for value in values.values())
    return values if numbers else None


def read(run: Path) -> list[Row]:
    """The rows of a run's metrics.jsonl, and one more of its score on the test pictures: `test/mae`.

    What cannot be read is left out.
    """
    try:
        lines = read_regular(run / "metrics.jsonl").splitlines()
    except OSError:
        lines = []
    score = read_object(run / "test.json")
    step, metrics = score.get("step"), score.get("metrics")
    named = {f"test/{name}": value for name, value in metrics.items()} if isinstance(metrics, dict) else {}
    tested = {"step": step} | named if named and step else {}
    return [row for line in [*lines, json.dumps(tested).encode()] if (row := parse(line))]


def measured(name: str) -> str | None:
    """The metric of a name of an evaluation, with its area and kind: `val_hints/3/hinted/mae` -> `hinted/mae`."""
    prefix, _, rest = name.partition("/")
    if prefix == "val_hints":
        rest = rest.partition("/")[2]
    return rest if prefix in ("val", "val_hints", "val_average", "test") else None


def metric_of(name: str) -> Metric | None:
    """The catalogue's entry of a name in a run's rows: `val/mae`, `val_hints/3/mae`, `test/mae`, `G/g_loss`."""
    return CURVES.get(name) or find(measured(name) or "")


def last(rows: Sequence[Row]) -> dict[str, At]:
    """Name -> its last number."""
    return {name: At(name, value, int(row["step"])) for row in rows for name, value in row.items()}


def best(rows: Sequence[Row], name: str) -> At | None:
    """The best number of that name, the first of equals; None where there is none, or no way is better."""
    metric = metric_of(name)
    if metric is None or metric.better is None:
        return None
    numbers = [At(name, row[name], int(row["step"])) for row in rows if name in row]
    return min(numbers, key=lambda each: metric.distance(each.value), default=None)


def chosen(rows: Sequence[Row], metric: str) -> At | None:
    """The evaluation that checkpoints/best.pt was chosen at: with the most hints, by MAE where LPIPS is absent.

    Args:
        rows: of metrics.jsonl.
        metric: `evaluation.best` of the run.
    """
    names = {name for row in rows for name in row}
    for base in (metric, "mae"):
        with_hints = [name for name in names if name.startswith("val_hints/") and name.split("/", 2)[2] == base]
        name = max(with_hints, key=lambda each: int(each.split("/")[1]), default=f"val/{base}")
        if name in names:
            return best(rows, name)
    return None
