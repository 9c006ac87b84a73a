"""The PatchGAN: the paper's size and receptive field, measured on the network itself."""

import pytest
import torch

from gan.models.patchgan import PatchGAN, receptive_field


def test_the_papers_network_has_2_77_million_parameters() -> None:
    network = PatchGAN(in_channels=6, width=64, layers=3)
    count = sum(parameter.numel() for parameter in network.parameters())
    convolutions = 16 * (6 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512 * 1)
    assert count == convolutions + 64 + 1 + 2 * (128 + 256 + 512)  # biases of the first and last layer, norms
    assert round(count / 1e6, 2) == 2.77


@pytest.mark.parametrize(("layers", "field"), [(1, 16), (2, 34), (3, 70), (4, 142)])
def test_receptive_field(layers: int, field: int) -> None:
    assert receptive_field(layers) == field
    network = PatchGAN(in_channels=1, width=1, layers=layers, norm="none").double()
    for parameter in network.parameters():
        parameter.data.abs_().add_(0.1)  # so that no gradient cancels or dies
    picture = torch.rand(1, 1, 192, 192, dtype=torch.float64, requires_grad=True)
    logits = network(picture)
    middle = logits.shape[-1] // 2
    logits[0, 0, middle, middle].backward()
    assert picture.grad is not None
    rows = (picture.grad[0, 0].abs().sum(dim=1) > 0).nonzero()
    assert int(rows.max() - rows.min()) + 1 == field


@pytest.mark.parametrize("norm", ["batch", "instance", "group", "none", "spectral"])
def test_every_norm_trains(norm: str) -> None:
    network = PatchGAN(width=8, layers=2, norm=norm)
    logits = network(torch.randn(2, 8, 32, 32))
    assert logits.shape == (2, 1, 6, 6)
    logits.mean().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_spectral_norm_bounds_every_layer() -> None:
    torch.manual_seed(0)
    network = PatchGAN(width=16, layers=3, norm="spectral").train()
    for _ in range(30):
        network(torch.randn(1, 8, 32, 32))
    convolutions = [stage for stage in network.stages if isinstance(stage, torch.nn.Conv2d)]
    assert len(convolutions) == 5
    for convolution in convolutions:
        largest = torch.linalg.matrix_norm(convolution.weight.flatten(1), ord=2)
        assert largest.item() == pytest.approx(1, abs=0.05)
