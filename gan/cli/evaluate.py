"""every metric of a trained run"""

import argparse
import json
import logging
from functools import cache
from pathlib import Path

from rich.console import Console

logger = logging.getLogger(__name__)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("folder", type=Path, metavar="RUN", help="a run folder")
    add("--split", choices=("train", "val", "test"), default="test", help="which side of the data (test)")
    add("--checkpoint", choices=("last", "best"), default="last", help="which weights (last)")
    add("--hints", type=int, nargs="+", metavar="N", help="numbers of hints (those that the run was evaluated at)")
    add("--average", action="store_true", help="the moving average, and not the raw weights")
    add("--data-root", metavar="FOLDER", help="where the pictures are now, if they have been moved")
    add("--device", default="auto", help="a PyTorch device (auto)")
    add("--json", action="store_true", help="JSON and not a table")


def run(options: argparse.Namespace) -> int:
    """Measure, keep what the pages show of it, and print the numbers."""
    from gan.colorize import Colorizer
    from gan.evaluation.run import keep, of_run  # after the parser: it brings PyTorch

    @cache
    def colorizer() -> Colorizer:
        weights = {"checkpoint": options.checkpoint, "average": options.average, "device": options.device}
        return Colorizer.load(options.folder, **weights)

    evaluation = of_run(
        options.folder,
        options.split,
        options.checkpoint,
        hints=options.hints,
        average=options.average,
        data_root=options.data_root,
        device=options.device,
        distributions=True,
        paint=lambda line, hints: colorizer().color(line, hints, raw=True),  # of drawings at full size alone
    )
    keep(evaluation)
    if options.json:
        print(json.dumps(evaluation.to_json(), indent=2))
    else:
        Console().print(evaluation.to_table())
    if evaluation.broken:
        logger.warning("%s is broken, and gives no verdict: %s", options.folder, evaluation.broken)
    return 0
