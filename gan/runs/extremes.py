"""The least, the greatest and the best value so far of what is measured while a run trains, for W&B's table of runs.

W&B's own `define_metric(summary="min")` would put {"last": ..., "min": ...} in place of a number under a metric's name,
which filters, sweeps and scripts read, and loses count when a run is resumed (its issue 9684). So the names are as they
were, and these stand beside them.
"""

from collections.abc import Callable, Iterable, Mapping

from gan.metrics.catalog import METRICS, Metric
from gan.runs.rows import measured


class Extremes:
    """`min/<name>`, `max/<name>` and, where a way is better, `best/<name>` of the numbers of a run's evaluations.

    rows: what the run has measured before, where it goes on.
    """

    def __init__(self, rows: Iterable[Mapping[str, float]] = ()) -> None:
        self.values: dict[str, float] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Mapping[str, float]) -> bool:
        """Take the numbers of a line into account; returns whether it is of an evaluation."""
        entries = {name: metric for name in row if (metric := _entry(name)) is not None}
        for name, metric in entries.items():
            self._keep(f"min/{name}", row[name], lambda value: value)
            self._keep(f"max/{name}", row[name], lambda value: -value)
            if metric.better is not None:
                self._keep(f"best/{name}", row[name], metric.distance)
        return bool(entries)

    def _keep(self, name: str, value: float, distance: Callable[[float], float]) -> None:
        if name not in self.values or distance(value) < distance(self.values[name]):
            self.values[name] = value


def distances(row: Mapping[str, float]) -> dict[str, float]:
    """`distance/val/<name>`: how far a metric without hints is from the value that it should be near, on either side.

    What a sweep may minimise: a sepia index goes below 0 where colours are too strong.
    """
    near = {
        name: metric
        for name in row
        if name.startswith("val/") and (metric := _entry(name)) is not None and isinstance(metric.better, int)
    }
    return {f"distance/{name}": metric.distance(row[name]) for name, metric in near.items()}


def _entry(name: str) -> Metric | None:
    """The catalogue's own entry of an evaluation's number; None for a loss, a rate, and one kind of region."""
    return METRICS.get(measured(name) or "")
