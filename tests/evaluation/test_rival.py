"""The watershed of the hints as a rival."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from gan.config import Data, Experiment, Hints
from gan.data import sources
from gan.data.batch import Batch
from gan.data.fixed import FixedPictures
from gan.evaluation import rival
from gan.evaluation.hinted import score_with_hints
from gan.evaluation.score import Score
from gan.ranges import from_uint8
from tests.support.experiments import SMALL

CPU = torch.device("cpu")
RED, BLUE = (200, 40, 40), (30, 60, 220)


def two_rooms() -> tuple[np.ndarray, np.ndarray]:
    """A wall of 2 px in the middle of 24 x 24, and a hint on either side of it."""
    line = np.full((24, 24), 255, np.uint8)
    line[:, 11:13] = 0
    hint = np.zeros((4, 24, 24), np.float32)
    for column, color in ((3, RED), (20, BLUE)):
        hint[:3, 5:7, column] = np.array(color)[:, None] / 127.5 - 1
        hint[3, 5:7, column] = 1
    return line, hint


def test_hints_fill_their_rooms() -> None:
    line, hint = two_rooms()
    picture = rival.watershed(line, hint, inked=True)
    assert (picture[:, :11] == RED).all()
    assert (picture[:, 13:] == BLUE).all()
    assert (picture[:, 11:13] == 0).all()


def test_no_ink_on_pictures_that_have_none() -> None:
    line, hint = two_rooms()
    picture = rival.watershed(line, hint, inked=False)
    assert {tuple(color) for color in picture.reshape(-1, 3)} == {RED, BLUE}
    assert (picture[:, :11] == RED).all()


def test_without_hints_it_is_the_drawing() -> None:
    line, hint = two_rooms()
    assert (rival.watershed(line, 0 * hint, inked=True) == line[:, :, None]).all()
    assert (rival.watershed(line, 0 * hint, inked=False) == 255).all()


@pytest.mark.parametrize(("data", "inked"), [(Data(), True), (Data(source="folder", root="x", line="canny"), False)])
def test_it_is_made_of_a_batch(data: Data, *, inked: bool) -> None:
    line, hint = two_rooms()
    drawing, hints = from_uint8(line)[None], torch.from_numpy(hint)[None]
    batch = Batch(drawing.repeat(2, 1, 1, 1), torch.cat([hints, 0 * hints]), torch.zeros(2, 3, 24, 24), None)
    picture = rival.of(Experiment(data=data))(batch)
    for made, given in zip(picture, (hint, 0 * hint), strict=True):
        torch.testing.assert_close(made, from_uint8(rival.watershed(line, given, inked=inked)))


class Grey(nn.Module):
    """Ignores its hints."""

    def forward(self, condition: Tensor) -> Tensor:
        return torch.zeros_like(condition[:, :3])


def test_it_is_scored_beside_the_closed_forms() -> None:
    """With all regions hinted it is nearly right on the avatars, though OpenCV's watershed is all that it has."""
    experiment = Experiment(data=replace(SMALL, size=64), hints=Hints(kind="regions"))
    pictures = sources.load(experiment).sides["val"]
    fixed = FixedPictures(pictures, range(12), 0, experiment.hints, 5)
    results = {}
    for count in (0, 3):
        scores: dict[str, Score] = {}
        made = rival.of(experiment)
        score_with_hints(Grey(), fixed, count, None, CPU, closed=True, effects=False, scores=scores, rival=made)
        results[count] = {name: score.result() for name, score in scores.items()}
    assert set(results[0]) == {"fake", "median", "mean", "sampler"}
    assert set(results[3]) == {"fake", "median", "mean", "sampler", "watershed"}
    watershed = results[3]["watershed"]
    assert 0.8 < watershed["fill"] < 1
    assert watershed["mae"] < 0.05 < results[3]["fake"]["mae"]
