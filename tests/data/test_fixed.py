"""Fixed pictures: the same at every call, hinted by their content and the number of hints alone."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from gan.config import Augment, Hints
from gan.data.avatars import AvatarPictures, Characters
from gan.data.fixed import CachedPictures, FixedPictures, Scored, hinted_regions

HINTS = Hints(kind="regions", share=0.8)


@pytest.fixture
def fixed(small_characters: Characters) -> FixedPictures:
    """Nine characters, three of each kind of batch."""
    return FixedPictures(AvatarPictures(small_characters, "val", 1.0, Augment()), range(9), 0, HINTS, 9)


def whole(fixed: FixedPictures, count: int, *, closed: bool = False) -> Scored:
    (scored,) = fixed.at(count, closed=closed)
    return scored


@pytest.mark.parametrize("count", [0, 2])
def test_the_batch_size_changes_nothing(fixed: FixedPictures, count: int) -> None:
    one = whole(fixed, count, closed=True)
    parts = list(replace(fixed, batch_size=4).at(count, closed=True))
    assert [len(part.batch) for part in parts] == [4, 4, 1]
    for of in (lambda s: s.batch.condition, lambda s: s.batch.color, lambda s: s.placebo, lambda s: s.closed["mean"]):
        assert torch.equal(of(one), torch.cat([of(part) for part in parts]))


def test_hints_do_not_depend_on_the_place_or_the_seed(fixed: FixedPictures) -> None:
    all_nine, some = whole(fixed, 2).batch, whole(replace(fixed, indices=range(0, 9, 2)), 2).batch
    assert torch.equal(all_nine.hint[::2], some.hint)
    other_seed = whole(replace(fixed, seed=1), 2).batch
    assert not torch.equal(other_seed.color, all_nine.color)
    assert torch.equal(other_seed.hint[:, 3], all_nine.hint[:, 3])  # other colours at the same places


def test_sets_are_nested_and_color_the_picture(fixed: FixedPictures) -> None:
    batches = [whole(fixed, count).batch for count in (0, 1, 2, 3)]
    assert (batches[0].hint == 0).all()
    for count, batch in enumerate(batches):
        assert (hinted_regions(batch).sum(1) == count).all()
        assert torch.equal(batch.color, batches[0].color)
    for fewer, more in pairwise(batches):
        on = fewer.hint[:, 3:] > 0
        assert (more.hint[:, 3:][on] == 1).all()


def test_a_placebo_is_the_hint_of_the_next_picture(fixed: FixedPictures) -> None:
    scored = whole(fixed, 2)
    assert torch.equal(scored.placebo, scored.batch.hint.roll(-1, dims=0))
    assert (whole(fixed, 0).placebo == 0).all()


def test_closed_forms_know_what_is_hinted(fixed: FixedPictures) -> None:
    def error(count: int, form: str) -> Tensor:
        scored = whole(fixed, count, closed=True)
        return (scored.closed[form] - scored.batch.color).abs().mean()

    for form in ("median", "mean", "sampler"):
        errors = [float(error(count, form)) for count in (0, 1, 2, 3)]
        assert errors == sorted(errors, reverse=True)
        assert errors[0] > 0.1
        assert errors[3] < 1e-6
    assert whole(fixed, 3, closed=False).closed == {}


def test_what_is_kept_is_read_once(fixed: FixedPictures) -> None:
    kept = replace(fixed, pictures=CachedPictures(fixed.pictures))
    for count in (0, 2):
        plain, again = whole(fixed, count, closed=True), whole(kept, count, closed=True)
        assert torch.equal(plain.batch.condition, again.batch.condition)
        assert torch.equal(plain.closed["sampler"], again.closed["sampler"])
    assert isinstance(kept.pictures, CachedPictures)
    assert set(kept.pictures.kept) == set(range(9))
    first = kept.pictures.kept[4]
    whole(kept, 1)
    assert kept.pictures.kept[4] is first
    assert (len(kept.pictures), kept.pictures.key(3)) == (len(fixed.pictures), fixed.pictures.key(3))


def test_one_picture_is_its_own_placebo(fixed: FixedPictures) -> None:
    scored = whole(replace(fixed, indices=range(4, 5)), 1)
    assert torch.equal(scored.placebo, scored.batch.hint)
    assert np.isfinite(scored.batch.hint.numpy()).all()


def test_noise_is_frozen_by_seed_picture_and_variant(fixed: FixedPictures) -> None:
    noisy = replace(fixed, noise=5)
    first = whole(noisy, 0).batch.noise
    assert first is not None
    assert first.shape == (9, 5)
    assert len({tuple(row.tolist()) for row in first}) == 9
    some = whole(replace(noisy, indices=range(0, 9, 2), batch_size=9), 2).batch.noise
    assert some is not None
    assert torch.equal(some, first[::2])  # wherever it stands, and whatever its hints are
    for other in (whole(replace(noisy, seed=1), 0), next(iter(noisy.at(0, closed=False, variant=1)))):
        assert other.batch.noise is not None
        assert not torch.isclose(other.batch.noise, first).any()
    assert whole(fixed, 0).batch.noise is None
