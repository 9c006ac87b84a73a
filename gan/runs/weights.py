"""The weights of a run for use: read without running stored code. Training saves them (`gan.training.checkpoint`)."""

import pickle
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gan.config import Experiment, from_dict
from gan.errors import RequestError, first_line
from gan.files import open_regular
from gan.networks import build_generator

FORMAT = 1


def read(path: Path) -> dict[str, Any]:
    """A checkpoint's contents, on the processor.

    Raises:
        RequestError: it is missing, damaged, or of another format.
    """
    try:
        with open_regular(path) as file:
            stored: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise RequestError(f"{path} must be a checkpoint: none such") from error
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise RequestError(f"{path} must be a checkpoint: {first_line(error)}") from error
    found = stored.get("format") if isinstance(stored, dict) else None
    if found != FORMAT:
        raise RequestError(f"{path} must be a checkpoint of format {FORMAT}, not {found}")
    return stored


def load_generator(path: Path, *, average: bool = False) -> tuple[nn.Module, Experiment, int]:
    """The generator of a checkpoint in eval mode, its experiment, and its step.

    Args:
        path: a checkpoint.
        average: take the moving average and not the raw weights.

    Raises:
        RequestError: as `read`; the run kept no moving average; or what it holds are not the weights of its generator.
    """
    stored = read(path)
    part = "average" if average else "generator"
    absent = [name for name in ("experiment", "step", part) if name not in stored]
    if absent:
        raise RequestError(f"{path} must be a whole checkpoint, and has no {', '.join(absent)}")
    experiment = from_dict(stored["experiment"], str(path))
    if stored[part] is None:
        raise RequestError(f"{path} must hold a moving average: the run had ema=0")
    generator = build_generator(experiment)
    try:
        generator.load_state_dict(stored[part])
    except (RuntimeError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise RequestError(f"{path} must hold the weights of its configuration's generator: {reason:.200}") from error
    if not all(value.isfinite().all() for value in generator.state_dict().values()):
        raise RequestError(f"{path} must hold finite weights: its training has diverged")
    return generator.eval().requires_grad_(False), experiment, stored["step"]
