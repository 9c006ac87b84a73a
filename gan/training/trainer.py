"""The loop around the training step: when to log, evaluate, save and stop."""

import logging
import math
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress

from gan.arrays import Pixels
from gan.config import Experiment
from gan.data.batch import Batch
from gan.data.loader import training_batches
from gan.data.originals import Originals, describe
from gan.data.sources import DataSet
from gan.evaluation import curve as hint_curve
from gan.evaluation.curve import Closed, Curve
from gan.metrics.catalog import METRICS
from gan.runs.folder import RunFolder
from gan.runs.mirror import Mirror
from gan.runs.weights import not_finite
from gan.training import checkpoint
from gan.training.checkpoint import Best
from gan.training.failure import TrainingFailed
from gan.training.health import Watch
from gan.training.interrupt import Interrupted, Stop
from gan.training.pending import Losses, Pending
from gan.training.progress import Display
from gan.training.ranks import SOLE, Ranks
from gan.training.state import TrainState, learning_rate_scale, set_learning_rate
from gan.training.step import train_step
from gan.training.usage import Usage
from gan.training.validation import GRIDS, Validation

logger = logging.getLogger(__name__)
SAVE = 1
"""What ranks agree on where a checkpoint is due: below the number of every signal that stops them."""


class Trainer:
    """Trains from the state it is given to `total` steps or a signal."""

    def __init__(
        self,
        experiment: Experiment,
        run: RunFolder,
        state: TrainState,
        validation: Validation,
        mirror: Mirror,
        total: int,
        best: Best | None,
        pending: Pending,
        originals: Originals,
        stopped: Stop,
    ) -> None:
        self.experiment, self.run, self.state, self.total = experiment, run, state, total
        self.validation, self.mirror, self.best = validation, mirror, best
        self.originals, self.stopped = originals, stopped
        self.losses = Losses(state.step, pending, validation.device)
        self.watch, self.usage = Watch(experiment, total), Usage(validation.device)
        self.saved, self.saved_at = state.step, time.monotonic()
        self.whole = True
        """Whether no step is half done."""
        asked = experiment.evaluation.best
        self.best_metric = "mae" if asked == "lpips" and validation.lpips is None else asked

    def run_steps(self, data: DataSet, shown: Display) -> int | None:
        """Train; returns the signal that one of the ranks has received, or None."""
        state = self.state
        with suppress(Interrupted):
            self._run_steps(data, shown)
        if self.saved != state.step:
            self._save()
        return state.ranks.agree(self.stopped())

    def _run_steps(self, data: DataSet, shown: Display) -> None:
        state = self.state
        self._record_if_due(shown)  # what an error or a signal kept from being written when the run was last trained
        for batch in self._batches(data):
            asked = state.ranks.agree(self.stopped() or (SAVE if self._is_save_due() else None))
            if asked == SAVE:
                self._save()
            elif asked:
                break
            self._step(batch)
            shown.step(state.step)
            self._record_if_due(shown)

    def _is_save_due(self) -> bool:
        minutes = self.experiment.logging.checkpoint_minutes
        return 0 < 60 * minutes <= time.monotonic() - self.saved_at and self.saved != self.state.step

    def _record_if_due(self, shown: Display) -> None:
        """Where a line is due and not written yet: show and write it, and all else of an evaluation where one is."""
        state, evaluate_every = self.state, self.experiment.evaluation.every or math.ceil(self.total / 10)
        evaluating = state.step % evaluate_every == 0 or state.step == self.total
        if not self.losses.terms or not (evaluating or state.step % self.experiment.logging.every == 0):
            return
        values = self._values()
        if state.ranks.leads:
            self._record(values, shown, evaluating=evaluating)
        self.losses.written()
        if evaluating:
            self._save()

    def _record(self, values: dict[str, float], shown: Display, *, evaluating: bool) -> None:
        shown.losses(values)
        if not evaluating:
            self._write(values, {})
            return
        with self.stopped.at_once() if self.state.ranks.count == 1 else nullcontext():
            curve, rivals = self._evaluate(values)
        shown.evaluated(self.state.step, values)
        for alarm in self.watch.look(self.state.step, values, self.state.generator):
            logger.warning("step %d: %s", self.state.step, alarm)
        if replaced := self.originals.replaced():
            logger.warning("step %d: %s", self.state.step, describe(replaced))
        pictures = self._draw(curve, rivals)
        self._keep_curve(curve, rivals)
        self._write(values, pictures)

    def _batches(self, data: DataSet) -> Iterator[Batch]:
        try:
            yield from training_batches(
                data.sides["train"],
                self.experiment,
                self.state.step,
                self.total,
                rank=self.state.ranks.rank,
                ranks=self.state.ranks.count,
            )
        except ChildProcessError:  # workers that the same signal has ended
            if self.stopped() is None or self.state.ranks.count > 1:
                raise

    def _save(self, ranks: Ranks | None = None) -> None:
        """Write last.pt, unless the weights are broken: then the last good ones stay.

        ranks: those that take part, where not all of the run's do.
        """
        state, pending = self.state, self.losses.pending(ranks or self.state.ranks)
        networks = {"generator": state.generator, "discriminator": state.discriminator, "average": state.average}
        for name, network in networks.items():
            if network is not None and (weight := not_finite(network)):
                raise TrainingFailed(f"{name}.{weight} is not finite at step {state.step}; lower optimizer.lr")
        if state.ranks.leads:
            self.run.sync()
            checkpoint.save(self.run.last, state, self.experiment, self.best, pending=pending)
        self.saved, self.saved_at = state.step, time.monotonic()

    def save_what_is_whole(self) -> None:
        """Write last.pt before an error ends the run, but for half a step, broken weights, and where it cannot be."""
        if self.state.ranks.leads and self.whole and self.saved != self.state.step:
            with suppress(TrainingFailed, OSError):
                self._save(SOLE)  # the others have ended, or will not come
                logger.info("saved step %d", self.saved)

    def _step(self, batch: Batch) -> None:
        optimizer = self.experiment.optimizer
        scale = learning_rate_scale(self.state.step, self.total, optimizer.decay)
        set_learning_rate(self.state.g_optimizer, optimizer.lr * scale)
        if self.state.d_optimizer is not None:
            set_learning_rate(self.state.d_optimizer, (optimizer.d_lr or optimizer.lr) * scale)
        self.whole = False
        terms = train_step(self.state, batch.to(self.validation.device), self.experiment)
        self.losses.terms.append(terms)
        self.whole = True

    def _values(self) -> dict[str, float]:
        """The next line of metrics.jsonl, as far as training goes."""
        pending = self.losses.pending(self.state.ranks)
        values = {name: float(column.mean()) for name, column in pending.losses.items()}
        values["train/lr"] = self.state.g_optimizer.param_groups[0]["lr"]
        values["train/steps_per_second"] = len(self.losses.terms) / pending.seconds
        return values | self.usage.values()

    def _evaluate(self, values: dict[str, float]) -> tuple[Curve, Closed]:
        """Add what is measured to `values`, keep the best checkpoint, and return the curves over the number of hints.

        The second is that of the rival, which is measured at the last step.
        """
        last = self.state.step == self.total
        kept = self.validation.keeping() if last else {}
        measured, curve, rivals = self.validation.measure(self.state, whole=last, kept=kept)
        for pictures in kept.values():
            pictures.save(self.run, "val", split="val", step=self.state.step)
        values |= measured
        name = self.validation.chosen_by(self.best_metric)
        value = values.get(name)
        if value is None:  # what is not finite is left out
            raise TrainingFailed(f"{name} is not finite at step {self.state.step}; lower optimizer.lr")
        sign = 1 if METRICS[self.best_metric].better == "lower" else -1
        same = self.best is not None and self.best.metric == self.best_metric
        if self.best is None or not same or sign * value < sign * self.best.value:
            best = Best(self.best_metric, value, self.state.step)
            checkpoint.save(self.run.best, self.state, self.experiment, best, resumable=False)
            self.best = best
        return curve, rivals

    def _is_whole(self, curve: Curve) -> bool:
        """Whether a curve is at every number of hints, and there are several: that of the last step."""
        return self.state.step == self.total and len(curve) > 1

    def _keep_curve(self, curve: Curve, rivals: Closed) -> None:
        """Write the curve over the number of hints into the folder."""
        if self._is_whole(curve):
            title = (
                f"{self.experiment.name}, step {self.state.step}, {len(self.validation.pictures)} validation pictures"
            )
            hint_curve.save(self.run, "val", curve, rivals, title)

    def _draw(self, curve: Curve, rivals: Closed) -> dict[str, Pixels]:
        """Save the grids, and hand the mirror the same pictures and the curve."""
        pictures = self.validation.draw(self.state.generator)
        for name, picture in pictures.items():
            self.run.save_picture(f"{self.state.step:06d}{GRIDS[name]}", picture)
        if self._is_whole(curve):
            self.mirror.curve("hints", hint_curve.COLUMNS, hint_curve.rows(curve, rivals), hint_curve.LINES)
        self.mirror.table("samples/table", *self.validation.table(self.state.generator))
        if self.best is not None:
            chosen = self.validation.chosen_by(self.best.metric)
            self.mirror.summarise(
                {"checkpoint/best_step": self.best.step, "checkpoint/best_value": self.best.value}
                | {"checkpoint/best_metric": chosen}
            )
        return pictures

    def _write(self, values: dict[str, float], pictures: dict[str, Pixels]) -> None:
        self.run.append(self.state.step, values)
        self.mirror.log(self.state.step, values, pictures)
