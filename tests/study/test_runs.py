"""Runs of a study: which are to be done, some that are done in this process, and what they leave."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from gan.config import Data, Experiment, Logging
from gan.data import sources
from gan.errors import RequestError
from gan.runs.folder import RunFolder
from gan.study.aggregate import read_results
from gan.study.definition import Study, cell
from gan.study.execute import verdict_lines
from gan.study.file import load_study
from gan.study.outputs import write_all, write_study_json
from gan.study.runs import StudyRun, read_result, runs_of, seconds_trained, train_and_score
from tests.support.experiments import with_data
from tests.support.pictures import random_picture
from tests.support.studies import TINY_STUDY
from tests.support.wandb_records import of_type, records, summary


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> list[StudyRun]:
    """The runs of the tiny study with one seed, all of them done."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "tiny.py").write_text(TINY_STUDY, encoding="utf-8")
    runs = runs_of(load_study(folder / "tiny.py").first_seeds(1), folder / "runs")
    for run in runs:
        train_and_score(run)
    return runs


def test_the_runs_of_a_study(tiny_study: Path, tmp_path: Path) -> None:
    runs = runs_of(load_study(tiny_study), tmp_path)
    assert [run.label for run in runs] == [
        *("l1,alpha=0/seed-1", "l1,alpha=0/seed-2", "l1/seed-1", "l1/seed-2"),
        *("l1_hints/seed-1", "l1_hints/seed-2"),
    ]
    assert runs[3].folder.path == tmp_path / "tiny" / "l1" / "seed-2"
    assert {run.state for run in runs} == {"missing"}
    assert StudyRun.from_json(json.loads(json.dumps(runs[0].to_json()))) == runs[0]
    assert list(tmp_path.glob("tiny/*")) == []


def test_a_run_leaves_its_score_on_the_test_pictures(done: list[StudyRun]) -> None:
    run = done[2]
    assert run.state == "done"
    values = json.loads((run.folder.path / "test.json").read_text())
    assert (values["split"], values["checkpoint"], values["weights"]) == ("test", "last", "raw")
    assert (values["pictures"], values["step"], values["broken"]) == (70, 6, "")
    found = read_result(run)
    assert found is not None
    assert list(found.score.curve) == [0, 1, 2, 3]
    assert found.score.curve[0] == values["metrics"]
    assert found.score.closed[3]["median"]["mae"] == pytest.approx(0, abs=0.02)  # told all, it errs at seams alone
    counts = found.histograms[0]["L"]
    assert sum(counts["fake"]) == sum(counts["true"]) > 0
    assert (run.folder.path / "hints-test.json").exists()


def test_what_is_done_is_not_done_again(done: list[StudyRun]) -> None:
    before = (done[0].folder.path / "test.json").stat().st_mtime_ns
    train_and_score(done[0])
    assert (done[0].folder.path / "test.json").stat().st_mtime_ns == before


@pytest.mark.slow
def test_a_run_that_was_trained_but_not_scored_is_only_scored(done: list[StudyRun]) -> None:
    """And its score stands in its own W&B run."""
    run = replace(done[2], experiment=replace(done[2].experiment, logging=Logging(wandb="offline")))
    path = run.folder.path / "test.json"
    before, metrics = json.loads(path.read_text()), run.folder.metrics.read_bytes()
    path.unlink()
    assert run.state == "begun"
    train_and_score(run)
    again = json.loads(path.read_text())
    assert again | {"seconds": 0} == before | {"seconds": 0}
    assert run.folder.metrics.read_bytes() == metrics
    found = records(run.folder.path)
    (mirrored,) = of_type("run", found)
    assert (mirrored["run_id"], mirrored["resume"]) == (run.folder.run_id, True)
    assert (mirrored["run_group"], mirrored["job_type"]) == ("tiny", "l1_hints")
    expected = {f"test/{name}": value for name, value in again["metrics"].items()}
    for count in ("1", "2", "3"):
        row = again["hints"][count]["metrics"]
        expected |= {f"test_hints/{count}/{name}": value for name, value in row.items()}
    shown = summary(found)
    assert {name: value for name, value in shown.items() if name.startswith("test")} == pytest.approx(expected)


@pytest.mark.parametrize("change", [{"steps": 7}, {"batch_size": 8}])
def test_runs_in_another_configuration_are_refused(done: list[StudyRun], change: dict[str, int]) -> None:
    study = load_study(done[0].study_folder.parents[1] / "tiny.py").first_seeds(1)
    with pytest.raises(RequestError, match=rf"another configuration: {next(iter(change))} is \d there and"):
        runs_of(study.with_fields(lambda each: replace(each, **change)), done[0].study_folder.parent)  # type: ignore[arg-type]
    same = study.with_fields(lambda each: replace(each, device="cpu", logging=replace(each.logging, every=3)))
    assert len(runs_of(same, done[0].study_folder.parent)) == 3


def test_pictures_of_a_study_may_move_if_all_do(picture_folder: Path, tmp_path: Path) -> None:
    data = Data(source="folder", root=str(picture_folder), line="canny", size=32, val_fraction=0.2)
    study = Study("faces", (1,), (cell(Experiment(name="l1", data=data)),))
    (run,) = runs_of(study, tmp_path)
    loaded = sources.load(run.experiment)
    run.folder.begin(with_data(run.experiment, split=loaded.split), loaded.summary, 0)
    assert [each.state for each in runs_of(study, tmp_path)] == ["begun"]  # auto is what it came to
    elsewhere = picture_folder.rename(tmp_path / "elsewhere")
    moved = Study("faces", (1,), (cell(Experiment(name="l1", data=replace(data, root=str(elsewhere)))),))
    assert [each.state for each in runs_of(moved, tmp_path)] == ["begun"]
    Image.fromarray(random_picture(999)).save(elsewhere / "new.png")
    with pytest.raises(RequestError, match=r"elsewhere\) must hold .* and has 40 of 40 and 1 others"):
        runs_of(moved, tmp_path)
    (elsewhere / "new.png").unlink()
    (elsewhere / "00.png").unlink()
    with pytest.raises(RequestError, match=r"elsewhere\) must hold the pictures that .*, and has 39 of 40; choose"):
        runs_of(moved, tmp_path)


def test_a_damaged_score_is_said_and_not_passed_over(done: list[StudyRun]) -> None:
    path = done[0].folder.path / "test.json"
    whole = path.read_text()
    for broken in (whole[:100], "[]", '{"hints": {"0": {}}}'):
        path.write_text(broken)
        with pytest.raises(RequestError, match=r"test\.json must be a run's score, and is damaged"):
            read_result(done[0])
    path.write_text(whole)


def test_seconds_of_training_leave_pauses_out(tmp_path: Path) -> None:
    """10 steps a second up to step 20, then a day's pause, then 5 a second; the row of an evaluation has no rate."""
    folder = RunFolder(tmp_path)
    rows = [
        (0, {}),
        (20, {"train/steps_per_second": 10.0}),
        (20, {"val/mae": 0.1}),
        (30, {"train/steps_per_second": 5.0}),
    ]
    for step, values in rows:
        folder.append(step, values)
    assert seconds_trained(folder) == pytest.approx(20 / 10 + 10 / 5)
    assert seconds_trained(RunFolder(tmp_path / "nowhere")) == 0


def test_the_results(done: list[StudyRun]) -> None:
    study = load_study(done[0].study_folder.parents[1] / "tiny.py").first_seeds(1)
    write_all(study, done)
    folder = done[0].study_folder
    values = json.loads((folder / "study.json").read_text())
    cells = {cell["name"]: cell for cell in values["cells"]}
    assert values["question"] == "Does a tiny study run?"
    assert values["missing"] == []
    found = read_results(done)[0]["l1"][1].score
    index = cells["l1"]["hints"]["0"]["sepia_index"]
    assert index["values"] == {"1": found.curve[0]["sepia_index"]}
    assert index["closed"] == found.closed[0]["median"]["sepia_index"]
    assert (index["low"], index["high"]) == (None, None)
    assert [verdict["verdict"] for verdict in values["verdicts"]] == ["passed", "indicative"]
    report = (folder / "report.md").read_text()
    assert report.index("## Verdicts") < report.index("## Pictures") < report.index("## Cells")
    assert f"| `l1` | {index['mean']:.3f} | {index['mean']:.3f} | {index['closed']:.3f} |" in report
    for name in ("dose", "hints", "histograms", "psnr", "steps"):
        assert f"](plots/{name}.png)" in report
        assert (folder / "plots" / f"{name}.png").stat().st_size > 5000
        assert (folder / "plots" / f"{name}.svg").read_text().lstrip().startswith("<?xml")
    assert (folder / "grid.png").exists()
    said = verdict_lines(folder)[1]
    assert said.startswith(
        "H1, it is sepia: indicative. one seed, which leans to inconclusive: all that was judged holds"
    )
    assert "undertrained, not judged, for not 0.9 <= error of l1 over error of the L1 optimum" in said  # of six steps
    identity = values["id"]
    assert write_study_json(study, done).id == identity  # W&B knows the summary by it


def test_results_of_a_part(done: list[StudyRun]) -> None:
    """Verdicts of what is there; the rest is named as missing."""
    study = load_study(done[0].study_folder.parents[1] / "tiny.py")
    result = write_study_json(study, runs_of(study, done[0].study_folder.parent))
    assert result.missing == ("l1,alpha=0/seed-2", "l1/seed-2", "l1_hints/seed-2")
    assert [cell.seeds for cell in result.cells] == [(1,), (1,), (1,)]


def test_a_run_at_an_absurd_rate_ends_as_broken_and_leaves_the_verdicts(tmp_path: Path) -> None:
    """A learning rate of 10 gives one saturated picture, and a sepia index of 1."""
    (tmp_path / "tiny.py").write_text(TINY_STUDY, encoding="utf-8")
    study = load_study(tmp_path / "tiny.py").first_seeds(1)
    study = study.with_fields(lambda each: replace(each, optimizer=replace(each.optimizer, lr=10.0)))
    study = replace(study, cells=study.cells[1:2], rules=study.rules[1:])
    (run,) = runs = runs_of(study, tmp_path)
    train_and_score(run)
    reason = "it paints one picture whatever the drawing is, 100% of its values are saturated"
    assert json.loads(run.test_json.read_text())["metrics"]["sepia_index"] == pytest.approx(1)
    assert read_results(runs) == ({}, {"l1/seed-1": reason})
    write_all(study, runs)
    report = (run.study_folder / "report.md").read_text()
    assert "Seeds 1; 1 of 1 runs done; raw weights of the last step, test pictures.\n" in report
    assert f"**Broken, and left out of every number**: `l1/seed-1`: {reason}." in report
    assert verdict_lines(run.study_folder)[:2] == [
        f"H1, it is sepia: no verdict. not tested; broken: l1/seed-1 ({reason})",
        f"l1/seed-1 is broken, and left out of every number: {reason}",
    ]
