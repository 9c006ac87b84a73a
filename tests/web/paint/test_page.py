"""The paint page in a real browser: what a person does, and that `gan colorize` makes the same of what is kept."""

import base64
import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FloatRect, Page, expect

from gan import cli
from gan.colorize.colorizer import Colorizer
from gan.colorize.flat import color_flat
from gan.hints.painted import Hint, read_json
from tests.support.drawings import file_of, on, sketch
from tests.support.painters import three_runs
from tests.web.conftest import OpenPage, serving

A, B, BLIND = "l1_hints/seed-0", "pix2pix_hints/seed-1", "l1/seed-0"
DRAWING = on(sketch(240), (30, 30, 60), (250, 248, 240))
BLUE, RED = "#3b6fd4", "#c23b3b"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return three_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with serving(folder) as address:
        wake(address)
        yield f"{address}/paint?run={A}&with={B}"


def wake(address: str) -> None:
    """The first request loads PyTorch, which takes a while on a busy machine."""
    with urlopen(f"{address}/api/paint/models", timeout=120) as answer:
        assert answer.status == 200


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    page = open_page(address)
    load(page)
    return page


def load(page: Page, drawing: np.ndarray = DRAWING, name: str = "face.png") -> None:
    page.locator("#palette button").first.wait_for()
    page.evaluate("for (const box of document.querySelectorAll('.box')) delete box.dataset.hints")  # the one before's
    page.locator("#file").set_input_files({"name": name, "mimeType": "image/png", "buffer": file_of(drawing)})
    settle(page)


def settle(page: Page, side: str = "a") -> None:
    """Until the picture shows every dab that is on the page."""
    number = "ab".index(side)
    found = (
        f"[document.querySelectorAll('.box')[{number}].dataset.hints, document.getElementById('report').dataset.dabs]"
    )
    until = time.monotonic() + 30
    while time.monotonic() < until:
        shown, there = page.evaluate(found)
        if shown is not None and shown == there:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"the picture shows {shown} of {there} dabs; {page.locator('#fault').inner_text()}")


def shown(page: Page, side: str = "a") -> np.ndarray:
    """(H, W, 3): the picture on the page."""
    words = page.evaluate(
        f"document.querySelectorAll('.pane')['ab'.indexOf('{side}')].querySelector('.picture').toDataURL()"
    )
    return np.array(Image.open(io.BytesIO(base64.b64decode(words.split(",")[1]))).convert("RGB"))


def place(page: Page) -> FloatRect:
    box = page.locator("[data-side=a]").bounding_box()
    assert box is not None
    return box


def paint(page: Page, *points: tuple[float, float]) -> None:
    """Press, move and let go, at shares of the picture's width and height."""
    box = place(page)
    for number, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def choose(page: Page, color: str) -> None:
    page.locator(f"[data-color='{color}']").first.click()


def kept(page: Page, button: str, folder: Path) -> Path:
    """What a button downloads."""
    with page.expect_download() as download:
        page.locator(f"#{button}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def hints_of(page: Page, folder: Path) -> list[Hint]:
    return read_json(kept(page, "keep-json", folder))


def test_a_stroke_colours_as_the_command_does(page: Page, folder: Path, tmp_path: Path) -> None:
    colorizer = Colorizer.load(folder / A)
    assert np.array_equal(shown(page), colorizer.color(DRAWING))
    choose(page, BLUE)
    paint(page, (0.3, 0.3), (0.6, 0.35), (0.7, 0.6))
    choose(page, RED)
    page.keyboard.press("b")
    paint(page, (0.5, 0.8))
    settle(page)
    hints = hints_of(page, tmp_path)
    assert [hint.color for hint in hints] == [(59, 111, 212)] * (len(hints) - 1) + [(194, 59, 59)]
    assert len(hints) > 5
    assert (hints[0].x, hints[0].y) == pytest.approx((0.3 * 240 - 0.5, 0.3 * 240 - 0.5), abs=1)
    assert (hints[-1].x, hints[-1].y) == pytest.approx((119.5, 191.5), abs=1)
    assert np.array_equal(shown(page), colorizer.color(DRAWING, hints))
    expect(page.locator("#report")).to_have_text("1 stroke, 1 dab")


def test_undo_redo_erase_and_clear(page: Page, tmp_path: Path) -> None:
    bare = shown(page)
    paint(page, (0.2, 0.2), (0.2, 0.8))
    paint(page, (0.8, 0.2), (0.8, 0.8))
    settle(page)
    both, dabs = shown(page), len(hints_of(page, tmp_path))
    assert not np.array_equal(bare, both)
    page.keyboard.press("Control+z")
    settle(page)
    assert len(hints_of(page, tmp_path)) == dabs // 2
    page.locator("#undo").click()
    settle(page)
    assert np.array_equal(shown(page), bare)
    expect(page.locator("#undo")).to_be_disabled()
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+y")
    settle(page)
    assert np.array_equal(shown(page), both)
    expect(page.locator("#redo")).to_be_disabled()
    page.keyboard.press("e")
    paint(page, (0.8, 0.1), (0.8, 0.9))
    settle(page)
    left = hints_of(page, tmp_path)
    assert len(left) == dabs // 2
    assert max(hint.x for hint in left) < 120
    page.keyboard.press("c")
    settle(page)
    assert np.array_equal(shown(page), bare)
    page.keyboard.press("Control+z")
    settle(page)
    assert hints_of(page, tmp_path) == left


def test_erasing_cuts_a_stroke_in_two(page: Page) -> None:
    paint(page, (0.1, 0.5), (0.9, 0.5))
    page.keyboard.press("e")
    paint(page, (0.5, 0.5))
    settle(page)
    expect(page.locator("#report")).to_have_text("2 strokes")


def test_what_is_kept_makes_the_same_picture_again(page: Page, folder: Path, tmp_path: Path) -> None:
    choose(page, BLUE)
    paint(page, (0.3, 0.3), (0.7, 0.35))
    choose(page, RED)
    paint(page, (0.5, 0.7), (0.6, 0.8))
    settle(page)
    picture, hints, layer = (kept(page, f"keep-{kind}", tmp_path) for kind in ("picture", "json", "png"))
    assert picture.name == "face-l1_hints-seed-0.png"
    assert np.array_equal(np.array(Image.open(picture)), shown(page))
    (tmp_path / "face.png").write_bytes(file_of(DRAWING))
    for option, file in (("--hint-json", hints), ("--hint-image", layer)):
        out = tmp_path / f"again{option}.png"
        assert (
            cli.main(["colorize", str(folder / A), str(tmp_path / "face.png"), option, str(file), "--out", str(out)])
            == 0
        )
        assert np.array_equal(np.array(Image.open(out)), shown(page))


def test_everything_in_one_file_with_the_commands(
    page: Page, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.locator("[data-view=beside]").click()
    paint(page, (0.3, 0.3), (0.7, 0.35))
    settle(page)
    settle(page, "b")
    with zipfile.ZipFile(kept(page, "keep-all", tmp_path)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
        assert sorted(archive.namelist()) == [
            *("commands.txt", "face-hints.json", "face-hints.png"),
            *(f"face-l1_hints-seed-0{layer}.png" for layer in ("-colors", "-flat", "-lines", "")),
            *("face-pix2pix_hints-seed-1.png", "face.png"),
        ]
    monkeypatch.chdir(tmp_path)
    commands = (tmp_path / "commands.txt").read_text().split("\n\n")
    for side, run, command in zip("ab", (A, B), commands, strict=True):
        program, *words = command.split()
        assert program == "gan"
        assert words[1] == str(folder / run)
        assert cli.main(words) == 0
        name = f"face-{run.replace('/', '-')}.png"
        assert np.array_equal(np.array(Image.open(tmp_path / f"again-{name}")), np.array(Image.open(tmp_path / name)))
        assert np.array_equal(np.array(Image.open(tmp_path / name)), shown(page, side))


def test_two_runs_on_the_same_hints(page: Page, folder: Path, tmp_path: Path) -> None:
    paint(page, (0.3, 0.3), (0.7, 0.35))
    settle(page)
    page.keyboard.press("v")
    settle(page, "b")
    hints = hints_of(page, tmp_path)
    first, second = (Colorizer.load(folder / run).color(DRAWING, hints) for run in (A, B))
    assert not np.array_equal(first, second)
    assert np.array_equal(shown(page, "a"), first)
    assert np.array_equal(shown(page, "b"), second)
    page.keyboard.press("x")
    expect(page.locator("#run-a")).to_have_value(B)
    settle(page)
    assert np.array_equal(shown(page, "a"), second)
    assert np.array_equal(shown(page, "b"), first)
    assert f"run={B}&with={A}&view=beside" in page.url
    page.keyboard.press("v")
    expect(page.locator("#border")).to_be_visible()
    expect(page.locator("[data-side=b]")).to_be_hidden()
    page.locator("#border").fill("10")
    assert (
        page.locator(".pane").first.locator(".picture").nth(1).evaluate("one => one.style.clipPath")
        == "inset(0px 0px 0px 10%)"
    )


def test_a_run_without_hints_colours_and_the_page_says_so(page: Page, folder: Path) -> None:
    paint(page, (0.3, 0.3), (0.7, 0.35))
    expect(page.locator("#about")).to_have_text("")
    page.locator("#run-a").select_option(BLIND)
    page.locator(f".box[data-run='{BLIND}']").wait_for()
    settle(page)
    assert np.array_equal(shown(page), Colorizer.load(folder / BLIND).color(DRAWING))
    expect(page.locator("#about")).to_contain_text(
        "l1/seed-0 was trained without hints: it colours the drawing and ignores them."
    )
    expect(page.locator("#keep-png")).to_be_disabled()
    expect(page.locator("#command")).not_to_contain_text("--hint-json")


def test_two_people_do_not_disturb_each_other(open_page: OpenPage, address: str, folder: Path, tmp_path: Path) -> None:
    """Both pages in browser contexts of their own, taking turns at every piece of the strokes."""
    drawings = [DRAWING, np.ascontiguousarray(DRAWING[::-1, :180])]
    pages = [open_page(address), open_page(address)]
    for page, drawing in zip(pages, drawings, strict=True):
        load(page, drawing)
    for page, color in zip(pages, (BLUE, RED), strict=True):
        choose(page, color)
        box = place(page)
        page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
        page.mouse.down()
    for step in range(8):
        for page in pages:
            box = place(page)
            page.mouse.move(box["x"] + (0.3 + 0.05 * step) * box["width"], box["y"] + 0.5 * box["height"])
    colorizer = Colorizer.load(folder / A)
    for page, drawing, tint in zip(pages, drawings, ((59, 111, 212), (194, 59, 59)), strict=True):
        page.mouse.up()
        settle(page)
        hints = hints_of(page, tmp_path)
        assert {hint.color for hint in hints} == {tint}
        assert np.array_equal(shown(page), colorizer.color(drawing, hints))


def test_a_drawing_that_the_server_has_forgotten_is_sent_again(page: Page, folder: Path, tmp_path: Path) -> None:
    for _ in range(64):
        answer = page.request.post(page.url.split("/paint")[0] + "/api/paint/drawings", data=file_of(sketch(20)))
        assert answer.status == 201
    paint(page, (0.3, 0.3), (0.7, 0.35))
    settle(page)
    assert np.array_equal(shown(page), Colorizer.load(folder / A).color(DRAWING, hints_of(page, tmp_path)))
    expect(page.locator("#fault")).to_be_hidden()
    page.faults[:] = [fault for fault in page.faults if "410" not in fault]  # type: ignore[attr-defined]


def test_the_keyboard_alone(page: Page, tmp_path: Path) -> None:
    page.locator("[data-side=a]").focus()
    page.keyboard.press("b")
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowRight", "Enter"):
        page.keyboard.press(key)
    settle(page)
    (hint,) = hints_of(page, tmp_path)
    assert (hint.x, hint.y) == (120 - 2 * 6 + 1, 120 + 6)
    page.locator("[data-side=a]").focus()
    for key, tool in {"s": "stroke", "e": "erase", "i": "pick", "d": "line", "r": "rub", "b": "dab"}.items():
        page.keyboard.press(key)
        expect(page.locator("[data-tool][aria-pressed=true]")).to_have_attribute("data-tool", tool)
    wide = page.locator("#radius-value").inner_text()
    for _ in range(4):
        page.keyboard.press("]")
    assert int(page.locator("#radius-value").inner_text().split()[0]) > int(wide.split()[0])
    page.keyboard.press("h")
    expect(page.locator("#show")).not_to_be_checked()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    assert page.locator("#shortcuts dt").count() >= 15
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.locator("#code").fill("#12ab")
    page.keyboard.press("Enter")
    page.locator("#code").fill("#abc")  # s, e, b and d typed here choose no tool
    page.locator("#radius").focus()
    expect(page.locator("#code")).to_have_value("#aabbcc")
    expect(page.locator("[data-tool][aria-pressed=true]")).to_have_attribute("data-tool", "dab")


def test_colours_from_the_picture_and_those_used_before(page: Page) -> None:
    picture = shown(page)
    page.keyboard.press("i")
    paint(page, (0.25, 0.75))
    expected = "#{:02x}{:02x}{:02x}".format(*picture[180, 60])
    expect(page.locator("#code")).to_have_value(expected)
    page.keyboard.press("s")
    paint(page, (0.3, 0.3), (0.5, 0.3))
    settle(page)
    used = page.locator(".group", has_text="used before").locator("button")
    expect(used.first).to_have_attribute("data-color", expected)
    page.reload()
    page.locator("#palette button").first.wait_for()
    expect(page.locator(f"[data-color='{expected}']")).to_have_count(1)


def test_a_pens_pressure_is_its_radius(page: Page, tmp_path: Path) -> None:
    box = place(page)
    session = page.context.new_cdp_session(page)
    pen = {"button": "left", "buttons": 1, "pointerType": "pen", "clickCount": 1}
    page.keyboard.press("b")
    for _ in range(8):
        page.keyboard.press("]")
    for x, force in ((0.3, 0.1), (0.6, 0.9)):
        where = {"x": box["x"] + x * box["width"], "y": box["y"] + 0.5 * box["height"], "force": force}
        session.send("Input.dispatchMouseEvent", {"type": "mousePressed", **where, **pen})
        session.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **where, **pen, "buttons": 0})
    settle(page)
    light, firm = hints_of(page, tmp_path)
    assert firm.radius is not None
    assert light.radius is not None
    assert firm.radius / light.radius == pytest.approx(1.4 / 0.6, rel=0.02)


@pytest.mark.slow
def test_drawing_on_a_blank_page(open_page: OpenPage, address: str, folder: Path, tmp_path: Path) -> None:
    page = open_page(address)
    page.locator("#blank").click()
    settle(page)
    expect(page.locator("[data-tool][aria-pressed=true]")).to_have_attribute("data-tool", "line")
    before = shown(page)
    with page.expect_response("**/api/paint/color"):
        paint(page, (0.2, 0.2), (0.8, 0.3), (0.5, 0.8))
    page.keyboard.press("s")
    paint(page, (0.4, 0.4), (0.6, 0.4))
    settle(page)
    with zipfile.ZipFile(kept(page, "keep-all", tmp_path)) as archive:
        drawing = np.array(Image.open(io.BytesIO(archive.read("drawing.png"))).convert("RGB"))
        hints = json.loads(archive.read("drawing-hints.json"))
    assert 1000 < (drawing[:, :, 0] < 128).sum() < 10_000
    painted = [Hint(one["x"], one["y"], tuple(bytes.fromhex(one["color"][1:])), one["radius"]) for one in hints]  # type: ignore[arg-type]
    assert np.array_equal(shown(page), Colorizer.load(folder / A).color(drawing, painted))
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    settle(page)
    page.wait_for_timeout(300)
    assert np.array_equal(shown(page), before)


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_dropped_and_pasted_drawings(open_page: OpenPage, address: str, folder: Path, way: str) -> None:
    page = open_page(address)
    page.locator("#palette button").first.wait_for()
    page.evaluate(
        """([way, words]) => {
            const bytes = Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], "mine.png", { type: "image/png" }));
            const event = way === "drop"
                ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
                : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.body.dispatchEvent(event);
        }""",
        [way, base64.b64encode(file_of(DRAWING)).decode()],
    )
    settle(page)
    assert np.array_equal(shown(page), Colorizer.load(folder / A).color(DRAWING))


def test_a_sample_to_begin_with(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.locator("#characters button").first.click()
    settle(page)
    assert shown(page).shape == (512, 512, 3)
    page.locator("#new").click()
    page.locator("#back").click()
    expect(page.locator("[data-side=a]")).to_be_visible()


def test_a_file_that_is_no_picture(page: Page) -> None:
    before = shown(page)
    page.locator("#file").set_input_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"hello"})
    page.locator("#fault", has_text="notes.png is not a picture that can be read").wait_for()
    assert np.array_equal(shown(page), before)


def test_a_narrow_screen_and_a_finger(open_page: OpenPage, address: str, tmp_path: Path) -> None:
    page = open_page(
        address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    load(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-side=a]").scroll_into_view_if_needed()
    box = place(page)
    assert box["width"] > 300
    page.locator("[data-tool=dab]").click()
    page.touchscreen.tap(box["x"] + 0.5 * box["width"], box["y"] + 0.25 * box["height"])
    settle(page)
    (hint,) = hints_of(page, tmp_path)
    assert (hint.x, hint.y) == pytest.approx((119.5, 59.5), abs=1)
    page.locator("[data-view=beside]").click()
    settle(page, "b")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_no_runs_yet(open_page: OpenPage, tmp_path: Path) -> None:
    """Nothing that could guess: hints fill areas flat."""
    with serving(tmp_path) as empty:
        wake(empty)
        page = open_page(f"{empty}/paint")
        page.locator("#fault", has_text="There is no trained run here yet").wait_for()
        expect(page.locator("#run-a")).to_have_value("--flat")
        load(page)
        paint(page, (0.5, 0.5))
        settle(page)
        assert np.array_equal(shown(page), color_flat(DRAWING, hints_of(page, tmp_path)))
        expect(page.locator("#command")).to_have_text(
            "gan colorize --flat face.png --hint-json face-hints.json --out again-face-flat.png"
        )


def test_strokes_are_measured(page: Page) -> None:
    """What the page says about its speed is what it measured."""
    paint(page, (0.3, 0.3), (0.7, 0.35))
    settle(page)
    page.locator("#speed", has_text="ms from brush to picture").wait_for()
    measures, words = page.evaluate(  # at once: pictures may still come
        "[performance.getEntriesByName('stroke to picture').map((one) => [one.duration, one.detail]),"
        " document.getElementById('speed').textContent]"
    )
    assert measures
    assert all(
        duration > 0 and detail["run"] == A and "paint;dur=" in detail["timing"] for duration, detail in measures
    )
    assert words == f"{int(measures[-1][0] + 0.5)} ms from brush to picture"  # a half goes up, in JavaScript


def test_a_picture_that_is_no_drawing_is_named(page: Page) -> None:
    patches = np.random.default_rng(0).integers(30, 226, (12, 12, 3)).astype(np.uint8)
    load(page, patches.repeat(20, 0).repeat(20, 1))
    expect(page.locator("#note")).to_have_text(re.compile("^This is a coloured picture and no drawing"))
    load(page)
    expect(page.locator("#note")).to_have_text("")
