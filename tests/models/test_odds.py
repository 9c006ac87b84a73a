"""Colours by the odds that a drawing says: how often each is drawn, by which numbers, and with what gradients."""

import math

import torch
from torch import Tensor

from gan.models.odds import PACE, TEMPERATURE, Odds


def odds_of(probabilities: list[list[float]]) -> Odds:
    """K x M odds, whatever the drawing."""
    network = Odds(noise=len(probabilities[0]), colors=len(probabilities), features=2)
    with torch.no_grad():
        network.says.bias.copy_(torch.tensor(probabilities).log().flatten())
    return network


def paints_of(network: Odds) -> Tensor:
    return torch.tanh(PACE * network.paints.detach())


def drawn(network: Odds, noise: Tensor) -> Tensor:
    """(B, K) which paint each colour is, exactly."""
    with torch.no_grad():
        palette = network(noise, torch.ones(len(noise), 2)).palette
    same = (palette[:, :, None] - paints_of(network)).abs().amax(dim=3) < 1e-6
    assert (same.sum(dim=2) == 1).all()
    return same.float().argmax(dim=2)


def test_paints_are_drawn_as_often_as_the_drawing_says_and_apart() -> None:
    """Four standard errors of 20,000 draws; joint odds are the products."""
    torch.manual_seed(0)
    network = odds_of([[0.7, 0.2, 0.1], [0.05, 0.05, 0.9]])
    which = drawn(network, torch.randn(20_000, 6))
    expected = torch.tensor([[0.7, 0.2, 0.1], [0.05, 0.05, 0.9]])
    joint = torch.zeros(3, 3)
    for first in range(3):
        for second in range(3):
            joint[first, second] = ((which[:, 0] == first) & (which[:, 1] == second)).float().mean()
    truth = torch.outer(expected[0], expected[1])
    assert ((joint - truth).abs() < 4 * (truth * (1 - truth) / 20_000).sqrt()).all()


def test_a_colour_depends_on_its_own_noise_alone() -> None:
    torch.manual_seed(0)
    network = odds_of([[0.25] * 4] * 3)
    noise = torch.randn(64, 12)
    other = noise.clone()
    other[:, 4:8] = torch.randn(64, 4)
    same = drawn(network, noise) == drawn(network, other)
    assert same[:, [0, 2]].all()
    assert not same[:, 1].all()


def test_the_highest_noise_wins_among_even_odds_and_odds_shift_it_as_gumbel_says() -> None:
    """-log(-log Phi(z)) by the error function; a paint of odds e^d wins where its number is above the other's by -d."""
    below = 0.5 * (1 + math.erf(0.3 / math.sqrt(2)))
    above = 0.5 * (1 + math.erf(0.9 / math.sqrt(2)))
    gap = math.log(-math.log(below)) - math.log(-math.log(above))  # of the second over the first
    for shift, winner in ((gap - 0.01, 1), (gap + 0.01, 0)):
        network = odds_of([[math.exp(shift), 1.0]])
        assert drawn(network, torch.tensor([[0.3, 0.9]])).item() == winner


def test_noise_far_out_draws_too() -> None:
    network = odds_of([[0.5, 0.5]])
    noise = torch.tensor([[-12.0, -11.0], [9.0, 8.0], [-50.0, 50.0]])
    assert drawn(network, noise)[:, 0].tolist() == [1, 0, 1]
    colors = network(noise, torch.ones(3, 2))
    colors.palette.sum().backward()
    assert network.says.bias.grad is not None
    assert network.says.bias.grad.isfinite().all()


def gumbel_of(noise: Tensor) -> Tensor:
    """By the error function, as one colour's."""
    return -torch.log(-torch.log(0.5 * (1 + torch.erf(noise / math.sqrt(2)))))[:, None]


def test_gradients_are_those_of_a_softmax() -> None:
    torch.manual_seed(0)
    network = odds_of([[0.5, 0.3, 0.2]])
    noise, features, weight = torch.randn(5, 3), torch.ones(5, 2), torch.randn(5, 1, 3)
    (network(noise, features).palette * weight).sum().backward()
    found = network.says.bias.grad
    assert found is not None
    chosen = (network.says(features).view(5, 1, 3) + gumbel_of(noise)).argmax(dim=2)
    direct = torch.autograd.grad((torch.tanh(PACE * network.paints)[chosen] * weight).sum(), network.paints)
    torch.testing.assert_close(network.paints.grad, direct[0], atol=1e-5, rtol=1e-4)
    says = network.says(features).view(5, 1, 3).detach().requires_grad_()
    soft = ((says + gumbel_of(noise)) / TEMPERATURE).softmax(dim=2) @ paints_of(network)
    (expected,) = torch.autograd.grad((soft * weight).sum(), says)
    torch.testing.assert_close(found, expected.sum(dim=(0, 1)), atol=1e-5, rtol=1e-4)


def test_a_drawing_says_the_odds() -> None:
    network = odds_of([[0.5, 0.5]])
    with torch.no_grad():
        network.says.weight[1, 0] = 30.0  # the second paint, where the first feature is there
    noise = torch.randn(200, 2)
    with torch.no_grad():
        colors = network(noise, torch.tensor([1.0, 0.0]).expand(200, 2))
    torch.testing.assert_close(colors.palette[:, 0], paints_of(network)[1].expand(200, 3))
    torch.testing.assert_close(colors.says[0, 0, 1] - colors.says[0, 0, 0], torch.tensor(30.0))


def test_paints_begin_evenly_spread() -> None:
    first, second = (Odds(noise=64, colors=2, features=2) for _ in range(2))
    assert torch.equal(first.paints, second.paints)
    paints = paints_of(first)
    assert paints.abs().max() < 0.95
    torch.manual_seed(0)
    anywhere = torch.rand(2000, 3) * 1.8 - 0.9
    assert torch.cdist(anywhere, paints).amin(dim=1).max() < 0.62
