"""What a run needs to go on, saved whole or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from gan.config import Experiment, to_dict
from gan.files import replacing
from gan.runs.weights import FORMAT, read
from gan.training.state import TrainState


@dataclass(frozen=True)
class Best:
    """The best evaluation so far."""

    metric: str
    value: float
    step: int


def save(path: Path, state: TrainState, experiment: Experiment, best: Best | None, *, resumable: bool = True) -> None:
    """Write a checkpoint; without `resumable` only what evaluation and colouring need."""
    stored: dict[str, Any] = {
        "format": FORMAT,
        "experiment": to_dict(experiment),
        "step": state.step,
        "precision": state.precision,
        "generator": state.generator.state_dict(),
        "average": None if state.average is None else state.average.state_dict(),
        "best": None if best is None else {"metric": best.metric, "value": best.value, "step": best.step},
    }
    if resumable:
        stored["g_optimizer"] = state.g_optimizer.state_dict()
        if state.discriminator is not None and state.d_optimizer is not None:
            stored["discriminator"] = state.discriminator.state_dict()
            stored["d_optimizer"] = state.d_optimizer.state_dict()
    with replacing(path) as draft:
        torch.save(stored, draft)


def restore(path: Path, state: TrainState) -> Best | None:
    """Bring a freshly created state to where a resumable checkpoint left off; returns the best evaluation so far."""
    stored = read(path)
    state.step, state.precision = stored["step"], stored.get("precision", "fp32")  # as it began, wherever it goes on
    state.generator.load_state_dict(stored["generator"])
    state.g_optimizer.load_state_dict(stored["g_optimizer"])
    if state.discriminator is not None and state.d_optimizer is not None:
        state.discriminator.load_state_dict(stored["discriminator"])
        state.d_optimizer.load_state_dict(stored["d_optimizer"])
    if state.average is not None:
        state.average.load_state_dict(stored["average"])
    return None if stored["best"] is None else Best(**stored["best"])
