"""The networks of an experiment: built from its configuration, for training, evaluating and colouring alike."""

from gan.config import Experiment
from gan.models.patchgan import PatchGAN
from gan.models.unet import UNet


def build_generator(experiment: Experiment) -> UNet:
    """The generator of an experiment, freshly drawn from torch's generator."""
    part = experiment.generator
    return UNet(
        width=part.width,
        depth=experiment.generator_depth,
        norm=part.norm,
        dropout=part.dropout,
        upsample=part.upsample,
    )


def build_discriminator(experiment: Experiment) -> PatchGAN:
    """The discriminator of an experiment, freshly drawn from torch's generator."""
    part = experiment.discriminator
    return PatchGAN(width=part.width, layers=experiment.discriminator_layers, norm=part.norm)
