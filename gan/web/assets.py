"""The files of the pages, read once and answered from memory: a request's words are looked up, and open nothing."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from gan.web import paths
from gan.web.refused import Refused

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Asset:
    """One file."""

    content: bytes
    kind: str
    tag: str

    @classmethod
    def of(cls, path: Path) -> "Asset":
        content = path.read_bytes()
        kind = mimetypes.guess_type(path.name)[0] or "text/plain"
        kind = "text/javascript" if path.suffix == ".js" else kind
        return cls(content, kind, f'"{hashlib.sha256(content).hexdigest()[:24]}"')


class Assets:
    """Everything below a folder, by its path in it."""

    def __init__(self, folder: Path = STATIC) -> None:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        self.files = {path.relative_to(folder).as_posix(): Asset.of(path) for path in files}

    async def answer(self, request: Request) -> Response:
        """/static/NAME."""
        return self.get(request.path_params["name"], request)

    def get(self, name: str, request: Request) -> Response:
        """A file; 304 where the browser has it.

        Raises:
            Refused: 404 where there is none.
        """
        asset = self.files.get(name)
        if asset is None:
            raise Refused(404, f"there is no {paths.shown(name)}")
        if request.headers.get("if-none-match") == asset.tag:
            return Response(status_code=304, headers={"ETag": asset.tag})
        return Response(asset.content, media_type=asset.kind, headers={"ETag": asset.tag})
