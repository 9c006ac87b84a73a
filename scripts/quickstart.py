"""The main job, offline, on the embedded data set: the sepia study in minutes, its verdicts and its pictures."""

import argparse
import io
import os
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gan import cli
from gan.metrics.catalog import METRICS, shown_at
from gan.study import results
from gan.study.execute import verdict_lines
from gan.study.results import StudyResult
from gan.study.statistics import Measurement

STUDY = "experiments/sepia_quick.py"


def main(words: Sequence[str]) -> int:
    """Run the study, and print the table, the verdicts and the paths of what there is to look at.

    Args:
        words: options; what is not known here goes to `gan study` (--steps 100).
    """
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of runs (runs)")
    options, fields = parser.parse_known_args(words)
    started = time.monotonic()
    jobs = str(min(2, os.cpu_count() or 1))
    folder = options.out / "sepia_quick"
    page = folder / "report.html"
    with redirect_stdout(io.StringIO()) as said:  # the verdicts, which stand below the table
        status = cli.main(["study", STUDY, "--out", str(options.out), "--jobs", jobs, *fields])
        status = status or cli.main(["report", str(folder), "--out", str(page)])
    if status:
        print(said.getvalue(), end="", file=sys.stderr)
        return status
    result = results.load(folder)
    if any(cell.measured("lpips") is None for cell in result.cells):
        print("quickstart: LPIPS is absent, see above", file=sys.stderr)
        return 1
    Console().print(table(result))
    text = folder / "report.md"
    for line in verdict_lines(folder):
        if line != str(text):  # which is among what there is to look at
            print(line)
    print(f"\n{(time.monotonic() - started) / 60:.1f} minutes after installation. To look at:")
    for path, what in {
        page: "one page with verdicts, curves and linked grids; opens from disk",
        text: "verdicts and every number",
        folder / "grid.png": "the same characters by every arm",
    }.items():
        print(f"  {path}  ({what})")
    print(f"To review the runs and to paint hints: .venv/bin/gan serve {options.out}")
    return 0


def table(result: StudyResult) -> Table:
    """The cells beside each other, without hints, and the hinted one with all regions hinted too."""
    columns = {}
    for cell in result.cells:
        columns[cell.name] = cell.hints[0]
        most = max(cell.hints)
        if most:
            columns[f"{cell.name}\n{most} hints"] = cell.hints[most]
    shown = Table(title="sepia index: 1 is one tint everywhere, 0 full colour; in brackets: the closed form")
    shown.add_column("metric", no_wrap=True)
    for heading in columns:
        shown.add_column(heading, justify="right", overflow="fold")
    for name in shown_at("quickstart"):
        shown.add_row(METRICS[name].label, *(_shown(metrics.get(name)) for metrics in columns.values()))
    return shown


def _shown(measured: Measurement | None) -> str:
    if measured is None:
        return ""
    closed = "" if measured.closed is None else f" ({_number(measured.closed)})"
    return f"{_number(measured.mean)}{closed}"


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
