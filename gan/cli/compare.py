"""runs side by side: where their configurations differ, and their metrics"""

import argparse
import logging
import time
from pathlib import Path

from gan.cli.runs import show
from gan.errors import RequestError

logger = logging.getLogger(__name__)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folders", type=Path, nargs="+", metavar="RUN", help="two run folders, or more")


def run(options: argparse.Namespace) -> int:
    """Print differences, metrics, and what is the same."""
    if len(options.folders) < 2:
        raise RequestError("gan compare needs two runs at least: RUN RUN")

    from gan.runs import overview
    from gan.runs.folder import open_run  # after the cheap check: it brings PyTorch

    compared = overview.compare([open_run(folder).path for folder in options.folders], time.time())
    show(compared.fields, "", compared.metrics, "", f"the same in all: {compared.same}")
    if compared.note:
        logger.warning("%s; no number tells which is better", compared.note)
    return 0
