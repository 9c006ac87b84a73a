"""A generator that classifies: its picture is the annealed mean of its likelihoods, under the ink."""

import pytest
import torch
from torch import Tensor

from gan.models import classifier
from gan.models.classifier import TEMPERATURE, Classifier, annealed_mean
from gan.models.unet import UNet

COLORS = torch.tensor([[1.0, -1.0, -1.0], [-1.0, -1.0, 1.0], [0.5, 0.5, 0.5]])


class Halves(UNet):
    """Says 2 of the left half and 1 of the right half in the first of two features, and the other way round."""

    def __init__(self) -> None:
        super().__init__(width=1, depth=2, norm="none")

    def unbounded(self, x: Tensor) -> Tensor:
        first = torch.full_like(x[:, :1], 2.0)
        first[..., x.shape[-1] // 2 :] = 1.0
        return torch.cat([first, 3 - first], dim=1)


def classifier_of(network: UNet, *, inked: bool, features: int = 2) -> Classifier:
    torch.manual_seed(0)
    return Classifier(network, features=features, colors=COLORS, inked=inked).eval()


def test_the_annealed_mean_by_hand() -> None:
    """Likelihoods .7, .2 and .1 to the power of 1 / .38, over their sum."""
    likely = torch.tensor([0.7, 0.2, 0.1])
    sharp = likely ** (1 / 0.38)
    expected = (sharp[:, None] * COLORS).sum(dim=0) / sharp.sum()
    torch.testing.assert_close(annealed_mean(likely.log()[None], COLORS), expected[None])


@pytest.mark.parametrize("shift", [0.0, 50.0])
def test_cold_it_is_the_mode_and_at_one_the_mean(shift: float) -> None:
    """Whatever is added to all logits of a pixel."""
    likely = torch.tensor([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]])
    logits = likely.log() + shift
    torch.testing.assert_close(annealed_mean(logits, COLORS, 1e-3), COLORS[[0, 2]])
    torch.testing.assert_close(annealed_mean(logits, COLORS, 1.0), likely @ COLORS, atol=1e-5, rtol=1e-4)


def test_each_pixel_has_the_annealed_mean_of_its_own_likelihoods() -> None:
    network = classifier_of(Halves(), inked=False)
    with torch.no_grad():
        network.head.weight[:] = torch.tensor([[3.0, 0.0], [0.0, 3.0], [0.0, 0.0]])
        network.head.bias[:] = torch.tensor([0.1, 0.2, 0.3])
        picture = network(torch.ones(2, 5, 4, 8))
    assert picture.shape == (2, 3, 4, 8)
    for column, logits in ((0, [6.1, 3.2, 0.3]), (7, [3.1, 6.2, 0.3])):
        expected = (torch.tensor(logits) / TEMPERATURE).softmax(0) @ COLORS
        torch.testing.assert_close(picture[:, :, :, column], expected[:, None].expand(2, 3, 4))


def test_ink_is_multiplied_in_where_pictures_have_it() -> None:
    x = torch.ones(1, 5, 4, 4)
    x[0, 0, 0] = torch.tensor([1.0, 0.0, -1.0, 1.0])
    with torch.no_grad():
        inked = classifier_of(Halves(), inked=True)(x)[0, :, 0]
        bare = classifier_of(Halves(), inked=False)(x)[0, :, 0]
    torch.testing.assert_close(inked[:, 1] + 1, (bare[:, 1] + 1) / 2)
    assert (inked[:, 2] == -1).all()
    torch.testing.assert_close(inked[:, 3], bare[:, 3])


def test_a_picture_made_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    network = classifier_of(UNet(width=8, depth=2, out_channels=8), inked=True, features=8)
    x = torch.rand(2, 5, 12, 8) * 2 - 1
    with torch.no_grad():
        whole = network(x)
        monkeypatch.setattr(classifier, "AT_ONCE", 7)
        torch.testing.assert_close(network(x), whole)


def test_every_weight_is_trained_and_classes_are_kept_with_them() -> None:
    network = classifier_of(UNet(width=8, depth=2, out_channels=8), inked=True, features=8).train()
    network(torch.rand(2, 5, 8, 8)).square().mean().backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert float(parameter.grad.abs().sum()) > 0, name
    assert {"colors", "weights"} < network.state_dict().keys()
