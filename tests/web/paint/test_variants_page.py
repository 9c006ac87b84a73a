"""Another colouring of the same drawing, in a real browser, and made again on the command line."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gan import cli
from gan.colorize.colorizer import Colorizer
from tests.support.painters import sampling_runs
from tests.web.conftest import OpenPage, serving
from tests.web.paint.test_page import DRAWING, hints_of, kept, load, paint, settle, shown, wake

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

LINES, BLIND, FIXED = "sampler_lines/seed-0", "sampler/seed-0", "l1/seed-0"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sampling_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serving(folder) as address:
        wake(address)
        yield f"{address}/paint?run={LINES}&with={FIXED}"


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    page = open_page(address)
    load(page)
    return page


def at(page: Page, number: int, side: str = "a") -> None:
    """Until the picture is the colouring of that number, from 1 on, with every dab."""
    expect(page.locator(".box").nth("ab".index(side))).to_have_attribute("data-variant", str(number - 1))
    settle(page, side)


def test_another_and_back(page: Page, folder: Path, tmp_path: Path) -> None:
    colorizer = Colorizer.load(folder / LINES)
    another, before = page.get_by_role("button", name="Another colouring"), page.get_by_label("The colouring before")
    expect(another).to_have_attribute("title", re.compile("another way"))
    expect(before).to_be_disabled()
    another.click()
    at(page, 2)
    expect(page.locator("#variant")).to_have_text("Colouring 2")
    expect(page.locator("figcaption").first).to_contain_text("colouring 2")
    assert np.array_equal(shown(page), colorizer.color(DRAWING, variant=1))
    another.focus()
    page.keyboard.press("Enter")  # by the keyboard
    at(page, 3)
    page.keyboard.press("n")
    at(page, 4)
    paint(page, (0.5, 0.5), (0.55, 0.5))
    at(page, 4)  # a stroke keeps the colouring
    hints = hints_of(page, tmp_path)
    pictures = {number: colorizer.color(DRAWING, hints, variant=number - 1) for number in (3, 4)}
    assert not np.array_equal(pictures[3], pictures[4])
    assert np.array_equal(shown(page), pictures[4])
    before.click()
    at(page, 3)
    assert np.array_equal(shown(page), pictures[3])
    page.keyboard.press("Control+z")  # a colouring is undone as anything else
    at(page, 4)
    page.keyboard.press("p")
    page.keyboard.press("p")
    at(page, 2)
    assert hints_of(page, tmp_path) == hints
    load(page, np.ascontiguousarray(DRAWING[:, :200]))  # another drawing begins with its first
    at(page, 1)
    expect(page.locator("#variant")).to_have_text("Colouring 1")


def test_what_is_kept_makes_the_same_colouring_again(
    page: Page, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.locator("[data-view=beside]").click()
    settle(page, "b")
    for number in (2, 3):
        page.keyboard.press("n")
        at(page, number)
    paint(page, (0.5, 0.5), (0.55, 0.5))
    at(page, 3)
    settle(page, "b")
    assert np.array_equal(shown(page, "b"), Colorizer.load(folder / FIXED).color(DRAWING))  # the other has one answer
    picture = kept(page, "keep-picture", tmp_path)
    assert picture.name == "face-sampler_lines-seed-0-3.png"
    assert np.array_equal(np.array(Image.open(picture)), shown(page))
    assert kept(page, "keep-json", tmp_path).name == "face-hints-3.json"
    assert kept(page, "keep-png", tmp_path).name == "face-hints-3.png"
    expect(page.locator("#command")).to_contain_text("--variant 3 ")
    whole = kept(page, "keep-all", tmp_path)
    assert whole.name == "face-3.zip"
    (tmp_path / "again").mkdir()
    monkeypatch.chdir(tmp_path / "again")
    with zipfile.ZipFile(whole) as archive:
        archive.extractall()
        assert sorted(archive.namelist()) == [
            *("commands.txt", "face-hints-3.json", "face-hints-3.png", "face-l1-seed-0.png"),
            *(f"face-sampler_lines-seed-0-3{layer}.png" for layer in ("-colors", "-flat", "-lines", "")),
            "face.png",
        ]
    names = ["face-sampler_lines-seed-0-3.png", "face-l1-seed-0.png"]
    for side, name, command in zip("ab", names, Path("commands.txt").read_text().split("\n\n"), strict=True):
        assert cli.main(command.split()[1:]) == 0
        made, painted = (np.array(Image.open(path)) for path in (f"again-{name}", name))
        assert np.array_equal(made, painted)
        assert np.array_equal(painted, shown(page, side))


def test_only_where_a_run_draws(page: Page) -> None:
    group = page.locator("#variants")
    expect(group).to_be_visible()
    page.locator("#run-a").select_option(FIXED)
    expect(group).to_be_hidden()
    page.keyboard.press("n")
    settle(page)
    expect(page.locator("#command")).not_to_contain_text("--variant")
    page.locator("#run-b").select_option(BLIND)
    expect(group).to_be_hidden()  # it is not looked at
    page.locator("[data-view=beside]").click()
    expect(group).to_be_visible()
    page.locator("#another").click()
    at(page, 2, "b")
    page.locator("#run-a").select_option(BLIND)
    page.locator(f".box[data-run='{BLIND}']").first.wait_for()
    expect(page.locator("#variant")).to_have_text("Colouring 2")
    page.locator("#new").click()
    expect(group).to_be_hidden()  # while another drawing is looked for


def test_a_narrow_screen(open_page: OpenPage, address: str) -> None:
    page = open_page(address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    load(page)
    page.locator("#another").tap()
    at(page, 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
