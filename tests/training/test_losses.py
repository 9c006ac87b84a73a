"""Every loss against numbers computed by hand."""

import math

import pytest
import torch

from gan.models.pointer import Pointing
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


def test_relativistic_by_hand() -> None:
    """Pairs: the true picture is ahead by 1.5 and by 2."""
    ahead = (math.log(1 + math.exp(-1.5)) + math.log(1 + math.exp(-2))) / 2
    assert losses.discriminator("relativistic", REAL, FAKE).item() == pytest.approx(ahead)
    behind = (math.log(1 + math.exp(1.5)) + math.log(1 + math.exp(2))) / 2
    assert losses.generator("relativistic", FAKE, REAL).item() == pytest.approx(behind)
    with pytest.raises(ValueError, match="relativistic"):
        losses.generator("relativistic", FAKE)


@pytest.mark.parametrize("game", ["vanilla", "lsgan", "hinge", "relativistic"])
def test_a_discriminator_that_is_right_has_the_smaller_loss(game: str) -> None:
    right = losses.discriminator(game, torch.tensor([3.0]), torch.tensor([-3.0]))
    wrong = losses.discriminator(game, torch.tensor([-3.0]), torch.tensor([3.0]))
    assert right < wrong
    real = torch.tensor([1.0])
    assert losses.generator(game, torch.tensor([3.0]), real) < losses.generator(game, torch.tensor([-3.0]), real)


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


def test_the_pointing_loss_by_hand() -> None:
    """One pixel, one hint, errors .1 and .05, even logits."""
    zeros = torch.zeros(1, 3, 1, 1)
    pointing = Pointing(
        picture=zeros,
        alone=zeros + 0.1,  # .05 in [0, 1]
        logits=torch.zeros(1, 2, 1, 1),
        colors=torch.full((1, 1, 3), 0.2),  # .1
        share=torch.ones(1, 1, 1, 1),
    )
    temperature = 0.03
    errors = (0.1, 0.05 + temperature)
    gains = [math.exp(-(error - min(errors)) / temperature) for error in errors]
    assert float(losses.pointing(pointing, zeros)) == pytest.approx(
        -math.log(0.5 * gains[0] + 0.5 * gains[1]), rel=1e-5
    )


def test_the_pointing_loss_prefers_a_hint_that_fits_and_leaves_the_rest_to_the_network() -> None:
    zeros = torch.zeros(1, 3, 1, 1)
    for fitting, wanted in ((0.0, 0), (1.0, 1)):
        logits = torch.zeros(1, 2, 1, 1, requires_grad=True)
        colors = torch.full((1, 1, 3), fitting)
        made = Pointing(zeros, zeros + 0.8, logits, colors, torch.ones(1, 1, 1, 1))
        losses.pointing(made, zeros).backward()
        assert logits.grad is not None
        assert int(logits.grad.flatten().argmin()) == wanted  # it is raised


def test_fitted_by_hand() -> None:
    """Two colours, three pixels, the last half under ink: the first colour is (1 * .8 + .2 * .4) / (.8 + .2), ..."""
    shares = torch.tensor([[0.8, 0.2, 0.0], [0.2, 0.8, 1.0]]).view(1, 2, 1, 3)
    light = torch.tensor([1.0, 1.0, 0.5]).view(1, 1, 1, 3)
    color = torch.tensor([1.0, 0.4, 0.3]).view(1, 1, 1, 3).expand(1, 3, 1, 3) - 1  # 1 is half way to white
    colors, areas = losses.fit(shares, light, color)
    one = (0.8 * 1.0 + 0.2 * 0.4) / 1.0
    other = (0.2 * 1.0 + 0.8 * 0.4 + 1.0 * 0.3) / (0.2 + 0.8 + 0.5)
    torch.testing.assert_close(colors, torch.tensor([one, other])[None, :, None].expand(1, 2, 3) - 1)
    torch.testing.assert_close(areas, torch.tensor([[1.0, 1.5]]) / 3)
    errors = [abs(0.8 * one + 0.2 * other - 1.0), abs(0.2 * one + 0.8 * other - 0.4), abs(other * 0.5 - 0.3)]
    roots = math.sqrt(1.0 / 3) + math.sqrt(2.0 / 3)
    assert losses.fitted(shares, light, color).item() == pytest.approx(sum(errors) / 3 + losses.FEW * roots)
    unsure = 2 * (1 - 0.8**2 - 0.2**2) / 3
    alike = losses.fitted(shares, light, color, sure=0.5)
    assert alike.item() == pytest.approx(sum(errors) / 3 + losses.FEW * roots + 0.5 * unsure)


def picture_of(*colors: float) -> torch.Tensor:
    """(1, 3, 4, 4 N): grey colours in [-1, 1], each on a square of sixteen pixels."""
    return torch.tensor(colors).repeat_interleave(4).expand(1, 3, 4, -1).clone()


def test_pairs_by_hand() -> None:
    """Three lit squares, two of one colour, and one in ink: each pair twice, and each square with itself."""
    color, light = picture_of(0.5, 0.5, -0.5, 0.9), torch.ones(1, 1, 4, 16)
    light[..., 12:] = 0.5
    first = torch.tensor([0.9, 0.6, 0.2, 0.5]).repeat_interleave(4).expand(1, 1, 4, 16)
    shares = torch.cat([first, 1 - first], dim=1)

    def same(one: float, other: float) -> float:
        return one * other + (1 - one) * (1 - other)

    least = losses.LEAST_CHANCE
    agree = -sum(math.log(same(*pair) + least) for pair in [(0.9, 0.9), (0.6, 0.6), (0.2, 0.2), *2 * [(0.9, 0.6)]])
    differ = -2 * sum(math.log(1 - same(*pair) + least) for pair in [(0.9, 0.2), (0.6, 0.2)])
    expected = (differ + losses.AGREE * agree) / 9
    assert losses.pairs(shares, light, color, 0).item() == pytest.approx(expected, rel=1e-5)
    dark = torch.zeros_like(light)
    both = losses.pairs(*(torch.cat(each) for each in ((shares, shares), (light, dark), (color, color))), 0)
    assert both.item() == pytest.approx(expected / 2, rel=1e-5)  # a mean over pictures, of which one says nothing
    half = torch.full((1, 1, 4, 16), 0.95)  # a shade of ink, which changes no colour
    assert losses.pairs(shares, torch.minimum(light, half), (color + 1) * half - 1, 0).item() == pytest.approx(
        expected, rel=1e-5
    )


def test_pairs_look_at_every_pixel_in_turn_and_at_no_more_than_a_lattice_of_them() -> None:
    """Of 32 x 48 pixels one of six; one in a colour that is not its own is seen in one of six steps."""
    color, light = torch.zeros(1, 3, 32, 48), torch.ones(1, 1, 32, 48)
    for y, x in ((0, 0), (5, 2), (31, 47)):
        shares = torch.zeros(1, 2, 32, 48)
        shares[:, 0] = 1
        shares[:, :, y, x] = torch.tensor([0.0, 1.0])
        found = [losses.pairs(shares, light, color, step).item() for step in range(6)]
        least = -losses.AGREE * math.log(1 + losses.LEAST_CHANCE)  # where all is well
        seen = [value > least + 1e-4 for value in found]
        assert sum(seen) == 1
        assert seen.index(True) == y % 2 + 2 * (x % 3)
        once = 2 * (256 - 1) / 256**2 * losses.AGREE * -math.log(losses.LEAST_CHANCE)
        assert max(found) == pytest.approx(once, rel=0.05)


def test_pairs_part_what_fitting_has_given_up() -> None:
    """Two areas that have become one colour, all but for e^-10 of a share: the gradient of what fits has faded."""
    color, light = picture_of(0.5, -0.5), torch.ones(1, 1, 4, 8)
    found = {}
    for name in ("fitted", "pairs"):
        logits = torch.zeros(1, 2, 4, 8)
        logits[:, 0] = 10.0
        logits.requires_grad_()
        shares = logits.softmax(dim=1)
        loss = losses.fitted(shares, light, color) if name == "fitted" else losses.pairs(shares, light, color, 0)
        (gradient,) = torch.autograd.grad(loss, logits)
        found[name] = float(gradient[0, 1, 0, 0].abs())
    assert found["pairs"] > 10 * found["fitted"]


def test_fitted_with_shade_by_hand() -> None:
    """A colour of .5 that is lighter by .2 in one pixel and darker by .2 in the other."""
    shares, light = torch.ones(1, 1, 1, 2), torch.ones(1, 1, 1, 2)
    color = torch.tensor([0.7, 0.3]).view(1, 1, 1, 2).expand(1, 3, 1, 2)
    shade = torch.tensor([0.2, -0.2]).view(1, 1, 1, 2)
    assert losses.fitted(shares, light, color, shade).item() == pytest.approx(losses.FEW, abs=1e-6)
    assert losses.fitted(shares, light, color, -shade).item() == pytest.approx(0.4 + losses.FEW, abs=1e-6)


def test_fitted_asks_for_no_colour() -> None:
    """0 for every colouring of the areas that are told apart, in ink and out of it; an area in two colours costs."""
    torch.manual_seed(0)
    areas = torch.randint(3, (4, 1, 8, 8))
    shares = torch.zeros(4, 3, 8, 8).scatter_(1, areas, 1.0)
    light = torch.rand(4, 1, 8, 8)
    colors = torch.rand(4, 3, 3) * 2 - 1
    color = (torch.einsum("bkhw,bkc->bchw", shares, colors) + 1) * light - 1
    roots = losses.FEW * shares.mean(dim=(2, 3)).sqrt().sum(dim=1).mean().item()
    assert losses.fitted(shares, light, color).item() == pytest.approx(roots)
    assert losses.fitted(shares.flip(1), light, color).item() == pytest.approx(roots)
    merged = torch.cat([shares[:, :1] + shares[:, 1:2], shares[:, 2:]], dim=1)
    assert losses.fitted(merged, light, color).item() > 0.05
    split = torch.cat([shares[:, :1] / 2, shares[:, :1] / 2, shares[:, 1:]], dim=1)
    assert losses.fitted(split, light, color).item() > roots * 1.05  # one colour where one is enough
