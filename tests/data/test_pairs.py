"""Drawings with their pictures: both layouts, either side first, and what does not match."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from gan import seeds
from gan.config import Augment, Data, Experiment, Hints
from gan.data import sources
from gan.data.fixed import FixedPictures
from gan.data.loader import TrainingStream
from gan.errors import RequestError
from gan.ranges import to_uint8
from tests.support.pictures import random_picture

COUNT = 30


def experiment_of(root: Path, **changes: object) -> Experiment:
    data = Data(source="pairs", root=str(root), size=32, min_images=1)
    return Experiment(data=replace(data, **changes))  # type: ignore[arg-type]


def drawing(number: int) -> np.ndarray:
    """A page with a square whose place tells which picture it belongs to."""
    line = np.full((32, 32), 255, np.uint8)
    line[number : number + 2, number : number + 2] = 0
    return line


def two_folders(root: Path) -> Path:
    for side in ("line", "color"):
        (root / side / "sub").mkdir(parents=True)
    for number in range(COUNT):
        Image.fromarray(drawing(number)).save(root / "line" / "sub" / f"{number:02d}.png")
        Image.fromarray(random_picture(number, 32, 32)).save(
            root / "color" / "sub" / f"{number:02d}.webp", lossless=True
        )
    return root


def side_by_side(root: Path, *, line_first: bool) -> Path:
    root.mkdir()
    for number in range(COUNT):
        line = np.repeat(drawing(number)[:, :, None], 3, axis=2)
        halves = [line, random_picture(number, 32, 32)]
        Image.fromarray(np.concatenate(halves if line_first else halves[::-1], axis=1)).save(root / f"{number:02d}.png")
    return root


def check(experiment: Experiment) -> None:
    """Every drawing comes with its own picture, on one side each."""
    seen = set()
    for side in sources.load(experiment).sides.values():
        for index in range(len(side)):
            sample = side.samples([index], [seeds.rng(0)], training=True)[0]
            line, color = to_uint8(sample.line)[:, :, 0], to_uint8(sample.color)
            number = int(np.argmin(line)) // 32
            assert (line == drawing(number)).all()
            assert (color == random_picture(number, 32, 32)).all()
            seen.add(number)
    assert seen == set(range(COUNT))


def test_two_folders_matched_by_stem(tmp_path: Path) -> None:
    check(experiment_of(two_folders(tmp_path)))


@pytest.mark.parametrize("layout", ["line-color", "color-line"])
def test_side_by_side_either_side_first(tmp_path: Path, layout: str) -> None:
    root = side_by_side(tmp_path / "both", line_first=layout == "line-color")
    check(experiment_of(root, layout=layout))


@pytest.mark.parametrize("shape", [(32, 48), (64, 40)])
@pytest.mark.parametrize("size", [(50, 60), (90, 40), (100, 300)])
def test_a_rectangle_is_covered_and_cut_alike(tmp_path: Path, size: tuple[int, int], shape: tuple[int, int]) -> None:
    """Every drawing is the grey picture itself; it is as wide or as high as the rectangle, and its middle is shown."""
    for number in range(COUNT):
        grey = cv2.GaussianBlur(random_picture(number, *size)[:, :, :1].repeat(3, axis=2), (0, 0), 2)
        Image.fromarray(np.concatenate([grey, grey], axis=1)).save(tmp_path / f"{number:02d}.png")
    data = Data(source="pairs", root=str(tmp_path), size=shape, layout="line-color", min_images=1)
    experiment = Experiment(data=data, augment=Augment(flip=0.5, crop=0.25))
    side = sources.load(experiment).sides["train"]
    for sample, *_ in (TrainingStream(side, 0, Hints())[position] for position in range(8)):
        assert (sample.line.shape, sample.color.shape) == ((1, *shape), (3, *shape))
        assert (sample.line - sample.color).abs().max() <= 3 / 127.5
    (scored,) = FixedPictures(side, range(1), 0, Hints(), 1).at(0, closed=False)
    scale = max(shape[0] / size[0], shape[1] / size[1])
    read = np.asarray(Image.open(tmp_path / side.pictures[0].path))[:, : size[1]]  # type: ignore[attr-defined]
    whole = Image.fromarray(read).resize([round(length * scale) for length in size[::-1]], Image.Resampling.BICUBIC)
    down, across = (whole.height - shape[0]) // 2, (whole.width - shape[1]) // 2
    middle = np.asarray(whole)[down : down + shape[0], across : across + shape[1]].astype(int)
    assert np.abs(middle - to_uint8(scored.batch.color[0])).mean() < 3


def test_files_without_a_partner_are_named(tmp_path: Path) -> None:
    root = two_folders(tmp_path)
    (root / "line" / "sub" / "03.png").unlink()
    (root / "line" / "sub" / "11.png").unlink()
    with pytest.raises(RequestError, match=r"files of color without a partner: sub/03\.webp, sub/11\.webp"):
        sources.load(experiment_of(root))
    (root / "color" / "sub" / "03.webp").unlink()
    (root / "color" / "sub" / "11.webp").unlink()
    (root / "color" / "sub" / "20.webp").unlink()
    with pytest.raises(RequestError, match=r"files of line without a partner: sub/20\.png"):
        sources.load(experiment_of(root))


def test_an_unreadable_drawing_leaves_its_picture_alone(tmp_path: Path) -> None:
    root = two_folders(tmp_path)
    (root / "line" / "sub" / "04.png").write_text("broken")
    with pytest.raises(RequestError, match=r"color without a partner: sub/04\.webp"):
        sources.load(experiment_of(root))


def test_a_drawing_may_be_larger_but_not_of_another_shape(tmp_path: Path) -> None:
    root = two_folders(tmp_path)
    Image.fromarray(drawing(5)).resize((64, 64), Image.Resampling.NEAREST).save(root / "line" / "sub" / "05.png")
    check(experiment_of(root))
    Image.fromarray(drawing(5)).resize((64, 48)).save(root / "line" / "sub" / "05.png")
    with pytest.raises(RequestError, match=r"differ in aspect: sub/05\.webp"):
        sources.load(experiment_of(root))


def test_other_mistakes(tmp_path: Path) -> None:
    root = two_folders(tmp_path / "two")
    Image.fromarray(drawing(5)).save(root / "line" / "sub" / "05.webp")
    with pytest.raises(RequestError, match=r"one name for two files: sub/05\.webp, sub/05\.png"):
        sources.load(experiment_of(root))
    with pytest.raises(RequestError, match="must hold the folders line and color: there is no line"):
        sources.load(experiment_of(tmp_path))
    odd = side_by_side(tmp_path / "odd", line_first=True)
    Image.fromarray(random_picture(0, 33, 65)).save(odd / "odd.png")
    with pytest.raises(RequestError, match=r"even width: odd\.png"):
        sources.load(experiment_of(odd, layout="line-color"))
