"""Options of a launch, checked when they are built."""

from pathlib import Path

import pytest

from gan.config import Experiment
from gan.errors import RequestError
from gan.study import Study, cell, duration
from gan.study.execute import LaunchOptions, dry_run, write_results


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"jobs": 0}, r"--jobs \(0\) must be at least 1"),
        ({"cpus": 0}, r"--cpus-per-run \(0\) must lie between 0\.001 and 4096"),
        ({"cpus": 5000}, r"--cpus-per-run \(5000\)"),
        ({"gpus": -1}, r"--gpus-per-run \(-1\) must lie between 0 and 4096"),
        ({"gpus": 5000}, r"--gpus-per-run \(5000\)"),
    ],
)
def test_what_no_machine_can_do_is_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        LaunchOptions(**options)  # type: ignore[arg-type]


def test_what_a_machine_can_do() -> None:
    assert LaunchOptions().gpus is None
    for options in (LaunchOptions(jobs=1), LaunchOptions(cpus=0.001, gpus=0), LaunchOptions(cpus=4096, gpus=4096)):
        assert options.launcher == "local"


def test_results_need_a_run_that_is_done(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"--report needs a run that is done, and .*/s has none"):
        write_results(Study("s", (1,), (cell(Experiment(name="l1")),)), tmp_path)
    assert not [*tmp_path.iterdir()]


def test_a_plan_says_epochs_where_they_go_before_the_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duration, "seconds_to_go", lambda runs, at_once: dict.fromkeys(runs, 60.0 * at_once))
    cells = (cell(Experiment(name="steps", steps=7)), cell(Experiment(name="epochs", steps=7, epochs=2.5)))
    table = dry_run(Study("s", (1,), cells), tmp_path, LaunchOptions())
    assert [*table.columns[1].cells] == ["7", "2.5 epochs"]
