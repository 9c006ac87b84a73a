"""The PatchGAN discriminator: (B, in_channels, H, W) -> (B, 1, H', W') logits, one a patch.

Isola et al. 2017 (arXiv 1611.07004, sec. 2.2.2 and 6.1.2): C64-C128-C256-C512 with three strided layers judges patches
of 70x70. It is conditional: the input holds the drawing and the hints beside the picture.
"""

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from gan.models.layers import initialize, norm_layer


class PatchGAN(nn.Module):
    """A stack of 4x4 convolutions, `layers` of them strided, followed by two of stride 1.

    Args:
        in_channels: channels of drawing, hints and picture together.
        width: channels of the first layer; layer i has min(2**i, 8) * width.
        layers: strided layers; the receptive field is `receptive_field(layers)`.
        norm: norm of all but the first and the last layer, as `norm_layer`.
    """

    def __init__(self, *, in_channels: int = 8, width: int, layers: int, norm: str = "batch") -> None:
        super().__init__()
        stages: list[nn.Module] = [nn.Conv2d(in_channels, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        fan_in = width
        for layer in range(1, layers + 1):
            fan_out = width * min(2**layer, 8)
            stride = 2 if layer < layers else 1
            bounded = norm in ("none", "spectral")
            stages += [
                nn.Conv2d(fan_in, fan_out, 4, stride, 1, bias=bounded),
                nn.Identity() if bounded else norm_layer(norm, fan_out),
                nn.LeakyReLU(0.2),
            ]
            fan_in = fan_out
        self.stages = nn.Sequential(*stages, nn.Conv2d(fan_in, 1, 4, 1, 1))
        initialize(self)
        if norm == "spectral":
            for stage in self.stages:
                if isinstance(stage, nn.Conv2d):
                    spectral_norm(stage)

    def forward(self, x: Tensor) -> Tensor:
        """(B, in_channels, H, W) -> (B, 1, H', W') logits; H' is about H / 2**layers - 2."""
        logits: Tensor = self.stages(x)
        return logits


def receptive_field(layers: int) -> int:
    """Width in pixels of the patch that one logit sees: 16, 34, 70, 142 for 1, 2, 3, 4 strided layers."""
    field = 1
    for stride in [1, 1] + [2] * layers:  # from the logit back to the picture
        field = field * stride + 4 - stride
    return field
