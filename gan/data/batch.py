"""What travels to the network."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from gan.arrays import Floats, Ints
from gan.config import Hints
from gan.hints.areas import AreaMap, flood_hints
from gan.hints.laws import View
from gan.hints.simulate import Draw, simulate


@dataclass(frozen=True)
class Sample:
    """One picture and its drawing.

        line: (1, H, W) in [-1, 1], white = 1; color: (3, H, W) in [-1, 1]; regions: (K, H, W) coverage in [0, 1], and
    XX"""

    line: Tensor
    color: Tensor
    regions: Tensor | None = None
    choice: Ints | None = None
    areas: AreaMap | None = None
    lost: str = ""

    @property
    def kinds(self) -> int:
        """K, or 0 where the regions are not known."""
        return 0 if self.regions is None else len(self.regions)


@dataclass(frozen=True)
class Batch:
    """Samples stacked, with their hints: all that a step and an evaluation see.

    | field   | what                                                | shape        | range                            |
    |---------|-----------------------------------------------------|--------------|----------------------------------|
    | line    | line art, dark on white                             | (B, 1, H, W) | [-1, 1], white = 1               |
    | hint    | hint colour, and the mask of the hinted pixels      | (B, 4, H, W) | RGB in [-1, 1], 0 where there is |
    |         | (`gan.hints.encoding`)                              |              | no hint; mask 0 or 1             |
    | color   | the true picture, sRGB                              | (B, 3, H, W) | [-1, 1]                          |
    | regions | coverage of each region that can be recoloured,     | (B, K, H, W) | [0, 1]                           |
    |         | or None where regions are not known                 |              |                                  |
    | flood   | the hints flooded to the lines, and how surely      | (B, 4, H, W) | RGB in [-1, 1], 0 where no hint  |
    |         | (`gan.hints.areas`), or None without hints.flood    |              | reaches; confidence in [0, 1]    |
    | noise   | what a sampler draws with, or None without          | (B, Z)       | N(0, 1)                          |
    |         | generator.noise                                     |              |                                  |

    All are float32, and on one device. `areas` are those of each drawing, where hints are flooded to them.
    """

    line: Tensor
    hint: Tensor
    color: Tensor
    regions: Tensor | None
    flood: Tensor | None = None
    areas: tuple[AreaMap, ...] = ()
    noise: Tensor | None = None

    @property
    def condition(self) -> Tensor:
        """(B, 5, H, W), with `flood` (B, 9, H, W): what both networks are given."""
        return torch.cat([self.line, self.hint] + ([] if self.flood is None else [self.flood]), dim=1)

    @property
    def given(self) -> tuple[Tensor, ...]:
        """What the generator is given: `condition`, and where it draws `noise`."""
        return (self.condition,) if self.noise is None else (self.condition, self.noise)

    def with_hints(self, hint: Tensor) -> "Batch":
        """The same drawings with other hints, which are flooded anew."""
        flood = None if self.flood is None else flood_hints(hint, self.areas)
        return replace(self, hint=hint, flood=flood)

    def __len__(self) -> int:
        return len(self.line)

    def to(self, device: torch.device) -> "Batch":
        """The batch on a device; on its way to the processor it has arrived when this returns."""
        background = device.type != "cpu"
        return self._each(lambda part: part.to(device, non_blocking=background))

    def pin_memory(self) -> "Batch":
        """The batch in page-locked memory, from where it travels to a GPU in the background."""
        return self._each(Tensor.pin_memory)

    def _each(self, change: Callable[[Tensor], Tensor]) -> "Batch":
        optional = (self.regions, self.flood, self.noise)
        regions, flood, noise = (None if part is None else change(part) for part in optional)
        return Batch(change(self.line), change(self.hint), change(self.color), regions, flood, self.areas, noise)


Drawn = tuple[Sample, Draw, Floats]
"""A picture, the random numbers of its hints, and its (Z,) noise."""


def collate(hints: Hints, drawn: Sequence[Drawn]) -> Batch:
    """Stack samples of one size, simulate their hints, and flood them where the samples have areas."""
    samples = [sample for sample, _, _ in drawn]
    line = torch.stack([sample.line for sample in samples])
    color = torch.stack([sample.color for sample in samples])
    regions = [sample.regions for sample in samples if sample.regions is not None]
    stacked = torch.stack(regions) if regions else None
    hint = simulate(
        hints,
        [draw for _, draw, _ in drawn],
        View(line.numpy(), color.numpy(), None if stacked is None else stacked.numpy()),
    )
    areas = tuple(sample.areas for sample in samples if sample.areas is not None)
    noise = torch.from_numpy(np.stack([each for _, _, each in drawn]))
    flood = flood_hints(hint, areas) if areas else None
    return Batch(line, hint, color, stacked, flood, areas, noise if noise.shape[1] else None)
