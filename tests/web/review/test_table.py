"""The table of metrics: configuration, groups, a filter, a baseline, the best of what was logged, and CSV."""

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.fake_runs import final, write_run
from tests.web.conftest import OpenPage, Serve
from tests.web.review.test_page import CHOSEN, TALL

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

HINTED, PLAIN, GAME = "sepia/l1_hints/seed-3", "sepia/l1/seed-3", "pix2pix/seed-0"


@pytest.fixture
def table(lab_address: str, open_page: OpenPage) -> Locator:
    """Of three arms, measured on the validation pictures, with their configuration."""
    page = open_page(f"{lab_address}/{CHOSEN}&source=val&fields=1", viewport=TALL)
    table = page.locator("#metrics table")
    expect(table.locator("tbody tr")).to_have_count(3)
    return table


def cells(table: Locator, heading: str) -> list[str]:
    """The texts of a column."""
    place = 1 + table.locator("thead th").evaluate_all("all => all.map((th) => th.dataset.value)").index(heading)
    return table.locator(f"tbody tr td:nth-child({place})").all_inner_texts()


def test_columns_of_the_configuration(table: Locator) -> None:
    assert cells(table, "hints.kind") == ["none", "none", "regions"]
    assert cells(table, "adversarial.game") == ["vanilla", "none", "none"]
    table.get_by_role("button", name="adversarial.game").click()
    expect(table.locator("tbody th")).to_have_text(["l1 · seed 3", "l1_hints · seed 3", "pix2pix · seed 0 step 50"])
    table.page.get_by_role("checkbox", name="configuration").uncheck()
    expect(table.get_by_role("button", name="hints.kind")).to_have_count(0)


def test_rows_are_grouped_and_filtered_by_a_field(table: Locator) -> None:
    page = table.page
    page.get_by_label("Group rows").select_option("hints.kind")
    expect(table.locator(".group-name")).to_have_text(["hints.kind none", "hints.kind regions"])
    expect(table.locator("tbody").nth(1).locator("tr")).to_have_count(2)
    starred = table.locator("tbody tr:has(td.best) th:not(.group-name)")
    assert starred.count() >= 1  # over all groups, whose pictures are the same
    page.get_by_label("Filter rows").fill("HINTS.kind=none l1")
    expect(table.locator("tbody th:not(.group-name)")).to_have_text(["l1 · seed 3"])
    page.get_by_label("Filter rows").fill("hints.kind=non")
    expect(page.locator("#metrics")).to_contain_text("No chosen run has all of these words.")
    page.get_by_label("Filter rows").fill("hints.kind=none")
    page.get_by_role("button", name="Choose these").click()
    expect(page.locator(".legend li")).to_have_text(["pix2pix · seed 0", "l1 · seed 3"])
    expect(page.get_by_label("Filter rows")).to_have_value("")


def test_rows_are_filtered_by_comparisons(table: Locator) -> None:
    page = table.page
    rows = table.locator("tbody th:not(.group-name)")
    labels = {"l1 · seed 3": final("l1", 3), "l1_hints · seed 3": final("l1_hints", 3)}
    names = {"pix2pix · seed 0 step 50": final("pix2pix", 0, 0.5)} | labels
    limit = sorted(values["lpips"] for values in names.values())[1]  # of the one in the middle
    expect(rows).to_have_text([*names])
    for sign, holds in {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__}.items():
        page.get_by_label("Filter rows").fill(f"LPIPS {sign} {limit}")
        expect(rows).to_have_text([name for name, values in names.items() if holds(values["lpips"], limit)])
    page.get_by_label("Filter rows").fill(f"val/lpips<={limit} hints.kind = none steps>=100 sepia_index>-1e-3")
    expected = [name for name, values in names.items() if values["lpips"] <= limit and "hints" not in name]
    expect(rows).to_have_text(expected)
    for nothing in ("lpips<-1", "no_such<9", "hints.kind>0", "lpips<"):
        page.get_by_label("Filter rows").fill(nothing)
        expect(page.locator("#metrics")).to_contain_text("No chosen run has all of these words.")


def test_a_comparison_is_of_what_the_table_shows(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    run = write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=100, done=0)
    rows = [{"step": step, "time": step, "val/mae": value} for step, value in ((10, 0.1), (20, 0.3))]
    (run / "metrics.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    page = open_page(f"{serve(tmp_path)}/#run=l1/seed-0&metric=val/mae&filter=mae<0.2", viewport=TALL)
    expect(page.locator("#metrics")).to_contain_text("No chosen run has all of these words.")
    page.get_by_label("Which value").select_option("best")
    expect(page.locator("#metrics tbody th")).to_have_text(["l1 · seed 0"])


def test_differences_to_a_baseline(table: Locator) -> None:
    table.page.get_by_label("Baseline").select_option(PLAIN)
    expect(table.locator("tr.baseline th")).to_have_text("l1 · seed 3 baseline")
    base = final("l1", 3)
    for arm, seed, share in (("pix2pix", 0, 0.5), ("l1_hints", 3, 1.0)):
        row = table.locator("tbody tr", has_text=f"{arm} ·")
        values = final(arm, seed, share)
        for name, sign in (("mae", 1), ("psnr", -1)):
            place = 1 + table.locator("thead th").evaluate_all("all => all.map((th) => th.dataset.value)").index(name)
            by = values[name] - base[name]
            difference = row.locator(f"td:nth-child({place}) .difference")
            assert float(difference.inner_text().replace("\N{MINUS SIGN}", "-")) == pytest.approx(by, abs=6e-4)
            expect(difference).to_contain_class("good" if sign * by < 0 else "bad")
    expect(table.locator("tr.baseline .difference")).to_have_count(0)


def test_no_difference_to_a_baseline_of_other_pictures(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    for arm in ("l1", "l1,alpha=0.5"):
        write_run(tmp_path / arm / "seed-0", arm, 0, steps=20, rows=1)
    chosen = "run=l1/seed-0&run=l1,alpha%3D0.5/seed-0"
    page = open_page(f"{serve(tmp_path)}/#{chosen}&baseline=l1/seed-0", viewport=TALL)
    expect(page.locator("#metrics tr.baseline")).to_have_count(1)
    expect(page.locator("#metrics .difference")).to_have_count(0)


def test_the_best_and_the_extremes_of_what_was_logged(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    run = write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=100, done=0)
    logged: dict[str, list[float]] = {"mae": [0.3, 0.1, 0.2], "psnr": [9, 11, 7], "sepia_index": [-0.4, 0.2, 0.9]}
    rows = [
        {"step": step, "time": step} | {f"val/{name}": values[place] for name, values in logged.items()}
        for place, step in enumerate((10, 20, 30))
    ]
    (run / "metrics.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    page = open_page(f"{serve(tmp_path)}/#run=l1/seed-0&metric=val/ssim", viewport=TALL)
    table = page.locator("#metrics table")
    expected = {
        "last": {"mae": "0.200", "psnr": "7.000", "sepia_index": "0.900"},
        "best": {"mae": "0.100\nstep 20", "psnr": "11.00\nstep 20", "sepia_index": "0.200\nstep 20"},
        "least": {"mae": "0.100\nstep 20", "psnr": "7.000\nstep 30", "sepia_index": "-0.400\nstep 10"},
        "greatest": {"mae": "0.300\nstep 10", "psnr": "11.00\nstep 20", "sepia_index": "0.900\nstep 30"},
    }
    for statistic, values in expected.items():
        page.get_by_label("Which value").select_option(statistic)
        expect(table.locator("tbody td").first).to_have_text(values["sepia_index"].replace("\n", ""))
        assert {name: cells(table, name)[0] for name in values} == values


def saved(page: Page, part: str) -> list[list[str]]:
    """The rows of the file that a part of the page saves."""
    with page.expect_download() as download:
        page.locator(part).get_by_role("button", name="CSV").click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_csv_of_the_tables_and_curves(table: Locator) -> None:
    page = table.page
    head, *rows = saved(page, "#metrics")
    assert head[:3] == ["run", "hints.kind", "adversarial.game"]
    assert [row[0] for row in rows] == ["pix2pix · seed 0", "l1 · seed 3", "l1_hints · seed 3"]
    assert float(rows[1][head.index("mae")]) == final("l1", 3)["mae"]  # in full, and no star
    head, *rows = saved(page, "#curves")
    assert head == ["run", "metric", "step", "time", "value"]
    ours = {int(row[2]): float(row[4]) for row in rows if row[:2] == [HINTED, "val/mae"]}
    assert ours == {
        step: pytest.approx(final("l1_hints", 3, step / 100)["mae"], rel=1e-5) for step in range(10, 101, 10)
    }
    assert {row[0] for row in rows} == {HINTED, PLAIN, GAME}
    head, *rows = saved(page, "#configuration")
    assert head == ["field", "pix2pix · seed 0", "l1 · seed 3", "l1_hints · seed 3"]
    assert rows == [["hints.kind", "none", "none", "regions"], ["adversarial.game", "vanilla", "none", "none"]]


def test_a_name_that_a_spreadsheet_would_compute_stays_a_text(
    serve: Serve, open_page: OpenPage, tmp_path: Path
) -> None:
    write_run(tmp_path / '=1+2,"x"', "l1", 0, steps=20, rows=1)
    page = open_page(serve(tmp_path), viewport=TALL)
    expect(page.locator("#metrics tbody tr").first).to_contain_text("=1+2")
    assert saved(page, "#metrics")[1][0] == '\'=1+2,"x"'
