"""What is known of a prepared drawing whatever its hints are, once for any number of colourings."""

from dataclasses import dataclass

import torch
from scipy.sparse import csr_array

from gan.arrays import Ints, Pixels
from gan.colorize.enlarge import Grid, grid_of
from gan.colorize.pointing import Areas, areas_of, look
from gan.hints.areas import borders
from gan.hints.placement import Frame
from gan.models.pointer import Pointer
from gan.ranges import from_uint8


@dataclass(frozen=True)
class Survey:
    """The closed areas of a drawing, and what a network says of them.

    grid: how they lie on the network's picture. borders: between them, for a network that is given flooded hints.
    areas: what a network that points says of them.
    """

    grid: Grid
    borders: csr_array | None
    areas: Areas | None

    @property
    def area(self) -> Ints:
        """(H, W) closed areas, from 0 on."""
        return self.grid.area

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.grid.nbytes + (0 if self.areas is None else self.areas.nbytes)


def survey(
    line: Pixels,
    area: Ints,
    padded: Pixels,
    frame: Frame,
    *,
    pointer: Pointer | None,
    flooded: bool,
    device: torch.device,
    noise: tuple[torch.Tensor, ...] = (),
) -> Survey:
    """Survey an (H, W) drawing with the closed areas `area`, which a network sees as `padded`.

    Args:
        line, area: of the drawing.
        padded, frame: the network's picture of it, and where the drawing lies in that.
        pointer: the network, if it points and each area is to take one colour.
        flooded: the network is given flooded hints.
        device: of the network.
        noise: for a network that draws, (1, Z) on the device.
    """
    grid = grid_of(line, area, (frame.rows, frame.columns))
    between = borders(line, grid.area, len(grid.thin)) if flooded else None
    if pointer is None:
        return Survey(grid, between, None)
    window = slice(frame.top, frame.top + frame.rows), slice(frame.left, frame.left + frame.columns)
    seen = look(pointer, from_uint8(padded)[None].to(device), window, noise)
    return Survey(grid, between, areas_of(seen, grid))
