"""Hints that nobody would write: accepted, and then they are what a hint is, or refused in a sentence."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan.errors import RequestError
from gan.hints.painted import LARGEST_RADIUS, Hint, check_hints, from_json, parse, read_json
from tests.support.damage import damaged
from tests.support.refusals import check_sentence

PLAIN = ("1", "20", "2.5", " 7 ", "\u0663")
NUMBERS = (*PLAIN, "-3", "1e308", "1e999", "nan", "-inf", "", "1_0", "0x10", "\n", "\udcff", "9" * 5000)
COLORS = ("#ff8000", "#F80", "red", "hsl(0,9%,9%)", "#ff800080", "#ggg", "transparent", "", "\n#fff", "\0", "#" * 5000)
WORDS = st.lists(st.one_of(st.sampled_from(NUMBERS), st.sampled_from(COLORS), st.text(max_size=4)), max_size=5)
FORMED = st.tuples(*[st.sampled_from(kind) for kind in (NUMBERS, NUMBERS, COLORS, NUMBERS)])


def accepted(read: Callable[[], list[Hint]]) -> list[Hint]:
    """The hints that are read, or none: then they were refused in one line."""
    try:
        return read()
    except RequestError as refusal:
        check_sentence(refusal, 600)
        return []


def on_a_drawing(hint: Hint) -> list[Hint]:
    check_hints([hint], 30, 20)
    return [hint]


def is_one(hint: Hint) -> bool:
    """Whether it is what a hint says of itself; on a drawing, it is drawn or refused in one line."""
    accepted(lambda: on_a_drawing(hint))
    whole = len(hint.color) == 3 and all(isinstance(part, int) and 0 <= part <= 255 for part in hint.color)
    radius = hint.radius is None or 0 < hint.radius <= LARGEST_RADIUS
    return whole and radius and math.isfinite(hint.x) and math.isfinite(hint.y)


@given(st.one_of(WORDS, FORMED, FORMED.map(lambda parts: parts[:3])))
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_300_words_are_hints_or_refused_in_a_sentence(parts: tuple[str, ...]) -> None:
    for hint in accepted(lambda: [parse(",".join(parts))]):
        assert is_one(hint)
        value = {"x": hint.x, "y": hint.y, "color": "#{:02x}{:02x}{:02x}".format(*hint.color)}
        value |= {} if hint.radius is None else {"radius": hint.radius}
        assert from_json([json.loads(json.dumps(value))], "hint") == [hint]


ODD: st.SearchStrategy[Any] = st.sampled_from(
    (None, True, -1, 10**400, 1e308, math.nan, "3", "x" * 5000, [[]], {}, [1] * 5000)
)
LIKELY = st.fixed_dictionaries(
    {"x": st.integers(-1, 40), "y": st.floats(0, 25), "color": st.sampled_from(COLORS[:3])},
    optional={"radius": st.floats(0, 9)},
)
UNLIKELY = st.fixed_dictionaries(
    {"x": ODD | st.integers(), "y": ODD | st.floats(), "color": ODD | st.sampled_from(COLORS)},
    optional={"radius": ODD, "size": ODD},
)
GOOD = json.dumps([{"x": 1, "y": 2.5, "color": "#102030"}, {"x": 3, "y": 4, "color": "red", "radius": 9}]).encode()
FILES = st.one_of(
    st.lists(LIKELY, min_size=1, max_size=4).map(lambda values: json.dumps(values).encode()),
    st.lists(LIKELY | UNLIKELY | ODD, max_size=2).map(lambda values: json.dumps(values).encode()),
    (UNLIKELY | ODD).map(lambda value: json.dumps(value).encode()),
    damaged(st.just(GOOD)),
)


@pytest.fixture
def counted() -> Any:
    """How many files held hints: were it none, this test would say nothing of them."""
    lengths: list[int] = []
    yield lengths
    assert sum(length > 0 for length in lengths) > 20


@given(content=FILES)
@settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_300_files_are_hints_or_refused_in_a_sentence(tmp_path: Path, counted: list[int], content: bytes) -> None:
    path = tmp_path / "hints.json"
    path.write_bytes(content)
    hints = accepted(lambda: read_json(path))
    assert all(is_one(hint) for hint in hints)
    counted.append(len(hints))
