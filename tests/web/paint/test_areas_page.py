"""The paint page on a network that points: areas under the pointer, fills, zoom, fine brushes, and the flat fill."""

import base64
import io
import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gan.colorize.colorizer import Colorizer
from gan.colorize.drawing import clean, on_paper
from gan.colorize.flat import color_flat
from gan.hints.flood import INK, closed_areas, marks_of
from gan.hints.painted import Hint
from tests.support.drawings import on
from tests.support.painters import pointing_run
from tests.web.conftest import OpenPage
from tests.web.paint.test_page import BLUE, RED, choose, hints_of, kept, load, paint, place, settle, shown

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

RUN = "l1_pointer/seed-0"


def rooms() -> np.ndarray:
    """Four rooms in a frame, (240, 240, 3)."""
    line = np.full((240, 240), 255, np.uint8)
    cv2.rectangle(line, (20, 20), (220, 220), 0, 3)
    cv2.line(line, (120, 20), (120, 220), 0, 3)
    cv2.line(line, (20, 120), (220, 120), 0, 3)
    return on(line, (0, 0, 0), (255, 255, 255))


ROOMS = rooms()
AREA = closed_areas(clean(on_paper(ROOMS)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pointing_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    page = open_page(address)
    with page.expect_response("**/areas"):
        load(page, ROOMS)
    choose(page, RED)
    return page


def hover(page: Page, x: float, y: float) -> None:
    """At shares of the picture's width and height; until the page knows which area is there."""
    box = place(page)
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.locator(".box[data-area]").first.wait_for()


def await_color(page: Page, color: tuple[int, int, int]) -> None:
    """Until the picture has a colour in the first room."""
    until = time.monotonic() + 30
    while tuple(shown(page)[60, 60]) != color:
        assert time.monotonic() < until
        page.wait_for_timeout(20)


def veil(page: Page) -> np.ndarray:
    """(h, w): what the page's overlay hides, 0 to 255."""
    words = page.evaluate("document.querySelector('[data-side=a]').toDataURL()")
    return np.array(Image.open(io.BytesIO(base64.b64decode(words.split(",")[1]))).convert("RGBA"))[:, :, 3]


def test_the_area_under_the_pointer_is_shown_without_asking_again(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("f")
    for x, y in ((0.3, 0.3), (0.7, 0.7), (0.04, 0.5)):
        hover(page, x, y)
        covered = cv2.resize(veil(page), (240, 240), interpolation=cv2.INTER_NEAREST) > 40
        area = AREA[int(240 * y), int(240 * x)] == AREA
        inner = cv2.erode(area.astype(np.uint8), np.ones((5, 5))) > 0
        far = cv2.dilate(area.astype(np.uint8), np.ones((5, 5))) == 0
        assert covered[inner].mean() > 0.99
        far[max(0, int(240 * y) - 8) : int(240 * y) + 9, max(0, int(240 * x) - 8) : int(240 * x) + 9] = False  # pointer
        assert not covered[far].any()
    assert asked == []
    page.keyboard.press("e")  # the eraser fills nothing
    assert veil(page)[20:60, 20:60].max() == 0


def test_a_click_fills_an_area_and_a_second_one_anew(page: Page, folder: Path, tmp_path: Path) -> None:
    page.keyboard.press("f")
    paint(page, (0.3, 0.3))
    settle(page)
    first = shown(page)
    assert (first[30:110, 30:110] == (194, 59, 59)).all()
    (hint,) = hints_of(page, tmp_path)
    assert hint.radius is None
    assert np.array_equal(first, Colorizer.load(folder / RUN).color(ROOMS, [hint]))
    expect(page.locator("#report")).to_have_text("1 fill")
    choose(page, BLUE)
    paint(page, (0.4, 0.2))
    await_color(page, (59, 111, 212))
    assert (shown(page)[30:110, 30:110] == (59, 111, 212)).all()
    assert len(hints_of(page, tmp_path)) == 1
    page.keyboard.press("Control+z")
    await_color(page, (194, 59, 59))
    assert np.array_equal(shown(page), first)


def test_the_finest_brush_paints_one_pixel_where_it_is_seen(page: Page, tmp_path: Path) -> None:
    page.locator("#radius").fill("0")
    expect(page.locator("#radius-value")).to_have_text("1 px")
    box = place(page)
    near, there = ((int(box["x"] + share * box["width"]), int(box["y"] + 0.3 * box["height"])) for share in (0.75, 0.6))
    page.mouse.move(*near)
    for _ in range(4):
        page.mouse.wheel(0, -200)
    page.locator("#zoom-all", has_text="739 %").wait_for()
    page.keyboard.press("b")
    page.mouse.click(*there)
    settle(page)
    zoom = np.exp(2)  # about the place of the wheel, which stays where it was
    x = (near[0] - box["x"] + (there[0] - near[0]) / zoom) * 240 / box["width"]
    y = (near[1] - box["y"]) * 240 / box["height"]
    (hint,) = hints_of(page, tmp_path)
    assert (hint.x, hint.y) == (int(x), int(y))
    painted = np.argwhere(marks_of([hint], None, (240, 240)).label)
    assert painted.tolist() == [[int(y), int(x)]]
    assert tuple(shown(page)[int(y), int(x)]) == (194, 59, 59)
    picture = page.locator("[data-side=a]").evaluate("one => one.previousElementSibling.getBoundingClientRect().width")
    assert picture / box["width"] == pytest.approx(zoom, rel=0.01)
    page.keyboard.press("0")
    expect(page.locator("#zoom-all")).to_have_text("100 %")


def test_a_brush_is_drawn_as_large_as_it_acts(page: Page, tmp_path: Path) -> None:
    """Pixel by pixel: the outline that the page draws is that of the disc that the hint fills."""
    inside = """async (radius) => {
        const { outline } = await import("/static/paint/strokes.js");
        const path = outline(radius, { exact: true, usual: 5, scale: 1, least: 1, most: 1 }, 10);
        const context = new OffscreenCanvas(1, 1).getContext("2d");
        const places = Array.from({ length: 61 }, (_, place) => 10 * (place - 30));
        return places.map((y) => places.map((x) => context.isPointInPath(path, x, y)));
    }"""
    for radius in (0.4, 1, 2, 7, 29):
        disc = marks_of([Hint(30, 30, (1, 2, 3), radius)], None, (61, 61)).label > 0
        assert np.array_equal(np.array(page.evaluate(inside, radius)), disc)
    page.locator("[data-tool=dab]").click()
    page.locator("#radius").fill("0")
    for _ in range(4):
        page.keyboard.press("]")
    expect(page.locator("#radius-value")).to_have_text("9 px")
    paint(page, (0.7, 0.7))
    settle(page)
    (hint,) = hints_of(page, tmp_path)
    layer = np.array(Image.open(kept(page, "keep-png", tmp_path)))[:, :, 3] > 0
    assert np.array_equal(layer, marks_of([hint], None, (240, 240)).label > 0)
    assert layer.any(axis=0).sum() == 9


def test_space_and_the_middle_button_move_the_picture_and_paint_nothing(page: Page, tmp_path: Path) -> None:
    box = place(page)
    for _ in range(4):
        page.keyboard.press("+")
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    moved = "document.querySelector('.picture').getBoundingClientRect().x"
    before = page.evaluate(moved)
    page.keyboard.down(" ")
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"] + 40, box["y"] + 0.5 * box["height"])
    page.mouse.up()
    page.keyboard.up(" ")
    assert page.evaluate(moved) - before == pytest.approx(40, abs=1)
    page.mouse.down(button="middle")
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.up(button="middle")
    assert page.evaluate(moved) - before == pytest.approx(0, abs=1)
    expect(page.locator("#report")).to_have_attribute("data-dabs", "0")
    paint(page, (0.5, 0.3))
    settle(page)
    expect(page.locator("#report")).to_have_text("1 dab")


def test_two_fingers_enlarge_and_paint_nothing(open_page: OpenPage, address: str) -> None:
    page = open_page(
        address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    load(page, ROOMS)
    box = place(page)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *shares: float) -> None:
        y = box["y"] + 0.5 * box["height"]
        points = [{"x": box["x"] + share * box["width"], "y": y, "id": one} for one, share in enumerate(shares)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.4)
    touch("touchStart", 0.4, 0.6)
    for step in range(1, 6):
        touch("touchMove", 0.4 - 0.04 * step, 0.6 + 0.04 * step)
    touch("touchEnd")
    page.locator("#zoom-all", has_text="300 %").wait_for()
    expect(page.locator("#report")).to_have_attribute("data-dabs", "0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_flat_fill_beside_the_network(page: Page, folder: Path, tmp_path: Path) -> None:
    page.keyboard.press("f")
    paint(page, (0.3, 0.3))
    page.locator("[data-view=flat]").click()
    settle(page)
    settle(page, "b")
    hints = hints_of(page, tmp_path)
    assert np.array_equal(shown(page, "a"), Colorizer.load(folder / RUN).color(ROOMS, hints))
    assert np.array_equal(shown(page, "b"), color_flat(ROOMS, hints))
    assert "with=--flat" in page.url
    page.keyboard.press("+")
    seen = page.evaluate("[...document.querySelectorAll('.picture')].map((one) => one.style.transform)")
    assert seen[0] == seen[1] != ""
    page.goto(page.url.split("?")[0])
    load(page, ROOMS)
    expect(page.locator("[data-view=flat]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("x")
    settle(page)
    expect(page.locator("#run-a")).to_have_value("--flat")
    picture = kept(page, "keep-picture", tmp_path)
    assert picture.name == "face-flat.png"
    assert (np.array(Image.open(picture)) == color_flat(ROOMS, [])).all()


def test_a_brush_stays_inside_the_lines_unless_it_is_told_not_to(page: Page, folder: Path, tmp_path: Path) -> None:
    """Beside the wall between two rooms: a disc that crosses it would colour both."""
    page.keyboard.press("b")
    for _ in range(12):
        page.keyboard.press("]")
    areas = []
    for inside in (True, False):
        page.locator("#inside").set_checked(inside)
        hover(page, 0.45, 0.3)
        areas.append(page.locator(".box").first.get_attribute("data-area"))
        paint(page, (0.45, 0.3))
        settle(page)
        hint = hints_of(page, tmp_path)[-1]
        touched = np.unique(AREA[(marks_of([hint], None, AREA.shape).label > 0) & (ROOMS[:, :, 0] >= INK)])
        assert sorted(map(int, areas[-1].split())) == touched.tolist()
        assert len(touched) == (1 if inside else 2)
        picture = shown(page)
        assert np.array_equal(picture, Colorizer.load(folder / RUN).color(ROOMS, hints_of(page, tmp_path)))
        assert (picture[60, 60] == (194, 59, 59)).all()
        assert (picture[60, 180] == (194, 59, 59)).all() == (not inside)
        page.keyboard.press("c")
        settle(page)
    page.locator("#radius").fill("0")
    hover(page, 0.45, 0.3)
    box = place(page)
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.3 * box["height"])
    page.locator(".box:not([data-area])").first.wait_for()  # on ink alone, which fills nothing
