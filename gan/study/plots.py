"""The plots of a study, as PNG and SVG: dots are runs, bars are intervals over seeds, dashes are theory."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan.data.palette import REGIONS
from gan.files import replacing
from gan.metrics.color import BINS
from gan.study.aggregate import RunResults
from gan.study.results import Baselines, CellResult, StudyResult
from gan.study.runs import StudyRun
from gan.study.statistics import Measurement
from gan.study.theory import hinted_index, predict_doses

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Cells = Sequence[CellResult]
Colors = Mapping[str, str]
"""Arm -> colour."""
ALPHA = "data.alpha"
PALETTE = ("#7a4f2b", "#c98a2b", "#3b6fd4", "#2e8b57", "#8e4fb5", "#c23b3b", "#4c9aa8", "#666666")
BINS_DRAWN_AS_ONE = {"L": 2, "a": 4, "b": 4}
"""How many bins of a histogram are summed for the plot."""


def write_all(result: StudyResult, run_results: RunResults, runs: Sequence[StudyRun], folder: Path) -> None:
    """Write every plot that there is something for."""
    cells, colors = result.measured_cells, _colors(result)
    figures = of_results(result) | {
        "histograms": _histograms(cells, run_results, colors),
        "steps": _steps(cells, runs, colors),
    }
    for name, figure in figures.items():
        if figure is not None:
            _save(figure, folder / name)


def of_results(result: StudyResult, colors: Colors | None = None) -> "dict[str, Figure | None]":
    """The plots that study.json is enough for; None where there is nothing to draw.

    colors: of arms that have colours of their own elsewhere.
    """
    cells, colors = result.measured_cells, _colors(result) | dict(colors or {})
    return {
        "dose": _dose(cells, colors),
        "hints": _hints(cells, colors, result.baselines),
        "psnr": _psnr(cells, colors, result.baselines),
    }


def _colors(result: StudyResult) -> dict[str, str]:
    arms = dict.fromkeys(cell.arm for cell in result.measured_cells)
    return {arm: PALETTE[number % len(PALETTE)] for number, arm in enumerate(arms)}


def _figure(width: float, height: float, columns: int) -> tuple["Figure", list["Axes"]]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # here, for it takes a second to import
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    panels = [*np.atleast_1d(figure.subplots(1, columns))]
    for axes in panels:
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    return figure, panels


def _save(figure: "Figure", path: Path) -> None:
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": path.name}):
        for kind in ("png", "svg"):
            drawn = io.BytesIO()
            figure.savefig(drawn, dpi=130, format=kind, metadata={"Date": None} if kind == "svg" else None)
            with replacing(path.with_suffix(f".{kind}")) as draft:
                draft.write_bytes(drawn.getvalue())


def _draw(axes: "Axes", x: float, measured: Measurement, color: str, label: str | None) -> None:
    """Every seed as a dot, their mean with its interval beside them."""
    dots = [*measured.values.values()]
    axes.plot([x] * len(dots), dots, "o", color=color, markersize=3.5, alpha=0.6)
    if measured.low is None or measured.high is None:
        axes.plot([x], [measured.mean], "s", color=color, markersize=6, label=label)
    else:
        bar = [[measured.mean - measured.low], [measured.high - measured.mean]]
        axes.errorbar([x], [measured.mean], bar, fmt="s", color=color, markersize=6, capsize=3, label=label)


def _dose(cells: Cells, colors: Colors) -> "Figure | None":
    """Sepia index against the dose of ambiguity; other arms of the same data stand at their dose."""
    shown = [
        (cell, measured)
        for cell in cells
        if not set(cell.differences) - {ALPHA} and _unhinted(cell) and (measured := cell.measured("sepia_index"))
    ]
    if not shown or not any(ALPHA in cell.differences for cell in cells):
        return None
    figure, (axes,) = _figure(6.4, 4.2, 1)
    alphas = np.linspace(0, 1, 201)
    predicted = predict_doses([float(alpha) for alpha in alphas])
    for name, loss, theory in (
        ("L1 optimum", "l1", [each.l1 for each in predicted]),
        ("L2 optimum", "l2", [each.l2 for each in predicted]),
    ):
        axes.plot(alphas, theory, "--", color=colors.get(loss, "black"), linewidth=1.2, label=name)
    labelled: set[str] = set()
    for cell, measured in shown:
        label = None if cell.arm in labelled else cell.arm
        labelled.add(cell.arm)
        _draw(axes, cell.experiment.data.alpha, measured, colors[cell.arm], label)
    axes.set_xlabel("dose of ambiguity: share of colours that the lines do not tell")
    axes.set_ylabel("sepia index (1: one tint, 0: full colour)")
    axes.legend(fontsize=8, loc="upper left")
    return figure


def _unhinted(cell: CellResult) -> bool:
    return cell.experiment.hints.kind == "none"


def _hints(cells: Cells, colors: Colors, baselines: Baselines) -> "Figure | None":
    """Sepia index and error against the number of hints, with theory where regions are known."""
    shown = [cell for cell in cells if len(cell.hints) > 1 and not cell.differences]
    if not shown:
        return None
    figure, panels = _figure(10, 4.2, 2)
    counts = sorted({count for cell in shown for count in cell.hints})
    for axes, metric, heading in zip(
        panels,
        ("sepia_index", "mae_scored"),
        ("sepia index (1: one tint, 0: full colour)", "mean absolute error of scored pixels"),
        strict=True,
    ):
        for cell in shown:
            _draw_curve(axes, cell, metric, colors[cell.arm])
        theory = _hint_theory(shown[0], metric, counts)
        if theory:
            axes.plot(counts, theory, "--", color="black", linewidth=1.2, label="theory of the L1 optimum")
        for number, (name, row) in enumerate(baselines.items()):
            if metric in row:
                axes.axhline(row[metric], linestyle=(":", "-.")[number % 2], color="black", linewidth=1, label=name)
        axes.set_xlabel("regions hinted" if _hints_are_regions(shown[0]) else "hints")
        axes.set_xticks(counts)
        axes.set_title(heading, fontsize=10)
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        axes.legend(fontsize=8)
    return figure


def _draw_curve(axes: "Axes", cell: CellResult, metric: str, color: str) -> None:
    """A metric over the number of hints; the first point carries the label."""
    curve = cell.curve(metric)
    axes.plot([*curve], [each.mean for each in curve.values()], "-", color=color, linewidth=1)
    for number, (count, measured) in enumerate(curve.items()):
        _draw(axes, count, measured, color, cell.name if number == 0 else None)


def _hints_are_regions(cell: CellResult) -> bool:
    return cell.experiment.hints.kind == "regions"


def _hint_theory(cell: CellResult, metric: str, counts: Sequence[int]) -> list[float]:
    """E0 (1 - h / K) and 1 - sqrt(h / K), for hints of kind regions; else nothing."""
    if not _hints_are_regions(cell):
        return []
    most = len(REGIONS)
    if metric == "sepia_index":
        return [hinted_index(count, most) for count in counts]
    unhinted = cell.measured(metric)
    if cell.closed_form != "median" or unhinted is None or unhinted.closed is None:
        return []
    return [unhinted.closed * (1 - count / most) for count in counts]


def _histograms(cells: Cells, run_results: RunResults, colors: Colors) -> "Figure | None":
    """Shares of L, a and b over the scored pixels (Isola et al. 2017, fig. 7); hinted arms are told all."""
    shown = [
        cell
        for cell in cells
        if not cell.differences and all(result.histograms for result in run_results[cell.name].values())
    ]
    if not shown:
        return None
    figure, panels = _figure(12, 4, 3)
    for axes, (axis, (low, high)) in zip(panels, BINS.items(), strict=True):
        width = BINS_DRAWN_AS_ONE[axis]
        centres = np.arange(low, high, width) + width / 2
        truth = np.zeros(len(centres))
        for cell in shown:
            by_seed = run_results[cell.name].values()
            counts = [result.histograms[max(result.histograms)][axis] for result in by_seed]
            fake = np.sum([each["fake"] for each in counts], axis=0).reshape(-1, width).sum(axis=1)
            truth += np.sum([each["true"] for each in counts], axis=0).reshape(-1, width).sum(axis=1)
            axes.step(centres, fake / fake.sum(), where="mid", color=colors[cell.arm], label=cell.name)
        axes.step(centres, truth / truth.sum(), where="mid", color="black", linewidth=1.6, label="truth", zorder=0.5)
        axes.set_yscale("log")
        axes.set_ylim(1e-5, 1)
        if axis != "L" and truth.any():
            used = centres[truth > 0]
            axes.set_xlim(used.min() - 25, used.max() + 25)
        axes.set_title(axis, fontsize=10)
    panels[0].set_ylabel(
        f"share of scored pixels, bins of {BINS_DRAWN_AS_ONE['L']} (L) and {BINS_DRAWN_AS_ONE['a']} (a, b)"
    )
    figure.legend(
        *panels[0].get_legend_handles_labels(), fontsize=8, loc="outside lower center", ncol=8
    )  # off the lines
    return figure


def _psnr(cells: Cells, colors: Colors, baselines: Baselines) -> "Figure | None":
    """PSNR against sepia index without hints: colour comes back at the price of accuracy (Blau and Michaeli 2018)."""
    shown = [
        (cell, index, psnr)
        for cell in cells
        if ALPHA not in cell.differences  # another dose is another task: its errors cannot be compared
        and (index := cell.measured("sepia_index"))
        and (psnr := cell.measured("psnr"))
    ]
    if not shown:
        return None
    figure, (axes,) = _figure(6.4, 4.2, 1)
    for cell, index, psnr in shown:
        seeds = [seed for seed in index.values if seed in psnr.values]
        marker = "^" if cell.differences else "o"
        axes.plot(
            [index.values[seed] for seed in seeds],
            [psnr.values[seed] for seed in seeds],
            marker,
            color=colors[cell.arm],
            label=cell.name,
            markersize=6,
        )
        if index.closed is not None and psnr.closed is not None and not cell.differences and _unhinted(cell):
            axes.plot(index.closed, psnr.closed, "*", color=colors[cell.arm], markersize=13, alpha=0.5)
    for number, (name, row) in enumerate(baselines.items()):
        if {"sepia_index", "psnr"} <= set(row):
            axes.plot(row["sepia_index"], row["psnr"], ("P", "X")[number % 2], color="black", label=name)
    axes.set_xlabel("sepia index without hints (1: one tint, 0: full colour); stars: closed forms")
    axes.set_ylabel("PSNR (dB)")
    axes.legend(fontsize=8)
    return figure


def _steps(cells: Cells, runs: Sequence[StudyRun], colors: Colors) -> "Figure | None":
    """Sepia index on the validation pictures, without hints, as the runs went; a line a seed."""
    plain = {cell.name: cell for cell in cells if not cell.differences}
    if not plain:
        return None
    figure, (axes,) = _figure(6.4, 4.2, 1)
    labelled: set[str] = set()
    for run in runs:
        name = run.experiment.name
        rows = [row for row in run.folder.rows() if "val/sepia_index" in row] if name in plain else []
        if rows:
            label = None if name in labelled else name
            labelled.add(name)
            points = [[row["step"] for row in rows], [row["val/sepia_index"] for row in rows]]
            axes.plot(*points, "o-", markersize=3, linewidth=1, color=colors[plain[name].arm], label=label)
    axes.set_xlabel("step")
    axes.set_ylabel("sepia index without hints, validation pictures")
    axes.legend(fontsize=8)
    return figure
