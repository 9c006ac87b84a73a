"""What is kept of an earlier study.json, and what of it is measured again."""

import json
from pathlib import Path

import pytest

from gan.config import Data, Experiment, Logging
from gan.study import Study, baselines, cell, pictures
from gan.study.outputs import write_all, write_study_json
from gan.study.runs import StudyRun, runs_of
from tests.support.studies import made_up
from tests.support.study_runs import write_score


def study_of(root: Path) -> Study:
    data = Data(source="folder", root=str(root), line="canny", size=32)
    return Study("s", (1,), (cell(Experiment(name="l1", data=data, logging=Logging(wandb="disabled"))),))


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The data that baselines were measured on, one after another; the grid is not drawn."""
    roots: list[str] = []

    def measure(study: Study, runs: list[StudyRun]) -> dict[str, dict[str, float]]:
        roots.append(study.cells[0].experiment.data.root)
        return {"mean picture": {"mae": 0.3}}

    monkeypatch.setattr(baselines, "measure", measure)
    monkeypatch.setattr(pictures, "write_grid", lambda study, runs, path: None)
    return roots


def test_baselines_are_measured_once_for_the_same_data(measured: list[str], tmp_path: Path) -> None:
    study = study_of(tmp_path / "first")
    (run,) = runs = runs_of(study, tmp_path)
    write_score(run, made_up({"0/mae": 0.2, "0/sepia_index": 0.9, "0/psnr": 12.0}))
    run.folder.append(6, {"val/sepia_index": 0.9})
    write_all(study, runs)
    write_all(study, runs)
    assert measured == [str(tmp_path / "first")]
    other = study_of(tmp_path / "second")
    write_all(other, runs_of(other, tmp_path))
    assert measured == [str(tmp_path / "first"), str(tmp_path / "second")]
    assert "| mean picture | 0.300 |" in (tmp_path / "s" / "report.md").read_text()


def test_plots_and_a_grid_of_before_are_gone(measured: list[str], tmp_path: Path) -> None:
    study = study_of(tmp_path)
    (run,) = runs = runs_of(study, tmp_path)
    write_score(run, made_up({"0/mae": 0.2}))
    run.folder.append(6, {"val/sepia_index": 0.9})
    stale = [tmp_path / "s" / "grid.png", tmp_path / "s" / "plots" / "dose.png"]
    stale[1].parent.mkdir()
    for path in stale:
        path.touch()
    write_all(study, runs)
    assert not any(path.exists() for path in stale)


def test_without_a_run_there_is_study_json_alone(measured: list[str], tmp_path: Path) -> None:
    study = study_of(tmp_path)
    write_all(study, runs_of(study, tmp_path))
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["study.json"]
    assert measured == []


def test_a_damaged_result_is_made_anew_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    study = study_of(tmp_path)
    runs = runs_of(study, tmp_path)
    identity = write_study_json(study, runs).id
    assert write_study_json(study, runs).id == identity
    assert caplog.text == ""
    path = tmp_path / "s" / "study.json"
    path.write_text("{")
    assert write_study_json(study, runs).id != identity
    assert "study.json must be a study's results, and cannot be read" in caplog.text
    assert json.loads(path.read_text())["name"] == "s"
