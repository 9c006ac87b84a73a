"""Free colours, measured with scikit-image."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from skimage.color import deltaE_ciede2000, rgb2lab

from gan import seeds
from gan.arrays import Floats
from gan.config import Augment, Data, Experiment, Hints
from gan.data import gamut, sources
from gan.data.avatars import AvatarPictures, Characters
from gan.data.fixed import FixedPictures
from gan.data.palette import PALETTES
from gan.errors import RequestError
from tests.support.experiments import SMALL


def distances(one: Floats, other: Floats) -> Floats:
    """(N, 3) and (M, 3) in [0, 1] -> (N, M) CIEDE2000."""
    left, right = (rgb2lab(colors[None])[0] for colors in (one, other))
    return np.array([deltaE_ciede2000(np.broadcast_to(color, right.shape), right) for color in left])


def test_the_test_colours_are_far_from_the_palettes_and_from_one_another() -> None:
    colors = gamut.held_out()
    assert colors.shape == (12, 3)
    known = np.concatenate([*PALETTES, [[1, 1, 1], [0, 0, 0]]])
    assert distances(colors, known).min() >= 15
    assert (distances(colors, colors) + 1e9 * np.eye(12)).min() >= 20


def test_no_draw_comes_near_a_test_colour() -> None:
    every = gamut.drawable()
    near = distances(gamut.held_out(), every[::7])  # all of them take ten seconds
    assert near.min() >= 7.49
    assert (near.min(axis=1) < 9).all()  # and no more is left out than must be
    assert 0.85 < len(every) / 52**3 < 0.9


def test_draws_are_uniform_over_the_gamut_and_reproducible() -> None:
    drawn = np.stack([gamut.draw(seeds.rng(0, "test", number)) for number in range(4000)])
    assert drawn.shape == (4000, 3, 3)
    assert np.array_equal(drawn[7], gamut.draw(seeds.rng(0, "test", 7)))
    assert drawn.min() == 0
    assert drawn.max() == 1
    np.testing.assert_allclose(drawn.reshape(-1, 3).mean(axis=0), gamut.drawable().mean(axis=0), atol=0.01)
    counts, _ = np.histogram(drawn[:, 1, 0], bins=4, range=(0, 1))
    assert counts.min() > 850  # of 1,000
    regions = np.corrcoef(drawn[:, :, 0].T)
    assert np.abs(regions - np.eye(3)).max() < 0.06  # one region says nothing of another


def test_three_test_colours_a_character() -> None:
    drawn = [gamut.draw_held_out(seeds.rng(0, "test", number)) for number in range(200)]
    assert all(len(np.unique(colors, axis=0)) == 3 for colors in drawn)
    assert len(np.unique(np.concatenate(drawn), axis=0)) == 12
    assert any(not np.array_equal(one, two) for one, two in pairwise(drawn))


@pytest.fixture
def free(small_characters: Characters) -> AvatarPictures:
    return AvatarPictures(small_characters, "val", 1.0, Augment(), "gamut")


def test_characters_in_free_colours(free: AvatarPictures, small_characters: Characters) -> None:
    """The regions are those of the palette's characters, filled with drawn colours; the lines do not change."""
    sample = free.samples([3], [seeds.rng(0, "x")], training=False)[0]
    usual = AvatarPictures(small_characters, "val", 1.0, Augment()).samples([3], [seeds.rng(0, "x")], training=False)[0]
    assert torch.equal(sample.line, usual.line)
    assert sample.regions is not None
    assert usual.regions is not None
    assert torch.equal(sample.regions, usual.regions)
    assert sample.choice is None
    for region, color in enumerate(gamut.draw(seeds.rng(0, "x"))):
        inside = sample.regions[region] == 1
        fill = (sample.color[:, inside].T + 1) / 2
        bright = fill[fill.sum(dim=1).argmax()]  # beside ink it is darker
        np.testing.assert_allclose(bright.numpy(), color, atol=0.01)
    assert free.closed_forms(3, seeds.rng(0, "x")) == {}


def test_no_closed_form_and_no_palette(free: AvatarPictures) -> None:
    (scored,) = FixedPictures(free, range(4), 0, Hints(kind="regions"), 4).at(2, closed=True)
    assert scored.closed == {}
    assert not scored.palette


def test_the_configuration_says_what_does_not_go_together() -> None:
    assert Data().colors == "palette"
    with pytest.raises(RequestError, match=r"data.alpha \(0.5\) must be 1 for data.colors=gamut"):
        Data(colors="gamut", alpha=0.5)
    with pytest.raises(RequestError, match=r"data.colors \(gamut\) needs data.source=avatars, .* not folder"):
        Data(colors="gamut", source="folder", root="x", line="canny")


def test_sources_hand_the_choice_on() -> None:
    experiment = Experiment(data=replace(SMALL, colors="gamut"))
    for split in ("train", "val", "test"):
        assert sources.load(experiment).sides[split].samples([0], [seeds.rng(0)], training=True)[0].choice is None
    assert (
        sources.load(Experiment(data=SMALL)).sides["train"].samples([0], [seeds.rng(0)], training=True)[0].choice
        is not None
    )
