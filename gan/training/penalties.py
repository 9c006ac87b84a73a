"""Gradient penalties on a discriminator: how steeply its verdict on a picture changes with the picture.

Mescheder, Geiger, Nowozin 2018 (arXiv 1801.04406), eq. 9 and 10; on both true and made pictures as Huang et al. 2024
(arXiv 2501.05441). A picture's verdict is the mean of its logits: the sum would weigh a picture by its patches.
"""

import torch
from torch import Tensor


def steepness(logits: Tensor, picture: Tensor) -> Tensor:
    """(B,) squared norms of the gradient of each picture's mean logit with respect to the picture.

    Differentiable, so that a discriminator can be trained on it: its logits must be made in fp32, and eagerly.

    Args:
        logits: (B, ...), made from `picture`, each picture's from itself alone.
        picture: (B, 3, H, W), which requires gradients.
    """
    (gradient,) = torch.autograd.grad(logits.flatten(1).mean(dim=1).sum(), picture, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3))
