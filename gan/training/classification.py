"""How a network that classifies colours is taught (Zhang, Isola, Efros 2016, arXiv 1603.08511, sec. 2.1 and 2.2).

Where pictures have ink, it is the colour under the ink that is classified, and a pixel counts by its share of paper.
"""

import numpy as np
import torch
from torch import Tensor

from gan import seeds
from gan.data.fixed import spread
from gan.data.loader import Pictures
from gan.metrics.classes import encode
from gan.models.classifier import Classifier
from gan.ranges import to_unit

ONE_OF = 16
"""One pixel of so many is taught in a step, drawn anew: as many as Zhang et al. have, who predict at a quarter of each
side. All of them would cost several times the network."""
UNIFORM = 0.5
"""Share of a uniform distribution in the one that rare colours are weighed by (lambda, sec. 2.2)."""
PICTURES = 512
"""Training pictures, at most, in which the colours are counted."""
PIXELS = 256
"""Pixels of each of them."""


def some_pixels(batch: Tensor) -> Tensor:
    """(B, C, H, W) -> indices of the pixels of this step, among B H W, from torch's generator."""
    count = batch[:, 0].numel()
    return torch.randint(count, (count // ONE_OF,), device=batch.device)


def bare_colors(color: Tensor, share: Tensor, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """(B, 3, H, W) pictures in [-1, 1], (B, 1, H, W) shares of paper -> (P, 3) colours in [0, 1] under the ink of some
    pixels, and (P,) shares."""
    paper = share.flatten()[pixels]
    seen = to_unit(color).movedim(1, -1).flatten(0, 2)[pixels]
    return (seen / paper.clamp_min(1 / 255)[:, None]).clamp(max=1), paper


def cross_entropy(logits: Tensor, unit: Tensor, share: Tensor, network: Classifier) -> Tensor:
    """() the mean over pixels of -share v(Z) sum_q Z_q log softmax(logits)_q (eq. 2 and 3).

    Z is the soft encoding of the true colour, v the weight of its nearest class.

    Args:
        logits: (P, Q).
        unit: (P, 3) the true colours in [0, 1].
        share: (P,) how much a pixel counts.
        network: of whose classes they are.
    """
    classes, shares = encode(unit, to_unit(network.colors))
    likelihood = (shares * logits.log_softmax(dim=1).gather(1, classes)).sum(dim=1)
    return -(share * network.weights[classes[:, 0]] * likelihood).mean()


def frequencies(pictures: Pictures, seed: int, network: Classifier) -> Tensor:
    """(Q,) how often each class occurs in the training pictures; adds up to 1. A function of the pictures and the seed.

    It is smooth as in sec. 2.2, for each pixel is shared among its nearest classes.

    Raises:
        RequestError: a picture can no longer be read.
    """
    colors = to_unit(network.colors).cpu()
    counts = torch.zeros(len(colors), dtype=torch.float64)
    for index in spread(pictures, PICTURES):
        rng = seeds.rng(seed, "class frequencies", pictures.key(index))
        (sample,) = pictures.samples([index], [rng], training=True)
        pixels = torch.from_numpy(rng.integers(sample.line.numel(), size=PIXELS, dtype=np.int64))
        unit, share = bare_colors(sample.color[None], network.share(sample.line[None]), pixels)
        classes, shares = encode(unit, colors)
        counts.index_add_(0, classes.flatten(), (share[:, None] * shares).flatten().double())
    return counts / counts.sum()


def rebalanced(frequencies: Tensor) -> Tensor:
    """(Q,) frequencies -> (Q,) weights w ~ 1 / ((1 - lambda) p + lambda / Q), of which sum_q p_q w_q = 1 (eq. 4)."""
    weights = 1 / ((1 - UNIFORM) * frequencies + UNIFORM / len(frequencies))
    return weights / (frequencies @ weights)


def rebalance(network: Classifier, pictures: Pictures, seed: int) -> None:
    """Let rare colours count more in the training of a network, which keeps the weights. Raises: as `frequencies`."""
    network.weights.copy_(rebalanced(frequencies(pictures, seed, network)))
