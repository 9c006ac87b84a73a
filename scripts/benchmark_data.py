"""Pictures a second by source, extractor and number of workers, and the share of a training that waits for them."""

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import torch
from benchmark_table import Table
from PIL import Image

from gan.config import Augment, Data, Experiment, Line
from gan.config.file import load
from gan.data import sources
from gan.data.batch import Batch
from gan.data.loader import Pictures, training_batches
from gan.training.state import create_state
from gan.training.step import train_step

PICTURES, SIDE = 600, 256
"""Of the folder that is measured, which is made here."""
EXPERIMENTS = Path(__file__).parent.parent / "experiments"
ENDLESS = 1_000_000


def every_rate(device: torch.device, *, quick: bool) -> list[Table]:
    """All of it; with a cache of decoded pictures that goes with the measurement."""
    with tempfile.TemporaryDirectory() as folder:
        _write_pictures(Path(folder))
        files = Experiment(
            name="files",
            data=Data(source="folder", root=folder, line="canny"),
            augment=Augment(flip=0.5, crop=0.125),
        )
        return [extractors(files), workers(files, quick=quick), waiting(files, device, quick=quick)]


def _write_pictures(folder: Path) -> None:
    """Smooth random pictures, as JPEG."""
    rng = np.random.default_rng(0)
    for number in range(PICTURES):
        coarse = Image.fromarray(rng.integers(0, 256, (12, 12, 3), dtype=np.uint8))
        coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC).save(folder / f"{number}.jpg", quality=90)


def _train_side(experiment: Experiment, *, decoded: bool = False) -> Pictures:
    data = sources.load(experiment)
    return (sources.with_decoded(data, experiment) if decoded else data).sides["train"]


def _batches(pictures: Pictures, experiment: Experiment, workers: int) -> Iterator[Batch]:
    """Batches without an end, after the first, which waits for the workers to start."""
    chosen = replace(experiment, data=replace(experiment.data, workers=workers))
    batches = training_batches(pictures, chosen, 0, ENDLESS)
    next(batches)
    return batches


def rate(pictures: Pictures, experiment: Experiment, workers: int, seconds: float) -> float:
    """Pictures a second that reach a training that does nothing else."""
    batches, done = _batches(pictures, experiment, workers), 0
    for _ in range(2 * workers):  # those that were prepared meanwhile
        next(batches)
    started = time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        done += len(next(batches))
    return done / spent


def extractors(files: Experiment) -> Table:
    """In one process, from the files and out of the cache."""
    table = Table(
        f"pictures a second at {files.data.size_text} px, one process", ("source", "from files", "from the cache")
    )
    avatars = load(EXPERIMENTS / "l1.py")
    table.add("avatars", ("", rate(_train_side(avatars), avatars, 0, 0.5)))
    for line in get_args(Line):
        if line != "given":
            experiment = replace(files, data=replace(files.data, line=line))
            rates = (rate(_train_side(experiment, decoded=kept), experiment, 0, 0.5) for kept in (False, True))
            table.add(f"JPEG files of {SIDE} px, {line}", tuple(rates))
    return table


def workers(files: Experiment, *, quick: bool) -> Table:
    """With 1 to N processes that prepare pictures."""
    most = 1 if quick else min(os.cpu_count() or 1, 8)
    counts = range(1, most + 1)
    table = Table("pictures a second by number of worker processes", ("source", *map(str, counts)))
    avatars = load(EXPERIMENTS / "l1.py")
    for name, experiment, decoded in (
        ("avatars", avatars, False),
        (f"JPEG files of {SIDE} px, canny", files, False),
        ("the same out of the cache", files, True),
    ):
        pictures = _train_side(experiment, decoded=decoded)
        table.add(name, tuple(rate(pictures, experiment, count, 1.0) for count in counts))
    return table


def waiting(files: Experiment, device: torch.device, *, quick: bool) -> Table:
    """The share of training's time in which a step waits for its pictures, with the workers of `data.workers=auto`."""
    table = Table("a step waiting for its pictures", ("training", "ratio of its time"))
    settings = {name: (load(EXPERIMENTS / f"{name}.py"), False) for name in ("l1", "l1_lines")}
    settings |= {"files, from the cache": (files, True), "files": (files, False)}
    for name, (experiment, decoded) in settings.items():
        table.add(name, (_waited(_train_side(experiment, decoded=decoded), experiment, device, 10 if quick else 40),))
    return table


def _waited(pictures: Pictures, experiment: Experiment, device: torch.device, steps: int) -> float:
    state, waited = create_state(experiment, device), 0.0
    batches = training_batches(pictures, experiment, 0, ENDLESS)
    for number in range(steps + 4):
        if number == 4:  # the workers have started, and every kernel has run
            started, waited = time.perf_counter(), 0.0
        asked = time.perf_counter()
        batch = next(batches)
        waited += time.perf_counter() - asked
        train_step(state, batch.to(device), experiment)
        if device.type == "cuda":
            torch.cuda.synchronize()
    return waited / (time.perf_counter() - started)
