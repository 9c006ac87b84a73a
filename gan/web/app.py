"""The server behind `gan serve`: the review page, the paint page, and what both share."""

import logging
import mimetypes
import socket
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from gan.errors import RequestError
from gan.web import paths
from gan.web.answers import answer
from gan.web.connection import Connection
from gan.web.guard import Guard, is_loopback, own_names
from gan.web.paint import routes as paint
from gan.web.refused import Refused
from gan.web.review import routes as review
from gan.web.unread import Unread

logger = logging.getLogger(__name__)
mimetypes.add_type("text/javascript", ".js")  # some systems have another name for it
LAST_WORDS_SECONDS = 2
"""How long an answer may take to end after the server was told to stop."""


def build(folder: Path, host: str = "127.0.0.1") -> Starlette:
    """The application over a folder of runs.

    Args:
        folder: where runs and studies are.
        host: the address or name that the server is bound to.
    """
    return Starlette(
        routes=[*review.routes(folder), *paint.routes(folder), Mount("/static", StaticPages(directory=paths.STATIC))],
        middleware=[Middleware(Unread), Middleware(Guard, names=own_names(host))],
        exception_handlers={RequestError: _refused, HTTPException: _http},
    )


class StaticPages(StaticFiles):
    """The files of the pages; what is not there is answered with a sentence."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or 304 where the browser has it.

        Raises:
            Refused: 404, there is none.
        """
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
            raise Refused(404, f"there is no {paths.shown(scope['path'].removeprefix('/static/'))}") from error


async def _refused(request: Request, error: Exception) -> Response:
    return answer({"error": str(error)}, error.status if isinstance(error, Refused) else 400)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentences = {404: "there is no such page", 405: "this page takes no such method"}
    return answer({"error": sentences.get(error.status_code, error.detail)}, error.status_code, error.headers)


def serve(folder: Path, host: str, port: int) -> None:
    """Serve both pages until Ctrl-C or SIGTERM; the address is printed once the port is bound.

    Args:
        folder: where runs and studies are.
        host: an address or a name of this machine.
        port: 0 for any that is free.

    Raises:
        RequestError: no such folder, or the address cannot be bound.
    """
    if not folder.is_dir():
        raise RequestError(f"{folder} must be a folder of runs: none such; gan train makes one")
    bound = _bind(host, port)
    if not is_loopback(host):
        logger.warning("--host %s: everybody who reaches this machine can see these runs and use its processor", host)
    shown = f"[{host}]" if ":" in host else host
    print(f"http://{shown}:{bound.getsockname()[1]}/", flush=True)
    errors = logging.getLogger("uvicorn.error")
    errors.addHandler(logging.StreamHandler())
    errors.addFilter(lambda record: "graceful shutdown" not in str(record.msg))  # who still waits gets a 503
    config = uvicorn.Config(
        build(folder.resolve(), host),
        http=Connection,
        lifespan="off",
        log_level="warning",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=LAST_WORDS_SECONDS,
    )
    try:
        uvicorn.Server(config).run(sockets=[bound])
    except KeyboardInterrupt:
        return
    finally:
        bound.close()


def _bind(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise RequestError(f"--port ({port}) must lie between 0 and 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
    except OSError as error:
        raise RequestError(f"--host ({host}) must be an address of this machine: {error.strerror}") from error
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(128)
    except OSError as error:
        bound.close()
        raise RequestError(f"{host}:{port} cannot be served at: {error.strerror}; choose another --port") from error
    return bound
