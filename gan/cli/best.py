"""the runs below a folder by a metric, the best first"""

import argparse
import logging
import time
from pathlib import Path

from gan.cli.runs import show

logger = logging.getLogger(__name__)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder of runs")
    parser.add_argument("metric", metavar="METRIC", help="lpips, mae, ...; test/lpips; or a name in metrics.jsonl")


def run(options: argparse.Namespace) -> int:
    """Print a table for each data."""
    from gan.runs import overview

    tables = overview.ranking(options.folder, options.metric, time.time())
    show(*tables)
    if len(tables) > 1:
        logger.info("%d data: numbers of other pictures, colours or sizes are not compared", len(tables))
    return 0
