"""What is drawn: dots where the runs are, dashes where theory is."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from matplotlib.axes import Axes

from gan.config import Data, Experiment, Hints, to_dict
from gan.data.palette import PALETTES
from gan.metrics.color import BINS
from gan.study import Study, plots, vary
from gan.study.results import CellResult
from gan.study.rules import RunScore
from gan.study.runs import RunResult, runs_of
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


def legend(axes: Axes) -> list[str]:
    """The labels that a reader sees, each once."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


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
    assert legend(axes) == ["L1 optimum", "L2 optimum", "l1"]


def test_hints_against_theory() -> None:
    rows = {count: {"mae_scored": measured(0.2, closed=0.18), "sepia_index": measured(0.9)} for count in range(4)}
    figure = plots._hints([cell("l1_hints", 1.0, rows, kind="regions")], COLORS, {"mean picture": {"mae_scored": 0.3}})
    assert figure is not None
    index, error = (next(line for line in axes.lines if line.get_linestyle() == "--") for axes in figure.axes)
    assert index.get_ydata() == pytest.approx([1, 1 - 3**-0.5, 1 - (2 / 3) ** 0.5, 0])
    assert error.get_ydata() == pytest.approx([0.18, 0.12, 0.06, 0])
    assert legend(figure.axes[1]) == ["theory of the L1 optimum", "mean picture", "l1_hints"]


def test_on_a_persons_pictures_there_is_no_theory() -> None:
    rows = {count: {"mae_scored": measured(0.2), "sepia_index": measured(0.9)} for count in (0, 5, 20)}
    figure = plots._hints([cell("l1_hints", 1.0, rows, kind="points")], COLORS, {})
    assert figure is not None
    assert not [line for axes in figure.axes for line in axes.lines if line.get_linestyle() == "--"]
    assert plots._dose([cell("l1_hints", 1.0, rows, kind="points")], COLORS) is None


def test_psnr_against_sepia_index_at_one_dose() -> None:
    """Triangles are varied cells, stars closed forms of plain ones without hints; another dose is not comparable."""
    metrics = {"sepia_index": measured(0.9, 0.8, closed=1.0), "psnr": measured(11.0, 12.0, closed=13.0)}
    varied = replace(cell("l1,weight=1", 1.0, {0: metrics}), differences={"reconstruction.weight": 1})
    cells = [
        cell("l1", 1.0, {0: metrics}),
        cell("l1,alpha=0.5", 0.5, {0: metrics}),
        varied,
        cell("l1_hints", 1.0, {0: metrics}, kind="regions"),
        cell("l2", 1.0, {0: {"psnr": measured(9.0)}}),
    ]
    figure = plots._psnr(cells, COLORS, {"mean picture": {"sepia_index": 1.0, "psnr": 10.0}, "other": {"psnr": 1.0}})
    assert figure is not None
    points = [(line.get_label(), line.get_marker(), line.get_xydata().tolist()) for line in figure.axes[0].lines]
    seeds = [[0.9, 11.0], [0.8, 12.0]]
    assert [point for point in points if point[1] != "*"] == [
        ("l1", "o", seeds),
        ("l1,weight=1", "^", seeds),
        ("l1_hints", "o", seeds),
        ("mean picture", "P", [[1.0, 10.0]]),
    ]
    assert [point[2] for point in points if point[1] == "*"] == [[[1.0, 13.0]]]


def test_histograms_are_shares_of_the_seeds_together() -> None:
    """All of a network's pixels in the first bin of L, the truth half there and half in the last one."""

    def result(bins: dict[str, int]) -> RunResult:
        def counts(first: int, last: int) -> dict[str, dict[str, list[int]]]:
            axes = {}
            for axis, count in bins.items():
                empty = [0] * (count - 2)
                axes[axis] = {"fake": [first + last, *empty, 0], "true": [first, *empty, last]}
            return axes

        return RunResult(RunScore({}, {}), {0: counts(1, 0), 3: counts(2, 2)}, 1.0, 6)

    bins = {axis: high - low for axis, (low, high) in BINS.items()}
    runs = {"l1": {0: result(bins), 1: result(bins)}}
    cells = [cell("l1", 1.0, {0: {"mae": measured(0.1)}}), cell("l1,alpha=0.5", 0.5, {})]
    figure = plots._histograms(cells, runs, COLORS)
    assert figure is not None
    for axes, (low, high) in zip(figure.axes, BINS.values(), strict=True):
        centres = axes.lines[0].get_xdata()
        assert centres[0] - low == high - centres[-1] > 0
        fake, true = (line.get_ydata() for line in axes.lines)
        assert (fake[0], fake[-1]) == (1, 0)
        assert (true[0], true[-1]) == (0.5, 0.5)  # of the most hints, and not of none


def test_a_line_a_seed_as_the_runs_went(tmp_path: Path) -> None:
    l1 = Experiment(name="l1")
    runs = runs_of(Study("s", (1, 2), (*vary(l1, "data.alpha", 1.0, 0.5),)), tmp_path)
    for run in runs:
        run.folder.path.mkdir(parents=True)
        run.folder.append(10, {"val/sepia_index": 0.5})
        run.folder.append(15, {"G/reconstruction": 0.5})
        run.folder.append(20, {"val/sepia_index": 0.1 * run.experiment.seed})
    cells = [cell("l1", 1.0, {0: {"mae": measured(0.1)}}), cell("l1,alpha=0.5", 0.5, {0: {"mae": measured(0.1)}})]
    figure = plots._steps(cells, runs, COLORS)
    assert figure is not None
    lines = [line.get_xydata().tolist() for line in figure.axes[0].lines]
    assert lines == [[[10, 0.5], [20, 0.1]], [[10, 0.5], [20, 0.2]]]
    assert legend(figure.axes[0]) == ["l1"]
