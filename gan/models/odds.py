"""Colours that are drawn by odds: (B, K M) noise, (B, F) features of a drawing -> K of M paints.

A network of noise (`gan.models.sampler.Palette`) must learn from a critic how often each colour occurs, and mixes
paints where it is not sure. Here the drawing says the odds of each paint, which a likelihood can teach, and noise draws
by them exactly (the Gumbel-max trick: Maddison, Tarlow and Minka 2014, arXiv 1411.0030):

    c_k = paint_m,  m = argmax_m(d_km + g_km),    g_km = -log(-log Phi(z_km))

with z the noise, N(0, 1), so that g follows Gumbel's distribution and m occurs with softmax(d_k)_m. Where a critic
teaches it too, gradients are those of a softmax in the argmax's place (straight-through Gumbel-softmax: Jang et al.
2017, arXiv 1611.01144, sec. 2.2). Given the drawing, its colours are independent of each other.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.quasirandom import SobolEngine

from gan.models.paints import Colors

TEMPERATURE = 0.5
"""Of the softmax whose gradients are taken."""
FAR = 12.0
"""Noise beyond it, which no N(0, 1) draws, is that far out: log Phi is 0 from 14 on in single precision."""
REACH = 0.9
"""Paints begin evenly spread in a cube of this half side, where tanh is not yet flat."""
PACE = 5.0
"""Paints move so many times as fast as weights: one between two colours must give one of them up within a few hundred
steps."""


class Odds(nn.Module):
    """Colours by the odds that the drawing says.

    Args:
        noise: M, the paints, and numbers of noise for each colour.
        colors: K.
        features: F.
    """

    def __init__(self, *, noise: int, colors: int, features: int) -> None:
        super().__init__()
        self.colors, self.count = colors, noise
        self.says = nn.Linear(features, colors * noise)
        nn.init.zeros_(self.says.weight)
        nn.init.zeros_(self.says.bias)
        even: Tensor = SobolEngine(3).draw(noise)  # type: ignore[no-untyped-call]  # in [0, 1), the same each time
        self.paints = nn.Parameter(torch.atanh(REACH * (2 * even - 1)) / PACE)

    def forward(self, noise: Tensor, features: Tensor) -> Colors:
        """The colours of each picture."""
        numbers = noise.view(-1, self.colors, self.count).clamp(-FAR, FAR)
        gumbel = -torch.log(-torch.special.log_ndtr(numbers))
        says = self.says(features).view_as(gumbel)
        paints = torch.tanh(PACE * self.paints)
        soft = ((says + gumbel) / TEMPERATURE).softmax(dim=2)
        chosen = F.one_hot(soft.argmax(dim=2), self.count).to(soft.dtype) + (soft - soft.detach())
        return Colors(chosen @ paints, says, paints)
