"""From a source of pictures to batches, each draw a function of (seed, epoch, index)."""

from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset

from gan import seeds
from gan.data.batch import Sample, collate


class Pictures(Protocol):
    """One side of a data set."""

    def __len__(self) -> int: ...

    def key(self, index: int) -> str:
        """What identifies a picture, whatever its place in the list."""
        ...

    def sample(self, index: int, rng: np.random.Generator, *, training: bool) -> Sample:
        """Picture `index`, with its draws from `rng`; augmented only in training."""
        ...


class TrainingStream(Dataset[Sample]):
    """The endless stream of training pictures: position p is picture p mod N of the p div N-th shuffled epoch."""

    def __init__(self, pictures: Pictures, seed: int) -> None:
        self.pictures, self.seed = pictures, seed
        self._order = lru_cache(maxsize=2)(self._shuffled)

    def _shuffled(self, epoch: int) -> NDArray[np.int64]:
        return seeds.rng(self.seed, "order", epoch).permutation(len(self.pictures))

    def __getitem__(self, position: int) -> Sample:
        epoch, turn = divmod(position, len(self.pictures))
        index = int(self._order(epoch)[turn])
        return self.pictures.sample(index, seeds.rng(self.seed, "picture", epoch, index), training=True)
