"""The networks of an experiment: built from its configuration, for training, evaluating and colouring alike."""

from typing import Any

from gan.config import Experiment
from gan.models.patchgan import PatchGAN
from gan.models.pointer import Pointer
from gan.models.unet import UNet


def build_generator(experiment: Experiment) -> UNet | Pointer:
    """The generator of an experiment, freshly drawn from torch's generator: (B, 5 or 9, H, W) -> (B, 3, H, W)."""
    part = experiment.generator
    shape: dict[str, Any] = {
        "width": part.width,
        "depth": experiment.generator_depth,
        "norm": part.norm,
        "dropout": part.dropout,
        "upsample": part.upsample,
    }
    if not part.keys:
        return UNet(in_channels=condition_channels(experiment), **shape)
    network = UNet(in_channels=1, out_channels=3 + part.keys + 1, **shape)
    return Pointer(
        network, features=part.keys, inked=experiment.data.line == "given", flooded=experiment.hints.flood != "none"
    )


def condition_channels(experiment: Experiment) -> int:
    """Channels of what the networks are given beside a picture: drawing, hints, and hints flooded to the lines."""
    return 5 if experiment.hints.flood == "none" else 9


def build_discriminator(experiment: Experiment) -> PatchGAN:
    """The discriminator of an experiment, freshly drawn from torch's generator."""
    part = experiment.discriminator
    channels = condition_channels(experiment) + 3
    return PatchGAN(in_channels=channels, width=part.width, layers=experiment.discriminator_layers, norm=part.norm)
