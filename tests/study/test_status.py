"""How far the runs of a study are."""

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from gan.config import Experiment
from gan.errors import RequestError
from gan.study import Study, status, vary
from gan.study.status import Shown
from tests.support.fake_runs import write_json, write_run


def drawn(shown: Shown) -> list[list[str]]:
    """The words of each line."""
    file = io.StringIO()
    console = Console(file=file, width=200)
    for each in shown:
        console.print(each)
    return [line.split() for line in file.getvalue().splitlines()]


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Of six runs one is scored, one is trained and not scored, one has stopped, and three are missing."""
    for arm, seed, done in (("l1,alpha=0.5", 1, 20), ("l1,alpha=0.5", 2, 20), ("l1", 1, 10)):
        write_run(tmp_path / "doses" / arm / f"seed-{seed}", arm, seed, steps=20, done=done, every=2, rows=1)
    (tmp_path / "doses" / "l1,alpha=0.5" / "seed-2" / "test.json").unlink()
    return tmp_path


STATES = [
    ["l1,alpha=0/seed-1", "missing"],
    ["l1,alpha=0/seed-2", "missing"],
    ["l1,alpha=0.5/seed-1", "done", "20/20"],
    ["l1,alpha=0.5/seed-2", "to", "score"],
    ["l1/seed-1", "stopped", "10/20"],
    ["l1/seed-2", "missing"],
]
HEADING = "study doses: 1 of 6 runs are done, 3 missing, 1 stopped, 1 to score"


def test_of_a_study(runs: Path) -> None:
    study = Study("doses", (1, 2), tuple(vary(Experiment(name="l1"), "data.alpha", 0.0, 0.5, 1.0)))
    heading, _, *lines = drawn(status.of_study(study, runs, time.time() + 7200))
    assert " ".join(heading) == HEADING
    assert [line[:3] for line in lines] == STATES


def test_of_what_lies_in_a_folder(runs: Path) -> None:
    missing = ["l1,alpha=0/seed-1", "l1,alpha=0/seed-2", "l1,alpha=0.5/seed-2", "l1/seed-1", "l1/seed-2"]
    write_json(runs / "doses" / "study.json", {"missing": missing})
    heading, _, *lines = drawn(status.of_folder(runs, time.time() + 7200))
    assert " ".join(heading) == HEADING
    assert sorted(line[:3] for line in lines) == sorted(STATES)


def test_no_study(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"must hold a study, and there is no study\.json in it"):
        status.of_folder(tmp_path, 0)
