"""A run from its experiment to its end: what is checked, loaded and opened around `gan.training.trainer`."""

import logging
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from gan.config import Experiment, to_dict
from gan.data import sources
from gan.data.loader import Pictures
from gan.data.originals import Originals
from gan.data.sources import DataSet
from gan.errors import RequestError
from gan.evaluation.score import load_lpips
from gan.log import console
from gan.models.classifier import Classifier
from gan.runs.folder import RunFolder, reserved
from gan.runs.going_on import as_begun, check_folder, check_pictures
from gan.runs.mirror import Identity, Mirror
from gan.runs.wandb_mirror import start
from gan.training import checkpoint
from gan.training.checkpoint import Best
from gan.training.classification import rebalance
from gan.training.failure import logged, told
from gan.training.interrupt import stop_requested
from gan.training.origin import begin_with
from gan.training.pending import Pending
from gan.training.progress import display
from gan.training.ranks import SOLE, Ranks
from gan.training.state import TrainState, create_state, learning_rate_scale
from gan.training.trainer import Trainer
from gan.training.validation import prepare

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How training ended."""

    run: RunFolder
    step: int
    signal: int | None
    """The signal that stopped it, or None where it ran to its end."""


def train(
    experiment: Experiment,
    out: Path,
    *,
    resume: bool,
    new_rate: bool = False,
    origin: Path | None = None,
    group: str | None = None,
    ranks: Ranks = SOLE,
) -> Outcome:
    """Train an experiment into its run folder.

    Args:
        experiment: what to train.
        out: the folder of runs.
        resume: go on from the last checkpoint, or start afresh where there is none.
        new_rate: a run that goes on may have other learning rates, decay and clipping than it had.
        origin: the folder of another run, with whose weights this one begins; None: with those of its seed.
        group: the study that the run is an arm of; None: it stands alone.
        ranks: the processes that train it together, of which this is one.

    Raises:
        RequestError: the data, the device or the folder cannot be used, and nothing was written; or a picture can no
            longer be read.
        TrainingFailed: a loss is not finite, or there is no room left.
        Lost: another rank has ended.
    """
    device = ranks.device(experiment.device)
    ranks.check(experiment, device)
    run = RunFolder(out / experiment.name / f"seed-{experiment.seed}")
    check = partial(check_folder, run, experiment, resume=resume, new_rate=new_rate)
    data = ranks.in_turn(lambda: _checked_data(run, experiment, check))
    experiment = replace(experiment, data=replace(experiment.data, split=data.split))
    with console.status("preparing the networks"):
        state = create_state(experiment, device, ranks)
    begun_with = None if origin is None else _begin_with(state, origin, run)
    with ExitStack() as held:
        ranks.in_turn(lambda: _reserve(run, held, check) if ranks.leads else None)
        first = First(origin=begun_with)
        if run.last.exists():
            first = First(*checkpoint.restore(run.last, state, experiment, new_rate=new_rate))
        ranks.require_same(state.step, f"--out must be one folder for every rank, and {run.last} one step")
        return _train_into(run, data, experiment, state, first, group=group)


def _checked_data(run: RunFolder, experiment: Experiment, check: Callable[[], None]) -> DataSet:
    check()
    if not run.has_config:
        return sources.load(experiment, patient=True)
    data = sources.load(as_begun(experiment, run.config), run.begun, patient=True)
    check_pictures(run, experiment, data.summary)
    return data


def _reserve(run: RunFolder, held: ExitStack, check: Callable[[], None]) -> None:
    held.enter_context(reserved(run))
    check()  # again, as another may have left it meanwhile


@dataclass(frozen=True)
class First:
    """What a stretch of training begins with, besides the state. origin: what is written down of another run whose
    weights it has."""

    best: Best | None = None
    pending: Pending = field(default_factory=Pending)
    origin: dict[str, Any] | None = None


def _begin_with(state: TrainState, origin: Path, run: RunFolder) -> dict[str, Any] | None:
    """Another run's weights, unless this one goes on from its own."""
    if run.last.exists():
        logger.warning("--from (%s) is not used: the run goes on from its own checkpoint", origin)
        return None
    return begin_with(state, origin)


def _train_into(
    run: RunFolder, data: DataSet, experiment: Experiment, state: TrainState, first: First, *, group: str | None
) -> Outcome:
    ranks, device = state.ranks, next(state.generator.parameters()).device
    pictures = data.sides["train"]
    ranks.require_same(_digest(pictures), "data.root must hold the same pictures for every rank")
    total = experiment.total_steps(len(pictures))
    if state.step > total:
        raise RequestError(f"steps ({total}) must be at least {state.step}, where {run.last} left off")
    if state.step == total and not first.pending.steps:
        logger.info("%s: nothing to do, all %d steps are done", run.path, total)
        return Outcome(run, total, None)
    with console.status("preparing the metrics"):
        validation = prepare(data, experiment, load_lpips(device) if ranks.leads else None, device)
    data = ranks.in_turn(lambda: sources.with_decoded(data, experiment))
    if isinstance(state.generator, Classifier) and state.step == 0:
        with console.status("counting colours"):
            rebalance(state.generator, data.sides["train"], experiment.seed)
    notes = data.notes
    if ranks.leads:
        if state.step:
            notes = notes + _changed_rate(run.config, experiment, len(pictures), state.step)
        notes = notes + run.begin(
            *(experiment, data.summary, state.step, state.precision, ranks.count),
            pending=first.pending.steps,
            origin=first.origin,
        )
    originals = Originals(Path(data.summary.get("root", "")), data.files if ranks.leads else {})
    with stop_requested() as stopped, logged(run if ranks.leads else None) as say, told(run):
        for note in notes:
            logger.info(note)
        where = str(device) if ranks.count == 1 else f"{ranks.count} ranks, the first on {device}"
        logger.info("%s: steps %d to %d on %s, %d training pictures", run.path, state.step, total, where, len(pictures))
        mirror = Mirror()
        if ranks.leads:
            mirror = _mirror(run, experiment, group)
        first_best, pending = first.best, first.pending
        trainer = Trainer(experiment, run, state, validation, mirror, total, first_best, pending, originals, stopped)
        if trainer.best_metric != experiment.evaluation.best:
            logger.warning("best.pt is chosen by %s: %s is absent", trainer.best_metric, experiment.evaluation.best)
        try:
            with display(state.step, total) as shown:
                signal = trainer.run_steps(data, shown)
        except BaseException:
            trainer.save_what_is_whole()
            mirror.finish(1)
            raise
        if signal is None and experiment.logging.artifact != "none":
            _keep_checkpoint(run, experiment, trainer)
        mirror.finish(0 if signal is None else 128 + signal)
        say("done" if signal is None else f"stopped by signal {signal} at step {state.step}; go on with --resume")
    return Outcome(run, state.step, signal)


def _changed_rate(before: Experiment, experiment: Experiment, pictures: int, step: int) -> list[str]:
    """What a person should know who resumes a run with other steps, or another rate: the rate leaps."""
    old, new = (
        each.optimizer.lr * learning_rate_scale(step, each.total_steps(pictures), each.optimizer.decay)
        for each in (before, experiment)
    )
    if old == new:
        return []
    steps, other = (each.total_steps(pictures) for each in (before, experiment))
    falls = f"it falls over the last steps of {other}, where it fell over those of {steps}"
    why = falls if steps != other else "as --new-rate allows"
    return [f"the learning rate is now {new:.3g}, and not {old:.3g}: {why}"]


def _digest(pictures: Pictures) -> str:
    """How many pictures there are, and which, in their order."""
    keys = "\n".join(pictures.key(index) for index in range(len(pictures)))
    return f"{len(pictures)} ({zlib.crc32(keys.encode()):08x})"


def _mirror(run: RunFolder, experiment: Experiment, group: str | None) -> Mirror:
    """The mirror of a run that begins or goes on, with the code that it is made with."""
    identity = Identity.of(run.run_id, experiment, group)
    mirror = start(run.path, experiment.logging, to_dict(experiment) | run.code, identity, run.rows())
    if run.code_diff.exists():
        mirror.code(run.code_diff)
    return mirror


def _keep_checkpoint(run: RunFolder, experiment: Experiment, trainer: Trainer) -> None:
    """Hand the mirror the checkpoint that `logging.artifact` names."""
    which, best = experiment.logging.artifact, trainer.best
    step = best.step if which == "best" and best is not None else trainer.state.step
    trainer.mirror.artifact(run.best if which == "best" else run.last, [which], {"step": step, "name": experiment.name})
