"""colour drawings with a trained run, or flat"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gan.errors import RequestError
from gan.hints.painted import Hint

if TYPE_CHECKING:  # numpy is half of what `gan --help` would import
    from gan.arrays import Pixels
    from gan.colorize.files import Job, Result
    from gan.colorize.preparation import Preparation, Prepared

    Coloring = Callable[[Prepared, int], Pixels]
logger = logging.getLogger(__name__)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("paths", type=Path, nargs="+", metavar=("RUN", "LINE.png"), help="a run folder; drawings, or folders of them")
    add("--flat", action="store_true", help="no RUN: fill the closed areas that hold a hint, without a network")
    hint_form = "X,Y,COLOR[,RADIUS]"
    add("--hint", action="append", default=[], metavar=hint_form, help="a colour, in pixels of the drawing")
    add("--hint-image", type=Path, metavar="RGBA.png", help="opaque pixels are hints")
    add("--hint-json", type=Path, metavar="HINTS.json", help='[{"x": 9, "y": 9, "color": "#c23b3b"}, ...]')
    add("--out", type=Path, metavar="PATH", help="a .png, or a folder, which keeps the tree of folders (colored/)")
    add("--size", type=int, metavar="N", help="short side at which the network works (as in training)")
    add("--layers", action="store_true", help="NAME-color.ora: lines, colours and flat colours as layers (OpenRaster)")
    ground = "leave out what reaches the drawing's edge and holds no hint"
    add("--transparent", action="store_true", help=ground)
    add("--variants", type=int, metavar="N", help="so many colourings of each drawing, of a run with generator.noise")
    add("--variant", type=int, metavar="N", help="that one of them alone, from 1 on")
    add("--native", action="store_true", help="let the network work at the drawing's own size")
    add("--raw", action="store_true", help="take paper and ink as they are")
    picture_help = "draw the lines of a picture as the run's were drawn (by itself, of one that is plainly coloured)"
    add("--from-picture", action="store_true", help=picture_help)
    add("--checkpoint", choices=("last", "best"), help="which weights (last)")
    add("--average", action="store_true", help="the moving average, and not the raw weights")
    add("--device", help="a PyTorch device (auto)")


def run(options: argparse.Namespace) -> int:
    """Colour every drawing that can be read, and print where."""
    from gan.colorize import files
    from gan.colorize.arguments import check_size
    from gan.colorize.inputs import find
    from gan.colorize.layers import layers_of, merged
    from gan.hints import painted

    hints = [painted.parse(word) for word in options.hint]
    hints += painted.read_json(options.hint_json) if options.hint_json else []
    image = files.read_hint_image(options.hint_image) if options.hint_image else None
    check_size(options.size, native=options.native, dashes="--")
    if options.raw and options.from_picture:
        raise RequestError("--raw and --from-picture exclude each other")
    if options.native and options.transparent:
        raise RequestError("--native and --transparent exclude each other: lines are in the network's own picture")
    folder, drawings = (None, options.paths) if options.flat else (options.paths[0], options.paths[1:])
    if not drawings:
        raise RequestError("the following arguments are required: LINE.png; see gan colorize --help")
    found = find(drawings)
    ending = files.LAYERS if options.layers else ".png"
    jobs = files.plan(found.drawings, options.out, options.variants, options.variant, ending)
    files.check_places(jobs, hints, image)
    flat = folder is None
    how, exact, color = _flat(options, hints, image) if folder is None else _by_network(folder, options, hints, image)

    def paint(drawing: Pixels, job: Job) -> Result:
        taken = _prepared(how, drawing, job, options)
        picture = color(taken, job.variant)
        if not options.layers and not options.transparent:
            return taken.on_its_ground(picture)
        bare = not flat and (options.native or taken.bare)
        layers = layers_of(
            *(picture, taken, hints, image), flat=flat, exact=exact, bare=bare, transparent=options.transparent
        )
        return layers if options.layers else merged(layers)

    failed = found.unreadable | files.color_all(jobs, paint, print)
    for path, reason in failed.items():
        logger.warning("%s: %s", path, reason)
    return 1 if failed else 0


def _prepared(how: Preparation, drawing: Pixels, job: Job, options: argparse.Namespace) -> Prepared:
    """A drawing as the run takes it, said where that is not to be expected: once a drawing."""
    prepared = how(drawing, raw=options.raw, from_picture=options.from_picture or None)
    if prepared.note and job.variant == (options.variant or 1) - 1:
        level = logging.WARNING if prepared.is_empty else logging.INFO
        more = "; --from-picture draws its lines" if prepared.is_empty and how.extracts else ""
        logger.log(level, "%s: %s%s", job.drawing, prepared.note, more)
    return prepared


def _flat(options: argparse.Namespace, hints: list[Hint], image: Pixels | None) -> tuple[Preparation, bool, Coloring]:
    """Without a network: how drawings are taken, whether hints are exact, and what colours them.

    Raises:
        RequestError: there is no hint, or an option that only a network has.
    """
    for name in ("size", "variants", "variant", "native", "from_picture", "checkpoint", "average", "device"):
        if getattr(options, name):
            raise RequestError(f"--{name.replace('_', '-')} is for a network, and --flat uses none")
    if not hints and image is None:
        raise RequestError("--flat needs a hint: --hint, --hint-json or --hint-image")

    from gan.colorize.flat import fill_flat
    from gan.colorize.preparation import Preparation
    from gan.config import Data
    from gan.hints.flood import closed_areas

    return Preparation(Data()), True, lambda taken, _: fill_flat(taken.line, closed_areas(taken.line), hints, image)


def _by_network(
    folder: Path, options: argparse.Namespace, hints: list[Hint], image: Pixels | None
) -> tuple[Preparation, bool, Coloring]:
    """With the weights of a run; as `_flat`."""
    from gan.colorize import Colorizer  # after the cheap checks: it brings PyTorch

    which = {"checkpoint": options.checkpoint or "last", "average": options.average, "device": options.device or "auto"}
    colorizer = Colorizer.load(folder, **which)
    colorizer.check_hints(hinted=bool(hints) or image is not None)
    for name in ("variants", "variant"):
        if (number := getattr(options, name)) and not colorizer.experiment.generator.noise:
            raise RequestError(f"--{name} ({number}) needs a run with generator.noise, and {folder} has none")
    if options.from_picture:
        colorizer.preparation.check_extracts()

    def color(taken: Prepared, variant: int) -> Pixels:
        page = colorizer.prepare(taken, size=options.size, native=options.native, hint_image=image)
        return colorizer.recolor(page, hints, hint_image=image, variant=variant)

    return colorizer.preparation, colorizer.exact, color
