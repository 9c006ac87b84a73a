"""Runs coloured by a field or a metric: which colour each has, everywhere, and what does not change it."""

import json
import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Locator, Page, expect

from gan.metrics.cielab import srgb_to_lab
from tests.support.fake_runs import write_run
from tests.web.conftest import OpenPage, Serve
from tests.web.review.test_curves import painted
from tests.web.review.test_page import TALL

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

HINTED, PLAIN, GAME = "sepia/l1_hints/seed-4", "sepia/l1/seed-4", "pix2pix/seed-0"
CHOSEN = "#" + "&".join(f"run={run}" for run in (GAME, PLAIN, HINTED))
# In the list are pix2pix/seed-0, l1/seed-3 and l1/seed-4 without hints, l1_hints/seed-3 and l1_hints/seed-4 with them.
BY_HINTS = {
    GAME: "color-mix(in oklab, var(--hue-0) 100%, var(--mix))",
    PLAIN: "color-mix(in oklab, var(--hue-0) 72%, var(--fade))",  # the third
    HINTED: "color-mix(in oklab, var(--hue-1) 66%, var(--mix))",  # the second
}
RGB = """(colors) => {
  const probe = document.createElement("span");
  document.body.append(probe);
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const read = (color) => {
    probe.style.color = color;
    context.fillStyle = getComputedStyle(probe).color;
    context.clearRect(0, 0, 1, 1);
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const all = colors.map(read);
  probe.remove();
  return all;
}"""


def rgb(page: Page, *colors: str) -> list[list[int]]:
    """What CSS colours are in the scheme of the page."""
    values: list[list[int]] = page.evaluate(RGB, list(colors))
    return values


def grounds(page: Page, swatches: Locator) -> list[list[int]]:
    """Of swatches: their background, of which those of dashed lines have stripes."""
    colors = swatches.evaluate_all("all => all.map((each) => getComputedStyle(each).getPropertyValue('--color'))")
    return rgb(page, *colors)


def everywhere(page: Page) -> dict[str, list[list[int]]]:
    """The colours of the chosen runs in each part of the page, in the order of the list."""
    seeds = page.locator(".seed[aria-pressed=true]")
    boxes = seeds.evaluate_all("all => all.map((each) => getComputedStyle(each).borderTopColor)")
    circles = page.locator("#scatter svg circle").evaluate_all("all => all.map((each) => each.getAttribute('fill'))")
    return {
        "list": rgb(page, *boxes),
        "grids": grounds(page, page.locator(".grid-panel .swatch")),
        "curves": grounds(page, page.locator(".legend .swatch")),
        "table": grounds(page, page.locator("#metrics td:first-child, #metrics tbody th").locator(".swatch")),
        "scatter": rgb(page, *circles),
    }


def expect_colors(page: Page, colors: list[str]) -> None:
    """Wait until the lines have these CSS colours; everything else has to have them too."""
    expected = rgb(page, *colors)
    for _ in range(100):
        if grounds(page, page.locator(".legend .swatch")) == expected:
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(100)
    parts = everywhere(page)
    assert parts == dict.fromkeys(parts, expected)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_value_of_a_field_has_a_hue(lab_address: str, open_page: OpenPage, scheme: str) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}&metric=val/mae", viewport=TALL, color_scheme=scheme)
    expect(page.locator(".grid-panel canvas")).to_have_count(3)
    before = everywhere(page)
    expect(page.locator(".color-key")).to_be_hidden()
    page.get_by_label("Colour by").focus()
    page.get_by_label("Colour by").select_option("hints.kind")
    expect_colors(page, [*BY_HINTS.values()])
    assert painted(page.locator("[data-metric='val/mae']"), page, HINTED) > 60
    key = page.locator(".color-key")
    expect(key.locator("li")).to_have_text(["hints.kind", "none", "regions"])
    assert grounds(page, key.locator(".swatch")) == rgb(page, "var(--hue-0)", "var(--hue-1)")
    expect(page.get_by_label("Colour by")).to_be_focused()
    expect(page).to_have_url(re.compile("color=hints.kind"))
    page.go_back()
    expect(key).to_be_hidden()
    expect(page.get_by_label("Colour by")).to_have_value("")
    assert everywhere(page) == before


def test_hues_do_not_depend_on_what_is_chosen(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/#run={HINTED}&color=hints.kind", viewport=TALL)
    expect_colors(page, [BY_HINTS[HINTED]])  # the second value, though no run with the first is chosen
    expect(page.locator(".color-key li")).to_have_text(["hints.kind", "regions"])
    page.locator(f".seed[data-run='{GAME}']").click()
    expect_colors(page, [BY_HINTS[GAME], BY_HINTS[HINTED]])


def write_logged(folder: Path, values: dict[str, float | None]) -> str:
    """Runs with a grid that logged a value and one that is theirs alone; returns an address that chooses all."""
    for place, (name, value) in enumerate(values.items()):
        run = write_run(folder / name / "seed-0", "l1", 0, steps=20, rows=1)
        row = {"step": 20, "time": 20, "val/mae": 0.1, "val/psnr": 10.0 + place}
        (run / "metrics.jsonl").write_text(json.dumps(row | ({} if value is None else {"G/x": value})) + "\n")
    return "#" + "&".join(f"run={name}/seed-0" for name in values)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_metric_is_a_place_between_the_least_and_the_greatest(
    serve: Serve, open_page: OpenPage, tmp_path: Path, scheme: str
) -> None:
    chosen = write_logged(tmp_path, {"a": 2.0, "b": 10.0, "c": None, "d": 4.0, "e": -6.0})
    page = open_page(f"{serve(tmp_path)}/{chosen}&color=G/x&metric=val/mae", viewport=TALL, color_scheme=scheme)
    half = "color-mix(in oklab, var(--ramp-least), var(--ramp-middle))"
    later = "color-mix(in oklab, var(--ramp-middle) 75%, var(--ramp-most))"
    ends = ["var(--ramp-middle)", "var(--ramp-most)", "var(--lacking)", later, "var(--ramp-least)"]
    expect_colors(page, ends)  # of -6 to 10: 2 is the middle, 4 is five eighths
    key = page.locator(".color-key")
    expect(key.locator("li")).to_have_text(["G/x", "-6.00010.00", "not known"])
    assert grounds(page, key.locator(".swatch")) == rgb(page, "var(--lacking)")
    page.locator(".seed[data-run='e/seed-0']").click()
    expect(key.locator("li").nth(1)).to_have_text("2.00010.00")
    expect_colors(page, ["var(--ramp-least)", "var(--ramp-most)", "var(--lacking)", half])


def test_a_mean_over_seeds_has_the_colour_of_the_mean(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    chosen = write_logged(tmp_path, {"a": 0.0, "b": 2.0, "c": 4.0})
    (tmp_path / "c" / "seed-0").rename(tmp_path / "a" / "seed-1")  # of 0 and 4: the mean is 2, the middle
    chosen = chosen.replace("c/seed-0", "a/seed-1")
    page = open_page(f"{serve(tmp_path)}/{chosen}&color=G/x&metric=val/mae&mean=1&rows=arm", viewport=TALL)
    expect(page.locator(".legend li")).to_have_text(["a, mean of 2", "b · seed 0"])
    expected = rgb(page, "var(--ramp-middle)", "var(--ramp-middle)")
    assert grounds(page, page.locator(".legend .swatch")) == expected
    assert grounds(page, page.locator("#metrics tbody .swatch")) == expected


def test_numbers_of_a_field_are_ordered_on_the_ramp(serve: Serve, open_page: OpenPage, tmp_path: Path) -> None:
    for name, steps in (("a", 1000), ("b", 20), ("c", 100), ("d", 20)):
        write_run(tmp_path / name / "seed-0", "l1", 0, steps=steps, done=20, every=20, rows=1)
    chosen = "#" + "&".join(f"run={name}/seed-0" for name in "abcd")
    page = open_page(f"{serve(tmp_path)}/{chosen}&color=steps&metric=val/mae", viewport=TALL)
    expect(page.locator(".color-key li")).to_have_text(["steps", "20", "100", "1000"])
    ramp = ["var(--ramp-least)", "var(--ramp-middle)", "var(--ramp-most)"]
    assert grounds(page, page.locator(".color-key .swatch")) == rgb(page, *ramp)
    dashed = page.locator(".legend .swatch").evaluate_all("all => all.map((each) => each.className)")
    assert dashed == ["swatch", "swatch", "swatch", "swatch dashed"]  # the second of 20 steps has dashes
    assert grounds(page, page.locator(".legend .swatch")) == rgb(page, ramp[2], ramp[0], ramp[1], ramp[0])


def test_a_name_that_no_run_has_is_grey(lab_address: str, open_page: OpenPage) -> None:
    page = open_page(f"{lab_address}/{CHOSEN}&color=no/such", viewport=TALL)
    expect_colors(page, ["var(--lacking)"] * 3)
    expect(page.locator(".color-key li")).to_have_text(["no/such", "not known"])


SEEN = {
    "all colours": torch.eye(3).tolist(),
    # Machado, Oliveira, Fernandes 2009, table 1, severity 1, of linear sRGB
    "no red cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green cones": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no blue cones": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
"""What eyes make of a colour."""


@pytest.mark.parametrize(("scheme", "surface"), [("light", "#ffffff"), ("dark", "#1a1c20")])
def test_every_eye_sees_the_order_of_the_ramp(lab_address: str, open_page: OpenPage, scheme: str, surface: str) -> None:
    """By lightness, in steps that are nearly even, away from that of the ground; all stand out from it."""
    page = open_page(f"{lab_address}/#run=x", color_scheme=scheme)
    names = page.evaluate(
        """async () => {
          const { onRamp } = await import("/static/review/colors.js");
          return Array.from({ length: 11 }, (_, step) => onRamp(step / 10));
        }"""
    )
    srgb = torch.tensor(rgb(page, *names, "var(--lacking)", surface)).double() / 255  # (13, 3)
    linear = torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    light = linear @ torch.tensor([0.2126, 0.7152, 0.0722]).double()
    contrast = (torch.maximum(light, light[-1]) + 0.05) / (torch.minimum(light, light[-1]) + 0.05)
    assert contrast[:-1].min() >= 3  # WCAG 1.4.11
    for eyes, matrix in SEEN.items():
        seen = (linear[:11] @ torch.tensor(matrix).double().T).clamp(0, 1)
        encoded = torch.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
        lightness = srgb_to_lab(encoded[:, :, None])[:, 0, 0]
        steps = lightness.diff() * (-1 if scheme == "light" else 1)
        assert steps.min() > 2.3, eyes  # a difference that is just seen
        if eyes == "all colours":
            assert steps.max() < 2 * steps.min()
