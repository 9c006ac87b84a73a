"""Pictures in shards: a run on them is a run on the folder, and shards that others wrote are used as they are."""

import gzip
import io
import json
import os
import pickle
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import webdataset
from PIL import Image

from gan import seeds
from gan.config import Augment, Data, Experiment, Hints
from gan.data import SPLITS, shards, sources
from gan.data.loader import training_batches
from gan.data.pack import pack
from gan.data.split import divide
from gan.errors import RequestError
from tests.support.pictures import random_picture
from tests.support.profiles import DISPLAY_P3, SRGB_CURVE, of_matrix


@pytest.fixture
def packed(picture_folder: Path, tmp_path: Path) -> Path:
    """The pictures, among them a copy and files that are not used, in several shards a side."""
    shutil.copy(picture_folder / "03.png", picture_folder / "copy.png")
    Image.fromarray(random_picture(77)).save(picture_folder / "a.b.JPG", quality=95)
    (picture_folder / "broken.png").write_bytes(b"\x89PNG")
    (picture_folder / "notes.txt").touch()
    return pack(in_folder(picture_folder), tmp_path / "shards", 1500)


def in_folder(root: Path, **changes: object) -> Data:
    return replace(Data(source="folder", root=str(root), line="mix", size=32, workers=0), **changes)  # type: ignore[arg-type]


def in_shards(root: Path, **changes: object) -> Data:
    return in_folder(root, source="shards", **changes)


def experiment_of(data: Data) -> Experiment:
    augment = Augment(flip=0.5, crop=0.2, rotate=5, line_noise=0.1)
    return Experiment(data=data, augment=augment, batch_size=4, hints=Hints(kind="zhang2017"))


def test_a_run_on_shards_is_a_run_on_the_folder(picture_folder: Path, packed: Path) -> None:
    assert len(list(packed.glob("train-*.tar"))) > 2
    both = [experiment_of(data) for data in (in_folder(picture_folder), in_shards(packed))]
    loaded = [sources.load(experiment) for experiment in both]
    assert loaded[0].summary | {"root": str(packed)} == loaded[1].summary
    assert [len(side) for side in loaded[0].sides.values()] == [len(side) for side in loaded[1].sides.values()]
    sides = [loaded[0], loaded[1], sources.with_decoded(loaded[1], both[1])]
    streams = [training_batches(data.sides["train"], both[1], 0, 9) for data in sides]
    for one, *others in zip(*streams, strict=True):
        for other in others:
            assert all(torch.equal(getattr(one, name), getattr(other, name)) for name in ("line", "hint", "color"))
    for split in ("val", "test"):
        for index in range(len(loaded[0].sides[split])):
            one, other = (data.sides[split].samples([index], [seeds.rng(0)], training=False)[0] for data in loaded)
            assert torch.equal(one.color, other.color)


def test_any_position_alone_is_that_of_the_uninterrupted_stream(packed: Path) -> None:
    experiment = experiment_of(in_shards(packed))
    pictures = sources.load(experiment).sides["train"]
    whole = [batch.color for batch in training_batches(pictures, experiment, 0, 12)]
    resumed = [batch.color for batch in training_batches(pictures, experiment, 9, 12)]
    assert torch.equal(torch.stack(whole[9:]), torch.stack(resumed))
    in_a_worker = pickle.loads(pickle.dumps(pictures))
    (of_a_rank,) = training_batches(in_a_worker, experiment, 11, 12, rank=1, ranks=2)
    assert torch.equal(whole[11][2:], of_a_rank.color)


def test_each_picture_lies_in_a_shard_of_its_side(packed: Path) -> None:
    data = in_shards(packed)
    found = shards.find(data)
    for split, pictures in divide(found.scan.pictures, data).sides.items():
        assert {found.places[picture.digest].shard.split("-")[0] for picture in pictures} == {split}


def write_with_webdataset(root: Path, count: int = 40) -> None:
    """The pictures of `picture_folder`, two shards, each with a class beside it."""
    root.mkdir()
    with webdataset.ShardWriter(str(root / "faces-%03d.tar"), maxcount=25, verbose=0) as writer:
        for number in range(count):
            writer.write({"__key__": f"face/{number:04d}", "png": random_picture(number), "cls": number})


def test_shards_that_webdataset_wrote(picture_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_with_webdataset(tmp_path / "theirs")
    before = sorted((tmp_path / "theirs").iterdir())
    data = in_shards(tmp_path / "theirs")
    loaded = sources.load(experiment_of(data))
    assert sum(len(side) for side in loaded.sides.values()) == 40
    assert loaded.summary["other"] == {".cls": 40}
    colors = {
        loaded.summary["pictures"][split][index]["path"]: side.large(index, seeds.rng(0), 48)[0]  # type: ignore[attr-defined]
        for split, side in loaded.sides.items()
        for index in range(len(side))
    }
    assert (colors["faces-000.tar/face/0007.png"] == random_picture(7)).all()
    assert (colors["faces-001.tar/face/0039.png"] == random_picture(39)).all()
    assert sorted((tmp_path / "theirs").iterdir()) == before
    monkeypatch.setattr(shards, "read", None)  # the cache knows them
    assert sources.load(experiment_of(data)).summary == loaded.summary


def test_the_sides_of_their_shards_are_those_of_the_folder(tmp_path: Path) -> None:
    write_with_webdataset(tmp_path / "theirs")
    unpacked = tmp_path / "unpacked"
    for shard in (tmp_path / "theirs").iterdir():
        with tarfile.open(shard) as tar:
            tar.extractall(unpacked, filter="data")
    sides = []
    for data in (in_folder(unpacked), in_shards(tmp_path / "theirs")):
        pictures = sources.load(experiment_of(data)).summary["pictures"]
        sides.append({split: {picture["digest"] for picture in pictures[split]} for split in SPLITS})
    assert sides[0] == sides[1]


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def png(picture: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def test_what_is_no_usable_picture_in_their_shards(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        add(tar, "one.PNG", png(random_picture(1)))
        add(tar, "one.seg.png", png(random_picture(2)))
        add(tar, "./._one.png", b"resource fork")
        add(tar, "bad.jpg", b"\xff\xd8\xff")
        add(tar, "thin.png", png(np.zeros((9, 90, 3), np.uint8)))
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "one.png"
        tar.addfile(link)
    scan = shards.find(in_shards(tmp_path, min_images=1)).scan
    assert [picture.path for picture in scan.pictures] == ["a.tar/one.PNG"]
    assert list(scan.skipped) == ["a.tar/bad.jpg", "a.tar/thin.png"]
    assert scan.skipped["a.tar/thin.png"] == "90x9 is smaller than data.min_side (32)"
    assert scan.other == {".png": 2}
    with pytest.raises(RequestError, match=r"has 1 usable pictures and data\.min_images is 20; 2 skipped"):
        shards.find(in_shards(tmp_path))


def test_their_shards_that_are_not_whole(tmp_path: Path) -> None:
    root = tmp_path / "theirs"
    write_with_webdataset(root)
    shard = root / "faces-001.tar"
    content = shard.read_bytes()
    with tarfile.open(shard) as tar:
        last = tar.getmembers()[-1]
    damaged = content[: last.offset] + b"x" * 512 + content[last.offset + 512 :]
    for wrong in (content[: last.offset], content[: last.offset + 100], damaged):
        shard.write_bytes(wrong)
        with pytest.raises(RequestError, match=r"faces-001\.tar is cut off or damaged"):
            shards.find(in_shards(root))
    for wrong in (content[: last.offset_data + 1], gzip.compress(content), b"hello", b""):
        shard.write_bytes(wrong)
        with pytest.raises(RequestError, match=r"faces-001\.tar must be a whole tar file, not compressed"):
            shards.find(in_shards(root))
    shutil.rmtree(root)
    root.mkdir()
    with pytest.raises(RequestError, match=r"must hold shards, and no file in it ends in \.tar"):
        shards.find(in_shards(root))


def test_packed_shards_that_are_missing_or_others(packed: Path) -> None:
    data, shard = in_shards(packed), packed / "train-000001.tar"
    content = shard.read_bytes()
    shard.write_bytes(content[:-512])
    with pytest.raises(RequestError, match=rf"train-000001\.tar must have {len(content)} bytes.*{len(content) - 512}"):
        shards.find(data)
    shard.unlink()
    with pytest.raises(RequestError, match=r"train-000001\.tar is missing: pack\.json beside it names it"):
        shards.find(data)


def test_a_shard_that_is_cut_off_while_it_is_read(packed: Path) -> None:
    pictures = sources.load(experiment_of(in_shards(packed))).sides["train"]
    (packed / "train-000000.tar").write_bytes(b"")
    with pytest.raises(RequestError, match=r"could be read when.*: train-000000\.tar ends within it"):
        pictures.samples([0], [seeds.rng(0)], training=False)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"min_side": 8}, r"data\.min_side \(8\) must be as .*shards was packed: --data\.min-side 32$"),
        (
            {"split": "folder", "val_fraction": 0.3},
            r"split \(folder\), data\.val_fraction \(0\.3\) must be .*: --data\.split hash --data\.val-fraction 0\.1$",
        ),
    ],
)
def test_other_settings_than_those_of_the_pack(packed: Path, changes: dict[str, object], rule: str) -> None:
    with pytest.raises(RequestError, match=rule):
        shards.find(in_shards(packed, **changes))


def test_a_pack_says_what_is_converted_and_an_older_one_does_not(picture_folder: Path, tmp_path: Path) -> None:
    profile = of_matrix(DISPLAY_P3, SRGB_CURVE)
    Image.fromarray(random_picture(50)).save(picture_folder / "p3.png", icc_profile=profile)
    (picture_folder / ".hidden.png").touch()
    packed = pack(in_folder(picture_folder), tmp_path / "shards", 10**6)
    assert shards.find(in_shards(packed)).scan.converted == ("p3.png",)
    loaded = [sources.load(experiment_of(data)) for data in (in_folder(picture_folder), in_shards(packed))]
    assert loaded[0].summary | {"root": str(packed)} == loaded[1].summary
    index = json.loads((packed / "pack.json").read_text())
    (packed / "pack.json").write_text(json.dumps(index | {"format": 1}))
    older = sources.load(experiment_of(in_shards(packed)))
    assert older.summary["converted"] is None
    assert any("how many pictures are converted to sRGB is not known" in note for note in older.notes)


def test_only_regular_files_are_opened(packed: Path, tmp_path: Path) -> None:
    (packed / "pack.json").unlink()
    os.mkfifo(packed / "pack.json")
    with pytest.raises(RequestError, match=r"pack\.json must be an index .*not a regular file"):
        shards.find(in_shards(packed))
    os.mkfifo(tmp_path / "a.tar")
    with pytest.raises(RequestError, match=r"a\.tar cannot be read: not a regular file"):
        shards.find(in_shards(tmp_path))


def test_an_index_that_is_none(packed: Path) -> None:
    for wrong in ("{", "[]", '{"format": 1}', '{"format": 1, "whole": true, "settings": 3}'):
        (packed / "pack.json").write_text(wrong)
        with pytest.raises(RequestError, match=r"pack\.json must be an index that gan pack wrote: "):
            shards.find(in_shards(packed))
    (packed / "pack.json").write_text(json.dumps({"format": 99}))
    with pytest.raises(RequestError, match="has format 99, and this version reads 1 and 2; pack again"):
        shards.find(in_shards(packed))
