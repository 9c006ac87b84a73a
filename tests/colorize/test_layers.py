"""A coloured drawing taken apart into layers."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

from gan.arrays import Pixels
from gan.colorize.colorizer import Colorizer
from gan.colorize.flat import color_flat, fill_flat
from gan.colorize.layers import Layer, layers_of, merged
from gan.colorize.preparation import Preparation, Prepared
from gan.config import Data
from gan.errors import RequestError
from gan.hints.flood import INK, closed_areas
from gan.hints.painted import Hint
from gan.training.state import create_state
from tests.support.drawings import figure, on, sketch
from tests.support.painters import HINTED, POINTING

RED, BLUE = (194, 59, 59), (59, 111, 212)


def prepared(drawing: Pixels) -> Prepared:
    return Preparation(Data())(drawing)


def colors_of(layer: Layer) -> Pixels:
    return layer.pixels[:, :, :3]


def alpha_of(layer: Layer) -> Pixels:
    return layer.pixels[:, :, 3]


def in_frame() -> Pixels:
    """(120, 120) a box on paper whose lower part is cut off by the edge, and a circle in it."""
    line = np.full((120, 120), 255, np.uint8)
    cv2.rectangle(line, (30, 30), (90, 140), 0, 3)
    cv2.circle(line, (60, 65), 14, 0, 3, cv2.LINE_AA)
    return line


def pillows(layers: list[Layer]) -> Pixels:
    """(H, W, 4): the layers that are shown, laid on each other by Pillow."""
    whole = Image.new("RGBA", layers[0].pixels.shape[1::-1])
    for layer in reversed(layers):
        if layer.shown:
            whole = Image.alpha_composite(whole, Image.fromarray(layer.pixels))
    return np.asarray(whole)


@pytest.mark.parametrize("experiment", [HINTED, POINTING], ids=["dabs", "points"])
def test_layers_are_the_picture_that_they_were_taken_from(experiment: object) -> None:
    """Pencil, ink, a black shape and every grey between: to the last bit."""
    page = sketch(200)
    cv2.circle(page, (150, 150), 12, 0, -1)
    page[20:60, 20:180] = np.linspace(0, 255, 160).round().astype(np.uint8)
    drawing = prepared(on(page, (40, 40, 90), (240, 238, 225)))
    colorizer = Colorizer(create_state(experiment, torch.device("cpu")).generator, experiment, torch.device("cpu"))  # type: ignore[arg-type]
    hints = [Hint(100, 100, RED, 12), Hint(10, 100, BLUE, 3)]
    picture = colorizer.recolor(colorizer.prepare(drawing), hints)
    layers = layers_of(picture, drawing, hints, exact=colorizer.exact)
    assert [(layer.name, layer.shown) for layer in layers] == [("lines", True), ("colors", True), ("flat", False)]
    lines, colors, flat = layers
    assert (colors_of(lines) == 0).all()
    assert np.array_equal(alpha_of(lines), 255 - drawing.line)
    assert (alpha_of(colors) == 255).all()
    assert (alpha_of(flat) == 255).all()
    laid = colors_of(colors) * (drawing.line[:, :, None] / 255)
    assert np.array_equal(laid.round().astype(np.uint8), picture)
    assert np.array_equal(merged(layers), np.dstack([picture, np.full(drawing.line.shape, 255, np.uint8)]))
    assert np.abs(pillows(layers)[:, :, :3].astype(int) - picture).max() <= 1  # in whole numbers


def test_colours_go_on_below_the_ink() -> None:
    line = np.full((40, 40), 255, np.uint8)
    line[:, 18:23] = 0  # black, and grey on its right
    line[:, 23] = 128
    truth = np.full((40, 40, 3), RED, np.uint8)
    truth[:, 20:] = BLUE
    picture = (truth * (line[:, :, None] / 255)).round().astype(np.uint8)
    _, colors, _ = layers_of(picture, Prepared(line))
    below = colors_of(colors).astype(int)
    assert np.array_equal(below[:, :20], truth[:, :20])
    assert np.abs(below[:, 21:] - truth[:, 21:]).max() <= 1
    assert {tuple(one) for one in below[:, 20]} <= {RED, BLUE}  # in the middle of the ink


def test_a_flat_colour_an_area() -> None:
    """That of its hint, or the mean of what it has on paper; two hints share theirs as a flat fill does."""
    line = np.full((90, 160), 255, np.uint8)
    cv2.rectangle(line, (2, 2), (157, 87), 0, 1)
    cv2.line(line, (80, 2), (80, 87), 0, 5)
    area = closed_areas(line)
    paper = line >= INK
    noise = np.random.default_rng(0).integers(60, 120, (90, 160, 3)).astype(np.uint8)
    noise[:, 70:90] += 100  # beside the ink, and below it
    picture = (noise * (line[:, :, None] / 255)).round().astype(np.uint8)
    hints = [Hint(20, 30, RED, 2)]
    *_, flat = layers_of(picture, Prepared(line), hints, area=area)
    left, right = area == area[40, 40], area == area[40, 120]
    assert (colors_of(flat)[left] == RED).all()
    expected = picture[right & paper].mean(axis=0)
    assert np.abs(colors_of(flat)[right] - expected).max() <= 0.5 + 1e-6
    two = [*hints, Hint(60, 70, BLUE, 2)]
    *_, flat = layers_of(picture, Prepared(line), two, area=area)
    filled = fill_flat(np.where(paper, line, 255).astype(np.uint8), area, two)
    assert np.array_equal(colors_of(flat)[left & paper], filled[left & paper])
    assert {tuple(one) for one in colors_of(flat)[left]} == {RED, BLUE}


def test_the_background_is_paper_at_the_edge_without_a_hint() -> None:
    line = in_frame()
    drawing, area = Prepared(line), closed_areas(line)
    picture = color_flat(line, [Hint(60, 65, RED, 2)], raw=True)
    outside, body, circle = (area == area[y, x] for y, x in ((5, 5), (110, 60), (65, 60)))

    def clear(*hints: Hint, **more: bool) -> np.ndarray:
        lines, colors, flat = layers_of(picture, drawing, hints, transparent=True, **more)
        assert np.array_equal(alpha_of(lines), 255 - line)  # all of the ink stays
        assert np.array_equal(alpha_of(flat), alpha_of(colors))
        assert set(np.unique(alpha_of(colors))) <= {0, 255}
        return alpha_of(colors) == 0

    assert np.array_equal(clear(), outside | body)  # the body is cut off by the edge
    assert np.array_equal(clear(Hint(60, 100, BLUE, 2)), outside)  # a hint keeps it
    assert not (clear(Hint(60, 100, BLUE, 2), Hint(5, 5, BLUE)) & (outside | body)).any()
    wide = Hint(60, 100, BLUE, 45)  # a network's dab is wide: it is meant where its middle is
    assert np.array_equal(clear(wide, exact=False), outside)
    assert not clear(wide).any()
    assert not circle[0].any()  # what no way leads to is no background
    panel = np.full((50, 50), 255, np.uint8)
    cv2.rectangle(panel, (0, 0), (49, 49), 0, 3)  # its ink is at the edge, and its paper is not
    _, colors, _ = layers_of(np.full((50, 50, 3), 9, np.uint8), Prepared(panel), transparent=True)
    assert (alpha_of(colors) == 255).all()
    whole = merged(layers_of(picture, drawing, [Hint(60, 100, BLUE, 2)], transparent=True))
    assert np.array_equal(whole[~outside][:, :3], picture[~outside])
    assert (whole[~outside][:, 3] == 255).all()
    assert np.array_equal(whole[outside][:, 3], 255 - line[outside])
    assert (whole[outside][:, :3] == 0).all()


def test_a_figure_keeps_its_ground() -> None:
    """Opaque where it was; at its soft rim to two levels, for a layer's opacity is a whole number."""
    drawing = prepared(figure())
    assert drawing.alpha is not None
    picture = color_flat(figure(), [Hint(60, 60, RED)])
    layers = layers_of(picture, drawing, [Hint(60, 60, RED)], flat=True)
    assert [layer.name for layer in layers] == ["lines", "flat"]
    whole = merged(layers).astype(int)
    assert np.abs(whole[:, :, 3] - drawing.alpha).max() <= 1
    solid = drawing.alpha == 255
    assert np.array_equal(whole[solid][:, :3], picture[solid])
    seen = (whole[:, :, :3] - picture.astype(int)) * (drawing.alpha[:, :, None] / 255)
    assert np.abs(seen).max() <= 2
    fades = np.tile(np.arange(0, 256, 5, dtype=np.uint8), (52, 1))  # every opacity with every grey of ink
    ink = Prepared(np.ascontiguousarray(fades.T), alpha=fades)
    picture = (np.full((52, 52, 3), RED) * (ink.line[:, :, None] / 255)).round().astype(np.uint8)
    whole = merged(layers_of(picture, ink)).astype(int)
    assert np.abs(whole[:, :, 3] - fades).max() <= 1
    seen = (whole[:, :, :3] - picture.astype(int)) * (fades[:, :, None] / 255)
    assert np.abs(seen).max() <= 2


def test_lines_in_a_networks_answer_stay_in_it() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (30, 20, 3)).astype(np.uint8)
    drawing = replace(prepared(sketch(40)[:30, :20]), bare=True)
    (only,) = layers_of(picture, drawing, bare=True)
    assert only.name == "colors"
    assert np.array_equal(merged([only])[:, :, :3], picture)
    with pytest.raises(RequestError, match="a transparent background needs lines beside the colours"):
        layers_of(picture, drawing, bare=True, transparent=True)


def test_a_page_of_ink_alone() -> None:
    line = np.zeros((12, 9), np.uint8)
    picture = np.zeros((12, 9, 3), np.uint8)
    layers = layers_of(picture, Prepared(line))
    assert (merged(layers) == [0, 0, 0, 255]).all()
