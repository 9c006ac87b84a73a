"""The main job, offline, on the embedded data set: the sepia study in minutes, its verdicts and its pictures."""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from gan import cli
from gan.study import results

STUDY = "experiments/sepia_quick.py"
ROWS = {
    "mae": "MAE",
    "mae_scored": "  over scored pixels",
    "psnr": "PSNR (dB)",
    "ssim": "SSIM",
    "lpips": "LPIPS",
    "sepia_index": "sepia index",
    "sepia_index_px": "sepia index by pixel",
    "ab_std": "spread in a region",
    "chroma_ratio": "chroma ratio",
    "to_median": "dE00 to L1 optimum",
}


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
    with redirect_stdout(sys.stderr):
        status = cli.main(["study", STUDY, "--out", str(options.out), "--jobs", jobs, *fields])
        status = status or cli.main(["report", str(folder), "--out", str(page)])
    if status:
        return status
    study = json.loads((folder / "study.json").read_text("utf-8"))
    if any("lpips" not in cell["hints"]["0"] for cell in study["cells"]):
        print("quickstart: LPIPS is absent, see above", file=sys.stderr)
        return 1
    Console().print(table(study))
    for line in results.lines(folder)[:-1]:
        print(line)
    print(f"\n{(time.monotonic() - started) / 60:.1f} minutes after installation. To look at:")
    for path, what in {
        page: "one page with verdicts, curves and linked grids; opens from disk",
        folder / "report.md": "verdicts and every number",
        folder / "grid.png": "the same characters by every arm",
    }.items():
        print(f"  {path}  ({what})")
    print(f"To review the runs and to paint hints: .venv/bin/gan serve {options.out}")
    return 0


def table(study: Mapping[str, Any]) -> Table:
    """The cells beside each other, without hints, and the hinted one with all regions hinted too."""
    columns: dict[str, Mapping[str, Any]] = {}
    for cell in study["cells"]:
        columns[cell["name"]] = cell["hints"]["0"]
        most = max(cell["hints"], key=int)
        if most != "0":
            columns[f"{cell['name']}, {most} hints"] = cell["hints"][most]
    shown = Table(title="sepia index: 1 is one tint everywhere, 0 full colour; in brackets: the closed form")
    shown.add_column("metric", no_wrap=True)
    for heading in columns:
        shown.add_column(heading, justify="right")
    for name, label in ROWS.items():
        shown.add_row(label, *(_cell(values.get(name)) for values in columns.values()))
    return shown


def _cell(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return ""
    closed = "" if found["closed"] is None else f" ({_number(found['closed'])})"
    return f"{_number(found['mean'])}{closed}"


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
