"""How far the distribution of a network's pictures is from the true one: KID on VGG16 (`gan.metrics.kid`)."""

import logging

import torch
from torch import Tensor

from gan.metrics import kid
from gan.metrics.backbone import WeightsMissing
from gan.metrics.kid import Vgg16
from gan.ranges import to_unit

logger = logging.getLogger(__name__)
FEWEST = 3
"""Pictures of which a standard error can be said."""


class Distribution:
    """Gathers the features of pictures, pass by pass; the true ones are those of the first pass, and in its order."""

    def __init__(self, features: Vgg16) -> None:
        self.features = features
        self.fake: list[Tensor] = []
        self.true: list[Tensor] = []
        self.knows_the_true = False

    def update(self, fake: Tensor, color: Tensor) -> None:
        """Add (B, 3, H, W) pictures and their truth, in [-1, 1]."""
        self.fake.append(self.features(to_unit(fake)).cpu())
        if not self.knows_the_true:
            self.true.append(self.features(to_unit(color)).cpu())

    def result(self) -> dict[str, float]:
        """`kid_vgg16` and its standard error, `kid_vgg16_error`; nothing of fewer than 3 pictures. A pass has ended."""
        fake, self.fake, self.knows_the_true = torch.cat(self.fake), [], True
        if len(fake) < FEWEST:
            return {}
        distance, error = kid.kid(fake, torch.cat(self.true))
        return {"kid_vgg16": distance, "kid_vgg16_error": error}


def load(device: torch.device) -> Distribution | None:
    """Ready to gather on a device; without the weights None, and one line of warning."""
    try:
        features, _ = kid.load()
    except WeightsMissing as missing:
        logger.warning(str(missing))
        return None
    return Distribution(features.to(device))
