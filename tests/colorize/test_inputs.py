"""Which drawings a request means: files and folders, each once, and nothing that is not there."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan.colorize import files
from gan.colorize.inputs import find
from gan.errors import RequestError


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Drawings of like names, in the working folder and below it, and what is none of them."""
    monkeypatch.chdir(tmp_path)
    for name in ("x.png", "one/x.png", "one/deep/x.jpg", "one/deep/y.png", "two/x.png", "one/.hidden/z.png"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((10, 20), 255, np.uint8)).save(name)
    Path("one/notes.txt").write_text("no picture")
    return tmp_path


def places(*paths: str, out: str = "out") -> dict[str, str]:
    """Drawing -> where its colours go, below `out`."""
    jobs = files.plan(find([Path(path) for path in paths]).drawings, Path(out))
    return {str(job.drawing): str(job.out.relative_to(out)) for job in jobs}


def test_a_file_goes_by_its_name() -> None:
    assert places("x.png", "one/deep/y.png") == {"x.png": "x-color.png", "one/deep/y.png": "y-color.png"}


def test_a_folder_keeps_its_tree() -> None:
    assert places("one") == {
        "one/deep/x.jpg": "deep/x-color.png",
        "one/deep/y.png": "deep/y-color.png",
        "one/x.png": "x-color.png",
    }


def test_like_names_are_kept_apart_by_their_folders() -> None:
    assert places("one/x.png", "two/x.png") == {"one/x.png": "one/x-color.png", "two/x.png": "two/x-color.png"}
    assert places("x.png", "one/deep/x.jpg") == {"x.png": "x-color.png", "one/deep/x.jpg": "one/deep/x-color.png"}
    assert places("one", "two", "x.png") == {
        "one/deep/x.jpg": "one/deep/x-color.png",
        "one/deep/y.png": "one/deep/y-color.png",
        "one/x.png": "one/x-color.png",
        "two/x.png": "two/x-color.png",
        "x.png": "x-color.png",
    }


def test_nothing_is_coloured_twice(tree: Path) -> None:
    assert len(places("two", "two/x.png", "./two/../two/x.png", str(tree / "two"))) == 1


def test_every_result_has_a_file_of_its_own() -> None:
    """Whatever the names: in one folder, too, where drawings differ by their ending alone."""
    for name in ("one/x.webp", "two/x.bmp", "two/x-color.tif"):
        Image.fromarray(np.full((10, 20), 255, np.uint8)).save(name)
    found = places("one", "two", ".")
    assert len(found) == 8
    assert len(set(found.values())) == 8
    assert found["one/x.png"] == "one/x.png-color.png"


def test_results_are_no_drawings(caplog: pytest.LogCaptureFixture) -> None:
    """Neither those that somebody has painted on; and what is left out is said."""
    caplog.set_level("INFO")
    files.write(Path("one/colored/x-color.png"), np.zeros((2, 2, 3), np.uint8))
    assert len(places("one")) == 3
    assert caplog.messages == ["one: 2 pictures left out (1 hidden, 1 made by gan colorize)"]
    assert places("one/colored/x-color.png") == {"one/colored/x-color.png": "x-color-color.png"}  # where it is meant
    with pytest.raises(RequestError, match=r"one/colored must hold drawings, and holds none \(1 made by gan colorize"):
        find([Path("one/colored")])


def test_what_is_no_input() -> None:
    Path("empty").mkdir()
    Path("run").mkdir()
    Path("run/config.json").write_text("{}")
    Path("nowhere.png").symlink_to("gone.png")
    for path, message in (
        ("none.png", r"none\.png must be a drawing or a folder of drawings, and is not there$"),
        ("nowhere.png", r"nowhere\.png must be a drawing .* and is not there$"),
        ("x.png/y.png", r"x\.png/y\.png must be a drawing .* and is not there$"),
        ("x" * 300, r"x{300} cannot be read: File name too long"),
        ("empty", r"empty must hold drawings, and holds none$"),
        ("run", r"run must be a drawing or a folder of drawings, and is a run: one colours at a time"),
    ):
        with pytest.raises(RequestError, match=message):
            find([Path("x.png"), Path(path)])
    with pytest.raises(RequestError, match=r"a\.png must be a drawing .*, and is not there, nor are 2 more$"):
        find([Path("a.png"), Path("x.png"), Path("b.png"), Path("c.png")])


def test_a_folder_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("deep"):  # as of another person's folder; root may read those
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find([Path("one")])
    assert found.unreadable == {Path("one/deep"): "cannot be read: Permission denied"}
    assert [drawing.path for drawing in found.drawings] == [Path("one/x.png")]


def test_what_cannot_be_opened_is_a_drawing_until_it_is_read() -> None:
    Path("broken.png").write_bytes(b"no picture")
    assert places("broken.png", "x.png") == {"broken.png": "broken-color.png", "x.png": "x-color.png"}
