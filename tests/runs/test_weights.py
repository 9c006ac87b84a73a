"""A checkpoint for use: every way in which it can be wrong is one line with its path."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from gan.config import Experiment
from gan.errors import RequestError
from gan.runs.weights import load_generator
from gan.training import checkpoint
from gan.training.state import create_state

Change = Callable[[dict[str, Any]], object]
FIRST = "down.0.1.weight"


def saved(experiment: Experiment, folder: Path, change: Change) -> Path:
    """A checkpoint of step 0, changed."""
    path = folder / "last.pt"
    checkpoint.save(path, create_state(experiment, torch.device("cpu")), experiment, None)
    stored = torch.load(path, weights_only=True)
    change(stored)
    torch.save(stored, path)
    return path


def test_a_sound_one(tiny: Experiment, tmp_path: Path) -> None:
    generator, experiment, step = load_generator(saved(tiny, tmp_path, lambda stored: None))
    expected = create_state(tiny, torch.device("cpu")).generator
    assert (experiment, step, generator.training) == (tiny, 0, False)
    assert all(torch.equal(*pair) for pair in zip(generator.parameters(), expected.parameters(), strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda stored: stored.pop("experiment"), "must be a whole checkpoint, and has no experiment"),
        (lambda stored: stored.pop("generator"), "must be a whole checkpoint, and has no generator"),
        (lambda stored: stored["generator"].pop(FIRST), r"generator: .* Missing key.* \"down\.0\.1\.weight\""),
        (lambda stored: stored["generator"].update(more=torch.ones(1)), r"generator: .* Unexpected key.* \"more\""),
        (lambda stored: stored["generator"].update({FIRST: torch.ones(2)}), r"generator: .* size mismatch"),
        (lambda stored: stored.update(generator=[1, 2]), r"must hold the weights of its configuration's generator"),
        (lambda stored: stored["generator"][FIRST].fill_(float("nan")), r"must hold finite weights"),
        (lambda stored: stored["generator"][FIRST][0, 0].fill_(float("inf")), r"must hold finite weights"),
    ],
)
def test_each_fault_is_a_line(tiny: Experiment, tmp_path: Path, change: Change, message: str) -> None:
    path = saved(tiny, tmp_path, change)
    with pytest.raises(RequestError, match=message) as caught:
        load_generator(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
