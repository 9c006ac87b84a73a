"""Pictures that cannot be read while a run trains: waited for, then left out, up to a share."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from gan import seeds
from gan.config import Augment, Data, Experiment, Hints
from gan.data import patience, sources
from gan.data.loader import training_batches
from gan.data.patience import PatientReader, Tally, most_missing
from gan.data.sources import FilePictures
from gan.errors import RequestError

WAITED = [0.1, 0.5, 2.0]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, in place of waiting."""
    waited: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", waited.append)
    return waited


@pytest.fixture
def experiment(picture_folder: Path) -> Experiment:
    data = Data(source="folder", root=str(picture_folder), line="mix", size=32, workers=0, val_fraction=0.2)
    augment = Augment(flip=0.5, crop=0.2, line_noise=0.1)
    return Experiment(data=data, augment=augment, batch_size=4, hints=Hints(kind="strokes"))


def train_side(experiment: Experiment) -> FilePictures:
    side = sources.load(experiment, patient=True).sides["train"]
    assert isinstance(side, FilePictures)
    return side


def colors(side: FilePictures, indices: list[int], *, training: bool = False) -> list[torch.Tensor]:
    rngs = [seeds.rng(0, index) for index in indices]
    return [sample.color for sample in side.samples(indices, rngs, training=training)]


def test_a_picture_that_is_gone_for_a_moment_is_read(
    experiment: Experiment, picture_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = train_side(experiment)
    (expected,) = colors(side, [3], training=True)
    path, waited = picture_folder / side.pictures[3].path, []
    content = path.read_bytes()
    path.unlink()

    def back_after_two(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            path.write_bytes(content)

    monkeypatch.setattr(patience.time, "sleep", back_after_two)
    (sample,) = side.samples([3], [seeds.rng(0, 3)], training=True)
    assert torch.equal(sample.color, expected)
    assert (sample.lost, waited) == ("", WAITED[:2])


def test_one_that_stays_away_is_left_out_until_it_is_back(
    experiment: Experiment, picture_folder: Path, waits: list[float]
) -> None:
    side = train_side(experiment)
    others = colors(side, [2, 4, 4])
    path = picture_folder / side.pictures[3].path
    content = path.read_bytes()
    path.write_bytes(b"half a picture")
    for turn in range(3):  # waited for once, then asked once at each turn
        samples = side.samples([2, 3, 4], [seeds.rng(0)] * 3, training=False)
        assert all(torch.equal(sample.color, other) for sample, other in zip(samples, others, strict=True)), turn
        assert [sample.lost.startswith(f"{path} could be read") for sample in samples] == [False, True, False]
    assert waits == WAITED
    path.write_bytes(content)
    (sample,) = side.samples([3], [seeds.rng(0)], training=False)
    assert not torch.equal(sample.color, others[1])
    assert sample.lost == ""
    path.unlink()
    side.samples([3], [seeds.rng(0)], training=False)
    assert waits == WAITED * 2


def test_the_first_stands_in_for_the_last(experiment: Experiment, picture_folder: Path, waits: list[float]) -> None:
    side = train_side(experiment)
    last = len(side) - 1
    (first,) = colors(side, [0])
    (picture_folder / side.pictures[last].path).unlink()
    assert torch.equal(colors(side, [last])[0], first)
    assert waits == WAITED


def test_above_a_small_share_it_stops(experiment: Experiment, picture_folder: Path, waits: list[float]) -> None:
    assert [most_missing(count) for count in (3, 199, 200, 5000)] == [1, 1, 2, 50]
    side = train_side(experiment)
    count = len(side)
    for index in (3, 5):
        (picture_folder / side.pictures[index].path).unlink()
    side.samples([2, 3, 4], [seeds.rng(0)] * 3, training=True)
    with pytest.raises(RequestError, match=rf"be read .*; 2 of {count} pictures of a side are missing, more than 1%"):
        side.samples([5], [seeds.rng(0)], training=True)
    assert len(waits) == 6


def test_whoever_is_not_patient_stops_at_once(experiment: Experiment, picture_folder: Path, waits: list[float]) -> None:
    side = sources.load(experiment).sides["test"]
    (picture_folder / side.pictures[0].path).unlink()  # type: ignore[attr-defined]
    with pytest.raises(RequestError, match="could be read when data"):
        side.samples([0], [seeds.rng(0)], training=False)
    assert waits == []


@pytest.mark.slow
@pytest.mark.parametrize("workers", [0, 1])
def test_the_rest_of_a_training_is_as_it_was(
    experiment: Experiment, picture_folder: Path, workers: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Every place of the stream whose picture is there has the very picture and hints; what is missing is said once."""
    experiment = replace(experiment, data=replace(experiment.data, workers=workers))
    side = train_side(experiment)
    steps = 2 * len(side) // 4 + 1
    whole = list(training_batches(side, experiment, 0, steps))
    (picture_folder / side.pictures[3].path).unlink()
    with caplog.at_level(logging.WARNING, "gan"):
        partial = list(training_batches(train_again(side), experiment, 0, steps))
    different = [
        not torch.equal(one.color[place], other.color[place])
        for one, other in zip(whole, partial, strict=True)
        for place in range(4)
    ]
    order = [*seeds.rng(0, "order", 0).permutation(len(side)), *seeds.rng(0, "order", 1).permutation(len(side))]
    assert different[: len(order)] == [index == 3 for index in order]
    (line,) = caplog.messages
    assert side.pictures[3].path in line
    assert line.endswith(f"(1 of {len(side)} training pictures so far)")


def train_again(side: FilePictures) -> FilePictures:
    """The same pictures, of which none is known to be missing."""
    assert isinstance(side.read, PatientReader)
    return FilePictures(side.pictures, PatientReader(side.read.files), side.shape, side.augment)


def test_they_are_counted_and_said_when_they_have_doubled(caplog: pytest.LogCaptureFixture) -> None:
    tally = Tally(1000)
    with caplog.at_level(logging.WARNING, "gan"):
        for number in range(9):
            tally.add([f"{number}.png", "0.png"])
    counts = [line.split("(")[1].split(" of")[0] for line in caplog.messages]
    assert counts == ["1", "2", "4", "8"]


def test_a_reader_of_what_is_there_waits_for_nothing(experiment: Experiment, waits: list[float]) -> None:
    plain, patient = (sources.load(experiment, patient=each).sides["train"] for each in (False, True))
    one, other = (
        [sample.color for sample in side.samples([*range(8)], [np.random.default_rng(5)] * 8, training=True)]
        for side in (plain, patient)
    )
    assert all(torch.equal(*pair) for pair in zip(one, other, strict=True))
    assert waits == []
