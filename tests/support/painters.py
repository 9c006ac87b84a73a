"""Runs that can colour, made without training: what the tests of the paint page share."""

import json
from dataclasses import replace
from pathlib import Path

import torch

from gan.config import Experiment, Generator, Hints, to_dict
from gan.training import checkpoint
from gan.training.step import create_state

HINTED = Experiment(name="l1_hints", generator=Generator(width=8), hints=Hints(kind="regions"))
POINTING = replace(HINTED, name="l1_pointer", generator=Generator(width=8, keys=8))
RIVAL, BLIND = replace(HINTED, name="pix2pix_hints", seed=1), replace(HINTED, name="l1", hints=Hints())


def save_run(experiment: Experiment, folder: Path) -> Path:
    """A run folder with the weights that its seed begins with."""
    state = create_state(experiment, torch.device("cpu"))
    checkpoint.save(folder / "checkpoints" / "last.pt", state, experiment, None)
    (folder / "config.json").write_text(json.dumps(to_dict(experiment)))
    (folder / "environment.json").write_text("{}")
    return folder


def pointing_run(folder: Path) -> Path:
    """A folder with a run of a network that points."""
    save_run(POINTING, folder / POINTING.name / f"seed-{POINTING.seed}")
    return folder


def three_runs(folder: Path) -> Path:
    """A folder of runs: two with hints, one without, all of 64 px."""
    for experiment in (HINTED, RIVAL, BLIND):
        save_run(experiment, folder / experiment.name / f"seed-{experiment.seed}")
    return folder
