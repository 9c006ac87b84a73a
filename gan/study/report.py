"""report.md of a study: the verdicts first, then every number that they rest on, then the plots."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from gan.metrics.catalog import METRICS, Place, label, shown_at
from gan.study.results import CellResult, NumberResult, StudyResult, VerdictResult
from gan.study.statistics import Measurement

PLOTS = {
    "dose": "Sepia index against the dose of ambiguity",
    "hints": "Sepia index and error against the number of hints",
    "histograms": "Histograms of L, a, b (log scale); hinted arms are told all",
    "psnr": "PSNR against sepia index",
    "steps": "Sepia index as the runs went",
}


def markdown(result: StudyResult, folder: Path) -> str:
    """The report of a study; plots are linked where they lie in the folder."""
    cells = result.measured_cells
    parts = [f"# {result.name}: {result.question}", _seeds(result), result.note]
    parts += [*_verdicts(result.verdicts), _broken(result.broken)]
    parts += _grid(folder)
    parts += ["## Cells", _legend(result.confidence)]
    for metric in shown_at("report"):
        parts += [f"### {METRICS[metric].heading}, without hints", _whole(cells, metric, result.seeds)]
    parts += [
        "### Everything else, without hints",
        "Means over seeds; in brackets the closed form.",
        _table_of_means(cells, "report_means"),
    ]
    hinted = [cell for cell in cells if len(cell.hints) > 1]
    if hinted:
        parts += ["## By number of hints", "Means over seeds; in brackets the closed form, given the hints."]
        parts += [_hinted(cell) for cell in hinted]
    drawing = [cell for cell in cells if any(cell.measured(metric) for metric in shown_at("report_draws"))]
    if drawing:
        words = "Means over seeds, of many draws a drawing without hints; in brackets a perfect sampler's."
        parts += ["## Draws", words, _table_of_means(drawing, "report_draws")]
    if result.differences:
        parts += ["## Differences between arms, seed by seed", _differences(result.differences, result.seeds)]
    if result.baselines:
        parts += ["## The best constant pictures", _baselines(result.baselines)]
    parts += _plots(folder)
    return "\n\n".join(part for part in parts if part) + "\n"


def _seeds(result: StudyResult) -> str:
    done = sum(len(cell.seeds) for cell in result.cells) + len(result.broken)
    total = len(result.cells) * len(result.seeds)
    seeds = ", ".join(str(seed) for seed in result.seeds)
    words = f"Seeds {seeds}; {done} of {total} runs done; raw weights of the last step, test pictures."
    tried = {label.rpartition("/")[0] for label in result.broken}
    absent = [cell.name for cell in result.cells if not cell.seeds and cell.name not in tried]
    partly = [label for label in result.missing if label.rpartition("/")[0] not in absent]
    for heading, names in (("Not run", absent), ("Missing or failed", partly)):
        words += f" **{heading}**: {', '.join(f'`{name}`' for name in names)}." if names else ""
    return words


def _verdicts(verdicts: Sequence[VerdictResult]) -> list[str]:
    if not verdicts:
        return ["## Corroboration", "There is no closed form here, so no verdict: the numbers stand beside baselines."]
    rows = [
        [verdict.name, number.text, _interval(number.measured), _each_seed(number.measured), number.state]
        for verdict in verdicts
        for number in verdict.numbers
    ]
    return [
        "## Verdicts",
        _table(["rule", "verdict", "", "reason"], [_verdict_row(verdict) for verdict in verdicts]),
        "What the verdicts rest on (error: mean absolute error of the scored pixels, RGB in [0, 1]):",
        _table(["rule", "claim", "mean [interval]", "every seed", "side"], rows),
    ]


def _broken(broken: Mapping[str, str]) -> str:
    if not broken:
        return ""
    runs = "; ".join(f"`{label}`: {reason}" for label, reason in broken.items())
    return f"**Broken, and left out of every number**: {runs}."


def _verdict_row(verdict: VerdictResult) -> list[str]:
    leaning = f", leans to {verdict.leaning}" if verdict.verdict == "indicative" else ""
    return [
        f"**{verdict.name}** {verdict.claim}",
        f"**{verdict.verdict}**{leaning}",
        f"*{verdict.reads}*" if verdict.reads else "",
        verdict.reason,
    ]


def _legend(confidence: float) -> str:
    return (
        f"Intervals are {confidence:.0%} t-intervals of the mean over seeds. The closed form is what the arm's loss "
        "aims at (L1: median, L2: mean, adversarial or drawn: a perfect sampler), on the same draw of colours."
    )


def _whole(cells: Sequence[CellResult], metric: str, seeds: Sequence[int]) -> str:
    rows = []
    for cell in cells:
        measured = cell.measured(metric)
        if measured is not None:
            values = [_number(measured.values.get(seed)) for seed in seeds]
            rows.append([f"`{cell.name}`", _interval(measured), *values, _number(measured.closed)])
    return _table(["cell", "mean [interval]", *(f"seed {seed}" for seed in seeds), "closed form"], rows)


def _table_of_means(cells: Sequence[CellResult], place: Place) -> str:
    there = [metric for metric in shown_at(place) if any(cell.measured(metric) for cell in cells)]
    rows = [[f"`{cell.name}`", *(_mean(cell.measured(metric)) for metric in there)] for cell in cells]
    return _table(["cell", *(label(metric) for metric in there)], rows)


def _hinted(cell: CellResult) -> str:
    there = [metric for metric in shown_at("report_hints") if cell.curve(metric)]
    curves = {"": cell.hints, ", watershed": cell.watershed}
    rows = [
        [f"{count}{of}", *(_mean(metrics.get(metric)) for metric in there)]
        for of, curve in curves.items()
        for count, metrics in curve.items()
    ]
    return f"### `{cell.name}`\n\n" + _table(["hints", *(label(metric) for metric in there)], rows)


def _differences(differences: Sequence[NumberResult], seeds: Sequence[int]) -> str:
    rows = [
        [number.text, _interval(number.measured), *(_number(number.measured.values.get(seed)) for seed in seeds)]
        for number in differences
        if number.measured is not None
    ]
    return _table(["difference", "mean [interval]", *(f"seed {seed}" for seed in seeds)], rows)


def _baselines(baselines: Mapping[str, Mapping[str, float]]) -> str:
    metrics = (*shown_at("report"), *shown_at("report_means"))
    there = [metric for metric in metrics if any(metric in row for row in baselines.values())]
    rows = [[name, *(_number(row.get(metric)) for metric in there)] for name, row in baselines.items()]
    return _table(["picture", *(label(metric) for metric in there)], rows)


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


def _interval(measured: Measurement | None) -> str:
    if measured is None:
        return ""
    bounds = f" [{_number(measured.low)}, {_number(measured.high)}]" if measured.has_interval else ""
    return _number(measured.mean) + bounds


def _each_seed(measured: Measurement | None) -> str:
    if measured is None:
        return ""
    return " · ".join(f"{seed}: {_number(value)}" for seed, value in measured.values.items())


def _mean(measured: Measurement | None) -> str:
    if measured is None:
        return ""
    closed = "" if measured.closed is None else f" ({_number(measured.closed)})"
    return _number(measured.mean) + closed
