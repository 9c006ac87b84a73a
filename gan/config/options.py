"""Every field of an experiment as an option: `--steps 500 --data.size 128`."""

import io
import re
from contextlib import redirect_stderr, suppress
from dataclasses import replace
from pathlib import Path

import tyro

from gan.config.experiment import Experiment
from gan.errors import RequestError


def override(experiment: Experiment, words: list[str], program: str) -> Experiment:
    """An experiment with the fields of options; steps that are given stand for epochs that the experiment has.

    Args:
        experiment: whose fields they are.
        words: the options.
        program: what they are given to, for messages.

    Raises:
        RequestError: an unknown option, a value of the wrong type, or one that breaks a rule.
    """
    said = io.StringIO()
    try:
        with redirect_stderr(said):
            given = tyro.cli(Experiment, args=words, default=experiment, prog=program, add_help=False)
    except SystemExit as leaving:
        raise RequestError(_flatten(said.getvalue())) from leaving
    named = {word.split("=", 1)[0] for word in words}
    if "--steps" in named and given.epochs is not None:
        if "--epochs" in named:
            raise RequestError(f"--steps ({given.steps}) and --epochs ({given.epochs:g}): give one of the two")
        given = replace(given, epochs=None)
    return with_absolute_root(given)


def show(experiment: Experiment, program: str) -> None:
    """Print every field with its sentence and its value."""
    with suppress(SystemExit):
        tyro.cli(Experiment, args=["--help"], default=experiment, prog=program)


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
