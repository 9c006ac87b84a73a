"""Clients that send everything before they read get the answer nevertheless."""

import http.client
import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from gan.web import unread
from gan.web.paint.drawings import MOST_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("keep", ["close", "keep-alive"])
@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/api/paint/drawings", 413, "the drawing must have at most 20 MB"),
        ("/api/paint/color", 413, "a request must have at most 1000000 bytes"),
        ("/api/runs", 405, "this page takes no such method"),
        ("/nothing", 404, "there is no such page"),
    ],
)
def test_the_answer_arrives(
    lab_address: str, address: str, status: int, sentence: str, keep: str, chunked: bool
) -> None:
    where = urlsplit(lab_address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port or 0)
    part = b"\0" * 1_000_000
    parts = [part] * (MOST_BYTES // len(part) + 5)
    headers = {"Connection": keep, "Content-Length": str(len(part) * len(parts))}
    if chunked:
        headers = {"Connection": keep, "Transfer-Encoding": "chunked"}
    connection.request("POST", address, iter(parts), headers, encode_chunked=chunked)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())) == (status, {"error": sentence})
    assert answer.headers["connection"] == "close"
    connection.close()


def test_it_arrives_before_the_body_has(lab_address: str) -> None:
    """Who reads while it sends need not send it all; who waits to be asked for the body is told before."""
    where = urlsplit(lab_address)
    head = b"POST /api/paint/drawings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90000000\r\n"
    for more in (b"\r\n" + b"\0" * 1000, b"Expect: 100-continue\r\n\r\n"):
        with socket.create_connection((where.hostname or "", where.port or 0), 30) as connection:
            connection.sendall(head + more)
            content = b""
            while not content.endswith(b'{"error":"the drawing must have at most 20 MB"}'):
                part = connection.recv(1 << 16)
                assert part
                content += part
            assert content.startswith(b"HTTP/1.1 413")


def test_no_more_is_read_than_is_worth_it(lab_address: str) -> None:
    """An endless body is cut off."""

    def endless() -> Iterator[bytes]:
        for _ in range(2 * unread.MOST_BYTES // 10_000_000):
            yield b"\0" * 10_000_000

    where = urlsplit(lab_address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port or 0)
    with pytest.raises(ConnectionError):
        connection.request("POST", "/nothing", endless(), encode_chunked=True)
    connection.close()
