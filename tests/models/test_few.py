"""Convolutions of few places as products: the values and gradients of PyTorch's own, and fp32 to the bit."""

import pytest
import torch
from torch import Tensor, nn

from gan.models import few
from gan.models.few import Doubling, Halving


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few weights are enough."""
    monkeypatch.setattr(few, "WEIGHTS", 16 * 6 * 10)


def layer(kind: type[Halving] | type[Doubling], *, bias: bool = True) -> Halving | Doubling:
    torch.manual_seed(0)
    return kind(6, 10, bias=bias).to(memory_format=torch.channels_last)


def pulled(network: nn.Module, x: Tensor) -> list[Tensor]:
    """The output, and the gradients of input and weights for one that differs from place to place."""
    x = x.clone().requires_grad_()
    output = network(x)
    network.zero_grad()
    weights = torch.linspace(-1, 1, output.numel()).view_as(output)
    (output.float() * weights).sum().backward()
    return [each.float() for each in (output.detach(), x.grad, *(one.grad for one in network.parameters()))]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("kind", "shape"), [(Halving, (3, 6, 4, 8)), (Doubling, (3, 6, 2, 4)), (Doubling, (1, 6, 1, 1))]
)
def test_a_product_is_the_convolution(
    kind: type[Halving] | type[Doubling], shape: tuple[int, ...], bias: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, x = layer(kind, bias=bias), torch.randn(shape, generator=torch.Generator().manual_seed(1))
    expected = pulled(network, x)
    with torch.autocast("cpu", torch.bfloat16):
        with monkeypatch.context() as patched:
            patched.setattr(type(network).__base__, "forward", None)  # PyTorch's own is not asked
            made = pulled(network, x)
        monkeypatch.setattr(few, "PLACES", 0)
        convolved = pulled(network, x)
    for one, other, exact in zip(made, convolved, expected, strict=True):
        assert one.shape == exact.shape
        bound = 0.02 * exact.abs().max()
        assert (one - exact).abs().max() < bound
        assert (other - exact).abs().max() < bound  # so that the bound is bf16's, and not the product's own


@pytest.mark.parametrize("kind", [Halving, Doubling])
def test_fp32_keeps_its_bits(kind: type[Halving] | type[Doubling]) -> None:
    network, x = layer(kind), torch.randn(2, 6, 4, 4, generator=torch.Generator().manual_seed(1))
    own = nn.Conv2d(6, 10, 4, 2, 1) if kind is Halving else nn.ConvTranspose2d(6, 10, 4, 2, 1)
    own.to(memory_format=torch.channels_last).load_state_dict(network.state_dict())
    assert all(torch.equal(one, other) for one, other in zip(pulled(network, x), pulled(own, x), strict=True))


@pytest.mark.parametrize(("kind", "side"), [(Halving, 24), (Doubling, 12)])
def test_many_places_are_convolved(kind: type[Halving] | type[Doubling], side: int) -> None:
    """144 of them, where 128 are few."""
    network, x = layer(kind), torch.randn(1, 6, side, side, generator=torch.Generator().manual_seed(1))
    own = nn.Conv2d(6, 10, 4, 2, 1) if kind is Halving else nn.ConvTranspose2d(6, 10, 4, 2, 1)
    own.to(memory_format=torch.channels_last).load_state_dict(network.state_dict())
    with torch.autocast("cpu", torch.bfloat16):
        assert all(torch.equal(one, other) for one, other in zip(pulled(network, x), pulled(own, x), strict=True))
