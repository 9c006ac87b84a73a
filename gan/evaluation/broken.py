"""Whether a run is broken: what it paints then says nothing about its experiment, and no verdict may rest on it.

That is less than undertrained, which a gate or a closed form tells: an untrained network that answers at all has a
`variety` of .001 or more.
"""

from collections.abc import Mapping

import torch
from torch import nn

from gan.config import Experiment
from gan.networks import first_generator

MOST_SATURATED = 0.5
"""Of `saturated`: sound arms have less than .001."""
LEAST_VARIETY = 0.0003
"""Of `variety`: a network of 32 px that has just been drawn has .0013, the L1 arm .009 and more after 50 steps."""
LEAST_MOVE = 1e-4
"""Of `moved`: three steps at a rate of 2e-4 are a hundred times as much."""


def reason(metrics: Mapping[str, float], move: float) -> str:
    """Why a run with these metrics and this `moved` is broken, in words; "" where it is not."""
    unmoved = "its weights did not move" if move < LEAST_MOVE else ""
    return ", ".join(words for words in (unmoved, of_pictures(metrics)) if words)


def of_pictures(metrics: Mapping[str, float]) -> str:
    """What is wrong with the pictures that have these metrics, in words; "" where nothing is."""
    reasons = []
    if metrics.get("variety", 1.0) < LEAST_VARIETY:  # absent where the truth does not vary
        reasons.append("it paints one picture whatever the drawing is")
    if metrics["saturated"] > MOST_SATURATED:
        reasons.append(f"{metrics['saturated']:.0%} of its values are saturated")
    return ", ".join(reasons)


@torch.no_grad()
def moved(generator: nn.Module, experiment: Experiment) -> float:
    """How far a generator's weights are from those that its run began with, over the norm of those."""
    first = dict(first_generator(experiment).named_parameters())
    way = [weight.cpu() - first[name] for name, weight in generator.named_parameters()]
    return float(nn.utils.get_total_norm(way) / nn.utils.get_total_norm(first.values()))
