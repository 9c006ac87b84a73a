"""Training pictures out of the cache: the same bytes as out of their files, decoded once."""

import pickle
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan.arrays import Pixels
from gan.config import Augment, Data, Experiment, Hints
from gan.data import folder, sources
from gan.data.decoded import DecodedReader, keep
from gan.data.folder import Picture
from gan.data.loader import training_batches
from gan.data.readers import FolderReader
from gan.data.sources import FilePictures
from tests.support.pictures import random_picture


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GAN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "decoded"


def data_of(root: Path, **changes: object) -> Data:
    return replace(Data(source="folder", root=str(root), line="canny", size=32), **changes)  # type: ignore[arg-type]


@dataclass
class Counting:
    """A reader that counts what it decodes."""

    reader: FolderReader
    decoded: list[str] = field(default_factory=list)

    def __call__(self, picture: Picture, shape: tuple[int, int], rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        self.decoded.append(picture.path)
        return self.reader(picture, shape, rng)

    def short_side(self, picture: Picture) -> int:
        return self.reader.short_side(picture)


def counting(data: Data) -> tuple[Counting, list[Picture]]:
    scanned = folder.scan(data)
    return Counting(FolderReader(scanned.root, data)), list(scanned.pictures)


@pytest.mark.parametrize(
    ("line", "workers"), [("canny", 0), ("mix", 0), pytest.param("mix", 1, marks=pytest.mark.slow)]
)
def test_a_run_with_the_cache_is_a_run_without_it(picture_folder: Path, line: str, workers: int) -> None:
    for number, size in enumerate(((200, 90), (90, 333))):  # JPEGs that are decoded at a fraction of their size
        Image.fromarray(random_picture(number, *size)).save(picture_folder / f"large-{number}.jpg")
    augment = Augment(flip=0.5, crop=0.2, line_noise=0.1)
    experiment = Experiment(
        data=data_of(picture_folder, line=line, workers=workers), augment=augment, batch_size=8, hints=Hints("points")
    )
    plain = sources.load(experiment)
    kept = sources.with_decoded(plain, experiment)
    assert kept.sides["val"] is plain.sides["val"]
    ways = [training_batches(data.sides["train"], experiment, 0, 8) for data in (plain, kept)]
    for one, other in zip(*ways, strict=True):
        assert torch.equal(one.condition, other.condition)
        assert torch.equal(one.color, other.color)


def test_pairs_too(tmp_path: Path) -> None:
    for number in range(24):
        whole = np.concatenate([random_picture(number), random_picture(100 + number)], axis=1)
        Image.fromarray(whole).save(tmp_path / f"{number}.png")
    data = Data(source="pairs", root=str(tmp_path), layout="line-color", size=(32, 48))
    plain = sources.load(Experiment(data=data, augment=Augment(crop=0.1)))
    kept = sources.with_decoded(plain, Experiment(data=data, augment=Augment(crop=0.1)))
    sides = (plain.sides["train"], kept.sides["train"])
    assert isinstance(sides[1], FilePictures)
    assert isinstance(sides[1].read, DecodedReader)
    for index in range(len(sides[0])):
        one, other = (side.samples([index], [np.random.default_rng(index)], training=True)[0] for side in sides)
        assert torch.equal(one.line, other.line)
        assert torch.equal(one.color, other.color)


def test_a_picture_is_decoded_once_and_a_new_one_alone(picture_folder: Path) -> None:
    data = data_of(picture_folder)
    reader, pictures = counting(data)
    keep(reader, pictures, (32, 32), data)
    assert sorted(reader.decoded) == [picture.path for picture in pictures]
    Image.fromarray(random_picture(77)).save(picture_folder / "new.png")
    reader, more = counting(data)
    read = keep(reader, more, (32, 32), data)
    assert reader.decoded == ["new.png"]
    for picture in more:
        color, line = read(picture, (32, 32), np.random.default_rng(0))
        expected = reader.reader(picture, (32, 32), np.random.default_rng(0))
        assert np.array_equal(color, expected[0])
        assert np.array_equal(line, expected[1])
    assert reader.decoded == ["new.png"]
    read(more[0], (64, 64), np.random.default_rng(0))  # at another size, from the file
    assert reader.decoded == ["new.png", more[0].path]
    assert read.short_side(more[0]) == 48


def test_what_does_not_fit_is_read_from_its_files(picture_folder: Path, own_cache: Path) -> None:
    """40 pictures of 32 x 37 with their drawings take 190 kB."""
    for gigabytes, fits in ((0.0, False), (180e-6, False), (200e-6, True)):
        data = data_of(picture_folder, cache_gb=gigabytes)
        reader, pictures = counting(data)
        assert (keep(reader, pictures, (32, 32), data) is reader) is not fits
        assert any(own_cache.glob("*.bin")) is fits


def test_a_cache_that_cannot_be_written_costs_time_alone(picture_folder: Path, own_cache: Path) -> None:
    own_cache.parent.mkdir(exist_ok=True)
    own_cache.write_text("in the way")
    data = data_of(picture_folder)
    reader, pictures = counting(data)
    assert keep(reader, pictures, (32, 32), data) is reader


@pytest.mark.parametrize("size", [0, 5, 1000, -3])
def test_a_damaged_cache_is_made_anew(picture_folder: Path, own_cache: Path, size: int) -> None:
    data = data_of(picture_folder)
    reader, pictures = counting(data)
    keep(reader, pictures, (32, 32), data)
    (path,) = own_cache.glob("*.bin")
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    keep(reader, pictures, (32, 32), data)
    assert path.read_bytes() == whole
    assert len(reader.decoded) == 80


def test_other_settings_are_another_cache(picture_folder: Path, own_cache: Path) -> None:
    for changes, shape in (({}, (32, 32)), ({}, (32, 40)), ({"canny_low": 50}, (32, 32)), ({"line": "xdog"}, (32, 32))):
        data = data_of(picture_folder, **changes)
        reader, pictures = counting(data)
        keep(reader, pictures, shape, data)
        assert len(reader.decoded) == 40
    assert len([*own_cache.glob("*.bin")]) == 4


def test_a_worker_maps_the_file_and_is_not_sent_it(picture_folder: Path) -> None:
    data = data_of(picture_folder)
    reader, pictures = counting(data)
    read = keep(reader, pictures, (32, 32), data)
    assert isinstance(read, DecodedReader)
    expected = read.store.get(pictures[3].digest)[0]  # the file is mapped now
    sent = pickle.dumps(read.store)
    assert len(sent) < 10_000
    assert np.array_equal(pickle.loads(sent).get(pictures[3].digest)[0], expected)
