"""The characters' areas: found on large drawings, kept, and the same as those that are found anew."""

import numpy as np
import pytest

from gan.config import Data
from gan.data import avatar_areas
from gan.data.avatars import Characters
from gan.data.render import cast_of, hair_variants, render_line
from gan.hints.areas import area_map

SMALL = Data(size=32, characters=350)


@pytest.mark.slow
def test_areas_come_from_the_cache_as_they_were_found(small_characters: Characters) -> None:
    maps = avatar_areas.load(SMALL, 64)
    assert len(maps) == len(small_characters.base)
    variant, seed, _ = cast_of(SMALL.characters)[7]
    expected = area_map(np.ascontiguousarray(render_line(seed, hair_variants()[variant], 64)[:, :, 0]), (32, 32))
    assert np.array_equal(maps[7].area, expected.area)
    np.testing.assert_allclose(maps[7].share, expected.share, atol=1 / 255)
    np.testing.assert_allclose(maps[7].distance, expected.distance)


@pytest.mark.slow
def test_a_larger_drawing_tells_more_areas_apart() -> None:
    small, large = avatar_areas.load(SMALL, 32), avatar_areas.load(SMALL, 64)
    assert sum(len(each.distance) for each in large) > 1.2 * sum(len(each.distance) for each in small)
