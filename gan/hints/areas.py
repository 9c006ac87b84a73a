"""Hints flooded to the lines: what a network is told of each pixel by the drawing's closed areas and the hints in them.

A drawing's closed areas (`gan.hints.flood.closed_areas`) are the nodes of a graph; from an area to its neighbour a step
costs the ink along their border, so that a whole line costs 1, and one with gaps less. A hint lies at distance 0 of the
areas that it touches; every other area takes the colour of its nearest hint, with a confidence that falls with the
distance and with how near the next colour is:

    confidence = exp(-d_1 / FALL) (d_2 - d_1) / (d_2 + d_1)

d_1 and d_2 are the distances to the nearest and to the second colour. Colours that lie in one area share it by their
distance in pixels. This is the geodesic distance of the drawing, with areas in the place of pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from gan.arrays import Bools, Floats, Ints, Pixels
from gan.hints.encoding import CHANNELS
from gan.hints.flood import closed_areas

if TYPE_CHECKING:  # it takes .3 s to import, and training meets it only where areas are found anew
    from scipy.sparse import csr_array

INK_COUNTS = 0.01
"""Weight of a black pixel in an area, where a white one has 1: an area of ink alone has pixels, too."""
FALL = 0.3
"""Distance over which confidence falls to 1 / e: beyond a whole line 4 % of it are left."""
STEP = 0.02
"""What a border costs besides its ink: without any, areas that a ball told apart would be one."""


@dataclass(frozen=True)
class AreaMap:
    """The closed areas of a drawing as a network sees them, whose picture is smaller.

    area: (h, w) the area that a pixel has most of, from 0 on. share: (h, w) how much of it, in [0, 1]. distance: (A, A)
    of areas, infinite where they have no way to each other.
    """

    area: Ints
    share: Floats
    distance: Floats


def area_map(line: Pixels, shape: tuple[int, int]) -> AreaMap:
    """The closed areas of an (H, W) drawing on a picture of `shape`, which is at most as large."""
    from scipy.sparse.csgraph import dijkstra

    area, count = numbered(closed_areas(line))
    place = places(line.shape, shape)
    weight = INK_COUNTS + (1 - INK_COUNTS) * line.ravel() / 255
    pixels = shape[0] * shape[1]
    held = np.bincount(place * count + area.ravel(), weight, pixels * count).reshape(pixels, count)
    most = held.argmax(axis=1)
    share = held[np.arange(pixels), most] / held.sum(axis=1)
    distance = dijkstra(borders(line, area, count), directed=False)
    return AreaMap(most.reshape(shape), share.reshape(shape).astype(np.float32), distance.astype(np.float32))


def numbered(area: Ints) -> tuple[Ints, int]:
    """Labels from 0 on -> the same without gaps, and how many there are."""
    there = np.bincount(area.ravel()) > 0
    return (there.cumsum() - 1)[area], int(there.sum())


def places(shape: tuple[int, ...], small: tuple[int, int], pixel: Ints | None = None) -> Ints:
    """The pixel of a smaller picture that pixels of an (H, W) drawing lie in; both by their place row by row.

    Args:
        shape, small: H and W of both.
        pixel: which ones; None: all.
    """
    row, column = np.divmod(np.arange(shape[0] * shape[1]) if pixel is None else pixel, shape[1])
    found: Ints = row * small[0] // shape[0] * small[1] + column * small[1] // shape[1]
    return found


def borders(line: Pixels, area: Ints, count: int) -> csr_array:
    """(A, A) what a step from an area to its neighbour costs: the mean ink along their border, and `STEP`."""
    from scipy.sparse import csr_array

    pairs, inks = [], []
    for before, after in (
        (np.s_[:, :-1], np.s_[:, 1:]),
        (np.s_[:-1], np.s_[1:]),
    ):
        apart = area[before] != area[after]
        first, second = area[before][apart], area[after][apart]
        pairs.append(np.minimum(first, second) * count + np.maximum(first, second))
        inks.append(1 - np.minimum(line[before][apart], line[after][apart]) / 255)
    pair, which = np.unique(np.concatenate(pairs), return_inverse=True)
    ink = np.concatenate(inks)
    cost = STEP + np.bincount(which, ink, len(pair)) / np.maximum(np.bincount(which, minlength=len(pair)), 1)
    return csr_array((cost, (pair // count, pair % count)), shape=(count, count))


@dataclass(frozen=True)
class Nearest:
    """For each of A areas: the nearest of K colours, how sure that is, and whether several colours lie in it.

    color: (A,) index. confidence: (A,) in [0, 1]. shared: (A,) whether it must be shared by pixel.
    """

    color: Ints
    confidence: Floats
    shared: Ints


def nearest(cost: Floats) -> Nearest:
    """(K, A) distances of the areas to each colour -> which is nearest."""
    first = cost.argmin(axis=0)
    least = cost.min(axis=0)
    second = np.partition(cost, 1, axis=0)[1] if len(cost) > 1 else np.full_like(least, np.inf)
    confidence = np.exp(-least / FALL) * _clear(least, second)
    return Nearest(first, confidence, np.flatnonzero((second == 0) & (least == 0)))


def flood_hints(hint: Tensor, maps: Sequence[AreaMap]) -> Tensor:
    """Flood the hints of a batch to the lines of its drawings.

    Args:
        hint: (B, 4, H, W), as `gan.hints.encoding` has it.
        maps: the areas of each drawing.

    Returns:
        (B, 4, H, W): the colour that reaches a pixel, RGB in [-1, 1], 0 where none does; and its confidence in [0, 1].
    """
    every = hint.cpu().numpy()
    flooded = np.zeros_like(every)
    for number, areas in enumerate(maps):
        pixel = np.flatnonzero(every[number, 3])
        if len(pixel):
            colors = every[number, :3].reshape(3, -1)[:, pixel].T
            first, which = colors_of(colors)
            here = areas.area.ravel()[pixel]
            cost = np.stack([areas.distance[here[which == color]].min(axis=0) for color in range(len(first))])
            flooded[number] = spread(colors[first], cost, pixel, which, areas.area, areas.share)
    return torch.from_numpy(flooded).to(hint.device)


def spread(colors: Floats, cost: Floats, pixel: Ints, which: Ints, area: Ints, share: Floats) -> Floats:
    """Flood a picture, given how far each of its areas is from each colour.

    Args:
        colors: (K, 3) of the hints, in [-1, 1].
        cost: (K, A) distances.
        pixel, which: (M,) hinted pixels and their colours, by which areas that hold several are shared.
        area, share: (h, w), as `AreaMap` has them.

    Returns:
        (4, h, w), as `flood_hints`.
    """
    found, flat, part = nearest(cost), area.ravel(), share.ravel()
    reached = colors[found.color] * (found.confidence > 0)[:, None]
    table = np.concatenate([reached, found.confidence[:, None]], axis=1).astype(np.float32)  # (A, 4)
    flooded = table[flat]
    if len(found.shared):
        within = np.flatnonzero(np.isin(flat, found.shared))
        color, clear = _by_distance(within, pixel, which, cost[:, flat[within]] == 0, area.shape[1])
        flooded[within, :3], flooded[within, 3] = colors[color] * (clear > 0)[:, None], clear
    flooded[:, 3] *= part
    return np.ascontiguousarray(flooded.T).reshape(CHANNELS, *area.shape)


def colors_of(colors: Floats | Pixels) -> tuple[Ints, Ints]:
    """(M, 3) colours -> (K,) where each different one stands first, and (M,) which each is.

    numpy's own `unique` of rows takes several times longer, which counts in training.
    """
    key = np.ascontiguousarray(colors.astype(np.float32)).view(np.uint32).astype(np.uint64)
    mixed = (key[:, 0] * np.uint64(0x9E3779B97F4A7C15)) ^ (key[:, 1] * np.uint64(0xC2B2AE3D27D4EB4F)) ^ key[:, 2]
    _, first, which = np.unique(mixed, return_index=True, return_inverse=True)
    return first, which


def reach(area: Ints, which: Ints, colors: int, borders: csr_array) -> Floats:
    """(K, A) how far each area is from each colour, through the areas between.

    Args:
        area, which: (M,) areas of the hinted pixels, and their colours.
        colors: K.
        borders: of `borders`.
    """
    from scipy.sparse.csgraph import dijkstra

    found = np.full((colors, borders.shape[0]), np.inf)
    for color in np.unique(which):
        held = np.unique(area[which == color])
        found[color] = dijkstra(borders, directed=False, indices=held, min_only=True)
    return found


def _by_distance(within: Ints, pixel: Ints, which: Ints, allowed: Bools, width: int) -> tuple[Ints, Floats]:
    """Share pixels by their distance to the hints of the colours that lie in their area.

    Args:
        within: (P,) pixels to share.
        pixel, which: (M,) hinted pixels and their colours.
        allowed: (K, P) whether a colour lies in a pixel's area.
        width: of the picture.

    Returns:
        (P,) colours, and (P,) how clearly each is nearest, in [0, 1].
    """
    rows, columns = within // width, within % width
    distance = np.full(allowed.shape, np.inf, np.float32)
    for color in range(len(allowed)):
        at = pixel[which == color]
        if len(at):
            away = np.hypot(rows[:, None] - at // width, columns[:, None] - at % width)  # (P, m)
            distance[color] = np.where(allowed[color], away.min(axis=1), np.inf)
    least, second = np.partition(distance, 1, axis=0)[:2]
    return distance.argmin(axis=0), _clear(least, second)


def _clear(least: Floats, second: Floats) -> Floats:
    """How much nearer the nearest is than the second, in [0, 1]: 1 where it is the only one, 0 where there is none."""
    clear = np.ones(least.shape)
    both = np.isfinite(second)
    clear[both] = (second[both] - least[both]) / np.maximum(second[both] + least[both], 1e-9)
    clear[np.isinf(least)] = 0
    return clear
