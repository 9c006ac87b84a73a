"""Packing: what is written is what webdataset reads, and nothing of a person's is lost, whatever happens."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import webdataset
from PIL import Image

from gan.config import Data
from gan.data import SPLITS, folder
from gan.data import pack as packing
from gan.data.pack import pack
from gan.data.shards import find
from gan.data.split import divide
from gan.errors import RequestError
from tests.support.pictures import random_picture


def data_of(root: Path) -> Data:
    return Data(source="folder", root=str(root), line="canny")


def samples(shards: Path, split: str) -> Iterator[dict[str, Any]]:
    """The samples of a side, as webdataset reads them."""
    paths = [str(path) for path in sorted(shards.glob(f"{split}-*.tar"))]
    yield from webdataset.WebDataset(paths, shardshuffle=False)


def test_webdataset_reads_every_picture_of_its_side(picture_folder: Path, tmp_path: Path) -> None:
    (picture_folder / "v1.0").mkdir()  # WebDataset would end a key at its dot
    for name in ("face.1.jpeg", "face.2.WEBP", "face.2.png"):
        Image.fromarray(random_picture(len(name))).save(picture_folder / "v1.0" / name)
    data = data_of(picture_folder)
    shards = pack(data, tmp_path / "shards", 1500)
    by_side = divide(folder.scan(data).pictures, data).sides
    keys = []
    for split in SPLITS:
        read = list(samples(shards, split))
        assert len(read) == len(by_side[split])
        for sample, picture in zip(read, by_side[split], strict=True):
            suffix = Path(picture.path).suffix[1:].lower()
            assert sample[suffix] == (picture_folder / picture.path).read_bytes()
            keys.append(sample["__key__"])
    assert len(set(keys)) == 43


def test_the_index_says_what_is_packed(picture_folder: Path, tmp_path: Path) -> None:
    Image.new("RGB", (9, 9)).save(picture_folder / "tiny.png")
    shards = pack(data_of(picture_folder), tmp_path / "shards", 10**6)
    index = json.loads((shards / "pack.json").read_text())
    assert sorted(path.name for path in shards.iterdir()) == ["pack.json", *sorted(index["shards"])]
    assert sorted(index["shards"]) == ["test-000000.tar", "train-000000.tar", "val-000000.tar"]
    assert index["shards"] == {name: (shards / name).stat().st_size for name in index["shards"]}
    assert sum(index["pictures"].values()) == 40
    assert index["settings"]["val_fraction"] == 0.1
    assert index["entries"]["tiny.png"] == {"reason": "9x9 is smaller than data.min_side (32)"}
    assert list(index["entries"]) == sorted(path.name for path in picture_folder.iterdir())
    entry = index["entries"]["05.png"]
    content = (shards / entry["shard"]).read_bytes()[entry["offset"] :][: entry["size"]]
    assert content == (picture_folder / "05.png").read_bytes()


def test_shards_are_as_large_as_asked_and_always_the_same(picture_folder: Path, tmp_path: Path) -> None:
    one, other = (pack(data_of(picture_folder), tmp_path / name, 1500) for name in ("one", "other"))
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in other.iterdir()
    }
    for shard in one.glob("train-*.tar"):
        sizes = [entry["size"] for entry in entries(one) if entry["shard"] == shard.name]
        assert sum(sizes) <= 1500
    alone = pack(data_of(picture_folder), tmp_path / "alone", 1)
    assert len(list(alone.glob("*.tar"))) == 40


def entries(shards: Path) -> list[dict[str, Any]]:
    return list(json.loads((shards / "pack.json").read_text())["entries"].values())


def test_only_an_empty_folder_outside_is_written_to(picture_folder: Path, tmp_path: Path) -> None:
    data = data_of(picture_folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("dear")
    (tmp_path / "file").write_text("dear")
    with pytest.raises(RequestError, match=r"SHARDS \(.*full\) must be empty or not there, and holds files"):
        pack(data, tmp_path / "full", 1500)
    with pytest.raises(RequestError, match=r"SHARDS \(.*file\) must be a folder, and a file is there"):
        pack(data, tmp_path / "file", 1500)
    with pytest.raises(RequestError, match=r"must lie outside the folder of pictures"):
        pack(data, picture_folder / "shards", 1500)
    with pytest.raises(RequestError, match="must be writable"):
        pack(data, Path("/dev/null/shards"), 1500)
    assert [path.read_text() for path in (tmp_path / "full" / "mine", tmp_path / "file")] == ["dear", "dear"]
    assert len(list(picture_folder.iterdir())) == 40
    (tmp_path / "empty").mkdir()
    assert pack(data, tmp_path / "empty", 1500) == tmp_path / "empty"
    with pytest.raises(RequestError, match="must be empty or not there"):
        pack(data, tmp_path / "empty", 1500)


def test_an_interruption_leaves_nothing_that_is_taken_for_all(
    picture_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, shards = data_of(picture_folder), tmp_path / "shards"
    real = packing._content

    def interrupted(root: Path, picture: folder.Picture) -> bytes:
        if len(list(shards.glob("train-*.tar"))) < 3:
            return real(root, picture)
        with pytest.raises(RequestError, match="its packing did not end; delete the folder, and pack again"):
            find(replace(data, source="shards", root=str(shards)))  # what a kill would leave
        raise KeyboardInterrupt

    monkeypatch.setattr(packing, "_content", interrupted)
    with pytest.raises(KeyboardInterrupt):
        pack(data, shards, 1500)
    assert list(shards.iterdir()) == []
    monkeypatch.setattr(packing, "_content", real)
    pack(data, shards, 1500)
    assert len(find(replace(data, source="shards", root=str(shards))).scan.pictures) == 40


def test_a_picture_that_changes_meanwhile(
    picture_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = data_of(picture_folder)
    scanned = folder.scan(data)
    monkeypatch.setattr(folder, "scan", lambda _: scanned)
    Image.fromarray(random_picture(99)).save(picture_folder / "30.png")
    with pytest.raises(RequestError, match=r"30\.png was changed while it was packed; pack again"):
        pack(data, tmp_path / "shards", 1500)
    (picture_folder / "30.png").unlink()
    with pytest.raises(RequestError, match=r"readable: .*No such file.*30\.png"):
        pack(data, tmp_path / "shards", 1500)
    assert list((tmp_path / "shards").iterdir()) == []
