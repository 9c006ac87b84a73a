"""The discriminator of patches and of the whole: its size, what each logit sees, and its weights."""

import pytest
import torch
from torch import nn

from gan.models.critic import Critic


def test_size_and_shape() -> None:
    network = Critic(in_channels=8, width=24, layers=3, shape=(64, 64))
    strided = 16 * (8 * 24 + 24 * 48 + 48 * 96 + 96 * 192) + 24 + 48 + 96 + 192
    assert sum(each.numel() for each in network.parameters()) == strided + (9 * 96 + 1) + (192 * 4 * 4 + 1)
    assert network(torch.randn(2, 8, 64, 64)).shape == (2, 2, 8, 8)
    assert Critic(width=4, layers=2, shape=(40, 72))(torch.randn(2, 8, 40, 72)).shape == (2, 2, 10, 18)


def test_a_patch_sees_its_surroundings_and_the_whole_sees_all() -> None:
    """Three strided layers and a 3x3 one: 22 + 2 * 8 = 38 px."""
    torch.manual_seed(0)
    network = Critic(in_channels=1, width=4, layers=3, shape=(64, 64))
    picture = torch.randn(1, 1, 64, 64, requires_grad=True)
    logits = network(picture)
    assert (logits[0, 1] == logits[0, 1, 0, 0]).all()
    for channel, seen in ((0, 38), (1, 64)):
        (gradient,) = torch.autograd.grad(logits[0, channel, 4, 4], picture, retain_graph=True)
        rows = gradient[0, 0].abs().sum(dim=1).nonzero()
        assert int(rows.max() - rows.min()) + 1 == seen


def test_weights_after_he() -> None:
    """Behind a leaky ReLU of .2: variance 2 / (1.04 fan_in); of the logits, behind nothing: 1 / fan_in."""
    torch.manual_seed(0)
    network = Critic(in_channels=8, width=64, layers=2, shape=(32, 32))
    last = network.last[0]
    assert isinstance(last, nn.Conv2d)
    assert last.weight.std().item() == pytest.approx((2 / 1.04 / (16 * 128)) ** 0.5, rel=0.02)
    assert network.whole.weight.std().item() == pytest.approx((256 * 16) ** -0.5, rel=0.05)
    biases = [layer.bias for layer in (network.whole, network.patches, last)]
    assert all(bias is not None and not bias.any() for bias in biases)
