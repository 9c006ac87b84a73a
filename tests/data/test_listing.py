"""Which files below a folder are a person's pictures."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gan.config import Experiment, Logging, to_dict
from gan.data.listing import list_pictures
from gan.runs.folder import RunFolder


def touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_what_lies_beside_pictures_is_left_out_and_counted(tmp_path: Path) -> None:
    touch(tmp_path, "a.png", "thumb/001/b.jpg", "config.json/c.bmp", "wandb/d.tif", "thumbnails128x128/e.jfif", "f.txt")
    touch(tmp_path, ".hidden.png", "._a.png", ".ipynb_checkpoints/a.png", "deep/.cache/er/a.jpg", ".git/notes")
    touch(tmp_path, "@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg", "deep/@eadir/x.jpg", "__MACOSX/._a.png", "__MACOSX/y/b.png")
    touch(tmp_path, "Thumbnails/a.png", "lost+found/note.txt")
    listed = list_pictures(tmp_path)
    assert listed.pictures == [
        *("a.png", "config.json/c.bmp", "thumb/001/b.jpg", "thumbnails128x128/e.jfif", "wandb/d.tif")
    ]
    assert listed.left_out == {"@eaDir": 2, "__MACOSX": 2, "hidden": 4, "thumbnails": 1}
    assert listed.other == {".txt": 1}
    assert listed.unreadable == {}


def test_ones_own_runs_and_what_wandb_keeps(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "runs" / "l1" / "seed-0")
    run.path.mkdir(parents=True)
    experiment = Experiment(name="l1", logging=Logging(wandb="disabled"))
    run.begin(experiment, {}, 0)
    touch(run.path, "samples/000100.png", "wandb/offline-run-20260101_101010-abc12345/files/media/a.png")
    touch(tmp_path, "runs/sepia/study.json", "runs/sepia/report.md", "runs/sepia/plots/a.png", "runs/sepia/grid.png")
    touch(tmp_path, "logs/run-20260101_101010-abc12345/files/media/images/a.png", "runs/mine.png")
    listed = list_pictures(tmp_path)
    assert listed.pictures == ["runs/mine.png"]
    assert listed.left_out == {"W&B runs": 1, "runs": 2, "studies": 2}
    assert to_dict(run.config) == to_dict(experiment)
    assert list_pictures(run.path / "samples").pictures == ["000100.png"]  # asked for by name
    assert list_pictures(run.path).pictures == ["samples/000100.png"]
    assert list_pictures(tmp_path / "runs" / "sepia" / "plots").left_out == {}


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "a.png", "private/b.png", "x/private/c.png", "x/d.png")
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if str(path).endswith("private"):  # as of another person's folder; root may read those
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    listed = list_pictures(tmp_path)
    assert listed.pictures == ["a.png", "x/d.png"]
    assert listed.unreadable == dict.fromkeys(("private", "x/private"), "cannot be read: Permission denied")
