"""Small experiments and data."""

from dataclasses import replace

from gan.config import Data, Experiment

SMALL = Data(size=32, characters=350)
"""350 characters of 32 px: 245 train, 35 val, 70 test."""


def with_data(experiment: Experiment, **changes: object) -> Experiment:
    """An experiment with other data."""
    return replace(experiment, data=replace(experiment.data, **changes))  # type: ignore[arg-type]
