"""Requests to the application itself, as a server hands them over: no client tidies them up before."""

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import unquote

from starlette.types import ASGIApp, Message

from gan.web.guard import HEADERS

Pairs = Sequence[tuple[bytes, bytes]]
HOST = ((b"host", b"127.0.0.1:8000"),)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def check(self) -> None:
        """It is no failure, carries what every answer does, and says in a JSON sentence what was wrong."""
        assert self.status < 500, self
        assert {name.lower(): value for name, value in HEADERS.items()}.items() <= self.headers.items()
        if self.status >= 400:
            assert self.headers["content-type"] == "application/json"
            (sentence,) = json.loads(self.body).values()
            assert json.loads(self.body) == {"error": sentence}
            assert len(sentence.splitlines()) == 1


class Asker:
    """Asks an application in an event loop of its own, which lasts as long as it.

    In a thread of its own, too: a browser that another test has used leaves its loop running in the main one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.runner = asyncio.Runner()
        self.thread = ThreadPoolExecutor(1)

    def __call__(self, method: str, path: str, query: bytes = b"", headers: Pairs = HOST, body: bytes = b"") -> Answer:
        """The answer to a request of a quoted path."""
        return self.thread.submit(lambda: self.runner.run(self._ask(method, path, query, headers, body))).result()

    def close(self) -> None:
        """End the loop and its thread."""
        self.thread.submit(self.runner.close).result()
        self.thread.shutdown()

    async def _ask(self, method: str, path: str, query: bytes, headers: Pairs, body: bytes) -> Answer:
        scope: dict[str, Any] = {"type": "http", "http_version": "1.1", "scheme": "http", "root_path": ""}
        scope |= {"method": method, "path": unquote(path), "raw_path": path.encode(), "query_string": query}
        scope |= {"headers": [*headers, (b"content-length", b"%d" % len(body))], "server": ("127.0.0.1", 8000)}
        sent: list[Message] = []
        parts = iter([{"type": "http.request", "body": body, "more_body": False}])

        async def receive() -> Message:
            return next(parts, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        named = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], named, b"".join(message.get("body", b"") for message in sent[1:]))
