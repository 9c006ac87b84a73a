"""The curve of metrics over the number of hints: as JSON, as a picture, and as rows of a table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan.errors import RequestError
from gan.files import replacing
from gan.metrics.catalog import WATERSHED, shown_at
from gan.runs.folder import RunFolder, read_json

Curve = Mapping[int, Mapping[str, float]]
"""Number of hints -> metric -> value."""
Closed = Mapping[int, Mapping[str, Mapping[str, float]]]
"""Number of hints -> closed form -> metric -> value."""
METRICS = shown_at("hints_table")
RIVAL = {f"{WATERSHED}/{name}": name for name in ("mae", "lpips", "fill", "bleed")}
COLUMNS = ("hints", *METRICS, *RIVAL)
"""Columns of the table that W&B is shown."""
LINES = ("mae", "sepia_index", "fill")
"""Columns of it that W&B draws over the number of hints."""


def rows(curve: Curve, closed: Closed) -> list[list[float | None]]:
    """`COLUMNS` of each number of hints; None where nothing could be said."""
    rivals = {count: closed.get(count, {}).get(WATERSHED, {}) for count in curve}
    return [
        [count, *map(metrics.get, METRICS), *map(rivals[count].get, RIVAL.values())] for count, metrics in curve.items()
    ]


def to_json(curve: Mapping[int, Any]) -> dict[str, Any]:
    """Plain values; JSON's keys are text."""
    return {str(count): metrics for count, metrics in curve.items()}


def plot(curve: Curve, closed: Closed, title: str, path: Path) -> None:
    """Write the curve as a PNG.

    Args:
        curve: of a network.
        closed: of the closed forms; empty where there are none.
        title: what was measured.
        path: the picture to write.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # here, for it takes a second to import
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    panels = {heading: lines for heading, series in PANELS.items() if (lines := _lines(series, curve, closed))}
    figure = Figure(figsize=(4 * max(len(panels), 1), 4.6), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=10)
    every = figure.subplots(1, max(len(panels), 1), squeeze=False)[0]
    for axes, (heading, lines) in zip(every, panels.items(), strict=False):
        for (label, color, style), points in lines:
            axes.plot(*zip(*points, strict=True), style, color=color, label=label, markersize=4)
        axes.set_title(heading, fontsize=10)
        axes.set_xlabel("hints")
        axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=2)  # off the lines
    with replacing(path) as draft:
        figure.savefig(draft, dpi=120, format="png")


Look = tuple[str, str, str]
"""Label, colour, style."""


def _lines(series: Mapping[str, Look], curve: Curve, closed: Closed) -> list[tuple[Look, list[tuple[int, float]]]]:
    """The lines of a panel that there are points of."""
    lines = []
    for name, look in series.items():
        form, _, metric = name.rpartition(":")
        source = {count: forms.get(form, {}) for count, forms in closed.items()} if form else curve
        points = [(count, metrics[metric]) for count, metrics in source.items() if metric in metrics]
        if points:
            lines.append((look, points))
    return lines


PANELS: dict[str, dict[str, Look]] = {
    "sepia index (1: one tint, 0: full colour)": {
        "sepia_index": ("all", "black", "o-"),
        "hinted/sepia_index": ("hinted area", "tab:green", "o-"),
        "unhinted/sepia_index": ("unhinted area", "tab:brown", "o-"),
        "median:sepia_index": ("L1 optimum given the hints", "black", "--"),
    },
    "mean absolute error": {
        "mae": ("all", "black", "o-"),
        "hinted/mae": ("hinted area", "tab:green", "o-"),
        "unhinted/mae": ("unhinted area", "tab:brown", "o-"),
        "placebo/mae": ("all, hints of another picture", "tab:red", "o:"),
        "median:mae": ("L1 optimum given the hints", "black", "--"),
        "watershed:mae": ("watershed of the hints", "tab:purple", ":"),
    },
    "share of a hinted region in its colour": {
        "fill": ("fill", "black", "o-"),
        "bleed": ("outside, over its area (bleed)", "tab:red", "o-"),
        "watershed:fill": ("fill, watershed", "black", ":"),
    },
    "when a hint is given or changed (CIEDE2000)": {
        "adherence": ("distance to the hint", "tab:blue", "o-"),
        "response": ("change inside its region", "tab:green", "o-"),
        "leakage": ("change elsewhere", "tab:red", "o-"),
    },
}
"""Heading -> metric, or closed form:metric -> label, colour, style."""


def save(run: RunFolder, name: str, curve: Curve, closed: Closed, title: str) -> None:
    """Write hints-<name>.json and hints-<name>.png into a run folder."""
    values = {"title": title, "hints": to_json(curve), "closed_forms": to_json(closed)}
    run.save_json(f"hints-{name}", values)
    plot(curve, closed, title, run.path / f"hints-{name}.png")


def read(run: RunFolder, name: str, title: str) -> tuple[dict[int, Any], dict[int, Any]]:
    """What `save` wrote under that title: the curve and the closed forms; nothing where it was another."""
    try:
        values = read_json(run.path / f"hints-{name}.json")
    except RequestError:
        return {}, {}
    if values.get("title") != title:
        return {}, {}
    try:
        curve, closed = ({int(count): row for count, row in values[part].items()} for part in ("hints", "closed_forms"))
    except (KeyError, ValueError, AttributeError):  # damaged: it is measured anew
        return {}, {}
    return curve, closed
