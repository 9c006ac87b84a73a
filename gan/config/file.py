"""Reads an experiment from the Python file that describes it."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from gan.config.experiment import Experiment
from gan.errors import RequestError, first_line

T = TypeVar("T")
VERBS = {"experiment": "gan train", "study": "gan study"}
"""What a file may set -> what takes such a file."""
EXPERIMENTS = Path("experiments")
"""Where a file is looked for that is not where it was said to be."""


def load(path: Path) -> Experiment:
    """The `experiment` of an experiment file, which may import its neighbours (`from l1 import experiment`).

    A relative data.root in it is looked for beside the file first.

    Raises:
        RequestError: no such file, an error inside it, or no `experiment` in it.
    """
    return beside(value_in(load_module(path), path, "experiment", Experiment, "gan.config.Experiment"), path)


def beside(experiment: Experiment, path: Path) -> Experiment:
    """The experiment with its data.root where it lies, if that is relative and lies beside the file."""
    near = (path.parent / experiment.data.root).absolute()
    if experiment.data.root == "" or not near.exists():
        return experiment
    return replace(experiment, data=replace(experiment.data, root=str(near)))


def value_in(module: ModuleType, path: Path, name: str, kind: type[T], shown: str) -> T:
    """What a file set `name` to; `shown` is the name of its kind.

    Raises:
        RequestError: it is not of that kind.
    """
    value = getattr(module, name, None)
    if not isinstance(value, kind):
        found = "nothing" if value is None else f"a {type(value).__name__}"
        others = [
            f"; it sets `{other}`, for {verb} {path}" for other, verb in VERBS.items() if getattr(module, other, None)
        ]
        meant = "".join(others) if value is None else ""
        raise RequestError(f"{path} must set `{name}` to a {shown}, and sets it to {found}{meant}")
    return value


def load_module(path: Path) -> ModuleType:
    """Run a Python file with its folder first on the module path, and leave no trace of it."""
    if not path.is_file():
        places = (folder / name for folder in (path.parent, EXPERIMENTS) for name in (path.name, f"{path.name}.py"))
        near = [place for place in places if place.is_file()]
        meant = f"; {near[0]} is one" if near else ""
        raise RequestError(f"{path} must be a Python file: {'it is a folder' if path.is_dir() else 'none such'}{meant}")
    spec = importlib.util.spec_from_file_location("gan_experiment_file", path)
    if spec is None or spec.loader is None:
        raise RequestError(f"{path} must be a Python file, ending in .py")
    module = importlib.util.module_from_spec(spec)
    with _neighbours(path.resolve().parent):
        try:
            spec.loader.exec_module(module)
        except RequestError as error:
            raise RequestError(f"{path}: {error}") from error
        except Exception as error:
            raise RequestError(f"{path}{_line(error, path)}: {type(error).__name__}: {first_line(error)}") from error
    return module


@contextmanager
def _neighbours(folder: Path) -> Iterator[None]:
    """Let modules of `folder` be imported, then forget the folder and every module that came from it.

    Two folders may each have an `l1.py`, and no bytecode is written beside a person's files.
    """
    before, wrote = dict(sys.modules), sys.dont_write_bytecode
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = wrote
        sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            if name not in before and name.split(".")[0] != "gan" and _lies_in(module, folder):
                del sys.modules[name]
        importlib.invalidate_caches()


def _lies_in(module: ModuleType, folder: Path) -> bool:
    """Whether a module is a person's file in a folder, and not one of a library installed below it (.venv)."""
    origin = getattr(module, "__file__", None)
    if not origin or "site-packages" in Path(origin).parts:
        return False
    return Path(origin).resolve().is_relative_to(folder)


def _line(error: Exception, path: Path) -> str:
    """:N for the line of the file that the error came from, or nothing."""
    if isinstance(error, SyntaxError):
        where = error.lineno if error.filename and Path(error.filename).resolve() == path.resolve() else None
    else:
        trace, where = error.__traceback__, None
        while trace is not None:
            if Path(trace.tb_frame.f_code.co_filename).resolve() == path.resolve():
                where = trace.tb_lineno
            trace = trace.tb_next
    return f":{where}" if where else ""
