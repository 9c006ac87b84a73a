"""Reads a study from the Python file that describes it, and sets fields of its experiments from options."""

import argparse
from dataclasses import replace
from pathlib import Path

from gan.config import Experiment
from gan.config.file import load_module, value_in
from gan.config.options import is_help, override, with_absolute_root
from gan.study.definition import Study


def load_study(path: Path) -> Study:
    """The `study` of a study file, which may import its neighbours; its question is the first line of the docstring.

    Raises:
        RequestError: no such file, an error inside it, or no `study` in it.
    """
    module = load_module(path)
    question = (module.__doc__ or "").strip().partition("\n")[0]
    study = value_in(module, path, "study", Study, "gan.study.Study")
    return replace(study, question=study.question or question)


def apply_to_study(path: Path, words: list[str], parser: argparse.ArgumentParser) -> Study:
    """The study of a file, with the fields given on the command line in every experiment.

    Arguments as `gan.config.options.apply`.

    Raises:
        RequestError: as `override`, or a field that the study itself sets.
        SystemExit: after `--help`.
    """
    if is_help(words):
        print(parser.format_help())
        print("Every field of an experiment is an option too, for every run:\n")
        override(Experiment(), words, parser.prog)
    study = load_study(path)
    if not words:
        return study.with_fields(with_absolute_root)
    return study.with_fields(lambda experiment: override(experiment, words, f"{parser.prog} {path}"))
