"""`python -m tests.support.first_step FILE`: one rank's first step; what it saw and made, in FILE."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan.config import Adversarial, Data, Discriminator, Experiment, Generator, Hints, Optimizer
from gan.data.batch import Sample
from gan.data.loader import training_batches
from gan.training.ranks import SOLE, Ranks, joined
from gan.training.state import create_state
from gan.training.step import train_step

EXPERIMENT = Experiment(
    batch_size=4,
    data=Data(size=32, workers=0),
    hints=Hints(kind="points", without=0.0),
    generator=Generator(width=8, norm="group", keys=4),
    discriminator=Discriminator(width=8, norm="group"),
    adversarial=Adversarial(game="vanilla"),
    optimizer=Optimizer(clip=2.0),
    ema=0.9,
)
"""A generator that is not asked by `forward`, with an average; a game; its gradient is clipped, that of D is not."""


class Noise:
    """Ten pictures of noise."""

    def __len__(self) -> int:
        return 10

    def key(self, index: int) -> str:
        return str(index)

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        drawn = [torch.from_numpy(rng.uniform(-1, 1, (4, 32, 32))).float() for rng in rngs]
        return [Sample(picture[:1], picture[1:]) for picture in drawn]

    def closed_forms(
        self, index: int, rng: np.random.Generator, known: NDArray[np.int64] | None = None
    ) -> dict[str, Tensor]:
        return {}

    def sampler_error(self, index: int, color: Tensor) -> Tensor | None:
        return None


def first_step(ranks: Ranks = SOLE) -> dict[str, Any]:
    """What a rank sees and makes in its first step."""
    state = create_state(EXPERIMENT, torch.device("cpu"), ranks)
    (batch,) = training_batches(Noise(), EXPERIMENT, 0, 1, rank=ranks.rank, ranks=ranks.count)
    terms = train_step(state, batch, EXPERIMENT)
    assert state.discriminator is not None
    assert state.average is not None
    networks = {"generator": state.generator, "discriminator": state.discriminator}
    return {
        "batch": {"line": batch.line, "hint": batch.hint, "color": batch.color},
        "terms": terms,
        "gradients": {
            f"{name}.{weight}": value.grad
            for name, network in networks.items()
            for weight, value in network.named_parameters()
        },
        "weights": state.generator.state_dict() | state.discriminator.state_dict(),
        "average": state.average.state_dict(),
    }


if __name__ == "__main__":
    with joined("cpu") as us:
        torch.save(first_step(us), Path(sys.argv[1]))
