"""What every way to draw the colours of a picture returns."""

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Colors:
    """The colours of a picture, and where they come from.

    palette: (B, K, 3) in [-1, 1]. says: (B, K, M) log-odds of the paints, by the drawing alone. paints: (M, 3) in
    [-1, 1].
    """

    palette: Tensor
    says: Tensor
    paints: Tensor
