"""What is taken away in layers and without its background, in a real browser."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gan import cli
from tests.support.painters import pointing_run
from tests.web.conftest import OpenPage
from tests.web.paint.test_areas_page import AREA, ROOMS, await_color, hover, veil
from tests.web.paint.test_page import RED, choose, kept, load, paint, settle, shown

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

RUN = "l1_pointer/seed-0"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pointing_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    """Four rooms in a frame, the first filled red."""
    page = open_page(address)
    with page.expect_response("**/areas"):
        load(page, ROOMS)
    choose(page, RED)
    page.keyboard.press("f")
    hover(page, 0.25, 0.25)
    paint(page, (0.25, 0.25))
    settle(page)
    await_color(page, (194, 59, 59))
    return page


def test_openraster_is_what_the_page_shows(page: Page, tmp_path: Path) -> None:
    file = kept(page, "keep-layers", tmp_path)
    assert file.name == "face-l1_pointer-seed-0.ora"
    with zipfile.ZipFile(file) as archive:
        parts = {
            name: np.asarray(Image.open(io.BytesIO(archive.read(f"data/{name}.png")))).astype(float)
            for name in ("lines", "colors", "flat")
        }
    laid = parts["colors"][:, :, :3] * (1 - parts["lines"][:, :, 3:] / 255)
    assert np.array_equal(laid.round(), shown(page))
    first = AREA[60, 60] == AREA
    assert (parts["flat"][first] == [194, 59, 59, 255]).all()
    for one in np.unique(AREA):
        assert len(np.unique(parts["flat"][one == AREA], axis=0)) == 1


def test_a_transparent_background_is_seen_and_kept(page: Page, folder: Path, tmp_path: Path) -> None:
    bare, outside = veil(page), AREA[5, 5] == AREA
    page.locator("#transparent").check()
    page.mouse.move(1, 1)
    size = bare.shape[0]
    until = [(int(y * size), int(x * size)) for y, x in ((0.04, 0.5), (0.5, 0.04), (0.96, 0.5))]
    for _ in range(100):
        if all(veil(page)[place] == 255 for place in until):
            break
        page.wait_for_timeout(50)
    squares = veil(page)
    assert all(squares[place] == 255 for place in until)
    assert squares[int(0.7 * size), int(0.7 * size)] == 0  # a room, which no hint fills, is no background
    picture = kept(page, "keep-picture", tmp_path)
    clear = np.asarray(Image.open(picture))
    assert np.array_equal(clear[~outside][:, :3], shown(page)[~outside])
    assert (clear[~outside][:, 3] == 255).all()
    assert (clear[5:15, 5:235] == 0).all()
    page.locator("summary").click()
    command = page.locator("#command").inner_text()
    assert "--transparent" in command
    Image.fromarray(ROOMS).save(tmp_path / "face.png")
    hints = kept(page, "keep-json", tmp_path)
    out = tmp_path / "again.png"
    words = ["colorize", str(folder / RUN), str(tmp_path / "face.png"), "--hint-json", str(hints)]
    assert cli.main([*words, "--transparent", "--out", str(out)]) == 0
    assert np.array_equal(np.asarray(Image.open(out)), clear)
    with zipfile.ZipFile(kept(page, "keep-all", tmp_path)) as archive:
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read(picture.name)))), clear)
        colors = np.asarray(Image.open(io.BytesIO(archive.read("face-l1_pointer-seed-0-colors.png"))))
    assert np.array_equal(colors[:, :, 3] == 0, outside)
    hover(page, 0.04, 0.5)  # a hint on it keeps it
    paint(page, (0.04, 0.5))
    expect(page.locator("#report")).to_have_text("2 fills")
    page.mouse.move(1, 1)
    for _ in range(100):
        if veil(page)[until[0]] == 0:
            break
        page.wait_for_timeout(50)
    assert veil(page)[until[0]] == 0
