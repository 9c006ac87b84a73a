"""The training step: ours beside the plain recipe, interleaved, and as a share of what the machine multiplies."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import plain_recipe
import torch
from benchmark_table import Table
from torch.utils.flop_counter import FlopCounterMode

from gan.config import Adversarial, Data, Discriminator, Experiment, Generator
from gan.config.file import load
from gan.data.batch import Batch
from gan.runs.precision import has_bf16
from gan.training.state import create_state
from gan.training.step import train_step

EXPERIMENTS = Path(__file__).parent.parent / "experiments"
REFERENCE = Experiment(
    name="reference",
    data=Data(size=256),
    generator=Generator(width=64, dropout=0.5),
    discriminator=Discriminator(width=64),
    adversarial=Adversarial(game="lsgan"),
)
"""pix2pix's size: 54.4 M and 2.77 M parameters at 256 px."""
SIDE = 2048
"""Of the square matrices by whose product the machine is measured."""


@dataclass(frozen=True)
class Timed:
    """Of one setting: name of the way -> median seconds a step; flops: of a step; rate: of the machine."""

    seconds: Mapping[str, float]
    flops: float
    rate: Mapping[str, float]

    def ratio(self, way: str) -> float | str:
        """How many times as fast as the plain recipe, or where there is no game as fp32."""
        base = "plain" if "plain" in self.seconds else "fp32"
        return "" if way == base else self.seconds[base] / self.seconds[way]

    def share(self, way: str) -> float | str:
        """Arithmetic of a step as a share of a large matrix product's in the same precision."""
        return self.flops / self.seconds[way] / self.rate[way] if way in self.rate else ""


def interleaved(ways: Mapping[str, Callable[[], object]], repetitions: int) -> dict[str, float]:
    """Median seconds of each, measured in turns A B A B after one round that is not counted."""
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(repetitions + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if number:
                spent[name].append(time.perf_counter() - started)
    return {name: statistics.median(times) for name, times in spent.items()}


def batch_of(experiment: Experiment, count: int, device: torch.device) -> Batch:
    """Random pictures without hints."""
    shape = experiment.data.shape
    generator = torch.Generator().manual_seed(0)
    line, color = (torch.rand(count, depth, *shape, generator=generator) * 2 - 1 for depth in (1, 3))
    return Batch(line, torch.zeros(count, 4, *shape), color, None).to(device)


def matrix_rate(dtype: torch.dtype, device: torch.device) -> float:
    """Operations a second in the product of two large matrices."""
    left, right = (torch.rand(SIDE, SIDE, device=device, dtype=dtype) for _ in range(2))
    return 2 * SIDE**3 / interleaved({"product": lambda: left @ right}, 5)["product"]


def time_step(experiment: Experiment, count: int, repetitions: int, device: torch.device) -> Timed:
    """Ours in every precision that the device has, beside the plain recipe where there is a game."""
    batch = batch_of(experiment, count, device)
    precisions = ("fp32", "bf16") if has_bf16(device) else ("fp32",)
    ways: dict[str, Callable[[], object]] = {}
    if experiment.adversarial.game != "none":
        plain = plain_recipe.create(experiment, device)
        ways["plain"] = lambda: plain_recipe.step(plain, batch, experiment)
    for precision in precisions:
        chosen = replace(experiment, precision=precision)
        state = create_state(chosen, device)
        ways[precision] = lambda state=state, chosen=chosen: train_step(state, batch, chosen)
    with FlopCounterMode(display=False) as counter:
        ways["fp32"]()
    rate = {one: matrix_rate({"fp32": torch.float32, "bf16": torch.bfloat16}[one], device) for one in precisions}
    return Timed(interleaved(ways, repetitions), counter.get_total_flops(), rate)


def every_step(device: torch.device, *, quick: bool) -> Table:
    """At the reference size and at the study's: seconds, ratios and shares."""
    headings = ("step", "seconds", "pictures a second", "ratio to the plain recipe", "ratio of a matrix product's rate")
    table = Table("the training step (without a game: ratio to fp32)", headings)
    for name, experiment, count, repetitions in _settings(device, quick=quick):
        timed = time_step(experiment, count, repetitions, device)
        for way, spent in timed.seconds.items():
            table.add(f"{name}, {way}", (spent, count / spent, timed.ratio(way), timed.share(way)))
    return table


def _settings(device: torch.device, *, quick: bool) -> list[tuple[str, Experiment, int, int]]:
    settings = [(f"reference, batch {count}", REFERENCE, count, 1 if quick else 5) for count in (1, 8)]
    if device.type == "cuda":
        settings.append(("reference, batch 64", REFERENCE, 64, 5))
    if quick:
        settings.pop(1)
    study = {name: load(EXPERIMENTS / f"{name}.py") for name in ("l1", "pix2pix")}
    settings += [(f"{name}, batch 16", each, 16, 10 if quick else 30) for name, each in study.items()]
    return settings
