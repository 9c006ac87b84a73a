"""Fill, bleed and spread on a drawing whose areas are known, counted by hand."""

import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from gan.hints.painted import Hint

RED, BLUE = (200, 30, 30), (30, 30, 200)
LINE = np.full((512, 512), 255, np.uint8)
AREAS = np.zeros((512, 512), np.uint8)
AREAS[:100, :100], AREAS[200:300, 200:300] = 1, 2
HINTS = [Hint(50, 50, RED), Hint(250, 250, BLUE)]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[2] / "scripts"), *sys.path])
    import fill_drawings

    return fill_drawings


def test_what_is_filled_and_what_is_not(script: ModuleType) -> None:
    picture = np.full((512, 512, 3), 255, np.uint8)
    picture[:100, :100] = RED
    picture[200:300, 200:250] = BLUE  # a half
    picture[400:420, :100] = BLUE  # 2,000 of 10,000 pixels, far from the area
    picture[100:103, :100] = RED  # the rim that label pictures leave
    found = script.measure(picture, LINE, AREAS, HINTS)
    assert found["fill"].tolist() == [1, 0.5]
    assert found["filled"].tolist() == [1, 0.5]
    assert found["bleed"].tolist() == [0, 0.2]
    assert found["spread"][0] == pytest.approx(0, abs=1e-6)
    assert found["spread"][1] > 20


def test_areas_of_one_colour_are_one(script: ModuleType) -> None:
    """What one of two red hints paints in the area of the other is no bleed."""
    picture = np.full((512, 512, 3), 255, np.uint8)
    picture[AREAS > 0] = RED
    found = script.measure(picture, LINE, AREAS, [Hint(50, 50, RED), Hint(250, 250, RED)])
    assert found["fill"].tolist() == [1, 1]
    assert found["bleed"].tolist() == [0, 0]
