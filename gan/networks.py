"""The networks of an experiment: built from its configuration, for training, evaluating and colouring alike."""

from typing import Any

import torch
from torch import nn

from gan import seeds
from gan.config import Experiment
from gan.metrics.classes import class_colors
from gan.models.classifier import Classifier
from gan.models.critic import Critic, PaletteCritic, WithPalettes
from gan.models.patchgan import PatchGAN
from gan.models.pointer import Pointer
from gan.models.sampler import Sampler
from gan.models.unet import UNet, widths_of
from gan.ranges import to_signed


def build_generator(experiment: Experiment) -> nn.Module:
    """The generator of an experiment, freshly drawn from torch's generator: (B, 5 or 9, H, W) -> (B, 3, H, W).

    With generator.noise it takes (B, N) noise besides.
    """
    part = experiment.generator
    shape: dict[str, Any] = {
        "width": part.width,
        "depth": experiment.generator_depth,
        "norm": part.norm,
        "dropout": part.dropout,
        "upsample": part.upsample,
    }
    inked = experiment.data.line == "given"
    if experiment.reconstruction.loss == "classes":
        unet = UNet(in_channels=condition_channels(experiment), out_channels=part.width, **shape)
        with torch.device("cpu"):  # values, also where the weights are shapes alone
            colors = to_signed(class_colors())
        return Classifier(unet, features=part.width, colors=colors, inked=inked)
    channels = 1 if part.keys else condition_channels(experiment)
    shaded = part.shading == "grey"
    more = (part.keys + 1 if part.keys else 0) + shaded
    unet = UNet(in_channels=channels, out_channels=(part.colors if part.noise else 3) + more, **shape)
    network: nn.Module = unet
    if part.noise:
        inks = inked and not part.keys
        network = Sampler(unet, noise=part.noise, colors=part.colors, inked=inks, shaded=shaded, choice=part.choice)
    if part.keys:
        flooded = experiment.hints.flood != "none"
        network = Pointer(network, features=part.keys, inked=inked, flooded=flooded)
    return network


def first_generator(experiment: Experiment) -> nn.Module:
    """The generator that an experiment begins with, which is a function of its seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seeds.integer(experiment.seed, "generator"))
        return build_generator(experiment)


def condition_channels(experiment: Experiment) -> int:
    """Channels of what the networks are given beside a picture: drawing, hints, and hints flooded to the lines."""
    return 5 if experiment.hints.flood == "none" else 9


def build_discriminator(experiment: Experiment) -> nn.Module:
    """The discriminator of an experiment, freshly drawn from torch's generator."""
    pictures = _build_critic(experiment)
    if experiment.adversarial.palettes == 0:
        return pictures
    features = widths_of(experiment.generator.width, experiment.generator_depth)[-1]
    return WithPalettes(pictures, PaletteCritic(colors=experiment.generator.colors, features=features))


def _build_critic(experiment: Experiment) -> nn.Module:
    part = experiment.discriminator
    channels = condition_channels(experiment) + 3
    layers = experiment.discriminator_layers
    if part.judges == "both":
        return Critic(in_channels=channels, width=part.width, layers=layers, shape=experiment.data.shape)
    return PatchGAN(in_channels=channels, width=part.width, layers=layers, norm=part.norm)
