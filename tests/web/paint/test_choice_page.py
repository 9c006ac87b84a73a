"""A hint that is painted already, chosen and given another colour, in a real browser."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from gan.colorize.colorizer import Colorizer
from tests.support.painters import pointing_run, three_runs
from tests.web.conftest import OpenPage
from tests.web.paint.test_areas_page import ROOMS, await_color, hover
from tests.web.paint.test_page import BLUE, DRAWING, RED, A, choose, hints_of, load, paint, settle, shown

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

GREEN = "#12ab34"
POINTS = "l1_pointer/seed-0"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pointing_run(three_runs(tmp_path_factory.mktemp("runs")))


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    """With a blue stroke, and a red dab below it."""
    page = open_page(f"{address}?run={A}")
    load(page)
    choose(page, BLUE)
    paint(page, (0.3, 0.3), (0.7, 0.3))
    choose(page, RED)
    page.keyboard.press("b")
    paint(page, (0.5, 0.7))
    settle(page)
    return page


def colors(page: Page, folder: Path) -> list[tuple[int, int, int]]:
    """Of the hints, each once, in their order."""
    return list(dict.fromkeys(hint.color for hint in hints_of(page, folder)))


def answered(page: Page, folder: Path, tmp_path: Path) -> None:
    """Until the picture is the one that `gan colorize` makes of the hints."""
    expected = Colorizer.load(folder / A).color(DRAWING, hints_of(page, tmp_path))
    for _ in range(300):
        if np.array_equal(shown(page), expected):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the picture did not follow")


def test_a_stroke_on_the_picture_takes_another_colour(page: Page, folder: Path, tmp_path: Path) -> None:
    before = hints_of(page, tmp_path)
    page.keyboard.press("t")
    paint(page, (0.6, 0.31))  # on the thread of the stroke
    expect(page.locator("#chosen")).to_contain_text("Hint 1, a stroke of")
    expect(page.locator("#code")).to_have_value(BLUE)
    page.locator("#code").fill(GREEN)
    page.keyboard.press("Enter")
    after = hints_of(page, tmp_path)
    assert [(hint.x, hint.y, hint.radius) for hint in after] == [(hint.x, hint.y, hint.radius) for hint in before]
    assert [hint.color for hint in after] == [(0x12, 0xAB, 0x34)] * (len(after) - 1) + [(194, 59, 59)]
    answered(page, folder, tmp_path)
    choose(page, RED)  # it is still chosen
    assert colors(page, tmp_path) == [(194, 59, 59)]
    for expected in ([(0x12, 0xAB, 0x34), (194, 59, 59)], [(59, 111, 212), (194, 59, 59)]):
        page.keyboard.press("Control+z")
        assert colors(page, tmp_path) == expected
    answered(page, folder, tmp_path)
    page.keyboard.press("Control+y")
    assert colors(page, tmp_path)[0] == (0x12, 0xAB, 0x34)
    page.keyboard.press("s")  # who paints on has chosen no hint
    choose(page, BLUE)
    assert colors(page, tmp_path)[0] == (0x12, 0xAB, 0x34)


def test_from_the_list_by_keyboard_alone(page: Page, folder: Path, tmp_path: Path) -> None:
    second = page.get_by_role("button", name=f"Hint 2, a dab, {RED}")
    second.focus()
    page.keyboard.press("Enter")
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(second).to_be_focused()
    swatch = page.locator(f"#palette [data-color='{BLUE}']").first
    swatch.focus()
    page.keyboard.press("Enter")
    expect(swatch).to_be_focused()
    assert colors(page, tmp_path) == [(59, 111, 212)]
    answered(page, folder, tmp_path)
    page.keyboard.press("Delete")
    expect(page.locator("#report")).to_have_text("1 stroke")
    expect(page.locator("#hints button")).to_have_count(1)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert colors(page, tmp_path) == [(59, 111, 212), (194, 59, 59)]


def test_on_the_picture_by_keyboard_alone(page: Page, tmp_path: Path) -> None:
    page.mouse.move(1, 1)  # the keys begin in the middle where no pointer is
    page.locator("[data-side=a]").focus()
    page.keyboard.press("t")
    for _ in range(8):
        page.keyboard.press("ArrowDown")  # a fortieth each: from the middle to the dab
    page.keyboard.press("Enter")
    expect(page.locator("#chosen")).to_contain_text("Hint 2, a dab")
    page.keyboard.press("i")  # a colour from the picture is one, too
    expect(page.locator("#chosen")).to_contain_text("Hint 2, a dab")
    for _ in range(6):
        page.keyboard.press("ArrowUp")
    picture = shown(page)
    page.keyboard.press("Enter")
    (x, y) = (120, 120 + (8 - 6) * 6)
    assert colors(page, tmp_path)[1] == tuple(picture[y, x])
    page.keyboard.press("Control+z")
    assert colors(page, tmp_path)[1] == (194, 59, 59)


def test_a_colour_that_is_dragged_through_is_one_step_back(page: Page, tmp_path: Path) -> None:
    page.locator("#hints button").first.click()
    for color in ("#101010", "#202020", GREEN):
        page.locator("#color").evaluate(
            "(one, color) => { one.value = color; one.dispatchEvent(new Event('input')); }", color
        )
    page.locator("#color").evaluate("(one) => one.dispatchEvent(new Event('change'))")
    assert colors(page, tmp_path)[0] == (0x12, 0xAB, 0x34)
    page.keyboard.press("Control+z")
    assert colors(page, tmp_path)[0] == (59, 111, 212)
    page.keyboard.press("Escape")
    expect(page.locator("#delete")).to_be_hidden()


def test_a_fill_is_chosen_anywhere_in_its_area(open_page: OpenPage, address: str, tmp_path: Path) -> None:
    page = open_page(f"{address}?run={POINTS}")
    with page.expect_response("**/areas"):
        load(page, ROOMS)
    choose(page, RED)
    page.keyboard.press("f")
    hover(page, 0.25, 0.25)
    paint(page, (0.25, 0.25))
    settle(page)
    page.keyboard.press("t")
    paint(page, (0.4, 0.45))
    expect(page.locator("#chosen")).to_contain_text("Hint 1, a fill")
    choose(page, BLUE)
    await_color(page, (59, 111, 212))
    paint(page, (0.75, 0.75))  # another room
    expect(page.locator("#chosen")).to_contain_text("Choose one")


def test_what_is_pointed_at(page: Page) -> None:
    """The nearest mark; where none is near, the topmost of what is painted there."""
    found = page.evaluate(
        """async () => {
            const { strokeAt } = await import("/static/paint/strokes.js");
            const frame = { scale: 1, least: 1, most: 9, exact: false, usual: 3 };
            const dab = (id, x, y, radius) => ({ id, color: "#000000", dabs: [{ x, y, radius }] });
            const line = { id: 9, color: "#000000", dabs: [{ x: 60, y: 0, radius: 1 }, { x: 80, y: 0, radius: 1 }] };
            const strokes = [dab(1, 10, 10, 4), dab(2, 20, 10, 30), dab(3, 40, 10, 25), line];
            const at = (x, y) => strokeAt(strokes, { x, y }, 5, frame)?.id ?? null;
            return [at(11, 12), at(14.4, 10), at(21, 10), at(30, 10), at(0, 20), at(70, 4), at(70, 40)];
        }"""
    )
    assert found == [1, 1, 2, 3, 2, 9, None]
