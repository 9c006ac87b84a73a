"""The paint page, and where its requests go."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from gan.web.assets import STATIC

if TYPE_CHECKING:
    from gan.web.paint.studio import Studio

PAGE = STATIC / "paint" / "paint.html"


def routes(folder: Path) -> list[BaseRoute]:
    """Of the paint page over a folder of runs."""
    door = Door(folder)
    return [
        Route("/paint", _page),
        Route("/api/paint/models", door.to("list_models")),
        Route("/api/paint/start", door.to("start")),
        Route("/api/paint/samples/{row:int}", door.to("drawing")),
        Route("/api/paint/drawings", door.to("upload"), methods=["POST"]),
        Route("/api/paint/color", door.to("color"), methods=["POST"]),
        Route("/api/paint/hints", door.to("hint_picture"), methods=["POST"]),
    ]


async def _page(request: Request) -> Response:
    return FileResponse(PAGE)


class Door:
    """To the studio of a folder, which is set up at the first request: whoever only reviews waits for no PyTorch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._studio: Studio | None = None
        self._opening = asyncio.Lock()

    def to(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """The studio's answer of that name."""

        async def answer(request: Request) -> Response:
            answers: Callable[[Request], Awaitable[Response]] = getattr(await self._open(), name)
            return await answers(request)

        return answer

    async def _open(self) -> "Studio":
        async with self._opening:
            if self._studio is None:
                self._studio = await asyncio.to_thread(_studio_of, self.folder)
        return self._studio


def _studio_of(folder: Path) -> "Studio":
    from gan.web.paint.studio import Studio

    return Studio(folder)
