"""Weights that a run begins with: those of another run, which it trains on (fine-tuning)."""

import logging
from pathlib import Path
from typing import Any

from gan.runs.folder import open_run
from gan.runs.weights import load_weights, read
from gan.training.state import TrainState

logger = logging.getLogger(__name__)


def begin_with(state: TrainState, other: Path) -> dict[str, Any]:
    """Give a fresh state the weights that another run has now; its steps and its optimisers' moments are its own.

    A discriminator that the other run has not begins afresh, as after a run without a game. The moving average is the
    other's, or begins with its raw weights.

    Args:
        state: at step 0.
        other: a run folder.

    Returns:
        What to write down of it.

    Raises:
        RequestError: it is no run with a checkpoint, or its networks are others.
    """
    run = open_run(other)
    stored = read(run.last)
    load_weights(state.generator, stored["generator"], run.last, "this run's generator")
    if state.average is not None:
        load_weights(state.average, stored.get("average") or stored["generator"], run.last, "this run's average")
    if state.discriminator is not None and stored.get("discriminator") is not None:
        load_weights(state.discriminator, stored["discriminator"], run.last, "this run's discriminator")
    elif state.discriminator is not None:
        logger.info("%s has no discriminator: this run's begins afresh", other)
    return {"run": str(other.resolve()), "run_id": run.run_id, "step": stored["step"]}
