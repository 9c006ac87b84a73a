"""What is chosen stands in the address: a link shows the same, in an open tab too, and Back goes back."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import OpenPage
from tests.web.review.test_page import CHOSEN, TALL, at_steps, grids

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py


def wait_for(page: Page, **fields: str) -> None:
    """Wait until the address says so."""
    for name, value in fields.items():
        page.wait_for_function(
            "([name, value]) => new URLSearchParams(location.hash.slice(1)).get(name) === value", arg=[name, value]
        )


def test_a_link_shows_what_was_chosen(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}", viewport=TALL)
    at_steps(page, "50", "100", "100")
    page.get_by_label("log scale").check()
    page.get_by_label("Smoothing").fill("0.5")
    page.locator("#metrics").get_by_role("button", name="psnr").click()
    page.get_by_label("Zoom in").click()
    page.keyboard.press("ArrowLeft")
    over = page.locator("[data-metric='val/mae'] .u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 60, steps=3)
    page.mouse.up()
    grids(page).nth(1).click(position={"x": 20, "y": 20})
    expect(page.get_by_role("dialog")).to_be_visible()
    wait_for(page, log="1", smooth="0.5", sort="+psnr", step="90", open="1")
    query = parse_qs(urlsplit(page.url).fragment)
    assert query["zoom"][0].startswith("1.5,")
    assert query["open"] == ["1", "line:sepia/l1/seed-3", "sepia/l1/seed-3"]
    low, high = map(float, query["range"][0].split(","))
    assert 50 < low < 60 < 85 < high < 95  # from half to nine tenths of steps 10 to 100

    other = open_page(page.url, viewport=TALL)
    expect(other.get_by_role("dialog")).to_contain_text("Drawing 1 of 3, step 90")
    expect(other.locator(".grid-panel canvas.zoomed")).to_have_count(3)
    expect(other.get_by_label("log scale")).to_be_checked()
    expect(other.get_by_label("Smoothing")).to_have_value("0.5")
    expect(other.locator("th[data-name=psnr]")).to_have_attribute("aria-sort", "descending")
    expect(other.get_by_text("All of x")).to_be_visible()
    assert other.url == page.url


def test_a_link_opened_where_the_page_is_open(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}", viewport=TALL)
    expect(grids(page)).to_have_count(3)
    page.evaluate("location.hash = 'run=sepia/l1/seed-4&layout=rows&step=30&metric=val/psnr'")
    expect(page.locator(".grid-title")).to_have_text(["drawing", "l1 · seed 4", "truth"])
    at_steps(page, "30")
    expect(page.locator("#curves .chart-panel")).to_have_count(1)
    expect(page.get_by_role("button", name="By drawing")).to_have_attribute("aria-pressed", "true")
    page.evaluate("location.hash = 'parts'")  # names no choice
    expect(grids(page)).to_have_count(3)


def test_back_undoes_a_choice_and_does_not_leave(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}", viewport=TALL)
    expect(grids(page)).to_have_count(3)
    page.get_by_role("button", name=re.compile("^l1_hints, seed 4")).click()
    expect(grids(page)).to_have_count(4)
    expect(page).to_have_url(re.compile("l1_hints%2Fseed-4"))
    at_steps(page, "50", "100", "100", "100")
    grids(page).nth(1).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page).to_have_url(re.compile("open="))
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(grids(page)).to_have_count(4)
    page.go_back()
    expect(grids(page)).to_have_count(3)
    page.go_forward()
    expect(grids(page)).to_have_count(4)


def test_words_that_make_no_sense_are_no_choice(lab_address: str, open_page: OpenPage) -> None:
    nonsense = "&zoom=a,b&zoom=1&open=0&open=x&smooth=7&range=9,1&sort=psnr&axis=x&step=-1&layout=&log=yes&column=none"
    page = open_page(f"{lab_address}/{CHOSEN}{nonsense}", viewport=TALL)
    expect(grids(page)).to_have_count(3)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Smoothing")).to_have_value("0")
    expect(page.locator("canvas.zoomed")).to_have_count(0)
