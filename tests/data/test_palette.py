"""The dose, the closed forms and the theory of the protocol, against enumeration and published numbers."""

import numpy as np
import pytest

from gan.data.palette import (
    PALETTES,
    SKIN5,
    WARM7,
    Coloring,
    bayes_l1,
    bayes_l2,
    colors_of,
    from_hex,
    paint,
    sampler_error,
)

ONE_REGION = np.zeros((3, 1, 1))
ONE_REGION[0] = 1
WHITE = np.ones((3, 1, 1))


def hexadecimal(color: np.ndarray) -> str:
    return bytes((color.ravel() * 255).round().astype(np.uint8)).hex()


def only(region: int) -> np.ndarray:
    coverage = np.zeros((3, 1, 1))
    coverage[region] = 1
    return coverage


@pytest.mark.parametrize(
    ("region", "median", "mean"), [(0, "8e6f5b", "9a7a6c"), (1, "c2875a", "b98763"), (2, "8e6f5b", "9a7a6c")]
)
def test_published_optima_at_full_dose(region: int, median: str, mean: str) -> None:
    coloring = Coloring((0, 0, 0), 1.0)
    assert hexadecimal(bayes_l1(WHITE, only(region), coloring)) == median
    assert hexadecimal(bayes_l2(WHITE, only(region), coloring)) == mean


def test_palettes_have_a_unique_median() -> None:
    """Odd sizes: no channel's distribution function passes near 0.5 but at the median."""
    for palette in PALETTES:
        for channel in palette.T:
            below = np.array([(channel <= value).mean() for value in np.unique(channel)])
            assert np.abs(below - 0.5).min() > 0.05


def test_draws_follow_the_stated_weights() -> None:
    coloring = Coloring((3, 1, 5), 0.6)
    rng = np.random.default_rng(0)
    draws = np.array([coloring.draw(rng) for _ in range(20_000)])
    for region in range(3):
        weights = coloring.weights(region)
        assert weights.sum() == pytest.approx(1)
        found = np.bincount(draws[:, region], minlength=len(weights)) / len(draws)
        np.testing.assert_allclose(found, weights, atol=0.012)
    assert abs(np.corrcoef(draws.T)[np.triu_indices(3, 1)]).max() < 0.03  # regions are drawn independently


def test_dose_zero_is_certain_and_bayes_is_the_truth() -> None:
    coloring = Coloring((3, 1, 5), 0.0)
    assert coloring.draw(np.random.default_rng(0)).tolist() == [3, 1, 5]
    rng = np.random.default_rng(1)
    coverage = rng.dirichlet(np.ones(4), size=(5, 5)).transpose(2, 0, 1)[:3]
    base = rng.uniform(coverage.sum(axis=0), 1, (3, 5, 5))
    truth = paint(base, coverage, colors_of(np.array([3, 1, 5])))
    np.testing.assert_allclose(bayes_l1(base, coverage, coloring), truth, atol=1e-12)
    np.testing.assert_allclose(bayes_l2(base, coverage, coloring), truth, atol=1e-12)


@pytest.mark.parametrize("alpha", [0.5, 0.75, 1.0])
def test_no_other_picture_has_a_smaller_expected_loss(alpha: float) -> None:
    """On pixels that regions share, over every combination of colours."""
    rng = np.random.default_rng(2)
    coverage = rng.dirichlet(np.ones(4), size=(4, 4)).transpose(2, 0, 1)[:3]
    base = np.ones((3, 4, 4))
    coloring = Coloring((2, 4, 6), alpha)
    pictures, weights = [], []
    for indices in np.ndindex(7, 5, 7):
        pictures.append(paint(base, coverage, colors_of(np.array(indices))))
        weights.append(np.prod([coloring.weights(region)[index] for region, index in enumerate(indices)]))
    every, probability = np.array(pictures), np.array(weights)

    def l1(picture: np.ndarray) -> np.ndarray:
        return np.einsum("n,nchw->chw", probability, np.abs(every - picture))

    def l2(picture: np.ndarray) -> np.ndarray:
        return np.einsum("n,nchw->chw", probability, np.square(every - picture))

    median, mean = bayes_l1(base, coverage, coloring), bayes_l2(base, coverage, coloring)
    for _ in range(20):
        other = rng.normal(0, 0.05, median.shape)
        assert (l1(median) <= l1(median + other) + 1e-12).all()
        assert (l2(mean) <= l2(mean + other) + 1e-12).all()


def test_a_hint_gives_its_region_away() -> None:
    coloring = Coloring((0, 0, 0), 1.0)
    hinted = np.array([1, -1, -1])
    for bayes in (bayes_l1, bayes_l2):
        assert hexadecimal(bayes(WHITE, only(0), coloring, hinted)) == WARM7[1]
        assert hexadecimal(bayes(WHITE, only(2), coloring, hinted)) != WARM7[1]
    assert hexadecimal(bayes_l1(WHITE, only(1), coloring, np.array([-1, 4, -1]))) == SKIN5[4]


def test_from_hex() -> None:
    assert from_hex("8b5a2b") == pytest.approx((139 / 255, 90 / 255, 43 / 255))


def test_a_perfect_samplers_error_is_that_of_theory() -> None:
    """.2568 at full dose, the mean over the truths; of a region that is half covered, half; where nothing is, none."""
    coloring = Coloring((0, 0, 0), 1.0)
    errors = []
    for color in range(7):
        truth = paint(WHITE, only(0), colors_of(np.array([color, 0, 0])))
        errors.append(sampler_error(WHITE, only(0), truth, coloring)[0, 0])
        half = paint(WHITE, only(0) / 2, colors_of(np.array([color, 0, 0])))
        assert sampler_error(WHITE, only(0) / 2, half, coloring)[0, 0] == pytest.approx(errors[-1] / 2)
    assert np.mean(errors) == pytest.approx(0.2568, abs=5e-5)
    assert sampler_error(WHITE, only(0) * 0, WHITE, coloring)[0, 0] == 0
