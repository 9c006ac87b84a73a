"""colour drawings with a trained run"""

import argparse
import logging
from pathlib import Path

logger = logging.getLogger(__name__)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("folder", type=Path, metavar="RUN", help="a run folder")
    add("drawings", type=Path, nargs="+", metavar="LINE.png", help="drawings of any size")
    hint_form = "X,Y,#RRGGBB[,RADIUS]"
    add("--hint", action="append", default=[], metavar=hint_form, help="a colour, in pixels of the drawing")
    add("--hint-image", type=Path, metavar="RGBA.png", help="opaque pixels are hints")
    add("--hint-json", type=Path, metavar="HINTS.json", help='[{"x": 9, "y": 9, "color": "#c23b3b"}, ...]')
    add("--out", type=Path, metavar="PATH", help="a .png, or a folder (colored/)")
    add("--size", type=int, metavar="N", help="short side at which the network works (that of training)")
    add("--native", action="store_true", help="let the network work at the drawing's own size")
    add("--raw", action="store_true", help="take paper and ink as they are")
    add("--checkpoint", choices=("last", "best"), default="last", help="which weights (last)")
    add("--average", action="store_true", help="the moving average, and not the raw weights")
    add("--device", default="auto", help="a PyTorch device (auto)")


def run(options: argparse.Namespace) -> int:
    """Colour every drawing that can be read, and print where."""
    from gan.colorize import files
    from gan.hints import painted

    hints = [painted.parse(word) for word in options.hint]
    hints += painted.read_json(options.hint_json) if options.hint_json else []
    image = files.read_hint_image(options.hint_image) if options.hint_image else None
    files.check_size(options.size, native=options.native)
    jobs = files.plan(options.drawings, options.out)
    files.check_places(jobs, hints, image)

    from gan.colorize import Colorizer  # after the cheap checks: it brings PyTorch

    colorizer = Colorizer.load(
        options.folder, checkpoint=options.checkpoint, average=options.average, device=options.device
    )
    colorizer.check_hints(hinted=bool(hints) or image is not None)
    how = {"hint_image": image, "size": options.size, "native": options.native, "raw": options.raw}
    failed = files.color_all(jobs, lambda drawing: colorizer.color(drawing, hints, **how), print)
    for path, reason in failed.items():
        logger.warning("%s: %s", path, reason)
    return 1 if failed else 0
