"""Simulated colour hints: what a person might tell the network, drawn from the true picture.

A simulator works in two stages. `draw` takes all the random numbers of one picture from one generator, so that they are
a function of what that generator was seeded with. `simulate` turns the draws of a batch and its pictures into hints
(`gan.hints.encoding`) without another random number, all pictures and hints at once. A draw of n hints begins with the
draw of n - 1, so frozen sets of growing size are nested.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan.config import MOST_HINTS, Hints
from gan.hints.encoding import CHANNELS, stamp
from gan.hints.laws import Count, HintSimulator, Numbers, Points, Regions, Strokes, View

ORDERED = 8
"""Most kinds of region that a draw can put in an order."""


@dataclass(frozen=True)
class Draw:
    """The random numbers of one picture's hints, uniform in [0, 1).

    count: how many hints; order: (ORDERED,), sorts the regions; numbers: (count, simulator.columns), a row a hint.
    """

    count: int
    order: NDArray[np.float64]
    numbers: NDArray[np.float64]


def draw(hints: Hints, rng: np.random.Generator, regions: int, count: int | None = None) -> Draw:
    """The draw of one picture.

    Args:
        hints: what to simulate; kind none draws nothing.
        rng: where the numbers come from.
        regions: kinds of region in the picture, 0 where they are not known.
        count: exactly so many hints; None: as many as the law says, as in training.
    """
    if hints.kind == "none":
        return Draw(0, np.zeros(ORDERED), np.zeros((0, 1)))
    simulator = simulator_of(hints)
    order, alone = rng.random(ORDERED), rng.random()
    if count is None:
        count = 0 if alone < simulator.without else min(simulator.count(rng, regions), MOST_HINTS)
    return Draw(count, order, rng.random((count, simulator.columns)))


def simulate(hints: Hints, draws: Sequence[Draw], view: View) -> Tensor:
    """The hints of a batch, (B, 4, H, W), one draw a picture."""
    counts = np.array([each.count for each in draws])
    batch, _, height, width = view.line.shape
    if not counts.any():
        return torch.zeros(batch, CHANNELS, height, width)
    simulator = simulator_of(hints)
    ends = counts.cumsum()
    numbers = Numbers(
        uniform=np.concatenate([each.numbers for each in draws if each.count]),
        picture=np.arange(batch).repeat(counts),
        slot=np.arange(ends[-1]) - (ends - counts).repeat(counts),
        order=np.stack([each.order for each in draws]),
    )
    return stamp(simulator.dabs(numbers, view), batch, height, width)


def geometric(p: float) -> Count:
    """Hints until one fails with probability p: none with probability p, (1 - p) / p on average."""
    return lambda rng: int(rng.geometric(p)) - 1


def _alacgan(rng: np.random.Generator) -> int:
    """128 x 128 sites, each with a probability that is half-normal with a scale of .005 and common to a picture."""
    return int(rng.binomial(128 * 128, min(1.0, abs(rng.normal(0, 0.005)))))


PUBLISHED: dict[str, Points | Strokes] = {
    # Zhang et al. 2017 (arXiv 1705.02999), sec. 3.2: a geometric number with p = 1/8, places by a Gaussian about the
    # middle, patches of 1 to 9 px, mean colour of the patch
    "zhang2017": Points(geometric(1 / 8), place="centre"),
    # Ci et al. 2018 (arXiv 1808.03240), sec. 3.3: single pixels of the picture at a quarter of 512 px, uniform, and
    # half of every batch without any
    "alacgan2018": Points(_alacgan, share=1 / 128, place="anywhere", without=0.5),
    # Hati et al. 2019 (PaintsTorch, CVMP): up to 119 strokes at 128 px, 1 to 3 px thick, of up to four vertices within
    # 10 px; half of the pictures without any
    "paintstorch2019": Strokes(lambda rng: int(rng.integers(120)), (1 / 128, 3 / 128), without=0.5),
}


def simulator_of(hints: Hints) -> HintSimulator:
    """The simulator of a configuration; `hints.without` replaces a law's own share, where it is given."""
    without = hints.without or 0.0
    match hints.kind:
        case "regions":
            return Regions(hints.share, hints.dab, hints.dabs, without)
        case "points":
            return Points(geometric(1 / 8), without=without)
        case "strokes":
            return Strokes(geometric(1 / 8), (0.01, 0.03), length=0.25, without=without)
        case "zhang2017" | "alacgan2018" | "paintstorch2019":
            simulator = PUBLISHED[hints.kind]
            return simulator if hints.without is None else replace(simulator, without=hints.without)
    raise ValueError(f"hints.kind ({hints.kind}) simulates nothing")
