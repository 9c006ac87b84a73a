"""Runs that were really trained, and what is in them."""

import os
import signal
from pathlib import Path

import pytest
import torch

from gan.config import Experiment
from gan.runs.weights import read
from gan.training import loop, trainer


def train(experiment: Experiment, out: Path, *, resume: bool = False) -> loop.Outcome:
    return loop.train(experiment, out, resume=resume)


def weights(path: Path) -> dict[str, torch.Tensor]:
    tensors: dict[str, torch.Tensor] = read(path)["generator"]
    return tensors


def stopped_at_three(experiment: Experiment, out: Path) -> int:
    """Interrupt a run after its third step, as a signal would, and leave a later line behind."""
    real, calls = trainer.train_step, []

    def interrupted(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return real(*arguments)  # type: ignore[arg-type]

    patch = pytest.MonkeyPatch()
    patch.setattr(trainer, "train_step", interrupted)
    outcome = train(experiment, out)
    patch.undo()
    assert outcome.signal == signal.SIGTERM
    outcome.run.append(5, {"val/mae": 1.0})
    with outcome.run.metrics.open("a") as file:
        file.write('{"step": 6, "val')
    (outcome.run.path / "samples" / "000005.png").touch()
    (outcome.run.path / "samples" / ".000006.42-ab12cd34.draft.png").touch()
    (outcome.run.path / "checkpoints" / ".last.42-ab12cd34.draft.pt").touch()
    (outcome.run.path / "samples" / "mine.png").write_text("a person's own")
    return outcome.step
