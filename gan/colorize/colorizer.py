"""A trained run applied to any drawing, with or without hints.

The drawing is prepared as those of the training were (`gan.colorize.preparation`), and the network works at the size
that it was trained at (`gan.colorize.page`). What comes out is enlarged along the lines (`gan.colorize.enlarge`), and
the drawing's own crisp lines are laid on top, where they are ink on white.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from gan import seeds
from gan.arrays import Floats, Ints, Pixels
from gan.colorize.arguments import (
    Picture,
    check_loading,
    check_size,
    check_variant,
    check_ways,
    drawing_of,
    hint_picture_of,
    hints_of,
)
from gan.colorize.enlarge import along_lines, without_ink
from gan.colorize.page import Page, page_of
from gan.colorize.paper import is_on_white
from gan.colorize.pointing import color_areas
from gan.colorize.preparation import Preparation, Prepared
from gan.colorize.survey import Survey, survey
from gan.colorize.told import marks_on, told_of
from gan.config import Experiment
from gan.data.lines import resized
from gan.errors import RequestError
from gan.hints.flood import closed_areas
from gan.hints.painted import Hint, check_hints
from gan.hints.placement import encode_painted
from gan.hints.simulate import simulator_of
from gan.models.pointer import Pointer
from gan.ranges import from_uint8, to_unit
from gan.runs.environment import pick_device
from gan.runs.folder import open_run
from gan.runs.weights import load_generator


@dataclass(frozen=True)
class Colorizer:
    """A generator that colours one drawing at a time; the result depends on the drawing and the hints alone.

    step: at which its weights were saved. on_white: whether the run's drawings are ink on white.
    """

    generator: nn.Module
    experiment: Experiment
    device: torch.device
    step: int = 0
    on_white: bool = True

    @classmethod
    def load(
        cls, run: Path | str, *, checkpoint: str = "last", average: bool = False, device: str = "auto"
    ) -> "Colorizer":
        """The colorizer of a run folder.

        Args:
            run: the folder.
            checkpoint: last or best.
            average: the moving average, and not the raw weights.
            device: a PyTorch device, or auto.

        Raises:
            RequestError: no such run, checkpoint or device, or an argument of another kind.
        """
        check_loading(run, checkpoint, average, device)
        folder = open_run(Path(run))
        path = folder.last if checkpoint == "last" else folder.best
        generator, experiment, step = load_generator(path, average=average)
        target = pick_device(device)
        return cls(generator.to(target), experiment, target, step, is_on_white(folder, experiment))

    @property
    def preparation(self) -> Preparation:
        """How drawings are prepared for the network."""
        return Preparation(self.experiment.data, self.on_white)

    @property
    def dab_sides(self) -> tuple[int, int]:
        """Least and most of a dab's side in training, in the network's pixels."""
        if self.experiment.hints.kind == "none":
            return 1, 1
        return simulator_of(self.experiment.hints).reach(self.experiment.data.short_side)

    def check_hints(self, *, hinted: bool) -> None:
        """Check that the run has learnt what hints are, where there are any.

        Raises:
            RequestError: it has not.
        """
        if hinted and self.experiment.hints.kind == "none":
            raise RequestError(f"hints need a run that was trained with them, and {self.experiment.name} was not")

    def color(
        self,
        drawing: Picture,
        hints: Iterable[Hint] = (),
        *,
        hint_image: Picture | None = None,
        size: int | None = None,
        native: bool = False,
        raw: bool = False,
        from_picture: bool | None = None,
        variant: int = 0,
    ) -> Pixels:
        """Colour a drawing.

        Args:
            drawing: (H, W), (H, W, 3) or (H, W, 4) uint8, or a picture of Pillow, which is taken as its file would be.
            hints: dabs of colour, in pixels of the drawing.
            hint_image: (H, W, 4) uint8 of the drawing's size, or a picture of Pillow, whose opaque pixels are hints.
            size: short side at which the network works, in pixels; None: the drawing covers a training picture.
            native: let the network work at the drawing's own size, and show what it paints, lines and all.
            raw: take the drawing as it is: paper is not brought to white, nor ink to black.
            from_picture: draw the lines of a picture first, as the run's were drawn; None: of one plainly coloured.
            variant: which colouring of this drawing, from 0 on, of a run with generator.noise.

        Returns:
            (H, W, 3) uint8 sRGB.

        Raises:
            RequestError: an argument is not what it must be, a hint lies outside the drawing, the run was trained
                without hints or on drawings that were given, or the network's picture would be too large.
        """
        check_size(size, native=native)
        check_ways(native=native, raw=raw, from_picture=from_picture)
        pixels = drawing_of(drawing)
        hints, image = self._checked(pixels.shape[:2], hints, hint_image, variant)
        prepared = self.preparation(pixels, raw=raw, from_picture=from_picture)
        page = self.prepare(prepared, size=size, native=native, hint_image=image)
        return self._color(page, hints, image, variant=variant)

    def prepare(
        self,
        prepared: Prepared,
        *,
        size: int | None = None,
        native: bool = False,
        hint_image: Pixels | None = None,
    ) -> Page:
        """Bring a drawing to the network's size, once for any number of `recolor`.

        Args:
            prepared: by `preparation`.
            size, native: as `color`.
            hint_image: as `color`; a page is not cropped where that has hints beside the drawing.

        Raises:
            RequestError: the network's picture would be too large, or `size` is wrong.
        """
        check_size(size, native=native)
        sides = self.dab_sides
        return page_of(prepared, self.experiment, sides, size=size, native=native, hint_image=hint_image)

    def survey(self, page: Page, area: Ints | None = None, *, variant: int = 0) -> Survey:
        """What is known of a page and a variant whatever its hints are, once for any number of `recolor`.

        Args:
            page: of `prepare`, not a bare one.
            area: (H, W) closed areas of the page's line art, where they are known.
        """
        check_variant(variant, self.experiment.generator.noise)
        if page.box is not None:
            area = None if area is None else page.box.of(area)
            page = page.inner
        found = closed_areas(page.line) if area is None else area
        return survey(
            *(page.line, found, page.padded, page.frame),
            pointer=self._pointer,
            flooded=self.experiment.hints.flood != "none",
            device=self.device,
            noise=self._noise(page, variant),
        )

    def recolor(
        self,
        page: Page,
        hints: Iterable[Hint] = (),
        *,
        hint_image: Picture | None = None,
        known: Survey | None = None,
        variant: int = 0,
    ) -> Pixels:
        """Colour a prepared drawing: the same picture as `color` makes of the drawing that it was prepared from.

        Args:
            page: of `prepare`, by a run of the same configuration.
            hints, hint_image, variant: as `color`.
            known: the page's `survey` by this network, of this variant, if there is one already.

        Returns:
            (H, W, 3) uint8 sRGB.

        Raises:
            RequestError: as `color`.
        """
        hints, image = self._checked(page.line.shape, hints, hint_image, variant)
        return self._color(page, hints, image, known, variant)

    @property
    def exact(self) -> bool:
        """Whether a hint is exactly the pixels that are painted: not enlarged to the dabs of training."""
        return self.experiment.exact_hints

    @property
    def inked(self) -> bool:
        """Whether the pictures that the network was trained on have ink."""
        return self.experiment.data.line == "given"

    @property
    def _pointer(self) -> Pointer | None:
        """The network if it points, and was trained on drawings whose areas have one colour each.

        Pictures whose lines were extracted are shaded: there it paints, and its picture is enlarged as any other's.
        """
        return self.generator if isinstance(self.generator, Pointer) and self.inked else None

    def _color(
        self,
        page: Page,
        hints: Sequence[Hint],
        hint_image: Pixels | None,
        known: Survey | None = None,
        variant: int = 0,
    ) -> Pixels:
        if page.box is not None:
            image = None if hint_image is None else page.box.of(hint_image)
            colored = self._color(page.inner, page.box.moved(hints), image, known, variant)
            return page.box.around(colored, page.line)
        noise = self._noise(page, variant)
        if page.bare:
            shown = _to_pixels(self._fake(page, self._condition(page, hints, hint_image, None), noise))
            return resized(shown, *page.line.shape)
        known = known or self.survey(page, variant=variant)
        pointer, marks = self._pointer, marks_on(page, hints, hint_image, known)
        if pointer is not None and known.areas is not None and marks is not None:
            colors = color_areas(pointer, known.areas, page.line, known.area, marks, known.borders)
        else:
            fake = self._fake(page, self._condition(page, hints, hint_image, known), noise)
            colors = along_lines(without_ink(fake, page.small) if self.inked else fake, known.grid)
        return _to_pixels(colors * (page.line[:, :, None] / np.float32(255)))

    def _condition(self, page: Page, hints: Sequence[Hint], hint_image: Pixels | None, known: Survey | None) -> Tensor:
        """(1, 4 or 8, h, w) hints as the network takes them, flooded too where it was trained so."""
        if not self.exact:
            return encode_painted(hints, hint_image, page.frame, *page.padded.shape)
        marks = marks_on(page, hints, hint_image, known)
        if self.experiment.hints.flood == "none":
            return told_of(page, marks, None)
        return told_of(page, marks, known or self.survey(page))

    def _noise(self, page: Page, variant: int) -> tuple[Tensor, ...]:
        """(1, Z), a function of the run's seed, what the network sees of the drawing, and the variant; or nothing."""
        count = self.experiment.generator.numbers
        if not count:
            return ()
        drawing = zlib.crc32(page.padded.tobytes())
        noise = seeds.normal(count, self.experiment.seed, "drawing's noise", drawing, variant)
        return (torch.from_numpy(noise)[None].to(self.device),)

    def _fake(self, page: Page, hint: Tensor, noise: tuple[Tensor, ...]) -> Floats:
        """(rows, columns, 3) in [0, 1]: what the network paints in the frame."""
        frame, line = page.frame, from_uint8(page.padded)[None]
        with torch.inference_mode():
            fake = self.generator(torch.cat([line, hint], dim=1).to(self.device), *noise)
        picture: Floats = to_unit(fake[0]).permute(1, 2, 0).cpu().numpy()
        return picture[frame.top : frame.top + frame.rows, frame.left : frame.left + frame.columns]

    def _checked(
        self, shape: tuple[int, ...], hints: Iterable[Hint], hint_image: Picture | None, variant: int
    ) -> tuple[list[Hint], Pixels | None]:
        """What is wanted of a drawing of H and W."""
        wanted = hints_of(hints)
        self.check_hints(hinted=bool(wanted) or hint_image is not None)
        check_hints(wanted, shape[1], shape[0])
        check_variant(variant, self.experiment.generator.noise)
        return wanted, hint_picture_of(hint_image, shape)


def _to_pixels(colors: Floats) -> Pixels:
    return np.asarray((colors.clip(0, 1) * 255).round(), dtype=np.uint8)
