"""Many draws of the same drawings: of a network whose answer is known by hand, and of the closed-form sampler."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from gan.config import Augment, Hints
from gan.data.avatars import AvatarPictures, Characters
from gan.data.fixed import FixedPictures
from gan.evaluation.draws import DRAWS, score_draws

CPU = torch.device("cpu")


class Flat(nn.Module):
    """Every pixel grey, as bright as the noise says."""

    def forward(self, x: Tensor, noise: Tensor) -> Tensor:
        return torch.tanh(noise)[:, :, None, None].expand(-1, 3, *x.shape[2:])


@pytest.fixture
def fixed(small_characters: Characters) -> FixedPictures:
    """All characters of a side, a number of noise each, in batches of another size than theirs."""
    pictures = AvatarPictures(small_characters, "val", 1.0, Augment())
    return FixedPictures(pictures, range(len(pictures)), 0, Hints(), 16, noise=1)


def test_two_draws_differ_as_their_noise_does(fixed: FixedPictures) -> None:
    row = score_draws(Flat(), fixed, lambda one, other: (one - other).abs().amax(dim=(1, 2, 3)), CPU, count=4)["fake"]
    greys = []
    for variant in range(4):
        noise = [scored.batch.noise for scored in fixed.at(0, closed=False, variant=variant)]
        greys.append(torch.tanh(torch.cat([part for part in noise if part is not None]))[:, 0])
    expected = torch.stack([(one - other).abs() / 2 for one, other in [*pairwise(greys)][::2]]).mean()
    assert row["draws/mae_between"] == pytest.approx(float(expected), rel=1e-5)
    assert row["draws/lpips_between"] == pytest.approx(float(expected), rel=1e-5)
    assert row["draws/palette_reach"] == row["draws/palette_hit"] == 0  # no grey is in the palette
    assert row["draws/sepia_index"] == pytest.approx(1, abs=1e-3)


@pytest.mark.slow
def test_the_closed_form_sampler_is_perfect(fixed: FixedPictures) -> None:
    row = score_draws(Flat(), fixed, None, CPU)["sampler"]
    assert row["draws/palette_hit"] == 1
    assert row["draws/ab_std"] == pytest.approx(0, abs=1e-3)
    assert row["draws/palette_entropy"] > 2.6
    assert row["draws/palette_reach"] == pytest.approx(7 * (1 - (6 / 7) ** DRAWS), abs=0.15)
    assert row["draws/mutual_information"] == pytest.approx(0, abs=0.05)


def test_the_expected_error_is_what_many_draws_come_to(fixed: FixedPictures) -> None:
    few = replace(fixed, indices=fixed.indices[:6])
    expected = score_draws(Flat(), few, None, CPU, count=2)["sampler"]["draws/mae_scored"]
    errors = []
    for draw in range(150):
        for scored, truth in zip(few.at(0, closed=False), few.redrawn(draw), strict=True):
            assert scored.batch.regions is not None
            on = (scored.batch.regions.amax(dim=1) > 0.99).float()
            error = (truth - scored.batch.color).abs().mean(dim=1) / 2
            errors.append((error * on).sum(dim=(1, 2)) / on.sum(dim=(1, 2)))
    assert float(torch.cat(errors).mean()) == pytest.approx(expected, rel=0.05)


def test_where_every_color_is_known_draws_do_not_differ(small_characters: Characters) -> None:
    pictures = AvatarPictures(small_characters, "val", 0.0, Augment())
    fixed = FixedPictures(pictures, range(len(pictures)), 0, Hints(), 16, noise=1)
    row = score_draws(Flat(), fixed, None, CPU, count=2)["sampler"]
    assert row["draws/mae_between"] == 0
    assert row["draws/mae_scored"] == pytest.approx(0, abs=1e-6)
    assert row["draws/palette_reach"] == 1
