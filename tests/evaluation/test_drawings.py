"""Fill and bleed by closed areas of drawings."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan import seeds
from gan.arrays import Pixels
from gan.config import Data, Experiment, Hints
from gan.data import sources
from gan.data.sources import FilePictures
from gan.evaluation import drawings
from gan.evaluation.run import _add_filling
from gan.hints.flood import closed_areas, fill, marks_of
from gan.hints.painted import Hint

RED, BLUE, GREEN = (200, 40, 40), (30, 60, 220), (30, 160, 60)
SIDE = 96


def rooms() -> tuple[Pixels, Pixels]:
    """Three rooms of 30 x 96 between two walls of 3 px, red, blue and green, and the drawing of the walls."""
    line, color = np.full((SIDE, SIDE), 255, np.uint8), np.zeros((SIDE, SIDE, 3), np.uint8)
    for number, fill_color in enumerate((RED, BLUE, GREEN)):
        color[:, 33 * number : 33 * number + 30] = fill_color
    line[:, 30:33] = line[:, 63:66] = 0
    return color, line


def judge(picture: Pixels, hints: list[Hint]) -> list[float]:
    color, line = rooms()
    area = closed_areas(line)
    marks = marks_of(hints, None, line.shape, area)
    return drawings.judge(picture, color, fill(line, marks, area), line, marks).tolist()


ALL = [Hint(10, 40, RED), Hint(50, 20, BLUE), Hint(80, 70, GREEN)]


def test_the_truth_fills_every_room() -> None:
    assert judge(rooms()[0], ALL) == [1, 0]


def test_a_room_half_filled_and_a_colour_that_pours() -> None:
    """Blue takes the lower half of red's room: fill 1/2, 1 and 1; bleed 0, 1/2 and 0, whose median is 0."""
    picture = rooms()[0]
    picture[SIDE // 2 :, :30] = BLUE
    assert judge(picture, ALL) == [pytest.approx((1 / 2 + 1 + 1) / 3), 0]
    assert judge(picture, [ALL[1]]) == [1, pytest.approx(1 / 2)]


def test_ink_belongs_to_no_area_and_hints_in_one_room_share_it() -> None:
    """Two reds in one room are one hint, whose area is the room; a wall painted red is outside of it."""
    picture = rooms()[0]
    picture[:, 30:33] = RED
    twice = [Hint(5, 20, RED), Hint(20, 70, RED)]
    assert judge(picture, twice) == [1, pytest.approx(3 / 30)]
    both = judge(rooms()[0], [Hint(5, 10, RED), Hint(5, 86, BLUE)])
    assert both[0] == pytest.approx(1 / 2, abs=0.02)  # the room is red, and blue was told half of it


def test_points_have_true_colours_and_are_nested() -> None:
    color, line = rooms()
    five, two = (drawings.points(color, line, seeds.rng(3), count) for count in (5, 2))
    assert five[:2] == two
    assert all(hint.color == tuple(color[int(hint.y), int(hint.x)]) for hint in five)
    assert all(line[int(hint.y), int(hint.x)] == 255 for hint in drawings.points(color, line, seeds.rng(3), 400))
    assert drawings.points(color, np.zeros_like(line), seeds.rng(3), 5) == []


@pytest.fixture
def paired(tmp_path: Path) -> FilePictures:
    """Pairs side by side, 96 px each, which are trained on at 32 px."""
    for number in range(24):
        color, line = rooms()
        line[number, 0] = 254  # no two files are the same
        both = np.concatenate([np.repeat(line[:, :, None], 3, axis=2), color], axis=1)
        Image.fromarray(both).save(tmp_path / f"{number:02d}.png")
    data = Data(source="pairs", root=str(tmp_path), layout="line-color", size=32)
    side = sources.load(Experiment(data=data, hints=Hints(kind="points"))).sides["train"]
    assert isinstance(side, FilePictures)
    return side


def test_files_are_measured_at_their_own_size(paired: FilePictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "MOST_PICTURES", 4)
    color, line = paired.large(0, seeds.rng(0), 1024)
    assert color.shape == (SIDE, SIDE, 3)
    assert (color == rooms()[0]).all()
    assert paired.large(0, seeds.rng(0), 48)[1].shape == (48, 48)
    seen: list[int] = []

    def truth(drawing: Pixels, hints: object) -> Pixels:
        seen.append(len(list(hints)))  # type: ignore[call-overload]
        assert drawing.shape == line.shape
        return rooms()[0]

    measured = drawings.measure(paired, 0, 5, truth)
    assert measured["fake"]["fill"] == pytest.approx(1, abs=1e-4)
    assert measured["fake"]["bleed"] == 0
    assert seen == [5] * 4
    assert 0 < measured["watershed"]["fill"] <= 1
    white = drawings.measure(paired, 0, 1, lambda drawing, _: np.full((*drawing.shape, 3), 255, np.uint8))
    assert white["fake"] == {"fill": 0, "bleed": 0}
    # one hint pours over all three rooms, of which two are not of its colour, and the walls stay black
    assert white["watershed"] == {"fill": pytest.approx(1), "bleed": pytest.approx(2, abs=0.02)}


def test_an_evaluation_has_them_where_there_are_hints(
    paired: FilePictures, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(drawings, "MOST_PICTURES", 2)
    curve: dict[int, dict[str, float]] = {0: {"mae": 0.3}, 2: {"mae": 0.2}}
    closed: dict[int, dict[str, dict[str, float]]] = {0: {}, 2: {"watershed": {"mae": 0.1}}}
    hinted = Experiment(name="points", data=Data(source="folder", root="x", line="canny"), hints=Hints(kind="points"))
    _add_filling(curve, closed, paired, hinted, lambda drawing, hints: rooms()[0])
    assert curve == {0: {"mae": 0.3}, 2: {"mae": 0.2, "fill": pytest.approx(1, abs=1e-4), "bleed": 0}}
    assert closed[0] == {}
    assert set(closed[2]["watershed"]) == {"mae", "fill", "bleed"}
    with caplog.at_level("INFO"):
        _add_filling(curve, closed, paired, Experiment(name="l1"), lambda drawing, hints: rooms()[0])
    assert caplog.messages == ["fill and bleed are not measured: l1 was trained without hints"]
