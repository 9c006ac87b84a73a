"""Every loss against numbers computed by hand."""

import math

import pytest
import torch

from gan.training import losses

REAL = torch.tensor([2.0, -1.0])
FAKE = torch.tensor([0.5, -3.0])


def test_reconstruction_by_hand() -> None:
    fake, color = torch.tensor([[[[0.0, 1.0]]]]), torch.tensor([[[[0.5, -1.0]]]])
    assert losses.reconstruction("l1", fake, color).item() == pytest.approx((0.5 + 2) / 2)
    assert losses.reconstruction("l2", fake, color).item() == pytest.approx((0.25 + 4) / 2)


def test_vanilla_by_hand() -> None:
    def sigmoid(x: float) -> float:
        return 1 / (1 + math.exp(-x))

    real = -(math.log(sigmoid(2)) + math.log(sigmoid(-1))) / 2
    fake = -(math.log(1 - sigmoid(0.5)) + math.log(1 - sigmoid(-3))) / 2
    assert losses.discriminator("vanilla", REAL, FAKE).item() == pytest.approx((real + fake) / 2)
    saturating_not = -(math.log(sigmoid(0.5)) + math.log(sigmoid(-3))) / 2
    assert losses.generator("vanilla", FAKE).item() == pytest.approx(saturating_not)


def test_lsgan_by_hand() -> None:
    assert losses.discriminator("lsgan", REAL, FAKE).item() == pytest.approx(((1 + 4) / 2 + (0.25 + 9) / 2) / 2)
    assert losses.generator("lsgan", FAKE).item() == pytest.approx((0.25 + 16) / 2)


def test_hinge_by_hand() -> None:
    assert losses.discriminator("hinge", REAL, FAKE).item() == pytest.approx(((0 + 2) / 2 + (1.5 + 0) / 2) / 2)
    assert losses.generator("hinge", FAKE).item() == pytest.approx((-0.5 + 3) / 2)


@pytest.mark.parametrize("game", ["vanilla", "lsgan", "hinge"])
def test_a_discriminator_that_is_right_has_the_smaller_loss(game: str) -> None:
    right = losses.discriminator(game, torch.tensor([3.0]), torch.tensor([-3.0]))
    wrong = losses.discriminator(game, torch.tensor([-3.0]), torch.tensor([3.0]))
    assert right < wrong
    assert losses.generator(game, torch.tensor([3.0])) < losses.generator(game, torch.tensor([-3.0]))


def test_large_logits_stay_finite() -> None:
    far = torch.tensor([1e4, -1e4])
    assert losses.discriminator("vanilla", far, far).isfinite()
    assert losses.generator("vanilla", far).isfinite()


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="l3"):
        losses.reconstruction("l3", REAL, FAKE)
    with pytest.raises(ValueError, match="wgan"):
        losses.discriminator("wgan", REAL, FAKE)
    with pytest.raises(ValueError, match="wgan"):
        losses.generator("wgan", FAKE)
