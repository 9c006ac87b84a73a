"""Two metrics against each other; and what is shown as SVG and PNG."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gan.web.report import page as report
from tests.support.fake_runs import final, row
from tests.web.conftest import OpenPage
from tests.web.review.test_address import wait_for
from tests.web.review.test_page import CHOSEN, TALL, at_steps, grids, pixel

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

SVG = "{http://www.w3.org/2000/svg}"
VALUES = {
    "l1 · seed 3": final("l1", 3),
    "l1_hints · seed 3": final("l1_hints", 3),
    "pix2pix · seed 0": final("pix2pix", 0, 0.5),
}


@pytest.fixture
def page(lab_address: str, open_page: OpenPage) -> Page:
    page = open_page(f"{lab_address}/{CHOSEN}&metric=val/mae", viewport=TALL)
    at_steps(page, "50", "100", "100")
    return page


def saved(page: Page, label: str, folder: Path) -> Path:
    """The file that a button saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def straight(values: list[float], places: list[float], *, rising: bool) -> None:
    """Places are on a straight line over the values."""
    slope, offset = np.polyfit(values, places, 1)
    assert places == pytest.approx(list(np.multiply(values, slope) + offset), abs=0.05)
    assert (slope > 0) == rising
    assert max(places) - min(places) > 100


def check_points(svg: ElementTree.Element, across: str, up: str) -> None:
    circles = {circle.findtext(f"{SVG}title"): circle for circle in svg.iter(f"{SVG}circle")}
    assert set(circles) == set(VALUES)
    straight(
        [VALUES[name][across] for name in circles],
        [float(each.get("cx", "")) for each in circles.values()],
        rising=True,
    )
    straight(
        [VALUES[name][up] for name in circles], [float(each.get("cy", "")) for each in circles.values()], rising=False
    )
    assert len({each.get("fill") for each in circles.values()}) == 3
    assert set(VALUES) <= {text.text for text in svg.iter(f"{SVG}text")}


def test_two_metrics_against_each_other(page: Page, tmp_path: Path) -> None:
    scatter = page.locator("#scatter")
    shown = scatter.get_by_role("img")
    expect(shown).to_have_attribute("aria-label", re.compile("^val/sepia_index against val/mae. pix2pix · seed 0: 0"))
    check_points(ElementTree.fromstring(shown.evaluate("node => node.outerHTML")), "mae", "sepia_index")
    scatter.get_by_label("Across").focus()
    scatter.get_by_label("Across").select_option("val/psnr")
    expect(shown).to_contain_text("val/psnr (higher is better)")
    expect(scatter.get_by_label("Across")).to_be_focused()
    svg = ElementTree.parse(saved(page, "SVG: save as scatter.svg", tmp_path)).getroot()
    check_points(svg, "psnr", "sepia_index")
    assert not [*svg.iter(f"{SVG}image"), *svg.iter(f"{SVG}foreignObject")]
    scatter.get_by_text("The same as a table").click()
    expect(scatter.locator("thead th")).to_have_text(["run", "val/psnr", "val/sepia_index"])
    expect(scatter.locator("tbody tr").nth(1)).to_contain_text(f"{VALUES['l1 · seed 3']['psnr']:.2f}")
    table = saved(page, "CSV: save as scatter.csv", tmp_path).read_text("utf-8-sig").splitlines()
    assert table[0] == "run,val/psnr,val/sepia_index"
    assert float(table[2].split(",")[1]) == pytest.approx(VALUES["l1 · seed 3"]["psnr"])
    wait_for(page, scatter="val/psnr")
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator("#scatter").get_by_label("Across")).to_have_value("val/psnr")
    scatter.get_by_label("Up").select_option("test/mae")  # the one that trains has none
    expect(scatter).to_contain_text("Without these two: pix2pix/seed-0.")
    expect(scatter.locator("circle")).to_have_count(2)


def test_a_curve_as_svg_and_png(page: Page, tmp_path: Path) -> None:
    svg = ElementTree.parse(saved(page, "SVG: save as val-mae.svg", tmp_path)).getroot()
    drawn = next(svg.iter(f"{SVG}g"))
    lines = [path.get("d", "") for path in drawn.iter(f"{SVG}path")]
    assert len(lines) == 3
    points = [tuple(map(float, point.split())) for point in re.split("[ML]", lines[1])[1:]]
    logged = [row("l1", 3, step, 100)["val/mae"] for step in range(10, 101, 10)]
    straight([*range(10, 101, 10)], [x for x, _ in points], rising=True)
    straight(logged, [y for _, y in points], rising=False)
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    assert {"val/mae", "step", *VALUES} <= set(texts)
    assert not [*svg.iter(f"{SVG}image"), *svg.iter(f"{SVG}polygon")]
    with Image.open(saved(page, "PNG: save as val-mae.png", tmp_path)) as picture:
        assert picture.size == (2 * int(svg.get("width", "")), 2 * int(svg.get("height", "")))
        colors = {color for _, color in picture.convert("RGB").getcolors(1 << 20) or []}
    inks = {path.get("stroke", "") for path in drawn.iter(f"{SVG}path")}
    assert {tuple(bytes.fromhex(ink[1:])) for ink in inks} <= colors


def test_a_band_and_a_log_scale_are_drawn(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name=re.compile("^l1, seed 4")).click()
    page.get_by_label("mean over seeds").check()
    page.get_by_label("log scale").check()
    expect(page.locator("#curves .legend")).to_contain_text("l1, mean of 2")
    svg = ElementTree.parse(saved(page, "SVG: save as val-mae.svg", tmp_path)).getroot()
    (band,) = svg.iter(f"{SVG}polygon")
    corners = [tuple(map(float, corner.split(","))) for corner in band.get("points", "").split()]
    assert len(corners) == 20
    lows, highs = corners[:10], corners[:9:-1]
    seeds = [[row("l1", seed, step, 100)["val/mae"] for step in range(10, 101, 10)] for seed in (3, 4)]
    straight(list(np.log(np.min(seeds, axis=0))), [y for _, y in lows], rising=False)
    straight(list(np.log(np.max(seeds, axis=0))), [y for _, y in highs], rising=False)


def test_the_grids_as_png(page: Page, tmp_path: Path) -> None:
    with Image.open(saved(page, "PNG: save as grids.png", tmp_path)) as picture:
        wide, high = picture.size
        shown = picture.convert("RGB")
    assert wide > 2 * 16 + (3 + 3 + 4) * 128
    assert high > 3 * 128 + 16 + 22 + 18
    # the second panel, its second drawing: after three columns of the first, below title and headings
    left, top = 16 + 3 * 128 + 16, 16 + 22 + 18
    for column in range(3):
        x, y = left + column * 128 + 13, top + 128 + 13
        assert list(shown.getpixel((x, y))) == pytest.approx(  # type: ignore[arg-type]
            pixel(grids(page).nth(1), (column + 0.1) / 3, 1.1 / 3), abs=3
        )


def test_in_a_report_too(lab: Path, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(report.write([lab / "sepia"], tmp_path / "report.html").as_uri(), viewport=TALL)
    expect(page.locator("#scatter circle")).to_have_count(4)
    svg = ElementTree.parse(saved(page, "SVG: save as val-mae.svg", tmp_path)).getroot()
    assert len([*svg.iter(f"{SVG}path")]) > 4
    with Image.open(saved(page, "PNG: save as scatter.png", tmp_path)) as picture:
        assert picture.size[1] == 2 * 420
    with Image.open(saved(page, "PNG: save as grids.png", tmp_path)) as picture:
        assert picture.size[0] > 1000
    expect(page.locator("#one-by-one")).to_be_hidden()
