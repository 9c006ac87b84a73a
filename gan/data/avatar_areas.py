"""The closed areas of the characters, found on larger drawings than the network sees: thin strands vanish there."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan.config import Data
from gan.data.cache import arrays_of, on_all_cores
from gan.data.render import cast_of, hair_variants, render_line
from gan.hints.areas import AreaMap, area_map
from gan.hints.flood import BALLS, INK

FORMAT = 2
"""Raise when `gan.hints.areas.area_map` or `closed_areas` changes: the cache's name holds it."""
Job = tuple[str, str, int, int]


def load(data: Data, flood_size: int) -> list[AreaMap]:
    """The areas of every character on drawings of `flood_size` px, from the cache; found first if they are not there.

    Raises:
        RequestError: the cache cannot be written.
    """
    shaping = ["areas", FORMAT, data.height, flood_size, data.characters, INK, BALLS]
    arrays = arrays_of(f"areas-{data.height}px-{data.characters}", shaping, partial(_find_all, data, flood_size))
    ends = np.cumsum(arrays["count"] ** 2)
    distances = [part.reshape(count, count) for part, count in _parts(arrays["distance"], ends, arrays["count"])]
    return [
        AreaMap(area.astype(np.int64), share / np.float32(255), distance)
        for area, share, distance in zip(arrays["area"], arrays["share"], distances, strict=True)
    ]


def _parts(values: NDArray[Any], ends: NDArray[Any], counts: NDArray[Any]) -> Sequence[tuple[NDArray[Any], int]]:
    return list(zip(np.split(values, ends[:-1]), (int(count) for count in counts), strict=True))


def _find_all(data: Data, flood_size: int) -> dict[str, NDArray[Any]]:
    jobs = [(seed, hair_variants()[variant], flood_size, data.height) for variant, seed, _ in cast_of(data.characters)]
    maps = on_all_cores(_find, jobs)
    return {
        "area": np.array([each.area for each in maps]).astype(np.int16),
        "share": np.array([(each.share * 255).round() for each in maps]).astype(np.uint8),
        "count": np.array([len(each.distance) for each in maps]),
        "distance": np.concatenate([each.distance.ravel() for each in maps]),
    }


def _find(job: Job) -> AreaMap:
    seed, hair, flood_size, size = job
    return area_map(np.ascontiguousarray(render_line(seed, hair, flood_size)[:, :, 0]), (size, size))
