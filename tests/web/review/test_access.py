"""The review page for people who do not see it, or use no mouse: the rules of axe, and every drawing by keyboard."""

import os
import re
import sys
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect

from tests.support.fake_runs import final, write_kept, write_run
from tests.web.conftest import OpenPage, Serve
from tests.web.review.test_page import CHOSEN, CONTRAST, TALL, at_steps, grids

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, which scripts/test installs as package.json pins it."""
    path = os.environ.get("AXE_CORE") or Path(sys.prefix) / "node/node_modules/axe-core/axe.min.js"
    if not Path(path).is_file():
        words = "NOT RUN: the rules of axe need axe-core (scripts/test installs it with npm, or set AXE_CORE)"
        pytest.fail(words) if os.environ.get("CI") else pytest.skip(words)
    return Path(path).read_text("utf-8")


def broken_rules(page: Page, axe: str) -> list[str]:
    """The rules that the page breaks as it is now, each with the first element that does."""
    page.evaluate(f"{axe}; 0")
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert len(found["passes"]) > 20  # it did look
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_rules_of_axe(lab_address: str, open_page: OpenPage, axe: str, width: int, scheme: str) -> None:
    address = f"{lab_address}/{CHOSEN}&color=val/mae"
    page = open_page(address, viewport={"width": width, "height": 2400}, color_scheme=scheme)
    expect(page.locator(".color-key")).to_be_visible()
    at_steps(page, "50", "100", "100")
    expect(page.locator("#hints .chart-panel")).to_have_count(6)
    assert broken_rules(page, axe) == []
    page.get_by_role("button", name="By drawing").click()
    expect(grids(page)).to_have_count(5)
    assert broken_rules(page, axe) == []


def test_the_rules_of_axe_in_the_wipe(lab_address: str, open_page: OpenPage, axe: str) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}&open=1&open=sepia/l1/seed-3&open=pix2pix/seed-0", viewport=TALL)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert broken_rules(page, axe) == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_rules_of_axe_for_pictures_one_by_one(
    serve: Serve, open_page: OpenPage, axe: str, tmp_path: Path, width: int, scheme: str
) -> None:
    """Beside a run that has none, and one that stopped; and the reason why it did."""
    grey = torch.zeros(14, 3, 32, 32)
    for name in ("l1", "pix2pix"):
        run = write_run(tmp_path / name / "seed-0", name, 0, steps=100, rows=1)
        write_kept(run, grey, grey, {"mae": [0.1 * place for place in range(14)]})
    stopped = write_run(tmp_path / "l2" / "seed-0", "l2", 0, steps=100, done=50, rows=1)
    os.utime(stopped / "metrics.jsonl", (1e9, 1e9))
    (stopped / "train.log").write_text("a line that is longer than the screen of a telephone is wide " * 9)
    chosen = "&".join(f"run={name}/seed-0" for name in ("l1", "pix2pix", "l2"))
    page = open_page(f"{serve(tmp_path)}/#{chosen}", viewport={"width": width, "height": 2400}, color_scheme=scheme)
    expect(page.locator(".one-by-one")).to_have_attribute("data-painted", "val")
    assert broken_rules(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CONTRAST) == []
    if width < 900:
        page.locator("#runs > summary").click()
    page.locator(".badge", has_text="stopped").click()
    expect(page.get_by_role("dialog")).to_contain_text("The end of l2/seed-0/train.log")
    assert broken_rules(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_past_the_list_of_runs(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}", viewport=TALL)
    at_steps(page, "50", "100", "100")
    expect(page.locator("h1")).to_have_text("Review · Colorization lab")
    page.keyboard.press("Tab")
    skip = page.get_by_text("Skip to the results")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    assert "run=sepia" in page.url  # what is chosen is still in the address
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_links_lead_to_the_sections_that_are_seen(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}")
    links = page.get_by_role("navigation", name="Sections").get_by_role("link")
    words = [
        "Sample grids",
        "Verdicts",
        "Picture by picture",
        "Curves",
        "Final metrics",
        "Two metrics against each other",
    ]
    expect(links).to_have_text([*words, "Hints", "Configuration"])
    links.get_by_text("Final metrics").press("Enter")
    heading = page.get_by_role("heading", name="Final metrics")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    assert "run=sepia" in page.url
    page.get_by_role("button", name="None").click()  # no run: no verdicts, and no hints
    expect(links).to_have_text([*words[:1], *words[2:], "Configuration"])


def test_every_drawing_can_be_opened_by_keyboard(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}", viewport=TALL)
    at_steps(page, "50", "100", "100")
    page.locator(".step-range").focus()
    page.keyboard.press("Tab")
    expect(grids(page).nth(0)).to_be_focused()
    dialog = page.get_by_role("dialog")
    for number in (1, 2, 3):
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text(f"Drawing {number} of 3")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(grids(page).nth(0)).to_be_focused()
        page.keyboard.press("ArrowDown")
    expect(page.locator("#grids [role=status]")).to_have_text("drawing 1 of 3")  # around


def test_charts_say_what_they_show(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}&metric=val/mae", viewport=TALL)
    chart = page.locator("[data-metric='val/mae']").get_by_role("img")
    first, last = (final("l1_hints", 3, share)["mae"] for share in (0.1, 1))
    told = f"l1_hints · seed 3: {first:.3f} at step 10, {last:.3f} at step 100, between {last:.3f} and {first:.3f}"
    expect(chart).to_have_attribute("aria-label", re.compile(rf"^val/mae\. .*{re.escape(told)}"))
