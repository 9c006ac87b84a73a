"""Studies that tests share: a tiny one, and that of the protocol."""

from pathlib import Path

import pytest

from gan.study import Study
from gan.study.file import load_study
from tests.support.studies import TINY_STUDY


@pytest.fixture
def tiny_study(tmp_path: Path) -> Path:
    """A study of 3 cells and 2 seeds whose runs take a few steps each."""
    path = tmp_path / "tiny.py"
    path.write_text(TINY_STUDY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def sepia() -> Study:
    """The study of the protocol."""
    return load_study(Path(__file__).parents[2] / "experiments" / "sepia.py")
