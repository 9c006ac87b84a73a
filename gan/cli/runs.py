"""the runs below a folder: state, step, best metric, data, age"""

import argparse
import time
from pathlib import Path

from rich.table import Table

WIDE = 200
"""Columns of a table that goes into a file or another program."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", type=Path, nargs="?", default=Path("runs"), metavar="DIR", help="a folder (runs)")


def run(options: argparse.Namespace) -> int:
    """Print the table."""
    from gan.runs import overview

    show(overview.overview(options.folder, time.time()))
    return 0


def show(*tables: Table | str) -> None:
    """Print tables and lines as wide as the terminal, and wider where there is none."""
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = WIDE
    for table in tables:
        console.print(table, markup=False, highlight=False)
