"""Every field of an experiment as an option: `--steps 500 --data.size 128`."""

import argparse
import io
import re
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path

import tyro

from gan.config.experiment import Experiment
from gan.config.file import load
from gan.errors import RequestError


def apply(path: Path, words: list[str], parser: argparse.ArgumentParser) -> Experiment:
    """The experiment of a file, with the fields given on the command line.

    Args:
        path: the experiment file; empty for the default experiment, whose help is wanted.
        words: the options.
        parser: knows the verb's own options, for `--help`.

    Raises:
        RequestError: an unknown option, a value of the wrong type, or one that breaks a rule.
        SystemExit: after `--help`.
    """
    helping = is_help(words)
    experiment = Experiment() if str(path) in ("", ".") and helping else load(path)
    if helping:
        print(parser.format_help())
        print("Every field of the experiment is an option too:\n")
    return override(experiment, words, f"{parser.prog} {path}")


def is_help(words: list[str]) -> bool:
    """Whether help is asked for."""
    return bool({"-h", "--help"} & set(words))


def override(experiment: Experiment, words: list[str], program: str) -> Experiment:
    """An experiment with the fields of options.

    Raises:
        RequestError: an unknown option, a value of the wrong type, or one that breaks a rule.
        SystemExit: after `--help`.
    """
    said = io.StringIO()
    try:
        with redirect_stderr(said):
            given = tyro.cli(Experiment, args=words, default=experiment, prog=program)
    except SystemExit as leaving:
        if not leaving.code:
            raise
        raise RequestError(_flatten(said.getvalue())) from leaving
    return with_absolute_root(given)


def with_absolute_root(experiment: Experiment) -> Experiment:
    """So that the run can be read from anywhere."""
    if experiment.data.root == "":
        return experiment
    root = Path(experiment.data.root).expanduser().absolute()
    return replace(experiment, data=replace(experiment.data, root=str(root)))


def _flatten(boxed: str) -> str:
    """What one of tyro's boxes says is wrong, as a line: its sections but the last, which repeats the help."""
    lines = [line.strip("│ ") for line in re.sub(r"\x1b\[[0-9;]*m", "", boxed).splitlines()]
    text = "\n".join(line for line in lines if not line.startswith(("╭", "╰")))
    sections = [" ".join(section.split()) for section in re.split(r"─{3,}", text)]
    said = [section for section in sections if not section.startswith(("Argument helptext", "For full helptext"))]
    return "; ".join(said) or " ".join(boxed.split())
