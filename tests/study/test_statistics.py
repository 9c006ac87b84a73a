"""Intervals against hand computation and Monte Carlo."""

import math

import numpy as np
import pytest

from gan.study.statistics import mean_over_seeds


def test_three_seeds_by_hand() -> None:
    """t = 4.303 at n = 3: mean 2, standard error 1 / sqrt(3)."""
    measured = mean_over_seeds({5: 3.0, 3: 1.0, 4: 2.0})
    assert measured.mean == 2
    assert measured.high - 2 == pytest.approx(4.3027 / math.sqrt(3), rel=1e-4)
    assert 2 - measured.low == pytest.approx(measured.high - 2)
    assert list(measured.values) == [3, 4, 5]


def test_five_seeds_by_hand() -> None:
    """t = 2.776 at n = 5."""
    measured = mean_over_seeds(dict(enumerate([1.0, 2.0, 3.0, 4.0, 5.0])))
    assert measured.high - 3 == pytest.approx(2.7764 * math.sqrt(2.5 / 5), rel=1e-4)


def test_one_seed_has_no_interval() -> None:
    measured = mean_over_seeds({7: 0.4})
    assert (measured.low, measured.mean, measured.high, measured.has_interval) == (None, 0.4, None, False)
    assert [measured.side(0.4, 1), measured.side(0, 0.4), measured.side(0.41, 1)] == ["right", "right", "wrong"]


def test_equal_values_have_an_interval_of_no_width() -> None:
    measured = mean_over_seeds({1: 0.5, 2: 0.5})
    assert (measured.low, measured.high, measured.has_interval) == (0.5, 0.5, True)


def test_no_values_have_no_mean() -> None:
    with pytest.raises(ValueError, match="needs a value"):
        mean_over_seeds({})


def test_sides() -> None:
    measured = mean_over_seeds({1: 0.1, 2: 0.2, 3: 0.3})  # 0.2 +- 0.248
    assert measured.side(-1, 1) == "right"
    assert measured.side(0.5, 1) == measured.side(-2, -1) == "wrong"
    assert measured.side(0.2, 1) == measured.side(-1, 0.2) == measured.side(0.1, 0.3) == "open"


def test_bounds_belong_to_the_right_side() -> None:
    """`a <= 0.4` holds at 0.4, and a number that touches its bound from outside is not wholly outside."""
    point = mean_over_seeds({1: 0.4})
    assert point.side(0.4, 1) == point.side(0, 0.4) == point.side(0.4, 0.4) == "right"
    assert point.side(math.nextafter(0.4, 1), 1) == point.side(0, math.nextafter(0.4, 0)) == "wrong"
    wide = mean_over_seeds({1: 0.1, 2: 0.2, 3: 0.3})
    assert wide.side(wide.low, wide.high) == "right"
    assert wide.side(wide.high, 1) == wide.side(-1, wide.low) == "open"


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [3, 5])
def test_the_interval_covers_as_often_as_it_says(seeds: int) -> None:
    """On a simulated null: 4,000 studies whose true mean is known."""
    rng = np.random.default_rng(seeds)
    true, covered, beyond = 0.3, 0, 0
    for _ in range(4000):
        measured = mean_over_seeds(dict(enumerate(rng.normal(true, 0.1, seeds))))
        covered += measured.low <= true <= measured.high
        beyond += measured.side(-math.inf, true) == "right"
    assert covered / 4000 == pytest.approx(0.95, abs=0.012)
    assert beyond / 4000 == pytest.approx(0.025, abs=0.009)  # at the bound, a claim is passed wrongly as often as this
