"""What travels to the network."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan.hints import no_hints


@dataclass(frozen=True)
class Sample:
    """One picture and its drawing.

    line: (1, H, W) in [-1, 1], white = 1; color: (3, H, W) in [-1, 1]; regions: (K, H, W) coverage in [0, 1], or None
    where the regions of a picture are not known.
    """

    line: Tensor
    color: Tensor
    regions: Tensor | None


@dataclass(frozen=True)
class Batch:
    """Samples stacked, with their hints: hint is (B, 4, H, W), see `gan.hints`."""

    line: Tensor
    hint: Tensor
    color: Tensor
    regions: Tensor | None

    @property
    def condition(self) -> Tensor:
        """(B, 5, H, W): what the generator is given."""
        return torch.cat([self.line, self.hint], dim=1)

    def __len__(self) -> int:
        return len(self.line)

    def to(self, device: torch.device) -> "Batch":
        """The batch on a device."""
        regions = None if self.regions is None else self.regions.to(device, non_blocking=True)
        line, hint, color = (part.to(device, non_blocking=True) for part in (self.line, self.hint, self.color))
        return Batch(line, hint, color, regions)

    def pin_memory(self) -> "Batch":
        """The batch in page-locked memory, from where it travels to a GPU in the background."""
        regions = None if self.regions is None else self.regions.pin_memory()
        return Batch(self.line.pin_memory(), self.hint.pin_memory(), self.color.pin_memory(), regions)


def collate(samples: list[Sample]) -> Batch:
    """Stack samples of one size."""
    line = torch.stack([sample.line for sample in samples])
    color = torch.stack([sample.color for sample in samples])
    regions = [sample.regions for sample in samples if sample.regions is not None]
    return Batch(line, no_hints(line), color, torch.stack(regions) if regions else None)
