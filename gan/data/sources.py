"""From a configuration to the sides of its data set."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from torch import Tensor

from gan.arrays import Ints, Pixels
from gan.config import Augment, Data, Experiment
from gan.config.data import Splitting
from gan.data import SPLITS, Digests, Split, avatar_areas, avatars, decoded, folder, lines, pairs, shards
from gan.data import augment as augmentation
from gan.data.batch import Sample
from gan.data.fixed import spread
from gan.data.folder import Picture, Scan
from gan.data.loader import Pictures
from gan.data.patience import SHARE, PatientReader, most_missing
from gan.data.readers import FolderReader, PairReader, Reader, ShardReader
from gan.data.render import CREDIT
from gan.data.split import divide
from gan.errors import RequestError
from gan.hints.areas import area_map
from gan.ranges import from_uint8

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class DataSet:
    """The sides of a data set, and what a run keeps of where they came from."""

    sides: dict[Split, Pictures]
    summary: dict[str, Any]
    notes: list[str]
    """What a person should know: files that were not used, and what decided the sides."""
    split: Splitting = "hash"
    """What decided the sides of a `data.split=auto`."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path below the summary's `root` of each file that is read -> its digest, or "" where that is not known."""


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
        self.missing: set[int] = set()

    def __len__(self) -> int:
        return len(self.pictures)

    def key(self, index: int) -> str:
        """The digest of the file's content."""
        return self.pictures[index].digest

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        """The pictures and their drawings; in training augmented, else their middles.

        With a patient reader, the next picture that can be read stands in for one that no longer can be.

        Raises:
            RequestError: one cannot be read; or, with a patient reader, too many.
        """
        take = self._sample_or_next if isinstance(self.read, PatientReader) else self._sample
        return [take(index, rng, training=training) for index, rng in zip(indices, rngs, strict=True)]

    def _sample_or_next(self, index: int, rng: np.random.Generator, *, training: bool) -> Sample:
        lost = ""
        for place in (*range(index, len(self)), *range(index)):
            try:
                sample = self._sample(place, rng, training=training)
            except RequestError as error:
                if place not in self.missing and not training:
                    logger.warning("left out, and its neighbour stands in for it: %s", error)
                self.missing.add(place)
                lost = lost or str(error)
                if len(self.missing) > most_missing(len(self)):
                    count = f"{len(self.missing)} of {len(self)} pictures of a side"
                    raise RequestError(f"{error}; {count} are missing, more than {SHARE:.0%}") from error
            else:
                self.missing.discard(place)
                return replace(sample, lost=lost)
        raise AssertionError("more pictures are missing than there are")

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


@dataclass(frozen=True)
class Found:
    """What a source of files holds, before it is divided."""

    scan: Scan
    read: Reader
    split: Splitting
    files: dict[str, str]


def load(experiment: Experiment, begun: Digests | None = None, *, patient: bool = False) -> DataSet:
    """The data set of an experiment.

    Args:
        experiment: which.
        begun: the sides of a run that goes on, or is evaluated, which its pictures keep.
        patient: whether pictures that later cannot be read are waited for and left out (`gan.data.patience`).

    Raises:
        RequestError: as `gan.data.avatars.load`, `gan.data.folder.scan`, `gan.data.pairs.find`,
            `gan.data.shards.find` and `gan.data.split.divide`.
    """
    if experiment.data.source == "avatars":
        return _avatars(experiment)
    found = _find(experiment.data)
    divided = _divided(experiment, replace(found, read=PatientReader(found.read)) if patient else found, begun)
    return _judged(divided) if experiment.data.source == "pairs" else divided


def _find(data: Data) -> Found:
    if data.source == "shards":
        packed = shards.find(data)
        read = ShardReader(packed.scan.root, data, packed.places)
        return Found(packed.scan, read, packed.split, {place.shard: "" for place in packed.places.values()})
    paired = pairs.find(data) if data.source == "pairs" else None
    scanned = paired.scan if paired else folder.scan(data)
    files = {picture.path: picture.digest for picture in scanned.pictures}
    if paired:
        return Found(scanned, PairReader(paired, data), data.split, files | dict.fromkeys(paired.lines.values(), ""))
    return Found(scanned, FolderReader(scanned.root, data), data.split, files)


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


def _divided(experiment: Experiment, found: Found, begun: Digests | None) -> DataSet:
    divided = divide(found.scan.pictures, replace(experiment.data, split=found.split), begun)
    flooded, shape = experiment.hints.flood != "none", experiment.data.shape
    sides: dict[Split, Pictures] = {
        side: FilePictures(divided.sides[side], found.read, shape, experiment.augment, with_areas=flooded)
        for side in SPLITS
    }
    used = replace(found.scan, skipped=found.scan.skipped | divided.left_out)
    notes = divided.notes + folder.notes(used)
    return DataSet(sides, folder.summary(used, divided.sides), notes, divided.by, found.files)
