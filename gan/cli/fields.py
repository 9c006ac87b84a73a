"""What the verbs share that take an experiment's fields as options: train, data and study."""

import argparse
from pathlib import Path

from gan.config import Experiment, options
from gan.config.file import load
from gan.errors import RequestError


def add_file(parser: argparse.ArgumentParser, name: str) -> None:
    """Declare the file, which `--help` does without."""
    parser.add_argument("file", type=Path, nargs="?", metavar=name)
    parser.add_argument("-h", "--help", action="store_true", help="show this help, and every field")
    parser.set_defaults(takes_fields=True)


def file_of(given: argparse.Namespace, name: str) -> Path:
    """The file.

    Raises:
        RequestError: there is none.
    """
    if given.file is None:
        raise RequestError(f"the following arguments are required: {name}; see {given.parser.prog} --help")
    return Path(given.file)


def experiment_of(given: argparse.Namespace) -> Experiment:
    """The experiment of the file, with the fields that are given as options.

    Raises:
        RequestError: no file, an unknown option, or a value that breaks a rule.
    """
    path = file_of(given, "EXPERIMENT.py")
    return options.override(load(path), given.fields, f"{given.parser.prog} {path}")


def show_help(given: argparse.Namespace, experiment: Experiment) -> int:
    """Print the verb's own options and the fields, with an experiment's values."""
    print(given.parser.format_help())
    print("Every field of an experiment is an option too:\n")
    options.show(experiment, f"{given.parser.prog} {given.file or ''}".strip())
    return 0


def of_file_or_default(given: argparse.Namespace) -> Experiment:
    """The experiment whose values a help shows: that of the file, where there is one."""
    return Experiment() if given.file is None else load(given.file)
