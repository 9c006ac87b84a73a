"""The game of colours: its losses by hand, what it is told of a picture, and that it teaches a distribution."""

import pytest
import torch
from torch import Tensor, nn

from gan.models.critic import PaletteCritic
from gan.models.odds import Odds
from gan.models.paints import Colors
from gan.models.sampler import Drawn, Palette
from gan.training import palettes
from gan.training.palettes import DEVIATION, GAMMA, Palettes


class Linear(PaletteCritic):
    """A critic whose logit is the sum of the colours by their areas, weighted."""

    def __init__(self, weight: Tensor) -> None:
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight)

    def forward(self, palette: Tensor, areas: Tensor, features: Tensor) -> Tensor:
        return (palette * self.weight * areas[..., None]).sum(dim=(1, 2)) + features[:, 0]


def colors_of(palette: Tensor) -> Colors:
    return Colors(palette, torch.zeros(len(palette), palette.shape[1], 1), torch.zeros(1, 3))


def test_losses_by_hand() -> None:
    torch.manual_seed(0)
    weight = torch.randn(2, 3)
    judge = Linear(weight)
    given = Palettes(torch.rand(4, 2, 3), colors_of(torch.rand(4, 2, 3)), torch.rand(4, 2), torch.randn(4, 1))
    true, drawn = (judge(colors, given.areas, given.features) for colors in (given.true, given.drawn.palette))
    loss, penalty = palettes.discriminator(judge, given)
    assert loss.item() == pytest.approx(torch.log(1 + torch.exp(drawn - true)).mean().item())
    slope = (given.areas.square() @ weight.square().sum(dim=1)).mean()  # the same at both
    assert penalty.item() == pytest.approx(GAMMA * slope.item())
    made = palettes.generator(judge, given)
    assert made.item() == pytest.approx(torch.log(1 + torch.exp(true - drawn)).mean().item())


def test_true_colours_are_those_of_the_picture_and_shares_are_not_trained() -> None:
    shares = torch.zeros(1, 3, 4, 50, requires_grad=True)
    with torch.no_grad():
        shares[:, 0, :, :25] = shares[:, 1, :, 25:] = 1
        shares[:, 1, 0, 25:27] = 0
        shares[:, 2, 0, 25:26] = 1  # half a hundredth of the picture: it has no third colour
    color = torch.cat([torch.full((1, 3, 4, 25), 0.5), torch.full((1, 3, 4, 25), -0.25)], dim=3)
    palette = torch.zeros(1, 3, 3, requires_grad=True)
    drawn = Drawn(color, colors_of(palette), shares, torch.ones(1, 5, requires_grad=True), color, torch.zeros(1))
    given = palettes.palettes_of(drawn, torch.ones(1, 1, 4, 50), color)
    torch.testing.assert_close(given.true[0, :2], torch.tensor([[0.5] * 3, [-0.25] * 3]))
    torch.testing.assert_close(given.areas, torch.tensor([[0.5, 0.49, 0.005]]))
    torch.autograd.backward(palettes.generator(PaletteCritic(colors=3, features=5), given))
    assert shares.grad is None
    assert drawn.features.grad is None
    assert palette.grad is not None
    assert palette.grad[0, 2].abs().max() == 0  # nor is a colour that the picture has not
    assert palette.grad[0, :2].abs().min() > 0


def whole(judge: PaletteCritic, given: Palettes) -> Tensor:
    loss, penalty = palettes.discriminator(judge, given)
    return loss + penalty


@pytest.mark.slow
def test_a_game_teaches_which_colours_occur_together() -> None:
    """Two colours that are alike in every true picture, and any: draws become alike, and do not become one."""
    torch.manual_seed(0)
    network, judge = Palette(noise=2, colors=2, features=1), PaletteCritic(colors=2, features=1)
    optimizers = [torch.optim.Adam(part.parameters(), 2e-3, (0.0, 0.99)) for part in (network, judge)]

    def draws() -> Tensor:
        with torch.no_grad():
            return network(torch.randn(1000, 6), torch.zeros(1000, 1)).palette

    def apart(colors: Tensor) -> float:
        return float((colors[:, 0] - colors[:, 1]).abs().mean())

    before = apart(draws())
    for _ in range(400):
        true = (torch.rand(32, 1, 3) * 1.6 - 0.8).expand(32, 2, 3)
        drawn = network(torch.randn(32, 6), torch.zeros(32, 1))
        given = Palettes(true, drawn, torch.ones(32, 2) / 2, torch.zeros(32, 1))
        for optimizer, loss_of in zip(optimizers, (palettes.generator, whole), strict=True):
            optimizer.zero_grad()
            torch.autograd.backward(loss_of(judge, given))
        for optimizer in optimizers:
            optimizer.step()
    assert apart(draws()) < before / 2
    assert draws().std(dim=0).min() > 0.2


def test_an_eye_has_no_part_in_the_colour_of_a_face() -> None:
    """A tenth of an area is white, and half of it under grey ink: its colour is that of the rest."""
    shares, light = torch.ones(1, 1, 10, 10), torch.ones(1, 1, 10, 10)
    light[..., 5:] = 0.5
    color = torch.tensor([0.5, 0.0, -0.5]).view(1, 3, 1, 1).expand(1, 3, 10, 10).clone()
    color[:, :, 0] = 1
    color = (color + 1) * light - 1
    drawn = Drawn(color, colors_of(torch.zeros(1, 1, 3)), shares, torch.zeros(1, 5), color, torch.zeros(1))
    true = palettes.palettes_of(drawn, light, color).true[0, 0]
    torch.testing.assert_close(true, torch.tensor([0.5, 0.0, -0.5]), atol=1e-3, rtol=0)


def test_a_likelihood_by_hand() -> None:
    """Two paints of odds 3 to 1, one true colour a deviation from the first in one channel; the second is not there."""
    says = torch.tensor([[[3.0, 1.0], [1.0, 1.0]]]).log()
    paints = torch.tensor([[0.0, 0.0, 0.0], [2 * DEVIATION, 0.0, 0.0]])
    true = torch.tensor([[[-DEVIATION, 0.0, 0.0], [1.0, 1.0, 1.0]]])
    given = Palettes(true, Colors(true, says, paints), torch.tensor([[0.5, 0.001]]), torch.zeros(1, 1))
    expected = -torch.log(0.75 * torch.exp(torch.tensor(-0.5)) + 0.25 * torch.exp(torch.tensor(-4.5)))
    assert palettes.likelihood(given).item() == pytest.approx(expected.item())


def test_a_likelihood_teaches_what_a_drawing_says_and_leaves_even_odds_to_noise() -> None:
    """Drawings of feature 1 are red; those of -1 black or white, one in two: noise decides there, and only there."""
    torch.manual_seed(0)
    network = Palette(noise=2, colors=1, features=1)
    optimizer = torch.optim.Adam(network.parameters(), 2e-2)
    red = torch.tensor([0.8, -0.8, -0.8])
    for _ in range(300):
        features = torch.randint(2, (64, 1)) * 2.0 - 1
        either = (torch.randint(2, (64, 1)) * 1.6 - 0.8).expand(64, 3)
        true = torch.where(features > 0, red, either)[:, None]
        colors = network(torch.randn(64, 4), features)
        optimizer.zero_grad()
        torch.autograd.backward(palettes.likelihood(Palettes(true, colors, torch.ones(64, 1), features)))
        optimizer.step()
    with torch.no_grad():
        noise = torch.randn(500, 4)
        certain, open_ = (network(noise, torch.full((500, 1), value)).palette[:, 0] for value in (1.0, -1.0))
    assert (certain - red).abs().amax(dim=1).quantile(0.9) < 0.1
    near = [((open_ - value).abs().amax(dim=1) < 0.1).float().mean() for value in (-0.8, 0.8)]
    assert min(near) > 0.1
    assert sum(near) > 0.7


def test_a_likelihood_teaches_odds_that_are_drawn_exactly() -> None:
    """Three colours, one, two and five of eight drawings: as many draws of each, in exactly these colours."""
    torch.manual_seed(0)
    network = Odds(noise=16, colors=1, features=1)
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    three = torch.tensor([[0.6, -0.5, -0.7], [0.5, -0.1, -0.7], [-0.6, 0.2, 0.8]])  # two are near to each other
    true = three[torch.tensor([0, 1, 1, 2, 2, 2, 2, 2])][:, None]
    for _ in range(1000):
        drawn = network(torch.randn(8, 16), torch.zeros(8, 1))
        optimizer.zero_grad()
        torch.autograd.backward(palettes.likelihood(Palettes(true, drawn, torch.ones(8, 1), torch.zeros(8, 1))))
        optimizer.step()
    with torch.no_grad():
        draws = network(torch.randn(8000, 16), torch.zeros(8000, 1)).palette[:, 0]
    near = torch.cdist(draws, three) < 0.03
    torch.testing.assert_close(near.float().mean(dim=0), torch.tensor([1.0, 2.0, 5.0]) / 8, atol=0.02, rtol=0)
