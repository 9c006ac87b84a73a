"""One training step as the paper's public code has it: what our own step is timed beside.

Isola et al. 2017 (arXiv 1611.07004), as it is usually written in PyTorch: eager, fp32, contiguous tensors, Adam without
fusion, a pass of the discriminator each for the true and for the made picture, and one for the generator.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Adam

from gan.config import Experiment
from gan.data.batch import Batch
from gan.networks import build_discriminator, build_generator


@dataclass
class Plain:
    """Networks and optimisers."""

    generator: nn.Module
    discriminator: nn.Module
    g_optimizer: Adam
    d_optimizer: Adam


def create(experiment: Experiment, device: torch.device) -> Plain:
    """Freshly drawn networks of an experiment with a game."""
    generator, discriminator = build_generator(experiment).to(device), build_discriminator(experiment).to(device)
    part = experiment.optimizer
    rates, betas = (part.lr, part.d_lr or part.lr), (part.beta1, part.beta2)
    g_optimizer, d_optimizer = (
        Adam(network.parameters(), rate, betas, foreach=False, fused=False)
        for network, rate in zip((generator, discriminator), rates, strict=True)
    )
    return Plain(generator, discriminator, g_optimizer, d_optimizer)


def step(plain: Plain, batch: Batch, experiment: Experiment) -> None:
    """The discriminator, then the generator: least squares and lambda times the mean absolute error."""
    fake = plain.generator(batch.condition)
    plain.discriminator.requires_grad_(True)
    plain.d_optimizer.zero_grad()
    made = plain.discriminator(torch.cat([batch.condition, fake.detach()], 1))
    true = plain.discriminator(torch.cat([batch.condition, batch.color], 1))
    d_loss = 0.5 * (_squared(made, 0.0) + _squared(true, 1.0))
    d_loss.backward()
    plain.d_optimizer.step()
    plain.discriminator.requires_grad_(False)
    plain.g_optimizer.zero_grad()
    judged = plain.discriminator(torch.cat([batch.condition, fake], 1))
    l1 = nn.functional.l1_loss(fake, batch.color)
    g_loss = experiment.adversarial.weight * _squared(judged, 1.0) + experiment.reconstruction.weight * l1
    g_loss.backward()
    plain.g_optimizer.step()


def _squared(logits: Tensor, target: float) -> Tensor:
    return nn.functional.mse_loss(logits, torch.full_like(logits, target))
