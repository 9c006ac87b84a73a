"""A connection that is closed where its client keeps the server waiting.

uvicorn closes a connection that is idle after an answer, but waits for ever for a first request, for the rest of one,
and for a client that does not read. Here each of these must go on within `PATIENCE` seconds. What the server itself
takes its time for, as a long painting, does not count.
"""

import asyncio
import json

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from gan.web.guard import HEADERS

PATIENCE = 15.0
"""Seconds in which something must come or go; a connection is closed within twice as many."""
SLICE = 16 << 10
"""Bytes of a request that count as something: a client that sends one at a time is not waited for."""


class Connection(H11Protocol):
    """Of a client, over HTTP/1.1. What is no HTTP is answered as everything else is: in JSON, with a sentence."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch it."""
        super().connection_made(transport)
        self._came = 0
        self._owed: tuple[object, int, int] | None = None
        self._timer = self.loop.call_later(PATIENCE, self._look)

    def data_received(self, data: bytes) -> None:
        """Count what comes."""
        self._came += len(data)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """End to watch it."""
        self._timer.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Say in JSON that it was no HTTP; where an answer has begun, or been sent, the connection just ends."""
        self._refuse(400, f"the request must be HTTP: {msg}")

    def _look(self) -> None:
        """Close the connection if the client owes what it owed the last time, else look again later."""
        before, self._owed = self._owed, self._owes()
        if self._owed is None or self._owed != before:
            self._timer = self.loop.call_later(PATIENCE, self._look)
        elif self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._refuse(408, "the request took too long to come")
        else:
            self.transport.abort()

    def _owes(self) -> tuple[object, int, int] | None:
        """What the client owes, which changes as it comes: the request after the last, more bytes, or to read."""
        unread = self.transport.get_write_buffer_size()
        waited_for = self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and not self.flow.read_paused
        return (self.cycle, self._came // SLICE, unread) if waited_for or unread else None

    def _refuse(self, status: int, sentence: str) -> None:
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            if self.cycle is not None:
                self.cycle.disconnected = True  # an answer that is being made has no reader any more
            body = json.dumps({"error": sentence}).encode()
            headers = HEADERS | {"Content-Type": "application/json", "Content-Length": str(len(body))}
            headers["Connection"] = "close"
            start = h11.Response(status_code=status, headers=list(headers.items()), reason=STATUS_PHRASES[status])
            for event in (start, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
