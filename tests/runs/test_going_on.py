"""Pictures that go away, move or are replaced, while a run trains and before it goes on."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from gan.config import Data, Evaluation, Experiment, Hints
from gan.errors import RequestError
from gan.evaluation.run import of_run
from gan.runs.folder import RunFolder
from gan.training import loop, trainer
from tests.support.experiments import with_data
from tests.support.pictures import random_picture
from tests.support.trained import stopped_at_three, train, weights


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
    assert stopped_at_three(on_files, tmp_path / "b") == 3
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
    assert stopped_at_three(on_files, tmp_path) == 3
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
