"""What a person painted outlives a reload, and what was taken away opens again, in a real browser."""

import base64
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.support.drawings import file_of
from tests.support.painters import POINTING, RIVAL, SAMPLING, save_run
from tests.web.conftest import OpenPage, serving
from tests.web.paint.test_page import BLUE, DRAWING, RED, choose, hints_of, kept, load, paint, settle, shown, wake

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

A, POINTS, DRAWS = "pix2pix_hints/seed-1", "l1_pointer/seed-0", "sampler_lines/seed-0"
OTHER = np.ascontiguousarray(DRAWING[::-1, :180])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("runs")
    for experiment in (RIVAL, POINTING, SAMPLING):
        save_run(experiment, folder / experiment.name / f"seed-{experiment.seed}")
    with serving(folder) as address:
        wake(address)
        yield f"{address}/paint"


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    page = open_page(f"{address}?run={A}&with={POINTS}")
    load(page)
    return page


def paint_two(page: Page) -> None:
    """A stroke, and a dab of another colour."""
    choose(page, BLUE)
    page.keyboard.press("s")
    paint(page, (0.3, 0.3), (0.7, 0.35))
    choose(page, RED)
    page.keyboard.press("b")
    paint(page, (0.5, 0.7))
    settle(page)


def saved(page: Page) -> None:
    """Until the browser has what is on the page."""
    dabs = page.locator("#report").get_attribute("data-dabs")
    expect(page.locator("#saved")).to_have_attribute("data-dabs", str(dabs))


def payload(path: Path) -> FilePayload:
    return {"name": path.name, "mimeType": "application/octet-stream", "buffer": path.read_bytes()}


def open_files(page: Page, *files: FilePayload) -> None:
    page.locator("#palette button").first.wait_for()
    page.locator("#file").set_input_files(list(files))


def drop(page: Page, *files: FilePayload) -> None:
    page.locator("#palette button").first.wait_for()
    words = [[file["name"], base64.b64encode(file["buffer"]).decode()] for file in files]
    page.evaluate(
        """(files) => {
            const data = new DataTransfer();
            for (const [name, words] of files) {
                data.items.add(new File([Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0))], name));
            }
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        words,
    )


def test_a_reload_offers_the_work_again(page: Page, address: str, tmp_path: Path) -> None:
    paint_two(page)
    picture, hints, words = shown(page), hints_of(page, tmp_path), page.locator("#report").inner_text()
    saved(page)
    page.goto(f"{address}?run={POINTS}")  # the run comes back from what was saved, and not from the address
    expect(page.locator("#run-a")).to_have_value(POINTS)
    page.get_by_role("button", name=f"Go on with face.png, {len(hints)} hints").click()
    settle(page)
    expect(page.locator("#run-a")).to_have_value(A)
    assert np.array_equal(shown(page), picture)
    assert hints_of(page, tmp_path) == hints
    assert page.locator("#report").inner_text() == words == "1 stroke, 1 dab"
    page.keyboard.press("e")
    paint(page, (0.5, 0.7))
    settle(page)
    saved(page)
    page.reload()  # the same work and no second one
    expect(page.locator("#works button")).to_have_count(1)
    page.locator("#works button").click()
    settle(page)
    assert hints_of(page, tmp_path) == hints[:-1]


def test_each_drawing_is_a_work_and_one_without_is_none(page: Page, tmp_path: Path) -> None:
    paint_two(page)
    saved(page)
    load(page, OTHER, "other.png")
    page.keyboard.press("d")
    paint(page, (0.2, 0.2), (0.8, 0.3))  # a line of the drawing itself
    expect(page.locator("#saved")).to_have_attribute("data-dabs", "0")
    expect(page.locator("#saved")).to_contain_text("Saved in this browser")
    load(page, OTHER, "looked-at.png")
    expect(page.locator("#saved")).to_have_text("")
    page.reload()
    expect(page.locator("#works button")).to_have_count(2)
    page.get_by_role("button", name="Go on with other.png, 0 hints").click()
    settle(page)
    with zipfile.ZipFile(kept(page, "keep-all", tmp_path)) as archive:
        assert archive.read("other.png") != file_of(OTHER)  # with the line
    page.locator("#new").click()
    page.locator("#forget").click()
    expect(page.locator("#go-on")).to_be_hidden()
    page.reload()
    page.locator("#palette button").first.wait_for()
    expect(page.locator("#go-on")).to_be_hidden()


@pytest.mark.parametrize("way", [open_files, drop])
def test_its_own_zip_opens_again(open_page: OpenPage, page: Page, address: str, tmp_path: Path, way: object) -> None:
    paint_two(page)
    picture, hints = shown(page), hints_of(page, tmp_path)
    page.locator("[data-view=beside]").click()
    settle(page, "b")
    archive = kept(page, "keep-all", tmp_path)
    if way is drop:  # a person packed it anew: compressed, in another order, in a folder
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(tmp_path / "new.zip", "w", zipfile.ZIP_DEFLATED) as new:
            for name in sorted(old.namelist(), reverse=True):
                new.writestr(f"mine/{name}", old.read(name))
        archive = tmp_path / "new.zip"
    again = open_page(f"{address}?run={POINTS}")
    (drop if way is drop else open_files)(again, payload(archive))
    expect(again.locator("#report")).to_have_text("1 stroke, 1 dab")
    settle(again)
    expect(again.locator("#run-a")).to_have_value(A)
    assert np.array_equal(shown(again), picture)
    assert hints_of(again, tmp_path) == hints
    assert kept(again, "keep-all", tmp_path / "again").name == "face.zip"


def test_a_zip_brings_its_colouring(open_page: OpenPage, address: str, tmp_path: Path) -> None:
    page = open_page(f"{address}?run={DRAWS}")
    load(page)
    for _ in range(2):
        page.keyboard.press("n")
    expect(page.locator(".box").first).to_have_attribute("data-variant", "2")
    picture, archive = shown(page), kept(page, "keep-all", tmp_path)
    page = open_page(address)
    open_files(page, payload(archive))
    expect(page.locator(".box").first).to_have_attribute("data-variant", "2")
    assert np.array_equal(shown(page), picture)


def test_hints_open_on_a_drawing_and_can_be_undone(page: Page, tmp_path: Path) -> None:
    paint_two(page)
    picture, file = shown(page), kept(page, "keep-json", tmp_path)
    page.keyboard.press("c")
    paint(page, (0.2, 0.2))
    drop(page, payload(file))
    expect(page.locator("#report")).to_have_text("1 stroke, 1 dab")
    settle(page)
    assert np.array_equal(shown(page), picture)
    page.keyboard.press("Control+z")
    expect(page.locator("#report")).to_have_text("1 dab")
    page.locator("#new").click()
    byhand = [{"x": 10, "y": 20, "color": "#F00"}, {"x": 60, "y": 20, "color": "rebeccapurple", "radius": 5}]
    text: FilePayload = {"name": "m.json", "mimeType": "", "buffer": b"\xef\xbb\xbf" + json.dumps(byhand).encode()}
    open_files(page, text)
    expect(page.locator("#report")).to_have_text("1 dab, 1 fill")
    first, second = hints_of(page, tmp_path)
    assert (first.x, first.y, first.color, first.radius) == (10, 20, (255, 0, 0), None)
    assert (second.x, second.y, second.color, second.radius) == (60, 20, (0x66, 0x33, 0x99), 5)


def test_a_drawing_and_its_hints_at_once(open_page: OpenPage, address: str, tmp_path: Path) -> None:
    page = open_page(address)
    hints: FilePayload = {
        "name": "a.json",
        "mimeType": "",
        "buffer": b'[{"x": 5, "y": 6, "color": "#123456", "radius": 3}]',
    }
    open_files(page, hints)
    page.locator("#fault", has_text="a.json has hints alone: open the drawing first, or both at once.").wait_for()
    drop(page, hints, {"name": "face.png", "mimeType": "image/png", "buffer": file_of(DRAWING)})
    expect(page.locator("#report")).to_have_text("1 dab")
    expect(page.locator("#fault")).to_be_hidden()


def test_what_cannot_be_opened_gets_a_sentence_and_changes_nothing(page: Page, tmp_path: Path) -> None:
    paint_two(page)
    archive = kept(page, "keep-all", tmp_path).read_bytes()
    hint = '[{"x": 1, "y": 2, "color": "#123456"}, %s]'
    wrong = {
        ("a.zip", archive[:-30]): "a.zip is a damaged ZIP file.",
        ("a.zip", b"PK\3\4"): "a.zip is a damaged ZIP file.",
        ("a.json", b"["): "a.json is no JSON that can be read.",
        ("a.json", b"{}"): "a.json must hold a list of hints.",
        ("a.json", str([1] * 4001).encode()): "a.json has 4001 hints; a picture can have 4000.",
        ("a.json", (hint % "null").encode()): 'a.json, hint 2 must be {"x": X, "y": Y, "color": "#RRGGBB"}.',
        ("a.json", (hint % '{"x": 240, "y": 2, "color": "red"}').encode()): (
            "a.json, hint 2 at 240,2 must lie on the drawing, which has 240x240 pixels."
        ),
        ("a.json", (hint % '{"x": 1, "y": 2, "color": "redd"}').encode()): (
            "a.json, hint 2: the colour must be #RRGGBB, such as #c23b3b, #RGB, or a name of CSS."
        ),
        ("a.json", (hint % '{"x": 1, "y": 2, "color": "red", "radius": 0}').encode()): (
            "a.json, hint 2: the radius must be a number above 0, and at most 100000."
        ),
    }
    for (name, content), sentence in wrong.items():
        open_files(page, {"name": name, "mimeType": "", "buffer": content})
        expect(page.locator("#fault")).to_have_text(sentence)
        expect(page.locator("#report")).to_have_text("1 stroke, 1 dab")
    empty = tmp_path / "b.zip"
    with zipfile.ZipFile(empty, "w") as file:
        file.writestr("notes.txt", "nothing")
    open_files(page, payload(empty))
    expect(page.locator("#fault")).to_have_text("b.zip holds no drawing: open a ZIP that this page made.")


def test_the_time_shown_is_that_of_the_drawing_shown(page: Page) -> None:
    paint_two(page)
    speed = page.locator("#speed")
    expect(speed).to_contain_text("ms from brush to picture")
    load(page, OTHER, "other.png")
    expect(speed).to_have_text("")
    paint(page, (0.5, 0.5))
    expect(speed).to_contain_text("ms from brush to picture")
    page.locator("#run-a").select_option(DRAWS)
    expect(speed).to_have_text("")
    page.evaluate(  # an event on a drawing is not answered by the picture of the next
        """async () => {
            const { Side } = await import("/static/paint/live.js");
            const side = new Side({}, {});
            side.running = true;
            const [first, second] = [{}, {}].map((sheet) => ({ state: { sheet }, run: {} }));
            side.want(first, 5);
            side.want(first, 7);
            if (side.since !== 5) throw new Error("the oldest event of a drawing counts");
            side.want(second, null);
            if (side.since !== null) throw new Error("no event of another drawing does");
        }"""
    )


def test_what_the_networks_have_seen(page: Page) -> None:
    seen, same = page.locator("#seen"), "seen nothing but heads of one style, 1050 characters at 64 px."
    expect(seen).to_have_text(f"{A} has {same}")
    page.locator("[data-view=beside]").click()
    expect(seen).to_have_text(f"{A} and {POINTS} have {same}")
    page.locator("#run-a").select_option("--flat")
    expect(seen).to_have_text(f"{POINTS} has {same}")


@pytest.mark.parametrize("wide", [390, 320])
def test_on_a_phone_every_tool_lies_inside_the_bar(open_page: OpenPage, address: str, wide: int) -> None:
    phone = {"width": wide, "height": 844}
    page = open_page(f"{address}?run={POINTS}", viewport=phone, has_touch=True, is_mobile=True)
    load(page)
    places = """(inside) => [...document.querySelectorAll(`${inside} button`)].map((one) => one.getBoundingClientRect())
        .filter(({ width }) => width > 0).map(({ left, top, right, bottom }) => [left, top, right, bottom])"""
    left, _, right, _ = np.array(page.evaluate(places, "body")).T
    assert (left >= 0).all()
    assert (right <= wide).all()
    bar = page.locator("#tools").bounding_box()
    assert bar is not None
    left, top, right, bottom = np.array(page.evaluate(places, "#tools")).T
    assert len(left) == 11
    assert (top >= bar["y"]).all()
    assert (bottom <= bar["y"] + bar["height"]).all()
    assert np.minimum(right - left, bottom - top).min() >= 40
    page.locator("#zoom-in").tap()  # zoom, fine brushes and free colours hold on a phone
    expect(page.locator("#zoom-all")).not_to_have_text("100 %")
    page.locator("#radius").fill("0")
    expect(page.locator("#radius-value")).to_have_text("1 px")
    page.locator("#code").fill("#12ab34")
    page.locator("#code").press("Enter")
    expect(page.locator("#color")).to_have_value("#12ab34")
    page.locator("[data-side=a]").tap()
    settle(page)
    page.locator("#clear").tap()
    expect(page.locator("#report")).to_have_attribute("data-dabs", "0")
