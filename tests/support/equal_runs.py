"""Whether two runs left the same: every tensor, number and picture, but for what tells of time and machine."""

import json
from typing import Any

import torch

from gan.runs.folder import RunFolder
from gan.runs.weights import read

CLOCK = {"time", "train/steps_per_second", "system/cpu", "system/memory"}


def flat(values: Any, name: str = "") -> dict[str, Any]:
    """What nested dictionaries and lists hold, by its path."""
    parts = values.items() if isinstance(values, dict) else enumerate(values) if isinstance(values, list) else None
    if parts is None:
        return {name: values}
    return {path: each for key, value in parts for path, each in flat(value, f"{name}/{key}").items()}


def assert_equal(found: RunFolder, expected: RunFolder, but: tuple[str, ...] = ()) -> None:
    """All that training leaves, but for what tells the time, and what `but` names in a checkpoint."""
    for one, other in ((found.last, expected.last), (found.best, expected.best)):
        mine, theirs = flat(read(one)), flat(read(other))
        assert mine.keys() == theirs.keys()
        for name in mine.keys() - {"/pending/seconds", *but}:
            same = torch.equal if isinstance(mine[name], torch.Tensor) else lambda left, right: left == right
            assert same(mine[name], theirs[name]), name
    assert_equal_lines(found, expected)
    pictures = {path.name: path.read_bytes() for path in (expected.path / "samples").iterdir()}
    assert {path.name: path.read_bytes() for path in (found.path / "samples").iterdir()} == pictures
    for name in ("hints-val.json", "pictures-val.json", "pictures-val.png", "data.json"):
        mine, theirs = (run.path / name for run in (found, expected))
        assert mine.exists() == theirs.exists()
        assert not mine.exists() or mine.read_bytes() == theirs.read_bytes()
    assert not list(found.path.rglob("*.draft.*"))


def assert_equal_lines(found: RunFolder, expected: RunFolder) -> None:
    lines = [[json.loads(line) for line in run.metrics.read_text().splitlines()] for run in (found, expected)]
    mine, theirs = ([{key: row[key] for key in row if key not in CLOCK} for row in rows] for rows in lines)
    assert mine == theirs
