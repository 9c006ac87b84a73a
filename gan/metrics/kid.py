"""KID on VGG16: how far the distribution of a network's pictures is from the distribution of the true ones.

The kernel inception distance of Binkowski et al. 2018 (arXiv 1801.01401), sec. 4: the squared maximum mean discrepancy
with the kernel (x . y / d + 1)^3, on other features than theirs. These are of VGG16's convolutions, averaged over the
picture, whose weights come with LPIPS's; the numbers stand beside no published KID or FID.
"""

from functools import cache

import torch
from torch import Tensor, nn

from gan.metrics.backbone import VGG16, Features, build, of_layers

CHANNELS = 512
GOLDEN = 0.080457
"""Mean feature of a white picture of 64x64."""
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's pictures, in [0, 1]: what VGG16 was trained on."""


class Vgg16(nn.Module):
    """(B, 3, H, W) pictures in [0, 1], at least 32x32 -> (B, 512) features, of their own size."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, features: Features) -> None:
        from torchvision import models  # here, for it takes a second to import

        super().__init__()
        self.layers = models.vgg16(weights=None).features
        for layer, values in of_layers(features, VGG16.convolutions):
            self.layers[layer].load_state_dict(values)
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None])
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None])
        self.requires_grad_(False)
        self.eval()

    def forward(self, picture: Tensor) -> Tensor:
        """The last pooled layer, averaged over the picture."""
        pooled: Tensor = self.layers((picture - self.mean) / self.deviation)  # -> (B, 512, H / 32, W / 32)
        return pooled.mean(dim=(2, 3))


@cache
def load() -> tuple[Vgg16, str]:
    """The features, and where their weights came from.

    Raises:
        WeightsMissing: none are to be had.
    """
    return build(VGG16, Vgg16, lambda network: float(network(torch.ones(1, 3, 64, 64)).mean()), GOLDEN, "KID is absent")


def kid(fake: Tensor, true: Tensor) -> tuple[float, float]:
    """The unbiased squared maximum mean discrepancy of (N, D) features of N >= 3 pictures each, and its standard error.

    All N pictures at once, and no subsets: a U-statistic over pairs of places (Gretton et al. 2012, JMLR 13, lemma 6,
    eq. 4), which leaves out the fake and the true picture of one drawing, as they are not independent. It is 0 on
    average where the distributions agree, and may be below. The error is the jackknife's over places; where they agree
    the terms of a place are 0 on average, and it is too large by the square root of 2.
    """
    count = len(fake)
    terms = _kernel(fake, fake) + _kernel(true, true)
    crossed = _kernel(fake, true)
    terms = (terms - crossed - crossed.T).fill_diagonal_(0)
    rows = terms.sum(dim=1)
    total = rows.sum()
    without = (total - 2 * rows) / ((count - 1) * (count - 2))  # the estimate without each place
    error = ((count - 1) / count * (without - without.mean()).square().sum()).sqrt()
    return float(total / (count * (count - 1))), float(error)


def _kernel(left: Tensor, right: Tensor) -> Tensor:
    return (left.double() @ right.double().T / left.shape[1] + 1) ** 3
