"""The U-Net generator: (B, in_channels, H, W) -> (B, out_channels, H, W) in [-1, 1].

Ronneberger et al. 2015, in the form of Isola et al. 2017 (arXiv 1611.07004, sec. 6.1.1): 4x4 convolutions of stride 2
down to the bottleneck and back, each encoder level joined to its decoder level by a skip connection.
`width=64, depth=8` on 256 px is the paper's network.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gan.models.few import Doubling, Halving
from gan.models.layers import Double, beside, initialize, norm_layer


class UNet(nn.Module):
    """A U-Net of `depth` halvings.

    Args:
        in_channels: channels of the input.
        out_channels: channels of the picture.
        width: channels of the outermost level; level i has min(2**i, 8) * width.
        depth: number of halvings; H and W must be multiples of 2**depth.
        norm: norm of the inner layers, as `norm_layer`. The outermost level and the bottleneck have none: at 1x1, batch
            norm over one picture and instance norm would leave nothing.
        dropout: probability in the three decoder levels next to the bottleneck.
        upsample: transposed, or resize (nearest neighbour, then a 3x3 convolution).

    With depth 4, width w and an input of H x W, channels first:

        down[0]  in_channels -> w     H/2  x W/2
        down[1]            w -> 2w    H/4  x W/4
        down[2]           2w -> 4w    H/8  x W/8
        down[3]           4w -> 8w    H/16 x W/16    the bottleneck, without a skip
        up[3]             8w -> 4w    H/8  x W/8
        up[2]        4w + 4w -> 2w    H/4  x W/4     beside the output of down[2]
        up[1]        2w + 2w -> w     H/2  x W/2     beside that of down[1]
        up[0]          w + w -> out_channels  H x W  beside that of down[0]; then tanh
    """

    def __init__(
        self,
        *,
        in_channels: int = 5,
        out_channels: int = 3,
        width: int,
        depth: int,
        norm: str = "batch",
        dropout: float = 0.0,
        upsample: str = "transposed",
    ) -> None:
        super().__init__()
        self.depth = depth
        self.widths = widths = widths_of(width, depth)
        self.down = nn.ModuleList()
        for level in range(depth):
            fan_in = in_channels if level == 0 else widths[level - 1]
            self.down.append(_down(fan_in, widths[level], level, norm if 0 < level < depth - 1 else "none"))
        self.up = nn.ModuleList()  # outermost first, like `down`
        for level in range(depth):
            fan_in = widths[level] * (1 if level == depth - 1 else 2)  # the deepest level has no skip beside it
            fan_out = widths[level - 1] if level > 0 else out_channels
            inner = depth - 4 <= level < depth - 1
            self.up.append(
                _up(fan_in, fan_out, norm if level > 0 else "none", dropout if inner and level > 0 else 0.0, upsample)
            )
        initialize(self)

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, H, W) -> (B, out_channels, H, W) in [-1, 1]."""
        return torch.tanh(self.unbounded(x))

    def unbounded(self, x: Tensor) -> Tensor:
        """(B, in_channels, H, W) -> (B, out_channels, H, W), of which `forward` is the hyperbolic tangent.

        Raises:
            ValueError: as `encode`.
        """
        return self.decode(self.encode(x))

    def encode(self, x: Tensor) -> list[Tensor]:
        """(B, in_channels, H, W) -> what each level makes of it, the outermost first.

        Raises:
            ValueError: H or W is not a multiple of 2**depth.
        """
        height, width = x.shape[-2:]
        if height % 2**self.depth or width % 2**self.depth:
            raise ValueError(f"the picture ({width}x{height}) must be a multiple of 2**depth ({2**self.depth})")
        levels = []
        for down in self.down:
            x = down(x)  # (B, c, h, w) -> (B, c', h/2, w/2)
            levels.append(x)
        return levels

    def decode(self, levels: Sequence[Tensor]) -> Tensor:
        """The levels -> (B, out_channels, H, W)."""
        x: Tensor = self.up[-1](levels[-1])  # from the bottleneck
        for up, skip in zip(reversed(self.up[:-1]), reversed(levels[:-1]), strict=True):
            x = up(beside(x, skip))  # (B, c, h, w) and its skip (B, c, h, w) -> (B, c', 2h, 2w)
        return x  # (B, out_channels, H, W)


def widths_of(width: int, depth: int) -> list[int]:
    """The channels of each level, the outermost first."""
    return [width * min(2**level, 8) for level in range(depth)]


def _down(fan_in: int, fan_out: int, level: int, norm: str) -> nn.Sequential:
    """(B, fan_in, H, W) -> (B, fan_out, H/2, W/2)."""
    activation = nn.Identity() if level == 0 else nn.LeakyReLU(0.2)
    # a bias before a norm would be taken away again
    convolution = Halving(fan_in, fan_out, bias=norm == "none")
    return nn.Sequential(activation, convolution, norm_layer(norm, fan_out))


def _up(fan_in: int, fan_out: int, norm: str, dropout: float, upsample: str) -> nn.Sequential:
    """(B, fan_in, H, W) -> (B, fan_out, 2H, 2W)."""
    bias = norm == "none"
    match upsample:
        case "transposed":
            double: list[nn.Module] = [Doubling(fan_in, fan_out, bias=bias)]
        case "resize":
            double = [Double(), nn.Conv2d(fan_in, fan_out, 3, 1, 1, bias=bias)]
        case _:
            raise ValueError(f"upsample ({upsample}) must be transposed or resize")
    return nn.Sequential(nn.ReLU(), *double, norm_layer(norm, fan_out), nn.Dropout(dropout))
