"""A person's hints, and what is said of wrong ones."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan.errors import RequestError
from gan.hints.painted import Hint, check_hints, parse, read_json


def test_words() -> None:
    assert parse("10,20,#ff8000") == Hint(10, 20, (255, 128, 0))
    assert parse("10.5,0,#AbCdEf,3.5") == Hint(10.5, 0, (171, 205, 239), 3.5)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("10,20", r"--hint \(10,20\) must be X,Y,#RRGGBB or X,Y,#RRGGBB,RADIUS"),
        ("a,20,#ff8000", r"--hint \(a,20,#ff8000\): 'a' must be a number"),
        ("nan,20,#ff8000", r"'nan' must be a number"),
        ("1,2,rod", r"the colour \(rod\) must be #RRGGBB, such as #c23b3b, #RGB, or a name of CSS"),
        ("1,2,rgb(1,2,3)", r"must be X,Y,#RRGGBB"),
        ("1,2,#ff800080", r"the colour \(#ff800080\)"),
        ("1,2,#ff8000,1e308", r"the radius \(1e\+308\) must be above 0, and at most 100000"),
        ("1,2,#ff8000,inf", r"'inf' must be a number"),
        ("1,2,#ff80", r"the colour \(#ff80\) must be #RRGGBB"),
        ("1,2,#ff8000,0", r"the radius \(0\) must be above 0"),
    ],
)
def test_wrong_words(word: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        parse(word)


def test_colours_by_name_and_in_short() -> None:
    assert parse("1,2,red") == parse("1,2,#f00") == parse("1,2,RED") == Hint(1, 2, (255, 0, 0))
    assert parse("1,2,rebeccapurple").color == (0x66, 0x33, 0x99)


def test_a_file_that_begins_with_a_mark(tmp_path: Path) -> None:
    """As Windows' editors write UTF-8."""
    path = tmp_path / "hints.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps([{"x": 1, "y": 2, "color": "#f00"}]).encode())
    assert read_json(path) == [Hint(1, 2, (255, 0, 0))]


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "hints.json"
    path.write_text(
        json.dumps([{"x": 1, "y": 2.5, "color": "#102030"}, {"x": 3, "y": 4, "color": "#fff000", "radius": 9}])
    )
    assert read_json(path) == [Hint(1, 2.5, (16, 32, 48)), Hint(3, 4, (255, 240, 0), 9)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[", r"--hint-json \(.*\) must be a JSON file"),
        ("[" * 200_000, r"--hint-json \(.*\) must be a JSON file"),
        ("{}", r"must hold a list of hints"),
        ('[{"x": 1, "y": 2}]', r"hint 1 must be"),
        ('[{"x": 1, "y": 2, "color": "#102030", "size": 3}]', r"hint 1 must be"),
        ('[{"x": 1, "y": 2, "color": "#102030"}, {"x": "far", "y": 2, "color": "#102030"}]', r"hint 2: 'far' must be"),
        ('[{"x": 1' + "0" * 400 + ', "y": 2, "color": "#102030"}]', r"hint 1: 10{59}\.\.\. must be a number"),
        ('[{"x": true, "y": 2, "color": "#102030"}]', r"hint 1: True must be a number"),
        ('[{"x": 1, "y": 2, "color": 7}]', r"hint 1: the colour \(7\)"),
        ('[{"x": 1, "y": 2, "color": "#102030", "radius": -1}]', r"hint 1: the radius \(-1\)"),
    ],
)
def test_wrong_json(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "hints.json").write_text(text)
    with pytest.raises(RequestError, match=message):
        read_json(tmp_path / "hints.json")
    with pytest.raises(RequestError, match=r"nowhere\.json"):
        read_json(tmp_path / "nowhere.json")


def test_hints_lie_on_the_drawing() -> None:
    check_hints([Hint(0, 0, (0, 0, 0)), Hint(9.9, 4.9, (0, 0, 0))], 10, 5)
    for x, y in ((10, 0), (0, 5), (-0.1, 0)):
        with pytest.raises(RequestError, match=r"must lie on the drawing, which has 10x5 pixels"):
            check_hints([Hint(x, y, (0, 0, 0))], 10, 5)


@pytest.mark.parametrize("color", [(300, -5, 0), (0.5, 0.2, 0.1), (1, 2), (1, 2, 3, 4), ("1", "2", "3")])
def test_colours_of_a_hint_from_python(color: Any) -> None:
    with pytest.raises(RequestError, match=r"the hint at 1,2: the colour \(.*\) must be three whole numbers"):
        check_hints([Hint(1, 2, color)], 10, 5)


@pytest.mark.parametrize(
    ("hint", "message"),
    [
        ((1, 2, (0, 0, 0)), r"hint 2 must be a Hint, not tuple"),
        (Hint(None, 2, (0, 0, 0)), r"hint 2: None must be a number"),  # type: ignore[arg-type]
        (Hint("1", 2, (0, 0, 0)), r"hint 2: '1' must be a number"),  # type: ignore[arg-type]
        (Hint(float("nan"), 2, (0, 0, 0)), r"hint 2: nan must be a number"),
        (Hint(1, 2, None), r"the hint at 1,2: the colour \(None\) must be three whole numbers"),  # type: ignore[arg-type]
        (Hint(1, 2, "#ff0000"), r"the hint at 1,2: the colour \(#ff0000\) must be three"),  # type: ignore[arg-type]
        (Hint(1, 2, (0, 0, 0), "3"), r"the hint at 1,2: '3' must be a number"),  # type: ignore[arg-type]
    ],
)
def test_other_parts_of_a_hint_from_python(hint: Any, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        check_hints([Hint(0, 0, (0, 0, 0)), hint], 10, 5)


def test_the_radius_of_a_hint_from_python() -> None:
    check_hints([Hint(1, 2, (np.uint8(255), 0, 0), 3)], 10, 5)  # type: ignore[arg-type]
    for radius, message in ((-3, r"the radius \(-3\) must be above 0"), (0, r"the radius \(0\)")):
        with pytest.raises(RequestError, match=f"the hint at 1,2: {message}"):
            check_hints([Hint(1, 2, (0, 0, 0), radius)], 10, 5)
    for far in (float("nan"), float("inf")):
        with pytest.raises(RequestError, match=f"the hint at 1,2: {far} must be a number"):
            check_hints([Hint(1, 2, (0, 0, 0), far)], 10, 5)
