"""train an experiment"""

import argparse
import logging
import os
import sys
import time
from pathlib import Path

from gan.cli import fields
from gan.log import console

logger = logging.getLogger(__name__)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    fields.add_file(parser, "EXPERIMENT.py")
    parser.add_argument("--out", type=Path, default=Path("runs"), metavar="DIR", help="folder of runs (runs)")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint, if there is one")
    parser.add_argument(
        "--new-rate", action="store_true", help="with --resume: learning rates, decay and clipping may be others"
    )
    parser.add_argument(
        "--from", type=Path, dest="origin", metavar="RUN", help="begin with the weights of another run (fine-tuning)"
    )


def run(options: argparse.Namespace) -> int:
    """Train, and print the run's folder."""
    if options.help:
        return fields.show_help(options, fields.of_file_or_default(options))
    console.quiet = os.environ.get("LOCAL_RANK", "0") != "0"  # one of the ranks of a machine speaks for all
    experiment = fields.experiment_of(options)
    with console.status("loading PyTorch"):
        from gan.training import failure, loop, progress, ranks  # after the cheap checks: it takes seconds

    started = time.monotonic()
    try:
        with ranks.joined(experiment.device) as joined:
            how = {"resume": options.resume, "new_rate": options.new_rate, "origin": options.origin}
            outcome = loop.train(experiment, options.out, **how, ranks=joined)
    except (failure.TrainingFailed, ranks.Lost) as error:
        _say(str(error))
        return 1
    if not console.quiet:
        print(outcome.run.path)
    if outcome.signal is not None:
        _say(f"stopped at step {outcome.step}; go on with --resume")
        return 128 + outcome.signal
    if not console.quiet:
        for line in progress.ending(outcome.run, time.monotonic() - started):
            logger.info("%s", line)
    return 0


def _say(line: str) -> None:
    if not console.quiet:
        print(f"gan: {line}", file=sys.stderr)
