"""The review page in a real browser."""

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from gan.data.batch import Batch
from gan.grid import sample_grid
from gan.web.report import page as report
from tests.support.fake_runs import draw_draws, final, row, write_json, write_run, write_study
from tests.web.conftest import OpenPage, Serve

CHOSEN = "#run=sepia/l1/seed-3&run=sepia/l1_hints/seed-3&run=pix2pix/seed-0"
TALL = {"width": 1280, "height": 2400}
"""So that every part is in sight: grids are drawn where somebody looks."""


@pytest.fixture
def page(lab_address: str, open_page: OpenPage) -> Page:
    """The page with three arms chosen, one of which trains."""
    page = open_page(f"{lab_address}/{CHOSEN}", viewport=TALL)
    expect(grids(page)).to_have_count(3)
    return page


def grids(page: Page) -> Locator:
    """The canvases of the grids."""
    return page.locator(".grid-panel canvas")


def at_steps(page: Page, *steps: str) -> None:
    """Wait until each grid shows that step."""
    for index, step in enumerate(steps):
        expect(grids(page).nth(index)).to_have_attribute("data-step", step)


def pixel(canvas: Locator, x: float, y: float) -> list[int]:
    """RGB at a share of a canvas."""
    script = """(canvas, [x, y]) => {
      const point = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      point.drawImage(canvas, -Math.floor(x * canvas.width), -Math.floor(y * canvas.height));
      return [...point.getImageData(0, 0, 1, 1).data].slice(0, 3);
    }"""
    colors: list[int] = canvas.evaluate(script, [x, y])
    return colors


def test_one_slider_moves_every_grid_to_the_same_step(page: Page) -> None:
    at_steps(page, "50", "100", "100")  # the first has come no further, and says so
    expect(page.locator(".grid-panel").nth(0)).to_contain_text("latest: step 50")
    slider = page.get_by_label("Training step of every grid")
    slider.fill("2")
    at_steps(page, "30", "30", "30")
    expect(page.locator(".grid-note").filter(has_text="step")).to_have_count(0)
    expect(page.locator(".step-words")).to_have_text("step 30")


def test_arrow_keys_and_play(page: Page) -> None:
    page.locator("h2").first.click()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    at_steps(page, "50", "80", "80")
    page.keyboard.press("ArrowRight")
    at_steps(page, "50", "90", "90")
    page.keyboard.press("Home")
    at_steps(page, "10", "10", "10")
    play = page.get_by_role("button", name="Play")
    page.keyboard.press("Space")
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".step-words")).not_to_have_text("step 10")
    play.click()
    expect(play).to_have_attribute("aria-pressed", "false")
    step = page.locator(".step-words").inner_text().removeprefix("step ")
    assert int(step) > 10
    at_steps(page, str(min(int(step), 50)), step, step)


def test_the_grids_show_what_was_drawn(page: Page) -> None:
    at_steps(page, "50", "100", "100")
    # the second drawing of three; the columns of a run without hints: drawing, coloured, truth
    line, sepia, truth = (pixel(grids(page).nth(1), (column + 0.1) / 3, 1.1 / 3) for column in range(3))
    assert line == [255, 255, 255]
    assert sepia != truth
    assert pixel(grids(page).nth(2), 2.1 / 4, 1.1 / 3) == truth  # told the colours, the network paints them


@pytest.mark.slow
def test_every_drawing_shows_the_same_part(page: Page) -> None:
    """Also in panels of three and of four columns, whose headings stay right."""
    at_steps(page, "50", "100", "100")
    spots = [(x / 8 + 0.05, y / 8 + 0.05) for x in range(8) for y in range(8)]

    def truths() -> list[list[list[int]]]:
        """Of the second drawing, in the panels of three, three and four columns."""
        cells = [(index, columns) for index, columns in enumerate((3, 3, 4))]
        return [
            [pixel(grids(page).nth(index), (columns - 1 + x) / columns, (1 + y) / 3) for x, y in spots]
            for index, columns in cells
        ]

    def alike(panels: list[list[list[int]]]) -> bool:
        """Up to the edges of a cell, which lie between pixels."""
        same = [
            max(abs(a - b) for a, b in zip(*pair, strict=True)) < 40 for pair in zip(panels[0], panels[2], strict=True)
        ]
        return sum(same) > 0.9 * len(same)

    before = truths()
    assert alike(before)
    page.get_by_label("Zoom in").click(click_count=3)
    expect(page.locator("canvas.zoomed")).to_have_count(3)
    box = grids(page).nth(0).bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 190)
    page.mouse.up()
    expect(page.get_by_role("dialog")).to_have_count(0)  # a drag is no click
    after = truths()
    assert after != before
    assert alike(after)
    expect(page.locator(".grid-names").nth(2)).to_have_text("drawinghintscolouredtruth")
    assert pixel(grids(page).nth(1), 0.1 / 3, 1.1 / 3) != pixel(grids(page).nth(1), 2.1 / 3, 1.1 / 3)  # a column each
    page.get_by_label("Fit: show all").click()
    expect(page.locator("canvas.zoomed")).to_have_count(0)
    assert truths() == before


@pytest.mark.parametrize("shape", [(64, 96), pytest.param((96, 64), marks=pytest.mark.slow)])
def test_drawings_that_are_no_squares(
    serve: Serve, open_page: OpenPage, tmp_path: Path, shape: tuple[int, int]
) -> None:
    """Live and in a report: row r of two is of one grey, and the truth of another, up to the corners of its cell."""
    run = write_run(tmp_path / "runs" / "wide" / "seed-0", "l1", 0, steps=100, rows=2)
    config = json.loads((run / "config.json").read_text())
    config["data"] |= {"size": list(shape), "source": "pairs", "root": "/"}
    write_json(run / "config.json", config)
    greys = torch.tensor([-0.5, 0.5])[:, None, None, None].expand(2, 3, *shape)
    batch = Batch(greys[:, :1], torch.zeros(2, 4, *shape), greys / 2, None)
    for path in (run / "samples").iterdir():
        Image.fromarray(sample_grid(batch, greys)).save(path)
    made = report.write([tmp_path / "runs"], tmp_path / "report.html").as_uri()
    for address in (f"{serve(tmp_path / 'runs')}/#run=wide/seed-0", made):
        page = open_page(address, viewport=TALL)
        at_steps(page, "100")
        box = grids(page).bounding_box()
        assert box is not None
        assert box["height"] / box["width"] == pytest.approx(2 * shape[0] / (3 * shape[1]), rel=0.02)
        for row_, (fake, true) in enumerate([(64, 96), (191, 159)]):
            for down in (0.05, 0.95):
                for column, expected in ((1, fake), (2, true)):
                    seen = pixel(grids(page), (column + 0.5) / 3, (row_ + down) / 2)
                    assert seen == pytest.approx([expected] * 3, abs=4)
        grids(page).click(position={"x": box["width"] / 2, "y": box["height"] * 0.75})
        wipe = page.get_by_role("dialog").locator("canvas")
        expect(wipe).to_have_attribute("data-row", "1")
        large = wipe.bounding_box()
        assert large is not None
        assert large["height"] / large["width"] == pytest.approx(shape[0] / shape[1], rel=0.01)
        assert pixel(wipe, 0.1, 0.97) == pytest.approx([191] * 3, abs=4)
        assert pixel(wipe, 0.9, 0.97) == pytest.approx([159] * 3, abs=4)


@pytest.mark.slow
def test_the_draws_of_a_sampler(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    """Below the grids, at the step of the slider; in a report the newest. A run without draws has no such part."""
    runs = tmp_path / "runs"
    write_run(runs / "l1" / "seed-0", "l1", 0, steps=100, rows=2)
    run = write_run(runs / "sampler" / "seed-0", "l1", 0, steps=100, rows=2)
    for step in (50, 100):
        draw_draws(run, step)
    address = serve(runs)
    for where, early in ((address + "/#run=sampler/seed-0&run=l1/seed-0", "50"), (report_of(runs, tmp_path), "100")):
        page = open_page(where, viewport=TALL)
        expect(page.get_by_role("heading", name="Draws of one drawing")).to_be_visible()
        canvas = page.locator(".draws canvas")
        expect(canvas).to_have_count(1)
        expect(canvas).to_have_attribute("data-step", "100")
        with Image.open(run / "samples" / "000100-draws.png") as grid:
            for row_, column in ((0, 0), (0, 1), (1, 4), (1, 8)):  # the ground, in the corner of a cell
                expected = grid.getpixel((2 + column * 130 + 6, 24 + row_ * 130 + 6))
                assert pixel(canvas, (column + 0.05) / 9, (row_ + 0.05) / 2) == pytest.approx(expected, abs=6)
        page.get_by_label("Training step of every grid").fill("6")
        at_steps(page, "70", "70")
        expect(canvas).to_have_attribute("data-step", early)
        expect(page.locator(".draws-panel")).to_contain_text("latest: step 50" if early == "50" else "first: step 100")
    page = open_page(f"{address}/#run=l1/seed-0", viewport=TALL)
    at_steps(page, "100")
    expect(page.locator(".draws")).to_be_hidden()
    narrow = open_page(f"{address}/#run=sampler/seed-0", viewport={"width": 390, "height": 844})
    narrow.locator(".draws").scroll_into_view_if_needed()
    expect(narrow.locator(".draws canvas")).to_have_attribute("data-step", "100")
    assert narrow.evaluate("document.documentElement.scrollWidth") == 390


def report_of(runs: Path, folder: Path) -> str:
    return report.write([runs], folder / "report.html").as_uri()


def test_a_wipe_between_two_arms(page: Page) -> None:
    at_steps(page, "50", "100", "100")
    box = grids(page).nth(1).bounding_box()
    assert box
    grids(page).nth(1).click(position={"x": box["width"] / 2, "y": box["height"] / 2})  # coloured, second drawing
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Drawing 2 of 3, step 100")
    wipe = dialog.locator("canvas")
    expect(wipe).to_have_attribute("data-row", "1")
    dialog.get_by_label("Right picture").select_option(label="l1_hints · seed 3")
    expect(wipe).to_have_attribute("aria-label", re.compile("at 50 %, l1_hints"))
    left, right = pixel(wipe, 0.1, 0.1), pixel(wipe, 0.9, 0.1)
    assert left != right
    dialog.get_by_role("slider").fill("95")
    expect(wipe).to_have_attribute("aria-label", re.compile("^l1 · seed 3 left of the wipe at 95 %, l1_hints"))
    assert pixel(wipe, 0.9, 0.1) == left
    dialog.get_by_role("slider").fill("2")
    expect(wipe).to_have_attribute("aria-label", re.compile("at 2 %"))
    assert pixel(wipe, 0.1, 0.1) == right
    dialog.get_by_label("Left picture", exact=True).select_option(label="the truth")
    dialog.get_by_role("slider").fill("95")
    expect(wipe).to_have_attribute("aria-label", re.compile("^the truth left of the wipe at 95 %"))
    assert pixel(wipe, 0.9, 0.1) == right  # hinted, it paints the truth
    dialog.get_by_label("Next drawing").click()
    expect(dialog).to_contain_text("Drawing 3 of 3")
    page.keyboard.press("ArrowLeft")
    expect(wipe).to_have_attribute("data-step", "90")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_by_drawing(page: Page) -> None:
    page.get_by_role("button", name="By drawing").click()
    expect(grids(page)).to_have_count(5)  # the drawings, three runs, the truth
    expect(page.locator(".grid-title")).to_have_text(
        ["drawing", "pix2pix · seed 0latest: step 50", "l1 · seed 3", "l1_hints · seed 3", "truth"]
    )
    page.get_by_role("checkbox", name="coloured").uncheck()
    page.get_by_role("checkbox", name="hints", exact=True).uncheck()
    expect(grids(page)).to_have_count(2)


def test_the_table_sorts_and_marks_the_best(page: Page) -> None:
    table = page.locator("#metrics table")
    expect(table.locator("tbody tr:not(.reference) th")).to_have_text(
        [re.compile("pix2pix · seed 0"), re.compile("l1 · seed 3"), re.compile("l1_hints · seed 3")]
    )
    page.get_by_label("Measured on").select_option("val")
    values = {"l1": final("l1", 3), "l1_hints": final("l1_hints", 3), "pix2pix": final("pix2pix", 0, 0.5)}
    heading = table.get_by_role("button", name="mae")
    heading.click()
    by_error = sorted(values, key=lambda arm: values[arm]["mae"])
    names = table.locator("tbody tr th")
    expect(names).to_have_text([re.compile(f"^{arm} · seed") for arm in by_error])
    expect(table.locator("th[data-name=mae]")).to_have_attribute("aria-sort", "ascending")
    heading.click()
    expect(names).to_have_text([re.compile(f"^{arm} · seed") for arm in reversed(by_error)])
    best = {name: min(values, key=lambda arm: rule(values[arm][name])) for name, rule in RULES.items()}
    for name, arm in best.items():
        column = 1 + [text.strip("↓↑") for text in table.locator("thead th").all_inner_texts()].index(name)
        marked = table.locator(f"tbody tr:has(td:nth-child({column}).best)")
        expect(marked).to_have_count(1)
        expect(marked.locator("th")).to_have_text(re.compile(f"^{arm} · seed"))
    page.get_by_role("button", name="Mean over seeds").click()
    expect(names).to_have_text([re.compile(f"^{arm} 1 seed") for arm in reversed(by_error)])


RULES = {
    "mae": lambda value: value,
    "psnr": lambda value: -value,
    "sepia_index": abs,
    "chroma_ratio": lambda value: abs(value - 1),
}


def test_the_watershed_stands_beside_the_closed_forms(page: Page) -> None:
    """Where there are hints, and nowhere else."""
    references = page.locator("#metrics tr.reference th")
    page.get_by_label("Measured on").select_option("test")
    expect(references).to_have_text(["L1 optimum closed form", "L2 optimum closed form", "perfect sampler closed form"])
    page.get_by_label("Measured on").select_option("test/3")
    expect(references.last).to_have_text("watershed the hints, no network")
    expect(page.locator("#metrics tr.reference").last).to_contain_text("0.955")
    mae = page.locator("#hints .chart-panel").nth(1)
    plot = mae.locator(".u-over")
    box = plot.bounding_box()
    assert box is not None
    # one hint of 0 to 3, and .167 of 0 to .18; both axes are 6 % wider on either side
    plot.hover(position={"x": box["width"] * 1.18 / 3.36, "y": box["height"] * (0.191 - 0.167) / 0.202})
    expect(mae.locator(".chart-tip")).to_contain_text("watershed 0.167")


def test_curves(page: Page) -> None:
    charts = page.locator("#curves .chart-panel")
    expect(charts).to_have_count(4)
    page.get_by_label("Add a curve").select_option("val/psnr")
    expect(charts).to_have_count(5)
    page.get_by_label("log scale").check()
    page.get_by_role("button", name="Time", exact=True).click()
    page.get_by_label("Smoothing").fill("0.9")
    page.get_by_label("Remove val/psnr").click()
    expect(charts).to_have_count(4)
    page.get_by_role("button", name="Step", exact=True).click()
    over = page.locator("[data-metric='val/mae'] .u-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box
    for y in range(10, int(box["height"]), 20):  # somewhere on the way down lies a line
        over.hover(position={"x": box["width"] * 0.45, "y": y})
        if page.locator("[data-metric='val/mae'] .chart-tip").is_visible():
            break
    tip = page.locator("[data-metric='val/mae'] .chart-tip")
    expect(tip).to_be_visible()
    named = re.match(r"(\S+) · seed (\d) ([\d.]+) step (\d+)", tip.inner_text())
    assert named
    arm, seed, value, step = named.groups()
    logged = [row(arm, int(seed), each, 100)["val/mae"] for each in range(10, 101, 10)]
    assert min(logged) - 0.001 < float(value) < max(logged) + 0.001  # smoothed
    over.click(position={"x": box["width"] * 0.45, "y": y})
    expect(page.locator(".step-words")).to_have_text(f"step {step}")


def test_the_first_curves_are_those_that_a_training_writes(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    write_run(tmp_path / "pix2pix" / "seed-0", "pix2pix", 0, steps=100, done=9, every=3)  # no evaluation yet
    page = open_page(serve(tmp_path))
    expect(page.locator("#curves .chart-panel h3")).to_have_text(
        [re.compile(f"^{name}") for name in ("G/reconstruction", "G/g_loss", "D/d_loss", "D/real_logits")]
    )


def test_hints_configuration_and_verdicts(page: Page) -> None:
    expect(page.locator("#hints .chart-panel")).to_have_count(6)
    expect(page.locator("#configuration tbody th")).to_have_text(["hints.kind", "adversarial.game"])
    expect(page.locator("#configuration tbody tr").first).to_contain_text("none")
    page.get_by_label("fields that are the same, too").check()
    expect(page.locator("#configuration tbody th", has_text="optimizer.lr")).to_have_count(1)
    expect(page.locator(".verdict .badge")).to_have_text(["supported", "refuted", "inconclusive"])
    expect(page.locator(".verdict").first).to_contain_text("0.980 [0.960, 1.000]")
    expect(page.locator(".cells tbody tr")).to_have_count(2)
    expect(page.locator(".cells tbody tr").first).to_contain_text("closed form 1.000")


def test_choosing_runs(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^l1_hints, seed 4")).click()
    expect(grids(page)).to_have_count(4)
    page.get_by_label("Filter runs").fill("l1 seed-4")
    expect(page.locator(".seed")).to_have_count(2)
    page.get_by_label("Filter runs").fill("")
    page.get_by_role("button", name="None").click()
    expect(page.locator("#grids")).to_contain_text("Choose runs in the list")
    expect(page.locator("#verdicts")).to_be_hidden()
    page.get_by_role("button", name="All", exact=True).click()
    expect(grids(page)).to_have_count(5)
    page.wait_for_timeout(400)
    page.reload()
    expect(grids(page)).to_have_count(5)  # what was chosen stands in the address


TRAINING = """
import json, sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.support import fake_runs
run = Path({run!r})
for step in range(22, 61, 2):
    with (run / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(fake_runs.row("l1", 0, step, 100)) + "\\n")
    if step % 10 == 0:
        fake_runs.draw_grid(run, "l1", 0, step, 100, 1)
    time.sleep(0.05)
"""


@pytest.mark.slow
def test_a_run_that_trains_is_followed(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    run = write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=100, done=20, every=2, rows=1)
    page = open_page(serve(tmp_path))
    at_steps(page, "20")
    expect(page.locator(".progress")).to_have_text(re.compile(r"^training, step 20 of 100, 1[678] s left$"))
    script = textwrap.dedent(TRAINING.format(root=str(Path(__file__).parents[3]), run=str(run)))
    trainer = subprocess.Popen([sys.executable, "-c", script])
    at_steps(page, "60")
    expect(page.locator(".progress")).to_have_text(re.compile(r"^training, step 60 of 100, [89] s left$"))
    expect(page.locator("#metrics tbody th")).to_have_text("l1 · seed 0 step 60")
    assert trainer.wait(30) == 0
    page.keyboard.press("Home")
    at_steps(page, "10")
    write_run(tmp_path / "pix2pix" / "seed-7", "pix2pix", 7, steps=100, rows=1)  # another one appears
    page.get_by_role("button", name=re.compile("^pix2pix, seed 7, done")).click()
    at_steps(page, "10", "10")
    shutil.rmtree(run)  # and one goes
    expect(page.locator(".seed")).to_have_count(1, timeout=15_000)
    expect(grids(page)).to_have_count(1)


@pytest.mark.slow
def test_nothing_here_yet(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(serve(tmp_path))
    expect(page.locator("#run-list")).to_contain_text(
        "No runs here yet. Train one, and it appears: gan train experiments/l1.py"
    )
    for part in ("grids", "curves", "metrics", "configuration"):
        expect(page.locator(f"#{part}")).to_contain_text("Choose runs in the list")
    write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=100, rows=1)
    at_steps(page, "100")  # the first run that appears is chosen


def test_files_that_make_no_sense(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    broken = write_run(tmp_path / "broken" / "seed-0", "l1", 0, steps=100, rows=1)
    for name in ("config.json", "test.json", "hints-val.json"):
        (broken / name).write_text('{"hints": 5, "metrics": [1], "steps": "x", "seed": {}')
    (broken / "metrics.jsonl").write_text(
        '{"step": 5, "val/mae": "x"}\n{"step": 6, "val/mae": 0.5, "time": 1}\nnonsense\n'
    )
    odd = write_run(tmp_path / "odd" / "seed-0", "l1", 0, steps=100, rows=1)
    write_json(odd / "hints-val.json", {"hints": [1, 2], "closed_forms": {"0": None}})
    write_json(odd / "test.json", {"metrics": 7, "hints": {"1": None}, "closed_forms": "x"})
    study = write_study(tmp_path / "study", seeds=(0,), arms=("l1",), steps=100, rows=1)
    values = {
        "verdicts": [{"numbers": "x"}, {"numbers": [None, {"values": 3, "mean": "x"}]}],
        "cells": [{"hints": {"0": {"mae": 5}}}],
    }
    write_json(study / "study.json", values)
    page = open_page(serve(tmp_path))
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_label("Measured on").select_option("val")
    expect(page.locator("#metrics tbody tr").filter(has_text="broken · seed 0 step")).to_contain_text("0.500")
    badge = page.locator(".arm", has_text="broken").locator(".badge")
    expect(badge).to_have_attribute("title", "broken/seed-0: config.json and test.json cannot be read")
    expect(page.locator("#configuration")).to_contain_text("config.json cannot be read: broken/seed-0")
    expect(page.locator("#configuration tbody th")).to_have_count(0)  # the others have the same configuration
    expect(page.locator(".verdict .badge")).to_have_text(["no verdict", "no verdict"])


def test_names_are_text(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    name = "<script>document.title=1<img src=x onerror=document.title=2>"
    run = write_run(tmp_path / name / "seed-0", "l1", 0, steps=100, rows=1)
    values = json.loads((run / "config.json").read_text())
    write_json(run / "config.json", values | {name: name})
    page = open_page(serve(tmp_path))
    at_steps(page, "100")
    expect(page.locator(".arm-name")).to_have_text(name)
    assert page.title() == "Review · Colorization lab"
    expect(page.locator("main script, main img[src=x], main img[onerror]")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_both_schemes_and_narrow_screens(lab_address: str, open_page: OpenPage, scheme: str, width: int) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}", viewport={"width": width, "height": 844}, color_scheme=scheme)
    expect(page.locator("#hints .chart-panel")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground))) > 600) == (scheme == "light")
    faint = page.evaluate(CONTRAST)
    assert faint == []
    summary = page.locator("#runs > summary")
    if width < 900:
        expect(page.locator("#run-list")).to_be_hidden()
        summary.click()
        expect(page.locator(".seed").first).to_be_visible()


CONTRAST = """() => {
  const read = (color) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const color = read(getComputedStyle(node).backgroundColor);
      if (color[3] > 250) return color.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility() || node.closest(":disabled, noscript, .visually-hidden")) continue;
    const [a, b] = [light(read(getComputedStyle(node).color).slice(0, 3)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) faint.push(`${node.tagName}.${node.className} ${node.textContent.slice(0, 30)} ${ratio}`);
  }
  return faint;
}"""
"""Texts whose contrast is below that of WCAG AA."""


def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    at_steps(page, "50", "100", "100")
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, canvas[tabindex], a")]
          .filter((node) => node.checkVisibility())
          .filter((node) => !(node.getAttribute("aria-label") || node.textContent.trim() || node.labels?.length))
          .map((node) => node.outerHTML)"""
    )
    assert unnamed == []
    page.locator(".step-range").focus()
    page.keyboard.press("Tab")  # to the first grid, as somebody without a mouse gets there
    expect(grids(page).nth(0)).to_be_focused()
    outline = grids(page).nth(0).evaluate("(node) => getComputedStyle(node).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
