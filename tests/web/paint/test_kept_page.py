"""Two answers of one drawing beside each other and under the wipe: before and after, and two colourings of one run."""

import io
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from gan.arrays import Pixels
from gan.colorize.colorizer import Colorizer
from tests.support.painters import sampling_runs, three_runs
from tests.web.conftest import OpenPage
from tests.web.paint.test_page import BLUE, DRAWING, RED, A, choose, hints_of, load, paint, place, settle

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

DRAWS = "sampler_lines/seed-0"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sampling_runs(three_runs(tmp_path_factory.mktemp("runs")))


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    """With a blue stroke."""
    page = open_page(f"{address}?run={A}")
    load(page)
    choose(page, BLUE)
    paint(page, (0.3, 0.3), (0.7, 0.3))
    settle(page)
    return page


def is_on_the_page(page: Page, side: str, expected: Pixels) -> None:
    """Until the picture of a side is this one, wherever the view has it."""
    for _ in range(300):
        words = page.evaluate(
            """(side) => {
                const order = [...document.querySelectorAll(".picture")];
                const { data } = order["ab".indexOf(side)].getContext("2d").getImageData(0, 0, 240, 240);
                return [...data];
            }""",
            side,
        )
        if np.array_equal(np.array(words, np.uint8).reshape(240, 240, 4)[:, :, :3], expected):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{side} shows something else")


def stands_at(slider: Locator, value: float, within: float) -> None:
    """It comes to stand near a value."""
    until = time.monotonic() + 30
    while abs(float(slider.input_value()) - value) > within:
        assert time.monotonic() < until, f"{slider.input_value()} is not {value}"
        slider.page.wait_for_timeout(20)


def caption(page: Page, side: str) -> str:
    return page.locator(".whose").nth("ab".index(side)).inner_text()


def test_before_and_after_under_the_wipe(page: Page, folder: Path, tmp_path: Path) -> None:
    colorizer = Colorizer.load(folder / A)
    before = colorizer.color(DRAWING, hints_of(page, tmp_path))
    page.keyboard.press("k")
    expect(page.locator("button[data-view=wipe]")).to_have_attribute("aria-pressed", "true")
    choose(page, RED)
    paint(page, (0.2, 0.8), (0.8, 0.8))
    settle(page)
    after = colorizer.color(DRAWING, hints_of(page, tmp_path))
    assert not np.array_equal(before, after)
    is_on_the_page(page, "a", after)
    is_on_the_page(page, "b", before)
    assert caption(page, "b") == f"B\nkept: {A}, step 0"
    page.keyboard.press("h")  # no marks on the picture
    page.mouse.move(1, 1)
    page.locator("#border").fill("50")
    box = place(page)
    screen = np.array(Image.open(io.BytesIO(page.locator("[data-side=a]").screenshot())).convert("RGB")).astype(int)
    points = [(x, y) for x in (0.1, 0.3, 0.7, 0.9) for y in (0.1, 0.6, 0.75)]
    left, right = [], []
    for x, y in points:
        seen = screen[int(y * box["height"]), int(x * box["width"])]
        away = [np.abs(seen - one[int(y * 240), int(x * 240)]).max() for one in (after, before)]
        (left if x < 0.5 else right).append(away)
    assert np.median(np.array(left)[:, 0]) <= 3  # A to the left of the border
    assert np.median(np.array(right)[:, 1]) <= 3
    page.keyboard.press("x")  # what was kept is on the page again, and can be undone
    is_on_the_page(page, "a", before)
    is_on_the_page(page, "b", after)
    expect(page.locator("#report")).to_have_text("1 stroke")
    page.keyboard.press("Control+z")
    is_on_the_page(page, "a", after)


def test_the_border_moves_by_pointer_and_by_keys(page: Page) -> None:
    page.keyboard.press("k")
    border, box = page.locator("#border"), place(page)
    expect(border).to_have_value("50")
    grip = page.locator(".grip").bounding_box()
    assert grip is not None
    assert grip["x"] + grip["width"] / 2 == pytest.approx(box["x"] + box["width"] / 2, abs=1)
    dabs = page.locator("#report").get_attribute("data-dabs")
    page.mouse.move(grip["x"] + 22, grip["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 10, steps=5)
    page.mouse.up()
    stands_at(border, 20, within=0.5)
    expect(page.locator("#report")).to_have_attribute("data-dabs", dabs)  # it has painted nothing
    page.locator("[data-side=a]").focus()
    for key in (",", ",", "."):
        page.keyboard.press(key)
    stands_at(border, 15, within=0.5)
    stood = float(border.input_value())
    border.focus()
    page.keyboard.press("ArrowRight")
    stands_at(border, stood + 0.5, within=0.01)
    expect(page.locator(".picture").nth(1)).to_have_css("clip-path", f"inset(0px 0px 0px {border.input_value()}%)")


def test_two_colourings_of_one_run(open_page: OpenPage, address: str, folder: Path) -> None:
    page = open_page(f"{address}?run={DRAWS}")
    load(page)
    page.keyboard.press("k")
    page.keyboard.press("n")
    page.locator("[data-view=beside]").click()
    colorizer = Colorizer.load(folder / DRAWS)
    is_on_the_page(page, "a", colorizer.color(DRAWING, variant=1))
    is_on_the_page(page, "b", colorizer.color(DRAWING))
    assert caption(page, "a") == f"A\n{DRAWS}, step 0, colouring 2"
    assert caption(page, "b") == f"B\nkept: {DRAWS}, step 0, colouring 1"


def test_another_drawing_lets_go_of_it(page: Page) -> None:
    page.locator("#keep-as-b").click()
    expect(page.locator("#run-b")).to_have_value("--kept")
    assert "with=" not in page.url
    load(page, np.ascontiguousarray(DRAWING[::-1, :180]), "other.png")
    assert page.locator("#run-b").input_value() not in ("", "--kept")
    expect(page.locator("#run-b option[value='--kept']")).to_have_count(0)
    settle(page)
