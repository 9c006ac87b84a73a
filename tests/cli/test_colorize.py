"""`gan colorize` of folders and of drawings that are not there, by the real command; other uses are in test_cli.py."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.command import Gan
from tests.support.drawings import sketch

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
