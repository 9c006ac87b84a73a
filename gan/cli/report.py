"""runs and studies as one page that opens from disk, and as figures for a paper"""

import argparse
from pathlib import Path

from gan.errors import RequestError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="studies, runs, or folders that hold them")
    parser.add_argument("--out", type=Path, metavar="report.html", help="the page to write")
    parser.add_argument(
        "--figures",
        type=Path,
        metavar="FOLDER",
        help="where to write grids, curves and tables as PDF, SVG, TeX and CSV",
    )


def run(options: argparse.Namespace) -> int:
    """Write the page or the figures, or both, and print where they are."""
    if options.out is None and options.figures is None:
        raise RequestError("gan report needs --out report.html, --figures FOLDER, or both")
    if options.out is not None and options.out.suffix.lower() not in (".html", ".htm"):
        raise RequestError(f"--out ({options.out}) must end in .html")
    if options.out is not None:
        from gan.web.report import page

        print(page.write(options.folders, options.out))
    if options.figures is not None:
        from gan.figures.write import write

        for path in write(options.folders, options.figures):
            print(path)
    return 0
