"""run a study, and judge it"""

import argparse
import logging
import time
from pathlib import Path

from rich.console import Console

from gan.cli import fields
from gan.cli.runs import show
from gan.config import Experiment

logger = logging.getLogger(__name__)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    fields.add_file(parser, "STUDY.py")
    add = parser.add_argument
    add("--seeds", type=int, metavar="N", help="only the first N of the study's seeds")
    add("--out", type=Path, default=Path("runs"), metavar="DIR", help="folder of runs (runs)")
    add("--launcher", choices=("local", "ray"), default="local", help="where the runs are done (local)")
    add("--jobs", type=int, default=1, metavar="N", help="local: runs at once, the cores shared out (1)")
    add("--cpus-per-run", type=float, default=1.0, metavar="N", help="ray: cores of a run (1)")
    add("--gpus-per-run", type=float, metavar="F", help="ray: share of a GPU of a run (1 if there is any)")
    add("--dry-run", action="store_true", help="list the runs and the time that they will take")
    add(
        "--status",
        action="store_true",
        help="list how far the runs are; without STUDY.py those of every study in --out",
    )
    add("--report", action="store_true", help="run nothing: judge and draw what is done")


def run(options: argparse.Namespace) -> int:
    """Do what is missing, and print the verdicts."""
    if options.help:
        return fields.show_help(options, Experiment())
    if options.status and options.file is None:
        from gan.study import status

        show(*status.of_folder(options.out, time.time()))
        return 0
    path = fields.file_of(options, "STUDY.py")

    from gan.study import file

    study = file.load_with(path, options.fields, options.parser.prog).first_seeds(options.seeds)
    if options.status:
        from gan.study import status

        show(*status.of_study(study, options.out, time.time()))
        return 0

    from gan.study import execute

    launch = execute.LaunchOptions(options.launcher, options.jobs, options.cpus_per_run, options.gpus_per_run)
    if options.dry_run:
        Console().print(execute.dry_run(study, options.out, launch))
        return 0
    if options.report:
        outcome = execute.write_results(study, options.out)
    else:
        outcome = execute.execute(study, options.out, launch)
    if outcome.signal is not None:
        logger.warning("stopped; the same command goes on from here")
        return 128 + outcome.signal
    for label, reason in outcome.failed.items():
        logger.warning("%s failed: %s", label, reason)
    for line in execute.verdict_lines(outcome.folder):
        print(line)
    return 1 if outcome.failed else 0
