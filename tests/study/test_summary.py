"""The summary as a real offline W&B run, read back."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.config import Experiment, Logging
from gan.study import Study, cell
from gan.study.outputs import write_study_json
from gan.study.runs import runs_of
from gan.study.summary import CELL_COLUMNS, cell_rows, means_without_hints, mirror
from tests.support.studies import made_up
from tests.support.study_runs import write_score
from tests.support.wandb_records import records

SCORE = made_up({"0/sepia_index": 0.75, "0/mae": 0.2, "0/other": 1.0}, {"mae": 0.1})


def test_a_summary_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("WANDB_MODE", "offline")
    study = Study("s", (1,), (cell(Experiment(name="l1", logging=Logging(wandb="offline"))),))
    runs = runs_of(study, tmp_path)
    for run in runs:
        write_score(run, SCORE)
    result = write_study_json(study, runs)
    assert cell_rows(result) == [
        ["l1", 0, "sepia_index", 0.75, None, None, None, '{"1": 0.75}'],
        ["l1", 0, "mae", 0.2, None, None, 0.1, '{"1": 0.2}'],
    ]
    assert means_without_hints(result) == {"l1/sepia_index": 0.75, "l1/mae": 0.2}
    folder = runs[0].study_folder
    (folder / "plots").mkdir()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "plots" / "dose.png")
    with caplog.at_level("INFO", "gan"):
        mirror(study, result, folder)
    assert f"W&B: offline, in {folder}" in caplog.text
    assert "failed" not in caplog.text
    found = records(folder)
    run = next(record["run"] for record in found if record["type"] == "run")
    assert (run["run_group"], run["job_type"], run["run_id"]) == ("s", "summary", result.id)
    (item,) = [record["history"]["item"] for record in found if record["type"] == "history"]
    assert item["l1/sepia_index"] == 0.75
    assert item["plots/dose.width"] == 8
    assert (item["cells/table.ncols"], item["cells/table.nrows"]) == (len(CELL_COLUMNS), 2)
