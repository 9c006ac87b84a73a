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

    Coloring = Callable[[Pixels, int], Pixels]
logger = logging.getLogger(__name__)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("paths", type=Path, nargs="+", metavar=("RUN", "LINE.png"), help="a run folder, then drawings of any size")
    add("--flat", action="store_true", help="no RUN: fill the closed areas that hold a hint, without a network")
    hint_form = "X,Y,COLOR[,RADIUS]"
    add("--hint", action="append", default=[], metavar=hint_form, help="a colour, in pixels of the drawing")
    add("--hint-image", type=Path, metavar="RGBA.png", help="opaque pixels are hints")
    add("--hint-json", type=Path, metavar="HINTS.json", help='[{"x": 9, "y": 9, "color": "#c23b3b"}, ...]')
    add("--out", type=Path, metavar="PATH", help="a .png, or a folder (colored/)")
    add("--size", type=int, metavar="N", help="short side at which the network works (as in training)")
    add("--variants", type=int, metavar="N", help="so many colourings of each drawing, of a run with generator.noise")
    add("--variant", type=int, metavar="N", help="that one of them alone, from 1 on")
    add("--native", action="store_true", help="let the network work at the drawing's own size")
    add("--raw", action="store_true", help="take paper and ink as they are")
    add("--checkpoint", choices=("last", "best"), help="which weights (last)")
    add("--average", action="store_true", help="the moving average, and not the raw weights")
    add("--device", help="a PyTorch device (auto)")


def run(options: argparse.Namespace) -> int:
    """Colour every drawing that can be read, and print where."""
    from gan.colorize import files
    from gan.hints import painted

    hints = [painted.parse(word) for word in options.hint]
    hints += painted.read_json(options.hint_json) if options.hint_json else []
    image = files.read_hint_image(options.hint_image) if options.hint_image else None
    files.check_size(options.size, native=options.native)
    folder, drawings = (None, options.paths) if options.flat else (options.paths[0], options.paths[1:])
    if not drawings:
        raise RequestError("the following arguments are required: LINE.png; see gan colorize --help")
    jobs = files.plan(drawings, options.out, options.variants, options.variant)
    files.check_places(jobs, hints, image)
    color = _flat(options, hints, image) if folder is None else _by_network(folder, options, hints, image)
    failed = files.color_all(jobs, color, print)
    for path, reason in failed.items():
        logger.warning("%s: %s", path, reason)
    return 1 if failed else 0


def _flat(options: argparse.Namespace, hints: list[Hint], image: Pixels | None) -> Coloring:
    """Without a network.

    Raises:
        RequestError: there is no hint, or an option that only a network has.
    """
    for name in ("size", "variants", "variant", "native", "checkpoint", "average", "device"):
        if getattr(options, name):
            raise RequestError(f"--{name} is for a network, and --flat uses none")
    if not hints and image is None:
        raise RequestError("--flat needs a hint: --hint, --hint-json or --hint-image")

    from gan.colorize.flat import color_flat

    return lambda drawing, _: color_flat(drawing, hints, hint_image=image, raw=options.raw)


def _by_network(folder: Path, options: argparse.Namespace, hints: list[Hint], image: Pixels | None) -> Coloring:
    """With the weights of a run."""
    from gan.colorize import Colorizer  # after the cheap checks: it brings PyTorch

    which = {"checkpoint": options.checkpoint or "last", "average": options.average, "device": options.device or "auto"}
    colorizer = Colorizer.load(folder, **which)
    colorizer.check_hints(hinted=bool(hints) or image is not None)
    for name in ("variants", "variant"):
        if (number := getattr(options, name)) and not colorizer.experiment.generator.noise:
            raise RequestError(f"--{name} ({number}) needs a run with generator.noise, and {folder} has none")
    how = {"hint_image": image, "size": options.size, "native": options.native, "raw": options.raw}
    return lambda drawing, variant: colorizer.color(drawing, hints, variant=variant, **how)
