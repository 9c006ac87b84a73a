"""Reads a study from the Python file that describes it, and sets fields of its experiments from options."""

from dataclasses import replace
from pathlib import Path

from gan.config.file import beside, load_module, value_in
from gan.config.options import override, with_absolute_root
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


def load_with(path: Path, words: list[str], program: str) -> Study:
    """The study of a file, with the fields of options in every experiment.

    Args:
        path: the study file.
        words: the options, as `gan.config.options.override` takes them.
        program: what they are given to, for messages.

    Raises:
        RequestError: as `load_study` and `override`, or a field that the study itself sets.
    """
    study = load_study(path)
    if not words:
        return study.with_fields(lambda experiment: with_absolute_root(beside(experiment, path)))
    return study.with_fields(lambda experiment: override(beside(experiment, path), words, f"{program} {path}"))
