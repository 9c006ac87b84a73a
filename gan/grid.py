"""Sheets of pictures that people look at: rows of drawings, columns with a heading."""

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gan.arrays import Pixels
from gan.data.batch import Batch
from gan.ranges import to_uint8

COLUMNS = ("line", "hint", "fake", "color")
LEAST_CELL = 128
"""Smaller pictures are enlarged, pixel by pixel, to at least this many pixels."""


def show_hint(line: Tensor, hint: Tensor) -> Tensor:
    """Hints on a faded drawing: (B, 1, H, W) and (B, 4, H, W) -> (B, 3, H, W) in [-1, 1]."""
    faded = (0.7 + 0.3 * line).expand(-1, 3, -1, -1)
    color, mask = hint[:, :3], hint[:, 3:]
    return faded * (1 - mask) + color * mask


def sample_grid(batch: Batch, fake: Tensor) -> Pixels:
    """line | hint | fake | color, a row a drawing -> (H, W, 3) of 0..255."""
    columns = [batch.line.expand(-1, 3, -1, -1), show_hint(batch.line, batch.hint), fake, batch.color]
    return sheet(dict(zip(COLUMNS, columns, strict=True)))


def sheet(columns: dict[str, Tensor]) -> Pixels:
    """Headed columns of equally many (3, H, W) pictures in [-1, 1] -> (H, W, 3) of 0..255.

    Args:
        columns: heading -> (B, 3, H, W).
    """
    from torchvision.utils import make_grid  # here, for torchvision takes two seconds to import

    rows = torch.stack([column.cpu() for column in columns.values()], dim=1)  # (B, C, 3, H, W)
    enlarge = -(-LEAST_CELL // rows.shape[-1])
    cells = rows.flatten(0, 1).repeat_interleave(enlarge, dim=2).repeat_interleave(enlarge, dim=3)
    picture = to_uint8(make_grid(cells, nrow=len(columns), padding=2, pad_value=1.0))
    return np.concatenate([_heading(list(columns), picture.shape[1], cells.shape[-1] + 2), picture])


def _heading(names: list[str], width: int, pitch: int) -> Pixels:
    strip = Image.new("RGB", (width, 22), "white")
    draw = ImageDraw.Draw(strip)
    font = ImageFont.load_default(14)
    for column, name in enumerate(names):
        draw.text((2 + column * pitch + pitch // 2, 11), name, fill="black", font=font, anchor="mm")
    return np.asarray(strip)
