"""Line extraction: the published recipe, and lines that survive the shrinking."""

import cv2
import numpy as np
import pytest

from gan.config import Data
from gan.data import lines
from gan.data.picture import cover
from gan.errors import RequestError
from tests.support.pictures import random_picture

METHODS = ["canny", "canny_auto", "xdog", "adaptive"]


def extract(picture: np.ndarray, method: str, seed: int = 0) -> np.ndarray:
    return lines.extract(picture, Data(source="folder", line=method), np.random.default_rng(seed))  # type: ignore[arg-type]


def test_canny_is_the_inverted_published_recipe() -> None:
    picture = random_picture(0)
    edges = cv2.Canny(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), 100, 200)
    line = extract(picture, "canny")
    assert (line == 255 - edges).all()
    assert set(np.unique(line)) == {0, 255}


def test_thresholds_of_canny_are_options() -> None:
    picture = (100 + 10 * (np.arange(64) > 32)).astype(np.uint8)[None, :, None] * np.ones((64, 1, 3), np.uint8)
    faint = Data(source="folder", line="canny", canny_low=5, canny_high=20)
    assert (extract(picture, "canny") == 255).all()
    assert (lines.extract(picture, faint, np.random.default_rng(0)) == 0).any()


def test_auto_canny_finds_faint_edges_that_fixed_thresholds_miss() -> None:
    picture = np.full((64, 64, 3), 20, np.uint8)
    picture[16:48, 16:48] = 45
    assert (extract(picture, "canny") == 255).all()
    assert (extract(picture, "canny_auto") == 0).any()


@pytest.mark.parametrize("method", METHODS)
def test_dark_on_white(method: str) -> None:
    picture = np.full((64, 64, 3), 230, np.uint8)
    cv2.circle(picture, (32, 32), 20, (30, 30, 30), 2)
    line = extract(picture, method)
    assert line.shape == (64, 64)
    assert line.dtype == np.uint8
    assert np.median(line) == 255
    assert line.min() < 40
    assert line[:6].min() == 255  # nothing is drawn far from the stroke
    assert (extract(np.full((64, 64, 3), 128, np.uint8), method) == 255).all()


def test_xdog_does_not_fill_dark_areas() -> None:
    picture = np.full((64, 64, 3), 240, np.uint8)
    picture[:, 32:] = 15
    assert extract(picture, "xdog")[:, 40:].min() > 200


@pytest.mark.parametrize("method", METHODS)
def test_lines_of_a_2000_px_picture_survive_at_64_px(method: str) -> None:
    """Extracted at the training size, a contour keeps its darkness; extracted at 2,000 px it would not."""
    picture = np.full((2000, 2000, 3), 220, np.uint8)
    cv2.circle(picture, (1000, 1000), 600, (60, 80, 160), -1)
    small = extract(cover(picture, (64, 64)), method)
    assert np.percentile(small[small < 255], 50) < 128
    assert small.min() < 30
    if method == "canny":
        shrunk_late = cover(extract(picture, method), (64, 64))
        assert shrunk_late.min() > 200


def test_mix_draws_every_method_and_nothing_else() -> None:
    picture = random_picture(3)
    single = {method: extract(picture, method).tobytes() for method in METHODS}
    mixed = [extract(picture, "mix", seed).tobytes() for seed in range(40)]
    assert {method for method, line in single.items() if line in mixed} == set(METHODS)
    assert set(mixed) <= set(single.values())
    assert extract(picture, "mix", 5).tobytes() == mixed[5]


def test_ink_share() -> None:
    line = np.full((10, 10), 255, np.uint8)
    line[0] = 0
    assert lines.ink_share(line) == pytest.approx(0.1)


def test_given_lines_are_not_extracted() -> None:
    with pytest.raises(RequestError, match=r"data\.line \(given\)"):
        lines.extract(random_picture(0), Data(), np.random.default_rng(0))
