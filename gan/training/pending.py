"""Losses that no line of metrics.jsonl tells yet: checkpoints hold them, for a resumed run to write the same lines."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from gan.training.failure import TrainingFailed
from gan.training.ranks import Ranks


@dataclass(frozen=True)
class Pending:
    """What the next line is to tell of the steps since the last one."""

    losses: Mapping[str, Tensor] = field(default_factory=dict)
    """Name -> (K,) means over the ranks, a number a step; none where there is no such step."""
    seconds: float = 0.0
    """For which those steps have trained."""

    @property
    def steps(self) -> int:
        """K."""
        return len(next(iter(self.losses.values()), ()))


class Losses:
    """Training losses since they were last written down, still on the device.

    Args:
        step: steps done.
        pending: of which a checkpoint tells that they are not written down yet.
        device: where the losses of the steps to come are.
    """

    def __init__(self, step: int, pending: Pending, device: torch.device) -> None:
        columns = {name: column.to(device) for name, column in pending.losses.items()}
        self.terms: list[dict[str, Tensor]] = [
            {name: column[index] for name, column in columns.items()} for index in range(pending.steps)
        ]
        self.first = step - pending.steps
        """Steps done before the first of them."""
        self.restart_clock(pending.seconds)

    def restart_clock(self, seconds: float = 0.0) -> None:
        """Count the time of training from now on, as if `seconds` of it had passed."""
        self.started = time.monotonic() - seconds

    def pending(self, ranks: Ranks) -> Pending:
        """What a checkpoint needs of them; every rank takes part, and has the same.

        Raises:
            TrainingFailed: one of them is not finite; names the step and the term.
            Lost: another rank has ended.
        """
        seconds = time.monotonic() - self.started
        names = [name for name in self.terms[0] if all(name in terms for terms in self.terms)] if self.terms else []
        if not names:  # those of an older version may have other names
            return Pending(seconds=seconds)
        table = torch.stack([torch.stack([terms[name] for terms in self.terms]) for name in names])
        columns = dict(zip(names, ranks.mean(table).cpu(), strict=True))
        for name, column in columns.items():
            broken = (~column.isfinite()).nonzero()
            if len(broken):
                step = self.first + int(broken[0]) + 1
                raise TrainingFailed(f"{name} became {float(column[broken[0]]):g} at step {step}; lower optimizer.lr")
        return Pending(columns, seconds)

    def written(self) -> None:
        """Forget those that are written down, and begin anew."""
        self.first += len(self.terms)
        self.terms.clear()
        self.restart_clock()
