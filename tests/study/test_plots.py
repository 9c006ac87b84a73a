"""What is drawn: dots where the runs are, dashes where theory is."""

from typing import Literal

import numpy as np
import pytest

from gan.config import Data, Experiment, Hints, to_dict
from gan.data.palette import PALETTES
from gan.study import plots
from gan.study.results import CellResult
from gan.study.statistics import Measurement
from gan.study.theory import predict


def measured(*values: float, closed: float | None = None) -> Measurement:
    mean = float(np.mean(values))
    return Measurement(dict(enumerate(values)), mean, mean - 0.1, mean + 0.1, closed)


def cell(
    name: str,
    alpha: float,
    hints: dict[int, dict[str, Measurement]],
    kind: Literal["none", "points", "regions"] = "none",
) -> CellResult:
    arm, _, rest = name.partition(",")
    return CellResult(
        name=name,
        arm=arm,
        differences={"data.alpha": alpha} if rest else {},
        closed_form="median",
        seeds=(0, 1),
        steps={},
        seconds={},
        hints=hints,
        configuration=to_dict(Experiment(data=Data(alpha=alpha), hints=Hints(kind=kind))),
    )


COLORS = dict.fromkeys(("l1", "l2", "l1_hints"), "black")


def test_dose_against_theory() -> None:
    cells = [
        cell("l1", 1.0, {0: {"sepia_index": measured(0.97, 0.99)}}),
        cell("l1,alpha=0.5", 0.5, {0: {"sepia_index": measured(0.05)}}),
    ]
    figure = plots._dose(cells, COLORS)
    assert figure is not None
    (axes,) = figure.axes
    dashed = {line.get_label(): line for line in axes.lines if line.get_linestyle() == "--"}
    for name, attribute in (("L1 optimum", "l1"), ("L2 optimum", "l2")):
        alphas, index = dashed[name].get_data()
        assert index[150] == getattr(predict(PALETTES[0], float(alphas[150])), attribute)
        assert alphas[150] == pytest.approx(0.75)
    dots = [line.get_xydata().tolist() for line in axes.lines if line.get_marker() == "o"]
    assert dots == [[[1.0, 0.97], [1.0, 0.99]], [[0.5, 0.05]]]


def test_hints_against_theory() -> None:
    rows = {count: {"mae_scored": measured(0.2, closed=0.18), "sepia_index": measured(0.9)} for count in range(4)}
    figure = plots._hints([cell("l1_hints", 1.0, rows, kind="regions")], COLORS, {"mean picture": {"mae_scored": 0.3}})
    assert figure is not None
    index, error = (next(line for line in axes.lines if line.get_linestyle() == "--") for axes in figure.axes)
    assert index.get_ydata() == pytest.approx([1, 1 - 3**-0.5, 1 - (2 / 3) ** 0.5, 0])
    assert error.get_ydata() == pytest.approx([0.18, 0.12, 0.06, 0])
    assert "mean picture" in [text.get_text() for text in figure.axes[1].get_legend().get_texts()]


def test_on_a_persons_pictures_there_is_no_theory() -> None:
    rows = {count: {"mae_scored": measured(0.2), "sepia_index": measured(0.9)} for count in (0, 5, 20)}
    figure = plots._hints([cell("l1_hints", 1.0, rows, kind="points")], COLORS, {})
    assert figure is not None
    assert not [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == "--"]
    assert plots._dose([cell("l1_hints", 1.0, rows, kind="points")], COLORS) is None
