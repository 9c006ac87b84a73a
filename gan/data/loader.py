"""From a source of pictures to batches, each draw a function of (seed, epoch, index)."""

import os
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from gan import seeds
from gan.arrays import Ints
from gan.config import Experiment, Hints
from gan.data.batch import Batch, Drawn, Sample, collate
from gan.data.patience import Tally
from gan.data.processes import CONTEXT
from gan.errors import RequestError
from gan.hints.simulate import draw


class Pictures(Protocol):
    """One side of a data set."""

    def __len__(self) -> int: ...

    def key(self, index: int) -> str:
        """What identifies a picture, whatever its place in the list."""
        ...

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        """Some pictures, each with its draws from its own generator; augmented only in training."""
        ...

    def closed_forms(self, index: int, rng: np.random.Generator, known: Ints | None = None) -> dict[str, Tensor]:
        """Name -> (3, H, W) best answers in [-1, 1] given the drawing; empty where they cannot be computed.

        known: (K,) palette index of each region that a hint gives away, -1 for the others; None: no hints.
        """
        ...

    def sampler_error(self, index: int, color: Tensor) -> Tensor | None:
        """(H, W) expected absolute error of the closed-form sampler without hints, in [0, 1]; None where none is known.

        color: (3, H, W) in [-1, 1], the true picture.
        """
        ...


class TrainingStream(Dataset[Drawn]):
    """The endless stream of training pictures: position p is picture p mod N of the p div N-th shuffled epoch."""

    def __init__(self, pictures: Pictures, seed: int, hints: Hints, noise: int = 0) -> None:
        self.pictures, self.seed, self.hints, self.noise = pictures, seed, hints, noise
        self._epoch, self._order = -1, np.empty(0, np.int64)

    def _order_of(self, epoch: int) -> Ints:
        if epoch != self._epoch:
            self._epoch, self._order = epoch, seeds.rng(self.seed, "order", epoch).permutation(len(self.pictures))
        return self._order

    def __getitem__(self, position: int) -> Drawn:
        return self.__getitems__([position])[0]

    def __getitems__(self, positions: Sequence[int]) -> list[Drawn]:
        """A batch at once, for which PyTorch's loader asks where it is there."""
        turns = [divmod(position, len(self.pictures)) for position in positions]
        places = [(epoch, int(self._order_of(epoch)[turn])) for epoch, turn in turns]
        rngs = [seeds.rng(self.seed, "picture", *place) for place in places]
        samples = self.pictures.samples([index for _, index in places], rngs, training=True)
        return [
            (
                sample,
                draw(self.hints, seeds.rng(self.seed, "hints", *place), sample.kinds),
                seeds.normal(self.noise, self.seed, "noise", *place),
            )
            for sample, place in zip(samples, places, strict=True)
        ]


def training_batches(
    pictures: Pictures, experiment: Experiment, first_step: int, last_step: int, *, rank: int = 0, ranks: int = 1
) -> Iterator[Batch]:
    """The batches of steps first_step to last_step - 1; the same whatever the number of workers.

    Of several ranks, among which batch_size is divided, each has its own part: together they see what one would.

    Raises:
        RequestError: a picture can no longer be read.
        ChildProcessError: a worker has ended before its time.
    """
    size, share = experiment.batch_size, experiment.batch_size // ranks
    starts = (step * size + rank * share for step in range(first_step, last_step))
    workers = worker_count(experiment)
    loader = DataLoader(
        TrainingStream(pictures, experiment.seed, experiment.hints, experiment.generator.numbers),
        batch_sampler=([*range(start, start + share)] for start in starts),
        collate_fn=partial(_collate, experiment.hints),
        num_workers=workers,
        multiprocessing_context=CONTEXT if workers else None,
        pin_memory=torch.cuda.is_available(),
        worker_init_fn=_prepare_worker,
    )
    tally = Tally(len(pictures))
    try:
        for batch, lost in loader:
            tally.add(lost)
            yield batch
    except RequestError as error:  # out of a worker it comes with a traceback
        raise RequestError(str(error).strip().splitlines()[-1].rpartition("RequestError: ")[2]) from error
    except (RuntimeError, EOFError, ConnectionError) as error:
        if not (workers and _is_of_a_lost_worker(error)):
            raise
        raise ChildProcessError(
            "a process that prepares pictures has ended, perhaps for want of memory or of room in /dev/shm; "
            "data.workers=0 needs none"
        ) from error


def _is_of_a_lost_worker(error: Exception) -> bool:
    """Whether the loader says so itself; what is raised within a worker is handed on as "Caught ... in DataLoader"."""
    said = str(error)
    return said.startswith("DataLoader worker (pid") if isinstance(error, RuntimeError) else "Caught " not in said


def _collate(hints: Hints, drawn: Sequence[Drawn]) -> tuple[Batch, list[str]]:
    """A batch, and why others stand in for some of its pictures."""
    return collate(hints, drawn), [sample.lost for sample, _, _ in drawn if sample.lost]


def worker_count(experiment: Experiment) -> int:
    """Processes that prepare pictures: as configured, or chosen by what a picture costs."""
    if experiment.data.workers != "auto":
        return experiment.data.workers
    return 0 if experiment.data.source == "avatars" else min(os.cpu_count() or 1, 8)


def _prepare_worker(worker: int) -> None:  # noqa: ARG001 -- the loader's signature
    warnings.filterwarnings("ignore", module=r"PIL\.")  # as in `gan.log.configure`
    cv2.setNumThreads(0)  # the workers are the parallelism
