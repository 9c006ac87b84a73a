"""An experiment: plain values, checked when built.

Every field has a default and a sentence, which is also its help on the command line. A part checks what it can see
(`gan.config.data`, `hints`, `networks`, `training`); `Experiment` checks what only the whole can. `to_dict` and
`from_dict` round-trip through JSON (`gan.config.plain`).
"""

import math
from dataclasses import dataclass, field
from typing import Any

from gan.config import plain
from gan.config.checks import check
from gan.config.data import Augment, Data
from gan.config.hints import Hints
from gan.config.networks import ALONE_IN_BATCH, Discriminator, Generator
from gan.config.training import Adversarial, Evaluation, Logging, Optimizer, Precision, Reconstruction

LONGEST_NAME = 255
"""Bytes of a folder's name, which no file system of today has more of."""


@dataclass(frozen=True)
class Experiment:
    """One question, and everything needed to answer it."""

    name: str = "experiment"
    """Name of the experiment; a run lies in <out>/<name>/seed-<seed>/."""
    seed: int = 0
    """Seed of every random draw."""
    steps: int = 500
    """Optimisation steps."""
    epochs: float | None = None
    """Passes over the training pictures; stands for steps where it is given."""
    batch_size: int = 16
    """Pictures a step."""
    ema: float = 0.0
    """Decay of a moving average of the generator, such as 0.999; 0: none. Evaluated beside the raw weights."""
    device: str = "auto"
    """auto: a CUDA GPU where there is one, else Apple's (mps), else the processor; or a device's name in PyTorch."""
    precision: Precision = "fp32"
    """Arithmetic of the networks in training; losses and metrics are fp32. auto: bf16 where the device multiplies in
    it."""
    data: Data = field(default_factory=Data)
    augment: Augment = field(default_factory=Augment)
    hints: Hints = field(default_factory=Hints)
    generator: Generator = field(default_factory=Generator)
    discriminator: Discriminator = field(default_factory=Discriminator)
    adversarial: Adversarial = field(default_factory=Adversarial)
    reconstruction: Reconstruction = field(default_factory=Reconstruction)
    optimizer: Optimizer = field(default_factory=Optimizer)
    evaluation: Evaluation = field(default_factory=Evaluation)
    logging: Logging = field(default_factory=Logging)

    def __post_init__(self) -> None:
        plain.check_types(self, "")
        check(
            self.name not in ("", ".", "..") and not set(self.name) & set('/\\:*?"<>|\0') and self.name.isprintable(),
            f"name ({self.name!r}) must be usable as a folder's name",
        )
        check(
            len(self.name.encode()) <= LONGEST_NAME,
            f"name ({self.name[:20]}...) must have at most {LONGEST_NAME} bytes",
        )
        check(0 <= self.seed < 2**32, f"seed ({self.seed}) must lie between 0 and 2**32 - 1")
        check(self.steps >= 1, f"steps ({self.steps}) must be at least 1")
        check(self.epochs is None or self.epochs > 0, f"epochs ({self.epochs}) must be above 0")
        check(self.batch_size >= 1, f"batch_size ({self.batch_size}) must be at least 1")
        check(0 <= self.ema < 1, f"ema ({self.ema:g}) must be at least 0 and below 1")
        check(
            self.reconstruction.weight > 0 or self.adversarial.game != "none",
            "reconstruction.weight (0) must be above 0 for adversarial.game=none, or nothing trains the generator",
        )
        if self.reconstruction.loss == "classes":
            for name, value, nothing in (
                ("generator.noise", self.generator.noise, 0),
                ("generator.keys", self.generator.keys, 0),
                ("adversarial.game", self.adversarial.game, "none"),
            ):
                check(
                    value == nothing,
                    f"{name} ({value}) must be {nothing} for reconstruction.loss=classes, which trains on no picture",
                )
        check(
            self.adversarial.palettes == 0 or (self.generator.noise > 0 and self.adversarial.game != "none"),
            f"adversarial.palettes ({self.adversarial.palettes:g}) needs generator.noise and adversarial.game",
        )
        check(
            self.reconstruction.palette == 0 or self.generator.noise > 0,
            f"reconstruction.palette ({self.reconstruction.palette:g}) needs generator.noise, which draws the colours",
        )
        for name in ("sure", "pairs"):
            value = getattr(self.reconstruction, name)
            check(
                value == 0 or self.reconstruction.loss == "fitted",
                f"reconstruction.{name} ({value:g}) needs reconstruction.loss=fitted",
            )
        if self.reconstruction.loss == "fitted":
            check(
                self.generator.noise > 0, "reconstruction.loss (fitted) needs generator.noise, which draws the colours"
            )
            check(
                self.adversarial.game != "none"
                or (self.reconstruction.palette > 0 and self.generator.choice == "odds"),
                "reconstruction.loss (fitted) needs adversarial.game, or reconstruction.palette with "
                "generator.choice=odds, or nothing trains the colours",
            )
        check(
            self.hints.kind != "regions" or self.data.source == "avatars",
            f"hints.kind (regions) needs data.source=avatars, whose regions are known, not {self.data.source}",
        )
        check(
            self.generator.noise == 0 or self.hints.kind == "none" or self.generator.keys > 0,
            f"generator.noise ({self.generator.noise}) with hints needs generator.keys, which give their colours",
        )
        check(
            not self.adversarial.penalised or self.discriminator.norm in ALONE_IN_BATCH,
            f"discriminator.norm ({self.discriminator.norm}) must be one of {', '.join(ALONE_IN_BATCH)} for "
            "adversarial.r1 and r2, which look at each picture alone",
        )
        self._check_sizes()

    def _check_sizes(self) -> None:
        size, depth = self.data.size_text, self.generator_depth
        check(
            all(side % 2**depth == 0 for side in self.data.shape),
            f"data.size ({size}) must be a multiple of 2**generator.depth ({2**depth})",
        )
        check(
            self.hints.flood == "none" or self.flood_size >= max(self.data.shape),
            f"hints.flood_size ({self.flood_size}) must be at least data.size ({size})",
        )
        layers = self.discriminator_layers
        check(
            self.adversarial.game == "none" or self.data.short_side >= 2 ** (layers + 2),
            f"data.size ({size}) must be at least 2**(discriminator.layers + 2) ({2 ** (layers + 2)})",
        )

    @property
    def generator_depth(self) -> int:
        """Halvings of the U-Net; auto: as many as both sides allow.

        At least 5, or as many as bring the short side of the bottleneck to 8.
        """
        if self.generator.depth != "auto":
            return self.generator.depth
        common = math.gcd(*self.data.shape)
        twos = (common & -common).bit_length() - 1
        return min(8, max(twos, min(5, math.ceil(math.log2(self.data.short_side / 8)))))

    @property
    def flood_size(self) -> int:
        """Size in pixels of the drawings whose closed areas hints are flooded to; auto: four times the network's."""
        return 4 * max(self.data.shape) if self.hints.flood_size == "auto" else self.hints.flood_size

    @property
    def exact_hints(self) -> bool:
        """Whether a hint is exactly the pixels that are painted: not enlarged to the dabs of training."""
        return self.generator.keys > 0 or self.hints.flood != "none"

    @property
    def discriminator_layers(self) -> int:
        """Strided layers of the PatchGAN; auto: 3 at 256 px (the short side), one less for each halving, at least 1."""
        if self.discriminator.layers != "auto":
            return self.discriminator.layers
        return max(1, min(5, round(math.log2(self.data.short_side / 32))))

    def total_steps(self, pictures: int) -> int:
        """Optimisation steps of the run over `pictures` training pictures."""
        return self.steps if self.epochs is None else math.ceil(self.epochs * pictures / self.batch_size)


def to_dict(experiment: Experiment) -> dict[str, Any]:
    """The experiment as nested dictionaries of plain JSON values."""
    return plain.to_dict(experiment)


def from_dict(values: dict[str, Any], place: str) -> Experiment:
    """The experiment that `to_dict` wrote; `place` names the file in error messages.

    Where an earlier version wrote it, fields are missing: they get their defaults, which are what that version did;
    data.split, which came before its default, gets hash.

    Raises:
        RequestError: an unknown field, a value of the wrong type, or one that breaks a rule.
    """
    if isinstance(values, dict) and isinstance(data := values.get("data", {}), dict):
        values = values | {"data": {"split": "hash"} | data}
    return plain.from_dict(Experiment, values, place)
