"""the experiment files that come with it, and their copies to work with"""

import argparse
import ast
import shutil
from pathlib import Path

from gan.errors import RequestError
from gan.files import replacing


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="copy them there; a file that is there stays")


def run(options: argparse.Namespace) -> int:
    """List the files and what they ask, or copy them: files of a person's own are never written over."""
    from gan.config.shipped import experiment_files

    paths = experiment_files()
    if options.out is None:
        width = max(len(path.name) for path in paths)
        for path in paths:
            print(f"{path.name:{width}}  {question(path)}")
        return 0
    if options.out.exists() and not options.out.is_dir():
        raise RequestError(f"--out ({options.out}) must be a folder, and is a file")
    new = [path for path in paths if not (options.out / path.name).exists()]
    for path in new:
        try:
            with replacing(options.out / path.name) as draft:
                shutil.copyfile(path, draft)
        except OSError as error:
            raise RequestError(f"--out ({options.out}) must be a folder that can be written to: {error}") from error
    kept = len(paths) - len(new)
    print(f"{len(new)} files copied into {options.out}" + (f"; {kept} were there, and stay" if kept else ""))
    return 0


def question(path: Path) -> str:
    """The first line of a file's docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
