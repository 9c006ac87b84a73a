"""Pictures a second by source and line extractor, and what evaluation, a checkpoint and a log line take."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import torch
from PIL import Image

from gan.config import Data, Experiment, Line
from gan.data import sources
from gan.data.batch import collate
from gan.data.fixed import Scored
from gan.data.loader import TrainingStream
from gan.evaluation.score import Score
from gan.runs.folder import RunFolder
from gan.training import checkpoint
from gan.training.step import create_state, train_step

CPU = torch.device("cpu")
PICTURES, SIDE = 60, 256
"""Of the folder that is measured, which is made here."""
SECONDS = 0.5
"""Of each measurement."""


def data_rates() -> dict[str, float]:
    """Pictures a second in one process, and under `ratio_waiting ...` the share of a step that they would take."""
    rates: dict[str, float] = {}
    experiment = Experiment(name="rates")
    rates["avatars"] = _rate(experiment)
    with tempfile.TemporaryDirectory() as folder:
        _write_pictures(Path(folder))
        for line in get_args(Line):
            if line != "given":
                data = Data(source="folder", root=folder, line=line)
                rates[f"folder, {line}"] = _rate(replace(experiment, data=data))
    step = _step_seconds(experiment)
    waiting = {f"ratio_waiting {name}": experiment.batch_size / rate / step for name, rate in rates.items()}
    return rates | waiting


def _write_pictures(folder: Path) -> None:
    """Smooth random pictures, as JPEG."""
    rng = np.random.default_rng(0)
    for number in range(PICTURES):
        coarse = Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=np.uint8))
        coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(folder / f"{number}.jpg", quality=90)


def _rate(experiment: Experiment) -> float:
    pictures = sources.load(experiment).sides["train"]
    stream, done = TrainingStream(pictures, 0, experiment.hints), 0
    collate(experiment.hints, [stream[0]])  # imports what it needs
    started = time.perf_counter()
    while (spent := time.perf_counter() - started) < SECONDS:
        collate(experiment.hints, [stream[done + index] for index in range(experiment.batch_size)])
        done += experiment.batch_size
    return done / spent


def _step_seconds(experiment: Experiment) -> float:
    stream = TrainingStream(sources.load(experiment).sides["train"], 0, experiment.hints)
    batch = collate(experiment.hints, [stream[index] for index in range(experiment.batch_size)])
    state = create_state(experiment, CPU)
    times = []
    for _ in range(8):
        started = time.perf_counter()
        train_step(state, batch, experiment)
        times.append(time.perf_counter() - started)
    return float(np.median(times[2:]))


def everyday() -> dict[str, float]:
    """Milliseconds of what happens beside the steps."""
    experiment = Experiment(name="everyday")
    state = create_state(experiment, CPU)
    stream = TrainingStream(sources.load(experiment).sides["val"], 0, experiment.hints)
    batch = collate(experiment.hints, [stream[index] for index in range(32)])
    values = {f"val/{name}": 0.5 for name in map(str, range(60))}
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder))
        return {
            "score of 32 pictures, without LPIPS": _milliseconds(
                lambda: Score(None).update(batch.color, Scored(batch, {}, batch.hint))
            ),
            "checkpoint": _milliseconds(lambda: checkpoint.save(run.last, state, experiment, None)),
            "line of 60 numbers in metrics.jsonl": _milliseconds(lambda: run.append(1, values)),
        }


def _milliseconds(action: Callable[[], object]) -> float:
    times = []
    for _ in range(6):
        started = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times[1:]))
