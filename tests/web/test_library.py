"""Runs and studies are found and described, whatever state their files are in."""

import json
import shutil
import time
from pathlib import Path

import pytest

from gan.web import library as runs
from gan.web.library import Library
from gan.web.refused import Refused
from gan.web.review import describe
from tests.support.fake_runs import write_json, write_run, write_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two arms of a study, and a run of its own."""
    write_study(tmp_path / "runs" / "sepia", seeds=(3, 10), arms=("l1", "pix2pix"), steps=20, every=2, rows=1)
    write_run(tmp_path / "runs" / "l1_hints" / "seed-0", "l1_hints", 0, steps=20, done=10, every=2, rows=1)
    return tmp_path / "runs"


def fresh(folder: Path) -> Library:
    """A library that has scanned nothing yet."""
    return Library(folder.resolve())


def test_what_is_found(folder: Path) -> None:
    library = fresh(folder)
    assert list(library.runs()) == [
        "l1_hints/seed-0",
        *("sepia/l1/seed-3", "sepia/l1/seed-10", "sepia/pix2pix/seed-3", "sepia/pix2pix/seed-10"),
    ]
    assert [run.study for run in library.runs().values()] == [None] + ["sepia"] * 4
    assert list(library.studies()) == ["sepia"]
    assert next(iter(fresh(folder / "sepia").runs())) == "l1/seed-3"
    assert list(fresh(folder / "sepia" / "l1" / "seed-3").runs()) == ["."]


def test_how_far_a_run_is(folder: Path) -> None:
    library, now = fresh(folder), time.time()
    training, done = library.run("l1_hints/seed-0"), library.run("sepia/l1/seed-3")
    assert runs.run_state(library, training, now).state == "training"
    assert runs.run_state(library, training, now + 3600).state == "stopped"
    line = describe.line(library, done, now)
    assert (line["step"], line["steps"], line["state"], line["seed"]) == (20, 20, "done", 3)
    (training.path / "metrics.jsonl").unlink()
    assert runs.run_state(library, training, now).state == "waiting"


def test_a_run_that_seldom_writes_trains_for_three_of_its_intervals(folder: Path) -> None:
    library, now = fresh(folder), time.time()
    run = library.run("l1_hints/seed-0")
    (run.path / "metrics.jsonl").write_text("".join(json.dumps({"step": n, "time": 1000 * n}) + "\n" for n in (1, 2)))
    states = [runs.run_state(library, run, now + later).state for later in (2000, 4000)]
    assert states == ["training", "stopped"]


def test_metrics_of_one_kind_of_region_stay_out_of_a_studys_cells(folder: Path) -> None:
    path = folder / "sepia" / "study.json"
    values = json.loads(path.read_text())
    values["cells"][0]["hints"]["0"]["sepia_index/hair"] = {"mean": 1}
    write_json(path, values)
    cell = describe.study(fresh(folder), "sepia")["cells"][0]
    assert set(cell["hints"]["0"]) == {"mae", "lpips", "sepia_index", "chroma_ratio"}


def test_the_version_changes_with_what_is_shown(folder: Path) -> None:
    def version() -> str:
        return fresh(folder).run("l1_hints/seed-0").version

    run = folder / "l1_hints" / "seed-0"
    seen = [version(), version()]
    assert seen[0] == seen[1]
    (run / "metrics.jsonl").open("a").write("{}\n")
    seen.append(version())
    shutil.copy(run / "samples" / "000010.png", run / "samples" / "000012.png")
    seen.append(version())
    write_json(run / "hints-val.json", {"hints": {}})
    seen.append(version())
    write_json(run / "test.json", {"metrics": {}})
    seen.append(version())
    assert len(set(seen)) == len(seen) - 1


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", "null", '{"steps": "many", "seed": "x", "epochs": {}}', "\x00", "[" * 9999]
)
def test_files_that_make_no_sense(folder: Path, text: str) -> None:
    run = folder / "l1_hints" / "seed-0"
    for name in ("config.json", "environment.json", "data.json", "metrics.jsonl", "hints-test.json", "test.json"):
        (run / name).write_text(text)
    (folder / "sepia" / "study.json").write_text(text)
    library = fresh(folder)
    found = library.run("l1_hints/seed-0")
    json.dumps(describe.line(library, found, time.time()))
    json.dumps(describe.details(library, found))
    assert describe.study(library, "sepia")["verdicts"] == []


def test_a_half_written_study(folder: Path) -> None:
    odd = {
        "name": 7,
        "verdicts": [{"claim": "c", "surprise": 1}, "x"],
        "cells": {"a": 1},
        "missing": [1, "pix2pix/seed-4"],
    }
    write_json(folder / "sepia" / "study.json", odd)
    study = describe.study(fresh(folder), "sepia")
    assert (study["name"], study["verdicts"], study["cells"]) == ("7", [{"claim": "c"}], [])
    assert study["missing"] == ["pix2pix/seed-4"]


def test_links_that_lead_out_are_not_followed(folder: Path, tmp_path: Path) -> None:
    write_run(tmp_path / "elsewhere" / "seed-0", "l1", 0, steps=20, done=0)
    (folder / "elsewhere").symlink_to(tmp_path / "elsewhere")
    (folder / "again").symlink_to(folder / "l1_hints")
    (folder / "loop").symlink_to(folder)
    found = list(fresh(folder).runs())
    assert not any(name.startswith("elsewhere") for name in found)
    assert "again/seed-0" in found
    samples = folder / "l1_hints" / "seed-0" / "samples"
    (samples / "000099.png").symlink_to(tmp_path / "elsewhere" / "seed-0" / "config.json")
    library = fresh(folder)
    with pytest.raises(Refused, match="there is no"):
        library.content(library.run("l1_hints/seed-0"), "samples/000099.png")


def test_a_run_that_is_deleted_disappears(folder: Path) -> None:
    library = fresh(folder)
    run = library.run("l1_hints/seed-0")
    shutil.rmtree(run.path)
    nothing: dict[str, list[int]] = {"val": [], "train": [], "draws": []}
    assert runs.samples(run) == describe.details(library, run)["samples"] == nothing
    time.sleep(runs.FRESH_SECONDS)
    with pytest.raises(Refused, match="there is no run 'l1_hints/seed-0'") as caught:
        library.run("l1_hints/seed-0")
    assert caught.value.status == 404


def test_grids_by_what_they_show(folder: Path) -> None:
    run = fresh(folder).run("l1_hints/seed-0")
    shutil.copy(run.path / "samples" / "000010.png", run.path / "samples" / "000010-draws.png")
    (run.path / "samples" / "000010-mine.png").touch()
    found = {side: [step for step, _ in grids] for side, grids in runs.samples(run).items()}
    assert found == {"val": [2, 4, 6, 8, 10], "train": [2, 4, 6, 8, 10], "draws": [10]}
