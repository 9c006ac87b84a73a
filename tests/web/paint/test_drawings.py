"""Uploads: decoded with checks, cleaned as `gan colorize` cleans them, and kept within bounds."""

import numpy as np
import pytest

from gan.colorize.drawing import clean, on_paper
from gan.colorize.page import Page
from gan.colorize.preparation import Prepared
from gan.hints.placement import Frame
from gan.web.paint.drawings import MOST_BYTES, Drawing, Drawings, decode
from gan.web.refused import Refused
from tests.support.drawings import bomb, file_of, on, sketch


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_cleaned_as_the_command_cleans_it(kind: str) -> None:
    page = on(sketch(200), (40, 40, 90), (230, 225, 210))
    drawing = decode(file_of(page, kind, lossless=True))
    assert np.array_equal(drawing.line, clean(on_paper(page)))
    assert drawing.shown is drawing.line


def test_large_drawings_are_shown_smaller() -> None:
    upload = file_of(sketch(1500)[:, :750])
    drawing = decode(upload)
    assert drawing.line.shape == (1500, 750)
    assert drawing.shown.shape == (1024, 512)
    assert drawing.shown.min() < 60  # the strokes have not faded away
    assert drawing.upload == upload
    assert drawing.size == 1500 * 750 + 1024 * 512 + len(upload)


@pytest.mark.parametrize(
    ("upload", "status", "sentence"),
    [
        (b"hello", 415, "not a JPEG, PNG, WebP, TIFF or BMP picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "not a JPEG, PNG, WebP, TIFF or BMP picture"),
        (file_of(sketch(100))[:200], 415, "cannot be read"),
        (bomb(5_000), 413, "5000x5000 is more than 16000000 pixels"),
        (bomb(60_000), 413, "more"),
        (b"\0" * (MOST_BYTES + 1), 413, "the drawing must have at most 20 MB"),
    ],
)
def test_what_is_no_drawing_is_refused_with_a_sentence(upload: bytes, status: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        decode(upload)
    assert refused.value.status == status


def blank(side: int) -> Drawing:
    line = np.full((side, side), 255, np.uint8)
    return Drawing(Prepared(line), line)


def test_the_drawing_that_was_not_used_for_longest_goes() -> None:
    drawings = Drawings(most=3)
    names = [drawings.add(blank(10)) for _ in range(3)]
    drawings.get(names[0])
    drawings.add(blank(10))
    assert len(drawings) == 3
    drawings.get(names[0])
    with pytest.raises(Refused, match="not kept any more: upload it again") as refused:
        drawings.get(names[1])
    assert refused.value.status == 410


def test_memory_is_bounded() -> None:
    drawings = Drawings(most=100, most_bytes=50_000)
    for _ in range(20):
        drawings.add(blank(100))
        assert drawings.bytes <= 50_000
    assert len(drawings) == 5
    large = drawings.add(blank(300))  # whoever comes with a large one can still paint, alone
    assert len(drawings) == 1
    assert drawings.get(large).line.shape == (300, 300)


def test_memory_counts_what_the_networks_of_runs_take() -> None:
    drawings = Drawings(most=100, most_bytes=50_000)
    names = [drawings.add(blank(100)) for _ in range(3)]
    drawing, small = drawings.get(names[0]), np.zeros((100, 100), np.uint8)
    frame = Frame(1, 1, 0, 0, 100, 100, (1, 2))
    drawing.pages["a network's"] = Page(drawing.line, small, small, frame)
    assert drawings.bytes == 50_000
    drawing.pages["another's"] = Page(drawing.line, small, small, frame)
    drawings.get(names[0])
    assert drawings.bytes <= 50_000
    assert drawings.get(names[0]) is drawing
    with pytest.raises(Refused):
        drawings.get(names[1])


def test_names_cannot_be_guessed() -> None:
    drawings = Drawings()
    names = {drawings.add(blank(4)) for _ in range(50)}
    assert len(names) == 50
    assert min(map(len, names)) >= 20
