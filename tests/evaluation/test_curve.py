"""The curve over the number of hints, as rows and as a picture."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from gan.evaluation import curve as hint_curve
from gan.runs.folder import RunFolder

CURVE = {
    0: {"mae": 0.2, "sepia_index": 0.9},
    1: {
        "mae": 0.1,
        "sepia_index": 0.4,
        "hinted/mae": 0.02,
        "fill": 0.7,
        "bleed": 0.05,
        "adherence": 3.0,
        "leakage": 1.0,
        "placebo/mae": 0.3,
    },
}


WATERSHED = {1: {"watershed": {"mae": 0.3, "fill": 0.6, "bleed": 0.1}}}


def test_rows_leave_out_what_is_not_known() -> None:
    unknown = [None] * 4
    assert hint_curve.rows(CURVE, WATERSHED) == [
        [0, 0.9, 0.2, None, None, None, None, None, None, *unknown],
        [1, 0.4, 0.1, None, 0.7, 0.05, 3.0, 1.0, 0.3, 0.3, None, 0.6, 0.1],
    ]
    assert hint_curve.rows(CURVE, {})[1][-4:] == unknown
    assert all(len(row) == len(hint_curve.COLUMNS) for row in hint_curve.rows(CURVE, WATERSHED))


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Every figure that is saved, which is saved all the same."""
    saved: list[Figure] = []
    save = Figure.savefig

    def keep(figure: Figure, *words: Any, **options: Any) -> None:
        saved.append(figure)
        save(figure, *words, **options)

    monkeypatch.setattr(Figure, "savefig", keep)
    return saved


def lines(figure: Figure) -> list[dict[str, list[tuple[float, float]]]]:
    """Label -> points, of each panel."""
    return [
        {str(line.get_label()): [(x, y) for x, y in np.asarray(line.get_xydata()).tolist()] for line in axes.lines}
        for axes in figure.axes
    ]


def test_the_picture_shows_every_line_that_there_is(tmp_path: Path, figures: list[Figure]) -> None:
    closed = {
        0: {"median": {"mae": 0.15}, "mean": {"mae": 0.16}},
        1: {"median": {"mae": 0.1, "sepia_index": 0.3}, **WATERSHED[1]},
    }
    hint_curve.plot(CURVE, {}, "a title", tmp_path / "curve.png")
    hint_curve.plot(CURVE, closed, "a title", tmp_path / "curve.png")
    bare, full = (lines(figure) for figure in figures)
    assert bare == [  # nothing is known of the unhinted area
        {"all": [(0, 0.9), (1, 0.4)]},
        {"all": [(0, 0.2), (1, 0.1)], "hinted area": [(1, 0.02)], "all, hints of another picture": [(1, 0.3)]},
        {"fill": [(1, 0.7)], "outside, over its area (bleed)": [(1, 0.05)]},
        {"distance to the hint": [(1, 3.0)], "change elsewhere": [(1, 1.0)]},
    ]
    sepia, error, filled, changed = bare
    optimum = "L1 optimum given the hints"
    rival = {"watershed of the hints": [(1, 0.3)]}
    assert full == [
        sepia | {optimum: [(1, 0.3)]},
        error | {optimum: [(0, 0.15), (1, 0.1)]} | rival,
        filled | {"fill, watershed": [(1, 0.6)]},
        changed,
    ]


def test_a_panel_of_nothing_is_left_out(tmp_path: Path, figures: list[Figure]) -> None:
    hint_curve.plot({0: {"mae": 0.2}, 1: {"mae": 0.1}}, {}, "a title", tmp_path / "curve.png")
    hint_curve.plot({0: {}}, {}, "nothing at all", tmp_path / "curve.png")
    assert [[axes.get_title() for axes in figure.axes] for figure in figures] == [["mean absolute error"], [""]]


def test_the_picture_tells_its_lines_apart(tmp_path: Path, figures: list[Figure]) -> None:
    """Each has an entry of its own in the legend, and no two of a panel share both colour and style."""
    rows = {name for series in hint_curve.PANELS.values() for name in series if ":" not in name}
    curve = {count: dict.fromkeys(rows, 0.5) for count in (0, 1)}
    every = {"mae": 0.1, "sepia_index": 0.3, "fill": 0.2, "bleed": 0.1}
    closed = {count: {"median": every, "watershed": every} for count in (0, 1)}
    hint_curve.plot(curve, closed, "a title", tmp_path / "curve.png")
    (figure,) = figures
    assert figure.get_suptitle() == "a title"
    assert [axes.get_title() for axes in figure.axes] == list(hint_curve.PANELS)
    assert [len(axes.lines) for axes in figure.axes] == [4, 6, 3, 3]
    for axes in figure.axes:
        legend = axes.get_legend()
        assert legend is not None
        assert [text.get_text() for text in legend.get_texts()] == [line.get_label() for line in axes.lines]
        looks = {(line.get_color(), line.get_linestyle()) for line in axes.lines}
        assert len(looks) == len(axes.lines)
        assert axes.get_ylim()[0] == 0  # heights are not cut off
        assert axes.get_xlabel() == "hints"


def test_the_picture_is_a_wide_png_in_the_lines_colors(tmp_path: Path) -> None:
    path = tmp_path / "curve.png"
    hint_curve.plot(CURVE, {}, "a title", path)
    picture = np.asarray(Image.open(path).convert("RGB"))
    assert picture.shape[1] > 2 * picture.shape[0]
    found = {tuple(color) for color in np.unique(picture.reshape(-1, 3), axis=0)}
    tab = {"blue": (31, 119, 180), "red": (214, 39, 40), "green": (44, 160, 44), "brown": (140, 86, 75)}
    assert {tab["blue"], tab["red"], tab["green"]} <= found
    assert tab["brown"] not in found  # nothing is known of the unhinted area


def test_what_is_saved_is_read_back_under_its_title_alone(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    closed = {1: {"median": {"mae": 0.1}}}
    hint_curve.save(run, "val", CURVE, closed, "step 5")
    assert (tmp_path / "hints-val.png").stat().st_size > 0
    assert hint_curve.read(run, "val", "step 5") == (CURVE, closed)
    assert hint_curve.read(run, "val", "step 6") == ({}, {})
    assert hint_curve.read(run, "test", "step 5") == ({}, {})
