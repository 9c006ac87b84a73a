"""How long the runs of a study will take here, by what the same networks took, or by doing a few steps of each."""

import os
import statistics
import time
from collections.abc import Sequence
from itertools import pairwise

from gan.config import Experiment
from gan.study.runs import StudyRun, read_result

TIMED_STEPS = 4
"""Steps that are timed, after one that is not."""


def seconds_to_go(runs: Sequence[StudyRun], at_once: int) -> dict[StudyRun, float]:
    """Seconds of each run that is not done, evaluations included.

    A run takes as long as the median of its cell's runs that are done. Where none is, the training step and the
    evaluation of a batch are timed on random pictures, with the threads that a run would have.
    """
    todo = [run for run in runs if run.state != "done"]
    known: dict[str, list[float]] = {}
    for run in runs:
        result = read_result(run)
        if result is not None:
            known.setdefault(run.experiment.name, []).append(result.seconds)
    timed: dict[tuple[object, ...], tuple[float, float]] = {}
    expected = {}
    for run in todo:
        name, experiment = run.experiment.name, run.experiment
        if name in known:
            expected[run] = statistics.median(known[name])
            continue
        shape = (experiment.data.size, experiment.batch_size, experiment.generator, experiment.discriminator)
        key = (*shape, experiment.adversarial.game, experiment.device)
        if key not in timed:
            timed[key] = _time(experiment, at_once)
        expected[run] = _total(experiment, *timed[key])
    return expected


def _total(experiment: Experiment, step: float, evaluation: float) -> float:
    """Steps, evaluations on the way and the test; `evaluation`: seconds of EVALUATION_BATCH pictures."""
    from gan.data import sources
    from gan.data.fixed import EVALUATION_BATCH
    from gan.evaluation.hinted import counts_of

    # only epochs need to know the pictures, which may have to be read for it
    pictures = 0 if experiment.epochs is None else len(sources.load(experiment).sides["train"])
    steps = experiment.total_steps(pictures)
    often = steps / (experiment.evaluation.every or max(1, steps / 10))
    counts = len(counts_of(experiment))
    batches = experiment.evaluation.pictures / EVALUATION_BATCH
    return step * steps + evaluation * batches * (often * min(2, counts) + 3 * counts)


def _time(experiment: Experiment, at_once: int) -> tuple[float, float]:
    """Seconds of a training step, and of an evaluation batch without LPIPS."""
    import torch

    from gan.data.batch import Batch
    from gan.data.fixed import EVALUATION_BATCH, Scored
    from gan.evaluation.score import Score, evaluation_mode
    from gan.runs.environment import pick_device
    from gan.training.state import create_state
    from gan.training.step import train_step

    def batch(count: int) -> Batch:
        shape = experiment.data.shape
        line, color = (torch.rand(count, channels, *shape) * 2 - 1 for channels in (1, 3))
        hint = torch.zeros(count, 4, *shape)
        hint[:, :, :5, :5] = 1  # a dab: with a colour of its own, each pixel would be a hint of its own
        noise = torch.zeros(count, experiment.generator.numbers) if experiment.generator.noise else None
        flood = None if experiment.hints.flood == "none" else torch.zeros(count, 4, *shape)
        return Batch(line, hint, color, None, flood, noise=noise)

    device, threads = pick_device(experiment.device), torch.get_num_threads()
    torch.set_num_threads(max(1, (os.cpu_count() or 1) // at_once))
    try:
        state, drawn = create_state(experiment, device), batch(experiment.batch_size).to(device)
        clocks = []
        for _ in range(1 + TIMED_STEPS):
            terms = train_step(state, drawn, experiment)
            float(terms["G/reconstruction"])  # waits for the device
            clocks.append(time.monotonic())
        step = min(after - before for before, after in pairwise(clocks))  # the least disturbed by other work
        scored = Scored(batch(EVALUATION_BATCH), {}, torch.zeros(1)).to(device)
        with evaluation_mode(state.generator):
            Score(None).update(state.generator(*scored.batch.given), scored)
        return step, time.monotonic() - clocks[-1]
    finally:
        torch.set_num_threads(threads)
