"""The weights of a run for use: read without running stored code. Training saves them (`gan.training.checkpoint`)."""

import pickle
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gan.config import Experiment, from_dict
from gan.errors import RequestError, first_line
from gan.networks import build_generator

FORMAT = 1


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
