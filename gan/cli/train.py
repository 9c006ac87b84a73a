"""train an experiment"""

import argparse
import sys
from pathlib import Path

from gan.cli import fields
from gan.log import console


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    fields.add_file(parser, "EXPERIMENT.py")
    parser.add_argument("--out", type=Path, default=Path("runs"), metavar="DIR", help="folder of runs (runs)")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint, if there is one")


def run(options: argparse.Namespace) -> int:
    """Train, and print the run's folder."""
    if options.help:
        return fields.show_help(options, fields.of_file_or_default(options))
    experiment = fields.experiment_of(options)
    with console.status("loading PyTorch"):
        from gan.training import loop  # after the cheap checks: it takes seconds

    try:
        outcome = loop.train(experiment, options.out, resume=options.resume)
    except loop.TrainingFailed as failure:
        print(f"gan: {failure}", file=sys.stderr)
        return 1
    print(outcome.run.path)
    if outcome.signal is not None:
        print(f"gan: stopped at step {outcome.step}; go on with --resume", file=sys.stderr)
        return 128 + outcome.signal
    return 0
