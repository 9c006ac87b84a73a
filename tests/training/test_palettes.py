"""The game of colours: its losses by hand, what it is told of a picture, and that it teaches a distribution."""

import pytest
import torch
from torch import Tensor, nn

from gan.models.critic import PaletteCritic
from gan.models.sampler import Drawn, Palette
from gan.training import palettes
from gan.training.palettes import GAMMA, Palettes


class Linear(PaletteCritic):
    """A critic whose logit is the sum of the colours by their areas, weighted."""

    def __init__(self, weight: Tensor) -> None:
        nn.Module.__init__(self)
        self.weight = nn.Parameter(weight)

    def forward(self, palette: Tensor, areas: Tensor, features: Tensor) -> Tensor:
        return (palette * self.weight * areas[..., None]).sum(dim=(1, 2)) + features[:, 0]


def test_losses_by_hand() -> None:
    torch.manual_seed(0)
    weight = torch.randn(2, 3)
    judge = Linear(weight)
    given = Palettes(torch.rand(4, 2, 3), torch.rand(4, 2, 3), torch.rand(4, 2), torch.randn(4, 1))
    true, drawn = (judge(colors, given.areas, given.features) for colors in (given.true, given.drawn))
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
    drawn = Drawn(color, torch.zeros(1, 3, 3, requires_grad=True), shares, torch.ones(1, 5, requires_grad=True), color)
    given = palettes.palettes_of(drawn, torch.ones(1, 1, 4, 50), color)
    torch.testing.assert_close(given.true[0, :2], torch.tensor([[0.5] * 3, [-0.25] * 3]))
    torch.testing.assert_close(given.areas, torch.tensor([[0.5, 0.49, 0.005]]))
    torch.autograd.backward(palettes.generator(PaletteCritic(colors=3, features=5), given))
    assert shares.grad is None
    assert drawn.features.grad is None
    assert drawn.palette.grad is not None
    assert drawn.palette.grad[0, 2].abs().max() == 0  # nor is a colour that the picture has not
    assert drawn.palette.grad[0, :2].abs().min() > 0


def whole(judge: PaletteCritic, given: Palettes) -> Tensor:
    loss, penalty = palettes.discriminator(judge, given)
    return loss + penalty


def test_it_teaches_which_colours_there_are() -> None:
    """Black or white, one in two: from grey on, most draws are near either after some steps."""
    torch.manual_seed(0)
    network, judge = Palette(noise=2, colors=1, features=1), PaletteCritic(colors=1, features=1)
    with torch.no_grad():
        network.paints.mul_(0.3)
    optimizers = [torch.optim.Adam(part.parameters(), 5e-3, (0.0, 0.99)) for part in (network, judge)]
    for _ in range(300):
        true = torch.randint(2, (32, 1, 1)).expand(32, 1, 3) * 1.6 - 0.8
        drawn = network(torch.randn(32, 4), torch.zeros(32, 1))
        given = Palettes(true, drawn, torch.ones(32, 1), torch.zeros(32, 1))
        for optimizer, loss_of in zip(optimizers, (palettes.generator, whole), strict=True):
            optimizer.zero_grad()
            torch.autograd.backward(loss_of(judge, given))
        for optimizer in optimizers:
            optimizer.step()
    with torch.no_grad():
        colors = network(torch.randn(1000, 4), torch.zeros(1000, 1))[:, 0]
    near = [((colors - value).abs().amax(dim=1) < 0.25).float().mean() for value in (-0.8, 0.8)]
    assert min(near) > 0.25
    assert sum(near) > 0.8
