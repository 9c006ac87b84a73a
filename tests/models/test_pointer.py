"""A network that points: hints are grouped by colour, mixed by attention, and never regressed."""

import pytest
import torch
from torch import Tensor

from gan.models import pointer
from gan.models.pointer import Features, Pointer, group_colors
from gan.models.unet import UNet


def pointer_of(features: int, *, inked: bool) -> Pointer:
    network = UNet(in_channels=1, out_channels=4 + features, width=4, depth=2)
    return Pointer(network, features=features, inked=inked)


@pytest.fixture
def network() -> Pointer:
    torch.manual_seed(0)
    return pointer_of(4, inked=True).eval()


def condition(*dabs: tuple[int, int, tuple[float, float, float]]) -> Tensor:
    """(1, 5, 16, 16): a drawing of one line, and single pixels of colour."""
    x = torch.zeros(1, 5, 16, 16)
    x[:, 0] = 1
    x[:, 0, :, 8] = -1
    for row, column, color in dabs:
        x[0, 1:4, row, column] = torch.tensor(color)
        x[0, 4, row, column] = 1
    return x


RED, BLUE = (1.0, -1.0, -1.0), (-1.0, -1.0, 1.0)


def test_colours_are_grouped_picture_by_picture() -> None:
    two = condition((2, 3, RED), (4, 5, BLUE), (6, 7, RED))[:, 1:]
    one = condition((1, 1, BLUE))[:, 1:]
    none = condition()[:, 1:]
    marks, colors = group_colors(torch.cat([two, one, none]))
    assert marks.shape == (3, 2, 16, 16)
    assert colors[0].tolist() == [list(BLUE), list(RED)]
    assert marks[0, 0].nonzero().tolist() == [[4, 5]]
    assert marks[0, 1].nonzero().tolist() == [[2, 3], [6, 7]]
    assert colors[1, 0].tolist() == list(BLUE)
    assert marks.sum(dim=(2, 3)).tolist() == [[1, 2], [1, 0], [0, 0]]
    assert group_colors(none)[0].shape == (1, 0, 16, 16)


def test_of_too_many_colours_those_with_most_pixels_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pointer, "MOST_COLORS", 2)
    hint = condition((0, 0, RED), (0, 1, RED), (3, 3, (0.5, 0.5, 0.5)), (5, 5, BLUE), (5, 6, BLUE), (5, 7, BLUE))[:, 1:]
    marks, colors = group_colors(hint)
    assert colors[0].tolist() == [list(BLUE), list(RED)]
    assert marks.sum(dim=(2, 3)).tolist() == [[3, 2]]


def test_without_hints_it_is_its_own_network_under_the_lines(network: Pointer) -> None:
    x = condition()
    with torch.no_grad():
        pointing = network.point(x)
        seen = network.look(x[:, :1])
    assert torch.allclose(pointing.picture, pointing.alone, atol=1e-6)
    paper = x[0, 0] > 0
    assert torch.allclose(pointing.picture[0][:, paper], seen.color[0][:, paper], atol=1e-6)
    assert (pointing.picture[0][:, ~paper] == -1).all()


def test_a_changed_colour_changes_the_picture_by_its_attention_alone(network: Pointer) -> None:
    """Where to point does not depend on the colour: one that was never trained with works as well."""
    red, other = (condition((2, 3, color), (4, 12, BLUE)) for color in (RED, (0.3, 0.1, -0.2)))
    with torch.no_grad():
        before, after = network.point(red), network.point(other)
    which = before.colors[0].tolist().index(list(RED))
    attention = before.logits.softmax(dim=1)[0, which]
    step = torch.tensor([0.3 - 1, 0.1 + 1, -0.2 + 1])
    expected = attention * step[:, None, None] * before.share[0]
    assert torch.allclose(after.picture - before.picture, expected[None], atol=1e-5)


def test_pixels_point_at_the_hint_that_they_are_like(network: Pointer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Left of the line all is like the first hint, right of it like the second, and the last row is like none."""
    keys, none = torch.zeros(1, 4, 16, 16), torch.full((1, 1, 16, 16), -20.0)
    keys[:, 0, :, :8], keys[:, 1, :, 8:] = 5, 5
    none[..., 15, :] = 50
    own = torch.full((1, 3, 16, 16), 0.25)
    monkeypatch.setattr(network, "look", lambda line: Features(own, keys, none))
    with torch.no_grad():
        picture = network(condition((2, 3, RED), (4, 12, BLUE)))[0]
    assert torch.allclose(picture[:, :15, :8], torch.tensor(RED)[:, None, None].expand(3, 15, 8), atol=1e-4)
    assert torch.allclose(picture[:, :15, 9:], torch.tensor(BLUE)[:, None, None].expand(3, 15, 7), atol=1e-4)
    assert torch.allclose(picture[:, 15, :8], torch.tensor(0.25), atol=1e-4)
    assert (picture[:, :, 8] == -1).all()


def test_pictures_without_ink_have_none_multiplied_in() -> None:
    torch.manual_seed(0)
    bare = pointer_of(4, inked=False).eval()
    with torch.no_grad():
        assert (bare(condition())[0, :, :, 8] > -1).any()
