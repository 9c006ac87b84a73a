"""A person's folder: what is found, and what is skipped and why."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from gan.config import Data
from gan.data import folder
from gan.data.folder import scan
from gan.data.split import divide
from gan.errors import RequestError
from tests.support.pictures import random_picture
from tests.support.profiles import DISPLAY_P3, SRGB_CURVE, of_matrix


def data_of(root: Path, **changes: object) -> Data:
    return replace(Data(source="folder", root=str(root), line="canny", min_images=1), **changes)  # type: ignore[arg-type]


def save(path: Path, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(random_picture(seed)).save(path)


def test_every_file_is_used_skipped_with_its_reason_or_counted(picture_folder: Path) -> None:
    (picture_folder / "deep" / "er").mkdir(parents=True)
    save(picture_folder / "deep" / "er" / "x.JPG", 1)
    (picture_folder / "broken.png").write_bytes((picture_folder / "00.png").read_bytes()[:60])
    (picture_folder / "text.webp").write_text("hello")
    Image.new("RGB", (31, 400)).save(picture_folder / "thin.png")
    Image.new("1", (9000, 9000)).save(picture_folder / "bomb.png")
    for name in ("color.csv", ".gitignore", "notes.txt", "more.txt"):
        (picture_folder / name).write_text("")
    found = scan(data_of(picture_folder))
    assert len(found.pictures) == 41
    assert "deep/er/x.JPG" in [picture.path for picture in found.pictures]
    assert found.other == {".csv": 1, ".txt": 2}
    assert sorted(found.skipped) == ["bomb.png", "broken.png", "text.webp", "thin.png"]
    assert found.skipped["thin.png"] == "31x400 is smaller than data.min_side (32)"
    assert found.skipped["bomb.png"] == "9000x9000 is more than data.max_pixels (80000000)"
    assert "not a JPEG, PNG, WebP, TIFF or BMP" in found.skipped["text.webp"]
    assert "cannot be read" in found.skipped["broken.png"]
    line = folder.describe(found)
    assert "4 skipped (bomb.png: 9000x9000" in line
    assert "3 other files (.csv 1, .txt 2)" in line


def test_nothing_is_written_into_the_folder(picture_folder: Path) -> None:
    before = sorted(picture_folder.rglob("*"))
    picture_folder.chmod(0o555)
    scan(data_of(picture_folder))
    picture_folder.chmod(0o755)
    assert sorted(picture_folder.rglob("*")) == before


def test_the_manifest_spares_decoding_and_notices_changes(
    picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = data_of(picture_folder)
    first = scan(data)
    decoded: list[str] = []
    real = folder.read
    monkeypatch.setattr(folder, "read", lambda path, limit: (decoded.append(path.name), real(path, limit))[1])
    assert scan(data) == first
    assert decoded == []
    save(picture_folder / "05.png", 999)
    os.utime(picture_folder / "05.png", ns=(1, 1))
    (picture_folder / "07.png").unlink()
    again = scan(data)
    assert decoded == ["05.png"]
    assert len(again.pictures) == 39
    digests = {picture.path: picture.digest for picture in first.pictures}
    assert [picture.path for picture in again.pictures if digests[picture.path] != picture.digest] == ["05.png"]


def test_a_raised_limit_looks_again(picture_folder: Path) -> None:
    save(picture_folder / "other.png", 1000)
    Image.new("1", (300, 300)).save(picture_folder / "large.png")
    tight = data_of(picture_folder, max_pixels=89_999)
    assert set(scan(tight).skipped) == {"large.png"}
    assert scan(replace(tight, max_pixels=90_000)).skipped == {}
    assert set(scan(tight).skipped) == {"large.png"}


def test_a_damaged_manifest_only_costs_time(picture_folder: Path) -> None:
    data = data_of(picture_folder)
    first = scan(data)
    folder._manifest_path(picture_folder.resolve()).write_text("{not json")
    assert scan(data) == first


def test_links_are_followed_once(picture_folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "linked").symlink_to(picture_folder)
    (picture_folder / "loop").symlink_to(root)
    (root / "again").symlink_to(picture_folder)
    assert len(scan(data_of(root)).pictures) == 40


def test_a_name_that_is_no_text_and_a_cache_that_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        home = os.fsencode(tmp_path) + b"/root/\x8a\xe7%d" % number  # Shift-JIS, as in old archives
        os.makedirs(home)
        save(Path(os.fsdecode(home)) / "face.png", number)
    (tmp_path / "cache").write_text("")
    monkeypatch.setenv("GAN_CACHE", str(tmp_path / "cache"))
    data = data_of(tmp_path / "root", split="folder", val_fraction=0.2, test_fraction=0.2)
    found = scan(data)
    assert len(found.pictures) == 30
    json.dumps(folder.summary(found, divide(found.pictures, data).sides))


def test_a_file_that_cannot_be_opened_now_is_looked_at_again(
    picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = data_of(picture_folder)
    real = folder.read

    def locked(path: Path, limit: int) -> object:
        if path.name == "03.png":
            raise PermissionError(13, "Permission denied")
        return real(path, limit)

    monkeypatch.setattr(folder, "read", locked)
    assert scan(data).skipped == {"03.png": "cannot be read: Permission denied"}
    monkeypatch.setattr(folder, "read", real)
    assert scan(data).skipped == {}


def test_only_regular_files_are_opened(picture_folder: Path) -> None:
    """A FIFO that nobody writes to would be waited for for ever, and a device is endless."""
    os.mkfifo(picture_folder / "fifo.png")
    (picture_folder / "zero.png").symlink_to("/dev/zero")
    (picture_folder / "folder.png").mkdir()
    found = scan(data_of(picture_folder))
    assert found.skipped == dict.fromkeys(("fifo.png", "zero.png"), "cannot be read: not a regular file")
    assert len(found.pictures) == 40


def test_what_was_looked_at_before_an_interruption_is_kept(
    picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = data_of(picture_folder)
    real, looked = folder.read, []

    def interrupted(path: Path, limit: int) -> object:
        if path.name == "30.png":
            raise KeyboardInterrupt
        return real(path, limit)

    def watched(path: Path, limit: int) -> object:
        looked.append(path.name)
        return real(path, limit)

    monkeypatch.setattr(folder, "read", interrupted)
    with pytest.raises(KeyboardInterrupt):
        scan(data)
    monkeypatch.setattr(folder, "read", watched)
    assert len(scan(data).pictures) == 40
    assert sorted(looked) == [f"{number:02d}.png" for number in range(30, 40)]


def test_a_killed_scan_has_been_written_down(picture_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "SAVE_SECONDS", 0)
    written: list[int] = []
    real = folder._write_manifest
    monkeypatch.setattr(folder, "_write_manifest", lambda root, all: (written.append(len(all)), real(root, all)))
    scan(data_of(picture_folder))
    assert written == [*range(1, 41), 40]


def test_converted_pictures_are_counted_and_those_with_damage_named(picture_folder: Path) -> None:
    picture = Image.fromarray(random_picture(100))
    picture.save(picture_folder / "p3.png", icc_profile=of_matrix(DISPLAY_P3, SRGB_CURVE))
    picture.save(picture_folder / "broken.jpg", icc_profile=b"no profile")
    (picture_folder / ".hidden.png").touch()
    data = data_of(picture_folder)
    for _ in range(2):  # looked at, and out of the manifest
        found = scan(data)
        assert found.converted == ("p3.png",)
        assert list(found.noted) == ["broken.jpg"]
        kept = folder.summary(found, divide(found.pictures, data).sides)
        assert (kept["converted"], kept["left_out"]) == (1, {"hidden": 1})
        unused, changed = folder.notes(found)
        assert unused.endswith(": 1 pictures left out (hidden 1)")
        assert "1 pictures converted to sRGB" in changed
        assert "1 with a part that cannot be read (broken.jpg: its colour profile cannot be used" in changed
    (picture_folder / ".hidden.png").unlink()
    (picture_folder / "p3.png").unlink()
    (picture_folder / "broken.jpg").unlink()
    assert folder.notes(scan(data)) == []


def test_what_is_left_out_is_said_where_too_little_is_there(tmp_path: Path) -> None:
    save(tmp_path / "__MACOSX" / "a.png", 1)
    with pytest.raises(RequestError, match=r"has 0 usable pictures.*; 1 pictures left out \(__MACOSX 1\)"):
        scan(data_of(tmp_path))


def test_the_summary_is_json(picture_folder: Path) -> None:
    data = data_of(picture_folder)
    found = scan(data)
    kept = json.loads(json.dumps(folder.summary(found, divide(found.pictures, data).sides)))
    assert sum(len(side) for side in kept["pictures"].values()) == 40
    assert set(kept["pictures"]["train"][0]) == {"path", "digest", "width", "height"}
