"""What scripts/fill.py says of pictures whose faults are known."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from gan.hints.painted import Hint


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = Path(__file__).parents[2] / "scripts" / "fill.py"
    spec = importlib.util.spec_from_file_location("fill_script", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["fill_script"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


FILLS = np.array([(200, 30, 30), (30, 30, 200), (240, 230, 40)], np.uint8)
SIZE = 512


@pytest.fixture
def character(script: ModuleType) -> object:
    """Three columns of 170 px in a colour each; the last two pixels belong to none."""
    regions = np.zeros((3, SIZE, SIZE), np.bool_)
    color = np.full((SIZE, SIZE, 3), 255, np.uint8)
    for number, fill in enumerate(FILLS):
        regions[number, :, 170 * number : 170 * (number + 1)] = True
        color[:, 170 * number : 170 * (number + 1)] = fill
    return script.Character(np.full((SIZE, SIZE), 255, np.uint8), color, regions, FILLS)


def test_hints_lie_in_the_middle_and_apart(script: ModuleType, character: object) -> None:
    (first, *_) = script.hints_of(character, 1)
    assert (first.x, first.color) == (pytest.approx(85, abs=2), tuple(FILLS[0]))
    three = [hint for hint in script.hints_of(character, 3) if hint.color == tuple(FILLS[0])]
    assert len(three) == 3
    assert min(np.hypot(a.x - b.x, a.y - b.y) for a in three for b in three if a is not b) >= 60


def test_the_truth_is_right_everywhere(script: ModuleType, character: object) -> None:
    values = script.measure(character, script.hints_of(character, 1), character.color)  # type: ignore[attr-defined]
    assert values == {
        **dict.fromkeys(("all", "border", "hair", "skin", "background", "fill"), 1.0),
        **dict.fromkeys(("MAE", "bleed"), 0.0),
    }


def test_a_colour_that_pours_is_counted(script: ModuleType, character: object) -> None:
    """The first takes 17 of the 170 columns of the second."""
    picture = character.color.copy()  # type: ignore[attr-defined]
    picture[:, 170:187] = FILLS[0]
    values = script.measure(character, script.hints_of(character, 1), picture)
    assert values["all"] == pytest.approx(1 - 17 / 510)
    assert (values["hair"], values["skin"], values["background"]) == (1, pytest.approx(0.9), 1)
    assert values["fill"] == pytest.approx((1 + 0.9 + 1) / 3)
    assert values["bleed"] == 0  # the median over three hints, of which one pours
    one = [Hint(85, 256, tuple(int(part) for part in FILLS[0]))]
    assert script.measure(character, one, picture)["bleed"] == pytest.approx(0.1)
