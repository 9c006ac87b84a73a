"""What a run needs to go on, saved whole or not at all, and read without running stored code."""

import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gan.config import Experiment, from_dict, to_dict
from gan.errors import RequestError, first_line
from gan.files import replacing
from gan.train import TrainState, build_generator

FORMAT = 1


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


def read(path: Path) -> dict[str, Any]:
    """A checkpoint's contents, on the processor.

    Raises:
        RequestError: it is missing, damaged, or of another format.
    """
    try:
        stored: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise RequestError(f"{path} must be a checkpoint: none such") from error
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise RequestError(f"{path} must be a checkpoint: {first_line(error)}") from error
    found = stored.get("format") if isinstance(stored, dict) else None
    if found != FORMAT:
        raise RequestError(f"{path} must be a checkpoint of format {FORMAT}, not {found}")
    return stored


def restore(path: Path, state: TrainState) -> Best | None:
    """Bring a freshly created state to where a resumable checkpoint left off; returns the best evaluation so far."""
    stored = read(path)
    state.step = stored["step"]
    state.generator.load_state_dict(stored["generator"])
    state.g_optimizer.load_state_dict(stored["g_optimizer"])
    if state.discriminator is not None and state.d_optimizer is not None:
        state.discriminator.load_state_dict(stored["discriminator"])
        state.d_optimizer.load_state_dict(stored["d_optimizer"])
    if state.average is not None:
        state.average.load_state_dict(stored["average"])
    return None if stored["best"] is None else Best(**stored["best"])


def load_generator(path: Path, *, average: bool = False) -> tuple[nn.Module, Experiment, int]:
    """The generator of a checkpoint in eval mode, its experiment, and its step.

    Args:
        path: a checkpoint.
        average: take the moving average and not the raw weights.

    Raises:
        RequestError: as `read`; or the run kept no moving average.
    """
    stored = read(path)
    experiment = from_dict(stored["experiment"], str(path))
    weights = stored["average" if average else "generator"]
    if weights is None:
        raise RequestError(f"{path} must hold a moving average: the run had ema=0")
    generator = build_generator(experiment)
    generator.load_state_dict(weights)
    return generator.eval().requires_grad_(False), experiment, stored["step"]
