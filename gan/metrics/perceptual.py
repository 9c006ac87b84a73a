"""LPIPS (Zhang et al. 2018, arXiv 1801.03924) with AlexNet.

The `lpips` package holds the heads, `gan.metrics.backbone` says where the convolutions come from.
"""

import warnings
from functools import cache

import torch
from torch import Tensor, nn

from gan.metrics.backbone import ALEXNET, Features, build, of_layers

GOLDEN = 0.813954
"""LPIPS of a black and a white picture of 64x64."""


class Lpips(nn.Module):
    """Perceptual distance of two (B, 3, H, W) pictures in [0, 1], at least 32x32 -> (B,)."""

    def __init__(self, features: Features) -> None:
        import lpips  # here, for it takes two seconds to import

        super().__init__()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # lpips calls torchvision and torch.load in their older forms
            self.metric = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False)
        slices = {str(layer): part for stage in self.metric.net.children() for layer, part in stage.named_children()}
        for layer, values in of_layers(features, ALEXNET.convolutions):
            slices[str(layer)].load_state_dict(values)
        self.requires_grad_(False)
        self.eval()

    def forward(self, fake: Tensor, color: Tensor) -> Tensor:
        """Distances: 0 for equal pictures, about 0.8 for black against white."""
        distance: Tensor = self.metric(fake, color, normalize=True)
        return distance.flatten()


def _probe(metric: Lpips) -> float:
    return float(metric(torch.zeros(1, 3, 64, 64), torch.ones(1, 3, 64, 64)))


@cache
def load() -> tuple[Lpips, str]:
    """The metric, and where its weights came from.

    Raises:
        WeightsMissing: none are to be had.
    """
    return build(ALEXNET, Lpips, _probe, GOLDEN, "LPIPS is absent")
