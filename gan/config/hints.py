"""The colour hints of an experiment."""

from dataclasses import dataclass
from typing import Literal

from gan.config import plain
from gan.config.checks import check, check_share
from gan.config.data import Auto

HintKind = Literal["none", "regions", "points", "strokes", "zhang2017", "alacgan2018", "paintstorch2019"]
MOST_HINTS = 400
"""Most hints of a picture."""


@dataclass(frozen=True)
class Hints:
    """The colour hints that are simulated from the true picture (`gan.hints.simulate`)."""

    kind: HintKind = "none"
    """none; regions: dabs inside regions (avatars); points: patches in their mean colour; strokes; or a published law:
    zhang2017, alacgan2018, paintstorch2019."""
    without: float | None = None
    """Share of training pictures without any hint, besides those that the law leaves without; none: as the law has
    it."""
    share: float | None = None
    """Regions: probability that a region is hinted; none: the number of hinted regions is uniform."""
    dab: tuple[int, int] = (5, 9)
    """Regions: least and most of a dab's side, in pixels."""
    dabs: tuple[int, int] = (1, 5)
    """Regions: fewest and most dabs in a hinted region."""
    counts: tuple[int, ...] | Auto = "auto"
    """Numbers of hints to evaluate at; auto: 0 to the number of regions, or 0 1 2 5 10 20."""
    flood: Literal["none", "lines"] = "none"
    """lines: the network is given the hints flooded to the drawing's closed areas, too, in four more channels."""
    flood_size: int | Auto = "auto"
    """Avatars: size in pixels at which those areas are found, as thin strands vanish at the network's; auto: four times
    data.size."""

    def __post_init__(self) -> None:
        plain.check_types(self, "hints")
        if self.without is not None:
            check_share("hints.without", self.without)
        if self.share is not None:
            check_share("hints.share", self.share)
        for name, (least, most) in {"dab": self.dab, "dabs": self.dabs}.items():
            check(1 <= least <= most, f"hints.{name} ({least} {most}) must be two numbers from 1 up, the smaller first")
        if self.counts != "auto":
            check(len(self.counts) > 0, "hints.counts must name a number of hints")
            for count in self.counts:
                check(0 <= count <= MOST_HINTS, f"hints.counts ({count}) must lie between 0 and {MOST_HINTS}")
        if self.flood_size != "auto":
            check(8 <= self.flood_size <= 4096, f"hints.flood_size ({self.flood_size}) must lie between 8 and 4096")
        check(self.flood == "none" or self.kind != "none", "hints.flood (lines) needs hints.kind")
