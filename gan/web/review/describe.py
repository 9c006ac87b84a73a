"""What the review page and the report say of runs and studies, as plain JSON values."""

import hashlib
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from gan.config import Data, plain
from gan.files import read_regular
from gan.metrics import catalog as metrics
from gan.runs.found import LARGEST_JSON, stat_of
from gan.web import library as runs
from gan.web.library import Library, Run
from gan.web.review import series
from gan.web.review.series import Metrics

VERDICT_FIELDS = ("name", "claim", "verdict", "reads", "reason", "numbers")
CELL_FIELDS = ("name", "arm", "differences", "seeds")
KIND = re.compile(r"/(hair|skin|background)$")
"""Metrics of one kind of region, of which the tables show the headline alone."""
AVATARS = ("source", "size", "alpha", "colors", "characters", "val_fraction", "test_fraction")
"""Fields of `data` that decide what avatars are measured on."""
PREPARED = ("source", "size", "line", "canny_low", "canny_high")
"""Fields of `data` that decide the same where data.json names every picture with its side."""
NO_RESULT = ("workers", "cache_gb", "min_images")
"""Fields of `data` that decide nothing of it."""


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
        "left": None if state.left is None else _rounded(state.left),
        "broken": broken(library, run),
        "seed": _seed(library.read_json(run.path / "config.json")),
    }


def _rounded(seconds: float) -> int:
    """To two digits, so that the list changes only where somebody would see it."""
    return round(float(f"{seconds:.2g}"))


def broken(library: Library, run: Run) -> str:
    """Why a run gives no result: what of it cannot be read, or what its score found; empty where it is sound."""
    names = [name for name in ("config.json", "environment.json", "test.json") if _is_broken(library, run.path / name)]
    if names:
        return f"{' and '.join(names)} cannot be read"
    reason = library.read_json(run.path / "test.json").get("broken")
    return reason if isinstance(reason, str) else ""


def _is_broken(library: Library, path: Path) -> bool:
    return bool(stat_of(path)) and not library.read_json(path)


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
        "pictures": pictures(config, run.path / "data.json"),
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
        "kept": runs.kept(library, run),
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


def pictures(config: dict[str, Any], data_json: Path) -> dict[str, Any] | None:
    """What decides which pictures a run is measured on: numbers of runs in which this differs are not compared.

    Args:
        config: config.json; fields that an older run lacks have their defaults, which are the old behaviour.
        data_json: of the run. Where it names every picture, they count, and not the folder in which they were found.

    Returns:
        Field of `data` -> value, and `pictures` -> their digest; None where the configuration does not say.
    """
    data = config.get("data")
    if not isinstance(data, dict):
        return None
    values = plain.to_dict(Data()) | data
    if values["source"] == "avatars":
        return {name: values[name] for name in AVATARS}
    digest = _digest(data_json, stat_of(data_json))
    if digest is None:
        return {name: value for name, value in values.items() if name not in NO_RESULT}
    return {name: values[name] for name in PREPARED} | {"pictures": digest}


@lru_cache(maxsize=1024)
def _digest(path: Path, signature: tuple[int, ...]) -> str | None:
    """Of the contents of all pictures by side; None where data.json does not name them."""
    if not signature or signature[1] > LARGEST_JSON:
        return None
    try:
        sides = json.loads(read_regular(path))["pictures"]
        names = {side: sorted(picture["digest"] for picture in there) for side, there in sides.items()}
    except (OSError, ValueError, RecursionError, TypeError, KeyError, AttributeError):  # shards count them alone
        return None
    return hashlib.sha256(json.dumps(names, sort_keys=True).encode()).hexdigest()[:8]


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


def catalog() -> dict[str, Any]:
    """What the pages know of metrics: every entry, the order of the first curves, and the prefixes of areas."""
    return {"metrics": metrics.to_json(), "first": metrics.FIRST_CURVES, "areas": metrics.AREAS}
