"""`gan colorize`: drawings in files, coloured one by one into files."""

import hashlib
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from rich.progress import Progress

from gan.arrays import Pixels
from gan.colorize.arguments import MOST_PIXELS
from gan.colorize.layers import Layer, merged
from gan.colorize.openraster import MERGED, openraster
from gan.data.picture import UnusablePicture, read_picture, upright_size
from gan.errors import RequestError
from gan.files import open_regular, replacing
from gan.hints.painted import OPAQUE, Hint, check_hints
from gan.log import console

MOST_VARIANTS = 1000
FILES = (".png", ".ora", ".jpg", ".jpeg", ".webp")
"""Endings by which `--out` is meant for a file."""
MARK = "gan colorize"
"""A text in every result, the digest of its pixels, by which it may be replaced by the next; other files never are. Of
layers it stands in the picture of all of them, which a program that saves them writes anew."""
LAYERS = ".ora"
Result = Pixels | Sequence[Layer]
"""(H, W, 3) or (H, W, 4), or layers."""


@dataclass(frozen=True)
class Drawing:
    """A drawing's file, and where its results lie below the folder of all results."""

    path: Path
    below: Path = Path()


@dataclass(frozen=True)
class Job:
    """A drawing that can be read, and where its colours go."""

    drawing: Path
    out: Path
    variant: int = 0


def plan(
    drawings: Sequence[Drawing],
    out: Path | None,
    variants: int | None = None,
    variant: int | None = None,
    ending: str = ".png",
) -> list[Job]:
    """Where each drawing's colours go: `out`, or NAME-color.png below the folder `out`, or ./colored.

    NAME has its ending, too, where drawings differ by that alone. ending: of the results, `LAYERS` of layers.

    variants: how many colourings of each, NAME-color-1.png and so on; variant: the one of that number alone; None and
    None: the first, without a number.

    Raises:
        RequestError: two would go to one file, a file of somebody else would be overwritten, or a name or the number of
            variants is wrong.
    """
    for name, number in (("variants", variants), ("variant", variant)):
        if number is not None and not 1 <= number <= MOST_VARIANTS:
            raise RequestError(f"--{name} ({number}) must lie between 1 and {MOST_VARIANTS}")
    if variants and variant:
        raise RequestError(f"--variants ({variants}) and --variant ({variant}) exclude each other")
    try:
        return _plan(drawings, out, variants, variant, ending)
    except OSError as error:  # a name that is too long, or a folder that may not be looked into
        raise RequestError(f"--out ({out}) cannot be used: {reason(error)}") from error


def _plan(
    drawings: Sequence[Drawing], out: Path | None, variants: int | None, variant: int | None, ending: str
) -> list[Job]:
    file = out is not None and not out.is_dir() and out.suffix.lower() in FILES
    single = out is not None and file and out.suffix.lower() == ending
    if single and len(drawings) > 1:
        raise RequestError(f"--out ({out}) must be a folder for {len(drawings)} drawings")
    if single and variants:
        raise RequestError(f"--out ({out}) must be a folder for --variants ({variants})")
    if file and not single:
        raise RequestError(f"--out ({out}) must end in {ending} or be a folder")
    folder = Path("colored") if out is None else out
    numbers = [variant] if variant else range(1, variants + 1) if variants else ()
    endings = {number - 1: f"-color-{number}{ending}" for number in numbers} or {0: f"-color{ending}"}
    alike = Counter((drawing.below, drawing.path.stem) for drawing in drawings)
    jobs = []
    for drawing in drawings:
        path, below = drawing.path, folder / drawing.below
        name = path.stem if alike[drawing.below, path.stem] == 1 else path.name
        for which, end in endings.items():
            jobs.append(Job(path, out if single and out is not None else below / f"{name}{end}", which))
    _check_apart(jobs)
    return jobs


def _check_apart(jobs: Sequence[Job]) -> None:
    """Check that no result overwrites another, a drawing, or a file of somebody else."""
    inputs = {job.drawing.resolve() for job in jobs}
    taken: dict[Path, Path] = {}
    for job in jobs:
        target = job.out.absolute()
        if target in taken:
            raise RequestError(f"{taken[target]} and {job.drawing} would both go to {job.out}: rename one of them")
        if job.out.resolve() in inputs:
            raise RequestError(f"--out: {job.out} is one of the drawings: choose another --out")
        taken[target] = job.drawing
        _check_free(job.out)
    for job in jobs:
        if inside := next((folder for folder in job.out.absolute().parents if folder in taken), None):
            raise RequestError(f"{taken[inside]} would go to {inside}, below which {job.drawing} is to go: rename one")


def _check_free(path: Path) -> None:
    there = next(folder for folder in path.absolute().parents if folder.exists())
    if not there.is_dir():
        raise RequestError(f"--out: {path} cannot be written, for {there} is a file")
    if path.is_dir():
        raise RequestError(f"--out: {path} must be a file, and is a folder")
    if path.exists() and not _is_ours(path):
        raise RequestError(f"--out: {path} exists and was not made by gan colorize: move it, or choose another --out")


def _is_ours(path: Path) -> bool:
    """Whether a file is a result of ours that nobody has painted on since."""
    try:
        with open_regular(path) as file, Image.open(_whole(file, path.suffix)) as picture:
            return picture.info.get(MARK) == _digest(np.asarray(picture))
    except (OSError, ValueError, SyntaxError, KeyError, zipfile.BadZipFile, Image.DecompressionBombError):
        return False


def _whole(file: BinaryIO, suffix: str) -> BinaryIO:
    """The picture that a result is, or that it holds of all its layers."""
    return io.BytesIO(zipfile.ZipFile(file).read(MERGED)) if suffix.lower() == LAYERS else file


def _digest(picture: Pixels) -> str:
    return hashlib.sha256(np.ascontiguousarray(picture).tobytes()).hexdigest()


def check_places(jobs: Sequence[Job], hints: Sequence[Hint], image: Pixels | None) -> None:
    """Check the hints against the size of every drawing that can be opened, before anything is coloured.

    Raises:
        RequestError: a hint does not lie on a drawing, or the hint picture has another size.
    """
    for job in jobs if hints or image is not None else ():
        try:
            width, height = upright_size(job.drawing, MOST_PIXELS)
        except (UnusablePicture, OSError):
            continue  # reported when it is read
        try:
            check_hints(hints, width, height)
        except RequestError as error:
            raise RequestError(f"{job.drawing}: {error}") from error
        if image is not None and image.shape[:2] != (height, width):
            found = f"{image.shape[1]}x{image.shape[0]}"
            raise RequestError(f"--hint-image ({found}) must have the size of {job.drawing} ({width}x{height})")


def read_hint_image(path: Path) -> Pixels:
    """A picture whose opaque pixels are hints, (H, W, 4).

    Raises:
        RequestError: it cannot be read, has no transparency, or is painted too faintly everywhere.
    """
    try:
        picture = read_picture(path, MOST_PIXELS)
    except (UnusablePicture, OSError) as error:
        raise RequestError(f"--hint-image ({path}): {reason(error)}") from error
    if picture.shape[2:] != (4,):
        raise RequestError(
            f"--hint-image ({path}) must be transparent where there is no hint, and is opaque everywhere"
        )
    if 0 < picture[:, :, 3].max() < OPAQUE:
        raise RequestError(f"--hint-image ({path}) must be at least half opaque where a hint is, and is so nowhere")
    return picture


def write(path: Path, result: Result) -> None:
    """Write a result whole or not at all."""
    picture, info = result if isinstance(result, np.ndarray) else merged(result), PngInfo()
    info.add_text(MARK, _digest(picture))
    with replacing(path) as draft:
        if isinstance(result, np.ndarray):
            Image.fromarray(picture).save(draft, format="PNG", pnginfo=info)
        else:
            draft.write_bytes(openraster(result, info))


def color_all(
    jobs: Sequence[Job], paint: Callable[[Pixels, Job], Result], done: Callable[[Path], None]
) -> dict[Path, str]:
    """Colour drawing after drawing, with progress.

    Args:
        jobs: what to colour.
        paint: (H, W), (H, W, 3) or (H, W, 4), and what it is for -> its colours.
        done: is told of every file that is written.

    Returns:
        What could not be read, or `paint` refused, with the reasons; the rest is done.

    Raises:
        RequestError: a result cannot be written.
    """
    failed: dict[Path, str] = {}
    quiet = not console.is_terminal or len(jobs) == 1
    # names that are piped away must not be drawn into the bar; on a terminal they must, or they would break it
    with Progress(console=console, disable=quiet, transient=True, redirect_stdout=sys.stdout.isatty()) as progress:
        for job in progress.track(jobs, description="colouring"):
            try:
                colored = paint(read_picture(job.drawing, MOST_PIXELS), job)
            except (UnusablePicture, OSError, RequestError) as error:
                failed[job.drawing] = reason(error)
                continue
            try:
                write(job.out, colored)
            except OSError as error:
                raise RequestError(f"--out: {job.out} cannot be written: {reason(error)}") from error
            done(job.out)
    return failed


def reason(error: Exception) -> str:
    """Why a file cannot be used."""
    return getattr(error, "strerror", None) or str(error)
