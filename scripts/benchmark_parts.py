"""What happens beside the steps: hints, the flood, evaluation, colouring, checkpoints, what is written down."""

import io
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import torch
from benchmark_table import Table
from PIL import Image

from gan import seeds
from gan.colorize.colorizer import Colorizer
from gan.config import Experiment, HintKind, Hints, Logging, to_dict
from gan.config.file import load
from gan.data import sources
from gan.data.batch import Batch
from gan.data.loader import training_batches
from gan.evaluation.score import load_lpips
from gan.hints.areas import flood_hints
from gan.hints.laws import View
from gan.hints.simulate import draw, simulate
from gan.runs import wandb_mirror
from gan.runs.folder import RunFolder
from gan.runs.mirror import Identity
from gan.training import checkpoint
from gan.training.state import TrainState, create_state
from gan.training.step import train_step
from gan.training.validation import prepare

CPU = torch.device("cpu")
EXPERIMENTS = Path(__file__).parent.parent / "experiments"


def milliseconds(action: Callable[[], object], repetitions: int) -> float:
    """Median time of an action, after one that is not counted."""
    times = []
    for _ in range(repetitions + 1):
        started = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times[1:])


def _ready(name: str) -> tuple[Experiment, TrainState, Batch]:
    experiment = load(EXPERIMENTS / f"{name}.py")
    batch = next(training_batches(sources.load(experiment).sides["train"], experiment, 0, 1))
    return experiment, create_state(experiment, CPU), batch


def simulators() -> Table:
    """Each hint simulator beside a training step of `l1_hints`, and the flood beside one of `l1_lines`."""
    experiment, state, batch = _ready("l1_hints")
    step = milliseconds(lambda: train_step(state, batch, experiment), 20)
    size = experiment.data.size_text
    table = Table(f"hints of {len(batch)} pictures of {size} px", ("simulator", "ms", "ratio of a training step"))
    assert batch.regions is not None
    view = View(batch.line.numpy(), batch.color.numpy(), batch.regions.numpy())
    for kind in get_args(HintKind):
        if kind != "none":
            spent = milliseconds(lambda kind=kind: _hints(Hints(kind=kind), view, len(batch)), 50)
            table.add(kind, (spent, spent / step))
    experiment, state, flooded = _ready("l1_lines")
    step = milliseconds(lambda: train_step(state, flooded, experiment), 20)
    spent = milliseconds(lambda: flood_hints(flooded.hint, flooded.areas), 50)
    table.add("flooded to the lines (of a step of l1_lines)", (spent, spent / step))
    return table


def _hints(hints: Hints, view: View, number: int) -> torch.Tensor:
    """What training does: a generator and a draw a picture, then the batch at once."""
    draws = [draw(hints, seeds.rng(0, "hints", 0, index), 3) for index in range(number)]
    return simulate(hints, draws, view)


def everyday() -> Table:
    """An evaluation of `l1`, a checkpoint, a line of numbers, and a call of the tracker with and without pictures."""
    table = Table("beside the steps", ("what", "ms"))
    experiment, state, _ = _ready("l1")
    validation = prepare(sources.load(experiment), experiment, load_lpips(CPU), CPU)
    name = f"evaluation on {len(validation.pictures)} pictures{'' if validation.lpips else ', without LPIPS'}"
    table.add(name, (milliseconds(lambda: validation.measure(state, whole=False), 2),))
    table.add("the sample grids", (milliseconds(lambda: validation.draw(state.generator), 5),))
    values = {f"val/{name}": 0.5 for name in map(str, range(60))}
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder(Path(folder))
        table.add("checkpoint", (milliseconds(lambda: checkpoint.save(run.last, state, experiment, None), 5),))
        table.add("line of 60 numbers in metrics.jsonl", (milliseconds(lambda: run.append(1, values), 20),))
        grids, steps = validation.draw(state.generator), iter(range(1, 1000))
        how = Identity("benchmark", "benchmark", "benchmark", "benchmark")
        mirror = wandb_mirror.start(run.path, Logging(wandb="offline"), to_dict(experiment), how)
        for what, pictures in (("60 numbers", {}), ("60 numbers and two grids", grids)):
            spent = milliseconds(lambda pictures=pictures: mirror.log(next(steps), values, pictures), 20)
            table.add(f"tracking call (W&B offline), {what}", (spent,))
        mirror.finish(0)
    return table


def drawing(size: int) -> np.ndarray:
    """A square drawing of rings and lines, (size, size)."""
    page = np.full((size, size), 255, np.uint8)
    for part in range(2, 9):
        cv2.circle(page, (size // 2, size // 2), size * part // 20, 0, 3, cv2.LINE_AA)
        cv2.line(page, (0, size * part // 10), (size, size - size * part // 10), 0, 3, cv2.LINE_AA)
    return page


def coloring(run: Path | None) -> Table:
    """A drawing from and to PNG, after loading, at several sizes."""
    experiment = Experiment()
    colorizer = (
        Colorizer.load(run) if run else Colorizer(create_state(experiment, CPU).generator.eval(), experiment, CPU)
    )
    headings = ("drawing", "read", "colour", "write", "together")
    table = Table(
        f"gan colorize with a network of {colorizer.experiment.data.size_text} px, after loading, ms", headings
    )
    for size in (256, 512, 1024):
        page = drawing(size)
        stored = io.BytesIO()
        Image.fromarray(page).save(stored, format="PNG")
        colored = colorizer.color(page)
        times = [
            milliseconds(lambda stored=stored: np.array(Image.open(io.BytesIO(stored.getvalue()))), 10),
            milliseconds(lambda page=page: colorizer.color(page), 10),
            milliseconds(lambda colored=colored: Image.fromarray(colored).save(io.BytesIO(), format="PNG"), 10),
        ]
        table.add(f"{size} px", (*times, sum(times)))
    return table
