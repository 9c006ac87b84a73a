"""The fixed pictures of an evaluation, with frozen hints: the same at every call, whatever the batch size.

The colours of a controlled picture are a function of the seed and the picture. Where its hints lie is a function of the
picture and their number alone, and nested: the first two of five are the two.
"""

from collections.abc import Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gan import seeds
from gan.arrays import Ints
from gan.config import Hints
from gan.data.batch import Batch, Sample, collate
from gan.data.loader import Pictures
from gan.hints.laws import CORE
from gan.hints.simulate import draw

EVALUATION_BATCH = 32
"""Pictures at once in an evaluation; changes no result."""


@dataclass(frozen=True)
class Scored:
    """A batch of fixed pictures with what they are measured against."""

    batch: Batch
    closed: Mapping[str, Tensor]
    """Name -> (B, 3, H, W) closed-form pictures in [-1, 1], given the drawing and the hints."""
    placebo: Tensor
    """(B, 4, H, W) as many hints, each from the next picture."""
    palette: bool = True
    """Whether the regions' colours, where regions are known, are those of the palettes."""

    def to(self, device: torch.device) -> "Scored":
        """The same on a device."""
        closed = {name: picture.to(device) for name, picture in self.closed.items()}
        return Scored(self.batch.to(device), closed, self.placebo.to(device), self.palette)


@dataclass(frozen=True)
class FixedPictures:
    """Some pictures of one side of a data set, to be measured again and again.

    indices: which ones. seed: of the colours and the noise. hints: how they are hinted. noise: numbers a picture.
    """

    pictures: Pictures
    indices: range
    seed: int
    hints: Hints
    batch_size: int
    noise: int = 0

    def __len__(self) -> int:
        return len(self.indices)

    def at(self, count: int, *, closed: bool, variant: int = 0) -> Iterator[Scored]:
        """The pictures, unaugmented and in order, with `count` hints each; with their closed forms, or without.

        variant: which of the draws of noise.
        """
        for start in range(0, len(self), self.batch_size):
            places = [*range(start, min(start + self.batch_size, len(self)))]
            others = [(place + 1) % len(self) for place in places]
            samples = self._samples([*dict.fromkeys(places + others)])
            batch = self._batch(places, samples, count, variant)
            known = self.hints.kind == "regions" or count == 0  # a patch over two regions gives neither colour away
            forms = self._closed(places, samples, batch) if closed and known else {}
            palette = all(samples[place].choice is not None for place in places)
            yield Scored(batch, forms, self._batch(others, samples, count).hint, palette)

    def redrawn(self, draw: int) -> Iterator[Tensor]:
        """(B, 3, H, W) the same drawings in true colours drawn anew: what a perfect sampler answers without hints."""
        for start in range(0, len(self), self.batch_size):
            indices = [*self.indices[start : start + self.batch_size]]
            rngs = [seeds.rng(self.seed, "redrawn", self.pictures.key(index), draw) for index in indices]
            yield torch.stack([each.color for each in self.pictures.samples(indices, rngs, training=False)])

    def sampler_errors(self, batch: Batch, start: int) -> Tensor | None:
        """(B, H, W) expected error of a perfect sampler without hints, of a batch of `at` that begins at `start`."""
        indices = self.indices[start : start + len(batch)]
        errors = [self.pictures.sampler_error(index, color) for index, color in zip(indices, batch.color, strict=True)]
        known = [error for error in errors if error is not None]
        return torch.stack(known) if len(known) == len(errors) else None

    def _samples(self, places: Sequence[int]) -> dict[int, Sample]:
        indices, rngs = [self.indices[place] for place in places], [self._rng("evaluate", place) for place in places]
        return dict(zip(places, self.pictures.samples(indices, rngs, training=False), strict=True))

    def _rng(self, purpose: str, place: int) -> np.random.Generator:
        return seeds.rng(self.seed, purpose, self.pictures.key(self.indices[place]))

    def _batch(self, places: Sequence[int], samples: Mapping[int, Sample], count: int, variant: int = 0) -> Batch:
        drawn = []
        for place in places:
            key = self.pictures.key(self.indices[place])
            hints = draw(self.hints, seeds.rng(0, "frozen hints", key), samples[place].kinds, count)
            noise = seeds.normal(self.noise, self.seed, "frozen noise", key, variant)
            drawn.append((samples[place], hints, noise))
        return collate(self.hints, drawn)

    def _closed(self, places: Sequence[int], samples: Mapping[int, Sample], batch: Batch) -> dict[str, Tensor]:
        known = _known(batch, [samples[place] for place in places])
        forms = [
            self.pictures.closed_forms(self.indices[place], self._rng("sampler", place), given)
            for place, given in zip(places, known, strict=True)
        ]
        return {name: torch.stack([form[name] for form in forms]) for name in forms[0]}


def hinted_regions(batch: Batch) -> Tensor:
    """(B, K) booleans: a hint lies on a region's core; regions must be known."""
    assert batch.regions is not None
    return ((batch.regions >= CORE) & (batch.hint[:, 3:] > 0)).flatten(2).any(dim=2)


def hint_colors(batch: Batch) -> Tensor:
    """(B, K, 3) mean colour in [-1, 1] of the hints on each region's core, 0 where there is none."""
    assert batch.regions is not None
    on = ((batch.regions >= CORE) & (batch.hint[:, 3:] > 0)).float()
    return torch.einsum("bkhw,bchw->bkc", on, batch.hint[:, :3]) / on.sum(dim=(2, 3)).clamp_min(1)[..., None]


def _known(batch: Batch, samples: Sequence[Sample]) -> list[Ints | None]:
    """The palette index of each region that a hint gives away, -1 for the others; None where there is no palette."""
    if batch.regions is None or any(sample.choice is None for sample in samples):
        return [None] * len(batch)
    given = hinted_regions(batch).numpy()
    choices = [sample.choice for sample in samples if sample.choice is not None]
    return [np.where(row, choice, -1) for row, choice in zip(given, choices, strict=True)]


class CachedPictures:
    """Pictures that are read once and kept (`gan.data.loader.Pictures`): only for draws that are always the same."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.kept: dict[int, Sample] = {}
        self.forms: dict[tuple[int, bytes], dict[str, Tensor]] = {}

    def __len__(self) -> int:
        return len(self.pictures)

    def key(self, index: int) -> str:
        """That of the pictures behind it."""
        return self.pictures.key(index)

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        """The samples of the first call; the generators matter then alone."""
        new = {index: rng for index, rng in zip(indices, rngs, strict=True) if index not in self.kept}
        if new:
            self.kept |= zip(new, self.pictures.samples([*new], [*new.values()], training=training), strict=True)
        return [self.kept[index] for index in indices]

    def closed_forms(self, index: int, rng: np.random.Generator, known: Ints | None = None) -> dict[str, Tensor]:
        """The forms of the first call with the same `known`; `rng` matters then alone."""
        key = index, b"" if known is None else known.tobytes()
        if key not in self.forms:
            self.forms[key] = self.pictures.closed_forms(index, rng, known)
        return self.forms[key]

    def sampler_error(self, index: int, color: Tensor) -> Tensor | None:
        """That of the pictures behind it."""
        return self.pictures.sampler_error(index, color)


def spread(pictures: Sized, count: int) -> range:
    """At most `count` indices of pictures, evenly spaced."""
    stride = max(1, len(pictures) // count)
    return range(0, len(pictures), stride)[:count]
