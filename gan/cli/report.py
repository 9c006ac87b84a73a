"""runs and studies as one page that opens from disk"""

import argparse
from pathlib import Path

from gan.errors import RequestError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="studies, runs, or folders that hold them")
    parser.add_argument("--out", type=Path, required=True, metavar="report.html", help="the file to write")


def run(options: argparse.Namespace) -> int:
    """Write the page, and print where it is."""
    if options.out.suffix.lower() not in (".html", ".htm"):
        raise RequestError(f"--out ({options.out}) must end in .html")

    from gan.web.report import page

    print(page.write(options.folders, options.out))
    return 0
