"""What an answer leaves unread of its request.

A request that is refused, for it is too large or goes nowhere, is answered before it has been read. Were the connection
closed then, a client that sends everything before it reads would be cut off while it sends, and never see the answer.
"""

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 200_000_000
MOST_SECONDS = 60.0
"""So much is read, and for so long, until the connection is closed nevertheless."""


class Unread:
    """ASGI middleware that reads the rest of a request and forgets it, after the answer was sent.

    Args:
        app: the application.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, and read it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        more = "transfer-encoding" in headers or headers.get("content-length", "0") != "0"

        async def receive_part() -> Message:
            nonlocal more
            message = await receive()
            more = bool(message.get("more_body", False))  # which a client that has gone has not
            return message

        async def read_the_rest() -> None:
            count = 0
            while more and count < MOST_BYTES:
                count += len((await receive_part()).get("body", b""))

        async def send_and_read(message: Message) -> None:
            if message["type"] == "http.response.start" and more:
                MutableHeaders(scope=message)["Connection"] = "close"
            elif message["type"] == "http.response.body" and not message.get("more_body", False) and more:
                await send({**message, "more_body": True})  # complete to the client, which knows its length
                with suppress(TimeoutError):
                    await asyncio.wait_for(read_the_rest(), MOST_SECONDS)
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self.app(scope, receive_part, send_and_read)
