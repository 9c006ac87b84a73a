"""Many colourings of one drawing, asked of the server: each is `Colorizer.color`'s; wrong numbers are refused."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from gan.colorize.colorizer import Colorizer
from gan.web.app import build
from tests.support.painters import sampling_runs
from tests.web.paint.test_routes import DABS, PAGE, WORDS, color, picture_in, upload

LINES, BLIND, FIXED = "sampler_lines/seed-0", "sampler/seed-0", "l1/seed-0"
RULE = "must be a whole number from 0 to 999"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sampling_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with TestClient(build(folder), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.parametrize(("run", "words", "dabs"), [(LINES, WORDS[:1], DABS[:1]), (LINES, [], []), (BLIND, [], [])])
def test_each_variant_is_the_colorizers(
    client: TestClient, folder: Path, run: str, words: list[Any], dabs: list[Any]
) -> None:
    """Forth and back: what is kept of one variant is no other's."""
    drawing, colorizer = upload(client), Colorizer.load(folder / run)
    expected = {variant: colorizer.color(PAGE, dabs, variant=variant) for variant in (0, 1, 999)}
    assert len({picture.tobytes() for picture in expected.values()}) == 3
    for variant in (0, 1, 999, 1, 0):
        assert np.array_equal(picture_in(color(client, drawing, run, words, variant=variant)), expected[variant])
    assert np.array_equal(picture_in(color(client, drawing, run, words)), expected[0])
    bare = color(client, drawing, run, words, variant=1, bare=True).content
    assert np.array_equal(np.frombuffer(bare, np.uint8).reshape(200, 150, 4)[:, :, :3], expected[1])


def test_a_large_drawing_is_kept_whole_in_its_variant(client: TestClient, folder: Path) -> None:
    large = np.kron(PAGE, np.ones((6, 6, 1), np.uint8))
    drawing = upload(client, large)
    whole = picture_in(color(client, drawing, BLIND, [], variant=3, whole=True))
    assert np.array_equal(whole, Colorizer.load(folder / BLIND).color(large, variant=3))


def test_a_zip_has_the_variants_that_it_names(client: TestClient, folder: Path) -> None:
    files = [["a.png", "picture", LINES, 2], ["first.png", "picture", LINES], ["plain.png", "picture", FIXED, 0]]
    request = {"drawing": upload(client), "hints": WORDS[:1], "files": files}
    answer = client.post("/api/paint/zip", json=request)
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        found = {name: np.asarray(Image.open(archive.open(name))) for name in archive.namelist()}
    colorizer = Colorizer.load(folder / LINES)
    assert np.array_equal(found["a.png"], colorizer.color(PAGE, DABS[:1], variant=2))
    assert np.array_equal(found["first.png"], colorizer.color(PAGE, DABS[:1]))
    assert np.array_equal(found["plain.png"], Colorizer.load(folder / FIXED).color(PAGE))


@pytest.mark.parametrize(
    ("run", "variant", "sentence"),
    [
        (LINES, -1, f"variant (-1) {RULE}"),
        (LINES, 1000, f"variant (1000) {RULE}"),
        (LINES, 10**400, f"variant (1{'0' * 39}) {RULE}"),
        (LINES, 1.5, f"variant (1.5) {RULE}"),
        (LINES, 1.0, f"variant (1.0) {RULE}"),
        (LINES, True, f"variant (true) {RULE}"),
        (LINES, None, f"variant (null) {RULE}"),
        (LINES, "2", f'variant ("2") {RULE}'),
        (LINES, [0], f"variant ([0]) {RULE}"),
        (FIXED, 1, f"variant (1) needs a run with generator.noise, and {FIXED} has none"),
        ("--flat", 1, "variant (1) needs a run with generator.noise, and --flat has none"),
    ],
)
def test_wrong_numbers_get_a_sentence(client: TestClient, run: str, variant: object, sentence: str) -> None:
    drawing = upload(client)
    files = [["a.png", "picture", run, variant]]
    for answer in (
        color(client, drawing, run, [], variant=variant),
        client.post("/api/paint/zip", json={"drawing": drawing, "hints": [], "files": files}),
    ):
        assert (answer.status_code, answer.json()) == (400, {"error": sentence})


def test_the_first_variant_is_every_runs(client: TestClient, folder: Path) -> None:
    answer = color(client, upload(client), FIXED, [], variant=0)
    assert np.array_equal(picture_in(answer), Colorizer.load(folder / FIXED).color(PAGE))


def test_only_a_picture_has_a_variant(client: TestClient) -> None:
    request = {"drawing": upload(client), "hints": [], "files": [["a.txt", "text", "x", 1]]}
    answer = client.post("/api/paint/zip", json=request)
    assert answer.status_code == 400
    assert "files is none of that kind" in answer.json()["error"]


def test_the_list_says_which_runs_draw(client: TestClient) -> None:
    models = client.get("/api/paint/models").json()["models"]
    assert {model["run"]: model["noise"] for model in models} == {FIXED: 0, BLIND: 4, LINES: 4}
