"""The weights of a run for use: read without running stored code. Training saves them (`gan.training.checkpoint`).

A checkpoint is the zip archive that `torch.save` writes, with a CRC-32 of every part: what was damaged since is
noticed, in older files too. One whose parts claim to be larger than the file is refused before they are read.
"""

import pickle
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gan.config import Experiment, from_dict
from gan.errors import RequestError, first_line
from gan.networks import build_generator

FORMAT = 1
DEEPEST = 3
"""Levels of a stored experiment: its parts, their fields, lists in those."""


def read(path: Path) -> dict[str, Any]:
    """A checkpoint's contents, on the processor: of known format, with an experiment of plain values and a step.

    Raises:
        RequestError: it is missing, damaged, of another format, or not whole.
    """
    try:
        if not path.is_file():
            raise FileNotFoundError("none such" if not path.exists() else "not a regular file")
        _check_archive(path)
        stored: Any = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:  # whose own words advise to run what the file says
        raise RequestError(f"{path} must be a checkpoint: it must hold tensors and plain values alone") from error
    except Exception as error:  # whatever damaged bytes make of their readers
        raise RequestError(f"{path} must be a checkpoint: {first_line(error):.200}") from error
    found = stored.get("format") if isinstance(stored, dict) else None
    if type(found) is not int or found != FORMAT:
        known = found if found is None or (type(found) is int and abs(found) < 1000) else "another"
        raise RequestError(f"{path} must be a checkpoint of format {FORMAT}, not {known}")
    require(stored, ("experiment", "step", "generator"), path)
    if not _is_plain(stored["experiment"], DEEPEST):
        raise RequestError(f"{path}: its experiment must hold plain values")
    if not is_count(stored["step"]):
        raise RequestError(f"{path}: its step must be a whole number from 0 on")
    return stored  # type: ignore[no-any-return]


def _check_archive(path: Path) -> None:
    """Check that the parts of an archive are as large as they claim, and as they were written."""
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        packed = any(part.compress_type != zipfile.ZIP_STORED for part in parts)
        if packed or sum(part.file_size for part in parts) > path.stat().st_size:
            raise ValueError("its parts claim to be larger than the file")
        if damaged := archive.testzip():
            raise ValueError(f"{damaged} is damaged")


def require(stored: dict[str, Any], names: tuple[str, ...], path: Path) -> None:
    """Check that a checkpoint has these parts.

    Raises:
        RequestError: it lacks one.
    """
    absent = [name for name in names if name not in stored]
    if absent:
        raise RequestError(f"{path} must be a whole checkpoint, and has no {', '.join(absent)}")


def is_count(value: object) -> bool:
    """Whether a stored value is a number of steps."""
    return type(value) is int and 0 <= value < 2**63


def _is_plain(value: object, depth: int) -> bool:
    if isinstance(value, dict) and depth:
        return all(isinstance(name, str) and _is_plain(each, depth - 1) for name, each in value.items())
    if isinstance(value, list) and depth:
        return all(_is_plain(each, depth - 1) for each in value)
    return value is None or isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 2**63)


def load_weights(network: nn.Module, weights: object, path: Path, whose: str) -> None:
    """Give a network stored weights, which must be its own to the name, shape and type, and finite.

    Args:
        network: gets them.
        weights: what a checkpoint holds of it.
        path: the checkpoint.
        whose: the network, for messages.

    Raises:
        RequestError: they are not.
    """
    types = {name: value.dtype for name, value in network.state_dict().items()}
    with _fitting(path, whose):
        network.load_state_dict(weights)  # type: ignore[arg-type]
        for name, value in weights.items():  # type: ignore[attr-defined]
            if value.dtype != types[name]:
                raise TypeError(f"{name} is {value.dtype}, not {types[name]}")
    if name := not_finite(network):
        raise RequestError(f"{path} must hold finite weights, and {name} of {whose} is not: its training has diverged")


@contextmanager
def _fitting(path: Path, whose: str) -> Iterator[None]:
    """Say in a line what does not fit, whatever stands there in place of weights."""
    try:
        yield
    except Exception as error:
        raise RequestError(f"{path} must hold the weights of {whose}: {' '.join(str(error).split()):.200}") from error


def not_finite(network: nn.Module) -> str | None:
    """The first of a network's weights that is not finite, or None."""
    return next((name for name, value in network.state_dict().items() if not value.isfinite().all()), None)


def load_generator(path: Path, *, average: bool = False) -> tuple[nn.Module, Experiment, int]:
    """The generator of a checkpoint in eval mode, its experiment, and its step.

    Args:
        path: a checkpoint.
        average: take the moving average and not the raw weights.

    Raises:
        RequestError: as `read`; the run kept no moving average; or what it holds are not the weights of its generator.
    """
    stored = read(path)
    weights = stored.get("average") if average else stored["generator"]
    experiment = from_dict(stored["experiment"], str(path))
    if average and weights is None:
        raise RequestError(f"{path} must hold a moving average: the run had ema=0")
    whose = "its configuration's generator"
    with _fitting(path, whose), torch.device("meta"):  # shapes alone, which are free, before as much is made
        build_generator(experiment).load_state_dict(weights, assign=True)  # type: ignore[arg-type]
    generator = build_generator(experiment)
    load_weights(generator, weights, path, whose)
    return generator.eval().requires_grad_(False), experiment, stored["step"]
