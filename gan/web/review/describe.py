"""What the review page and the report say of runs and studies, as plain JSON values."""

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from gan.metrics import catalog as metrics
from gan.runs.found import stat_of
from gan.web import library as runs
from gan.web.library import Library, Run
from gan.web.review import series
from gan.web.review.series import Metrics

VERDICT_FIELDS = ("name", "claim", "verdict", "reads", "reason", "numbers")
CELL_FIELDS = ("name", "arm", "differences", "seeds")
KIND = re.compile(r"/(hair|skin|background)$")
"""Metrics of one kind of region, of which the tables show the headline alone."""


def line(library: Library, run: Run, now: float) -> dict[str, Any]:
    """A run in the list: cheap, from the ends of its files."""
    state = runs.run_state(library, run, now)
    return {
        "id": run.id,
        "study": run.study,
        "version": f"{run.version}-{state.state}",
        "step": state.step,
        "steps": state.steps,
        "state": state.state,
        "updated": round(state.updated),
        "seed": _seed(library.read_json(run.path / "config.json")),
    }


def _seed(config: dict[str, Any]) -> int | None:
    seed = config.get("seed")
    return seed if isinstance(seed, int) else None


def details(library: Library, run: Run) -> dict[str, Any]:
    """A run that was chosen: everything but its curves."""
    environment = library.read_json(run.path / "environment.json")
    starts = environment.get("starts")
    first = starts[0] if isinstance(starts, list) and starts and isinstance(starts[0], dict) else {}
    git = first.get("git")
    config = library.read_json(run.path / "config.json")
    return {
        "config": config,
        "shape": shape(config),
        "made_with": {
            "gan": first.get("gan"),
            "torch": _get(first.get("packages"), "torch"),
            "device": first.get("device_name") or first.get("device"),
            "commit": _get(git, "commit"),
            "starts": len(starts) if isinstance(starts, list) else 0,
        },
        "samples": runs.samples(run),
        "hints": runs.curves(library, run),
        "test": library.read_json(run.path / "test.json") or None,
    }


def shape(config: dict[str, Any]) -> tuple[int, int] | None:
    """Height and width of the drawings in a run's grids; None where its configuration does not say."""
    match _get(config.get("data"), "size"):
        case int(side) if side > 0:
            return side, side
        case [int(height), int(width)] if height > 0 and width > 0:
            return height, width
    return None


def _get(values: Any, name: str) -> Any:
    return values.get(name) if isinstance(values, dict) else None


def curves(read: Metrics, names: Sequence[str]) -> dict[str, Any]:
    """The last value of every metric, and the whole curve of those that are named."""
    return {
        "whole": read.whole,
        "last": {name: [step, value] for name, (step, value) in read.last.items()},
        "series": {name: series.to_json(read.series[name].points()) for name in names if name in read.series},
    }


def study_line(library: Library, name: str) -> dict[str, Any]:
    """A study in the list."""
    path = library.studies()[name]
    values = library.read_json(path / "study.json")
    return {
        "id": name,
        "name": str(values.get("name") or path.name),
        "question": str(values.get("question") or ""),
        "version": "-".join(map(str, stat_of(path / "study.json"))),
    }


def study(library: Library, name: str) -> dict[str, Any]:
    """What study.json says, as far as it has the form that the page shows."""
    values = library.read_json(library.studies()[name] / "study.json")
    return study_line(library, name) | {
        "confidence": values.get("confidence"),
        "missing": _objects(values.get("missing"), str),
        "verdicts": [_pick(each, VERDICT_FIELDS) for each in _objects(values.get("verdicts"), dict)],
        "differences": _objects(values.get("differences"), dict),
        "cells": [_cell(each) for each in _objects(values.get("cells"), dict)],
    }


def _cell(values: dict[str, Any]) -> dict[str, Any]:
    by_count = values.get("hints")
    hints = {
        count: {metric: each for metric, each in metrics.items() if not KIND.search(metric)}
        for count, metrics in (by_count.items() if isinstance(by_count, dict) else ())
        if isinstance(metrics, dict)
    }
    return _pick(values, CELL_FIELDS) | {"hints": hints}


def _objects(values: Any, kind: type) -> list[Any]:
    return [each for each in values if isinstance(each, kind)] if isinstance(values, list) else []


def _pick(values: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in names if name in values}


def to_json(values: Any) -> str:
    """JSON; NaN, which a person's file may hold and JSON has not, becomes null."""
    try:
        return json.dumps(values, allow_nan=False, separators=(",", ":"))
    except ValueError:
        return json.dumps(_finite(values), allow_nan=False, separators=(",", ":"))


def _finite(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _finite(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [_finite(value) for value in values]
    return None if isinstance(values, float) and not math.isfinite(values) else values


def catalog() -> dict[str, Any]:
    """What the pages know of metrics: every entry, the order of the first curves, and the prefixes of areas."""
    return {"metrics": metrics.to_json(), "first": metrics.FIRST_CURVES, "areas": metrics.AREAS}
