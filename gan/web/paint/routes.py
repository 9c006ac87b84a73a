"""The paint page, and where its requests go."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from gan.web.paths import STATIC

if TYPE_CHECKING:
    from gan.web.paint.studio import Studio

PAGE = STATIC / "paint" / "paint.html"


def routes(folder: Path) -> list[BaseRoute]:
    """Of the paint page over a folder of runs."""
    studio = LazyStudio(folder)
    return [
        Route("/paint", _page),
        Route("/api/paint/models", studio.to("list_models")),
        Route("/api/paint/start", studio.to("start")),
        Route("/api/paint/samples/{row}", studio.to("drawing")),
        Route("/api/paint/drawings", studio.to("upload"), methods=["POST"]),
        Route("/api/paint/drawings/{name}/areas", studio.to("areas")),
        Route("/api/paint/color", studio.to("color"), methods=["POST"]),
        Route("/api/paint/hints", studio.to("hint_picture"), methods=["POST"]),
        Route("/api/paint/zip", studio.to("archive"), methods=["POST"]),
    ]


async def _page(request: Request) -> Response:
    return FileResponse(PAGE)


class LazyStudio:
    """The studio of a folder, created at the first request: whoever only reviews waits for no PyTorch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._studio: Studio | None = None
        self._creating = asyncio.Lock()

    def to(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """The studio's answer of that name."""

        async def answer(request: Request) -> Response:
            answers: Callable[[Request], Awaitable[Response]] = getattr(await self._create(), name)
            return await answers(request)

        return answer

    async def _create(self) -> "Studio":
        async with self._creating:
            if self._studio is None:
                self._studio = await asyncio.to_thread(_studio_of, self.folder)
        return self._studio


def _studio_of(folder: Path) -> "Studio":
    from gan.web.paint.studio import Studio

    return Studio(folder)
