"""The U-Net: the paper's size, its shapes, and what it refuses."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from gan.models.unet import UNet


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def test_the_papers_network_has_54_million_parameters() -> None:
    """width=64, depth=8 for 3 input channels: 54.414 M in the authors' implementation.

    By hand: 4x4 convolutions down 3-64-128-256-512-512-512-512-512 and back with skips, two numbers a normed channel,
    and biases on the three convolutions without norm.
    """
    down = [3, 64, 128, 256, 512, 512, 512, 512, 512]
    weights = sum(16 * a * b for a, b in pairwise(down))
    up = [(512, 512), (1024, 512), (1024, 512), (1024, 512), (1024, 256), (512, 128), (256, 64), (128, 3)]
    weights += sum(16 * a * b for a, b in up)
    norms = 2 * (128 + 256 + 512 * 4) + 2 * (512 * 4 + 256 + 128 + 64)
    network = UNet(in_channels=3, width=64, depth=8)
    assert count(network) == weights + norms + 64 + 512 + 3
    assert round(count(network) / 1e6, 1) == 54.4


@pytest.mark.parametrize("norm", ["batch", "instance", "group", "none"])
@pytest.mark.parametrize("upsample", ["transposed", "resize"])
def test_shapes_and_range(norm: str, upsample: str) -> None:
    network = UNet(width=8, depth=5, norm=norm, upsample=upsample, dropout=0.5)
    fake = network(torch.randn(2, 5, 32, 64))
    assert fake.shape == (2, 3, 32, 64)
    assert fake.abs().max() <= 1
    fake.mean().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_one_picture_passes_the_1x1_bottleneck_in_training() -> None:
    for norm in ("batch", "instance"):
        assert UNet(width=8, depth=5, norm=norm).train()(torch.randn(1, 5, 32, 32)).isfinite().all()


def test_dropout_is_in_the_three_innermost_decoder_levels() -> None:
    network = UNet(width=8, depth=6, dropout=0.5)
    rates = [module.p for block in network.up for module in block.modules() if isinstance(module, nn.Dropout)]
    assert rates == [0, 0, 0.5, 0.5, 0.5, 0]  # outermost first; the bottleneck's own level has none


def test_eval_mode_does_not_depend_on_the_batch() -> None:
    network = UNet(width=8, depth=5, dropout=0.5).eval()
    pictures = torch.randn(4, 5, 32, 32)
    together = network(pictures)
    alone = torch.cat([network(picture[None]) for picture in pictures])
    torch.testing.assert_close(together, alone, atol=1e-5, rtol=1e-4)


def test_a_size_that_does_not_divide_is_refused() -> None:
    with pytest.raises(ValueError, match=r"40x32.*multiple of 2\*\*depth \(16\)"):
        UNet(width=8, depth=4)(torch.zeros(1, 5, 32, 40))


def test_initialisation() -> None:
    torch.manual_seed(0)
    network = UNet(width=64, depth=4)
    weights = torch.cat([module.weight.flatten() for module in network.modules() if isinstance(module, nn.Conv2d)])
    assert weights.std().item() == pytest.approx(0.02, rel=0.01)
    scales = torch.cat([module.weight for module in network.modules() if isinstance(module, nn.BatchNorm2d)])
    assert scales.mean().item() == pytest.approx(1, abs=0.01)
    assert scales.std().item() == pytest.approx(0.02, rel=0.2)


def test_unknown_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="bilinear"):
        UNet(width=8, depth=3, upsample="bilinear")
    with pytest.raises(ValueError, match="layer"):
        UNet(width=8, depth=3, norm="layer")
