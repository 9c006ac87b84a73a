"""What the paint page asks the server for.

A drawing is uploaded once, cleaned, and remembered under a name that cannot be guessed (`gan.web.paint.drawings`); each
colouring then posts hints alone and gets a picture back. One model pass runs at a time, in a thread; a newer request
for the same drawing and run takes the place of one that still waits.
"""

import gzip
import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from gan.arrays import Pixels
from gan.colorize.colorizer import Colorizer
from gan.colorize.files import MOST_VARIANTS
from gan.colorize.layers import Layer, merged
from gan.colorize.openraster import openraster
from gan.hints.flood import INK
from gan.hints.painted import Hint, from_json
from gan.web.answers import answer
from gan.web.paint import coloring, starters
from gan.web.paint.drawings import MOST_BYTES, MOST_PIXELS, Drawing, Drawings, decode, too_large
from gan.web.paint.models import Model, Models
from gan.web.paint.requests import ARCHIVE, COLORS, LAYER_KINDS, MOST_PAINTED_HINTS, body_of, check_variant, words_of
from gan.web.paint.work_queue import Superseded, WorkQueue
from gan.web.paths import shown
from gan.web.refused import Refused

FLAT = "--flat"
"""The run of those who want none: areas that hold a hint filled flat, as `gan colorize --flat` does."""
MOST_WAITING = 16
MOST_UPLOADS_WAITING = 8
FAST = (cv2.IMWRITE_PNG_COMPRESSION, 1)


@dataclass(frozen=True)
class ColorRequest:
    """A request for colours.

    model: None for a flat fill. whole: at the drawing's own size, and not at that at which it is shown. bare: as bytes
    of red, green, blue and 255, which cost no time to encode and decode, and not as PNG. variant: which colouring, from
    0 on, of a run that draws. transparent: the whole picture without its background. layers: the whole picture as
    OpenRaster.
    """

    token: str
    drawing: Drawing
    model: Model | None
    hints: list[Hint]
    whole: bool
    bare: bool
    variant: int
    transparent: bool = False
    layers: bool = False

    @property
    def run(self) -> str:
        """The name by which it was asked for."""
        return FLAT if self.model is None else self.model.name


class Studio:
    """What the paint page of a folder of runs needs: models, drawings, and queues for the work."""

    def __init__(self, folder: Path) -> None:
        self.models, self.drawings = Models(folder), Drawings()
        self.painting = WorkQueue("colours", MOST_WAITING)
        self.reading = WorkQueue("drawings", MOST_UPLOADS_WAITING)

    async def list_models(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """The runs that can colour, and the limits of uploads."""
        found = await run_in_threadpool(lambda: [model.to_json() for model in self.models.find()])
        limits = {"bytes": MOST_BYTES, "pixels": MOST_PIXELS, "hints": MOST_PAINTED_HINTS, "variants": MOST_VARIANTS}
        return answer({"models": found, "limits": limits})

    async def start(self, request: Request) -> Response:
        """What a person can begin with, given a run: its palette, its drawings, and characters."""
        model = await self._model(request.query_params.get("run", ""))
        palette, rows = await run_in_threadpool(lambda: (starters.palette(model), starters.drawings(model)))
        characters = starters.characters(model)
        credit = starters.credit() if characters else None
        return answer({"palette": palette, "characters": characters, "credit": credit, "drawings": rows})

    async def drawing(self, request: Request) -> Response:
        """One of a run's validation drawings."""
        model = await run_in_threadpool(self.models.get, request.query_params.get("run", ""))
        row = request.path_params["row"]
        if not re.fullmatch("[0-9]{1,9}", row):
            raise Refused(404, f"the run has no drawing of number {shown(row)}")
        return _picture(png(await run_in_threadpool(starters.drawing, model, int(row))))

    async def upload(self, request: Request) -> Response:
        """Remember a drawing: the file as the body of the request."""
        upload = await body_of(request, MOST_BYTES, too_large())
        if not upload:
            raise Refused(400, "the body of the request must be a picture file, and is empty")
        drawing = await self.reading.run(object(), lambda: decode(upload))
        height, width = drawing.line.shape
        shown = {"width": drawing.shown.shape[1], "height": drawing.shown.shape[0]}
        told = {"width": width, "height": height, "shown": shown, "note": drawing.note}
        return answer({"drawing": self.drawings.add(drawing)} | told, 201)

    async def areas(self, request: Request) -> Response:
        """The closed areas of a drawing as it is shown, row by row: 31 bits of an area's number, and 1 for paper."""
        drawing = self.drawings.get(request.path_params["name"])
        area = await self.painting.run(object(), drawing.areas)
        told = (2 * area + (drawing.shown >= INK)).astype("<u4")
        packed = await run_in_threadpool(gzip.compress, told.tobytes(), 1)
        return _picture(packed, kind="application/octet-stream", **{"content-encoding": "gzip"})

    async def color(self, request: Request) -> Response:
        """Colour an uploaded drawing; 204 where a newer request took the place of this one."""
        asked = await self._asked(request)
        arrived = time.perf_counter()
        try:
            encoded, spent, step = await self.painting.run(
                (asked.token, asked.run, asked.whole, asked.bare, asked.layers), lambda: self._color(asked, arrived)
            )
        except Superseded:
            return Response(status_code=204)
        timing = ", ".join(f"{name};dur={1000 * seconds:.1f}" for name, seconds in spent.items())
        kind = "application/octet-stream" if asked.bare else "image/openraster" if asked.layers else "image/png"
        return _picture(encoded, kind=kind, **{"server-timing": timing, "x-step": str(step)})

    async def hint_picture(self, request: Request) -> Response:
        """Hints as a picture that `gan colorize --hint-image` reads."""
        asked = await self._asked(request)
        return _picture(await self.painting.run(object(), lambda: self._hint_picture(asked)))

    def _color(self, asked: ColorRequest, arrived: float) -> tuple[bytes, dict[str, float], int]:
        """In the thread: the picture's bytes, the seconds that its parts took, and the step of the weights."""
        times = [arrived, time.perf_counter()]
        colorizer = None if asked.model is None else self._load(asked.drawing, asked.model)
        times.append(time.perf_counter())
        picture = _painted(asked, colorizer)
        times.append(time.perf_counter())
        encoded = bare(picture) if asked.bare else _encoded(asked, colorizer, picture)
        times.append(time.perf_counter())
        spent = (after - before for before, after in pairwise(times))
        step = 0 if colorizer is None else colorizer.step
        return encoded, dict(zip(("wait", "load", "paint", "encode"), spent, strict=True)), step

    def _load(self, drawing: Drawing, model: Model) -> Colorizer:
        colorizer = self.models.load(model)
        torch.set_num_threads(coloring.threads_for(coloring.page_of(drawing.seen_by(colorizer), colorizer), colorizer))
        return colorizer

    async def archive(self, request: Request) -> Response:
        """The drawing, its colours and whatever else a person takes away, as one ZIP file."""
        words = await words_of(request, ARCHIVE)
        hints = from_json(words["hints"], "hint")
        drawing = self.drawings.get(words["drawing"])
        files = words["files"]
        clear = words.get("transparent", False)
        content = await self.painting.run(object(), lambda: self._archive(drawing, hints, files, clear), len(files) + 1)
        return _picture(content, kind="application/zip")

    def _archive(self, drawing: Drawing, hints: list[Hint], files: list[Any], transparent: bool) -> bytes:
        """In the thread. Files are stored as they are, for pictures are compressed; equal files make an equal ZIP.

        Layers that an answer has not got are left out: a network's that paints the lines itself, and of a flat fill.
        """

        def asked(run: str, variant: Any = 0) -> ColorRequest:
            model = None if run == FLAT else self.models.get(run)
            known = hints if model is None or model.hinted else []
            ways = {"whole": True, "bare": False, "transparent": transparent}
            return ColorRequest("", drawing, model, known, variant=_variant(variant, model), **ways)

        @cache
        def painted(run: str, variant: int) -> tuple[ColorRequest, Colorizer | None, Pixels]:
            request = asked(run, variant)
            colorizer = None if request.model is None else self._load(drawing, request.model)
            return request, colorizer, _painted(request, colorizer)

        @cache
        def apart(run: str, variant: int) -> dict[str, Layer]:
            return {layer.name: layer for layer in _apart(*painted(run, variant))}

        content: dict[str, Callable[..., bytes]] = {
            "drawing": lambda _: drawing.upload,
            "picture": lambda *of: _encoded(*painted(of[0], asked(*of).variant)),
            "hints": lambda run: self._hint_picture(asked(run)),
            "text": str.encode,
        }
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, kind, *of in files:
                if kind not in LAYER_KINDS:
                    archive.writestr(zipfile.ZipInfo(name), content[kind](*of))
                elif layer := apart(of[0], asked(*of).variant).get(kind):
                    archive.writestr(zipfile.ZipInfo(name), png(layer.pixels))
        return file.getvalue()

    def _hint_picture(self, asked: ColorRequest) -> bytes:
        colorizer = None if asked.model is None else self.models.load(asked.model)
        return png(coloring.layer(asked.drawing, colorizer, asked.hints))

    async def _model(self, name: str) -> Model | None:
        return None if name == FLAT else await run_in_threadpool(self.models.get, name)

    async def _asked(self, request: Request) -> ColorRequest:
        words = await words_of(request, COLORS)
        hints = from_json(words["hints"], "hint")
        model = await self._model(words["run"])
        variant = _variant(words.get("variant", 0), model)
        drawing = self.drawings.get(words["drawing"])
        ways = {name: words.get(name, False) for name in ("whole", "bare", "transparent", "layers")}
        return ColorRequest(words["drawing"], drawing, model, hints, variant=variant, **ways)


def _painted(asked: ColorRequest, colorizer: Colorizer | None) -> Pixels:
    """(H, W, 3): the picture, by the asked model's weights."""
    if colorizer is None:
        return coloring.color_flat(asked.drawing, asked.hints, whole=asked.whole)
    return coloring.color(asked.drawing, colorizer, asked.hints, whole=asked.whole, variant=asked.variant)


def _apart(asked: ColorRequest, colorizer: Colorizer | None, picture: Pixels) -> list[Layer]:
    return coloring.apart(asked.drawing, colorizer, asked.hints, picture, transparent=asked.transparent)


def _encoded(asked: ColorRequest, colorizer: Colorizer | None, picture: Pixels) -> bytes:
    """The file that was asked for."""
    if not asked.whole:
        return png(picture)
    if asked.layers:
        return openraster(_apart(asked, colorizer, picture))
    if asked.transparent:
        return png(merged(_apart(asked, colorizer, picture)))
    seen = asked.drawing if colorizer is None else asked.drawing.seen_by(colorizer)
    return png(seen.prepared.on_its_ground(picture))


def _variant(variant: Any, model: Model | None) -> int:
    noise, run = (0, FLAT) if model is None else (model.experiment.generator.noise, model.name)
    return check_variant(variant, noise, run)


def png(picture: Pixels) -> bytes:
    """An (H, W), (H, W, 3) or (H, W, 4) picture as PNG, for a reader on this machine: quick rather than small."""
    order = {2: None, 3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}[picture.shape[2] if picture.ndim == 3 else 2]
    done, encoded = cv2.imencode(".png", picture if order is None else cv2.cvtColor(picture, order), FAST)
    if not done:
        raise RuntimeError(f"OpenCV could not encode a picture of {picture.shape}")
    return encoded.tobytes()


def bare(picture: Pixels) -> bytes:
    """An (H, W, 3) picture as bytes of red, green, blue and 255, row by row."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA)).tobytes()


def _picture(encoded: bytes, cache: str = "no-store", kind: str = "image/png", **headers: str) -> Response:
    return Response(encoded, media_type=kind, headers={"cache-control": cache, **headers})
