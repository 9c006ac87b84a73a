"""The stream of training pictures: every draw a function of (seed, epoch, index), whatever the workers."""

import os
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan.config import Augment, Data, Experiment, Generator, Hints
from gan.data import sources
from gan.data.batch import Sample
from gan.data.loader import TrainingStream, training_batches, worker_count


class Numbers:
    """Pictures that say which one they are, and what their generator drew."""

    def __len__(self) -> int:
        return 10

    def key(self, index: int) -> str:
        return str(index)

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        drawn = [(float(index), rng.random(), float(training)) for index, rng in zip(indices, rngs, strict=True)]
        return [Sample(line, line.expand(3, 1, 3)) for line in torch.tensor(drawn).view(-1, 1, 1, 3)]

    def closed_forms(
        self, index: int, rng: np.random.Generator, known: NDArray[np.int64] | None = None
    ) -> dict[str, Tensor]:
        return {"median": torch.full((3, 1, 3), float(index))}


def test_every_epoch_is_a_new_permutation_and_a_new_draw() -> None:
    stream = TrainingStream(Numbers(), 3, Hints())
    epochs = [[stream[10 * epoch + turn][0].line.flatten() for turn in range(10)] for epoch in range(3)]
    orders = [[int(line[0]) for line in epoch] for epoch in epochs]
    assert all(sorted(order) == list(range(10)) for order in orders)
    assert len({tuple(order) for order in orders}) == 3
    draws = [float(line[1]) for epoch in epochs for line in epoch]
    assert len(set(draws)) == 30
    again = TrainingStream(Numbers(), 3, Hints())
    assert [float(again[position][0].line[0, 0, 1]) for position in range(30)] == draws
    assert [float(TrainingStream(Numbers(), 4, Hints())[position][0].line[0, 0, 1]) for position in range(30)] != draws


def test_a_resumed_stream_goes_on_where_it_stopped() -> None:
    experiment = Experiment(batch_size=4)
    whole = [batch.line for batch in training_batches(Numbers(), experiment, 0, 7)]
    resumed = [batch.line for batch in training_batches(Numbers(), experiment, 5, 7)]
    assert len(whole) == 7
    torch.testing.assert_close(torch.stack(whole[5:]), torch.stack(resumed))
    counts = Counter(int(line[0, 0, 0]) for batch in whole[:5] for line in batch)
    assert set(counts.values()) == {2}  # 5 batches of 4 are two epochs of 10


def test_batches_may_be_larger_than_the_data() -> None:
    (batch,) = training_batches(Numbers(), Experiment(batch_size=25), 0, 1)
    counts = Counter(batch.line[:, 0, 0, 0].int().tolist())
    assert len(batch) == 25
    assert set(counts.values()) == {2, 3}


def test_the_number_of_workers_changes_nothing(picture_folder: Path) -> None:
    data = Data(source="folder", root=str(picture_folder), line="mix", size=32)
    augment = Augment(flip=0.5, crop=0.2, rotate=5, line_noise=0.1, line_dropout=0.5)
    batches = {}
    for workers in (0, 2):
        experiment = Experiment(
            data=replace(data, workers=workers), augment=augment, batch_size=4, hints=Hints(kind="zhang2017")
        )
        pictures = sources.load(experiment).sides["train"]
        batches[workers] = [
            (batch.line, batch.color, batch.hint) for batch in training_batches(pictures, experiment, 0, 12)
        ]
    for one, other in zip(batches[0], batches[2], strict=True):
        assert all((part == same).all() for part, same in zip(one, other, strict=True))
    assert any((hint != 0).any() for _, _, hint in batches[0])


class Fatal(Numbers):
    """Pictures one of which takes the process with it that prepares it, as one that finds no memory is killed."""

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        if 7 in indices:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().samples(indices, rngs, training=training)


class Faulty(Numbers):
    """Pictures whose preparation has a defect."""

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        raise EOFError("a defect")


def test_a_lost_worker_is_named() -> None:
    with pytest.raises(
        ChildProcessError, match=r"has ended, perhaps for want of memory .*; data\.workers=0 needs none"
    ):
        [*training_batches(Fatal(), Experiment(batch_size=2, data=Data(workers=2)), 0, 5)]


@pytest.mark.parametrize("workers", [0, 1])
def test_a_defect_is_not_taken_for_a_lost_worker(workers: int) -> None:
    with pytest.raises(EOFError, match="a defect"):
        [*training_batches(Faulty(), Experiment(batch_size=2, data=Data(workers=workers)), 0, 5)]


@pytest.mark.slow
def test_workers_chosen_by_the_source() -> None:
    assert worker_count(Experiment()) == 0
    assert worker_count(Experiment(data=Data(source="folder", root="x", line="canny"))) >= 1
    assert worker_count(Experiment(data=Data(workers=3))) == 3


@pytest.mark.slow
def test_ranks_together_see_what_one_sees() -> None:
    experiment = Experiment(batch_size=12)
    whole = [batch.line for batch in training_batches(Numbers(), experiment, 3, 6)]
    for count in (2, 3, 12):
        parts = [
            [batch.line for batch in training_batches(Numbers(), experiment, 3, 6, rank=rank, ranks=count)]
            for rank in range(count)
        ]
        assert {len(line) for lines in parts for line in lines} == {12 // count}
        joined = [torch.cat(lines) for lines in zip(*parts, strict=True)]
        assert all(torch.equal(one, other) for one, other in zip(joined, whole, strict=True))
    assert len(whole) == 3


def test_noise_is_normal_and_new_for_every_picture_of_every_epoch() -> None:
    stream = TrainingStream(Numbers(), 3, Hints(), noise=200)
    draws = np.stack([stream[position][2] for position in range(20)])  # two epochs
    assert draws.shape == (20, 200)
    assert abs(draws.mean()) < 0.05
    assert draws.std() == pytest.approx(1, abs=0.05)
    assert np.abs(np.corrcoef(draws) - np.eye(20)).max() < 0.35
    again = TrainingStream(Numbers(), 3, Hints(), noise=200)
    assert np.array_equal(again[17][2], draws[17])  # a function of seed and position: a resumed run draws the same
    assert not np.array_equal(TrainingStream(Numbers(), 4, Hints(), noise=200)[17][2], draws[17])


def test_a_batch_carries_the_noise_of_its_pictures() -> None:
    experiment = Experiment(batch_size=4, generator=Generator(noise=3, colors=4))
    stream = TrainingStream(Numbers(), 0, Hints(), noise=15)
    *_, last = training_batches(Numbers(), experiment, 0, 3)
    assert last.noise is not None
    assert torch.equal(last.noise, torch.from_numpy(np.stack([stream[position][2] for position in range(8, 12)])))
    assert torch.equal(last.to(torch.device("cpu")).noise, last.noise)
    (plain,) = training_batches(Numbers(), Experiment(batch_size=4), 0, 1)
    assert plain.noise is None
