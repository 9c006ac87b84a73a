"""Fill and bleed, counted by hand."""

import pytest
import torch
from torch import Tensor

from gan.metrics.filling import fill_and_bleed, merged

RED, BLUE, NEAR_RED, WHITE = (50.0, 60.0, 40.0), (40.0, 20.0, -60.0), (51.5, 62.0, 41.0), (100.0, 0.0, 0.0)
"""CIELAB; NEAR_RED is 1.6 CIEDE2000 from RED by scikit-image, the others more than 40 from one another."""
COLORS = {"r": RED, "b": BLUE, "n": NEAR_RED, ".": WHITE}


def picture(*rows: str) -> Tensor:
    """(1, 3, H, W)."""
    return torch.tensor([[COLORS[each] for each in row] for row in rows]).permute(2, 0, 1)[None].double()


def areas(*maps: tuple[str, ...]) -> Tensor:
    """(1, M, H, W): the pixels marked x."""
    return torch.tensor([[[each == "x" for each in row] for row in rows] for rows in maps])[None]


def hints(*colors: tuple[float, ...]) -> Tensor:
    """(1, M, 3)."""
    return torch.tensor(colors).double()[None]


LEFT, RIGHT = ("xx..", "xx.."), ("...x", "...x")
TRUE = picture("rr.b", "rr.b")


def test_the_truth_fills_and_does_not_bleed() -> None:
    fill, bleed = fill_and_bleed(TRUE, TRUE, areas(LEFT, RIGHT), hints(RED, BLUE))
    assert fill.tolist() == [[1, 1]]
    assert bleed.tolist() == [[0, 0]]


def test_what_is_missing_and_what_pours() -> None:
    """Red lacks one of its 4 pixels, and takes 1 pixel of paper and 1 of blue's 2."""
    fill, bleed = fill_and_bleed(picture("r.rr", "rn.b"), TRUE, areas(LEFT, RIGHT), hints(RED, BLUE))
    assert fill.tolist() == [[3 / 4, 1 / 2]]
    assert bleed.tolist() == [[2 / 4, 0]]


def test_a_colour_that_the_truth_has_there_too_is_no_bleed() -> None:
    """Red on the paper pixel that is truly almost red is no fault; on the blue ones it is."""
    true = picture("rrnb", "rr.b")
    fill, bleed = fill_and_bleed(picture("rrrr", "rr.b"), true, areas(LEFT, RIGHT), hints(RED, BLUE))
    assert (fill.tolist(), bleed.tolist()) == ([[1, 1 / 2]], [[1 / 4, 0]])


def test_a_pixel_is_counted_for_the_nearest_hint_alone() -> None:
    """Paper painted NEAR_RED is within 5 of both hints, and the bleed of the nearer one."""
    true = picture("rr.n", "rr.n")
    fill, bleed = fill_and_bleed(picture("rrnn", "rr.n"), true, areas(LEFT, RIGHT), hints(RED, NEAR_RED))
    assert (fill.tolist(), bleed.tolist()) == ([[1, 1]], [[0, 1 / 2]])


def test_hints_without_an_area_say_nothing_and_take_nothing() -> None:
    none = ("....", "....")
    fill, bleed = fill_and_bleed(picture("rrnb", "rr.b"), TRUE, areas(LEFT, none), hints(RED, NEAR_RED))
    assert fill[0, 0] == 1
    assert bleed[0, 0] == 1 / 4  # the second would have been nearer
    assert fill[0, 1].isnan()
    assert bleed[0, 1].isnan()


def test_hints_of_one_colour_have_one_area() -> None:
    three = areas(LEFT, ("..x.", "...."), RIGHT)
    together = merged(three, hints(RED, BLUE, RED))
    assert torch.equal(together, areas(("xx.x", "xx.x"), ("..x.", "...."), ("....", "....")))
    assert torch.equal(merged(three, hints(RED, BLUE, NEAR_RED)), three)
    gone = areas(("....", "...."), LEFT)  # the first is not there: the second is the first of its colour
    assert torch.equal(merged(gone, hints(RED, RED)), gone)


def test_pictures_of_a_batch_do_not_meet() -> None:
    one = fill_and_bleed(picture("r.rr", "rn.b"), TRUE, areas(LEFT, RIGHT), hints(RED, BLUE))
    other = fill_and_bleed(picture("bbbb", "bb.b"), TRUE, areas(LEFT, RIGHT), hints(RED, BLUE))
    both = fill_and_bleed(
        torch.cat([picture("r.rr", "rn.b"), picture("bbbb", "bb.b")]),
        TRUE.expand(2, -1, -1, -1),
        areas(LEFT, RIGHT).expand(2, -1, -1, -1),
        hints(RED, BLUE).expand(2, -1, -1),
    )
    assert other[0].tolist() == [[0, 1]]
    assert other[1].tolist() == [[0, 5 / 2]]
    for value, apart in zip(both, zip(one, other, strict=True), strict=True):
        assert torch.equal(value, torch.cat(apart))


def test_the_colours_of_these_tests_are_as_far_apart_as_they_say() -> None:
    color = pytest.importorskip("skimage.color")
    assert color.deltaE_ciede2000(RED, NEAR_RED) == pytest.approx(1.6, abs=0.1)
    for one, other in ((RED, BLUE), (RED, WHITE), (BLUE, WHITE)):
        assert color.deltaE_ciede2000(one, other) > 40


def test_every_pixel_that_matters_is_looked_at() -> None:
    """Random pictures of like colours, against scikit-image on every pixel and every hint."""
    color = pytest.importorskip("skimage.color")
    random = torch.Generator().manual_seed(0)
    low, high = torch.tensor([0.0, -20, -20]), torch.tensor([100.0, 20, 20])
    hint = (low + (high - low) * torch.rand(1, 6, 3, generator=random)).double()
    nearby = hint[0, torch.randint(6, (2, 40, 40), generator=random)].permute(0, 3, 1, 2)
    lab, true = nearby[:1] + 4 * torch.randn(1, 3, 40, 40, generator=random), nearby[1:]
    number = torch.randint(6, (40, 40), generator=random)
    own = number[None] == torch.arange(6)[:, None, None]
    fill, bleed = fill_and_bleed(lab, true, own[None], hint)
    to_hints, to_true = (
        torch.stack(
            [
                torch.from_numpy(
                    color.deltaE_ciede2000(each.expand(40, 40, 3).numpy(), part[0].permute(1, 2, 0).numpy())
                )
                for each in hint[0]
            ]
        )
        for part in (lab, true)
    )
    fault = (to_hints <= 5) & (to_hints.argmin(0) == torch.arange(6)[:, None, None]) & ~own & (to_true >= 20)
    assert fault.sum() > 100
    torch.testing.assert_close(fill[0], ((to_hints <= 5) & own).sum((1, 2)) / own.sum((1, 2)).double())
    torch.testing.assert_close(bleed[0], fault.sum((1, 2)) / own.sum((1, 2)).double())
