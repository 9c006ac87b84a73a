"""A palette taken from a reference picture, in a real browser."""

import base64
import io
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from gan.arrays import Pixels
from gan.metrics.cielab import srgb_to_lab
from tests.support.drawings import file_of
from tests.web.conftest import OpenPage

pytestmark = pytest.mark.slow  # a browser; the whole pages are fast tests of test_page.py

FOUR = {"#2a9d8f": 0.4, "#e9c46a": 0.3, "#e76f51": 0.2, "#264653": 0.1}
"""Colours, and the share of the picture that each has."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture
def page(open_page: OpenPage, address: str) -> Page:
    page = open_page(address)
    page.locator("#palette button").first.wait_for()
    return page


def flat() -> Pixels:
    """(500, 600, 3): the four colours in bands, the smallest first."""
    bands = [
        np.full((round(500 * share), 600, 3), list(bytes.fromhex(color[1:])), np.uint8)
        for color, share in reversed(FOUR.items())
    ]
    return np.concatenate(bands)


def shaded() -> Pixels:
    """(300, 400, 3): smooth colours everywhere, and noise on them."""
    rows, columns = np.mgrid[:300, :400]
    waves = np.stack([np.sin(rows / 40), np.cos(columns / 50), np.sin((rows + columns) / 70)], axis=2)
    noise = np.random.default_rng(0).normal(0, 6, waves.shape)
    return (128 + 100 * waves + noise).clip(0, 255).astype(np.uint8)


def refer(page: Page, content: bytes, name: str = "ref.png") -> list[str]:
    """The colours that a picture brings."""
    page.locator("#reference").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
    return offered(page, name)


def offered(page: Page, name: str) -> list[str]:
    group = page.locator(f"[aria-label='Colours: of {name}']")
    group.wait_for()
    return [str(one.get_attribute("data-color")) for one in group.locator("button").all()]


def drop(page: Page, place: str, content: bytes, name: str) -> None:
    page.evaluate(
        """([place, words, name]) => {
            const data = new DataTransfer();
            data.items.add(new File([Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0))], name));
            const event = new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
            document.querySelector(place).dispatchEvent(event);
        }""",
        [place, base64.b64encode(content).decode(), name],
    )


def lab(colors: list[str] | Pixels) -> np.ndarray:
    """(N, 3) CIELAB."""
    pixels = np.array([list(bytes.fromhex(one[1:])) for one in colors]) if isinstance(colors, list) else colors
    color = torch.from_numpy(pixels.reshape(-1, 3).T.astype(np.float32))[None, :, None] / 255
    return srgb_to_lab(color)[0, :, 0].T.numpy()


def test_four_flat_colours_are_those_four_by_their_area(page: Page) -> None:
    assert refer(page, file_of(flat())) == list(FOUR)
    swatch = page.locator("#palette button").first  # before those of the run
    swatch.click()
    expect(page.locator("#code")).to_have_value("#2a9d8f")
    tiny = refer(page, file_of(np.full((1, 1, 3), 7, np.uint8)), "tiny.png")
    assert tiny == ["#070707"]
    expect(page.locator("[aria-label='Colours: of ref.png']")).to_have_count(0)  # the newer in its place


def test_jpeg_and_soft_edges_change_little(page: Page) -> None:
    soft, file = cv2.GaussianBlur(flat(), (0, 0), 2), io.BytesIO()
    Image.fromarray(np.asarray(soft, np.uint8)).save(file, "JPEG", quality=85)
    found = refer(page, file.getvalue(), "ref.jpg")
    assert np.abs(lab(found[:4]) - lab(list(FOUR))).max() < 2


def test_a_shaded_picture_has_colours_that_differ_and_are_near_all_of_it(page: Page) -> None:
    picture = shaded()
    found = refer(page, file_of(picture))
    assert refer(page, file_of(picture), "again.png") == found
    assert 6 <= len(found) <= 12
    centers, pixels = lab(found), lab(picture)
    apart = np.linalg.norm(centers[:, None] - centers, axis=2)
    assert apart[~np.eye(len(found), dtype=bool)].min() > 9.5
    nearest = np.linalg.norm(pixels[:, None] - centers, axis=2)
    counts = np.bincount(nearest.argmin(axis=1), minlength=len(found))
    assert (np.diff(counts) <= 0.01 * len(pixels)).all()  # the largest first
    assert nearest.min(axis=1).mean() < 1.1 * _kmeans(pixels, len(found))


def _kmeans(pixels: np.ndarray, count: int) -> float:
    """How far pixels are from as many centres of OpenCV's, at best of five."""
    cv2.setRNGSeed(0)
    enough = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 50, 0.01)
    some = np.ascontiguousarray(pixels[::7])
    _, _, centers = cv2.kmeans(some, count, None, enough, 5, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
    return float(np.linalg.norm(pixels[:, None] - centers, axis=2).min(axis=1).mean())


def test_cielab_is_that_of_the_metrics(page: Page) -> None:
    colors = np.random.default_rng(1).integers(0, 256, (64, 3)).astype(np.uint8)
    colors[:3] = [[0, 0, 0], [255, 255, 255], [5, 3, 9]]
    found, back = page.evaluate(
        """async (colors) => {
            const { hexOf, labOf } = await import("/static/paint/reference.js");
            return [colors.map(labOf), colors.map(labOf).map(hexOf)];
        }""",
        colors.tolist(),
    )
    assert np.abs(np.array(found) - lab(colors)).max() < 0.02
    assert back == ["#{:02x}{:02x}{:02x}".format(*color) for color in colors]


def test_what_is_transparent_counts_for_nothing(page: Page) -> None:
    picture = np.dstack([flat(), np.zeros((500, 600), np.uint8)])
    picture[:50, :, 3] = 255
    assert refer(page, file_of(picture)) == ["#264653"]


def test_dropped_on_the_colours_it_is_no_drawing(page: Page) -> None:
    drop(page, "#palette", file_of(flat()), "dropped.png")
    assert offered(page, "dropped.png") == list(FOUR)
    expect(page.locator("#start")).to_be_visible()
    drop(page, "#stage", file_of(flat()), "drawing.png")
    expect(page.locator("#start")).to_be_hidden()


def test_what_cannot_be_used_gets_a_sentence_and_changes_nothing(page: Page) -> None:
    refer(page, file_of(flat()))
    wrong = {
        "notes.png": (b"hello", "notes.png is not a picture that can be read: choose a PNG, JPEG or WebP file."),
        "large.png": (bytes(20_000_001), "large.png has 20.0 MB; a picture may have 20 MB."),
        "clear.png": (
            file_of(np.zeros((9, 9, 4), np.uint8)),
            "clear.png is transparent everywhere and has no colours.",
        ),
    }
    for name, (content, sentence) in wrong.items():
        drop(page, "#color-card", content, name)
        expect(page.locator("#fault")).to_have_text(sentence)
        assert offered(page, "ref.png") == list(FOUR)
