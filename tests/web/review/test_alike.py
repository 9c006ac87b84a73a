"""Comparisons only among runs of the same pictures: each arm's own truth, closed forms and stars."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from gan.grid import COLUMNS, HEADING, PADDING
from gan.web.review.describe import pictures
from tests.support.fake_runs import CELL, final, write_json, write_run
from tests.web.conftest import OpenPage, Serve
from tests.web.review.test_page import TALL, at_steps, grids, pixel

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

OTHER_TRUTH = (10, 200, 30)
RUNS = ("l1/seed-0", "l1,alpha=0.5/seed-0", "pix2pix/seed-0")


@pytest.fixture
def page(serve: Serve, open_page: OpenPage, tmp_path: Path) -> Page:
    """Two arms of one truth and, listed between them, one of another."""
    for name in RUNS:
        write_run(tmp_path / name, name.split("/")[0], 0, steps=20, rows=2)
    odd = tmp_path / RUNS[1]
    left = PADDING + COLUMNS.index("color") * (CELL + PADDING)
    for path in (odd / "samples").iterdir():
        grid = np.array(Image.open(path))
        grid[HEADING + PADDING :, left : left + CELL] = OTHER_TRUTH
        Image.fromarray(grid).save(path)
    test = json.loads((odd / "test.json").read_text())
    test["closed_forms"]["median"]["mae"] = 0.111
    write_json(odd / "test.json", test)
    chosen = "&".join(f"run={name}" for name in RUNS)
    return open_page(f"{serve(tmp_path)}/#{chosen}", viewport=TALL)


def test_every_arm_stands_beside_its_own_truth(page: Page) -> None:
    page.get_by_role("button", name="By drawing").click()
    expect(page.locator("#grids .unlike")).to_contain_text("data.alpha 1 | data.alpha 0.5")
    expect(page.locator(".grid-title")).to_have_text(
        [
            *("drawing, data.alpha 1", "l1 · seed 0", "pix2pix · seed 0", "truth, data.alpha 1"),
            *("drawing, data.alpha 0.5", "l1,alpha=0.5 · seed 0", "truth, data.alpha 0.5"),
        ]
    )
    at_steps(page, *["20"] * 4)
    grids(page).nth(6).scroll_into_view_if_needed()
    at_steps(page, *["20"] * 7)
    assert pixel(grids(page).nth(6), 0.1, 0.5) == list(OTHER_TRUTH)
    assert pixel(grids(page).nth(3), 0.1, 0.5) != list(OTHER_TRUTH)


def test_the_wipe_has_the_truth_of_each(page: Page) -> None:
    at_steps(page, "20", "20", "20")
    box = grids(page).nth(1).bounding_box()
    assert box
    grids(page).nth(1).click(position={"x": box["width"] / 2, "y": 20})
    dialog = page.get_by_role("dialog")
    right = dialog.get_by_label("Right picture")
    expect(dialog.locator(".unlike")).to_contain_text("What is right for one may be wrong for the other.")
    right.select_option(label="the truth, data.alpha 0.5")
    expect(dialog.locator(".unlike")).to_have_count(0)
    wipe = dialog.locator("canvas")
    expect(wipe).to_have_attribute(
        "aria-label", "l1,alpha=0.5 · seed 0 left of the wipe at 50 %, the truth, data.alpha 0.5 right of it"
    )
    assert pixel(wipe, 0.9, 0.1) == list(OTHER_TRUTH)
    right.select_option(label="the truth, data.alpha 1")
    expect(dialog.locator(".unlike")).to_have_count(1)
    expect(wipe).to_have_attribute(
        "aria-label", "l1,alpha=0.5 · seed 0 left of the wipe at 50 %, the truth, data.alpha 1 right of it"
    )
    assert pixel(wipe, 0.9, 0.1) != list(OTHER_TRUTH)


def test_stars_and_closed_forms_are_of_the_same_pictures(page: Page) -> None:
    bodies = page.locator("#metrics tbody")
    expect(bodies).to_have_count(2)
    expect(page.locator("#metrics .group-name")).to_have_text(["data.alpha 1", "data.alpha 0.5"])
    column = 1 + page.locator("#metrics thead th").all_inner_texts().index("mae")
    optimum = page.locator(f"#metrics tr.reference:has-text('L1 optimum') td:nth-child({column})")
    expect(optimum).to_have_text(["0.174", "0.111"])
    best = min(("l1", "pix2pix"), key=lambda arm: final(arm, 0)["mae"])
    starred = page.locator(f"#metrics tr:has(td:nth-child({column}).best) th")
    expect(starred).to_have_text([f"{best} · seed 0"])  # though the third may be better, of other pictures
    page.get_by_label("Measured on").select_option("val")
    expect(page.locator("#metrics .unlike")).to_contain_text("data.alpha 0.5")
    page.get_by_role("button", name="l1,alpha=0.5, seed 0").click()
    expect(bodies).to_have_count(1)
    expect(page.locator(".unlike")).to_have_count(0)


AVATARS = {"source": "avatars", "size": 64, "alpha": 1.0}
FOLDER = {"source": "folder", "root": "/a", "line": "canny", "size": 64}


def test_an_old_configuration_has_todays_defaults(tmp_path: Path) -> None:
    none = tmp_path / "data.json"
    given = pictures({"data": AVATARS | {"split": "hash"}}, none)
    assert given == pictures({"data": AVATARS | {"colors": "palette", "workers": 3}}, none)
    assert given != pictures({"data": AVATARS | {"alpha": 0.5}}, none)
    assert given != pictures({"data": AVATARS | {"colors": "rgb"}}, none)
    assert pictures({}, none) is None
    assert pictures({"data": 5}, none) is None


def test_pictures_count_and_not_their_folder(tmp_path: Path) -> None:
    def told(name: str, root: str, *train: str) -> dict[str, object] | None:
        sides = {"train": [{"digest": each} for each in train], "val": [{"digest": "v"}], "test": []}
        write_json(tmp_path / name, {"root": root, "pictures": sides})
        return pictures({"data": FOLDER | {"root": root}}, tmp_path / name)

    here = told("1", "/a", "x", "y")
    assert here is not None
    assert "root" not in here
    assert here == told("2", "/b", "y", "x")
    assert here != told("3", "/a", "x", "z")
    write_json(tmp_path / "4", {"pictures": {"train": 5}})  # as of shards, which are counted alone
    shards = pictures({"data": FOLDER}, tmp_path / "4")
    assert shards is not None
    assert shards["root"] == "/a"
    assert shards != pictures({"data": FOLDER | {"root": "/b"}}, tmp_path / "4")
