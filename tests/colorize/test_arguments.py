"""What is asked of `Colorizer` from Python: a sentence for each wrong argument, and pictures of Pillow."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image, ImageCms
from torch import Tensor, nn

from gan.colorize import Colorizer, Hint
from gan.colorize.arguments import check_size
from gan.colorize.flat import color_flat
from gan.config import Data, Experiment, Generator, Hints
from gan.errors import RequestError
from tests.support.drawings import figure, file_of, sketch

PAGE = sketch(80)
RED = [Hint(40, 40, (255, 0, 0))]
OLDER = Path(__file__).parent.parent / "fixtures" / "run_971df36" / "seed-0"


class Grey(nn.Module):
    """Paints everything grey, and keeps what it is given."""

    def forward(self, condition: Tensor, *_: Tensor) -> Tensor:
        self.condition = condition
        return torch.zeros_like(condition[:, :3])


def colorizer(experiment: Experiment | None = None) -> Colorizer:
    return Colorizer(Grey(), experiment or Experiment(hints=Hints(kind="regions")), torch.device("cpu"))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"drawing": np.zeros((0, 80), np.uint8)}, r"a drawing must have pixels, and 80x0 has none"),
        ({"drawing": np.zeros((0, 0), np.uint8)}, r"a drawing must have pixels, and 0x0 has none"),
        ({"drawing": PAGE / 255}, r"a drawing must be uint8 of \(H, W\), .*, not float64 \(80, 80\)"),
        ({"drawing": PAGE.tolist()}, r"the drawing must be an array of uint8, or a picture of Pillow, not list"),
        ({"drawing": "face.png"}, r"the drawing must be an array of uint8, or a picture of Pillow, not str"),
        ({"drawing": None}, r"not NoneType"),
        ({"drawing": np.zeros((3, 900), np.uint8)}, r"at most 256 times as long as wide, not 900x3"),
        ({"drawing": Image.new("F", (80, 80))}, r"the drawing cannot be used: its mode \(F\) does not say which"),
        ({"drawing": Image.new("L", (0, 80))}, r"a drawing must have pixels, and 0x80 has none"),
        ({"hints": Hint(1, 1, (0, 0, 0))}, r"hints must be a list of Hint, not Hint"),
        ({"hints": None}, r"hints must be a list of Hint, not NoneType"),
        ({"hints": [(1, 1, (0, 0, 0))]}, r"hint 1 must be a Hint, not tuple"),
        ({"hints": [Hint(80, 1, (0, 0, 0))]}, r"the hint at 80,1 must lie on the drawing, which has 80x80 pixels"),
        ({"hint_image": PAGE}, r"the hint picture must be uint8 of \(H, W, 4\), .*, not uint8 \(80, 80\)"),
        ({"hint_image": np.zeros((80, 80, 4))}, r"the hint picture must be uint8 of .*, not float64 \(80, 80, 4\)"),
        ({"hint_image": np.zeros((80, 70, 4), np.uint8)}, r"\(70x80\) must have the size of the drawing \(80x80\)"),
        ({"hint_image": Image.new("RGB", (80, 80))}, r"the hint picture must be uint8 of .*, not uint8 \(80, 80, 3\)"),
        ({"hint_image": "hints.png"}, r"the hint picture must be an array of uint8, or a picture of Pillow, not str"),
        ({"size": -5}, r"size \(-5\) must lie between 16 and 4096"),
        ({"size": 0}, r"size \(0\) must lie between 16 and 4096"),
        ({"size": 64.5}, r"size \(64\.5\) must lie between 16 and 4096, a whole number"),
        ({"size": True}, r"size \(True\) must lie between"),
        ({"size": 64, "native": True}, r"size \(64\) and native exclude each other"),
        ({"native": "no"}, r"native \('no'\) must be True or False"),
        ({"raw": 2}, r"raw \(2\) must be True or False"),
        ({"from_picture": "yes"}, r"from_picture \('yes'\) must be True or False"),
        ({"from_picture": True}, r"from-picture needs a run whose lines were extracted"),
        ({"raw": True, "from_picture": True}, r"raw and from_picture exclude each other"),
        ({"variant": -1}, r"variant \(-1\) must be a whole number from 0 on"),
        ({"variant": 0.5}, r"variant \(0\.5\) must be a whole number"),
        ({"variant": 1}, r"variant \(1\) needs a run with generator\.noise, and this one has none"),
    ],
)
def test_wrong_arguments(wrong: dict[str, Any], message: str) -> None:
    asked: dict[str, Any] = {"drawing": PAGE, "hints": RED}
    with pytest.raises(RequestError, match=message) as refused:
        colorizer().color(**asked | wrong)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"run": OLDER / "nowhere"}, r"nowhere must be a run folder: none such"),
        ({"run": 5}, r"run \(5\) must be the path of a run folder"),
        ({"checkpoint": "bset"}, r"checkpoint \('bset'\) must be one of last, best"),
        ({"checkpoint": None}, r"checkpoint \(None\) must be one of last, best"),
        ({"average": "yes"}, r"average \('yes'\) must be True or False"),
        ({"device": "gpu"}, r"device \(gpu\) cannot be used"),
        ({"device": None}, r"device \(None\) must be the name of a PyTorch device, or auto"),
    ],
)
def test_what_cannot_be_loaded(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        Colorizer.load(**{"run": OLDER} | wrong)


def test_a_prepared_drawing_is_asked_the_same() -> None:
    plain = colorizer()
    page = plain.prepare(plain.preparation(PAGE))
    asked: list[tuple[str, Callable[[], object]]] = [
        ("size", lambda: plain.prepare(plain.preparation(PAGE), size=-5)),
        ("variant", lambda: plain.recolor(page, variant=1)),
        ("the hint picture", lambda: plain.recolor(page, hint_image=np.zeros((1, 1, 4), np.uint8))),
        ("the colour", lambda: plain.recolor(page, [Hint(1, 1, (300, 0, 0))])),
        ("variant", lambda: plain.survey(page, variant=-1)),
    ]
    for what, ask in asked:
        with pytest.raises(RequestError, match=what):
            ask()


def test_hints_may_be_any_iterable() -> None:
    """Also one that can be gone through once."""
    grey = colorizer()
    assert isinstance(grey.generator, Grey)
    grey.color(PAGE, iter(RED))
    assert grey.generator.condition[0, 4].sum() > 0


def test_flat_colours_are_asked_the_same() -> None:
    for wrong, message in (
        ({"drawing": np.zeros((0, 80), np.uint8)}, "must have pixels"),
        ({"hints": [Hint(80, 1, (0, 0, 0))]}, "must lie on the drawing"),
        ({"hint_image": np.zeros((1, 1, 4), np.uint8)}, "must have the size"),
    ):
        asked: dict[str, Any] = {"drawing": PAGE, "hints": RED}
        with pytest.raises(RequestError, match=message):
            color_flat(**asked | wrong)


def test_sizes_of_the_command_line() -> None:
    check_size(None, native=True, dashes="--")
    check_size(128, native=False, dashes="--")
    for size in (0, 15, 4097):
        with pytest.raises(RequestError, match=rf"--size \({size}\) must lie between 16 and 4096"):
            check_size(size, native=False, dashes="--")
    with pytest.raises(RequestError, match=r"--size \(64\) and --native exclude each other"):
        check_size(64, native=True, dashes="--")


def seen(drawing: Any, **how: Any) -> Tensor:
    """What a network is given of a drawing."""
    grey = colorizer()
    assert isinstance(grey.generator, Grey)
    grey.color(drawing, **how)
    return grey.generator.condition


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "LA", "CMYK"])
def test_a_picture_of_pillow_is_the_drawing(mode: str) -> None:
    black = np.where(PAGE < 128, 0, 255).astype(np.uint8)
    assert torch.equal(seen(Image.fromarray(black).convert("RGB").convert(mode)), seen(black))


def test_a_picture_of_pillow_keeps_what_its_file_says() -> None:
    """It is upright, 16 bits are scaled, transparency stays, and a profile that cannot be used costs nothing."""
    turned = Image.Exif()
    turned[0x0112] = 6
    page = np.ascontiguousarray(PAGE[:60])
    upright = Image.open(io.BytesIO(file_of(page, exif=turned)))
    assert torch.equal(seen(upright), seen(np.ascontiguousarray(np.rot90(page, 3))))
    sixteen = Image.open(io.BytesIO(file_of(page.astype(np.uint16) * 257)))  # type: ignore[arg-type]
    assert torch.equal(seen(sixteen), seen(page))
    assert torch.equal(seen(Image.fromarray(figure())), seen(figure()))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert torch.equal(seen(Image.open(io.BytesIO(file_of(page, icc_profile=profile)))), seen(page))


def test_a_hint_picture_of_pillow() -> None:
    image = np.zeros((80, 80, 4), np.uint8)
    image[20:30, 40:60] = (200, 30, 40, 255)
    assert torch.equal(seen(PAGE, hint_image=Image.fromarray(image)), seen(PAGE, hint_image=image))
    flat = [color_flat(PAGE, hint_image=of) for of in (Image.fromarray(image), image)]
    assert (flat[0] == flat[1]).all()


def test_a_damaged_picture_of_pillow_is_named(tmp_path: Path) -> None:
    whole = file_of(sketch(300))
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    with (
        Image.open(tmp_path / "cut.png") as picture,  # which reads its head alone
        pytest.raises(RequestError, match="the drawing cannot be used: cannot be read"),
    ):
        colorizer().color(picture)


def test_a_run_with_noise_has_variants() -> None:
    noisy = colorizer(Experiment(data=Data(size=32), generator=Generator(width=8, noise=2)))
    assert noisy.color(PAGE, variant=3).shape == (80, 80, 3)
    assert noisy.survey(noisy.prepare(noisy.preparation(PAGE)), variant=2).area.shape == (80, 80)
