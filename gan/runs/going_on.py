"""Whether a run may begin in a folder, or go on there: what must be as it was, and what may be another."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gan.config import Experiment, differences
from gan.errors import RequestError
from gan.files import DRAFT
from gan.runs.folder import LOCK, RunFolder, apart


def check_folder(run: RunFolder, experiment: Experiment, *, resume: bool, new_rate: bool = False) -> None:
    """Check that an experiment may be trained into a folder, before anything is written.

    new_rate: a run that goes on may have other learning rates, decay and clipping.

    Raises:
        RequestError: the folder holds another configuration, or this run already and `resume` was not asked for, or
            other files, or it is below something that cannot be written to.
    """
    if run.has_config:
        _check_resumed(run, experiment, resume=resume, new_rate=new_rate)
    elif run.path.exists() and any(DRAFT not in path.name and path.name != LOCK for path in run.path.iterdir()):
        raise RequestError(f"{run.path} must be empty or hold a run, and holds other files; choose another --name")
    if experiment.name.startswith("."):
        raise RequestError(
            f"name ({experiment.name}) must not begin with a dot, for the pages leave out what is hidden"
        )
    there = next(folder for folder in (run.path, *run.path.parents) if folder.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise RequestError(f"--out: {run.path} must be writable, and {there} is not a folder that can be written to")


def _check_resumed(run: RunFolder, experiment: Experiment, *, resume: bool, new_rate: bool) -> None:
    before = run.config
    asked = as_begun(experiment, before)
    if run.begun is not None:  # what tells pictures that have moved from others is their digests: `check_pictures`
        asked = replace(asked, data=replace(asked.data, root=before.data.root))
    check_same(before, asked, run.path, new_rate=new_rate)
    if not resume:
        raise RequestError(f"{run.path} holds this run already: go on with --resume, or choose another --name or --out")


def check_same(before: Experiment, experiment: Experiment, path: Path, *, new_rate: bool = False) -> None:
    """Check that an experiment may go on with what was stored of another.

    before: the other, which is stored at `path`. new_rate: as `check_folder`.

    Raises:
        RequestError: they differ in what a resumed run may not change.
    """
    if new_rate:
        before = with_rates_of(before, experiment)
    changed = differences(_resumable(before), _resumable(experiment))
    if changed:
        name, (old, new) = next(iter(changed.items()))
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        rates = differences(_resumable(with_rates_of(before, experiment)), _resumable(experiment)) == {}
        advice = ", or --new-rate to go on with it" if rates else ""
        raise RequestError(
            f"{path} holds another configuration: {name} is {old!r} there and {new!r} here{more}; "
            f"choose another --name or --out{advice}"
        )


def with_rates_of(before: Experiment, experiment: Experiment) -> Experiment:
    """An experiment with what another says of learning rates, decay and clipping."""
    new = experiment.optimizer
    optimizer = replace(before.optimizer, lr=new.lr, d_lr=new.d_lr, decay=new.decay, clip=new.clip)
    return replace(before, optimizer=optimizer)


def as_begun(experiment: Experiment, before: Experiment) -> Experiment:
    """An experiment whose `data.split=auto` is what it came to in a run that there is, or what came before it."""
    if experiment.data.split != "auto":
        return experiment
    return replace(experiment, data=replace(experiment.data, split=before.data.split))


def check_pictures(run: RunFolder, experiment: Experiment, data: Mapping[str, Any], share: float = 0.5) -> None:
    """Check that pictures that lie elsewhere than a run found them are those that it began with.

    Args:
        run: the run that goes on.
        experiment: with the folder that they lie in now.
        data: what that folder holds (`gan.data.folder.summary`).
        share: how many of them must be there.

    Raises:
        RequestError: fewer are.
    """
    before, begun = run.config.data.root, run.begun
    if before == experiment.data.root or begun is None:
        return
    total = sum(map(len, begun.values()))
    gone, new = apart(begun, data)
    if total - gone < share * total or (share == 1 and new):
        others = f" and {new} others" if new else ""
        raise RequestError(
            f"data.root ({experiment.data.root}) must hold the pictures that {run.path} began with, in {before}, and "
            f"has {total - gone} of {total}{others}; choose another --name or --out"
        )


def _resumable(experiment: Experiment) -> Experiment:
    """The experiment without what a resumed run may change: steps, workers, cache, logging, and the device."""
    default = Experiment()
    data = replace(experiment.data, workers=default.data.workers, cache_gb=default.data.cache_gb)
    return replace(experiment, steps=1, epochs=None, device="auto", data=data, logging=default.logging)
