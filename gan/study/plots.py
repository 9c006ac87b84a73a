"""The plots of a study, as PNG and SVG: dots are runs, bars are intervals over seeds, dashes are theory."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gan.data.palette import REGIONS
from gan.files import replacing
from gan.metrics.color import BINS
from gan.study.results import Found
from gan.study.runs import Job
from gan.study.theory import headline, hinted_index

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Values = Mapping[str, Any]
"""What study.json holds."""
PALETTE = ("#7a4f2b", "#c98a2b", "#3b6fd4", "#2e8b57", "#8e4fb5", "#c23b3b", "#4c9aa8", "#666666")
COARSE = {"L": 2, "a": 4, "b": 4}
"""Histogram bins that are drawn as one."""


def write_all(values: Values, found: Found, jobs: Sequence[Job], folder: Path) -> None:
    """Write every plot that there is something for."""
    arms = [cell for cell in values["cells"] if cell["hints"]]
    colors = {arm: PALETTE[number % len(PALETTE)] for number, arm in enumerate(_names(arms))}
    figures = {
        "dose": _dose(arms, colors),
        "hints": _hints(arms, colors, values.get("baselines", {})),
        "histograms": _histograms(arms, found, colors),
        "psnr": _psnr(arms, colors, values.get("baselines", {})),
        "steps": _steps(arms, jobs, colors),
    }
    for name, figure in figures.items():
        if figure is not None:
            _save(figure, folder / name)


def _names(arms: Sequence[Values]) -> list[str]:
    return list(dict.fromkeys(cell["arm"] for cell in arms))


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


def _estimate(axes: "Axes", x: float, found: Values, color: str, label: str | None) -> None:
    """Every seed as a dot, their mean with its interval beside them."""
    dots = [*found["values"].values()]
    axes.plot([x] * len(dots), dots, "o", color=color, markersize=3.5, alpha=0.6)
    if found["low"] is None:
        axes.plot([x], [found["mean"]], "s", color=color, markersize=6, label=label)
    else:
        bar = [[found["mean"] - found["low"]], [found["high"] - found["mean"]]]
        axes.errorbar([x], [found["mean"]], bar, fmt="s", color=color, markersize=6, capsize=3, label=label)


def _has(cell: Values, metric: str, hints: str = "0") -> bool:
    return metric in cell["hints"].get(hints, {})


def _dose(arms: Sequence[Values], colors: Mapping[str, str]) -> "Figure | None":
    """Sepia index against the dose of ambiguity; other arms of the same data stand at their dose."""
    dosed = {cell["arm"] for cell in arms if "data.alpha" in cell["differences"]}
    shown = [
        cell
        for cell in arms
        if not set(cell["differences"]) - {"data.alpha"} and _has(cell, "sepia_index") and _unhinted(cell)
    ]
    if not dosed or not shown:
        return None
    figure, (axes,) = _figure(6.4, 4.2, 1)
    alphas = np.linspace(0, 1, 201)
    predicted = headline([float(alpha) for alpha in alphas])
    for name, loss, theory in (
        ("L1 optimum", "l1", [each.l1 for each in predicted]),
        ("L2 optimum", "l2", [each.l2 for each in predicted]),
    ):
        axes.plot(alphas, theory, "--", color=colors.get(loss, "black"), linewidth=1.2, label=name)
    seen: set[str] = set()
    for cell in shown:
        label = None if cell["arm"] in seen else cell["arm"]
        seen.add(cell["arm"])
        alpha = cell["configuration"]["data"]["alpha"]
        _estimate(axes, alpha, cell["hints"]["0"]["sepia_index"], colors[cell["arm"]], label)
    axes.set_xlabel("dose of ambiguity: share of colours that the lines do not tell")
    axes.set_ylabel("sepia index (1: one tint, 0: full colour)")
    axes.legend(fontsize=8, loc="upper left")
    return figure


def _unhinted(cell: Values) -> bool:
    return bool(cell["configuration"]["hints"]["kind"] == "none")


def _hints(arms: Sequence[Values], colors: Mapping[str, str], baselines: Values) -> "Figure | None":
    """Sepia index and error against the number of hints, with theory where regions are known."""
    shown = [cell for cell in arms if len(cell["hints"]) > 1 and not cell["differences"]]
    if not shown:
        return None
    figure, panels = _figure(10, 4.2, 2)
    counts = sorted({int(count) for cell in shown for count in cell["hints"]})
    for axes, metric, heading in zip(
        panels,
        ("sepia_index", "mae_scored"),
        ("sepia index (1: one tint, 0: full colour)", "mean absolute error of scored pixels"),
        strict=True,
    ):
        for cell in shown:
            points = {int(count): row[metric] for count, row in cell["hints"].items() if metric in row}
            color = colors[cell["arm"]]
            axes.plot([*points], [each["mean"] for each in points.values()], "-", color=color, linewidth=1)
            for number, (count, each) in enumerate(points.items()):
                _estimate(axes, count, each, color, cell["name"] if number == 0 else None)
        theory = _hint_theory(shown[0], metric, counts)
        if theory:
            axes.plot(counts, theory, "--", color="black", linewidth=1.2, label="theory of the L1 optimum")
        for number, (name, row) in enumerate(baselines.items()):
            if metric in row:
                axes.axhline(row[metric], linestyle=(":", "-.")[number % 2], color="black", linewidth=1, label=name)
        axes.set_xlabel("hints" if shown[0]["configuration"]["hints"]["kind"] != "regions" else "regions hinted")
        axes.set_xticks(counts)
        axes.set_title(heading, fontsize=10)
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        axes.legend(fontsize=8)
    return figure


def _hint_theory(cell: Values, metric: str, counts: Sequence[int]) -> list[float]:
    """E0 (1 - h / K) and 1 - sqrt(h / K), for hints of kind regions; else nothing."""
    if cell["configuration"]["hints"]["kind"] != "regions":
        return []
    most = len(REGIONS)
    if metric == "sepia_index":
        return [hinted_index(count, most) for count in counts]
    unhinted = cell["hints"]["0"].get(metric, {}).get("closed")
    if cell["closed_form"] != "median" or unhinted is None:
        return []
    return [unhinted * (1 - count / most) for count in counts]


def _histograms(arms: Sequence[Values], found: Found, colors: Mapping[str, str]) -> "Figure | None":
    """Shares of L, a and b over the scored pixels (Isola et al. 2017, fig. 7); hinted arms are told all."""
    shown = [
        cell
        for cell in arms
        if not cell["differences"] and all(done.histograms for done in found[cell["name"]].values())
    ]
    if not shown:
        return None
    figure, panels = _figure(12, 4, 3)
    for axes, (axis, (low, high)) in zip(panels, BINS.items(), strict=True):
        width = COARSE[axis]
        centres = np.arange(low, high, width) + width / 2
        truth = np.zeros(len(centres))
        for cell in shown:
            counts = [done.histograms[max(done.histograms)][axis] for done in found[cell["name"]].values()]
            fake = np.sum([each["fake"] for each in counts], axis=0).reshape(-1, width).sum(axis=1)
            truth += np.sum([each["true"] for each in counts], axis=0).reshape(-1, width).sum(axis=1)
            axes.step(centres, fake / fake.sum(), where="mid", color=colors[cell["arm"]], label=cell["name"])
        axes.step(centres, truth / truth.sum(), where="mid", color="black", linewidth=1.6, label="truth", zorder=0.5)
        axes.set_yscale("log")
        axes.set_ylim(1e-5, 1)
        if axis != "L" and truth.any():
            used = centres[truth > 0]
            axes.set_xlim(used.min() - 25, used.max() + 25)
        axes.set_title(axis, fontsize=10)
    panels[0].set_ylabel(f"share of scored pixels, bins of {COARSE['L']} (L) and {COARSE['a']} (a, b)")
    figure.legend(
        *panels[0].get_legend_handles_labels(), fontsize=8, loc="outside lower center", ncol=8
    )  # off the lines
    return figure


def _psnr(arms: Sequence[Values], colors: Mapping[str, str], baselines: Values) -> "Figure | None":
    """PSNR against sepia index without hints: colour comes back at the price of accuracy (Blau and Michaeli 2018)."""
    shown = [cell for cell in arms if _has(cell, "sepia_index") and _has(cell, "psnr") and _same_task(cell)]
    if not shown:
        return None
    figure, (axes,) = _figure(6.4, 4.2, 1)
    for cell in shown:
        index, psnr = cell["hints"]["0"]["sepia_index"], cell["hints"]["0"]["psnr"]
        seeds = [seed for seed in index["values"] if seed in psnr["values"]]
        marker = "^" if cell["differences"] else "o"
        axes.plot(
            [index["values"][seed] for seed in seeds],
            [psnr["values"][seed] for seed in seeds],
            marker,
            color=colors[cell["arm"]],
            label=cell["name"],
            markersize=6,
        )
        if index["closed"] is not None and psnr["closed"] is not None and not cell["differences"] and _unhinted(cell):
            axes.plot(index["closed"], psnr["closed"], "*", color=colors[cell["arm"]], markersize=13, alpha=0.5)
    for number, (name, row) in enumerate(baselines.items()):
        if {"sepia_index", "psnr"} <= set(row):
            axes.plot(row["sepia_index"], row["psnr"], ("P", "X")[number % 2], color="black", label=name)
    axes.set_xlabel("sepia index without hints (1: one tint, 0: full colour); stars: closed forms")
    axes.set_ylabel("PSNR (dB)")
    axes.legend(fontsize=8)
    return figure


def _same_task(cell: Values) -> bool:
    """Other doses are other tasks: their errors cannot be compared."""
    return "data.alpha" not in cell["differences"]


def _steps(arms: Sequence[Values], jobs: Sequence[Job], colors: Mapping[str, str]) -> "Figure | None":
    """Sepia index on the validation pictures, without hints, as the runs went; a line a seed."""
    plain = {cell["name"]: cell for cell in arms if not cell["differences"]}
    if not plain:
        return None
    figure, (axes,) = _figure(6.4, 4.2, 1)
    seen: set[str] = set()
    for job in jobs:
        name = job.experiment.name
        rows = [row for row in job.run.rows() if "val/sepia_index" in row] if name in plain else []
        if rows:
            label = None if name in seen else name
            seen.add(name)
            points = [[row["step"] for row in rows], [row["val/sepia_index"] for row in rows]]
            axes.plot(*points, "o-", markersize=3, linewidth=1, color=colors[plain[name]["arm"]], label=label)
    axes.set_xlabel("step")
    axes.set_ylabel("sepia index without hints, validation pictures")
    axes.legend(fontsize=8)
    return figure
