"""Numbers of made-up scores, by hand."""

import pytest

from gan.study.rules import Claim, Difference, Measured, Ratio, Slope
from tests.support.studies import made_up

SCORES = {
    "a": {1: made_up({"0/mae": 0.30, "1/mae": 0.20, "2/mae": 0.10}, {"mae": 0.25}), 2: made_up({"0/mae": 0.50})},
    "b": {1: made_up({"0/mae": 0.10}), 3: made_up({"0/mae": 0.20})},
}


def test_a_metric_and_its_closed_form() -> None:
    assert Measured("a", "mae").of(SCORES) == {1: 0.30, 2: 0.50}
    assert Measured("a", "mae", 2).of(SCORES) == {1: 0.10}
    assert Measured("a", "mae", form="median").of(SCORES) == {1: 0.25}
    assert Measured("a", "lpips").of(SCORES) == Measured("c", "mae").of(SCORES) == {}


def test_differences_and_ratios_are_paired_by_seed() -> None:
    pair = Measured("a", "mae"), Measured("b", "mae")
    assert Difference(*pair).of(SCORES) == pytest.approx({1: 0.20})
    assert Ratio(*pair).of(SCORES) == pytest.approx({1: 3.0})
    assert Difference(*pair).cells == ("a", "b")


def test_a_ratio_over_nothing_is_left_out() -> None:
    assert Ratio(Measured("a", "mae"), Measured("z", "mae")).of(SCORES | {"z": {1: made_up({"0/mae": 0})}}) == {}


def test_the_slope_of_a_line_and_of_a_bent_one() -> None:
    assert Slope("a", "mae", 2).of(SCORES) == pytest.approx({1: -0.10})
    assert Slope("a", "mae", 2, scale=-2).of(SCORES) == pytest.approx({1: 0.20})
    bent = {"a": {1: made_up({"0/mae": 3, "1/mae": 3, "2/mae": 0})}}
    assert Slope("a", "mae", 2).of(bent) == pytest.approx({1: -1.5})
    assert Slope("a", "mae", 3).of(SCORES) == {}  # 3 hints were not scored


def test_claims_in_words() -> None:
    number = Measured("l1", "sepia_index", 3)
    assert str(Claim(number, most=0.1)) == "sepia index of l1 with 3 hints <= 0.1"
    assert str(Claim(number, least=0.8)) == "sepia index of l1 with 3 hints >= 0.8"
    assert str(Claim(Measured("l1", "mae", form="median"), least=0, most=1)) == "0 <= MAE of the L1 optimum for l1 <= 1"


def test_numbers_in_words() -> None:
    error = Measured("a", "mae")
    assert str(Difference(error, Measured("b", "lpips", 1))) == "MAE of a minus LPIPS of b with 1 hints"
    assert str(Ratio(error, error)) == "MAE of a over MAE of a"
    assert str(Slope("a", "mae", 2)) == "change by a hint of MAE of a"
    assert str(Slope("a", "mae", 2, scale=-3)) == "-3 times the change by a hint of MAE of a"
