"""Figures as PDF and SVG: text stays text, in embedded fonts (PDF), and two drawings of the same are the same bytes."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gan.arrays import Pixels
from gan.figures.arms import Arm
from gan.metrics.catalog import METRICS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = ("pdf", "svg")
MARKERS = "osD^vPX*"
"""With the colours, so that arms can be told apart without them."""
PANELS = 3
"""Panels of curves side by side."""
CELL, GAP = 0.72, 0.03
"""Inches of a drawing in a grid, and between two."""
STRAIGHT, SLANTED = 10, 0.045
"""Most letters of a heading above a drawing that lies straight, and the height of a slanted one, in inches a letter."""


def encode(figure: "Figure") -> dict[str, bytes]:
    """`pdf` and `svg` of a figure, without the date."""
    import matplotlib

    dates = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}
    encoded = {}
    with matplotlib.rc_context({"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "gan"}):
        for kind in KINDS:
            drawn = io.BytesIO()
            figure.savefig(drawn, format=kind, dpi=300, metadata=dates[kind])
            encoded[kind] = drawn.getvalue()
    return encoded


def grid(columns: dict[str, Pixels]) -> "Figure":
    """Headed columns of the same drawings: heading -> (rows, H, W, 3); pixels are not smoothed."""
    from matplotlib.figure import Figure  # here, for it takes a second to import

    rows, high, wide = next(iter(columns.values())).shape[:3]
    pitch, down = CELL + GAP, CELL * high / wide + GAP
    longest = max(len(name) for name in columns)
    slanted = longest > STRAIGHT
    heading = SLANTED * longest + 0.15 if slanted else 0.2
    size = pitch * len(columns) + (heading / 2 if slanted else GAP), down * rows + heading
    figure = Figure(figsize=size)
    for column, (name, pictures) in enumerate(columns.items()):
        for row, picture in enumerate(pictures):
            left, bottom = GAP + column * pitch, size[1] - heading - (row + 1) * down + GAP
            axes = figure.add_axes((left / size[0], bottom / size[1], CELL / size[0], (down - GAP) / size[1]))
            axes.imshow(picture, interpolation="none", aspect="auto")
            axes.set_axis_off()
        x, y = GAP + column * pitch + CELL / 2, size[1] - heading + 0.06
        turned = {"rotation": 45, "rotation_mode": "anchor", "ha": "left"} if slanted else {"ha": "center"}
        figure.text(x / size[0], y / size[1], name, fontsize=7, va="bottom", **turned)
    return figure


def curves(arms: Sequence[Arm], metrics: Sequence[str], counts: dict[str, int]) -> "Figure | None":
    """A panel a metric of the validation pictures over the steps: the mean of an arm's seeds, and its interval.

    Args:
        arms: whose curves they are.
        metrics: those that no run has get no panel.
        counts: label of a hinted arm -> most hints; with these it has a second, thinner line.
    """
    shown = [name for name in metrics if any(arm.curve(f"val/{name}") for arm in arms)]
    if not shown:
        return None
    from matplotlib.figure import Figure

    down = -(-len(shown) // PANELS)
    figure = Figure(figsize=(7.2, 1.9 * down + 0.4), layout="constrained")
    panels = [*np.ravel(figure.subplots(down, min(PANELS, len(shown)), squeeze=False))]
    for axes in panels[len(shown) :]:
        axes.set_axis_off()
    for axes, name in zip(panels, shown, strict=False):
        for number, arm in enumerate(arms):
            marker = MARKERS[number % len(MARKERS)]
            _line(axes, arm, f"val/{name}", arm.label, "-", marker)
            if count := counts.get(arm.label):
                _line(axes, arm, f"val_hints/{count}/{name}", f"{arm.label}, {count} hints", ":", marker)
        axes.set_title(METRICS[name].heading, fontsize=8)
        axes.tick_params(labelsize=7)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    for axes in panels[max(0, len(shown) - PANELS) : len(shown)]:
        axes.set_xlabel("step", fontsize=7)
    named = {label: line for axes in panels for line, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    figure.legend([*named.values()], [*named], fontsize=7, loc="outside lower center", ncol=4, frameon=False)
    return figure


def _line(axes: "Axes", arm: Arm, name: str, label: str, dash: str, marker: str) -> None:
    curve = arm.curve(name)
    if not curve:
        return
    steps, means = [*curve], [each.mean for each in curve.values()]
    axes.plot(steps, means, dash, marker=marker, markersize=2.5, linewidth=1.1, color=arm.color, label=label)
    band = [(step, each.low, each.high) for step, each in curve.items() if each.has_interval]
    if band:
        at, low, high = zip(*band, strict=True)
        axes.fill_between(at, low, high, color=arm.color, alpha=0.18, linewidth=0)
