"""Runs of a study: which are to be done, and one that is done in this process."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from gan.errors import RequestError
from gan.study.file import load_study
from gan.study.results import gather, lines, write, write_numbers
from gan.study.runs import Job, jobs_of, perform, read

QUIET = Console(quiet=True)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """The jobs of the tiny study with one seed, all of them done."""
    from tests.study.conftest import TINY_STUDY

    folder = tmp_path_factory.mktemp("study")
    (folder / "tiny.py").write_text(TINY_STUDY, encoding="utf-8")
    jobs = jobs_of(load_study(folder / "tiny.py").first_seeds(1), folder / "runs")
    for job in jobs:
        perform(job, QUIET)
    return jobs


def test_the_runs_of_a_study(tiny_study: Path, tmp_path: Path) -> None:
    jobs = jobs_of(load_study(tiny_study), tmp_path)
    assert [job.label for job in jobs] == [
        *("l1,alpha=0/seed-1", "l1,alpha=0/seed-2", "l1/seed-1", "l1/seed-2"),
        *("l1_hints/seed-1", "l1_hints/seed-2"),
    ]
    assert jobs[3].run.path == tmp_path / "tiny" / "l1" / "seed-2"
    assert {job.state for job in jobs} == {"missing"}
    assert Job.from_json(json.loads(json.dumps(jobs[0].to_json()))) == jobs[0]
    assert list(tmp_path.glob("tiny/*")) == []


def test_a_run_leaves_its_score_on_the_test_pictures(done: list[Job]) -> None:
    job = done[2]
    assert job.state == "done"
    values = json.loads((job.run.path / "test.json").read_text())
    assert (values["split"], values["checkpoint"], values["weights"]) == ("test", "last", "raw")
    assert (values["pictures"], values["step"]) == (70, 6)
    found = read(job)
    assert found is not None
    assert list(found.score.curve) == [0, 1, 2, 3]
    assert found.score.curve[0] == values["metrics"]
    assert found.score.closed[3]["median"]["mae"] == pytest.approx(0, abs=0.02)  # told all, it errs at seams alone
    counts = found.histograms[0]["L"]
    assert sum(counts["fake"]) == sum(counts["true"]) > 0
    assert (job.run.path / "hints-test.json").exists()


def test_what_is_done_is_not_done_again(done: list[Job]) -> None:
    before = (done[0].run.path / "test.json").stat().st_mtime_ns
    perform(done[0], QUIET)
    assert (done[0].run.path / "test.json").stat().st_mtime_ns == before


def test_a_run_that_was_trained_but_not_scored_is_only_scored(done: list[Job]) -> None:
    path = done[1].run.path / "test.json"
    before, metrics = json.loads(path.read_text()), done[1].run.metrics.read_bytes()
    path.unlink()
    assert done[1].state == "begun"
    perform(done[1], QUIET)
    again = json.loads(path.read_text())
    assert again | {"seconds": 0} == before | {"seconds": 0}
    assert done[1].run.metrics.read_bytes() == metrics


@pytest.mark.parametrize("change", [{"steps": 7}, {"batch_size": 8}])
def test_runs_in_another_configuration_are_refused(done: list[Job], change: dict[str, int]) -> None:
    study = load_study(done[0].folder.parents[1] / "tiny.py").first_seeds(1)
    with pytest.raises(RequestError, match=rf"another configuration: {next(iter(change))} is \d there and"):
        jobs_of(study.with_fields(lambda each: replace(each, **change)), done[0].folder.parent)  # type: ignore[arg-type]
    same = study.with_fields(lambda each: replace(each, device="cpu", logging=replace(each.logging, every=3)))
    assert len(jobs_of(same, done[0].folder.parent)) == 3


def test_a_damaged_score_is_said_and_not_passed_over(done: list[Job]) -> None:
    path = done[0].run.path / "test.json"
    whole = path.read_text()
    for broken in (whole[:100], "[]", '{"hints": {"0": {}}}'):
        path.write_text(broken)
        with pytest.raises(RequestError, match=r"test\.json must be a run's score, and is damaged"):
            read(done[0])
    path.write_text(whole)


def test_the_results(done: list[Job]) -> None:
    study = load_study(done[0].folder.parents[1] / "tiny.py").first_seeds(1)
    said: list[str] = []
    write(study, done, said.append)
    folder = done[0].folder
    values = json.loads((folder / "study.json").read_text())
    cells = {cell["name"]: cell for cell in values["cells"]}
    assert values["question"] == "Does a tiny study run?"
    assert values["missing"] == []
    found = gather(done)["l1"][1].score
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
    assert lines(folder)[1].startswith("H1, it is sepia: indicative (sepia). one seed, which leans to supported")
    identity = values["id"]
    assert write_numbers(study, done)["id"] == identity  # W&B knows the summary by it


def test_results_of_a_part(done: list[Job]) -> None:
    """Verdicts of what is there; the rest is named as missing."""
    study = load_study(done[0].folder.parents[1] / "tiny.py")
    values = write_numbers(study, jobs_of(study, done[0].folder.parent))
    assert values["missing"] == ["l1,alpha=0/seed-2", "l1/seed-2", "l1_hints/seed-2"]
    assert [cell["seeds"] for cell in values["cells"]] == [[1], [1], [1]]
