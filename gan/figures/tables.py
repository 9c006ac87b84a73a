"""Tables for a paper: the numbers as CSV, in full, and the main ones as LaTeX (with the package booktabs)."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gan.figures.arms import Arm
from gan.metrics.catalog import METRICS, find
from gan.study.results import StudyResult
from gan.study.statistics import Measurement

OURS = "% made by gan report --figures"
ESCAPED = {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}"} | {
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
HINTED = re.compile(r"val_hints/(\d+)/(.+)")
ARROWS = {"v": r"$\downarrow$", "^": r"$\uparrow$", "": ""}


@dataclass(frozen=True)
class Line:
    """A row: an arm with a number of hints, the steps of its runs, and its metrics over their seeds."""

    arm: str
    hints: int
    steps: str
    metrics: Mapping[str, Measurement]

    @property
    def seeds(self) -> list[int]:
        """Whose runs it is of."""
        return sorted({seed for measured in self.metrics.values() for seed in measured.values})


def of_arms(arms: Sequence[Arm]) -> list[Line]:
    """The score of each arm on the test pictures, by number of hints; an arm without one has no row."""
    lines = []
    for arm in arms:
        counts = sorted({count for run in arm.scored for count in run.by_count})
        steps = _joined(run.score.get("step") for run in arm.scored)
        for count in counts:
            names = dict.fromkeys(name for run in arm.scored for name in run.by_count.get(count, {}))
            measured = {name: each for name in names if (each := arm.measured(count, name)) is not None}
            lines.append(Line(arm.label, count, steps, measured))
    return lines


def of_validation(arms: Sequence[Arm]) -> list[Line]:
    """The last evaluation of each arm that every seed has, on the validation pictures, by number of hints."""
    lines = []
    for arm in arms:
        by_count: dict[int, dict[str, Measurement]] = {}
        steps: list[int] = []
        for name in dict.fromkeys(name for run in arm.runs for row in run.rows for name in row):
            hinted = HINTED.fullmatch(name)
            if (hinted or name.startswith("val/")) and (curve := arm.curve(name)):
                steps.append(max(curve))
                count, metric = (int(hinted[1]), hinted[2]) if hinted else (0, name.removeprefix("val/"))
                by_count.setdefault(count, {})[metric] = curve[max(curve)]
        lines += [Line(arm.label, count, _joined(sorted(steps)[-1:]), by_count[count]) for count in sorted(by_count)]
    return lines


def of_study(result: StudyResult) -> list[Line]:
    """The cells of a study, as study.json has them."""
    return [
        Line(cell.name, count, _joined(cell.steps.values()), metrics)
        for cell in result.measured_cells
        for count, metrics in cell.hints.items()
    ]


def _joined(values: Iterable[object]) -> str:
    return " ".join(dict.fromkeys(str(value) for value in values if value is not None))


def to_csv(lines: Sequence[Line]) -> str:
    """Every metric with its mean, interval, and the value of each seed; numbers with all their digits."""
    seeds = sorted({seed for line in lines for seed in line.seeds})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    numbers = ("mean", "low", "high", "closed form", *(f"seed {seed}" for seed in seeds))
    writer.writerow(["arm", "hints", "steps", "metric", "n", *numbers])
    for line in lines:
        for name, measured in line.metrics.items():
            ends = (measured.mean, measured.low, measured.high, measured.closed)
            values = (*ends, *(measured.values.get(seed) for seed in seeds))
            cells = ["" if number is None else repr(number) for number in values]
            writer.writerow([line.arm, line.hints, line.steps, name, len(measured.values), *cells])
    return text.getvalue()


def to_tex(lines: Sequence[Line], metrics: Sequence[str]) -> str:
    """Mean and half the interval of the main metrics, as far as any row has them."""
    shown = [name for name in metrics if any(name in line.metrics for line in lines)]
    headings = [f"{_tex(METRICS[name].label)} {_arrow(name)}".strip() for name in shown]
    body = [
        [_tex(line.arm), str(line.hints), str(len(line.seeds)), *(_cell(line.metrics.get(name)) for name in shown)]
        for line in lines
    ]
    return "\n".join(
        [
            OURS + r"; needs \usepackage{booktabs}",
            rf"\begin{{tabular}}{{lrr{'r' * len(shown)}}}",
            r"\toprule",
            " & ".join(["arm", "hints", "$n$", *headings]) + r" \\",
            r"\midrule",
            *(" & ".join(row) + r" \\" for row in body),
            r"\bottomrule",
            r"\end{tabular}",
            "",
        ]
    )


def _arrow(name: str) -> str:
    """Which way is better; `-> 0` where a value should be near one."""
    metric = find(name)
    arrow = metric.arrow if metric else ""
    return ARROWS.get(arrow, rf"$\to {arrow}$")


def _cell(measured: Measurement | None) -> str:
    if measured is None:
        return "--"
    digits = 3 if abs(measured.mean) < 10 else 2
    if measured.low is None:
        return f"${measured.mean:.{digits}f}$"
    return rf"${measured.mean:.{digits}f} \pm {measured.mean - measured.low:.{digits}f}$"


def _tex(text: str) -> str:
    """Text as LaTeX prints it."""
    return "".join(ESCAPED.get(letter, letter) for letter in text)
