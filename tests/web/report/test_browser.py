"""The report in a real browser, opened from disk."""

import io
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect

from gan.web.report import page as report
from tests.support.fake_runs import draw_draws, write_study
from tests.web.conftest import OpenPage
from tests.web.review.test_page import TALL, at_steps, grids, pixel

pytestmark = pytest.mark.slow  # a browser; what the page holds is a fast test of test_page.py


@pytest.fixture(scope="module")
def made(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report on disk."""
    return report.write([lab], tmp_path_factory.mktemp("report") / "report.html").as_uri()


def test_it_opens_from_disk_with_everything_in_it(made: str, open_page: OpenPage) -> None:
    page = open_page(made, viewport=TALL)
    at_steps(page, "50", "100", "100")
    expect(page.locator(".verdict .badge")).to_have_text(["supported", "refuted", "inconclusive"])
    expect(page.locator("#curves .chart-panel")).to_have_count(4)
    expect(page.locator("#curves canvas")).to_have_count(4)
    expect(page.locator("#metrics tbody tr:not(.reference)")).to_have_count(5)
    expect(page.locator("#hints .chart-panel")).to_have_count(6)
    expect(page.locator("#configuration tbody tr")).to_have_count(2)
    expect(page.locator(".cells tbody tr").first).to_contain_text("closed form 1.000")


def test_its_slider_is_linked(made: str, open_page: OpenPage) -> None:
    page = open_page(made, viewport=TALL)
    page.get_by_label("Training step of every grid").fill("1")
    at_steps(page, "20", "20", "20")
    early = pixel(grids(page).nth(1), 1.1 / 3, 0.1)
    page.locator("h2").first.click()
    page.keyboard.press("End")
    at_steps(page, "50", "100", "100")
    assert pixel(grids(page).nth(1), 1.1 / 3, 0.1) != early
    grids(page).nth(1).click()
    expect(page.get_by_role("dialog")).to_contain_text("Drawing 2 of 3, step 100")


def test_pictures_are_those_of_the_run(made: str, lab_address: str, open_page: OpenPage) -> None:
    chosen = "&".join(f"run={name}" for name in ("pix2pix/seed-0", "sepia/l1/seed-3"))
    live, kept = open_page(f"{lab_address}/#{chosen}", viewport=TALL), open_page(made, viewport=TALL)
    for page in (live, kept):
        at_steps(page, "50", "100")
    for column in range(3):
        seen = [pixel(grids(page).nth(1), (column + 0.1) / 3, 0.05) for page in (live, kept)]
        assert seen[0] == pytest.approx(seen[1], abs=4)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen(made: str, open_page: OpenPage, scheme: str) -> None:
    page = open_page(made, viewport={"width": 390, "height": 844}, color_scheme=scheme)
    grids(page).first.scroll_into_view_if_needed()
    at_steps(page, "50")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


PAPER = ViewportSize(width=703, height=1032)
"""A4 less its margins, in pixels of the page."""


def test_on_paper(lab: Path, open_page: OpenPage, tmp_path: Path) -> None:
    folder = shutil.copytree(lab, tmp_path / "runs")
    (folder / "sepia" / "plots").mkdir()
    Image.new("RGB", (60, 40), "#336699").save(folder / "sepia" / "plots" / "dose.png")
    draw_draws(folder / "sepia" / "l1" / "seed-3", 100)
    page = open_page(report.write([folder], tmp_path / "report.html").as_uri())
    expect(page.locator(".printed")).to_be_hidden()
    pdf = page.pdf(format="A4")
    strips = 2 * 4 + 3 * 3 + 9  # two runs with hints, three without, and a drawing with its eight draws
    assert pdf.count(b"/Subtype /Image") >= strips + 1  # and the plot; what is white need have no mask

    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    expect(page.locator(".printed figure")).to_have_count(6)
    expect(page.locator("#grids canvas:visible, .step-bar:visible, aside:visible, main button:visible")).to_have_count(
        page.locator(".sort:visible").count()  # headings
    )
    for image in page.locator(".printed img").all():
        assert image.evaluate("image => image.complete && image.naturalWidth > 0 && image.clientWidth > 30")
    colored = page.locator(".printed figure").first.locator("img").nth(1).screenshot()
    assert np.asarray(Image.open(io.BytesIO(colored)).convert("HSV"))[..., 1].max() > 40  # and not an empty box
    assert overflowing(page) == []
    for words in (".header", "tbody th"):
        assert page.locator(words).first.evaluate("node => getComputedStyle(node).position") == "static"
    expect(page.get_by_role("img", name="sepia: dose")).to_be_visible()


def overflowing(page: Page) -> list[str]:
    """What is wider than the paper, or cut at its own edge."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("#parts *")]
          .filter((node) => node.getClientRects().length && !node.closest(".visually-hidden"))
          .filter((node) => node.getBoundingClientRect().right > innerWidth + 1
            || (getComputedStyle(node).overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1))
          .map((node) => `${node.tagName} ${node.className}`)"""
    )
    return found


def test_paper_follows_the_screen(made: str, open_page: OpenPage) -> None:
    page = open_page(made)
    titles = page.locator(".printed h3")
    expect(titles.first).to_have_text("pix2pix/seed-0, step 50")
    page.get_by_label("Training step of every grid").fill("1")
    expect(titles).to_have_text([re.compile("step 20$")] * 5)
    page.get_by_role("group", name="Columns of the grids").get_by_label("truth").uncheck()
    expect(page.locator(".printed figure").first.locator("img")).to_have_count(2)


def test_it_says_whence_and_what(made: str, open_page: OpenPage) -> None:
    page = open_page(made)
    expect(page.locator(".brand")).to_have_text("sepia and 1 other run")
    expect(page.locator(".origins tbody tr")).to_have_count(1)
    whence = page.locator(".origins tbody tr").first
    expect(whence).to_contain_text("avatars, 64 px: 245 train, 35 val, 70 test characters")
    expect(whence).to_contain_text("x86_64gan 0.1.0, torch 2.11.00123456789abcdef")
    named = page.locator(".meanings dt").all_text_contents()
    heads = page.locator("#metrics thead th").evaluate_all("heads => heads.map((head) => head.dataset.name)")
    assert {"sepia_index", "lpips"} <= set(heads) - {""} <= set(named)
    expect(page.locator("#plots")).to_have_count(0)  # the study has drawn none


def test_a_name_is_text(open_page: OpenPage, tmp_path: Path) -> None:
    name = "<img src=x onerror=document.title=1><script>document.title=2<"
    write_study(tmp_path / name, seeds=(0,), arms=("l1",), steps=100, rows=1)
    page = open_page(report.write([tmp_path / name], tmp_path / "report.html").as_uri(), viewport=TALL)
    at_steps(page, "100")
    assert page.title() == f"{name} · Report"
    expect(page.locator(".study-name")).to_have_text(re.compile(re.escape(name)))
