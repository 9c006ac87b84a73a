"""Reconstruction losses and adversarial games, as plain functions: tensors in, one number (a 0-d tensor) out.

Logits are raw outputs of a discriminator, of any shape; each loss is their mean.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.models.layers import under
from gan.models.pointer import Pointing


def reconstruction(loss: str, fake: Tensor, color: Tensor) -> Tensor:
    """Mean pixel loss of two (B, 3, H, W) pictures: l1 (Isola et al. 2017, eq. 3) or l2.

    Raises:
        ValueError: an unknown loss.
    """
    match loss:
        case "l1":
            return F.l1_loss(fake, color)
        case "l2":
            return F.mse_loss(fake, color)
    raise ValueError(f"reconstruction loss ({loss}) must be l1 or l2")


FEW = 0.02
"""Weight of the square roots of the colours' areas: one colour where one is enough, for two would be drawn apart."""


def fit(shares: Tensor, light: Tensor, color: Tensor) -> tuple[Tensor, Tensor]:
    """(B, K, 3) colours in [-1, 1], each the mean of the truth where it has a share, and (B, K) their areas in [0, 1].

    Args:
        shares: (B, K, H, W), adding up to 1.
        light: (B, 1, H, W) in [0, 1], the share of what is no ink.
        color: (B, 3, H, W) in [-1, 1], the truth.
    """
    weights = (shares * light).sum(dim=(2, 3)).clamp_min(1e-3)
    colors = torch.einsum("bkhw,bchw->bkc", shares, color + 1) / weights[..., None] - 1
    return colors, weights / light[0].numel()


APART, ALIKE = 0.3, 0.1
"""Distances of two colours in [-1, 1], above which they differ, and below which they are one."""
AGREE = 0.1
"""Weight of pixels of one colour: two areas may be of one by chance."""
LATTICE = 16
"""Pixels that are looked at along a side, or some more: their pairs are the square of their square."""
LIT = 0.9
"""Share of light, above which a pixel is not in ink."""
LEAST_CHANCE = 1e-3
"""Added to chances, whose logarithm is taken."""


def pairs(shares: Tensor, light: Tensor, color: Tensor, step: int) -> Tensor:
    """Whether pixels of different colours are given different ones, and pixels of one colour the same.

    -log(1 - P) of two pixels of a picture that differ, and a little of -log P of two that do not, with
    P = sum_k s_k t_k the chance that the shares s and t give them one colour (a likelihood of pairs: Hsu et al. 2019,
    arXiv 1901.00544). Where two areas have become one colour of a sampler, the gradient of what `fitted` says of them
    has faded; this one has not. Pixels in ink are left out. Those of a lattice are looked at, another one each step.

    Args:
        shares: (B, K, H, W), adding up to 1.
        light: (B, 1, H, W) in [0, 1], the share of what is no ink.
        color: (B, 3, H, W) in [-1, 1], the truth.
        step: names the lattice.
    """
    down, across = (max(1, side // LATTICE) for side in light.shape[2:])
    lattice = (..., slice(step % down, None, down), slice(step // down % across, None, across))
    each, seen, shown = (part[lattice].flatten(2).transpose(1, 2) for part in (shares, light, color))  # (B, N, ...)
    lit = (seen > LIT).float()  # (B, N, 1)
    true = (shown + 1) / seen.clamp_min(LIT) - 1
    both = lit @ lit.transpose(1, 2)
    distance = torch.cdist(true, true, compute_mode="donot_use_mm_for_euclid_dist")  # exact in TF32, too
    same = (each @ each.transpose(1, 2)).clamp(0, 1)
    differ = (both * (distance > APART)) * -torch.log(1 - same + LEAST_CHANCE)
    agree = (both * (distance < ALIKE)) * -torch.log(same + LEAST_CHANCE)
    # a mean of the pictures' means, so that ranks with a share of them each have the same on average
    return ((differ + AGREE * agree).sum(dim=(1, 2)) / both.sum(dim=(1, 2)).clamp_min(1)).mean()


def fitted(shares: Tensor, light: Tensor, color: Tensor, shade: Tensor | float = 0.0, sure: float = 0.0) -> Tensor:
    """Mean absolute error of a true picture in K colours: those that fit it best, mixed by a sampler's shares.

    So shares are told which pixels have one colour, and nothing which colour that is: a perfect sampler's error is 0,
    and none is drawn towards a mean or a median. Beside it a little for each colour that is used. Arguments as `fit`,
    a sampler's shade, which is told what the drawing says of light and shadow, and the weight of the chance that a
    pixel's colour, drawn by its shares, is not the same twice: a pixel in two colours fits as well as in one, and is of
    neither when they are drawn.
    """
    colors, _ = fit(shares, light, color)
    roots: Tensor = shares.mean(dim=(2, 3)).clamp_min(1e-4).sqrt().sum(dim=1).mean()
    unsure = 1 - shares.square().sum(dim=1).mean()
    return (
        F.l1_loss(under(torch.einsum("bkhw,bkc->bchw", shares, colors) + shade, light), color)
        + FEW * roots
        + sure * unsure
    )


def _pairs(better: Tensor, worse: Tensor) -> Tensor:
    """-log sigmoid(better - worse): the relativistic pairing loss (Jolicoeur-Martineau 2018, arXiv 1807.00734, eq. 3
    and 4; Huang et al. 2024, arXiv 2501.05441, eq. 2). A pair are the true and the made picture of one drawing."""
    return F.softplus(worse - better).mean()


def discriminator(game: str, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Loss of the discriminator, halved as in pix2pix (Isola et al. 2017, sec. 3.3), so that it learns more slowly,
    unless its game is one of pairs.

    vanilla: binary cross-entropy (Goodfellow et al. 2014, eq. 1); lsgan: (D - 1)^2 and D^2 (Mao et al. 2017, eq. 9 with
    b = c = 1, a = 0); hinge: Lim and Ye 2017.

    Raises:
        ValueError: an unknown game.
    """
    match game:
        case "relativistic":
            return _pairs(real_logits, fake_logits)
        case "vanilla":
            real, fake = F.softplus(-real_logits), F.softplus(fake_logits)
        case "lsgan":
            real, fake = (real_logits - 1).square(), fake_logits.square()
        case "hinge":
            real, fake = F.relu(1 - real_logits), F.relu(1 + fake_logits)
        case _:
            raise ValueError(f"game ({game}) must be one of vanilla, lsgan, hinge, relativistic")
    return (real.mean() + fake.mean()) / 2


def generator(game: str, fake_logits: Tensor, real_logits: Tensor | None = None) -> Tensor:
    """Adversarial loss of the generator; vanilla is the non-saturating form (Goodfellow et al. 2014, sec. 3).

    The relativistic game alone asks for the logits of the true pictures of the same drawings.

    Raises:
        ValueError: an unknown game.
    """
    match game:
        case "vanilla":
            return F.softplus(-fake_logits).mean()
        case "lsgan":
            return (fake_logits - 1).square().mean()
        case "hinge":
            return -fake_logits.mean()
        case "relativistic" if real_logits is not None:
            return _pairs(fake_logits, real_logits)
    raise ValueError(f"game ({game}) must be one of vanilla, lsgan, hinge, relativistic")


def pointing(made: Pointing, color: Tensor, temperature: float = 0.03, cap: float = 0.12) -> Tensor:
    """() how badly the attention explains a picture: its negative log-likelihood as a mixture of hints and network.

    -mean share log sum_j a_j exp(-(e_j - min e) / temperature), with e_j the mean absolute error in [0, 1] of a hint's
    colour under the lines, and of the network's own (not trained by this), which counts as `cap` at most and pays
    `temperature`: so that a pixel which no hint fits is left to the network, and not to the hint that is nearest by
    chance.

    Args:
        made: what a generator that points made of the drawing and its hints.
        color: (B, 3, H, W) in [-1, 1], the truth.
    """
    errors = (made.hints - color[:, None]).abs().mean(dim=2) / 2
    alone = (made.alone.detach() - color).abs().mean(dim=1, keepdim=True) / 2
    errors = torch.cat([errors, alone.clamp_max(cap) + temperature], dim=1)  # (B, K + 1, H, W)
    gain = (errors - errors.amin(dim=1, keepdim=True)) / temperature
    likelihood = torch.logsumexp(F.log_softmax(made.logits, dim=1) - gain, dim=1, keepdim=True)
    return -(likelihood * made.share).mean()
