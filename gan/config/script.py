"""An experiment file that is run as a script: it would say nothing and do nothing."""

import ast
import atexit
import os
import sys
from pathlib import Path
from types import ModuleType

VERBS = {"experiment": "train", "study": "study"}
"""What a file sets -> the verb that takes it."""
HARMLESS = {"gan.config", "gan.study", "collections", "dataclasses", "functools", "itertools", "math", "typing"}
"""All that a file may import, besides its neighbours of the kind, which only describes."""


def watch() -> None:
    """Have the script of this process looked at when it ends."""
    file = getattr(sys.modules["__main__"], "__file__", None)
    if file and not sys.flags.inspect:
        atexit.register(_say_how_to_run, Path(file))


def _say_how_to_run(file: Path) -> None:
    """Where a script has only described an experiment, say so and exit with status 2.

    One of a person's own that does anything at all, such as to train, is left alone.
    """
    name = next((name for name in VERBS if _holds(sys.modules["__main__"], name)), None)
    if name is None or hasattr(sys, "last_value") or not file.is_file() or not _only_describes(file.read_bytes()):
        return
    shown = sys.argv[0]
    print(f"gan: {shown} does nothing by itself, it sets `{name}`: run gan {VERBS[name]} {shown}", file=sys.stderr)
    sys.stderr.flush()
    os._exit(2)  # what is called at the end of a process has no other way


def _holds(module: ModuleType, name: str) -> bool:
    """Whether a module sets `experiment` or `study` to what it should be."""
    kind = type(getattr(module, name, None))
    return kind.__name__ == name.capitalize() and kind.__module__.split(".")[0] == "gan"


def _only_describes(source: str | bytes) -> bool:
    """Whether a file has nothing but its text, definitions and assignments, and imports nothing that acts."""
    for node in ast.parse(source).body:
        match node:
            case ast.Import(names=names):
                imported = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0):
                imported = [module]
            case ast.Expr(value=ast.Constant()) | ast.Assign() | ast.AnnAssign() | ast.FunctionDef() | ast.ClassDef():
                imported = []
            case _:
                return False
        if not all(name in HARMLESS or _is_neighbour(name) for name in imported):
            return False
    return True


def _is_neighbour(name: str) -> bool:
    """Whether a module is itself a file that describes an experiment."""
    module = sys.modules.get(name)
    return module is not None and any(_holds(module, each) for each in VERBS)
