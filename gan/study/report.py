"""report.md of a study: the verdicts first, then every number that they rest on, then the plots."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Values = Mapping[str, Any]
WHOLE = {
    "sepia_index": "Sepia index, without hints",
    "sepia_index_px": "Sepia index by pixel, without hints",
    "mae_scored": "Mean absolute error of scored pixels, without hints",
    "psnr": "PSNR (dB), without hints",
}
"""Metrics with a table of their own: every seed, and the interval."""
SHORT = {
    "mae": "MAE",
    "ssim": "SSIM",
    "lpips": "LPIPS",
    "ciede2000": "dE00",
    "to_median": "dE00 to L1 optimum",
    "to_mean": "dE00 to L2 optimum",
    "ab_std": "spread in a region",
    "chroma_ratio": "chroma ratio",
    "palette_hit": "palette hits",
    "palette_entropy": "palette entropy",
    "histogram_L": "histogram L",
    "histogram_a": "histogram a",
    "histogram_b": "histogram b",
}
"""Metrics that share a table: means over seeds."""
BY_HINTS = {
    "sepia_index": "sepia index",
    "sepia_index_px": "by pixel",
    "mae_scored": "error",
    "lpips": "LPIPS",
    "hinted/mae": "error, hinted area",
    "unhinted/mae": "error, unhinted area",
    "unhinted/sepia_index": "sepia index, unhinted area",
    "adherence": "adherence",
    "response": "response",
    "leakage": "leakage",
    "placebo/mae": "placebo MAE",
}
PLOTS = {
    "dose": "Sepia index against the dose of ambiguity",
    "hints": "Sepia index and error against the number of hints",
    "histograms": "Histograms of L, a, b (log scale); hinted arms are told all",
    "psnr": "PSNR against sepia index",
    "steps": "Sepia index as the runs went",
}


def markdown(values: Values, folder: Path) -> str:
    """The report of what study.json holds; plots are linked where they lie in the folder."""
    parts = [f"# {values['name']}: {values['question']}", _seeds(values)]
    parts += [values["note"]] if values["note"] else []
    parts += _verdicts(values["verdicts"])
    cells = [cell for cell in values["cells"] if cell["hints"]]
    parts += _grid(folder)
    parts += ["## Cells", _legend(values)]
    for metric, heading in WHOLE.items():
        parts += [f"### {heading}", _whole(cells, metric, values["seeds"])]
    parts += ["### Everything else, without hints", "Means over seeds; in brackets the closed form.", _short(cells)]
    hinted = [cell for cell in cells if len(cell["hints"]) > 1]
    if hinted:
        parts += ["## By number of hints", "Means over seeds; in brackets the closed form, given the hints."]
        parts += [_hinted(cell) for cell in hinted]
    if values["differences"]:
        parts += ["## Differences between arms, seed by seed", _differences(values["differences"], values["seeds"])]
    if values["baselines"]:
        parts += ["## The best constant pictures", _baselines(values["baselines"])]
    parts += _plots(folder)
    return "\n\n".join(part for part in parts if part) + "\n"


def _seeds(values: Values) -> str:
    done = sum(len(cell["seeds"]) for cell in values["cells"])
    total = len(values["cells"]) * len(values["seeds"])
    seeds = ", ".join(str(seed) for seed in values["seeds"])
    words = f"Seeds {seeds}; {done} of {total} runs done; raw weights of the last step, test pictures."
    absent = [cell["name"] for cell in values["cells"] if not cell["seeds"]]
    partly = [label for label in values["missing"] if label.rpartition("/")[0] not in absent]
    for heading, names in (("Not run", absent), ("Missing or failed", partly)):
        words += f" **{heading}**: {', '.join(f'`{name}`' for name in names)}." if names else ""
    return words


def _verdicts(verdicts: Sequence[Values]) -> list[str]:
    if not verdicts:
        return ["## Corroboration", "There is no closed form here, so no verdict: the numbers stand beside baselines."]
    parts = ["## Verdicts", _table(["rule", "verdict", "", "reason"], [_verdict_row(each) for each in verdicts])]
    rows = [
        [each["name"], number["text"], _interval(number), _each(number), number["state"]]
        for each in verdicts
        for number in each["numbers"]
    ]
    heading = ["rule", "claim", "mean [interval]", "every seed", "side"]
    return [
        *parts,
        "What the verdicts rest on (error: mean absolute error of the scored pixels, RGB in [0, 1]):",
        _table(heading, rows),
    ]


def _verdict_row(verdict: Values) -> list[str]:
    return [
        f"**{verdict['name']}** {verdict['claim']}",
        f"**{verdict['verdict']}**"
        + (f", leans to {verdict['leaning']}" if verdict["verdict"] == "indicative" else ""),
        f"*{verdict['reads']}*" if verdict["reads"] else "",
        verdict["reason"],
    ]


def _legend(values: Values) -> str:
    share = f"{values['confidence']:.0%}"
    return (
        f"Intervals are {share} t-intervals of the mean over seeds. The closed form is what the arm's loss aims at "
        "(L1: median, L2: mean, adversarial: a perfect sampler), on the same draw of colours."
    )


def _whole(cells: Sequence[Values], metric: str, seeds: Sequence[int]) -> str:
    rows = []
    for cell in cells:
        found = cell["hints"]["0"].get(metric)
        if found is not None:
            values = [_number(found["values"].get(str(seed))) for seed in seeds]
            rows.append([f"`{cell['name']}`", _interval(found), *values, _number(found["closed"])])
    return _table(["cell", "mean [interval]", *(f"seed {seed}" for seed in seeds), "closed form"], rows)


def _short(cells: Sequence[Values]) -> str:
    there = [metric for metric in SHORT if any(metric in cell["hints"]["0"] for cell in cells)]
    rows = [[f"`{cell['name']}`", *(_mean(cell["hints"]["0"].get(metric)) for metric in there)] for cell in cells]
    return _table(["cell", *(SHORT[metric] for metric in there)], rows)


def _hinted(cell: Values) -> str:
    there = [metric for metric in BY_HINTS if any(metric in row for row in cell["hints"].values())]
    rows = [[count, *(_mean(row.get(metric)) for metric in there)] for count, row in cell["hints"].items()]
    return f"### `{cell['name']}`\n\n" + _table(["hints", *(BY_HINTS[metric] for metric in there)], rows)


def _differences(differences: Sequence[Values], seeds: Sequence[int]) -> str:
    rows = [
        [each["text"], _interval(each), *(_number(each["values"].get(str(seed))) for seed in seeds)]
        for each in differences
    ]
    return _table(["difference", "mean [interval]", *(f"seed {seed}" for seed in seeds)], rows)


def _baselines(baselines: Mapping[str, Mapping[str, float]]) -> str:
    metrics = [*WHOLE, *SHORT]
    there = [metric for metric in metrics if any(metric in row for row in baselines.values())]
    rows = [[name, *(_number(row.get(metric)) for metric in there)] for name, row in baselines.items()]
    return _table(["picture", *(SHORT.get(metric, metric) for metric in there)], rows)


def _grid(folder: Path) -> list[str]:
    if not (folder / "grid.png").exists():
        return []
    words = "The same test pictures by every arm, first seed, the first of an evenly spread choice, not picked by eye:"
    return ["## Pictures", words, "![grid](grid.png)"]


def _plots(folder: Path) -> list[str]:
    there = {name: heading for name, heading in PLOTS.items() if (folder / "plots" / f"{name}.png").exists()}
    shown = [f"### {heading}\n\n![{name}](plots/{name}.png)" for name, heading in there.items()]
    return ["## Plots", *shown] if shown else []


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _interval(found: Values) -> str:
    if found.get("mean") is None:
        return ""
    if found["low"] is None:
        return _number(found["mean"])
    return f"{_number(found['mean'])} [{_number(found['low'])}, {_number(found['high'])}]"


def _each(found: Values) -> str:
    return " · ".join(f"{seed}: {_number(value)}" for seed, value in found.get("values", {}).items())


def _mean(found: Values | None) -> str:
    if found is None:
        return ""
    closed = f" ({_number(found['closed'])})" if found["closed"] is not None else ""
    return _number(found["mean"]) + closed
