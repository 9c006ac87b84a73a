"""Curves: what is drawn of few points, of values that a log scale has no place for, and over seeds."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.fake_runs import final, row, write_run
from tests.web.conftest import OpenPage, Serve
from tests.web.review.test_page import CHOSEN, TALL

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py


def painted(chart: Locator, page: Page, run: str) -> int:
    """How many pixels of a chart have the colour of a run, which its button in the list has too."""
    color = page.locator(f".seed[data-run='{run}']").evaluate("node => node.style.getPropertyValue('--color')")
    count: int = chart.locator("canvas").evaluate(COUNT, color)
    return count


COUNT = """(canvas, color) => {
  const probe = document.createElement("span");
  probe.style.color = color;
  document.body.append(probe);
  const one = new OffscreenCanvas(1, 1).getContext("2d");
  one.fillStyle = getComputedStyle(probe).color;
  probe.remove();
  one.fillRect(0, 0, 1, 1);
  const [r, g, b] = one.getImageData(0, 0, 1, 1).data;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] > 200 && Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 24)
      count += 1;
  return count;
}"""


def test_a_single_point_is_a_dot(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=100, done=10, every=10, rows=1)
    page = open_page(f"{serve(tmp_path)}/#run=l1/seed-0&metric=val/mae", viewport=TALL)
    chart = page.locator("[data-metric='val/mae']")
    expect(chart.locator("canvas")).to_have_count(1)
    assert 15 < painted(chart, page, "l1/seed-0") < 60  # a disc with a radius of 3 pixels has 28


def test_a_log_scale_says_what_it_leaves_out(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    run = write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=100, done=0)
    values = [1.0, 0.0, 0.5, -2.0, 0.25]
    rows = [{"step": step, "time": step, "G/x": value, "G/y": 1} for step, value in enumerate(values, 1)]
    (run / "metrics.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    page = open_page(f"{serve(tmp_path)}/#run=l1/seed-0&metric=G/x&metric=G/y", viewport=TALL)
    note = page.locator("[data-metric='G/x'] .chart-note")
    expect(note).to_be_hidden()
    page.get_by_label("log scale").check()
    expect(note).to_have_text("Log scale: 2 of 5 points are left out, for they are not above 0.")
    assert painted(page.locator("[data-metric='G/x']"), page, "l1/seed-0") > 60  # three points that stand alone
    expect(page.locator("[data-metric='G/y'] .chart-note")).to_be_hidden()


def test_zooming_one_curve_zooms_the_others(lab_address: str, open_page: OpenPage) -> None:
    address = f"{lab_address}/#run=sepia/l1/seed-3&metric=val/mae&metric=val/psnr"
    page = open_page(address, viewport=TALL)
    charts = page.locator("#curves .chart-stage canvas")
    expect(charts).to_have_count(2)
    before = charts.nth(1).evaluate("canvas => canvas.toDataURL()")
    box = page.locator("[data-metric='val/mae'] .u-over").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60, steps=3)
    page.mouse.up()
    expect(page).to_have_url(re.compile("range="))
    assert charts.nth(1).evaluate("canvas => canvas.toDataURL()") != before
    page.get_by_role("button", name="All of x").click()
    expect(page).not_to_have_url(re.compile("range="))
    assert charts.nth(1).evaluate("canvas => canvas.toDataURL()") == before


def test_the_mean_over_seeds(lab_address: str, open_page: OpenPage) -> None:
    chosen = "&".join(f"run=sepia/{arm}/seed-{seed}" for arm in ("l1", "l1_hints") for seed in (3, 4))
    page = open_page(f"{lab_address}/#{chosen}&metric=val/mae&mean=1", viewport=TALL)
    expect(page.locator(".legend li")).to_have_text(["l1, mean of 2", "l1_hints, mean of 2"])
    first, last = (sum(final("l1", seed, share)["mae"] for seed in (3, 4)) / 2 for share in (0.1, 1))
    chart = page.locator("[data-metric='val/mae']")
    words = f"l1, mean of 2: {first:.3f} at step 10, {last:.3f} at step 100"
    expect(chart.get_by_role("img")).to_have_attribute("aria-label", re.compile(re.escape(words)))
    page.get_by_label("mean over seeds").uncheck()
    expect(page.locator(".legend li")).to_have_count(4)


@pytest.mark.parametrize("gone", ["sepia/l1/seed-3", "pix2pix/seed-0"])
def test_colours_stay_when_another_run_is_unchosen(lab_address: str, open_page: OpenPage, gone: str) -> None:
    page = open_page(f"{lab_address}/#run=x", viewport=TALL)
    page.get_by_role("button", name="All", exact=True).click()
    swatches = page.locator(".legend li")
    expect(swatches).to_have_count(5)
    look = """items => Object.fromEntries(items.map((item) =>
      [item.title, getComputedStyle(item.firstChild).backgroundColor]))"""
    before = swatches.evaluate_all(look)
    assert len(set(before.values())) == 5  # two seeds of an arm differ, too
    page.locator(f".seed[data-run='{gone}']").click()
    expect(swatches).to_have_count(4)
    del before[gone]
    assert swatches.evaluate_all(look) == before


def test_no_two_of_many_seeds_look_the_same(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    for seed in range(6):
        write_run(tmp_path / "l1" / f"seed-{seed}", "l1", seed, steps=100, done=0)
        write_run(tmp_path / "l2" / f"seed-{seed}", "l1", seed, steps=100, done=0)
    page = open_page(f"{serve(tmp_path)}/#run=x", viewport=TALL)
    page.get_by_role("button", name="All", exact=True).click()
    swatches = page.locator(".legend .swatch")
    expect(swatches).to_have_count(12)
    look = "all => all.map((each) => each.className + each.style.getPropertyValue('--color'))"
    assert len(set(swatches.evaluate_all(look))) == 12


def test_the_values_of_all_runs_at_a_place(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}&metric=val/mae", viewport=TALL)
    chart = page.locator("[data-metric='val/mae']")
    chart.scroll_into_view_if_needed()

    def told_at(step: int) -> list[str]:
        """The lines of what is said there, wherever a line of the chart is."""
        box = chart.locator(".u-over").bounding_box()
        assert box
        for y in range(4, int(box["height"]), 12):
            chart.locator(".u-over").hover(position={"x": box["width"] * (step - 10) / 90, "y": y})
            if chart.locator(".chart-tip").is_visible():
                return chart.locator(".chart-tip > div").all_inner_texts()
        return []

    first, *others = told_at(40)
    nearest = re.fullmatch(r"(.+) ([\d.]+) step 40", first)
    assert nearest
    told = {nearest[1]: float(nearest[2])}
    for line in others:
        name, _, value = line.rpartition(" ")
        told[name] = float(value)
    arms = (("l1", 3), ("l1_hints", 3), ("pix2pix", 0))
    logged = {f"{arm} · seed {seed}": row(arm, seed, 40, 100)["val/mae"] for arm, seed in arms}
    assert told == pytest.approx(logged, abs=0.0006)
    values = [*told.values()][1:]
    assert values == sorted(values, reverse=True)
    assert [re.sub(" · .*", "", line) for line in sorted(told_at(90))] == ["l1", "l1_hints"]  # the third is at 50
