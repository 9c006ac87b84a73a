"""The served page on paper: whole grids at the chosen step, nothing that sticks or is cut."""

import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.support.fake_runs import draw_draws, write_kept
from tests.web.conftest import OpenPage, Serve
from tests.web.report.test_browser import PAPER
from tests.web.review.test_page import CHOSEN

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

WIDER = """() => [...document.querySelectorAll("#parts *")]
  .filter((node) => node.getClientRects().length && !node.closest(".visually-hidden, .cut"))
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1
    || (getComputedStyle(node).overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1))
  .map((node) => `${node.tagName} ${node.className}`)"""


def pixels(node: Locator) -> np.ndarray:
    """As it is on paper."""
    return np.asarray(Image.open(io.BytesIO(node.screenshot())).convert("RGB")).astype(int)


def test_on_paper(lab: Path, serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    runs = shutil.copytree(lab, tmp_path / "runs")
    draw_draws(runs / "sepia" / "l1" / "seed-3", 100)
    grey = torch.zeros(3, 3, 32, 32)
    write_kept(runs / "sepia" / "l1" / "seed-3", grey, grey, {"mae": [0.1, 0.2, 0.3]})
    columns = "".join(f"&column={name}" for name in ("line", "hint", "fake", "color", "difference"))
    page = open_page(f"{serve(runs)}/{CHOSEN}{columns}")  # as high as a screen: most of it is out of sight
    figures = page.locator(".printed figure")
    expect(figures).to_have_count(4)
    expect(figures.first).to_be_hidden()
    page.wait_for_function("[...document.querySelectorAll('.printed img')].every((image) => image.complete)")
    pdf = page.pdf(format="A4")
    assert pdf.count(b"/Subtype /Image") >= 4 + 3  # the grids and the draws, and what each differs by

    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    expect(page.locator(".step-bar:visible, aside:visible, nav:visible, main button:not(.sort):visible")).to_have_count(
        0
    )
    expect(page.locator("#grids .grid-panel:visible, #grids .draws:visible")).to_have_count(0)
    assert page.evaluate(WIDER) == []
    for words in (".header", "tbody th"):
        assert page.locator(words).first.evaluate("node => getComputedStyle(node).position") == "static"
    assert page.locator(".u-wrap").first.evaluate("node => node.clientWidth > 200")
    expect(page.locator("#scatter svg")).to_be_visible()

    # l1_hints: drawing, hints, coloured, truth, and no difference, for it paints the truth
    cells = figures.nth(2).locator(".printed-columns > div")
    expect(figures.nth(2).locator("h3")).to_have_text("sepia/l1_hints/seed-3, step 100")
    expect(cells).to_have_text(["drawing", "hints", "coloured", "truth", "difference"])
    line, colored, truth = (pixels(cells.nth(index).locator(".cut")) for index in (0, 2, 3))
    with Image.open(runs / "sepia/l1_hints/seed-3/samples/000100.png") as grid:
        for shown, column in ((line, 0), (colored, 2), (truth, 3)):
            high, wide = shown.shape[:2]
            assert high / wide == pytest.approx(3 * 130 / 128, rel=0.03)  # three drawings, whole
            for row in range(3):  # the ground, in the corner of a cell
                expected = grid.convert("RGB").getpixel((2 + column * 130 + 8, 24 + row * 130 + 8))
                seen = shown[int((row * 130 + 8) / 390 * high), int(8 / 128 * wide)]
                assert seen.tolist() == pytest.approx(expected, abs=8)
    dark = pixels(cells.nth(4).locator("canvas"))
    assert dark[int(0.1 * len(dark)), int(0.1 * dark.shape[1])].max() < 40
    draws = figures.nth(3)
    expect(draws.locator(".printed-columns > div")).to_have_count(9)
    for image in page.locator(".printed img").all():
        assert image.evaluate("image => image.naturalWidth > 0 && image.parentElement.clientWidth > 30")


def test_paper_follows_the_screen(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}")
    titles = page.locator(".printed h3")
    expect(titles).to_have_text(
        ["pix2pix/seed-0, step 50", "sepia/l1/seed-3, step 100", "sepia/l1_hints/seed-3, step 100"]
    )
    page.get_by_label("Training step of every grid").fill("1")
    page.get_by_label("Drawings", exact=True).select_option("train")
    expect(titles.first).to_have_text("pix2pix/seed-0, step 20")
    source = page.locator(".printed img").first.get_attribute("src")
    assert source is not None
    assert "000020-train.png" in source
