"""The paint page prepares a drawing as `gan colorize` does, whatever the run was trained on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from gan.colorize.colorizer import Colorizer
from gan.config import Data
from gan.hints.painted import Hint
from gan.web.app import build
from tests.support.drawings import figure, file_of, on, sketch
from tests.support.painters import BLIND, HINTED, save_run
from tests.web.paint.test_areas import FLAT
from tests.web.paint.test_routes import color, picture_in, upload

GREY = on(sketch(120), (90, 90, 90), (170, 170, 170))
PATCHES = np.random.default_rng(0).integers(30, 226, (12, 12, 3)).astype(np.uint8).repeat(10, 0).repeat(10, 1)
SMALL = np.pad(on(sketch(240), (40, 40, 60), (250, 250, 250)), ((80, 200), (190, 50), (0, 0)), constant_values=250)
"""A small drawing on a large page."""
RUNS = {
    "white": Data(source="pairs", root="x"),
    "grey": Data(source="pairs", root="x"),
    "canny": Data(source="folder", root="x", line="canny"),
    "avatars": Data(),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    for name, data in RUNS.items():
        run = save_run(replace(BLIND, name=name, data=data), folder / name)
        (run / "data.json").write_text(json.dumps({"ink_on_white": 0.0 if name == "grey" else 1.0}))
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(build(folder), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.slow
@pytest.mark.parametrize(
    "picture",
    [
        GREY,
        PATCHES,
        on(sketch(1100, 6)[:, :400], (60, 60, 60), (255, 255, 255)),
        SMALL,
        np.pad(SMALL, ((100, 600), (0, 20), (0, 0)), constant_values=250),
    ],
)
def test_a_drawing_is_taken_as_the_command_takes_it(client: TestClient, folder: Path, picture: np.ndarray) -> None:
    """Of every kind of run in turn, and again: no view of it stands in for another's."""
    kept = client.post("/api/paint/drawings", content=file_of(picture)).json()
    drawing, made = kept["drawing"], {}
    for run in [*RUNS, *RUNS]:
        made[run] = picture_in(color(client, drawing, run, [], whole=True))
        expected = Colorizer.load(folder / run).color(picture)
        np.testing.assert_allclose(made[run].astype(int), expected, atol=1)  # it has as many threads as it likes
        live = picture_in(color(client, drawing, run, []))
        assert live.shape[:2] == (kept["shown"]["height"], kept["shown"]["width"])
    assert not np.array_equal(made["white"], made["grey"])


def test_a_picture_that_cleaning_empties_is_named(client: TestClient) -> None:
    def note(picture: np.ndarray) -> str:
        answer: str = client.post("/api/paint/drawings", content=file_of(picture)).json()["note"]
        return answer

    assert note(PATCHES).startswith(
        "This is a coloured picture and no drawing: networks that were trained on extracted"
    )
    assert note(PATCHES[:, :, 0]) == "Cleaned, this drawing is an empty page, and is coloured as one."
    for drawing in (GREY, np.full((50, 50), 255, np.uint8)):
        assert note(drawing) == ""
    assert picture_in(color(client, upload(client, PATCHES), FLAT, [])).shape == PATCHES.shape


def test_a_drawing_that_is_too_long_is_refused_and_holds_up_nobody(client: TestClient) -> None:
    answer = client.post("/api/paint/drawings", content=file_of(np.zeros((1, 1_000_000), np.uint8)))
    words = "a drawing must be at most 256 times as long as wide, not 1000000x1"
    assert (answer.status_code, answer.json()["error"]) == (400, words)
    assert upload(client, GREY)


def test_hints_on_a_small_drawing_as_a_picture_give_the_same_picture(client: TestClient, folder: Path) -> None:
    """Also those of a large page, of which the network sees the drawing alone."""
    save_run(HINTED, folder / "hinted")
    words = [{"x": 300, "y": 200, "color": "#c23b3b", "radius": 9}, {"x": 330, "y": 170, "color": "#3b6fd4"}]
    hints = [Hint(300, 200, (194, 59, 59), 9), Hint(330, 170, (59, 111, 212))]
    drawing, colorizer = upload(client, SMALL), Colorizer.load(folder / "hinted")
    layer = picture_in(client.post("/api/paint/hints", json={"drawing": drawing, "run": "hinted", "hints": words}))
    assert layer.shape == (*SMALL.shape[:2], 4)
    assert colorizer.prepare(colorizer.preparation(SMALL), hint_image=layer).box is not None
    assert np.array_equal(colorizer.color(SMALL, hint_image=layer), colorizer.color(SMALL, hints))
    assert np.array_equal(picture_in(color(client, drawing, "hinted", words)), colorizer.color(SMALL, hints))


def test_the_transparency_of_a_figure_is_kept_in_what_is_downloaded(client: TestClient, folder: Path) -> None:
    drawing = upload(client, figure())
    for run in (*RUNS, FLAT):
        whole = picture_in(color(client, drawing, run, [], whole=True))
        live = picture_in(color(client, drawing, run, []))
        assert np.array_equal(whole[:, :, 3], figure()[:, :, 3])
        assert np.array_equal(whole[:, :, :3], live)
