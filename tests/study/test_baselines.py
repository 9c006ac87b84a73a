"""The best constant pictures, against numpy."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.config import Data, Evaluation, Experiment
from gan.data import sources
from gan.study import Study, cell
from gan.study.baselines import constant_pictures, measure
from gan.study.runs import runs_of


def test_median_and_mean_of_a_folder(picture_folder: Path, tmp_path: Path) -> None:
    data = Data(source="folder", root=str(picture_folder), line="canny", size=32)
    experiment = Experiment(name="l1", data=data, evaluation=Evaluation(grid=2))
    train = sources.load(experiment).sides["train"]
    paths = [picture_folder / picture.path for picture in train.pictures]  # type: ignore[attr-defined]
    small = [np.asarray(Image.open(path)) for path in paths]
    constants = constant_pictures(train)
    assert {name: tuple(picture.shape) for name, picture in constants.items()} == {
        "median picture": (3, 32, 32),
        "mean picture": (3, 32, 32),
    }
    grey = np.stack([picture.mean(axis=(0, 1)) for picture in small]).mean(axis=0) / 255
    mean = ((constants["mean picture"] + 1) / 2).mean(dim=(1, 2)).numpy()
    np.testing.assert_allclose(mean, grey, atol=0.08)  # the middle of a picture is not quite the whole

    study = Study("s", (1,), (cell(experiment),))
    scored = measure(study, runs_of(study, tmp_path))
    assert scored["median picture"]["mae"] <= scored["mean picture"]["mae"] + 0.02
    assert scored["mean picture"]["psnr"] >= scored["median picture"]["psnr"] - 0.5
    for row in scored.values():
        assert row["sepia_index"] == pytest.approx(1, abs=0.03)  # one tint everywhere, but for which pixels are ink


def test_where_the_closed_forms_are_known_there_are_none(tmp_path: Path) -> None:
    study = Study("s", (1,), (cell(Experiment(name="l1")),))
    assert measure(study, runs_of(study, tmp_path)) == {}
