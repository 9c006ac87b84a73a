"""pack a folder of pictures into shards"""

import argparse
from pathlib import Path
from typing import get_args

from gan.config import Data
from gan.config.data import Splitting
from gan.errors import RequestError

MEGABYTE = 10**6


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add, data = parser.add_argument, Data()
    parser.description = (
        "Pack a folder of pictures into tar files in the WebDataset format, with an index, for gan train EXPERIMENT.py "
        "--data.source shards --data.root SHARDS. The options that begin with --data. are to be the same there."
    )
    add("folder", metavar="FOLDER", help="a tree of pictures, which stays as it is")
    add("shards", type=Path, metavar="SHARDS", help="the folder to write: empty, or not there")
    add("--megabytes", type=int, default=256, metavar="N", help="size of a shard (256)")
    choices = get_args(Splitting)
    add("--data.split", dest="split", choices=choices, default=data.split, help="what decides a picture's side (auto)")
    for name, what in (
        ("val_fraction", "share of the pictures held out for validation"),
        ("test_fraction", "share of the pictures held out for the test"),
        ("min_side", "pictures with a shorter side, in pixels, are left out"),
        ("max_pixels", "pictures with more pixels are left out"),
    ):
        default = getattr(data, name)
        option = f"--data.{name.replace('_', '-')}"
        add(option, dest=name, type=type(default), default=default, metavar="N", help=f"{what} ({default})")


def run(options: argparse.Namespace) -> int:
    """Pack, and print where."""
    if options.megabytes < 1:
        raise RequestError(f"--megabytes ({options.megabytes}) must be at least 1")

    from gan.data import pack, shards  # after the parser: they bring OpenCV

    settings = {name: getattr(options, name) for name in shards.SETTINGS}
    data = Data(source="folder", root=options.folder, line="canny", min_images=1, **settings)
    print(pack.pack(data, options.shards, options.megabytes * MEGABYTE))
    return 0
