"""review runs and paint hints in a browser"""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("folder", type=Path, nargs="?", default=Path("runs"), metavar="DIR", help="folder of runs (runs)")
    add("--host", default="127.0.0.1", help="address to listen at (127.0.0.1: this machine alone)")
    add("--port", type=int, default=8000, help="port to listen at, 0 for any that is free (8000)")


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    from gan.web import app

    app.serve(options.folder, options.host, options.port)
    return 0
