"""Files that are replaced while a run trains are noticed once, and others are not."""

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from gan.config import Data
from gan.data import originals
from gan.data.folder import scan
from gan.data.originals import Originals, describe
from tests.support.pictures import random_picture


@pytest.fixture
def files(picture_folder: Path) -> dict[str, str]:
    data = Data(source="folder", root=str(picture_folder), line="canny")
    return {picture.path: picture.digest for picture in scan(data).pictures}


def test_what_is_replaced_is_noticed_once(files: dict[str, str], picture_folder: Path) -> None:
    watched = Originals(picture_folder, files)
    assert watched.replaced() == []
    Image.fromarray(random_picture(999)).save(picture_folder / "05.png")
    Image.fromarray(random_picture(998)).save(picture_folder / "07.png")
    (picture_folder / "09.png").unlink()  # the loader says so
    os.utime(picture_folder / "11.png", ns=(1, 1))  # touched, and still the same
    shutil.copy(picture_folder / "13.png", picture_folder / "copy.png")
    (picture_folder / "copy.png").rename(picture_folder / "13.png")
    assert watched.replaced() == ["05.png", "07.png"]
    assert watched.replaced() == []
    Image.fromarray(random_picture(997)).save(picture_folder / "05.png")
    assert watched.replaced() == ["05.png"]


def test_a_file_of_unknown_content_counts_as_replaced_when_it_is_touched(picture_folder: Path) -> None:
    watched = Originals(picture_folder, {"00.png": "", "01.png": ""})
    os.utime(picture_folder / "01.png", ns=(1, 1))
    assert watched.replaced() == ["01.png"]
    assert Originals(Path(), {}).replaced() == []


def test_a_look_is_short_and_the_next_goes_on(
    files: dict[str, str], picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(originals, "SECONDS", 0)
    watched = Originals(picture_folder, files)
    for number in (2, 39):
        Image.fromarray(random_picture(990 + number)).save(picture_folder / f"{number:02d}.png")
    looks = [watched.replaced() for _ in range(80)]
    assert [(place, found) for place, found in enumerate(looks) if found] == [(2, ["02.png"]), (39, ["39.png"])]


def test_the_line() -> None:
    assert describe(["a.png"]).startswith("1 file was replaced while the run trains (a.png): ")
    assert describe([*"abcd"]).startswith("4 files were replaced while the run trains (a, b, c, ...): ")
