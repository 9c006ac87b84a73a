"""Picture by picture, the worst first; the difference to the truth; and the value under the pointer."""

import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, Page, expect
from torch import Tensor

from gan.metrics.cielab import ciede2000, srgb_to_lab
from tests.support.fake_runs import write_kept, write_run
from tests.web.conftest import OpenPage, Serve
from tests.web.review.test_address import wait_for
from tests.web.review.test_page import TALL, at_steps, grids, pixel

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

COUNT = 14
SIZE = 64


def flat(values: list[int]) -> Tensor:
    """(N, 3, SIZE, SIZE) greys of 0..255, in [-1, 1]."""
    greys = torch.tensor(values)[:, None, None, None] / 127.5 - 1
    return greys.expand(-1, 3, SIZE, SIZE).contiguous()


ERRORS = [(5 * index) % COUNT for index in range(COUNT)]
"""0 to 13, in no order: picture k is so many tenths of ten levels off."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two runs of the same pictures, the second of which is wrong where the first is right; and one that kept none."""
    runs = tmp_path / "runs"
    truths = flat([20 + 5 * index for index in range(COUNT)])
    others = [COUNT - 1 - error for error in ERRORS]
    for name, errors in (("l1", ERRORS), ("pix2pix", others)):
        run = write_run(runs / name / "seed-0", name, 0, steps=100, rows=2)
        answers = truths + torch.tensor(errors)[:, None, None, None] * 10 / 127.5
        metrics = {"mae": [error * 10 / 255 for error in errors], "psnr": [30.0 - error for error in errors]}
        metrics["psnr"][3] = None  # type: ignore[call-overload]
        write_kept(run, answers, truths, metrics)
    write_kept(runs / "l1" / "seed-0", truths, truths, {"mae": [0.0] * COUNT}, "test")
    write_run(runs / "l2" / "seed-0", "l2", 0, steps=100, rows=2)
    return runs


@pytest.fixture
def page(serve: Serve, open_page: OpenPage, folder: Path) -> Page:
    return open_page(f"{serve(folder)}/#run=l1/seed-0&run=pix2pix/seed-0&worst=mae&of=l1/seed-0", viewport=TALL)


def items(page: Page) -> Locator:
    return page.locator("#one-by-one .ranked li")


def expect_order(page: Page, numbers: list[int]) -> None:
    for place, number in enumerate(numbers):
        expect(items(page).nth(place)).to_have_attribute("data-key", f"p{number}")


def by_error(*, reverse: bool) -> list[int]:
    return sorted(range(COUNT), key=lambda number: ERRORS[number], reverse=reverse)


def test_the_worst_of_a_run_come_first(page: Page) -> None:
    expect(page.locator("#one-by-one .notes")).to_contain_text(
        "14 of 14 validation pictures, evenly spread; after step"
    )
    expect(page.locator("#one-by-one .notes")).to_contain_text("The worst by mae of l1 · seed 0 come first.")
    expect(items(page)).to_have_count(12)
    expect_order(page, by_error(reverse=True)[:12])
    worst = items(page).first
    expect(worst.locator("figcaption")).to_have_text(["1.", "0.510 l1 · seed 0", "0.000 pix2pix · seed 0"])
    page.get_by_role("button", name="Show all 14").click()
    expect(items(page)).to_have_count(COUNT)
    page.get_by_label("best first").check()
    expect_order(page, by_error(reverse=False))
    page.get_by_label("Whose values order them").select_option("pix2pix/seed-0")
    expect_order(page, by_error(reverse=True))
    page.get_by_label("best first").uncheck()
    page.get_by_label("Order", exact=True).select_option("psnr")  # higher is better; of one nothing is known
    expect_order(page, [number for number in by_error(reverse=False) if number != 3] + [3])
    wait_for(page, worst="psnr", of="pix2pix/seed-0")


def test_the_mean_of_the_runs_orders_them(page: Page) -> None:
    page.get_by_label("Whose values order them").select_option("mean of the runs")
    expect_order(page, [*range(12)])  # all are equally wrong: they stay in their order
    page.get_by_label("Which pictures").select_option("test pictures")
    expect(page.locator("#one-by-one")).to_contain_text("No pictures one by one: pix2pix/seed-0.")
    expect(items(page).first.locator("figure")).to_have_count(2)


def test_cells_show_answer_truth_and_difference(page: Page) -> None:
    place = page.locator("#one-by-one .one-by-one")
    expect(place).to_have_attribute("data-painted", "val")
    (worst,) = (number for number in range(COUNT) if ERRORS[number] == 13)
    truth = 20 + 5 * worst
    shared, one, other = (items(page).first.locator("canvas").nth(index) for index in range(3))
    assert pixel(shared, 0.25, 0.5) == [255] * 3
    assert pixel(shared, 0.75, 0.5) == pytest.approx([truth] * 3, abs=1)
    assert pixel(one, 0.25, 0.5) == pytest.approx([truth + 130] * 3, abs=1)
    assert pixel(other, 0.25, 0.5) == pytest.approx([truth] * 3, abs=1)
    assert pixel(one, 0.75, 0.5) == pytest.approx(scale(130), abs=4)
    assert pixel(other, 0.75, 0.5) == pytest.approx(scale(0), abs=4)
    assert scale(130) != scale(0)


def scale(levels: int) -> list[int]:
    """The colour of a difference of so many levels: the scale is straight between its seven colours, up to a half."""
    stops = ["000004", "2c105c", "711f81", "b63679", "ee605e", "fdae78", "fcfdbf"]
    colors = torch.tensor([[int(stop[at : at + 2], 16) for at in (0, 2, 4)] for stop in stops]).float()
    at = min(1.0, levels / 127.5) * 6
    low = min(5, int(at))
    return [round(value) for value in (colors[low] + (at - low) * (colors[low + 1] - colors[low])).tolist()]


def test_a_run_without_says_how_to_get_them(serve: Serve, open_page: OpenPage, folder: Path) -> None:
    page = open_page(f"{serve(folder)}/#run=l2/seed-0", viewport=TALL)
    section = page.locator("#one-by-one")
    expect(section).to_contain_text("No pictures one by one: l2/seed-0.")
    expect(section.locator("code")).to_have_text("gan evaluate runs/l2/seed-0")
    expect(items(page)).to_have_count(0)


def test_one_of_them_enlarged_with_its_values(page: Page) -> None:
    expect(page.locator("#one-by-one .one-by-one")).to_have_attribute("data-painted", "val")
    items(page).nth(1).locator("canvas").nth(1).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Picture 2 of 14, mae 0.471")
    second = by_error(reverse=True)[1]
    truth, answer = 20 + 5 * second, 20 + 5 * second + 120
    wipe = dialog.locator("canvas")
    box = wipe.bounding_box()
    assert box
    wipe.hover(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    readout = dialog.locator("output")
    expect(readout).to_contain_text("x 16, y 48")
    lab = [srgb_to_lab(torch.full((1, 3, 1), value / 255, dtype=torch.float64)) for value in (answer, truth)]
    far = float(ciede2000(*lab))
    colors = [f"#{bytes([value] * 3).hex()}" for value in (answer, truth)]
    expect(readout).to_contain_text(f"l1 · seed 0 {colors[0]}, truth {colors[1]}, CIEDE2000 {far:.1f}")
    expect(readout).to_contain_text(f"the truth {colors[1]}")
    dialog.get_by_label("Next drawing").click()
    expect(dialog).to_contain_text("Picture 3 of 14, mae 0.431")
    dialog.get_by_label("Right picture").select_option("difference:l1/seed-0")
    expect(wipe).to_have_attribute("aria-label", re.compile("l1 · seed 0, difference to the truth right of it"))
    assert pixel(wipe, 0.9, 0.5) == pytest.approx(scale(110), abs=4)
    wipe.focus()
    page.keyboard.press("ArrowRight")
    expect(readout).to_contain_text("x 17, y 48")
    page.keyboard.press("Shift+ArrowUp")
    expect(readout).to_contain_text("x 17, y 38")
    wait_for(page, open="3")
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.get_by_role("dialog")).to_contain_text("Picture 3 of 14, mae 0.431")


def test_the_values_of_a_drawing_of_the_grids(page: Page) -> None:
    at_steps(page, "100", "100")
    box = grids(page).first.bounding_box()
    assert box
    grids(page).first.click(position={"x": box["width"] / 2, "y": box["height"] / 4})
    dialog = page.get_by_role("dialog")
    wipe, readout = dialog.locator("canvas"), dialog.locator("output")
    expect(readout).to_contain_text("Point at the picture")
    wipe.focus()
    page.keyboard.press("ArrowLeft")  # from the middle of 64 pixels
    expect(readout).to_contain_text("x 31, y 32")
    expect(wipe).to_have_attribute("data-step", "100")  # and the slider stays
    shown = re.findall(r"#[0-9a-f]{6}", readout.inner_text())
    colors = [pixel(wipe, 31.5 / 64, 32.5 / 64), pixel(grids(page).first, (2 + 31.5 / 64) / 3, 32.5 / 64 / 2)]
    for seen, color in zip(shown, colors, strict=False):  # the answer, and its truth
        assert [*bytes.fromhex(seen[1:])] == pytest.approx(color, abs=12)


def test_the_difference_as_a_column_of_the_grids(page: Page) -> None:
    at_steps(page, "100", "100")
    before = [pixel(grids(page).first, (1 + 0.1) / 3, 0.05), pixel(grids(page).first, (2 + 0.1) / 3, 0.05)]
    page.get_by_label("difference", exact=True).check()
    expect(page.locator(".grid-names").first).to_have_text("drawingcolouredtruthdifference")
    expect(page.locator("#grids .difference-scale")).to_contain_text("mean of R, G and B")
    levels = round(sum(abs(a - b) for a, b in zip(*before, strict=True)) / 3)
    assert levels > 20
    assert pixel(grids(page).first, (3 + 0.1) / 4, 0.05) == pytest.approx(scale(levels), abs=6)
    wait_for(page, column="line")
    page.get_by_role("button", name="By drawing").click()
    expect(page.locator(".grid-title").nth(1)).to_contain_text("seed 0")


def test_the_colour_difference_is_that_of_the_metric(page: Page) -> None:
    """In sRGB, for 300 pairs of colours: as gan/metrics/cielab.py has it, which is tested against the paper's table."""
    pairs = torch.randint(0, 256, (300, 2, 3), generator=torch.Generator().manual_seed(0))
    pairs[0] = torch.tensor([[0, 0, 0], [255, 255, 255]])
    pairs[1] = torch.tensor([[128, 128, 128], [129, 128, 128]])
    pairs[2] = torch.tensor([[0, 0, 255], [10, 0, 255]])
    script = """async (pairs) => {
      const { ciede2000, labOf } = await import("/static/review/cielab.js");
      return pairs.map(([one, other]) => ciede2000(labOf(one), labOf(other)));
    }"""
    lab = [srgb_to_lab((pairs[:, side].double() / 255)[:, :, None]) for side in (0, 1)]
    expected = ciede2000(*lab)[:, 0].tolist()
    assert page.evaluate(script, pairs.tolist()) == pytest.approx(expected, abs=1e-6)
