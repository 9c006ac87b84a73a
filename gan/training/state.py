"""What training changes: networks, optimisers, moving average, the step."""

import copy
from dataclasses import dataclass

import torch
from torch import nn
from torch.optim import Optimizer

from gan import seeds
from gan.config import Experiment
from gan.networks import build_discriminator, first_generator
from gan.runs.precision import Resolved, resolve
from gan.training.adam import FusedAdam
from gan.training.ranks import SOLE, Ranks


@dataclass
class TrainState:
    """Everything that training changes."""

    generator: nn.Module
    g_optimizer: Optimizer
    discriminator: nn.Module | None
    d_optimizer: Optimizer | None
    average: nn.Module | None
    precision: Resolved = "fp32"
    step: int = 0
    ranks: Ranks = SOLE


def create_state(experiment: Experiment, device: torch.device, ranks: Ranks = SOLE) -> TrainState:
    """Networks and optimisers at step 0; arms of one seed, and the ranks of a run, start from the same generator."""
    optimizer = experiment.optimizer
    betas = (float(optimizer.beta1), float(optimizer.beta2))
    generator = ranks.synchronized(first_generator(experiment)).to(device)
    average = copy.deepcopy(generator).eval().requires_grad_(False) if experiment.ema else None
    discriminator = d_optimizer = None
    if experiment.adversarial.game != "none":
        torch.manual_seed(seeds.integer(experiment.seed, "discriminator"))
        discriminator = ranks.synchronized(build_discriminator(experiment)).to(device)
        d_optimizer = FusedAdam(discriminator.parameters(), optimizer.d_lr or optimizer.lr, betas)
    g_optimizer = FusedAdam(generator.parameters(), optimizer.lr, betas)
    precision = resolve(experiment.precision, device)
    if precision == "bf16":  # where matrix units multiply, channels side by side are what they read
        for network in (generator, discriminator):
            if network is not None:
                network.to(memory_format=torch.channels_last)
    return TrainState(generator, g_optimizer, discriminator, d_optimizer, average, precision, ranks=ranks)


@torch.no_grad()
def update_average(average: nn.Module, generator: nn.Module, decay: float, step: int) -> None:
    """average <- d average + (1 - d) generator, d = min(decay, (1 + step) / (10 + step)); buffers are copied."""
    warmed = min(decay, (1 + step) / (10 + step))
    for mean, value in zip(average.parameters(), generator.parameters(), strict=True):
        mean.lerp_(value, 1 - warmed)
    for kept, buffer in zip(average.buffers(), generator.buffers(), strict=True):
        kept.copy_(buffer)


def learning_rate_scale(step: int, steps: int, decay: float) -> float:
    """The factor on the learning rate at `step` of `steps`: 1, then linearly to 0 over the last `decay` of them."""
    return 1.0 if decay == 0 else min(1.0, (steps - step) / (decay * steps))


def set_learning_rate(optimizer: Optimizer, rate: float) -> None:
    """Set the rate of the next step."""
    for group in optimizer.param_groups:
        group["lr"] = rate
