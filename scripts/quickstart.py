"""The main job, offline, on the embedded data set: what does L1 do to the colours, and what does pix2pix?"""

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console
from rich.table import Table

from gan import cli, evaluation_table, gate
from gan.evaluation_table import Evaluation

ARMS = ("l1", "pix2pix")
ROWS = {
    "mae": "MAE",
    "psnr": "PSNR (dB)",
    "ssim": "SSIM",
    "lpips": "LPIPS",
    "sepia_index": "sepia index",
    "sepia_index/hair": "  hair",
    "sepia_index/background": "  background",
    "sepia_index_px": "sepia index by pixel",
    "ab_std": "spread in a region",
    "chroma_ratio": "chroma ratio",
    "to_median": "dE00 to L1 optimum",
}


def main(words: Sequence[str]) -> int:
    """Train, evaluate, and print the table and the paths of the grids.

    Args:
        words: options; what is not known here goes to `gan train` for both arms (--steps 100).
    """
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--out", type=Path, default=Path("runs/quickstart"), help="folder of the runs (runs/quickstart)"
    )
    options, fields = parser.parse_known_args(words)
    started = time.monotonic()
    for arm in ARMS:
        with redirect_stdout(sys.stderr):
            status = cli.main(["train", f"experiments/{arm}.py", "--out", str(options.out), "--resume", *fields])
        if status:
            return status
    evaluations = {arm: evaluate(options.out / arm / "seed-0") for arm in ARMS}
    if any("lpips" not in evaluation.measured for evaluation in evaluations.values()):
        print("quickstart: LPIPS is absent, see above", file=sys.stderr)
        return 1
    Console().print(table(evaluations))
    shortfalls = gate.shortfalls(evaluations["l1"].measured, alpha=1)
    print(f"l1 is {'not ' if shortfalls else ''}at its closed form{': ' if shortfalls else ''}{'; '.join(shortfalls)}")
    for arm, evaluation in evaluations.items():
        print(f"{arm:8} {evaluation.run}/samples/{evaluation.step:06d}.png")
    print(f"{(time.monotonic() - started) / 60:.1f} minutes after installation")
    return 0


def evaluate(run: Path) -> Evaluation:
    """A run on its test pictures."""
    return evaluation_table.of_run(run, "test", "last", warn=lambda line: print(line, file=sys.stderr))


def table(evaluations: dict[str, Evaluation]) -> Table:
    """The arms beside the closed forms on the same draw of colours."""
    any_arm = next(iter(evaluations.values()))
    columns = {arm: evaluation.measured for arm, evaluation in evaluations.items()}
    columns |= {evaluation_table.CLOSED_HEADINGS[name]: values for name, values in any_arm.closed.items()}
    shown = Table(title=f"{any_arm.pictures} test characters; sepia index: 1 is one tint everywhere, 0 full colour")
    shown.add_column("metric", no_wrap=True)
    for heading in columns:
        shown.add_column(heading, justify="right", no_wrap=True)
    for name, label in ROWS.items():
        shown.add_row(label, *(f"{values[name]:.3f}" for values in columns.values()))
    return shown


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
