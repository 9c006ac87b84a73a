"""Drawings with their pictures: both layouts, either side first, published sides, and what makes no pair."""

import shutil
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
from tests.support.profiles import DISPLAY_P3, SRGB_CURVE, of_matrix

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


def skipped(root: Path, **changes: object) -> dict[str, str]:
    """Why what is skipped is skipped; all other pairs are whole."""
    summary = sources.load(experiment_of(root, **changes)).summary
    used = sum(len(side) for side in summary["pictures"].values())
    kept: dict[str, str] = summary["skipped"]
    stems = {Path(path).stem for path in kept}
    assert used == COUNT - len(stems & {f"{number:02d}" for number in range(COUNT)})
    return kept


def test_one_bad_pair_is_skipped_and_named(tmp_path: Path) -> None:
    """The fault under its own folder's name, the partner as what it is; everything else trains."""
    root = two_folders(tmp_path)
    (root / "line" / "sub" / "03.png").unlink()
    (root / "color" / "sub" / "11.webp").unlink()
    (root / "line" / "sub" / "04.png").write_text("broken")
    Image.fromarray(drawing(5)).save(root / "line" / "sub" / "05.webp")
    Image.fromarray(drawing(6)).resize((64, 48)).save(root / "line" / "sub" / "06.png")
    Image.fromarray(drawing(7)).resize((16, 16)).save(root / "line" / "sub" / "07.png")
    crooked, twice = "drawing and picture differ in aspect", "one name for two files: line/sub/05.png, line/sub/05.webp"
    assert skipped(root) == {
        "line/sub/04.png": "not a JPEG, PNG, WebP, TIFF or BMP picture",
        "line/sub/07.png": "16x16 is smaller than data.min_side (32)",
        "line/sub/05.png": twice,
        "line/sub/05.webp": twice,
        "line/sub/06.png": f"{crooked}: 64x48 and 32x32",
        "line/sub/11.png": "without a partner in color",
        "color/sub/03.webp": "without a partner in line",
        "color/sub/04.webp": "its partner in line is skipped",
        "color/sub/05.webp": twice,
        "color/sub/06.webp": f"{crooked}: 32x32 and 64x48",
        "color/sub/07.webp": "its partner in line is skipped",
    }
    (line,) = sources.load(experiment_of(root)).notes
    assert "11 skipped (line/sub/04.png: not a JPEG, PNG, WebP, TIFF or BMP picture; " in line
    with pytest.raises(RequestError, match=r"has 24 usable pictures and data\.min_images is 25; 11 skipped \(line/"):
        sources.load(experiment_of(root, min_images=25))
    assert len(sources.load(experiment_of(root, min_images=24)).sides) == 3


def test_side_by_side_one_bad_file_is_skipped_and_named(tmp_path: Path) -> None:
    root = side_by_side(tmp_path / "both", line_first=True)
    Image.fromarray(random_picture(0, 33, 65)).save(root / "odd.png")
    (root / "12.png").write_text("broken")
    assert skipped(root, layout="line-color") == {
        "12.png": "not a JPEG, PNG, WebP, TIFF or BMP picture",
        "odd.png": "its width (65) is odd, and two pictures lie side by side in it",
    }


@pytest.mark.parametrize("above", [True, False])
def test_published_sides_above_or_below_line_and_color(tmp_path: Path, above: bool) -> None:
    two_folders(tmp_path / "flat")
    names = ["Test", "train", "train", "val"]
    for number in range(COUNT):
        for part, suffix in (("line", "png"), ("color", "webp")):
            side = names[number % 4]
            home = tmp_path / "root" / (f"{side}/{part}/deep" if above else f"{part}/{side}")
            home.mkdir(parents=True, exist_ok=True)
            shutil.move(tmp_path / "flat" / part / "sub" / f"{number:02d}.{suffix}", home)
    experiment = experiment_of(tmp_path / "root")
    check(experiment)
    loaded = sources.load(experiment)
    assert loaded.split == "named"
    for split, places in {"train": (1, 2), "val": (3,), "test": (0,)}.items():
        stems = [Path(picture["path"]).stem for picture in loaded.summary["pictures"][split]]
        assert stems == [f"{number:02d}" for number in range(COUNT) if number % 4 in places]
    by_content = sources.load(replace(experiment, data=replace(experiment.data, split="hash")))
    assert sum(len(side) for side in by_content.sides.values()) == COUNT
    assert "which data.split=hash does not heed" in by_content.notes[0]
    if above:  # a side whose drawings are not published
        shutil.rmtree(tmp_path / "root" / "Test" / "line")
        left = sources.load(experiment)
        assert set(left.summary["skipped"].values()) == {"without a partner in line"}
        assert {path.split("/")[0] for path in left.summary["skipped"]} == {"Test"}


def test_facades_side_by_side_is_taken_as_it_was_published(tmp_path: Path) -> None:
    """The layout of pix2pix: facades/{train,val,test}/N.jpg."""
    side_by_side(tmp_path / "both", line_first=False)
    for number in range(COUNT):
        home = tmp_path / "root" / "facades" / ["train", "val", "test"][number % 3]
        home.mkdir(parents=True, exist_ok=True)
        shutil.move(tmp_path / "both" / f"{number:02d}.png", home)
    experiment = experiment_of(tmp_path / "root", layout="color-line")
    check(experiment)
    for split, pictures in sources.load(experiment).summary["pictures"].items():
        assert len(pictures) == COUNT // 3
        assert all(picture["path"].startswith(f"facades/{split}/") for picture in pictures)


def test_what_is_converted_and_left_out_is_counted_in_both_folders(tmp_path: Path) -> None:
    root = two_folders(tmp_path)
    profile = of_matrix(DISPLAY_P3, SRGB_CURVE)
    Image.fromarray(random_picture(3, 32, 32)).save(root / "color" / "sub" / "03.webp", icc_profile=profile)
    for side in ("line", "color"):
        (root / side / "@eaDir").mkdir()
        Image.fromarray(drawing(1)).save(root / side / "@eaDir" / "01.png")
    data = sources.load(experiment_of(root))
    assert (data.summary["converted"], data.summary["left_out"]) == (1, {"@eaDir": 2})
    assert sum(map(len, data.sides.values())) == COUNT
    assert any("1 pictures converted to sRGB" in note for note in data.notes)


def test_a_drawing_may_be_larger(tmp_path: Path) -> None:
    root = two_folders(tmp_path)
    Image.fromarray(drawing(5)).resize((64, 64), Image.Resampling.NEAREST).save(root / "line" / "sub" / "05.png")
    check(experiment_of(root))


def test_no_folders_of_pairs(tmp_path: Path) -> None:
    (tmp_path / "train" / "line").mkdir(parents=True)
    with pytest.raises(RequestError, match="must hold the folders line and color: there is no line and no color"):
        sources.load(experiment_of(tmp_path))
    (tmp_path / "color").mkdir()
    with pytest.raises(RequestError, match=r"must hold the folders line and color: there is no line$"):
        sources.load(experiment_of(tmp_path))
    (tmp_path / "line").mkdir()
    with pytest.raises(RequestError, match=r"has 0 usable pictures and data\.min_images is 1; nothing else is in it"):
        sources.load(experiment_of(tmp_path))
