"""Closed areas on the paint page's server: of networks that point, and of flat fills without any network."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from httpx2 import Response
from PIL import Image
from starlette.testclient import TestClient

from gan.colorize import survey as surveys
from gan.colorize.colorizer import Colorizer
from gan.colorize.drawing import clean, on_paper
from gan.colorize.flat import color_flat
from gan.hints.flood import closed_areas
from gan.hints.painted import Hint
from gan.web.app import build
from tests.support.drawings import on, sketch
from tests.support.painters import pointing_run
from tests.web.paint.test_routes import picture_in, upload

POINTS, FLAT = "l1_pointer/seed-0", "--flat"
PAGE = on(sketch(200)[:, :150], (40, 40, 90), (240, 238, 225))
LARGE = on(cv2.resize(sketch(400), (1200, 1600)), (0, 0, 0), (255, 255, 255))
DABS = [Hint(100, 100, (194, 59, 59)), Hint(20.25, 150, (59, 111, 212), 4), Hint(75, 60, (10, 200, 90), 0.5)]
WORDS = [
    {"x": one.x, "y": one.y, "color": "#{:02x}{:02x}{:02x}".format(*one.color)}
    | ({} if one.radius is None else {"radius": one.radius})
    for one in DABS
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pointing_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(build(folder), base_url="http://127.0.0.1:8000") as client:
        yield client


def ask(
    client: TestClient, drawing: str, run: str, hints: list[Any] = WORDS, what: str = "color", **more: object
) -> Response:
    return client.post(f"/api/paint/{what}", json={"drawing": drawing, "run": run, "hints": hints, **more})


def areas_of(client: TestClient, drawing: str, height: int, width: int) -> np.ndarray:
    answer = client.get(f"/api/paint/drawings/{drawing}/areas")
    assert answer.status_code == 200
    return np.frombuffer(answer.content, "<u4").reshape(height, width)


def test_the_areas_are_those_that_hints_fill(client: TestClient) -> None:
    assert np.array_equal(areas_of(client, upload(client, PAGE), 200, 150), closed_areas(clean(on_paper(PAGE))))
    whole = closed_areas(clean(on_paper(LARGE)))
    shown = areas_of(client, upload(client, LARGE), 1024, 768)
    row, column = np.array([0, 500, 700, 1023]), np.array([0, 300, 411, 767])
    assert np.array_equal(
        shown[row, column], whole[((row + 0.5) / 0.64).astype(int), ((column + 0.5) / 0.64).astype(int)]
    )
    assert client.get("/api/paint/drawings/gone/areas").status_code == 410


def test_what_is_kept_of_a_drawing_changes_no_picture(
    client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte the command's, and the network looks once."""
    colorizer, drawing = Colorizer.load(folder / POINTS), upload(client, PAGE)
    expected = [colorizer.color(PAGE, hints) for hints in ([], DABS, DABS[1:])]
    looked = []
    look = surveys.look
    monkeypatch.setattr(surveys, "look", lambda *words: looked.append(1) or look(*words))
    for words, picture in zip(([], WORDS, WORDS[1:]), expected, strict=True):
        assert np.array_equal(picture_in(ask(client, drawing, POINTS, words)), picture)
        assert np.array_equal(picture_in(ask(client, drawing, POINTS, words, whole=True)), picture)
    assert len(looked) == 1
    assert not np.array_equal(expected[1], expected[2])


def test_a_flat_fill_is_that_of_the_command(client: TestClient) -> None:
    drawing = upload(client, PAGE)
    assert np.array_equal(picture_in(ask(client, drawing, FLAT)), color_flat(PAGE, DABS))
    answer = ask(client, drawing, FLAT, bare=True)
    assert np.array_equal(
        np.frombuffer(answer.content, np.uint8).reshape(200, 150, 4)[:, :, :3], color_flat(PAGE, DABS)
    )
    outside = ask(client, drawing, FLAT, [WORDS[0] | {"x": 150}])
    assert (outside.status_code, outside.json()["error"].split(" must")[0]) == (400, "the hint at 150,100")


@pytest.mark.parametrize("run", [POINTS, FLAT])
def test_a_large_drawing_is_filled_where_it_is_shown_as_whole(client: TestClient, folder: Path, run: str) -> None:
    drawing = upload(client, LARGE)
    hints = [Hint(600, 800, (194, 59, 59)), Hint(60, 1500, (59, 111, 212), 1)]
    words = [{"x": 600, "y": 800, "color": "#c23b3b"}, {"x": 60, "y": 1500, "color": "#3b6fd4", "radius": 1}]
    whole = picture_in(ask(client, drawing, run, words, whole=True))
    expected = color_flat(LARGE, hints) if run == FLAT else Colorizer.load(folder / run).color(LARGE, hints)
    assert np.array_equal(whole, expected)
    shown = picture_in(ask(client, drawing, run, words))
    assert shown.shape == (1024, 768, 3)
    apart = np.abs(shown.astype(int) - cv2.resize(whole, (768, 1024), interpolation=cv2.INTER_AREA)).max(axis=2)
    assert (apart > 24).mean() < 0.01  # at the border of two areas alone


@pytest.mark.parametrize("run", [POINTS, FLAT])
def test_hints_as_a_picture_are_exactly_the_pixels_that_are_painted(client: TestClient, run: str) -> None:
    drawing = upload(client, PAGE)
    hints = [WORDS[1], {"x": 75, "y": 60, "color": "#0ac85a", "radius": 0.5}]
    picture = picture_in(ask(client, drawing, run, hints, what="hints"))
    assert picture[60, 75].tolist() == [10, 200, 90, 255]
    assert (picture[:, :, 3] > 0).sum() == 1 + (picture[..., 2] == 212).sum()
    assert 40 < (picture[..., 2] == 212).sum() < 60  # a disc of radius 4
    layer = picture_in(ask(client, drawing, run, what="hints"))
    assert np.array_equal(color_flat(PAGE, [], hint_image=layer), color_flat(PAGE, DABS))


def test_a_flat_fill_in_one_file(client: TestClient) -> None:
    files = [["flat.png", "picture", FLAT], ["hints.png", "hints", FLAT]]
    answer = client.post("/api/paint/zip", json={"drawing": upload(client, PAGE), "hints": WORDS, "files": files})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        picture = np.asarray(Image.open(io.BytesIO(archive.read("flat.png"))))
    assert np.array_equal(picture, color_flat(PAGE, DABS))


def test_what_the_page_is_told(client: TestClient) -> None:
    (run,) = client.get("/api/paint/models").json()["models"]
    assert (run["run"], run["exact"]) == (POINTS, True)
    start = client.get("/api/paint/start", params={"run": FLAT}).json()
    assert len(start["characters"]) == 4
    assert start["palette"]
    assert start["drawings"] == 0
