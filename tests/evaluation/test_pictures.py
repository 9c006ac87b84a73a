"""Some pictures of an evaluation one by one: the kept numbers and pixels are those of the network's answers."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from gan.config import Experiment, Hints
from gan.data import sources
from gan.data.fixed import FixedPictures
from gan.evaluation.hinted import score_with_hints
from gan.evaluation.pictures import LEAST, MOST, Kept, most_of
from gan.evaluation.run import keep, of_run
from gan.grid import show_hint
from gan.ranges import to_uint8
from gan.runs.folder import RunFolder
from gan.training.loop import train

CPU = torch.device("cpu")


class Tinted(nn.Module):
    """Answers every drawing with itself, a quarter nearer to orange."""

    def forward(self, condition: Tensor) -> Tensor:
        orange = torch.tensor([1.0, 0.0, -1.0])[:, None, None]
        return 0.75 * condition[:, :1] + 0.25 * orange


def kept_of(experiment: Experiment, count: int, size: int) -> tuple[Kept, FixedPictures, dict[str, float]]:
    pictures = sources.load(experiment).sides["test"]
    fixed = FixedPictures(pictures, range(1, len(pictures)), experiment.seed, experiment.hints, size)
    kept = Kept(fixed, count)
    means = score_with_hints(Tinted(), fixed, count, None, CPU, closed=False, effects=False, kept=kept)
    return kept, fixed, means


@pytest.mark.parametrize(("hints", "count", "size"), [("none", 0, 32), ("regions", 2, 7)])
def test_each_kept_picture_is_its_own(tiny: Experiment, tmp_path: Path, hints: str, count: int, size: int) -> None:
    experiment = replace(tiny, hints=Hints(kind=hints))  # type: ignore[arg-type]
    kept, fixed, _ = kept_of(experiment, count, size)
    kept.save(RunFolder(tmp_path), "test", step=5)
    name = "pictures-test-2" if count else "pictures-test"
    index = json.loads((tmp_path / f"{name}.json").read_text())
    sheet = np.asarray(Image.open(tmp_path / f"{name}.png"))
    assert len(fixed) == 69
    assert (index["step"], index["hints"], index["of"], index["shape"]) == (5, count, 69, [32, 32])
    assert len(index["keys"]) == len(index["truths"]) == MOST
    columns = ["line", "hint", "fake", "color"] if count else ["line", "fake", "color"]
    assert index["columns"] == columns
    assert sheet.shape == (48 * 32, len(columns) * 32, 3)
    every = [scored.batch for scored in fixed.at(count, closed=False)]
    line, hint, color = (torch.cat([getattr(batch, part) for batch in every]) for part in ("line", "hint", "color"))
    for row, place in enumerate(kept.places):
        assert index["keys"][row] == fixed.pictures.key(1 + place)
        (fake,) = Tinted()(line[place][None])
        shown = {"line": line[place].expand(3, -1, -1), "fake": fake, "color": color[place]}
        if count:
            shown["hint"] = show_hint(line[place][None], hint[place][None])[0]
        for column, here in enumerate(columns):
            cell = sheet[row * 32 : row * 32 + 32, column * 32 : column * 32 + 32]
            assert np.array_equal(cell, to_uint8(shown[here])), (row, here)
        error = (fake.clamp(-1, 1) - color[place]).abs().mean() / 2
        assert index["metrics"]["mae"][row] == pytest.approx(float(error), rel=1e-4)
    assert len(set(index["metrics"]["psnr"])) > 40
    assert {"mae", "mae_scored", "psnr", "ssim", "ciede2000"} <= set(index["metrics"])


def test_their_mean_is_that_of_the_score_where_all_are_kept(tiny: Experiment) -> None:
    pictures = sources.load(tiny).sides["val"]
    fixed = FixedPictures(pictures, range(len(pictures)), 0, tiny.hints, 8)
    kept = Kept(fixed, 0)
    means = score_with_hints(Tinted(), fixed, 0, None, CPU, closed=False, effects=False, kept=kept)
    assert [*kept.places] == [*range(35)]
    for name in ("mae", "mae_scored", "psnr", "ssim", "saturated"):
        assert np.mean([value for value in kept.metrics[name] if value is not None]) == pytest.approx(means[name]), name


def test_a_truth_is_known_by_its_colours(tiny: Experiment) -> None:
    one, again, other = (kept_of(replace(tiny, seed=seed), 0, size)[0] for seed, size in ((0, 32), (0, 5), (1, 32)))
    assert one.truths == again.truths
    assert not set(one.truths) & set(other.truths)


def test_of_large_pictures_fewer_are_kept() -> None:
    assert [most_of(side, side) for side in (32, 256, 512, 2048)] == [MOST, MOST, MOST // 4, LEAST]
    assert most_of(256, 512) == MOST // 2


@pytest.mark.slow
def test_training_keeps_them_at_its_last_step(tiny: Experiment, tmp_path: Path) -> None:
    experiment = replace(tiny, hints=Hints(kind="regions", counts=(1, 2)))
    run = train(experiment, tmp_path, resume=False).run
    (last,) = [row for row in run.rows() if row["step"] == 6]
    for name, prefix in (("pictures-val", "val/"), ("pictures-val-2", "val_hints/2/")):
        index = json.loads((run.path / f"{name}.json").read_text())
        assert (index["step"], index["split"], index["of"]) == (6, "val", 35)
        assert np.mean(index["metrics"]["mae"]) == pytest.approx(last[f"{prefix}mae"], rel=1e-4)
    assert sorted(path.name for path in run.path.glob("pictures-*.png")) == ["pictures-val-2.png", "pictures-val.png"]


@pytest.mark.slow
def test_an_evaluation_keeps_those_of_its_side_and_weights(tiny: Experiment, tmp_path: Path) -> None:
    run = train(tiny, tmp_path, resume=False).run
    evaluation = of_run(run.path, "test", "best")
    keep(evaluation)
    index = json.loads((run.path / "pictures-test-best.json").read_text())
    assert index["title"] == evaluation.title
    assert index["of"] == 70
    assert len(index["metrics"]["mae"]) == MOST
    assert not (run.path / "hints-test-best.json").exists()
    (run.path / "pictures-val.json").unlink()
    (run.path / "pictures-val.json").mkdir()
    keep(of_run(run.path, "val", "last"))  # a place that cannot be written to is no error


def test_only_the_last_step_keeps_any(tiny: Experiment, tmp_path: Path) -> None:
    class Full(Exception):
        pass

    def stop(self: Kept, *_: object, **__: object) -> None:
        raise Full

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kept, "save", stop)
        with pytest.raises(Full):
            train(tiny, tmp_path, resume=False)
    rows = RunFolder(tmp_path / "tiny" / "seed-0").rows()
    assert [row["step"] for row in rows if "val/mae" in row] == [1, 2, 3, 4, 5]
