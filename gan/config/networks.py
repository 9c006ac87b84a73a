"""The networks of an experiment."""

from dataclasses import dataclass
from typing import Literal

from gan.config import plain
from gan.config.checks import check
from gan.config.data import Auto

Norm = Literal["batch", "instance", "group", "none"]
ALONE_IN_BATCH = ("none", "instance", "group")
"""Norms with which a picture's logits do not depend on the others of its batch: not batch norm, nor spectral norm,
which goes on with its estimate at every pass."""


@dataclass(frozen=True)
class Generator:
    """The U-Net that colours (Ronneberger et al. 2015; Isola et al. 2017, sec. 6.1.1)."""

    width: int = 16
    """Channels of the outermost level; doubled a level down, up to 8 times this."""
    depth: int | Auto = "auto"
    """Number of halvings; auto: as many as both sides allow, down to a 1x1 bottleneck where they are a power of 2."""
    norm: Norm = "batch"
    """Normalisation of the inner layers."""
    dropout: float = 0.0
    """Dropout in the three innermost decoder levels, in training only; pix2pix: 0.5."""
    upsample: Literal["transposed", "resize"] = "transposed"
    """How the decoder doubles: a transposed convolution, or nearest-neighbour resizing and a convolution."""
    keys: int = 0
    """Length of the features by which it points at hints, such as 16; 0: it regresses what they say."""
    noise: int = 0
    """Random numbers, N(0, 1), such as 4, for each of the colours that a picture is mixed of and for all of them
    together, by which those are drawn; 0: one answer a drawing."""
    choice: Literal["network", "odds"] = "network"
    """With generator.noise, how a colour is chosen among paints; network: by one that noise is put into; odds: by the
    odds that the drawing says, drawn exactly. generator.noise is then the number of paints, such as 64."""
    colors: int = 8
    """With generator.noise: colours that a picture is mixed of."""
    shading: Literal["none", "grey"] = "none"
    """With generator.noise; grey: the network lightens and darkens those colours, as real pictures are shaded."""

    @property
    def numbers(self) -> int:
        """Random numbers a picture."""
        return self.noise * (self.colors + (self.choice == "network"))

    def __post_init__(self) -> None:
        plain.check_types(self, "generator")
        check(self.width >= 1, f"generator.width ({self.width}) must be at least 1")
        check(self.depth == "auto" or self.depth >= 2, f"generator.depth ({self.depth}) must be auto or at least 2")
        check(0 <= self.keys <= 256, f"generator.keys ({self.keys}) must lie between 0 and 256")
        check(0 <= self.noise <= 1024, f"generator.noise ({self.noise}) must lie between 0 and 1024")
        check(1 <= self.colors <= 256, f"generator.colors ({self.colors}) must lie between 1 and 256")
        check(self.noise > 0 or self.shading == "none", f"generator.shading ({self.shading}) needs generator.noise")
        check(self.noise > 0 or self.choice == "network", f"generator.choice ({self.choice}) needs generator.noise")
        check(
            self.noise != 1 or self.choice == "network",
            f"generator.noise ({self.noise}) must be at least 2 paints for generator.choice=odds",
        )
        check(0 <= self.dropout < 1, f"generator.dropout ({self.dropout:g}) must be at least 0 and below 1")
        check(
            self.norm != "group" or self.width % 8 == 0,
            f"generator.width ({self.width}) must be a multiple of 8 for generator.norm=group",
        )


@dataclass(frozen=True)
class Discriminator:
    """The PatchGAN that judges patches (Isola et al. 2017, sec. 2.2.2); used where adversarial.game is not none."""

    width: int = 32
    """Channels of the first layer; doubled a layer, up to 8 times this."""
    layers: int | Auto = "auto"
    """Strided layers; 3: patches of 70x70. auto: the patch is about a quarter of the short side, as 70 is of 256."""
    norm: Norm | Literal["spectral"] = "batch"
    """Normalisation of the inner layers; spectral: of every layer's weights (Miyato et al. 2018)."""
    judges: Literal["patches", "both"] = "patches"
    """patches; both: its patches, and with one more strided layer the whole picture, which needs norm=none."""

    def __post_init__(self) -> None:
        plain.check_types(self, "discriminator")
        check(self.width >= 1, f"discriminator.width ({self.width}) must be at least 1")
        check(
            self.layers == "auto" or self.layers >= 1,
            f"discriminator.layers ({self.layers}) must be auto or at least 1",
        )
        check(
            self.norm != "group" or self.width % 8 == 0,
            f"discriminator.width ({self.width}) must be a multiple of 8 for discriminator.norm=group",
        )
        check(
            self.judges == "patches" or self.norm == "none",
            f"discriminator.norm ({self.norm}) must be none for discriminator.judges=both",
        )
