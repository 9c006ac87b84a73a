"""A generator applied to any drawing: size, aspect, hints, and the same picture every time."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gan.colorize.colorizer import Colorizer
from gan.colorize.drawing import clean, fit, on_paper
from gan.colorize.enlarge import along_lines, grid_of, without_ink
from gan.colorize.page import inner_size, pad
from gan.colorize.preparation import Prepared
from gan.config import Data, Experiment, Generator, Hints
from gan.errors import RequestError
from gan.hints.flood import closed_areas
from gan.hints.painted import Hint
from gan.networks import build_generator
from gan.ranges import to_uint8
from gan.training import checkpoint
from gan.training.state import create_state
from tests.support.drawings import sketch

Pixels = NDArray[np.uint8]
CPU = torch.device("cpu")
BLUE = (60, 110, 210)
HINTED = Experiment(name="hinted", generator=Generator(width=8, dropout=0.5), hints=Hints(kind="regions"))


def run_of(experiment: Experiment, folder: Path) -> Path:
    """A run folder whose networks were never trained, but whose batch norm has seen something."""
    import json

    from gan.config import to_dict

    state = create_state(experiment, CPU)
    torch.manual_seed(0)
    with torch.no_grad():
        for _ in range(3):
            state.generator(torch.randn(8, 5, 64, 64))
    checkpoint.save(folder / "checkpoints" / "last.pt", state, experiment, None)
    (folder / "config.json").write_text(json.dumps(to_dict(experiment)))
    return folder


@pytest.fixture(scope="module")
def hinted(tmp_path_factory: pytest.TempPathFactory) -> Colorizer:
    return Colorizer.load(run_of(HINTED, tmp_path_factory.mktemp("run")))


class Flat(nn.Module):
    """Paints every pixel in the colour of the hints on its row, else in grey: shows where a hint arrived."""

    def forward(self, condition: Tensor) -> Tensor:
        self.seen = condition.shape
        return condition[:, 1:4] * 1.0


def painting(generator: nn.Module, experiment: Experiment = HINTED) -> Colorizer:
    return Colorizer(generator, experiment, CPU)


@pytest.mark.parametrize("shape", [(300, 300), (200, 700), (700, 200), (64, 64), (33, 47), (5, 5), (1, 40)])
@pytest.mark.parametrize("native", [False, True])
def test_any_size_and_aspect(hinted: Colorizer, shape: tuple[int, int], native: bool) -> None:
    drawing = np.full(shape, 255, np.uint8)
    drawing[shape[0] // 2] = 0
    colored = hinted.color(drawing, native=native)
    assert colored.shape == (*shape, 3)
    assert colored.dtype == np.uint8


def test_drawings_are_padded_and_never_squashed() -> None:
    """A circle stays a circle: the network sees 64 px on the short side and multiples of 64 on the long one."""
    flat = Flat()
    painting(flat).color(np.full((200, 700), 255, np.uint8))
    assert flat.seen == (1, 5, 64, 256)
    assert inner_size(200, 700, (64, 64)) == (64, 224)
    assert inner_size(700, 200, (64, 64)) == (224, 64)
    assert inner_size(10, 10_000, (64, 64)) == (2, 2048)
    line, top, left = pad(np.zeros((64, 224), np.uint8), 64)
    assert (line.shape, top, left) == ((64, 256), 0, 16)
    assert line.sum() == 255 * 64 * 32


def test_a_drawing_covers_a_rectangle_as_a_training_picture_does() -> None:
    """Of whatever aspect: nothing of it is cut off, and the training's scale is kept."""
    assert inner_size(960, 1280, (96, 128)) == (96, 128)
    assert inner_size(1280, 960, (96, 128)) == (171, 128)
    assert inner_size(300, 1200, (96, 128)) == (96, 384)
    assert inner_size(10, 10_000, (96, 128)) == (4, 4096)
    flat = Flat()
    colorizer = painting(flat)
    parts = {"data": Data(source="pairs", size=(64, 128)), "hints": Hints(kind="points")}
    wide = replace(colorizer, experiment=replace(colorizer.experiment, **parts))
    assert wide.color(np.full((300, 200), 255, np.uint8)).shape == (300, 200, 3)
    assert flat.seen == (1, 5, 192, 128)
    wide.color(np.full((300, 200), 255, np.uint8), size=64)  # of the short side, whatever the training's shape
    assert flat.seen == (1, 5, 128, 64)


class Ramps(nn.Module):
    """Paints red that grows to the right and green that grows downwards, and no ink."""

    def forward(self, condition: Tensor) -> Tensor:
        batch, _, height, width = condition.shape
        right = torch.linspace(-1, 1, width).expand(batch, 1, height, width)
        down = torch.linspace(-1, 1, height)[:, None].expand(batch, 1, height, width)
        return torch.cat([right, down, torch.ones_like(down)], dim=1)


def test_the_drawings_own_lines_are_on_top(hinted: Colorizer) -> None:
    """Pixel by pixel: the network's colours, scaled up from 64 px, times the drawing's own grey at 512 px.

    Beside a line the colours are those of its own side, which lie up to a pixel of the network away.
    """
    page = sketch(512)
    line = clean(on_paper(page))
    folder = replace(HINTED, hints=Hints(), data=Data(source="folder", root="x", line="canny"))
    ramp = (((np.arange(512) + 0.5) / 8 - 0.5) / 63).clip(0, 1)  # centres of the pixels, in the network's
    ramps = np.stack([np.tile(ramp, (512, 1)), np.tile(ramp[:, None], (1, 512)), np.ones((512, 512))], axis=2)
    colored = painting(Ramps(), folder).color(page)
    expected = ramps * line[:, :, None]
    inside = cv2.distanceTransform((line == 255).astype(np.uint8), cv2.DIST_L2, 5) > 12
    np.testing.assert_allclose(colored[inside], expected[inside], atol=1)
    assert (np.abs(colored - expected) > 255 / 63 + 1).mean() < 1e-5  # a pixel between two areas may be of neither
    assert (colored[page == 0] == 0).all()
    assert set(np.unique(line)) > {0, 255}  # the edges of the strokes are in between
    trained = hinted.color(page)  # whatever a network paints, it is never lighter than the drawing
    assert (trained <= line[:, :, None]).all()


def test_a_native_picture_is_the_networks_own() -> None:
    """No lines are laid on it: what it paints on the ink is shown."""
    ramp = np.linspace(0, 255, 128)
    colored = painting(Ramps()).color(sketch(128), native=True)
    np.testing.assert_allclose(colored[:, :, 0], np.tile(ramp, (128, 1)), atol=1)
    np.testing.assert_allclose(colored[:, :, 1], np.tile(ramp[:, None], (1, 128)), atol=1)
    assert (colored[:, :, 2] == 255).all()


def test_colors_are_not_darkened_by_the_ink_that_they_lie_beside() -> None:
    """The network's ink is coarse: scaled up as it is, it would leave dark halos beside the drawing's thin lines."""
    page = sketch(512)
    small = fit(page, 64, 64, 1.0)
    fake = np.full((64, 64, 3), 0.8, np.float32) * (small[:, :, None] / 255)
    grid = grid_of(page, closed_areas(page), (64, 64))
    colored = along_lines(without_ink(fake.astype(np.float32), small), grid) * (page[:, :, None] / 255)
    paper = colored[page == 255]
    assert paper.min() > 0.7
    assert np.median(paper) == pytest.approx(0.8, abs=0.02)


def test_a_network_that_paints_no_ink_gets_no_halos() -> None:
    """Lines that were extracted from pictures are not in the pictures: there is no ink to take away."""

    class Grey(nn.Module):
        def forward(self, condition: Tensor) -> Tensor:
            return torch.zeros_like(condition[:, :3])

    page = sketch(512)
    folder = replace(HINTED, hints=Hints(), data=Data(source="folder", root="x", line="canny"))
    colored = painting(Grey(), folder).color(page)
    assert set(colored[page == 255].flatten().tolist()) == {128}
    assert painting(Grey()).color(page)[page == 255].max() > 128  # where ink is expected, its absence shows


def test_a_prepared_drawing_is_coloured_as_the_drawing_is(hinted: Colorizer) -> None:
    drawing = np.repeat(sketch(200)[:, :150, None], 3, axis=2)
    page = hinted.prepare(Prepared(clean(on_paper(drawing))))
    for hints in ([], [Hint(100, 100, (200, 30, 30)), Hint(20, 150, (0, 90, 200), 15)]):
        assert np.array_equal(hinted.recolor(page, hints), hinted.color(drawing, hints))
    at_half = [Hint(49.75, 49.75, (200, 30, 30)), Hint(9.75, 74.75, (0, 90, 200), 7.5)]
    small = hinted.recolor(page.at(cv2.resize(page.line, (75, 100), interpolation=cv2.INTER_AREA)), at_half)
    assert small.shape == (100, 75, 3)
    halved = cv2.resize(hinted.color(drawing, hints), (75, 100), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - halved).mean() < 3
    with pytest.raises(RequestError, match="must lie on the drawing"):
        hinted.recolor(page, [Hint(150, 10, (0, 0, 0))])


@pytest.mark.slow
def test_the_picture_is_the_same_every_time(hinted: Colorizer, tmp_path: Path) -> None:
    page, other = sketch(200), np.full((90, 150), 255, np.uint8)
    hint = [Hint(100, 100, (200, 30, 30))]
    first = hinted.color(page, hint)
    hinted.color(other)
    np.testing.assert_array_equal(hinted.color(page, hint), first)
    again = Colorizer.load(run_of(HINTED, tmp_path))
    np.testing.assert_array_equal(again.color(page, hint), first)


def test_the_picture_does_not_depend_on_the_batch_that_it_is_in(hinted: Colorizer) -> None:
    """Batch norm in eval mode, no dropout: at most a rounding apart."""
    assert not hinted.generator.training
    generator = torch.Generator().manual_seed(0)
    batch = torch.randn(8, 5, 64, 64, generator=generator)
    with torch.inference_mode():
        together = hinted.generator(batch)
        alone = torch.cat([hinted.generator(one[None]) for one in batch])
    for left, right in zip(together, alone, strict=True):
        assert np.abs(to_uint8(left).astype(int) - to_uint8(right)).max() <= 1


def test_a_hint_arrives_where_it_was_put() -> None:
    page = np.full((400, 600), 255, np.uint8)
    colored = painting(Flat()).color(page, [Hint(450, 100, (255, 0, 0), 40)]).astype(int)
    redness = colored[:, :, 0] - colored[:, :, 1]
    rows, columns = np.nonzero(redness > 128)
    assert rows.mean() == pytest.approx(100, abs=4)
    assert columns.mean() == pytest.approx(450, abs=4)
    assert np.ptp(rows) == pytest.approx(80, abs=10)


def test_a_hint_picture_arrives_too() -> None:
    page = np.full((128, 128), 255, np.uint8)
    image = np.zeros((128, 128, 4), np.uint8)
    image[32:64, 64:96] = (0, 0, 255, 255)
    colored = painting(Flat()).color(page, hint_image=image)
    assert colored[40:56, 72:88].mean((0, 1)).tolist() == pytest.approx([0, 0, 255], abs=3)
    assert colored[100, 20].tolist() == [128, 128, 128]


def test_a_small_brush_of_a_hint_picture_is_obeyed_as_a_hint_is() -> None:
    """By a network of 64 px, to which 32 px of 1,024 px are two: it gets the five of the least dab of its training."""
    page = np.full((1024, 1024), 255, np.uint8)
    image = np.zeros((1024, 1024, 4), np.uint8)
    cv2.circle(image, (512, 300), 16, (60, 110, 210, 255), -1)
    pictures = [painting(Flat()).color(page, hint_image=image), painting(Flat()).color(page, [Hint(512, 300, BLUE, 1)])]
    for picture in pictures:
        assert picture[300, 512].tolist() == pytest.approx(BLUE, abs=1)
    wide = [int((picture[300, :, 2] > (128 + 210) / 2).sum()) for picture in pictures]
    assert wide == [80, 80]


def test_hints_change_the_picture_and_only_where_the_run_knows_them(hinted: Colorizer) -> None:
    page = sketch(128)
    assert not np.array_equal(hinted.color(page), hinted.color(page, [Hint(60, 60, (255, 0, 0))]))
    plain = painting(hinted.generator, replace(HINTED, hints=Hints()))
    np.testing.assert_array_equal(plain.color(page), hinted.color(page))
    with pytest.raises(RequestError, match="hints need a run that was trained with them, and hinted was not"):
        plain.color(page, [Hint(60, 60, (255, 0, 0))])


def test_wrong_hints(hinted: Colorizer) -> None:
    page = sketch(128)
    with pytest.raises(RequestError, match="the hint at 128,3 must lie on the drawing, which has 128x128 pixels"):
        hinted.color(page, [Hint(128, 3, (0, 0, 0))])
    with pytest.raises(RequestError, match=r"the hint picture \(64x32\) must have the size of the drawing \(128x128\)"):
        hinted.color(page, hint_image=np.zeros((32, 64, 4), np.uint8))


def test_raw_takes_the_paper_as_it_is() -> None:
    class Line(nn.Module):
        def forward(self, condition: Tensor) -> Tensor:
            return condition[:, :1].expand(-1, 3, -1, -1)

    grey = np.full((64, 64), 200, np.uint8)
    cv2.line(grey, (5, 5), (60, 60), 100, 3)
    assert painting(Line()).color(grey, native=True)[0, 63].tolist() == [255, 255, 255]
    assert painting(Line()).color(grey, native=True, raw=True)[0, 63].tolist() == [200, 200, 200]


@pytest.mark.parametrize(
    ("hints", "side"),
    [
        (Hints(kind="regions"), 7),
        (Hints(kind="regions", dab=(1, 3)), 2),
        (Hints(kind="points"), 5),
        (Hints(kind="alacgan2018"), 1),
    ],
)
def test_a_hint_without_a_radius_is_as_large_as_those_of_training(hints: Hints, side: int) -> None:
    page = np.full((64, 64), 255, np.uint8)
    colored = painting(Flat(), replace(HINTED, hints=hints)).color(page, [Hint(30, 30, (255, 0, 0))], native=True)
    assert (colored[:, :, 1] == 0).sum() == side**2


def test_a_picture_that_is_too_large_for_the_network_is_refused() -> None:
    with pytest.raises(RequestError, match="the network would work at 5000x5000, which is more than 16000000 pixels"):
        painting(Flat()).color(np.full((5000, 5000), 255, np.uint8), native=True)


def test_a_larger_size_is_what_the_network_sees() -> None:
    flat = Flat()
    painting(flat).color(sketch(500), size=128)
    assert flat.seen == (1, 5, 128, 128)
    painting(flat).color(sketch(300), native=True)
    assert flat.seen == (1, 5, 320, 320)


def test_a_network_that_points_colours_at_the_drawings_own_size() -> None:
    """Whatever its weights: an area with a hint is in exactly that colour, up to the line."""
    experiment = Experiment(data=Data(size=32), hints=Hints(kind="regions"), generator=Generator(width=8, keys=4))
    colorizer = Colorizer(create_state(experiment, CPU).generator.eval(), experiment, CPU)
    page = np.full((200, 300), 255, np.uint8)
    page[:, 149:152] = 0
    picture = colorizer.color(page, [Hint(60, 100, (59, 111, 212)), Hint(240, 100, (194, 59, 59))], raw=True)
    assert (picture[:, :149] == (59, 111, 212)).all()
    assert (picture[:, 152:] == (194, 59, 59)).all()
    assert (picture[:, 149:152] == 0).all()
    nothing = np.zeros((200, 300, 4), np.uint8)  # a hint picture without an opaque pixel is no hint
    assert np.array_equal(colorizer.color(page, hint_image=nothing, raw=True), colorizer.color(page, raw=True))
    prepared = colorizer.prepare(Prepared(page))
    shown = cv2.resize(page, (150, 100), interpolation=cv2.INTER_AREA)
    small = colorizer.recolor(prepared.at(shown), [Hint(30, 50, (59, 111, 212)), Hint(120, 50, (194, 59, 59))])
    assert small.shape == (100, 150, 3)
    assert (small[:, :74] == (59, 111, 212)).all()
    known = colorizer.survey(prepared)
    assert known is not None
    assert known.nbytes > 32 * 32 * (3 + 4 + 1)
    hints = [Hint(60, 100, (59, 111, 212), 3)]
    assert np.array_equal(colorizer.recolor(prepared, hints, known=known), colorizer.color(page, hints, raw=True))
    live = prepared.at(shown)
    known = colorizer.survey(live, closed_areas(page)[::2, ::2])
    assert (colorizer.recolor(live, [Hint(30, 50, (59, 111, 212))], known=known)[:, :74] == (59, 111, 212)).all()


class Heard(nn.Module):
    """Keeps what it is given, and paints the flooded colours."""

    def forward(self, condition: Tensor) -> Tensor:
        self.condition = condition
        return condition[:, 5:8] * 1.0


FLOODED = Experiment(
    data=Data(source="folder", root="x", line="canny", size=64), hints=Hints(kind="points", flood="lines")
)


def test_flooded_hints_reach_the_network_as_in_training() -> None:
    """The colour fills its room in full confidence, is the hint's own to the bit, and stays behind the wall."""
    page = np.full((256, 256), 255, np.uint8)
    page[:, 126:130] = 0
    heard = Heard()
    painting(heard, FLOODED).color(page, [Hint(40, 100, (59, 111, 213), 6)], raw=True)
    hint, flood = heard.condition[0, 1:5], heard.condition[0, 5:]
    color = hint[:3, hint[3] > 0]
    assert color.shape[1] == 16 - 3  # rows 94 to 106, columns 34 to 46: 4 x 4 pixels, three of whose corners it misses
    assert (color == color[:, :1]).all()
    assert (flood[:3, :, :31] == color[:, :1, None]).all()
    assert (flood[3, :, :31] == 1).all()
    assert flood[3, :, 33:].max() < 0.05


@pytest.mark.parametrize("shape", [(5, 5), (33, 47), (1, 40), (64, 64), (70, 300)])
@pytest.mark.parametrize("native", [False, True])
def test_flooded_hints_on_drawings_of_any_size(shape: tuple[int, int], native: bool) -> None:
    """Also where the network's picture is the larger one: one room, wholly in the hint's colour."""
    heard, page = Heard(), np.full(shape, 255, np.uint8)
    picture = painting(heard, FLOODED).color(page, [Hint(2, 0, (59, 111, 213), 1)], native=native, raw=True)
    assert picture.shape == (*shape, 3)
    assert (picture == (59, 111, 213)).all()


class Drawn(nn.Module):
    """Paints every picture in the first number of its noise."""

    def forward(self, condition: Tensor, noise: Tensor) -> Tensor:
        return torch.tanh(noise[:, :1, None, None]).expand(-1, 3, *condition.shape[2:])


def test_a_variant_is_a_function_of_the_seed_and_the_drawing() -> None:
    experiment = Experiment(generator=Generator(noise=2))
    page, other = np.full((80, 80), 255, np.uint8), sketch(80)

    def shown(drawing: Pixels, variant: int, seed: int = 0) -> list[int]:
        colors: list[int] = (
            painting(Drawn(), replace(experiment, seed=seed)).color(drawing, variant=variant)[0, 0].tolist()
        )
        return colors

    every = [shown(page, 0), shown(page, 1), shown(page, 2), shown(other, 0), shown(page, 0, seed=1)]
    assert len({tuple(color) for color in every}) == 5
    assert [shown(page, 0), shown(page, 1)] == every[:2]


def test_what_a_network_that_points_says_of_a_page_is_of_a_variant() -> None:
    torch.manual_seed(0)
    experiment = replace(HINTED, generator=Generator(width=8, keys=4, noise=2))
    colorizer = painting(build_generator(experiment).eval(), experiment)
    page = colorizer.prepare(Prepared(clean(on_paper(sketch(80)))))
    first, second = (colorizer.survey(page, variant=variant).areas for variant in (0, 1))
    assert first is not None
    assert second is not None
    assert not np.allclose(first.color, second.color)
    hint = [Hint(40, 40, (255, 0, 0))]
    again = [colorizer.recolor(page, hint, variant=1), colorizer.color(sketch(80), hint, variant=1)]
    assert np.array_equal(*again)
