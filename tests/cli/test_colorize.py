"""`gan colorize` of folders and of drawings that are not there, by the real command; other uses are in test_cli.py."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.command import Gan
from tests.support.drawings import sketch
from tests.support.painters import POINTING, save_run

WORDS = ("--flat", "--hint", "10,60,#c23b3b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three drawings, two of them of one name, and a text."""
    for name in ("in/a.png", "in/more/a.png", "in/more/b.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(sketch(90)).save(tmp_path / name)
    (tmp_path / "in" / "notes.txt").write_text("no picture")
    return tmp_path


def test_a_folder_is_coloured_as_a_tree(gan: Gan, folder: Path) -> None:
    expected = ["out/a-color.png", "out/more/a-color.png", "out/more/b-color.png"]
    for _ in range(2):  # its own results are replaced
        done = gan("colorize", *WORDS, "in", "--out", "out")
        assert (done.returncode, done.stdout.split(), done.stderr) == (0, expected, "")
    pictures = [np.asarray(Image.open(folder / name)) for name in expected[:2]]
    assert (pictures[0] == pictures[1]).all()
    assert tuple(pictures[0][60, 10]) == (0xC2, 0x3B, 0x3B)


def test_a_broken_drawing_is_named_and_the_others_go_on(gan: Gan, folder: Path) -> None:
    (folder / "in" / "broken.png").write_bytes(b"no picture")
    done = gan("colorize", *WORDS, "in", "--out", "out")
    assert done.returncode == 1
    assert done.stderr == "gan: in/broken.png: not a JPEG, PNG, WebP, TIFF or BMP picture\n"
    assert len(done.stdout.split()) == 3


def test_nothing_is_written_where_a_drawing_is_not_there(gan: Gan, folder: Path) -> None:
    done = gan("colorize", *WORDS, "in/a.png", "in/gone.png", "--out", "out")
    sentence = "gan: in/gone.png must be a drawing or a folder of drawings, and is not there\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
    assert not (folder / "out").exists()


@pytest.mark.slow
def test_layers_are_the_picture_and_replaced_by_the_next(gan: Gan, folder: Path) -> None:
    run = save_run(POINTING, folder / "run")
    words = ("colorize", run, "in/a.png", *WORDS[1:], "--out")
    assert gan(*words, "out.png").returncode == 0
    for _ in range(2):
        done = gan(*words, "out", "--layers")
        assert (done.returncode, done.stdout, done.stderr) == (0, "out/a-color.ora\n", "")
    with zipfile.ZipFile(folder / "out" / "a-color.ora") as archive:
        whole = np.asarray(Image.open(io.BytesIO(archive.read("mergedimage.png"))))
        content = {name: archive.read(name) for name in archive.namelist()}
    picture = np.asarray(Image.open(folder / "out.png"))
    assert np.array_equal(whole[:, :, :3], picture)
    assert (whole[:, :, 3] == 255).all()
    content["mergedimage.png"] = content["data/lines.png"]  # as by a program that saves its layers
    with zipfile.ZipFile(folder / "out" / "a-color.ora", "w") as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    done = gan(*words, "out", "--layers")
    assert done.returncode == 2
    assert "out/a-color.ora exists and was not made by gan colorize" in done.stderr
    assert gan(*words, "clear.png", "--transparent").returncode == 0
    clear = np.asarray(Image.open(folder / "clear.png"))
    assert clear.shape == (90, 90, 4)
    assert tuple(clear[60, 10]) == (0xC2, 0x3B, 0x3B, 255)  # the paper around the circle is hinted: nothing else is out
    assert np.array_equal(clear[:, :, :3], picture)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--layers", "--out", "x.png"), "--out (x.png) must end in .ora or be a folder"),
        (("--out", "x.ora"), "--out (x.ora) must end in .png or be a folder"),
    ],
)
def test_layers_have_an_ending_of_their_own(gan: Gan, folder: Path, words: tuple[str, ...], sentence: str) -> None:
    done = gan("colorize", *WORDS, "in/a.png", *words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"gan: {sentence}\n")


def test_a_flat_fill_without_its_background(gan: Gan, folder: Path) -> None:
    done = gan("colorize", "--flat", "in/a.png", "--hint", "60,45,#c23b3b", "--transparent", "--out", "x.png")
    assert (done.returncode, done.stderr) == (0, "")
    picture = np.asarray(Image.open(folder / "x.png"))
    assert tuple(picture[45, 60]) == (0xC2, 0x3B, 0x3B, 255)
    assert tuple(picture[5, 80]) == (0, 0, 0, 0)
    done = gan("colorize", "run", "in/a.png", "--native", "--transparent")
    sentence = "--native and --transparent exclude each other: lines are in the network's own picture"
    assert (done.returncode, done.stderr) == (2, f"gan: {sentence}\n")
