"""The paint page under a finger, on a phone of 390 px: zoom, fine brushes, free colours, and what came after them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.support.painters import pointing_run
from tests.web.conftest import OpenPage
from tests.web.paint.test_areas_page import ROOMS
from tests.web.paint.test_kept_page import stands_at
from tests.web.paint.test_page import hints_of, load, place, settle

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

Touch = Callable[..., None]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pointing_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    page = open_page(address, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    with page.expect_response("**/areas"):
        load(page, ROOMS)
    return page


@pytest.fixture
def touch(page: Page) -> Touch:
    """Fingers at shares of the picture: where they come down, and where they go."""
    session = page.context.new_cdp_session(page)

    def move(*ways: tuple[tuple[float, float], tuple[float, float]], steps: int = 8) -> None:
        box = place(page)

        def send(kind: str, share: float, count: int) -> None:
            points = [
                {
                    "x": box["x"] + box["width"] * (start[0] + share * (end[0] - start[0])),
                    "y": box["y"] + box["height"] * (start[1] + share * (end[1] - start[1])),
                    "id": number,
                }
                for number, (start, end) in enumerate(ways[:count])
            ]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        for count in range(1, len(ways) + 1):
            send("touchStart", 0, count)
        for step in range(1, steps + 1):
            send("touchMove", step / steps, len(ways))
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    return move


def test_pinched_a_fine_brush_paints_where_the_finger_is(page: Page, touch: Touch, tmp_path: Path) -> None:
    touch(((0.45, 0.45), (0.2, 0.2)), ((0.55, 0.55), (0.8, 0.8)))
    zoom = float(page.locator("#zoom-all").inner_text().split()[0]) / 100
    assert zoom == pytest.approx(6, rel=0.05)  # the fingers are six times as far apart
    expect(page.locator("#report")).to_have_attribute("data-dabs", "0")  # they have painted nothing
    assert page.evaluate("visualViewport.scale") == 1  # the page itself stays as it is
    page.locator("#radius").fill("0")
    page.locator("#code").fill("#12ab34")
    page.locator("#code").press("Enter")
    page.locator("[data-tool=dab]").tap()
    expect(page.locator("[data-tool=dab]")).to_have_attribute("aria-pressed", "true")
    page.evaluate("scrollTo(0, 0)")
    touch(((0.7, 0.3), (0.7, 0.3)), steps=0)
    settle(page)
    (hint,) = hints_of(page, tmp_path)
    middle = 0.5 + (np.array([0.7, 0.3]) - 0.5) / zoom  # about the middle of the two fingers
    assert (hint.x, hint.y) == pytest.approx(tuple(middle * 240 - 0.5), abs=1.5)
    assert (hint.color, hint.radius) == ((0x12, 0xAB, 0x34), 0.4)


def test_two_fingers_move_the_picture(page: Page, touch: Touch) -> None:
    for _ in range(4):
        page.locator("#zoom-in").tap()
    page.evaluate("scrollTo(0, 0)")
    before = page.locator(".picture").first.evaluate("one => one.style.transform")
    touch(((0.4, 0.5), (0.6, 0.5)), ((0.6, 0.5), (0.8, 0.5)))
    after = page.locator(".picture").first.evaluate("one => one.style.transform")
    assert before != after
    assert before.split("scale")[1] == after.split("scale")[1]
    expect(page.locator("#report")).to_have_attribute("data-dabs", "0")


def test_a_hint_is_chosen_beside_its_mark_and_the_border_dragged(page: Page, touch: Touch) -> None:
    touch(((0.2, 0.3), (0.4, 0.3)))
    settle(page)
    page.wait_for_timeout(400)  # what follows a touch sooner may be half of a double tap to Chromium, and no click
    page.locator("[data-tool=tint]").tap()
    expect(page.locator("[data-tool=tint]")).to_have_attribute("aria-pressed", "true")
    page.evaluate("scrollTo(0, 0)")
    wide = place(page)["width"]
    touch(((0.3, 0.3 + 15 / wide), (0.3, 0.3 + 15 / wide)), steps=0)  # a finger is less exact than a mouse
    expect(page.locator("#chosen")).to_contain_text("Hint 1, a stroke")
    page.locator("#keep-as-b").tap()
    expect(page.locator(".grip")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    low = 1 - 22 / place(page)["height"]
    touch(((0.5, low), (0.25, low)))
    stands_at(page.locator("#border"), 25, within=1)
    expect(page.locator("#report")).to_have_text("1 stroke")


@pytest.mark.parametrize("wide", [390, 320])
def test_no_control_lies_on_another(open_page: OpenPage, address: str, wide: int) -> None:
    page = open_page(address, viewport=PHONE | {"width": wide}, has_touch=True, is_mobile=True)
    load(page, ROOMS)
    page.locator("[data-view=wipe]").first.tap()
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    boxes = np.array(
        page.evaluate(
            """() => ["runs", "zoom", "side"]
                .flatMap((one) => [...document.querySelectorAll(`.${one} :is(button, select, input)`)])
                .map((one) => one.getBoundingClientRect()).filter(({ width }) => width > 0)
                .map(({ left, top, right, bottom }) => [left, top, right, bottom])"""
        )
    )
    assert len(boxes) > 25
    left, top, right, bottom = boxes.T
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left)
    down = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    covered = (across > 1.5) & (down > 1.5) & ~np.eye(len(boxes), dtype=bool)
    assert not covered.any(), boxes[covered.any(axis=1)]
    assert right.max() <= wide
    letters = page.locator("select, #code").evaluate_all("all => all.map((one) => getComputedStyle(one).fontSize)")
    assert {float(size.removesuffix("px")) >= 16 for size in letters} == {True}  # else the page jumps when one is used
