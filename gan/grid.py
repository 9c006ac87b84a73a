"""Sheets of pictures that people look at: rows of drawings, columns with a heading; and how a sheet is cut up again.

The pages cut sheets without PyTorch, so it is imported where sheets are made.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gan.arrays import Pixels

if TYPE_CHECKING:
    from torch import Tensor

    from gan.data.batch import Batch

COLUMNS = ("line", "hint", "fake", "color")
DRAWS = 8
"""Of each drawing of a draws grid."""
DRAW_COLUMNS = ("line", *(f"draw {number}" for number in range(1, DRAWS + 1)))
LEAST_CELL = 128
"""Smaller pictures are enlarged, pixel by pixel, until their short side has at least this many pixels."""
HEADING, PADDING = 22, 2
"""Height of the headings, and the white between pictures and around them, in pixels."""
LAYOUT = {"columns": COLUMNS, "draws": DRAW_COLUMNS, "heading": HEADING, "padding": PADDING}
"""For the pages, which cut a sheet in the browser."""


def show_hint(line: "Tensor", hint: "Tensor") -> "Tensor":
    """Hints on a faded drawing: (B, 1, H, W) and (B, 4, H, W) -> (B, 3, H, W) in [-1, 1]."""
    faded = (0.7 + 0.3 * line).expand(-1, 3, -1, -1)
    color, mask = hint[:, :3], hint[:, 3:]
    return faded * (1 - mask) + color * mask


def sample_grid(batch: "Batch", fake: "Tensor") -> Pixels:
    """line | hint | fake | color, a row a drawing -> (H, W, 3) of 0..255."""
    columns = [batch.line.expand(-1, 3, -1, -1), show_hint(batch.line, batch.hint), fake, batch.color]
    return sheet(dict(zip(COLUMNS, columns, strict=True)))


def draws_grid(line: "Tensor", draws: "Sequence[Tensor]") -> Pixels:
    """line | draw 1 | ... | draw 8, a row a drawing: (B, 1, H, W) and (B, 3, H, W) each -> (H, W, 3) of 0..255."""
    return sheet(dict(zip(DRAW_COLUMNS, [line.expand(-1, 3, -1, -1), *draws], strict=True)))


def sheet(columns: "dict[str, Tensor]") -> Pixels:
    """Headed columns of equally many (3, H, W) pictures in [-1, 1] -> (H, W, 3) of 0..255.

    Args:
        columns: heading -> (B, 3, H, W).
    """
    import torch
    from torchvision.utils import make_grid  # here, for torchvision takes two seconds to import

    from gan.ranges import to_uint8

    rows = torch.stack([column.cpu() for column in columns.values()], dim=1)  # (B, C, 3, H, W)
    enlarge = -(-LEAST_CELL // min(rows.shape[-2:]))
    cells = rows.flatten(0, 1).repeat_interleave(enlarge, dim=2).repeat_interleave(enlarge, dim=3)
    picture = to_uint8(make_grid(cells, nrow=len(columns), padding=PADDING, pad_value=1.0))
    return np.concatenate([_heading(list(columns), picture.shape[1], cells.shape[-1] + PADDING), picture])


def cut(
    sheet: Pixels, shape: tuple[int, int] | None = None, columns: Sequence[str] = COLUMNS
) -> dict[str, Pixels] | None:
    """The pictures of a grid that `sample_grid` made: column -> (rows, H, W, 3); None where it has another layout.

    Args:
        sheet: (height, width, 3).
        shape: H and W of a drawing before it was enlarged; without it drawings are square, and as large as shown.
        columns: its headings; `DRAW_COLUMNS` for a grid that `draws_grid` made.
    """
    high, wide = shape or (1, 1)
    across, over = divmod(sheet.shape[1] - PADDING, len(columns))
    shown = across - PADDING
    down = shown * high // wide + PADDING
    rows, under = divmod(sheet.shape[0] - HEADING - PADDING, down) if shown > 0 else (0, 0)
    if rows < 1 or over or under:
        return None
    enlarged = shown // wide if shape and shown % wide == 0 else 1
    cells = sheet[HEADING + PADDING :, PADDING:].reshape(rows, down, len(columns), across, 3)
    cells = cells[:, : down - PADDING : enlarged, :, :shown:enlarged]  # (rows, H, columns, W, 3)
    return {name: cells[:, :, column] for column, name in enumerate(columns)}


def _heading(names: list[str], width: int, pitch: int) -> Pixels:
    strip = Image.new("RGB", (width, HEADING), "white")
    draw = ImageDraw.Draw(strip)
    font = ImageFont.load_default(14)
    for column, name in enumerate(names):
        draw.text((PADDING + column * pitch + pitch // 2, HEADING // 2), name, fill="black", font=font, anchor="mm")
    return np.asarray(strip)
