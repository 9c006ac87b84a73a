"""An experiment and its parts (`gan.config.data`, `hints`, `networks`, `training`), from a file and from options.

An experiment file is written with what this module offers.
"""

from gan.config import script
from gan.config.checks import check
from gan.config.data import Augment, Colors, Data, Line
from gan.config.experiment import Experiment, from_dict, to_dict
from gan.config.hints import MOST_HINTS, HintKind, Hints
from gan.config.networks import ALONE_IN_BATCH, Discriminator, Generator
from gan.config.plain import differences, flatten
from gan.config.training import (
    Adversarial,
    Evaluation,
    Game,
    Logging,
    Optimizer,
    Precision,
    Reconstruction,
)

script.watch()

__all__ = [
    "ALONE_IN_BATCH",
    "MOST_HINTS",
    "Adversarial",
    "Augment",
    "Colors",
    "Data",
    "Discriminator",
    "Evaluation",
    "Experiment",
    "Game",
    "Generator",
    "HintKind",
    "Hints",
    "Line",
    "Logging",
    "Optimizer",
    "Precision",
    "Reconstruction",
    "check",
    "differences",
    "flatten",
    "from_dict",
    "to_dict",
]
