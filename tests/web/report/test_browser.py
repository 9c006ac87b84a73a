"""The report in a real browser, opened from disk."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from gan.web.report import page as report
from tests.support.fake_runs import write_study
from tests.web.conftest import OpenPage
from tests.web.review.test_page import TALL, at_steps, grids, pixel


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


def test_a_name_is_text(open_page: OpenPage, tmp_path: Path) -> None:
    name = "<img src=x onerror=document.title=1><script>document.title=2<"
    write_study(tmp_path / name, seeds=(0,), arms=("l1",), steps=100, rows=1)
    page = open_page(report.write([tmp_path / name], tmp_path / "report.html").as_uri(), viewport=TALL)
    at_steps(page, "100")
    assert page.title() == f"{name} · Report"
    expect(page.locator(".study-name")).to_have_text(re.compile(re.escape(name)))
