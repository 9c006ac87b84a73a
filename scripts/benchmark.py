"""How fast this machine trains and colours, as ratios of what is measured in the same run.

Run:  python scripts/benchmark.py [--quick] [--json] [--run RUN]

The step at pix2pix's size and at the study's, beside the plain recipe (scripts/plain_recipe.py), interleaved, and as a
share of a large matrix product's rate; pictures a second by source and line extractor, and the share of a step that
waits for them; hint simulators and the flood as shares of a step; what evaluation, a checkpoint and colouring take;
peak memory. --quick ends within about a minute. Keys of ratios begin with `ratio`, in JSON.
"""

import argparse
import io
import json
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import torch
from benchmark_data import data_rates, everyday
from benchmark_step import Timed, every_step
from PIL import Image
from rich.console import Console
from rich.table import Table

from gan import seeds
from gan.colorize.colorizer import Colorizer
from gan.config import Experiment, HintKind, Hints
from gan.config.file import load
from gan.data import sources
from gan.data.batch import collate
from gan.data.loader import TrainingStream
from gan.hints.areas import flood_hints
from gan.hints.laws import View
from gan.hints.simulate import draw, simulate
from gan.runs.environment import pick_device
from gan.training.step import create_state, train_step

CPU = torch.device("cpu")
EXPERIMENTS = Path(__file__).parent.parent / "experiments"


def milliseconds(action: Callable[[], object], repetitions: int) -> float:
    """Median time of an action, after three that are not counted."""
    times = []
    for number in range(repetitions + 3):
        started = time.perf_counter()
        action()
        if number >= 3:
            times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def simulators() -> Table:
    """Each hint simulator, and the flood, beside a training step of `l1_hints`, for a batch of pictures each."""
    experiment = load(EXPERIMENTS / "l1_hints.py")
    pictures = sources.load(experiment).sides["train"]
    stream = TrainingStream(pictures, 0, experiment.hints)
    samples = [stream[index] for index in range(experiment.batch_size)]
    batch = collate(experiment.hints, samples)
    state = create_state(experiment, CPU)
    step = milliseconds(lambda: train_step(state, batch, experiment), 30)
    table = Table(title=f"hints of {len(batch)} pictures of {experiment.data.size} px; a training step: {step:.1f} ms")
    for heading in ("simulator", "ms", "share of a step"):
        table.add_column(heading, justify="left" if heading == "simulator" else "right")
    assert batch.regions is not None
    view = View(batch.line.numpy(), batch.color.numpy(), batch.regions.numpy())
    for kind in get_args(HintKind):
        if kind != "none":
            spent = milliseconds(lambda kind=kind: _hints(Hints(kind=kind), view, len(batch)), 100)
            table.add_row(kind, f"{spent:.2f}", f"{spent / step:.1%}")
    spent, of = _flood()
    table.add_row("flooded to the lines, of a step of l1_lines", f"{spent:.2f}", f"{spent / of:.1%}")
    return table


def _flood() -> tuple[float, float]:
    """Milliseconds of the flood of a batch of `l1_lines`, and of a step with it."""
    experiment = load(EXPERIMENTS / "l1_lines.py")
    stream = TrainingStream(sources.load(experiment).sides["train"], 0, experiment.hints)
    batch = collate(experiment.hints, [stream[index] for index in range(experiment.batch_size)])
    state = create_state(experiment, CPU)
    step = milliseconds(lambda: train_step(state, batch, experiment), 30)
    return milliseconds(lambda: flood_hints(batch.hint, batch.areas), 100), step


def _hints(hints: Hints, view: View, number: int) -> torch.Tensor:
    """What training does: a generator and a draw a picture, then the batch at once."""
    draws = [draw(hints, seeds.rng(0, "hints", 0, index), 3) for index in range(number)]
    return simulate(hints, draws, view)


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
    table = Table(title=f"gan colorize with a network of {colorizer.experiment.data.size} px, after loading")
    for heading in ("drawing", "read", "colour", "write", "together"):
        table.add_column(heading, justify="right")
    for size in (256, 512, 1024):
        page = drawing(size)
        stored = io.BytesIO()
        Image.fromarray(page).save(stored, format="PNG")
        colored = colorizer.color(page)
        times = [
            milliseconds(lambda stored=stored: np.array(Image.open(io.BytesIO(stored.getvalue()))), 20),
            milliseconds(lambda page=page: colorizer.color(page), 20),
            milliseconds(lambda colored=colored: Image.fromarray(colored).save(io.BytesIO(), format="PNG"), 20),
        ]
        table.add_row(f"{size} px", *(f"{spent:.0f} ms" for spent in (*times, sum(times))))
    return table


def steps(timed: Sequence[Timed]) -> Table:
    """Seconds a step, ratios and shares."""
    table = Table("step", "way", "seconds", "times as fast", "of a matrix product", title="the training step")
    for one in timed:
        for way, spent in one.seconds.items():
            ratio, share = one.ratios.get(f"ratio_{way}"), one.shares.get(f"share_{way}")
            shown = ("" if ratio is None else f"{ratio:.2f}", "" if share is None else f"{share:.0%}")
            table.add_row(one.name, way, f"{spent:.3f}", *shown)
    return table


def main() -> None:
    """Measure, and print tables or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, help="a run folder to colour with")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and batch 8 is left out")
    parser.add_argument("--json", action="store_true", help="JSON and no tables")
    options = parser.parse_args()
    device = pick_device("auto")
    timed, sources_timed, parts = every_step(device, quick=options.quick), data_rates(), everyday()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # KiB on Linux
    if options.json:
        values = {
            "machine": {"device": str(device), "threads": torch.get_num_threads(), "torch": torch.__version__},
            "steps": [{"name": one.name, "seconds": one.seconds} | one.ratios | one.shares for one in timed],
            "data": sources_timed,
            "milliseconds": parts,
            "peak_memory_mib": peak,
        }
        print(json.dumps(values, indent=1))
        return
    console = Console()
    console.print(f"{device}, {torch.get_num_threads()} threads, PyTorch {torch.__version__}; peak {peak:.0f} MiB")
    console.print(steps(timed))
    for title, rows in (("pictures a second, one process", sources_timed), ("milliseconds", parts)):
        table = Table("what", "", title=title)
        for name, value in rows.items():
            table.add_row(name, f"{value:.3g}")
        console.print(table)
    console.print(simulators())
    console.print(coloring(options.run))


if __name__ == "__main__":
    main()
