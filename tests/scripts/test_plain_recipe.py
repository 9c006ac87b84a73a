"""What our step is timed beside makes the same step."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from gan.config import Adversarial, Data, Discriminator, Experiment, Generator
from gan.data.batch import Batch
from gan.training.state import create_state
from gan.training.step import train_step

CPU = torch.device("cpu")


@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_one_step_of_the_plain_recipe_is_ours(norm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights after a step, from the same weights and pictures."""
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[2] / "scripts"), *sys.path])
    import plain_recipe

    experiment = Experiment(
        data=Data(size=32),
        generator=Generator(width=8),
        discriminator=replace(Discriminator(width=8), norm=norm),
        adversarial=Adversarial(game="lsgan"),
    )
    noise = torch.Generator().manual_seed(0)
    line, color = (torch.rand(4, depth, 32, 32, generator=noise) * 2 - 1 for depth in (1, 3))
    batch = Batch(line, torch.zeros(4, 4, 32, 32), color, None)
    state, plain = create_state(experiment, CPU), plain_recipe.create(experiment, CPU)
    assert state.discriminator is not None
    plain.generator.load_state_dict(state.generator.state_dict())
    plain.discriminator.load_state_dict(state.discriminator.state_dict())
    train_step(state, batch, experiment)
    plain_recipe.step(plain, batch, experiment)
    for ours, theirs in ((state.generator, plain.generator), (state.discriminator, plain.discriminator)):
        for found, expected in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)
