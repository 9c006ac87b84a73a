"""An experiment: its parts (`gan.config.experiment`), as JSON, from its file, and from options.

An experiment file is written with what this module offers.
"""

from gan.config.experiment import (
    ALONE_IN_BATCH,
    MOST_HINTS,
    Adversarial,
    Augment,
    Colors,
    Data,
    Discriminator,
    Evaluation,
    Experiment,
    Game,
    Generator,
    HintKind,
    Hints,
    Line,
    Logging,
    Optimizer,
    Precision,
    Reconstruction,
    check,
    from_dict,
    to_dict,
)
from gan.config.plain import differences, flatten

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
