"""What a run's folder says when training goes on, and of files in it that are none."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan.colorize.files import Drawing, plan
from gan.config import Experiment
from gan.errors import RequestError
from gan.runs import weights
from gan.runs.folder import RunFolder, open_run, read_json
from gan.study import results
from gan.web.library import Library, run_state
from gan.web.report.page import check_out
from gan.web.review.series import Metrics

NONE: dict[str, Any] = {"pictures": {"train": [], "val": [], "test": []}}
DATA = NONE | {"converted": 3}


def notes(run: RunFolder, data: dict[str, Any], step: int) -> list[str]:
    return run.begin(Experiment(), data, step)


def test_a_run_of_before_is_told_once_that_its_pixels_have_changed(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "run")
    run.path.mkdir()
    assert notes(run, NONE, 0) == []
    assert notes(run, DATA, 5) == [f"{run.path}: it goes on with other pixels than it began with: 3 are now made sRGB"]
    assert notes(run, DATA, 6) == []


def test_nothing_is_told_where_no_picture_was_converted_or_the_run_begins(tmp_path: Path) -> None:
    for number, (before, step) in enumerate(((DATA | {"converted": 0}, 5), (DATA, 0))):
        run = RunFolder(tmp_path / str(number))
        run.path.mkdir()
        notes(run, NONE, 0)
        assert notes(run, before, step) == []


@pytest.fixture
def fifos(tmp_path: Path) -> Path:
    """A folder of which every file is a FIFO that nobody writes to."""
    folder = tmp_path / "run"
    folder.mkdir()
    for name in ("config.json", "environment.json", "metrics.jsonl", "last.pt", "study.json", "report.html", "a.png"):
        os.mkfifo(folder / name)
    return folder


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda folder: open_run(folder), "no config.json in it"),
        (lambda folder: read_json(folder / "config.json"), "must be a file"),
        (lambda folder: weights.read(folder / "last.pt"), "must be a checkpoint: .*not a regular file"),
        (lambda folder: results.load(folder), "cannot be read: .*not a regular file"),
        (lambda folder: check_out(folder / "report.html"), "must be a file that can be read: not a regular file"),
        (lambda folder: plan([Drawing(Path("x.png"))], folder / "a.png"), "exists and was not made by gan colorize"),
    ],
    ids=["run", "json", "checkpoint", "study", "report", "colours"],
)
def test_a_fifo_is_refused_and_not_waited_for(fifos: Path, read: Callable[[Path], object], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        read(fifos)


def test_the_server_goes_on_beside_fifos(fifos: Path) -> None:
    library = Library(fifos.parent)
    run = library.runs()["run"]
    assert library.read_json(fifos / "config.json") == {}
    assert run_state(library, run, 0.0).step == 0
    metrics = Metrics(fifos / "metrics.jsonl")
    metrics.read(1.0)
    assert metrics.series == {}
