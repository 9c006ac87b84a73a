"""Simulated hints: their laws, and that every draw is a function of its generator, the picture and the count."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from gan import seeds
from gan.config import Augment, HintKind, Hints
from gan.data.avatars import AvatarPictures, Characters
from gan.hints.encoding import Floats
from gan.hints.laws import CORE, Numbers, View
from gan.hints.simulate import Draw, draw, simulate, simulator_of

KINDS: tuple[HintKind, ...] = ("regions", "points", "strokes", "zhang2017", "alacgan2018", "paintstorch2019")


@pytest.fixture(scope="module")
def view(small_characters: Characters) -> View:
    """Eight characters of 32 px in their colours."""
    pictures = AvatarPictures(small_characters, "val", 1.0, Augment())
    samples = [pictures.samples([index], [seeds.rng(0, "sample", index)], training=False)[0] for index in range(8)]
    return View(
        np.stack([sample.line for sample in samples]),
        np.stack([sample.color for sample in samples]),
        np.stack([sample.regions for sample in samples if sample.regions is not None]),
    )


def draws_of(hints: Hints, number: int, count: int | None = None) -> list[Draw]:
    return [draw(hints, seeds.rng(7, "hints", index), 3, count) for index in range(number)]


def part(view: View, index: int) -> View:
    regions = None if view.regions is None else view.regions[index : index + 1]
    return View(view.line[index : index + 1], view.color[index : index + 1], regions)


@pytest.mark.parametrize("kind", KINDS)
def test_a_hint_is_a_function_of_its_generator_and_its_picture(view: View, kind: HintKind) -> None:
    hints = Hints(kind=kind, without=0.0)
    together = simulate(hints, draws_of(hints, 8), view)
    assert torch.equal(together, simulate(hints, draws_of(hints, 8), view))
    alone = [simulate(hints, [each], part(view, index)) for index, each in enumerate(draws_of(hints, 8))]
    assert torch.equal(together, torch.cat(alone))
    assert together.shape == (8, 4, 32, 32)
    mask = together[:, 3:]
    assert 0 < mask.mean() < 0.9
    assert torch.equal(together[:, :3] * mask, together[:, :3])
    assert together.abs().max() <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_sets_are_nested(view: View, kind: HintKind) -> None:
    """The first two of five are the two: the mask only grows."""
    hints = Hints(kind=kind)
    masks = [simulate(hints, draws_of(hints, 8, count), view)[:, 3] for count in (0, 1, 2, 5, 10)]
    assert (masks[0] == 0).all()
    assert all((larger >= smaller).all() for smaller, larger in pairwise(masks))
    assert all((mask.flatten(1).sum(1) > 0).all() for mask in masks[1:])
    five, two = (draws_of(hints, 1, count)[0] for count in (5, 2))
    np.testing.assert_array_equal(five.numbers[:2], two.numbers)


def hinted_regions(view: View, hint: Tensor) -> Tensor:
    assert view.regions is not None
    return ((torch.from_numpy(view.regions) >= CORE) & (hint[:, 3:] > 0)).flatten(2).any(2)


def test_region_hints_lie_on_cores_in_their_colors(view: View) -> None:
    hints = Hints(kind="regions", dab=(3, 9), dabs=(1, 3))
    for count in (1, 2, 3):
        hint = simulate(hints, draws_of(hints, 8, count), view)
        assert (hinted_regions(view, hint).sum(1) == count).all()
        mask = hint[:, 3:] > 0
        assert view.regions is not None
        assert (view.regions.max(1, keepdims=True)[mask.numpy()] >= CORE).all()
        difference = (hint[:, :3] - torch.from_numpy(view.color)).abs()[mask.expand(-1, 3, -1, -1)]
        assert difference.max() < 0.06  # fills are flat; coverage of .98 leaves a little of the neighbour
    ten = simulate(hints, draws_of(hints, 8, 10), view)  # another round through the regions
    assert (hinted_regions(view, ten).sum(1) == 3).all()


def test_dabs_have_the_sizes_and_numbers_that_were_asked_for(view: View) -> None:
    whole = View(view.line, view.color, np.ones((8, 1, 32, 32), np.float32))
    five = Hints(kind="regions", dab=(5, 5), dabs=(1, 1))
    one = simulate(five, draws_of(five, 8, 1), whole)
    areas = one[:, 3].flatten(1).sum(1)
    assert (areas <= 25).all()
    assert (areas == 25).any()
    sizes: Counter[int] = Counter()
    hints = Hints(kind="regions", dab=(1, 3), dabs=(1, 1))
    for index in range(40):
        mask = simulate(hints, [draw(hints, seeds.rng(index), 1, 1)], part(whole, 0))[0, 3]
        sizes[int(mask.sum())] += 1
    assert {1, 4, 9} <= set(sizes)


def test_regions_that_cannot_be_seen_are_not_hinted(view: View) -> None:
    assert view.regions is not None
    hidden = view.regions.copy()
    hidden[:, 0] = 0
    hints = Hints(kind="regions")
    seen = View(view.line, view.color, hidden)
    for count, expected in ((1, 1), (2, 2), (3, 2)):
        hint = simulate(hints, draws_of(hints, 8, count), seen)
        assert (hinted_regions(seen, hint).sum(1) == expected).all()
    nothing = View(view.line, view.color, np.zeros_like(hidden))
    assert (simulate(hints, draws_of(hints, 8, 2), nothing) == 0).all()


def test_regions_must_be_known(view: View) -> None:
    hints = Hints(kind="regions")
    with pytest.raises(ValueError, match="regions are known"):
        simulate(hints, draws_of(hints, 8, 1), View(view.line, view.color, None))


def counts(hints: Hints, number: int = 4000) -> np.ndarray:
    return np.array([draw(hints, seeds.rng(1, "count", index), 3).count for index in range(number)])


@pytest.mark.parametrize(
    ("hints", "mean", "none"),
    [
        (Hints(kind="regions"), 1.5, 0.25),  # uniform in 0..3
        (Hints(kind="regions", share=0.8), 2.4, 0.008),  # binomial
        (Hints(kind="points"), 7.0, 0.125),  # geometric with p = 1/8
        (Hints(kind="zhang2017"), 7.0, 0.125),
        (Hints(kind="points", without=0.5), 3.5, 0.5625),
        (Hints(kind="alacgan2018"), 128 * 128 * 0.005 * np.sqrt(2 / np.pi) / 2, 0.5),  # half-normal, half without
        (Hints(kind="paintstorch2019"), 59.5 / 2, 0.5 + 0.5 / 120),  # uniform in 0..119, half without
    ],
    ids=lambda value: value.kind if isinstance(value, Hints) else "",
)
def test_numbers_of_hints_follow_their_laws(hints: Hints, mean: float, none: float) -> None:
    drawn = counts(hints)
    assert drawn.mean() == pytest.approx(mean, rel=0.07)
    assert (drawn == 0).mean() == pytest.approx(none, abs=0.025)
    if hints.kind == "regions":
        assert set(drawn) == {0, 1, 2, 3}  # every number occurs


def test_points_have_the_mean_color_of_their_patch(view: View) -> None:
    color = torch.rand(8, 3, 32, 32) * 2 - 1
    noisy = View(np.ones((8, 1, 32, 32), np.float32), color.numpy(), None)
    for kind in ("points", "zhang2017"):
        hints = Hints(kind=kind)
        hint = simulate(hints, draws_of(hints, 8, 1), noisy)
        for index in range(8):
            rows, columns = hint[index, 3].nonzero().unbind(1)
            top, left, side = int(rows.min()), int(columns.min()), int(rows.max() - rows.min()) + 1
            assert len(rows) == side**2  # a whole square
            assert 1 <= side <= 9
            patch = color[index, :, top : top + side, left : left + side]
            painted = hint[index, :3, top : top + side, left : left + side]
            torch.testing.assert_close(painted, patch.mean((1, 2), keepdim=True).expand_as(painted))


def places(hints: Hints, line: Floats, number: int = 3000) -> Floats:
    """(2, N) middles of single hints on one drawing of 32 px."""
    draws = [draw(hints, seeds.rng(2, "place", index), 0, 1) for index in range(number)]
    law = simulator_of(hints)
    uniform = np.concatenate([each.numbers for each in draws])
    numbers = Numbers(uniform, np.zeros(number, np.int64), np.arange(number), np.zeros((1, 8)))
    dabs = law.dabs(numbers, View(line, np.zeros((1, 3, 32, 32)), None))
    return np.stack([dabs.top + (dabs.side - 1) / 2, dabs.left + (dabs.side - 1) / 2])


def test_places_follow_their_laws() -> None:
    line = np.ones((1, 1, 32, 32))
    line[..., :16] = -1  # the left half is ink
    on_paper = places(Hints(kind="points"), line)
    assert (on_paper[1] >= 11.5).all()  # a patch of 9 px about column 16
    assert on_paper[0].std() > 7
    centred = places(Hints(kind="zhang2017"), line)
    assert centred.mean(1).tolist() == pytest.approx([15.5, 15.5], abs=0.6)
    assert 5 < centred.std() < 8  # a quarter of what is left beside the patch, clipped at the edge
    anywhere = places(Hints(kind="alacgan2018"), line)
    assert anywhere[1].mean() == pytest.approx(15.5, abs=0.6)
    assert anywhere[1].std() == pytest.approx(32 / np.sqrt(12), rel=0.05)


@pytest.mark.parametrize("kind", ["strokes", "alacgan2018", "paintstorch2019"])
def test_a_turned_picture_has_hints_as_large(kind: HintKind) -> None:
    """What is a share of a picture is one of its short side: it does not depend on how the picture is turned."""
    simulator, sides, shifts = simulator_of(Hints(kind=kind)), [], []
    for shape in ((400, 600), (600, 400)):
        blank = View(np.ones((1, 1, *shape), np.float32), np.zeros((1, 3, *shape), np.float32), None)
        uniform = np.random.default_rng(0).random((20, simulator.columns))
        numbers = Numbers(uniform, np.zeros(20, np.int64), np.arange(20), np.zeros((1, 3)))
        dabs = simulator.dabs(numbers, blank)
        sides.append(dabs.side)
        shifts.append(np.diff(dabs.top.reshape(20, -1), axis=1))
    assert np.array_equal(sides[0], sides[1])
    assert np.array_equal(shifts[0], shifts[1])
    least, most = simulator.reach(400)
    assert (sides[0].min(), sides[0].max()) == (least, most)


def test_a_drawing_of_ink_alone_is_hinted_anywhere() -> None:
    assert places(Hints(kind="points"), -np.ones((1, 1, 32, 32)), 200).std() > 5


def test_strokes_stay_on_their_color_and_have_their_width() -> None:
    color = np.ones((8, 3, 64, 64), np.float32)
    color[..., 32:] = -1
    halves = View(np.ones((8, 1, 64, 64), np.float32), color, None)
    hints = Hints(kind="strokes")
    hint = simulate(hints, draws_of(hints, 8, 3), halves)
    mask = hint[:, 3] > 0
    assert (mask[..., 33:] * (hint[:, 0, :, 33:] == 1)).sum() == 0  # half of a width of 2 px may reach over
    assert (mask[..., :31] * (hint[:, 0, :, :31] == -1)).sum() == 0
    one = simulate(hints, draws_of(hints, 8, 1), View(halves.line, np.ones_like(color), None))[:, 3]
    lengths = [max(int(axis.max() - axis.min()) for axis in each.nonzero().unbind(1)) for each in one]
    assert max(lengths) <= 18  # a quarter of the width
    assert np.mean(lengths) > 6  # they are no dots


def test_without_replaces_the_share_of_a_published_law() -> None:
    assert simulator_of(Hints(kind="alacgan2018")).without == 0.5
    assert simulator_of(Hints(kind="alacgan2018", without=0.1)).without == 0.1
    assert (counts(Hints(kind="zhang2017", without=1.0), 50) == 0).all()
    with pytest.raises(ValueError, match="none"):
        simulator_of(Hints())
