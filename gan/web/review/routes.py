"""The review page: what it asks the server for. Every answer is a GET, and changes nothing.

/api/page                          the catalogue of metrics, and the layout of a grid
/api/runs                          every run and study below the folder, with versions; 304 where nothing changed
/api/study?study=ID                verdicts and cells of a study
/api/details?run=ID&run=...        configuration, steps of the grids, hint curves, test metrics
/api/series?run=ID&...&metric=...  last values of all metrics, and the curves of those named, decimated
/api/ending?run=ID                 why it gives no result, and the end of its log
/samples/NAME.png?run=ID           a grid
/pictures/NAME.png?run=ID          the sheet of the pictures that were kept one by one
"""

import hashlib
import re
import threading
import time
from pathlib import Path

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from gan.grid import LAYOUT
from gan.web import paths
from gan.web.answers import answer, to_json
from gan.web.library import SAMPLE, Library, Run
from gan.web.refused import Refused
from gan.web.review import describe, ending
from gan.web.review.series import Metrics

PAGE = paths.STATIC / "review" / "review.html"
MOST_RUNS = 64
"""In one question; a page that shows more asks several times."""
MOST_METRICS = 32
READING_SECONDS = 0.25
"""Longest reading of metrics.jsonl for one answer; the page asks again for what is missing."""
SHEET = re.compile(r"pictures-[\w-]+\.png")
FOREVER = "private, max-age=31536000, immutable"


def routes(folder: Path) -> list[BaseRoute]:
    """Of the review page over a folder of runs."""
    review = Review(folder)
    return [
        Route("/", _page),
        Route("/api/runs", review.runs),
        Route("/api/page", _about),
        Route("/api/study", review.study),
        Route("/api/details", review.details),
        Route("/api/series", review.series),
        Route("/api/ending", review.ending),
        Route("/samples/{name}", review.sample),
        Route("/pictures/{name}", review.sheet),
    ]


async def _page(request: Request) -> Response:
    return FileResponse(PAGE)


async def _about(request: Request) -> Response:
    return answer({"catalog": describe.catalog(), "grid": LAYOUT})


class Review:
    """Answers about one folder. Its methods run in threads."""

    def __init__(self, folder: Path) -> None:
        self.library = Library(folder)
        self._lock = threading.Lock()
        self._metrics: dict[str, Metrics] = {}

    def runs(self, request: Request) -> Response:
        """The list."""
        now = time.time()
        found = self.library.runs()
        with self._lock:
            self._metrics = {name: metrics for name, metrics in self._metrics.items() if name in found}
        body = to_json(
            {
                "folder": self.library.folder.name,
                "runs": [describe.line(self.library, run, now) for run in found.values()],
                "studies": [describe.study_line(self.library, name) for name in self.library.studies()],
            }
        ).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        return Response(body, media_type="application/json", headers={"ETag": tag})

    def study(self, request: Request) -> Response:
        """One study."""
        name = _one(request.query_params, "study")
        if name not in self.library.studies():
            raise Refused(404, f"there is no study {paths.shown(name)}")
        return answer(describe.study(self.library, name))

    def details(self, request: Request) -> Response:
        """Of the runs that are chosen; one that is gone is left out."""
        return answer({run.id: describe.details(self.library, run) for run in self._asked(request.query_params)})

    def series(self, request: Request) -> Response:
        """Curves of the runs that are chosen; one that is gone is left out."""
        names = request.query_params.getlist("metric")
        if len(names) > MOST_METRICS:
            raise Refused(400, f"at most {MOST_METRICS} metrics may be asked for at once, not {len(names)}")
        until = time.monotonic() + READING_SECONDS
        answers = {}
        for run in self._asked(request.query_params):
            metrics = self._metrics_of(run)
            metrics.read(max(0.0, until - time.monotonic()))
            answers[run.id] = describe.curves(metrics, names)
        return answer(answers)

    def ending(self, request: Request) -> Response:
        """How a run ended."""
        return answer(ending.ending(self.library, self.library.run(_one(request.query_params, "run")), time.time()))

    def sample(self, request: Request) -> Response:
        """A grid. With the time of its last change as `v` it may be kept for ever."""
        name = request.path_params["name"]
        if not SAMPLE.fullmatch(name):
            names = "000100.png, 000100-train.png or 000100-draws.png"
            raise Refused(400, f"a grid must be named as {names}, not {paths.shown(name)}")
        return self._picture(request, f"samples/{name}")

    def sheet(self, request: Request) -> Response:
        """Pictures that were kept one by one, cached as a grid is."""
        name = request.path_params["name"]
        if not SHEET.fullmatch(name):
            raise Refused(400, f"a sheet must be named as pictures-val.png, not {paths.shown(name)}")
        return self._picture(request, name)

    def _picture(self, request: Request, name: str) -> Response:
        content = self.library.content(self.library.run(_one(request.query_params, "run")), name)
        kept = FOREVER if "v" in request.query_params else "no-cache"
        return Response(content, media_type="image/png", headers={"Cache-Control": kept})

    def _asked(self, query: QueryParams) -> list[Run]:
        names = query.getlist("run")
        if not 1 <= len(names) <= MOST_RUNS:
            raise Refused(400, f"between 1 and {MOST_RUNS} runs may be asked for at once, not {len(names)}")
        found = self.library.runs()
        return [found[name] for name in dict.fromkeys(names) if name in found]

    def _metrics_of(self, run: Run) -> Metrics:
        with self._lock:
            return self._metrics.setdefault(run.id, Metrics(run.path / "metrics.jsonl"))


def _one(query: QueryParams, name: str) -> str:
    values = query.getlist(name)
    if len(values) != 1:
        raise Refused(400, f"{name} must be given once, not {len(values)} times")
    return values[0]
