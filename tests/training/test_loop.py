"""Runs as wholes: their folders, resuming, and what is refused."""

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan.config import Evaluation, Experiment, Optimizer, Reconstruction, to_dict
from gan.data import sources
from gan.errors import RequestError
from gan.runs import folder as run_folder
from gan.runs.folder import RunFolder
from gan.runs.weights import load_generator, read
from gan.training import loop
from gan.training.validation import prepare
from tests.support.equal_runs import CLOCK
from tests.support.experiments import with_data
from tests.support.trained import stopped_at_three, train, weights


def test_a_run_folder_stands_on_its_own(whole: Experiment, tmp_path: Path) -> None:
    outcome = train(whole, tmp_path)
    run = outcome.run
    assert run.path == tmp_path / "tiny" / "seed-0"
    assert (outcome.step, outcome.signal) == (6, None)
    resolved = with_data(whole, split="hash")  # what auto came to
    assert run.config == resolved
    assert json.loads((run.path / "config.json").read_text()) == to_dict(resolved)
    environment = json.loads((run.path / "environment.json").read_text())
    (start,) = environment["starts"]
    assert torch.__version__.startswith(start["packages"]["torch"])
    assert start["device"] == "cpu"
    assert len(environment["run_id"]) == 8

    rows = run.rows()
    assert [row["step"] for row in rows] == [2, 3, 4, 6]
    assert set(rows[0]) >= {"time", "G/reconstruction", "G/g_loss", "D/d_loss", "train/lr", "train/steps_per_second"}
    evaluated = [row for row in rows if "val/mae" in row]
    assert [row["step"] for row in evaluated] == [3, 6]
    assert {"val/sepia_index", "val/lpips", "val/sepia_index/hair", "val_average/mae"} <= set(evaluated[0])
    assert all(np.isfinite(value) for row in rows for value in row.values())
    assert [[count for count in "123" if f"val_hints/{count}/mae" in row] for row in evaluated] == [["3"], ["1", "3"]]
    curve = json.loads((run.path / "hints-val.json").read_text())["hints"]
    assert list(curve) == ["0", "1", "3"]
    assert curve["0"]["mae"] == evaluated[1]["val/mae"]
    assert curve["3"]["leakage"] == evaluated[1]["val_hints/3/leakage"]
    assert (run.path / "hints-val.png").exists()

    names = sorted(path.name for path in (run.path / "samples").iterdir())
    assert names == [f"00000{step}{part}.png" for step in (3, 6) for part in ("-draws", "-train", "")]
    grid = np.asarray(Image.open(run.path / "samples" / "000006.png"))
    assert grid.shape == (22 + 2 * 130 + 2, 4 * 130 + 2, 3)
    assert not list(run.path.rglob("*.draft.*"))

    stored = read(run.last)
    assert stored["step"] == 6
    assert stored["best"]["metric"] == "lpips"
    values = {row["step"]: row["val_hints/3/lpips"] for row in evaluated}  # with the most hints
    assert stored["best"]["value"] == min(values.values())
    best = read(run.best)
    assert best["step"] == min(values, key=lambda step: values[step])
    assert "g_optimizer" not in best


def test_the_same_drawings_for_every_arm_and_step(whole: Experiment, tiny: Experiment) -> None:
    arms = [whole, replace(tiny, evaluation=whole.evaluation, reconstruction=Reconstruction(loss="l2"))]
    one, other = (prepare(sources.load(arm), arm, None, torch.device("cpu")) for arm in arms)
    assert torch.equal(one.val_grid.line, other.val_grid.line)
    assert torch.equal(one.val_grid.color, other.val_grid.color)
    assert torch.equal(one.train_grid.color, other.train_grid.color)
    another_seed = prepare(sources.load(whole), replace(whole, seed=1), None, torch.device("cpu"))
    assert torch.equal(one.val_grid.line, another_seed.val_grid.line)
    assert not torch.equal(one.val_grid.color, another_seed.val_grid.color)


def test_a_resumed_run_equals_an_uninterrupted_one(whole: Experiment, tmp_path: Path) -> None:
    uninterrupted = train(whole, tmp_path / "a").run
    assert stopped_at_three(whole, tmp_path / "b") == 3
    resumed = train(whole, tmp_path / "b", resume=True).run
    assert not (resumed.path / "samples" / "000005.png").exists()
    assert not list(resumed.path.rglob("*.draft.*"))
    assert (resumed.path / "samples" / "mine.png").read_text() == "a person's own"
    assert len(json.loads((resumed.path / "environment.json").read_text())["starts"]) == 2
    expected = weights(uninterrupted.last)
    assert all(torch.equal(value, expected[name]) for name, value in weights(resumed.last).items())
    assert [row["step"] for row in resumed.rows()] == [row["step"] for row in uninterrupted.rows()]
    for one, two in zip(resumed.rows(), uninterrupted.rows(), strict=True):
        assert one.keys() == two.keys()
        for name in one.keys() - CLOCK:
            assert one[name] == two[name], name


@pytest.mark.slow
def test_a_resumed_classifier_goes_on_with_what_its_classes_count(
    tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are counted once, and every checkpoint has them, its average too."""
    experiment = replace(
        tiny, ema=0.9, reconstruction=Reconstruction(loss="classes"), evaluation=Evaluation(every=3, pictures=20)
    )
    uninterrupted = train(experiment, tmp_path / "a").run
    assert stopped_at_three(experiment, tmp_path / "b") == 3
    monkeypatch.delattr(loop, "rebalance")
    resumed = train(experiment, tmp_path / "b", resume=True).run
    expected = weights(uninterrupted.last)
    assert all(torch.equal(value, expected[name]) for name, value in weights(resumed.last).items())
    assert expected["weights"].min() < 0.5 < 2 < expected["weights"].max()
    for path in (resumed.last, resumed.best):
        generator, _, _ = load_generator(path, average=True)
        assert torch.equal(generator.state_dict()["weights"], expected["weights"])


@pytest.mark.slow
def test_a_folder_that_holds_something_else_is_refused(whole: Experiment, tmp_path: Path) -> None:
    run = train(whole, tmp_path).run
    before = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    with pytest.raises(RequestError, match=r"holds this run already: go on with --resume, or choose another --name"):
        train(whole, tmp_path)
    other = replace(whole, optimizer=Optimizer(lr=5e-4))
    for resume in (False, True):
        message = r"optimizer\.lr is 0\.001 there and 0\.0005 here; choose another --name"
        with pytest.raises(RequestError, match=message):
            train(other, tmp_path, resume=resume)
    with pytest.raises(RequestError, match=r"steps \(4\) must be at least 6"):
        train(replace(whole, steps=4), tmp_path, resume=True)
    assert {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()} == before
    strange = tmp_path / "strange" / "seed-0"
    strange.mkdir(parents=True)
    (strange / "thesis.txt").write_text("years of work")
    with pytest.raises(RequestError, match="holds other files"):
        train(replace(whole, name="strange"), tmp_path)
    assert [path.name for path in strange.iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_resume_may_change_steps_workers_and_logging_and_starts_afresh(whole: Experiment, tmp_path: Path) -> None:
    train(whole, tmp_path, resume=True)
    longer = with_data(
        replace(whole, steps=8, logging=replace(whole.logging, every=1, tags=("a",), notes="b")), workers=1
    )
    outcome = train(longer, tmp_path, resume=True)
    assert outcome.step == 8
    assert [row["step"] for row in outcome.run.rows()] == [2, 3, 4, 6, 7, 8]
    again = train(longer, tmp_path, resume=True)
    assert again.step == 8


@pytest.mark.slow
def test_who_resumes_to_more_steps_is_told_that_the_rate_leaps(
    whole: Experiment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Decay .5 of 1e-3: after 6 of 6 steps 0; of 12 it has just begun to fall. A constant rate does not leap."""
    caplog.set_level("INFO", "gan")
    train(whole, tmp_path)
    train(replace(whole, steps=12), tmp_path, resume=True)
    (said,) = (line for line in caplog.messages if "learning rate" in line)
    assert said == (
        "the learning rate is now 0.001, and not 0: it falls over the last steps of 12, where it fell over those of 6"
    )
    caplog.clear()
    constant = replace(whole, name="constant", optimizer=replace(whole.optimizer, decay=0.0))
    train(constant, tmp_path)
    train(replace(constant, steps=7), tmp_path, resume=True)
    assert not [line for line in caplog.messages if "learning rate" in line]


def test_a_damaged_checkpoint_is_a_clear_error(whole: Experiment, tmp_path: Path) -> None:
    run = train(whole, tmp_path).run
    run.last.write_bytes(run.last.read_bytes()[:1000])
    with pytest.raises(RequestError, match=r"last\.pt must be a checkpoint"):
        train(replace(whole, steps=9), tmp_path, resume=True)


class Bomb:
    """Runs a function when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch boom",)


def test_a_checkpoint_cannot_run_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"format": 1, "step": Bomb()}, tmp_path / "last.pt")
    with pytest.raises(RequestError, match="must be a checkpoint"):
        read(tmp_path / "last.pt")
    assert not (tmp_path / "boom").exists()


@pytest.mark.slow
def test_a_moved_run_loads_elsewhere(whole: Experiment, tmp_path: Path) -> None:
    run = train(whole, tmp_path).run
    moved = tmp_path / "elsewhere"
    run.path.rename(moved)
    for average in (False, True):
        generator, experiment, step = load_generator(RunFolder(moved).last, average=average)
        assert (experiment, step) == (with_data(whole, split="hash"), 6)
        assert not generator.training
    plain = train(replace(whole, name="plain", ema=0.0), tmp_path).run
    with pytest.raises(RequestError, match="must hold a moving average"):
        load_generator(plain.last, average=True)


@pytest.mark.slow
def test_a_run_killed_at_its_very_start_can_be_resumed(
    whole: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run_folder, "environment", killed)
        with pytest.raises(KeyboardInterrupt):
            train(whole, tmp_path)
    assert train(whole, tmp_path, resume=True).step == 6
