"""The experiment files that the package brings along: in a checkout its own folder, else where a wheel put them."""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import gan
from gan.errors import RequestError

DISTRIBUTION = "gan-colorization"
SHARED = f"share/{DISTRIBUTION}/experiments"
"""Below the environment's folder; `tool.setuptools.data-files` says the same."""


def experiment_files() -> list[Path]:
    """The files, by name.

    Raises:
        RequestError: they are neither in a checkout nor installed.
    """
    checkout = Path(gan.__file__).parents[1] / "experiments"
    found = [*checkout.glob("*.py")] if (checkout.parent / "pyproject.toml").exists() else _installed()
    if not found:
        raise RequestError(f"the experiment files must lie in {SHARED} below the environment, and do not")
    return sorted(found, key=lambda path: path.name)


def _installed() -> list[Path]:
    try:
        there = files(DISTRIBUTION) or []
    except PackageNotFoundError:
        return []
    paths = [Path(str(each.locate())) for each in there if f"{SHARED}/" in each.as_posix() and each.suffix == ".py"]
    return [path.resolve() for path in paths if path.exists()]
