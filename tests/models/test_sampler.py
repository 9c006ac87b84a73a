"""A generator that draws: pictures are mixtures of the colours of their noise, by shares that noise does not touch."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from gan.models.pointer import Pointer
from gan.models.sampler import Apart, Palette, Sampler
from gan.models.unet import UNet


class Halves(UNet):
    """The left half is of the first of two colours, the right half of the second; and E = 1 more channel."""

    def __init__(self, sure: float = 20.0) -> None:
        super().__init__(width=1, depth=2, norm="none")
        self.sure = sure

    def encode(self, x: Tensor) -> list[Tensor]:
        return [x, x.new_ones(len(x), 2, 1, 1)]

    def decode(self, levels: Sequence[Tensor]) -> Tensor:
        x = levels[0]
        first = self.sure * torch.ones_like(x[:, :1])
        first[..., x.shape[-1] // 2 :] *= -1
        return torch.cat([first, -first, 0.5 * torch.ones_like(first)], dim=1)


def sampler_of(network: UNet, *, colors: int, inked: bool) -> Sampler:
    torch.manual_seed(0)
    return Sampler(network, noise=3, colors=colors, inked=inked).eval()


def palette_of(colors: int, noise: int = 3, features: int = 5) -> Palette:
    torch.manual_seed(0)
    return Palette(noise=noise, colors=colors, features=features)


def test_each_pixel_has_the_colour_that_noise_draws_for_its_share() -> None:
    network = sampler_of(Halves(), colors=2, inked=False)
    noise = torch.randn(2, 9)
    with torch.no_grad():
        picture = network(torch.ones(2, 1, 4, 8), noise)
        palette = network.palette(noise, F.layer_norm(torch.ones(2, 2), (2,))).palette
        mixed = sampler_of(Halves(0.5), colors=2, inked=False)(torch.ones(2, 1, 4, 8), noise)
    assert picture.shape == (2, 4, 4, 8)
    torch.testing.assert_close(picture[:, :3, 0, 0], palette[:, 0])
    torch.testing.assert_close(picture[:, :3, 3, 7], palette[:, 1])
    torch.testing.assert_close(picture[:, 3], torch.full((2, 4, 8), 0.5).tanh())
    share = torch.tensor([0.5, -0.5]).softmax(0)
    torch.testing.assert_close(mixed[:, :3, 0, 0], share[0] * palette[:, 0] + share[1] * palette[:, 1])


def test_ink_is_multiplied_in_where_pictures_have_it() -> None:
    x = torch.tensor([1.0, 0.0, -1.0, 1.0]).view(1, 1, 1, 4)
    with torch.no_grad():
        inked = sampler_of(Halves(), colors=2, inked=True)(x, torch.ones(1, 9))[0, :3, 0]
        bare = sampler_of(Halves(), colors=2, inked=False)(x, torch.ones(1, 9))[0, :3, 0]
    torch.testing.assert_close(inked[:, 1] + 1, (bare[:, 1] + 1) / 2)
    assert (inked[:, 2] == -1).all()
    torch.testing.assert_close(inked[:, 3], bare[:, 3])


class Lit(Halves):
    """As `Halves`, every other column lighter and the others darker, and the left half lighter all over."""

    def decode(self, levels: Sequence[Tensor]) -> Tensor:
        said = super().decode(levels)
        said[:, 2] = torch.tensor([0.3, -0.1, 0.3, -0.1, 0.1, -0.1, 0.1, -0.1]).atanh()
        return said


def test_shade_is_about_each_colour() -> None:
    """Columns differ by what the network says, and the mean over a colour's area is the colour that is drawn."""
    torch.manual_seed(0)
    network = Sampler(Lit(), noise=3, colors=2, inked=False, shaded=True).eval()
    noise = torch.randn(2, 9)
    with torch.no_grad():
        drawn = network.draw(torch.ones(2, 1, 4, 8), noise)
    shade = torch.tensor([0.2, -0.2, 0.2, -0.2, 0.1, -0.1, 0.1, -0.1]).expand(2, 1, 4, 8)
    torch.testing.assert_close(drawn.shade, shade, atol=1e-6, rtol=0)
    left, right = drawn.colors.palette.unbind(dim=1)
    torch.testing.assert_close(drawn.color[:, :, 0, 0], (left + 0.2).clamp(-1, 1), atol=1e-6, rtol=0)
    torch.testing.assert_close(drawn.color[:, :, 0, 7], (right - 0.1).clamp(-1, 1), atol=1e-6, rtol=0)
    assert drawn.more.shape == (2, 0, 4, 8)


def test_untrained_colours_are_spread_and_nearly_paints() -> None:
    palette = palette_of(colors=6)
    with torch.no_grad():
        colors = palette(torch.randn(500, 21), torch.zeros(500, 5)).palette
        paints = torch.tanh(palette.paints)
    assert colors.std(dim=0).min() > 0.25  # each of them by noise
    nearest = torch.cdist(colors.view(-1, 3), paints).amin(dim=1)
    assert nearest.median() < 0.15  # of an even mixture .8


def test_a_colour_depends_on_its_own_noise_and_on_what_all_share() -> None:
    palette = palette_of(colors=4)
    noise = torch.randn(8, 15)
    own, shared = noise.clone(), noise.clone()
    own[:, 3 + 2 * 3 : 3 + 3 * 3] = torch.randn(8, 3)  # of the third
    shared[:, :3] = torch.randn(8, 3)
    with torch.no_grad():
        before, changed, all_changed = (palette(each, torch.ones(8, 5)).palette for each in (noise, own, shared))
    difference = (changed - before).abs().amax(dim=(0, 2))
    assert difference[2] > 0.1
    assert (difference[[0, 1, 3]] == 0).all()
    assert ((all_changed - before).abs().amax(dim=(0, 2)) > 0.1).all()


def test_a_drawing_has_a_say_once_it_is_learned() -> None:
    palette = palette_of(colors=2)
    noise = torch.randn(8, 9)
    with torch.no_grad():
        assert torch.equal(palette(noise, torch.zeros(8, 5)).palette, palette(noise, torch.ones(8, 5)).palette)
        palette.says.weight[7] = 100.0  # the first colour is the eighth paint where a drawing has features
        colors = palette(noise, torch.ones(8, 5)).palette
    torch.testing.assert_close(colors[:, 0], torch.tanh(palette.paints[7]).expand(8, 3))


def test_layers_apart_are_linear_layers() -> None:
    torch.manual_seed(0)
    layer = Apart(3, 4, 5, 2.0)
    x = torch.randn(3, 7, 4)
    for number in range(3):
        expected = torch.nn.functional.linear(x[number], layer.weight[number].T, layer.bias[number, 0])
        torch.testing.assert_close(layer(x)[number], expected)


def test_a_network_that_points_draws_where_no_hint_is() -> None:
    """Noise changes its own colours, and neither where it points nor what a hint says."""
    torch.manual_seed(0)
    network = UNet(in_channels=1, out_channels=6 + 4 + 1, width=4, depth=2)
    pointer = Pointer(Sampler(network, noise=3, colors=6, inked=False), features=4, inked=True).eval()
    condition = torch.zeros(1, 5, 16, 16)
    condition[:, 0] = 1
    condition[:, 1:, 3, 4] = torch.tensor([1.0, -1.0, 0.5, 1.0])
    with torch.no_grad():
        first, second = (pointer.point(condition, noise) for noise in torch.randn(2, 1, 21))
    assert torch.equal(first.logits, second.logits)
    assert torch.equal(first.hints, second.hints)
    assert not torch.allclose(first.alone, second.alone, atol=0.05)
    attention = first.logits.softmax(dim=1)
    change = attention[:, 1:] * (second.alone - first.alone)
    torch.testing.assert_close(second.picture - first.picture, change, atol=1e-5, rtol=1e-4)


def test_every_weight_is_trained() -> None:
    network = Sampler(UNet(in_channels=1, out_channels=5, width=4, depth=2), noise=3, colors=5, inked=True)
    network(torch.rand(2, 1, 16, 16), torch.randn(2, 18)).square().mean().backward()
    gradients = [parameter.grad for parameter in network.parameters()]
    assert all(gradient is not None and float(gradient.abs().sum()) > 0 for gradient in gradients)
