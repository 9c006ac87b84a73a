"""Runs that can colour, made without training: what the tests of the paint page share."""

import json
from dataclasses import replace
from pathlib import Path

import torch

from gan.config import Experiment, Generator, Hints, to_dict
from gan.models.pointer import Pointer
from gan.training import checkpoint
from gan.training.state import create_state

HINTED = Experiment(name="l1_hints", generator=Generator(width=8), hints=Hints(kind="regions"))
POINTING = replace(HINTED, name="l1_pointer", generator=Generator(width=8, keys=8))
SAMPLING = replace(HINTED, name="sampler_lines", generator=Generator(width=8, keys=8, noise=4))
RIVAL, BLIND = replace(HINTED, name="pix2pix_hints", seed=1), replace(HINTED, name="l1", hints=Hints())


def save_run(experiment: Experiment, folder: Path) -> Path:
    """A run folder with the weights that its seed begins with; one that draws and points, points at no hint."""
    state = create_state(experiment, torch.device("cpu"))
    if isinstance(state.generator, Pointer) and experiment.generator.noise:
        torch.nn.init.constant_(state.generator.key_scale, -100)  # what is not hinted is another in each variant
    checkpoint.save(folder / "checkpoints" / "last.pt", state, experiment, None)
    (folder / "config.json").write_text(json.dumps(to_dict(experiment)))
    (folder / "environment.json").write_text("{}")
    return folder


def pointing_run(folder: Path) -> Path:
    """A folder with a run of a network that points."""
    save_run(POINTING, folder / POINTING.name / f"seed-{POINTING.seed}")
    return folder


def sampling_runs(folder: Path) -> Path:
    """A folder: a run that draws and points at its hints, one that draws and knows none, and one that does not."""
    blind = replace(BLIND, name="sampler", generator=Generator(width=8, noise=4))
    for experiment in (SAMPLING, blind, BLIND):
        save_run(experiment, folder / experiment.name / f"seed-{experiment.seed}")
    return folder


def three_runs(folder: Path) -> Path:
    """A folder of runs: two with hints, one without, all of 64 px."""
    for experiment in (HINTED, RIVAL, BLIND):
        save_run(experiment, folder / experiment.name / f"seed-{experiment.seed}")
    return folder
