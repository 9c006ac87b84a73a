"""The gradient penalty against closed forms."""

import torch

from gan.training.penalties import steepness


def test_of_a_linear_verdict_by_hand() -> None:
    """Logits w . x / 2 and -w . x / 2 + 3 w . x: their mean has the gradient 1.5 w, in every picture."""
    weight = torch.tensor([[[0.5]], [[-1.0]], [[2.0]]])
    picture = torch.rand(2, 3, 4, 5, requires_grad=True)
    verdict = (weight * picture).sum(dim=(1, 2, 3))
    logits = torch.stack([verdict / 2, 2.5 * verdict], dim=1)[:, :, None, None]
    expected = 1.5**2 * (0.25 + 1 + 4) * 20  # summed over 4 x 5 pixels
    torch.testing.assert_close(steepness(logits, picture), torch.full((2,), expected))


def test_a_picture_does_not_weigh_by_its_patches() -> None:
    picture = torch.rand(2, 3, 4, 4, requires_grad=True)
    one = picture.square().mean(dim=(1, 2, 3), keepdim=True)
    many = one.expand(2, 1, 8, 8)
    torch.testing.assert_close(steepness(many, picture), steepness(one, picture))


def test_it_is_the_pictures_own() -> None:
    """The verdict of the second picture is three times as steep: the gradient 2 c x of c |x|^2."""
    picture = torch.rand(2, 3, 4, 4, requires_grad=True)
    scale = torch.tensor([1.0, 3.0], requires_grad=True)
    found = steepness((scale * picture.square().sum(dim=(1, 2, 3)))[:, None], picture)
    squares = picture.detach().square().sum(dim=(1, 2, 3))
    torch.testing.assert_close(found, 4 * scale.detach() ** 2 * squares)
    found.sum().backward()
    torch.testing.assert_close(scale.grad, 8 * scale.detach() * squares)  # a discriminator can be trained on it
