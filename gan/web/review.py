"""The review page: what it asks the server for."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

PAGE = Path(__file__).parent / "static" / "review.html"


def routes(folder: Path) -> list[BaseRoute]:
    """Of the review page over a folder of runs."""

    async def page(request: Request) -> Response:
        return FileResponse(PAGE)

    return [Route("/", page)]
