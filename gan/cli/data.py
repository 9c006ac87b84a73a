"""what the network will see, as a sheet"""

import argparse
from pathlib import Path

from gan.cli import fields
from gan.errors import RequestError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    fields.add_file(parser, "EXPERIMENT.py")
    parser.add_argument("--out", type=Path, metavar="sheet.png", help="the picture to write")


def run(options: argparse.Namespace) -> int:
    """Write the sheet, and print what the data are."""
    if options.help:
        return fields.show_help(options, fields.of_file_or_default(options))
    experiment = fields.experiment_of(options)
    if options.out is None:
        raise RequestError("the following arguments are required: --out; see gan data --help")

    from gan import preview  # after the cheap checks: it brings PyTorch

    for line in preview.write(experiment, options.out):
        print(line)
    return 0
