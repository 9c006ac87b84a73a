"""Runs as wholes: their folders, resuming, interruption, and what stops them."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from gan.config import Adversarial, Data, Evaluation, Experiment, Hints, Optimizer, Reconstruction, to_dict
from gan.data import sources
from gan.errors import RequestError
from gan.evaluation.run import of_run
from gan.runs import folder as run_folder
from gan.runs.folder import RunFolder
from gan.runs.mirror import Mirror
from gan.runs.weights import load_generator, read
from gan.training import loop, trainer
from gan.training.failure import TrainingFailed
from gan.training.state import TrainState
from gan.training.validation import Validation, prepare
from tests.support.equal_runs import CLOCK
from tests.support.experiments import with_data
from tests.support.pictures import random_picture


@pytest.fixture
def whole(tiny: Experiment) -> Experiment:
    """A GAN with an average, noise and hints, evaluated twice in six steps."""
    return replace(
        tiny,
        generator=replace(tiny.generator, noise=3, keys=4),
        hints=Hints(kind="regions", counts=(0, 1, 3)),
        adversarial=Adversarial(game="lsgan"),
        ema=0.9,
        evaluation=Evaluation(every=3, pictures=20, grid=2),
        optimizer=Optimizer(lr=1e-3),
    )


def train(experiment: Experiment, out: Path, *, resume: bool = False) -> loop.Outcome:
    return loop.train(experiment, out, resume=resume)


def weights(path: Path) -> dict[str, torch.Tensor]:
    tensors: dict[str, torch.Tensor] = read(path)["generator"]
    return tensors


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
    assert _stopped_at_three(whole, tmp_path / "b") == 3
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
    assert _stopped_at_three(experiment, tmp_path / "b") == 3
    monkeypatch.delattr(loop, "rebalance")
    resumed = train(experiment, tmp_path / "b", resume=True).run
    expected = weights(uninterrupted.last)
    assert all(torch.equal(value, expected[name]) for name, value in weights(resumed.last).items())
    assert expected["weights"].min() < 0.5 < 2 < expected["weights"].max()
    for path in (resumed.last, resumed.best):
        generator, _, _ = load_generator(path, average=True)
        assert torch.equal(generator.state_dict()["weights"], expected["weights"])


def _stopped_at_three(experiment: Experiment, out: Path) -> int:
    """Interrupt a run after its third step, as a signal would, and leave a later line behind."""
    real, calls = trainer.train_step, []

    def interrupted(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return real(*arguments)  # type: ignore[arg-type]

    patch = pytest.MonkeyPatch()
    patch.setattr(trainer, "train_step", interrupted)
    outcome = train(experiment, out)
    patch.undo()
    assert outcome.signal == signal.SIGTERM
    outcome.run.append(5, {"val/mae": 1.0})
    with outcome.run.metrics.open("a") as file:
        file.write('{"step": 6, "val')
    (outcome.run.path / "samples" / "000005.png").touch()
    (outcome.run.path / "samples" / ".000006.42-ab12cd34.draft.png").touch()
    (outcome.run.path / "checkpoints" / ".last.42-ab12cd34.draft.pt").touch()
    (outcome.run.path / "samples" / "mine.png").write_text("a person's own")
    return outcome.step


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


def test_a_loss_that_is_not_finite_stops_with_the_step_and_the_term(
    whole: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = trainer.train_step

    def diverging(state: object, *rest: object) -> dict[str, torch.Tensor]:
        terms = real(state, *rest)  # type: ignore[arg-type]
        return terms | {"G/g_loss": torch.tensor(float("nan"))} if state.step == 5 else terms  # type: ignore[attr-defined]

    monkeypatch.setattr(trainer, "train_step", diverging)
    with pytest.raises(TrainingFailed, match=r"G/g_loss became nan at step 5"):
        train(whole, tmp_path)
    assert read(tmp_path / "tiny" / "seed-0" / "checkpoints" / "last.pt")["step"] == 3


def test_without_lpips_another_metric_chooses_and_says_so(
    whole: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loop, "load_lpips", lambda *_: None)
    run = loop.train(whole, tmp_path, resume=False).run
    assert "best.pt is chosen by mae: lpips is absent" in caplog.messages
    assert read(run.last)["best"]["metric"] == "mae"
    assert not any("lpips" in name for row in run.rows() for name in row)


class Told(Mirror):
    """What a mirror is told of the whole run."""

    def __init__(self) -> None:
        self.summary: dict[str, float | str] = {}
        self.artifacts: list[tuple[str, int]] = []

    def summarise(self, values: Mapping[str, float | str]) -> None:
        self.summary |= values

    def artifact(self, path: Path, aliases: Sequence[str], metadata: Mapping[str, Any]) -> None:
        self.artifacts.append((path.name, metadata["step"]))


def test_a_mirror_is_told_of_which_step_best_pt_is(
    tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And keeps it as an artifact, where that is asked for."""
    told = Told()
    monkeypatch.setattr(loop, "start", lambda *_: told)
    errors, real = {2: 0.3, 4: 0.1, 6: 0.2}, Validation.measure

    def measure(validation: Validation, state: TrainState, **how: Any) -> Any:
        values, *rest = real(validation, state, **how)
        return values | {"val/mae": errors[state.step]}, *rest

    monkeypatch.setattr(Validation, "measure", measure)
    evaluated = replace(tiny, evaluation=Evaluation(every=2, pictures=4, grid=1, best="mae"))
    run = loop.train(replace(evaluated, logging=replace(tiny.logging, artifact="best")), tmp_path, resume=False).run
    best = {"checkpoint/best_step": 4, "checkpoint/best_value": 0.1, "checkpoint/best_metric": "val/mae"}
    assert told.summary == best
    assert read(run.best)["step"] == 4
    assert told.artifacts == [("best.pt", 4)]


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


def test_broken_weights_never_replace_good_ones(
    whole: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The losses of the step that breaks the weights are still finite."""
    real = trainer.train_step

    def breaking(state: TrainState, *rest: object) -> dict[str, torch.Tensor]:
        terms = real(state, *rest)  # type: ignore[arg-type]
        if state.step == 6:
            next(state.generator.parameters()).data.fill_(float("nan"))
        return terms

    monkeypatch.setattr(trainer, "train_step", breaking)
    with pytest.raises(TrainingFailed, match=r"val_hints/3/lpips is not finite at step 6"):
        train(whole, tmp_path)
    assert read(tmp_path / "tiny" / "seed-0" / "checkpoints" / "last.pt")["step"] == 3


@pytest.mark.slow
def test_a_picture_that_goes_away_is_named(whole: Experiment, picture_folder: Path, tmp_path: Path) -> None:
    folder = Data(source="folder", root=str(picture_folder), line="canny", size=32, val_fraction=0.2, workers=1)
    experiment = replace(whole, data=folder, steps=40, hints=Hints(kind="strokes", counts=(2,)))
    real, calls = trainer.train_step, []

    def deleting(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            for path in picture_folder.iterdir():
                path.unlink()
        return real(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer, "train_step", deleting)
        with pytest.raises(
            RequestError, match=r"/\d\d\.png could be read when data\.root was scanned.* missing"
        ) as raised:
            train(experiment, tmp_path)
    assert "Traceback" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.fixture
def on_files(tiny: Experiment, picture_folder: Path) -> Experiment:
    """Six steps on the files of `picture_folder`, with a checkpoint at the third."""
    folder = Data(source="folder", root=str(picture_folder), line="canny", size=32, val_fraction=0.2, workers=0)
    return replace(tiny, data=folder, evaluation=Evaluation(every=3, pictures=4, grid=2))


def test_other_pictures_than_before_are_said(
    on_files: Experiment, picture_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "gan")
    train(on_files, tmp_path)
    Image.fromarray(random_picture(1234)).save(picture_folder / "new.png")
    (picture_folder / "03.png").unlink()
    loop.train(replace(on_files, steps=8), tmp_path, resume=True)
    (line,) = [line for line in caplog.messages if "goes on" in line]
    assert line.endswith("goes on with other pictures than it began with: 1 of 40 are gone, 1 are new")


@pytest.mark.slow
def test_a_picture_that_goes_away_or_is_replaced_stops_nothing(
    on_files: Experiment, picture_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """One of each side goes, another is replaced, while nothing is read from the cache."""
    experiment = replace(with_data(on_files, cache_gb=0), steps=18)
    sides = json.loads((train(replace(on_files, name="first"), tmp_path).run.path / "data.json").read_text())[
        "pictures"
    ]
    real, calls = trainer.train_step, []

    def changing(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            for split in ("train", "val"):
                (picture_folder / sides[split][0]["path"]).unlink()
                Image.fromarray(random_picture(77)).save(picture_folder / sides[split][1]["path"])
        return real(*arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer, "train_step", changing)
        assert train(experiment, tmp_path).step == 18
    left_out = [line for line in caplog.messages if line.startswith("left out, and its neighbour stands in for it: ")]
    assert sorted(line.split(" could")[0].split("/")[-1] for line in left_out) == sorted(
        sides[split][0]["path"] for split in ("train", "val")
    )
    (line,) = [line for line in caplog.messages if "replaced while the run trains" in line]
    assert line.startswith("step 3: 2 files were replaced")
    assert all(sides[split][1]["path"] in line for split in ("train", "val"))


def test_pictures_that_have_moved_are_the_same_pictures(
    on_files: Experiment, picture_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Renamed, too: a run that goes on elsewhere is the uninterrupted run, to the last bit."""
    caplog.set_level("INFO", "gan")
    uninterrupted = train(on_files, tmp_path / "a").run
    assert _stopped_at_three(on_files, tmp_path / "b") == 3
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    for path in picture_folder.iterdir():
        shutil.move(path, elsewhere / "deep" / f"{99 - int(path.stem)}.png")
    moved = with_data(on_files, root=str(elsewhere))
    resumed = train(moved, tmp_path / "b", resume=True).run
    assert f"{resumed.path}: it goes on with its pictures in {elsewhere}, none of which differs" in caplog.messages
    assert resumed.config.data.root == str(elsewhere)
    expected = weights(uninterrupted.last)
    assert all(torch.equal(value, expected[name]) for name, value in weights(resumed.last).items())
    losses = [[row["G/reconstruction"] for row in run.rows()] for run in (uninterrupted, resumed)]
    assert losses[0] == losses[1]


def test_of_pictures_that_have_moved_half_must_be_there(
    on_files: Experiment, picture_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "gan")
    assert _stopped_at_three(on_files, tmp_path) == 3
    run, elsewhere = RunFolder(tmp_path / "tiny" / "seed-0"), tmp_path / "elsewhere"
    moved = with_data(on_files, root=str(elsewhere), min_images=1)
    before = {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()}
    with pytest.raises(RequestError, match=r"holds another configuration: data\.min_images"):
        train(moved, tmp_path, resume=True)
    moved = with_data(on_files, root=str(elsewhere))
    shutil.copytree(picture_folder, elsewhere)
    for number in range(21):
        Image.fromarray(random_picture(1000 + number)).save(elsewhere / f"{number:02d}.png")
    with pytest.raises(RequestError, match=r"elsewhere\) must hold the .* and has 19 of 40 and 21 others; choose"):
        train(moved, tmp_path, resume=True)
    assert {path: path.read_bytes() for path in run.path.rglob("*") if path.is_file()} == before
    shutil.copy(picture_folder / "20.png", elsewhere / "20.png")
    train(moved, tmp_path, resume=True)
    (line,) = [line for line in caplog.messages if "goes on" in line]
    assert line.endswith(f"began with: 20 of 40 are gone in {elsewhere}, 20 are new")


def test_a_run_keeps_what_auto_came_to(
    on_files: Experiment, picture_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """And its sides: folders that come to be named train and test later move no test picture into training."""
    caplog.set_level("INFO", "gan")
    run = train(on_files, tmp_path).run
    assert run.config.data.split == "hash"
    for number, path in enumerate(sorted(picture_folder.iterdir())):
        named = picture_folder / ("train" if number % 2 else "test")
        named.mkdir(exist_ok=True)
        shutil.move(path, named / path.name)
    sides = run.begun
    resumed = train(replace(on_files, steps=8), tmp_path, resume=True).run
    assert (resumed.config.data.split, resumed.begun) == ("hash", sides)
    assert f"{picture_folder} has folders named train, test, which data.split=hash does not heed" in caplog.messages
    assert not any("goes on" in line for line in caplog.messages)
    with pytest.raises(RequestError, match=r"data\.split is 'hash' there and 'named' here"):
        train(with_data(on_files, split="named"), tmp_path, resume=True)

    fresh = train(replace(on_files, name="fresh"), tmp_path).run
    assert fresh.config.data.split == "named"
    kept = json.loads((fresh.path / "data.json").read_text())["pictures"]
    assert [len(side) for side in kept.values()] == [20 - len(kept["val"]), len(kept["val"]), 20]
    assert all(picture["path"].startswith("test/") for picture in kept["test"])
    assert not any(picture["path"].startswith("test/") for picture in kept["train"] + kept["val"])
    assert of_run(fresh.path, "test", "last").pictures == 20


ENDLESS = ["--steps", "100000", "--evaluation.every", "50000", "--logging.every", "1", "--batch-size", "4"]
ENDLESS += ["--data.size", "32", "--generator.width", "8"]


@pytest.fixture
def running(
    request: pytest.FixtureRequest, tmp_path: Path, experiments: Path, picture_folder: Path
) -> Iterator[subprocess.Popen[str]]:
    """A real run in a process group of its own, some steps in: on avatars, or on files with two workers."""
    avatars = ["train", experiments / "l1.py", "--data.characters", "350"]
    files = ["train", experiments / "animeface.py", "--data.root", picture_folder, "--data.val-fraction", "0.2"]
    words = {"avatars": avatars, "files": [*files, "--data.test-fraction", "0.2", "--data.workers", "2"]}
    process = subprocess.Popen(
        [sys.executable, "-m", "gan", *map(str, words[request.param]), *ENDLESS, "--name", "endless"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    metrics = tmp_path / "runs" / "endless" / "seed-0" / "metrics.jsonl"
    for _ in range(600):
        if process.poll() is not None or (metrics.exists() and len(metrics.read_text().splitlines()) > 3):
            break
        time.sleep(0.1)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize(
    ("running", "number", "status"),
    [
        ("avatars", signal.SIGINT, 130),
        pytest.param("files", signal.SIGTERM, 143, marks=pytest.mark.slow),
    ],
    indirect=["running"],
)
def test_signals_to_the_group_finish_the_step_save_and_exit(
    running: subprocess.Popen[str], tmp_path: Path, number: signal.Signals, status: int
) -> None:
    """As Ctrl-C and job schedulers send them: to every process of the group."""
    os.killpg(running.pid, number)
    out, err = running.communicate(timeout=60)
    assert running.returncode == status, err
    assert "go on with --resume" in err
    assert "Traceback" not in err
    run = RunFolder(tmp_path / "runs" / "endless" / "seed-0")
    assert out.strip() == "runs/endless/seed-0"
    step = read(run.last)["step"]
    assert step == run.rows()[-1]["step"] >= 3
