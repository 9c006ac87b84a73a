"""Metrics by number of hints, of generators whose answers are known."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gan.config import Data, Experiment, Hints
from gan.data import sources
from gan.data.batch import Batch
from gan.data.fixed import FixedPictures, Scored, hinted_regions
from gan.data.palette import PALETTES
from gan.errors import RequestError
from gan.evaluation.hinted import check_counts, counts_of, logged, recolored, score_with_hints, shift
from gan.evaluation.score import Score, area_labels, pixel_kinds
from gan.metrics.cielab import ciede2000, srgb_to_lab
from gan.ranges import to_unit
from tests.support.experiments import SMALL

CPU = torch.device("cpu")
SHARP = Experiment(data=replace(SMALL, size=64), hints=Hints(kind="regions"))
"""Avatars at 64 px, where regions have cores."""


@pytest.fixture(scope="module")
def fixed() -> FixedPictures:
    pictures = sources.load(SHARP).sides["val"]
    return FixedPictures(pictures, range(20), 0, SHARP.hints, 20)


def score(generator: nn.Module, fixed: FixedPictures, count: int) -> dict[str, float]:
    return score_with_hints(generator, fixed, count, None, CPU, closed=True, effects=True)


class Answers(nn.Module):
    """Paints every region in the colour of its hint, and in grey where there is none; `reach`: all of the picture."""

    def __init__(self, regions: Tensor, *, reach: bool = False) -> None:
        super().__init__()
        self.regions, self.reach = regions, reach

    def forward(self, condition: Tensor) -> Tensor:
        hint = condition[:, 1:]
        picture = torch.zeros_like(hint[:, :3])
        for region in range(self.regions.shape[1]):
            own = (self.regions[:, region] >= 0.98) & (hint[:, 3] > 0)
            color = (hint[:, :3] * own[:, None]).sum((2, 3)) / own.sum((1, 2)).clamp_min(1)[:, None]
            where = torch.ones_like(own) if self.reach else self.regions[:, region] > 0.5
            where = where & own.any(2).any(1)[:, None, None]
            picture = torch.where(where[:, None], color[:, :, None, None], picture)
        return picture


def batch_of(fixed: FixedPictures, count: int) -> Batch:
    (scored,) = fixed.at(count, closed=False)
    return scored.batch


def test_a_generator_that_obeys(fixed: FixedPictures) -> None:
    regions = batch_of(fixed, 0).regions
    assert regions is not None
    results = [score(Answers(regions), fixed, count) for count in (0, 1, 2, 3)]
    assert not any("hinted" in name or name in ("adherence", "leakage", "fill", "bleed") for name in results[0])
    assert results[0]["sepia_index"] == pytest.approx(1)
    assert results[3]["sepia_index"] == pytest.approx(0, abs=0.01)
    errors = [result["ciede2000"] for result in results]
    assert errors == sorted(errors, reverse=True)
    for result in results[1:]:
        assert result["hinted/mae"] < 0.01
        assert result["adherence"] < 1
        assert result["response"] > 15
        assert result["leakage"] < 1e-6
        assert result["placebo/mae"] > result["mae"] + 0.02
        assert result["hinted/sepia_index"] == pytest.approx(0, abs=0.02)
        assert result["fill"] == pytest.approx(1)
        assert result["bleed"] < 0.2  # it paints whole pixels at the seams, whose truth is mixed
    for result in results[1:3]:
        assert result["unhinted/mae"] > 0.1
        assert result["unhinted/sepia_index"] == pytest.approx(1)
    assert not any(name.startswith("unhinted") for name in results[3])


def test_a_generator_whose_hints_leak(fixed: FixedPictures) -> None:
    regions = batch_of(fixed, 0).regions
    assert regions is not None
    leaking = score(Answers(regions, reach=True), fixed, 1)
    assert leaking["leakage"] > 15
    assert leaking["leakage"] == pytest.approx(leaking["response"], rel=0.5)
    assert leaking["fill"] == pytest.approx(1)
    assert leaking["bleed"] > 1


def test_a_generator_that_does_not_listen(fixed: FixedPictures) -> None:
    class Grey(nn.Module):
        def forward(self, condition: Tensor) -> Tensor:
            return torch.zeros_like(condition[:, :3])

    result = score(Grey(), fixed, 2)
    assert result["response"] == result["leakage"] == 0
    assert result["placebo/mae"] == pytest.approx(result["mae"])
    batch = batch_of(fixed, 2)
    scored = pixel_kinds(batch)[0] >= 0
    distance = ciede2000(*(srgb_to_lab(to_unit(picture)) for picture in (torch.zeros_like(batch.color), batch.color)))
    expected = torch.stack([each[where].mean() for each, where in zip(distance, scored, strict=True)]).mean()
    assert result["placebo/ciede2000"] == pytest.approx(expected.item(), rel=1e-4)  # of the scored pixels alone
    assert result["adherence"] > 15
    assert result["fill"] == result["bleed"] == 0
    assert result["sepia_index"] == pytest.approx(1)


def test_another_color_of_the_palette_in_one_region_alone(fixed: FixedPictures) -> None:
    batch = batch_of(fixed, 2)
    changed, region = recolored(batch)
    assert torch.equal(changed[:, 3:], batch.hint[:, 3:])
    labels, _ = pixel_kinds(batch)
    for index, kind in enumerate(region.tolist()):
        inside = (labels[index] == kind) & (batch.hint[index, 3] > 0)
        outside = (labels[index] >= 0) & (labels[index] != kind)
        assert torch.equal(changed[index][:, outside], batch.hint[index][:, outside])
        (color,) = torch.unique(changed[index, :3][:, inside], dim=1).T
        palette = torch.from_numpy(PALETTES[kind]).float() * 2 - 1
        assert (palette - color).abs().sum(1).min() < 1e-6
        assert (batch.hint[index, :3][:, inside].T - color).abs().amax(1).min() > 0.1


def test_a_hint_of_any_size_turns_into_the_next_color() -> None:
    """By hand: one dab of 1 px in the last hinted region, or of several, and the palette's last colour turns round."""
    regions = torch.zeros(3, 3, 8, 8)
    regions[:, 0, :, :4] = regions[:, 2, :, 4:] = 1
    hint = torch.zeros(3, 4, 8, 8)
    hair, background = (torch.from_numpy(PALETTES[kind]).float() * 2 - 1 for kind in (0, 2))
    hint[:2, :3, 1, 1], hint[:2, 3, 1, 1] = hair[3], 1  # half of it is nearest to another colour
    hint[0, :3, 2, 6], hint[0, 3, 2, 6] = background[4], 1
    hint[2, :3, 2:5, 5:7], hint[2, 3, 2:5, 5:7] = background[-1, :, None, None], 1
    changed, region = recolored(Batch(torch.ones(3, 1, 8, 8), hint, torch.zeros(3, 3, 8, 8), regions))
    expected = hint.clone()
    expected[0, :3, 2, 6], expected[1, :3, 1, 1] = background[5], hair[4]
    expected[2, :3, 2:5, 5:7] = background[0, :, None, None]
    assert region.tolist() == [2, 0, 2]
    torch.testing.assert_close(changed, expected)


def test_areas_are_whole_regions_or_whole_cells(fixed: FixedPictures) -> None:
    batch = batch_of(fixed, 1)
    labels, kinds = pixel_kinds(batch)
    areas = area_labels(batch, labels)
    assert torch.equal(torch.maximum(areas["hinted/"], areas["unhinted/"]), labels)
    assert kinds == 3
    assert all(len(set(area[area >= 0].tolist())) == 1 for area in areas["hinted/"])
    cells = Batch(torch.ones(1, 1, 16, 16), torch.zeros(1, 4, 16, 16), torch.zeros(1, 3, 16, 16), None)
    cells.hint[0, 3, 5, 14] = 1  # row 2, column 7 of the 8 x 8 cells of 2 px
    labels, _ = pixel_kinds(cells)
    areas = area_labels(cells, labels)
    assert areas["hinted/"][0, 4:6, 14:].tolist() == [[23, 23], [23, 23]]
    assert (areas["hinted/"] >= 0).sum() == 4
    assert (areas["unhinted/"] >= 0).sum() == 252


def test_points_on_avatars_say_nothing_where_they_miss_the_regions(fixed: FixedPictures) -> None:
    """A patch over two regions gives neither colour away; one on no region cannot be changed to another colour."""
    points = replace(fixed, hints=Hints(kind="points"))
    (scored,) = points.at(1, closed=True)
    assert scored.closed == {}
    regions = scored.batch.regions
    assert regions is not None
    missed = ~hinted_regions(scored.batch).any(1)
    changed, _ = recolored(scored.batch)
    same = (changed == scored.batch.hint).flatten(1).all(1)
    assert torch.equal(same, missed)
    result = score(Answers(regions), points, 1)
    assert result["response"] > 15  # not pulled to 0 by the pictures where nothing was changed


def test_one_picture_has_no_placebo(fixed: FixedPictures) -> None:
    regions = batch_of(fixed, 0).regions
    assert regions is not None
    one = score(Answers(regions[:1]), replace(fixed, indices=range(1)), 1)
    assert "adherence" in one
    assert not any(name.startswith("placebo") for name in one)


def test_real_pictures_have_no_leakage(picture_folder: Path) -> None:
    data = Data(source="folder", root=str(picture_folder), line="canny", size=32)
    experiment = Experiment(data=data, hints=Hints(kind="points"))
    pictures = sources.load(experiment).sides["train"]
    fixed = FixedPictures(pictures, range(6), 0, experiment.hints, 4)

    class Mirror(nn.Module):
        def forward(self, condition: Tensor) -> Tensor:
            return condition[:, 1:4]

    result = score(Mirror(), fixed, 5)
    assert result["adherence"] < 1e-3
    assert not {"leakage", "response", "fill", "bleed"} & set(result)
    assert {"hinted/mae", "unhinted/mae", "placebo/mae"} <= set(result)


def test_regions_of_one_colour_are_filled_as_one() -> None:
    """By hand: two regions hinted red of which one is filled, a third that no hint is for, and a picture without."""
    regions = torch.zeros(2, 3, 16, 16)
    regions[:, 0, :, :4] = regions[:, 1, :, 8:12] = regions[:, 2, :, 4:8] = 1
    red, blue = torch.tensor([0.6, -0.6, -0.6])[:, None, None], torch.tensor([-0.8, -0.6, 0.4])[:, None, None]
    color = torch.ones(2, 3, 16, 16)
    color[:, :, :, :4], color[:, :, :, 8:12], color[:, :, :, 4:8] = red, red, blue
    hint = torch.zeros(2, 4, 16, 16)
    for column in (2, 10):
        hint[0, :3, 5, column], hint[0, 3, 5, column] = red[:, 0, 0], 1
    fake = color.clone()
    fake[0, :, :, 8:12] = blue  # which is no hint's colour
    fake[0, :, :, 13:] = red  # beyond every region
    batch = Batch(torch.ones(2, 1, 16, 16), hint, color, regions)
    result = Score(None)
    result.update(fake, Scored(batch, {}, hint))
    # scored are 3 columns of the first, which reaches the picture's edge, and 2 of the second
    assert result.result()["fill"] == pytest.approx(3 / 5)
    assert result.result()["bleed"] == pytest.approx(3 / 5)


def test_numbers_of_hints() -> None:
    assert counts_of(Experiment()) == (0,)
    assert counts_of(SHARP) == (0, 1, 2, 3)
    points = Experiment(data=Data(source="folder", root="x", line="canny"), hints=Hints(kind="points"))
    assert counts_of(points) == (0, 1, 2, 5, 10, 20)
    assert counts_of(replace(SHARP, hints=Hints(kind="regions", counts=(3, 1)))) == (0, 1, 3)
    assert check_counts([5, 0, 5], SHARP.hints) == (0, 5)
    assert check_counts([0], Hints()) == (0,)
    with pytest.raises(RequestError, match=r"--hints \(2\) must be 0 for a run that was trained without hints"):
        check_counts([0, 2], Hints())
    with pytest.raises(RequestError, match=r"--hints \(-1\) must lie between 0 and 400"):
        check_counts([-1], SHARP.hints)


def test_what_is_logged_names_the_number_of_hints() -> None:
    curve = {0: {"mae": 0.2}, 3: {"mae": 0.1, "hinted/mae": 0.05, "ab_std": 1.0}}
    assert logged(curve) == {"3/mae": 0.1, "3/hinted/mae": 0.05}


def test_colours_that_move_with_the_drawing_do_not_shift(fixed: FixedPictures) -> None:
    """A pointwise generator moves with its drawing; one of columns in black and white stays where it is."""
    batch = batch_of(fixed, 2)

    class Follows(nn.Module):
        def forward(self, condition: Tensor) -> Tensor:
            return condition[:, 1:4] * 0.5 + condition[:, :1].abs() * 0.2

    class Columns(nn.Module):
        def forward(self, condition: Tensor) -> Tensor:
            stripes = torch.arange(condition.shape[3]) % 2 * 2.0 - 1
            return stripes.expand(len(condition), 3, *condition.shape[2:])

    for generator, expected in ((Follows(), 0.0), (Columns(), 100.0)):  # of black and white
        found = shift(generator, batch, generator(batch.condition))
        torch.testing.assert_close(found, torch.full_like(found, expected), atol=1e-3, rtol=0)
    assert score(Columns(), fixed, 0)["shift"] == pytest.approx(100, abs=1e-3)
