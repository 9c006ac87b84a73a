"""The summary as a real offline W&B run, read back."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.config import Experiment, Logging
from gan.study import Study, cell
from gan.study.results import write_numbers
from gan.study.runs import jobs_of
from gan.study.summary import COLUMNS, headline, mirror, rows
from tests.runs.test_wandb_mirror import records

SCORE = {
    "step": 6,
    "seconds": 1.0,
    "hints": {
        "0": {"metrics": {"sepia_index": 0.75, "mae": 0.2, "other": 1.0}, "closed_forms": {"median": {"mae": 0.1}}}
    },
    "histograms": {},
}


def test_a_summary_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_MODE", "offline")
    study = Study("s", (1,), (cell(Experiment(name="l1", logging=Logging(wandb="offline"))),))
    jobs = jobs_of(study, tmp_path)
    for job in jobs:
        job.run.path.mkdir(parents=True)
        (job.run.path / "test.json").write_text(json.dumps(SCORE))
    values = write_numbers(study, jobs)
    assert rows(values) == [
        ["l1", 0, "sepia_index", 0.75, None, None, None, '{"1": 0.75}'],
        ["l1", 0, "mae", 0.2, None, None, 0.1, '{"1": 0.2}'],
    ]
    assert headline(values) == {"l1/sepia_index": 0.75, "l1/mae": 0.2}
    folder = jobs[0].folder
    (folder / "plots").mkdir()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "plots" / "dose.png")
    said: list[str] = []
    mirror(study, values, folder, said.append)
    assert [line for line in said if "failed" in line] == []
    found = records(folder)
    run = next(record["run"] for record in found if record["type"] == "run")
    assert (run["run_group"], run["job_type"], run["run_id"]) == ("s", "summary", values["id"])
    (item,) = [record["history"]["item"] for record in found if record["type"] == "history"]
    assert item["l1/sepia_index"] == 0.75
    assert item["plots/dose.width"] == 8
    assert (item["cells/table.ncols"], item["cells/table.nrows"]) == (len(COLUMNS), 2)
