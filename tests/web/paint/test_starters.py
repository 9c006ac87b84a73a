"""What a person can begin with."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan.config import Data, Experiment
from gan.data.batch import Batch
from gan.data.picture import read_rgb
from gan.data.render import hair_variants, render_line
from gan.grid import sample_grid
from gan.web.paint import starters
from gan.web.paint.models import Model
from gan.web.paths import STATIC
from gan.web.refused import Refused
from tests.support.painters import HINTED

PICTURES = replace(
    HINTED, name="mine", hints=replace(HINTED.hints, kind="points"), data=Data(source="folder", root="x", line="canny")
)


def with_grid(folder: Path, experiment: Experiment = PICTURES) -> tuple[Model, Batch]:
    """A run with a sample grid of three drawings, and the batch in it."""
    height, width = experiment.data.shape
    random = torch.Generator().manual_seed(0)
    line = (torch.rand(3, 1, height, width, generator=random) > 0.2).float() * 2 - 1
    color = torch.ones(3, 3, height, width) * torch.tensor([0.8, -0.4, -0.8])[None, :, None, None]
    color[:, :, : height // 2] = torch.tensor([-0.6, -0.2, 0.6])[None, :, None, None]
    batch = Batch(line, torch.zeros(3, 4, height, width), color, None)
    samples = folder / "samples"
    samples.mkdir(parents=True)
    Image.fromarray(sample_grid(batch, -color)).save(samples / "000200.png")
    (samples / "000100.png").write_bytes(b"an older one")
    (samples / "000900-train.png").write_bytes(b"of training pictures")
    (samples / "mine.png").write_bytes(b"a person's own")
    return Model("mine/seed-0", folder, experiment, 0, 0.0), batch


def test_the_avatars_palette_is_known(tmp_path: Path) -> None:
    palette = starters.palette(Model("a", tmp_path, HINTED, 0, 0.0))
    assert [(group["name"], len(group["colors"])) for group in palette] == [("hair and background", 7), ("skin", 5)]
    assert palette[0]["colors"][3] == "#c23b3b"


@pytest.mark.parametrize("size", [64, 128, 160, (64, 96)])
def test_a_persons_palette_is_that_of_the_truth_in_the_grid(tmp_path: Path, size: int | tuple[int, int]) -> None:
    model, _ = with_grid(tmp_path, replace(PICTURES, data=replace(PICTURES.data, size=size)))
    (group,) = starters.palette(model)
    assert len(group["colors"]) == 2
    for found, expected in zip(sorted(group["colors"]), ("#3366cc", "#e64c1a"), strict=True):
        channels = zip(bytes.fromhex(found[1:]), bytes.fromhex(expected[1:]), strict=True)
        assert max(abs(left - right) for left, right in channels) <= 2


def test_a_runs_drawings_are_those_of_its_grid_at_their_own_size(tmp_path: Path) -> None:
    model, batch = with_grid(tmp_path)
    assert starters.drawings(model) == 3
    for row in range(3):
        drawing = starters.drawing(model, row)
        assert drawing.shape == (64, 64, 3)
        assert np.array_equal(drawing[:, :, 0], (batch.line[row, 0] > 0).numpy() * 255)
    with pytest.raises(Refused, match="the run has 3 drawings, and none of number 3"):
        starters.drawing(model, 3)


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_without_a_usable_grid_there_is_nothing_to_begin_with(tmp_path: Path, content: bytes) -> None:
    model = Model("mine/seed-0", tmp_path, PICTURES, 0, 0.0)
    assert (starters.palette(model), starters.drawings(model), starters.characters(model)) == ([], 0, [])
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "000100.png").write_bytes(content)
    assert (starters.palette(model), starters.drawings(model)) == ([], 0)
    Image.new("RGB", (300, 300)).save(tmp_path / "samples" / "000200.png")  # of another layout
    assert (starters.palette(model), starters.drawings(model)) == ([], 0)


def test_the_characters_are_what_they_say_they_are() -> None:
    """Files, for rendering takes seconds: the same drawings as the data set's, of seeds that it has not."""
    assert len(list((STATIC / "paint" / "characters").iterdir())) == len(starters.CHARACTERS)
    for number, (seed, hair) in enumerate(starters.CHARACTERS, 1):
        kept = read_rgb(STATIC / "paint" / "characters" / f"{number}.png", 10**6)
        drawn = render_line(seed, hair_variants()[hair], starters.CHARACTER_SIZE)
        assert np.abs(kept.astype(int) - drawn).mean() < 1
