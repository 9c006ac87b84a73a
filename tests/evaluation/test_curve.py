"""The curve over the number of hints, as rows and as a picture."""

from pathlib import Path

import numpy as np
from PIL import Image

from gan.evaluation import curve as hint_curve

CURVE = {
    0: {"mae": 0.2, "sepia_index": 0.9},
    1: {"mae": 0.1, "sepia_index": 0.4, "hinted/mae": 0.02, "adherence": 3.0, "leakage": 1.0, "placebo/mae": 0.3},
}


def test_rows_leave_out_what_is_not_known() -> None:
    assert hint_curve.rows(CURVE) == [
        [0, 0.2, None, 0.9, None, None, None],
        [1, 0.1, None, 0.4, 3.0, 1.0, 0.3],
    ]


def test_the_picture_shows_every_line_that_there_is(tmp_path: Path) -> None:
    def colors(closed: hint_curve.Closed) -> set[tuple[int, ...]]:
        path = tmp_path / "curve.png"
        hint_curve.plot(CURVE, closed, "a title", path)
        picture = np.asarray(Image.open(path).convert("RGB"))
        assert picture.shape[1] > 2 * picture.shape[0]
        return {tuple(color) for color in np.unique(picture.reshape(-1, 3), axis=0)}

    found = colors({})
    tab = {"blue": (31, 119, 180), "red": (214, 39, 40), "green": (44, 160, 44), "brown": (140, 86, 75)}
    assert {tab["blue"], tab["red"], tab["green"]} <= found
    assert tab["brown"] not in found  # nothing is known of the unhinted area
    assert colors({0: {"median": {"mae": 0.15}}, 1: {"median": {"mae": 0.1}}}) >= found
