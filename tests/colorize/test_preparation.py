"""A new drawing reaches the network as the drawings of its run did, and dark paper is never laid on colours."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from gan import seeds
from gan.arrays import Pixels
from gan.cli.main import main
from gan.colorize.colorizer import Colorizer
from gan.colorize.drawing import clean, luminance, on_paper
from gan.colorize.preparation import Preparation
from gan.config import Data, Evaluation, Experiment, Generator, Optimizer
from gan.config.data import Line
from gan.data import folder, lines, sources
from gan.data.readers import FolderReader
from gan.errors import RequestError
from gan.ranges import from_uint8
from gan.training import loop
from tests.support.command import Gan
from tests.support.drawings import figure, on, sketch
from tests.support.painters import save_run

CPU = torch.device("cpu")
GREEN = (60, 180, 90)
PAIRS = Data(source="pairs", root="x", size=32, min_images=1)
PAPERS = {
    "grey": ((90, 90, 90), (170, 170, 170)),
    "black": ((255, 255, 255), (0, 0, 0)),
    "label map": ((0, 0, 170), (0, 170, 255)),
}


class Green(nn.Module):
    """Answers in green, and keeps what it is given."""

    def forward(self, condition: Tensor) -> Tensor:
        self.line = condition[:, :1]
        color = from_uint8(np.array([[GREEN]], np.uint8))
        return color[None].expand(len(condition), 3, *condition.shape[2:])


def pairs_below(root: Path, paper: str, count: int = 24) -> Path:
    """Squares at random places, green inside, drawn on a paper."""
    for side in ("line", "color"):
        (root / side).mkdir(parents=True)
    for number in range(count):
        page = np.full((96, 64), 255, np.uint8)
        top, left = np.random.default_rng(number).integers(8, 20, 2)
        color = on(page, (0, 0, 0), (236, 241, 206))
        color[top : top + 36, left : left + 36] = GREEN
        page[top : top + 36, left : left + 36] = 0
        page[top + 2 : top + 34, left + 2 : left + 34] = 255
        line = on(page, *PAPERS[paper]) if paper in PAPERS else on(page, (0, 0, 0), (255, 255, 255))
        for side, picture in (("line", line), ("color", color)):
            Image.fromarray(picture).save(root / side / f"{number:03d}.png")
    return root


def trained(root: Path, out: Path, steps: int) -> Path:
    experiment = Experiment(
        name="pairs",
        steps=steps,
        batch_size=8,
        data=replace(PAIRS, root=str(root), val_fraction=0.2, workers=0),
        generator=Generator(width=8),
        optimizer=Optimizer(lr=2e-3),
        evaluation=Evaluation(pictures=2, grid=1),
    )
    return loop.train(experiment, out, resume=False).run.path


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("size", [32, 200])
def test_dark_paper_is_not_laid_on_the_colours(paper: str, size: int) -> None:
    drawing = on(sketch(size), *PAPERS[paper])
    colored = Colorizer(Green(), Experiment(data=PAIRS), CPU, on_white=False).color(drawing)
    assert colored.shape == drawing.shape
    assert (colored == GREEN).all()


def test_ink_on_white_is_laid_on_the_colours_of_pairs() -> None:
    """As it is, to the pixel: pale pencil stays pale, where cleaning would make it black."""
    pale = on(sketch(200, 5), (150, 150, 150), (255, 255, 255))
    green = Green()
    colored = Colorizer(green, Experiment(data=PAIRS), CPU).color(pale)
    assert (colored[pale[:, :, 0] == 255] >= np.array(GREEN) - 1).all()
    expected = from_uint8(lines.given(pale, 32, 32))
    assert torch.equal(green.line[0], expected)
    assert clean(pale).min() < 10 < 140 < Preparation(PAIRS)(pale).line.min()


def test_paper_that_a_run_on_white_does_not_know_is_cleaned() -> None:
    grey = on(sketch(200, 5), *PAPERS["grey"])
    assert np.array_equal(Preparation(PAIRS)(grey).line, clean(grey))
    taken = Preparation(PAIRS)(grey, raw=True)
    assert np.array_equal(taken.line, grey[:, :, 0])
    assert taken.bare


def test_transparency_lies_on_white_as_in_the_pictures_of_a_training() -> None:
    strokes = np.dstack([np.full((64, 64, 3), 255, np.uint8), 255 - sketch(64)])
    assert (Preparation(PAIRS, on_white=False)(strokes).line == 255).all()
    assert on_paper(strokes).min() == 0


@pytest.mark.parametrize("paper", ["white", *PAPERS])
def test_what_a_network_is_given_is_what_training_gave_it(paper: str, tmp_path: Path) -> None:
    """Bit by bit, of every drawing of a set, also of those that training makes smaller."""
    root = pairs_below(tmp_path, paper)
    data = replace(PAIRS, root=str(root), size=(48, 32))
    loaded = sources.load(Experiment(data=data))
    on_white = loaded.summary["ink_on_white"]
    assert on_white == (1.0 if paper == "white" else 0.0)
    green = Green()
    colorizer = Colorizer(green, Experiment(data=data, generator=Generator(depth=4)), CPU, on_white=on_white == 1)
    side = loaded.sides["train"]
    assert isinstance(side, sources.FilePictures)
    for index, picture in enumerate(side.pictures):
        (sample,) = side.samples([index], [seeds.rng(0)], training=False)
        colorizer.color(np.asarray(Image.open(root / "line" / Path(picture.path).name)))
        assert torch.equal(green.line[0], sample.line)


@pytest.mark.slow
def test_a_run_trained_on_grey_paper_colours_a_new_drawing(tmp_path: Path) -> None:
    """As in its samples: cleaned and multiplied, the paper of its colours came out everywhere."""
    root = pairs_below(tmp_path / "data", "grey")
    run = trained(root, tmp_path / "runs", 100)
    new = np.asarray(Image.open(pairs_below(tmp_path / "new", "grey", 30) / "line" / "029.png"))
    truth = np.asarray(Image.open(tmp_path / "new" / "color" / "029.png")).astype(int)
    inside = (truth == GREEN).all(axis=2)
    for change in ("", "older", "without its data"):
        path = run / "data.json"
        if change:
            path.write_text(json.dumps({k: v for k, v in json.loads(path.read_text()).items() if k != "ink_on_white"}))
        if change == "without its data":
            root.rename(tmp_path / "moved")
        colorizer = Colorizer.load(run)
        assert colorizer.on_white == (change == "without its data")
        away = np.abs(colorizer.color(new).astype(int) - truth).max(axis=2)
        assert (np.median(away[inside]) < 40) == (not colorizer.on_white), change


@pytest.fixture
def photo() -> Pixels:
    """A mosaic of soft patches, (96, 64, 3), that cleaning empties."""
    patches = np.random.default_rng(0).integers(30, 226, (18, 12, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(patches, (64, 96)), np.uint8)


@pytest.mark.parametrize("line", ["canny", "canny_auto", "xdog", "adaptive"])
def test_the_lines_of_a_picture_are_drawn_as_in_training(line: Line, photo: Pixels, tmp_path: Path) -> None:
    """Bit by bit, by itself; laid on the colours are those that are drawn at the picture's own size."""
    Image.fromarray(photo).save(tmp_path / "0.png")
    data = Data(source="folder", root=str(tmp_path), line=line, size=(48, 32), min_images=1)
    (picture,) = folder.scan(data).pictures
    _, expected = FolderReader(tmp_path, data)(picture, data.shape, seeds.rng(0))
    green = Green()
    colored = Colorizer(green, Experiment(data=data, generator=Generator(depth=4)), CPU).color(photo)
    assert torch.equal(green.line[0], from_uint8(expected))
    own = lines.extract(photo, data, seeds.rng(0))
    assert expected.min() < 100
    assert (colored[own == 255] == GREEN).all()
    assert (colored[own == 0] == 0).all()
    assert lines.ink_share(clean(photo)) < 0.001  # what was coloured instead


def test_only_pictures_that_are_plainly_coloured_are_taken_for_such(photo: Pixels) -> None:
    data = Data(source="folder", root="x", line="canny")
    cream, brown = (250, 240, 225), (110, 60, 20)
    drawings = [on(sketch(200, width), ink, cream) for width in (2, 6) for ink in (brown, (200, 30, 30), (60, 90, 220))]
    light = np.linspace(1, 0.6, 200)[:, None, None]
    drawings += [(on(sketch(200), (40, 30, 30), paper) * light).astype(np.uint8) for paper in (cream, (200, 165, 120))]
    drawings += [on(sketch(200), *PAPERS["grey"]), on(sketch(200), (255, 255, 255), (30, 60, 40))]
    for drawing in drawings:
        assert np.array_equal(Preparation(data)(drawing).line, clean(drawing))
    prepared = Preparation(data)
    assert prepared(photo).drawn == prepared(photo, from_picture=True).drawn == "canny, as in training"
    assert prepared(photo, from_picture=False).is_empty
    assert prepared(photo, raw=True).drawn == ""
    grey = np.repeat(luminance(photo)[:, :, None], 3, axis=2)
    assert prepared(grey).drawn == ""
    assert prepared(grey, from_picture=True).drawn
    for source in (Data(), PAIRS):
        assert Preparation(source)(photo).drawn == ""
        with pytest.raises(RequestError, match="--from-picture needs a run whose lines were extracted"):
            Preparation(source)(photo, from_picture=True)


def test_of_mixed_extractors_one_is_chosen_and_named(photo: Pixels) -> None:
    mixed = Preparation(Data(source="folder", root="x", line="mix"))(photo)
    assert mixed.note == "taken for a picture: its lines are drawn by xdog, one of those that data.line=mix drew from"
    assert np.array_equal(mixed.at(48, 32, 1.0), lines.xdog(lines.resized(photo, 48, 32)))


@pytest.mark.slow
def test_a_picture_by_the_command(
    photo: Pixels, tmp_path: Path, gan: Gan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    experiment = Experiment(data=Data(source="folder", root="x", line="canny", size=32), generator=Generator(width=8))
    run, given = (
        save_run(experiment, tmp_path / "run"),
        save_run(Experiment(generator=Generator(width=8)), tmp_path / "l"),
    )
    grey = np.repeat(luminance(photo)[:, :, None], 3, axis=2)
    for name, picture in (("photo", photo), ("grey", grey), ("page", sketch(100))):
        Image.fromarray(picture).save(tmp_path / f"{name}.png")
    names = ["photo.png", "grey.png", "page.png"]
    ended = gan("colorize", run, *names)
    assert (ended.returncode, ended.stderr.splitlines()) == (
        0,
        [
            "photo.png: taken for a picture: its lines are drawn by canny, as in training",
            "gan: grey.png: cleaned, it is an empty page, and is coloured as one; --from-picture draws its lines",
        ],
    )
    monkeypatch.chdir(tmp_path)
    assert main(["colorize", str(run), *names[1:], "--from-picture", "--out", "forced"]) == 0
    assert capsys.readouterr().err.count("its lines are drawn by canny") == 2
    for out, name, picture in (("colored", "photo", photo), ("forced", "grey", grey)):
        made = np.asarray(Image.open(tmp_path / out / f"{name}-color.png"))
        assert np.array_equal(made, Colorizer.load(run).color(picture, from_picture=True))
    assert main(["colorize", str(given), *names, "--from-picture", "--out", "refused"]) == 2
    words = "gan: --from-picture needs a run whose lines were extracted, and data.line is given\n"
    assert capsys.readouterr().err == words
    assert main(["colorize", "--flat", "photo.png", "--hint", "9,9,#112233", "--out", "flat"]) == 0
    assert capsys.readouterr().err == "gan: photo.png: cleaned, it is an empty page, and is coloured as one\n"


def test_the_transparency_of_a_figure_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a network's picture and of a flat fill, and again over the one before; strokes alone are a page."""
    monkeypatch.chdir(tmp_path)
    run = str(save_run(Experiment(generator=Generator(width=8)), tmp_path / "run"))
    strokes = np.dstack([np.zeros((120, 120, 3), np.uint8), 255 - figure()[:, :, 0]])
    for name, drawing in (("figure", figure()), ("strokes", strokes), ("page", figure()[:, :, :3])):
        Image.fromarray(drawing).save(f"{name}.png")
    for words in ([run], [run], ["--flat", "--hint", "60,60,#3cb45a", "--out", "flat"]):
        assert main(["colorize", *words, "figure.png", "strokes.png", "page.png"]) == 0
    for out in ("colored", "flat"):
        made = {name: np.asarray(Image.open(f"{out}/{name}-color.png")) for name in ("figure", "strokes", "page")}
        assert np.array_equal(made["figure"][:, :, 3], figure()[:, :, 3])
        assert made["strokes"].shape == made["page"].shape == (120, 120, 3)
    assert made["figure"][60, 60].tolist() == [*GREEN, 255]
    alone = Colorizer.load(run).color(figure())
    assert np.array_equal(np.asarray(Image.open("colored/figure-color.png"))[:, :, :3], alone)
    assert capsys.readouterr().err == ""


def test_other_runs_take_drawings_for_ink_on_white(tmp_path: Path) -> None:
    for line in (sketch(300), np.full((40, 40), 255, np.uint8)):
        assert lines.is_ink_on_white(line)
    for dark in (
        255 - sketch(300),
        np.full((40, 40), 170, np.uint8),
        on(sketch(), (0, 0, 0), (230, 230, 230))[:, :, 0],
    ):
        assert not lines.is_ink_on_white(dark)
    half: Pixels = sketch(300)
    half[200:] = 90  # a flat tone on a third of a page
    assert not lines.is_ink_on_white(half)
