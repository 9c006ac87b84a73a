"""What a run needs to go on, saved whole or not at all."""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from gan.config import Experiment, from_dict, to_dict
from gan.errors import RequestError
from gan.files import replacing
from gan.metrics.catalog import METRICS
from gan.runs.going_on import check_same
from gan.runs.weights import FORMAT, is_count, load_weights, read, require
from gan.training.pending import Pending
from gan.training.state import TrainState, set_learning_rate


@dataclass(frozen=True)
class Best:
    """The best evaluation so far."""

    metric: str
    value: float
    step: int


def save(
    path: Path,
    state: TrainState,
    experiment: Experiment,
    best: Best | None,
    *,
    pending: Pending | None = None,
    resumable: bool = True,
) -> None:
    """Write a checkpoint; without `resumable` only what evaluation and colouring need.

    Raises:
        OSError: there is no room for it, or it cannot be written; the one before is as it was.
    """
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
        if pending is not None:
            stored["pending"] = {"losses": dict(pending.losses), "seconds": pending.seconds}
    with replacing(path) as draft, draft.open("wb") as file:
        try:
            torch.save(stored, file)
        except RuntimeError as error:  # PyTorch's own, while a failure of the file is handled
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise


def restore(
    path: Path, state: TrainState, experiment: Experiment, *, new_rate: bool = False
) -> tuple[Best | None, Pending]:
    """Bring a freshly created state to where a resumable checkpoint left off.

    new_rate: its learning rates, decay and clipping may be others.

    Returns:
        The best evaluation so far, and what is not written down yet.

    Raises:
        RequestError: it is not a whole checkpoint of this experiment; the state is of no use then.
    """
    stored = read(path)
    begun = from_dict(stored["experiment"], str(path))
    moved = replace(begun, data=replace(begun.data, root=experiment.data.root))  # pictures are known by their digests
    check_same(moved, experiment, path, new_rate=new_rate)
    state.step, state.precision = stored["step"], stored.get("precision", "fp32")  # as it began, wherever it goes on
    if state.precision not in ("fp32", "bf16"):
        raise RequestError(f"{path}: its precision must be fp32 or bf16")
    networks = {"generator": state.generator, "discriminator": state.discriminator, "average": state.average}
    optimizers = {"g_optimizer": state.g_optimizer, "d_optimizer": state.d_optimizer}
    require(stored, tuple(name for name, part in (networks | optimizers).items() if part is not None), path)
    for name, network in networks.items():
        if network is not None:
            load_weights(network, stored[name], path, f"this run's {name}")
    for name, optimizer in optimizers.items():
        if optimizer is not None:
            _load_moments(optimizer, stored[name], f"{path}: its {name}")
    return _best(stored.get("best"), path), _pending(stored.get("pending"), state.step, path)


def _load_moments(optimizer: Optimizer, stored: object, place: str) -> None:
    """Give Adam its moments and the rate of its last step; its other settings are the configuration's."""
    try:
        moments, rate = stored["state"], stored["param_groups"][0]["lr"]  # type: ignore[index]
    except (TypeError, LookupError) as error:
        raise RequestError(f"{place} must hold moments and a learning rate") from error
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    if not isinstance(moments, dict) or not moments.keys() <= set(range(len(weights))):
        raise RequestError(f"{place} must hold moments for the network's {len(weights)} weights")
    for number, each in moments.items():
        shape = weights[number].shape
        shapes = {"step": torch.Size(), "exp_avg": shape, "exp_avg_sq": shape}
        whole = isinstance(each, dict) and each.keys() == shapes.keys()
        if not whole or not all(_is_table(each[name], its) for name, its in shapes.items()):
            raise RequestError(f"{place} must hold finite moments of shape {tuple(shape)} for weight {number}")
    if not _is_number(rate) or rate < 0:
        raise RequestError(f"{place} must hold a learning rate from 0 on")
    optimizer.load_state_dict({"state": moments, "param_groups": optimizer.state_dict()["param_groups"]})
    set_learning_rate(optimizer, rate)


def _is_table(value: object, shape: torch.Size) -> bool:
    """Whether a stored value is a table of finite numbers of that shape."""
    usual = isinstance(value, Tensor) and value.layout == torch.strided and value.device.type == "cpu"
    if not isinstance(value, Tensor) or not usual or value.dtype != torch.float32 or value.shape != shape:
        return False
    return bool(value.isfinite().all())


def _best(stored: object, path: Path) -> Best | None:
    if stored is None:
        return None
    try:
        best = Best(**stored)  # type: ignore[arg-type]
    except TypeError as error:
        raise RequestError(f"{path}: its best evaluation must have a metric, a value and a step") from error
    known = isinstance(best.metric, str) and best.metric in METRICS
    if not known or not _is_number(best.value) or not is_count(best.step):
        raise RequestError(f"{path}: its best evaluation must be of a metric, with a finite value, at a step")
    return best


def _pending(stored: object, step: int, path: Path) -> Pending:
    """What is not written down yet; older checkpoints know of nothing."""
    if stored is None:
        return Pending()
    try:
        pending = Pending(**stored)  # type: ignore[arg-type]
        shape = torch.Size([pending.steps])
        fits = pending.steps <= step and _is_number(pending.seconds) and pending.seconds >= 0
        if not fits or not all(_is_table(column, shape) for column in pending.losses.values()):
            raise ValueError
    except (TypeError, ValueError, AttributeError) as error:
        raise RequestError(
            f"{path}: its pending losses must be one finite number a step of each, and seconds"
        ) from error
    return pending


def _is_number(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)
