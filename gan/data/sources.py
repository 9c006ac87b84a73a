"""From a configuration to the sides of its data set."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from torch import Tensor

from gan.arrays import Ints, Pixels
from gan.config import Augment, Experiment
from gan.data import SPLITS, Split, avatar_areas, avatars, decoded, folder, lines, pairs, shards
from gan.data import augment as augmentation
from gan.data.batch import Sample
from gan.data.fixed import spread
from gan.data.folder import Picture, Scan
from gan.data.loader import Pictures
from gan.data.readers import FolderReader, PairReader, Reader, ShardReader
from gan.data.render import CREDIT
from gan.hints.areas import area_map
from gan.ranges import from_uint8


@dataclass(frozen=True)
class DataSet:
    """The sides of a data set, and what a run keeps of where they came from."""

    sides: dict[Split, Pictures]
    summary: dict[str, Any]
    notes: list[str]
    """What a person should know: files that were not used."""


JUDGED = 16
"""Drawings of a set of pairs that are looked at: are they ink on white?"""


class FilePictures:
    """One side of a person's files (`gan.data.loader.Pictures`)."""

    def __init__(
        self,
        pictures: list[Picture],
        read: Reader,
        shape: tuple[int, int],
        augment: Augment,
        *,
        with_areas: bool = False,
    ) -> None:
        self.pictures, self.read, self.shape, self.augment = pictures, read, shape, augment
        self.with_areas = with_areas

    def __len__(self) -> int:
        return len(self.pictures)

    def key(self, index: int) -> str:
        """The digest of the file's content."""
        return self.pictures[index].digest

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        """The pictures and their drawings; in training augmented, else their middles."""
        return [self._sample(index, rng, training=training) for index, rng in zip(indices, rngs, strict=True)]

    def _sample(self, index: int, rng: np.random.Generator, *, training: bool) -> Sample:
        if training:
            loaded = augmentation.load_shape(self.shape, self.augment)
            color, line = self.read(self.pictures[index], loaded, rng)
            color, line, _ = augmentation.same_geometry(self.augment, self.shape, rng, color, line)
            line = augmentation.jitter_line(self.augment, rng, line)
        else:
            color, line = self.read(self.pictures[index], self.shape, rng)
            color, line = (augmentation.centre_crop(self.shape, part) for part in (color, line))
        areas = area_map(line, line.shape) if self.with_areas else None
        return Sample(from_uint8(line), from_uint8(color), areas=areas)

    def large(self, index: int, rng: np.random.Generator, most: int) -> tuple[Pixels, Pixels]:
        """(H, W, 3) colour and (H, W) drawing, whole and at their own size; with a short side of `most` pixels at most.

        Lines are extracted at that size.
        """
        picture = self.pictures[index]
        side = min(self.read.short_side(picture), most)
        return self.read(picture, (side, side), rng)

    def closed_forms(self, index: int, rng: np.random.Generator, known: Ints | None = None) -> dict[str, Tensor]:  # noqa: ARG002
        """Nothing: the distribution of a real picture's colours is not known."""
        return {}

    def sampler_error(self, index: int, color: Tensor) -> Tensor | None:  # noqa: ARG002
        """None, for the same reason."""
        return None


def load(experiment: Experiment) -> DataSet:
    """The data set of an experiment.

    Raises:
        RequestError: as `gan.data.avatars.load`, `gan.data.folder.scan` and `sides`, `gan.data.pairs.find`,
            `gan.data.shards.find`.
    """
    data = experiment.data
    if data.source == "avatars":
        return _avatars(experiment)
    if data.source == "pairs":
        found = pairs.find(data)
        return _judged(_files(experiment, found.scan, PairReader(found, data)))
    if data.source == "shards":
        packed = shards.find(data)
        return _files(experiment, packed.scan, ShardReader(packed.scan.root, data, packed.places))
    scanned = folder.scan(data)
    return _files(experiment, scanned, FolderReader(scanned.root, data))


def with_decoded(data: DataSet, experiment: Experiment) -> DataSet:
    """The same, its training pictures out of the cache where they fit (`gan.data.decoded`), with the same values.

    Raises:
        RequestError: a picture can no longer be read.
    """
    train = data.sides["train"]
    if not isinstance(train, FilePictures):
        return data
    loaded = augmentation.load_shape(train.shape, train.augment)
    read = decoded.keep(train.read, train.pictures, loaded, experiment.data)
    kept = FilePictures(train.pictures, read, train.shape, train.augment, with_areas=train.with_areas)
    return replace(data, sides={**data.sides, "train": kept})


def _judged(data: DataSet) -> DataSet:
    """The same, and the share of its training drawings that are ink on white: by that, new ones are prepared."""
    train = data.sides["train"]
    assert isinstance(train, FilePictures)
    read = (train.large(index, np.random.default_rng(0), lines.JUDGED_SIDE) for index in spread(train, JUDGED))
    share = float(np.mean([lines.is_ink_on_white(line) for _, line in read]))
    return replace(data, summary={**data.summary, "ink_on_white": share})


def _avatars(experiment: Experiment) -> DataSet:
    data, augment = experiment.data, experiment.augment
    characters = avatars.load(data)
    areas = avatar_areas.load(data, experiment.flood_size) if experiment.hints.flood != "none" else None
    sides: dict[Split, Pictures] = {
        split: avatars.AvatarPictures(characters, split, data.alpha, augment, data.colors, areas) for split in SPLITS
    }
    counts = {split: len(side) for split, side in sides.items()}
    return DataSet(sides, {"credit": CREDIT, "characters": counts}, [])


def _files(experiment: Experiment, scanned: Scan, read: Reader) -> DataSet:
    by_side = folder.sides(scanned.pictures, experiment.data)
    flooded, shape = experiment.hints.flood != "none", experiment.data.shape
    sides: dict[Split, Pictures] = {
        split: FilePictures(by_side[split], read, shape, experiment.augment, with_areas=flooded) for split in SPLITS
    }
    unused = bool(scanned.skipped or scanned.other)
    notes = [f"{scanned.root}: {folder.describe(scanned)}"] if unused else []
    return DataSet(sides, folder.summary(scanned, by_side), notes)
