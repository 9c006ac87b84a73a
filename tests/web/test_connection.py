"""Clients that keep the server waiting, over real sockets; the server's patience is half a second here."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from gan.web.guard import HEADERS
from tests.web.conftest import SECONDS

pytestmark = pytest.mark.slow  # clients that wait for the server's patience to end

IMPATIENT = """
import asyncio
from gan.cli import main
from gan.web import connection
from gan.web.review import routes
about = routes._about
async def slow(request):
    await asyncio.sleep(2)
    return await about(request)
connection.PATIENCE, routes._about = 0.5, slow
raise SystemExit(main())
"""
"""`gan serve` where /api/page takes four times its patience."""
Connect = Callable[..., socket.socket]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    command = [sys.executable, "-c", IMPATIENT, "serve", str(tmp_path_factory.mktemp("runs")), "--port", "0"]
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as server:
        assert server.stdout
        yield int(server.stdout.readline().strip("/\n").rpartition(":")[2])
        server.terminate()
        assert "Traceback" not in server.communicate(timeout=SECONDS)[1]


@pytest.fixture
def connect(port: int) -> Iterator[Connect]:
    """A connection, after sending something."""
    sockets = []

    def start(sent: bytes = b"") -> socket.socket:
        sockets.append(socket.create_connection(("127.0.0.1", port), SECONDS))
        sockets[-1].sendall(sent)
        return sockets[-1]

    yield start
    for each in sockets:
        each.close()


def answer(connection: socket.socket) -> bytes:
    """One answer with its body, in however many parts it comes."""
    received = connection.recv(1 << 16)
    while b"\r\n\r\n" not in received or len(received.partition(b"\r\n\r\n")[2]) < length(received):
        part = connection.recv(1 << 16)
        assert part, f"it ended after {received!r}"
        received += part
    return received


def length(answered: bytes) -> int:
    """Of the body, as the head says."""
    (line,) = [one for one in answered.lower().split(b"\r\n") if one.startswith(b"content-length:")]
    return int(line.partition(b":")[2])


def everything(connection: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    content = b""
    try:
        while part := connection.recv(1 << 16):
            content += part
    except ConnectionResetError:
        pass
    return content


def trickle(connection: socket.socket, part: bytes = b"a", pause: float = 0.1, most: int = 200) -> int:
    """Send it again and again, up to so many times; returns how often, until the server had closed."""
    for count in range(most):
        try:
            connection.sendall(part)
        except OSError:
            return count
        time.sleep(pause)
    return most


def request(method: str = "GET", path: str = "/", *headers: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def answer_in(content: bytes, status: int) -> str:
    """The sentence of a refusal, which is JSON and carries what every answer does."""
    head, _, body = content.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert first.split()[1] == str(status), content
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    assert {name.lower(): value for name, value in HEADERS.items()}.items() <= headers.items()
    sentence: str = json.loads(body)["error"]
    return sentence


def test_a_connection_that_asks_nothing(connect: Connect) -> None:
    assert everything(connect()) == b""


def test_half_a_request(connect: Connect) -> None:
    assert answer_in(everything(connect(b"GET / HTTP/1.1\r\nHost")), 408) == "the request took too long to come"


def test_a_head_that_comes_byte_by_byte(connect: Connect) -> None:
    assert 2 < trickle(connect(b"GET / HTTP/1.1\r\nX: ")) < 100


def test_a_body_that_comes_byte_by_byte(connect: Connect) -> None:
    slow = connect(request("POST", "/api/paint/drawings", "Content-Length: 1000"))
    assert 2 < trickle(slow) < 100


def test_a_body_that_comes_after_its_refusal(connect: Connect) -> None:
    slow = connect(request("POST", "/nothing", "Content-Length: 1000"))
    assert 2 < trickle(slow) < 100
    assert b"there is no such page" in everything(slow)


def test_a_client_that_does_not_read(connect: Connect) -> None:
    asked = 2_000
    lazy = connect(request("GET", "/static/vendor/uPlot.js") * asked)
    time.sleep(3)
    assert 0 < everything(lazy).count(b"HTTP/1.1 200") < asked


def test_an_upload_over_a_slow_line_is_waited_for(connect: Connect) -> None:
    slow = connect(request("POST", "/api/paint/drawings", "Content-Length: 200000", "Connection: close"))
    assert trickle(slow, b"a" * 20_000, pause=0.2, most=10) == 10
    assert "not a JPEG" in answer_in(everything(slow), 415)


def test_an_answer_may_take_long(port: int) -> None:
    assert httpx.get(f"http://127.0.0.1:{port}/api/page", timeout=SECONDS).status_code == 200


def test_a_connection_in_use_stays_open(connect: Connect) -> None:
    used = connect()
    for _ in range(8):
        used.sendall(request("HEAD"))
        assert used.recv(1 << 16).startswith(b"HTTP/1.1 200")  # a head without a body
        time.sleep(0.3)


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET \xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        request("POST", "/api/paint/drawings", "Transfer-Encoding: chunked") + b"zz\r\n",
        request("POST", "/api/paint/drawings", "Content-Length: -1"),
    ],
)
def test_what_is_no_http(connect: Connect, sent: bytes) -> None:
    assert answer_in(everything(connect(sent)), 400).startswith("the request must be HTTP")


def test_what_becomes_no_http_after_the_answer(connect: Connect) -> None:
    broken = connect(request("POST", "/nothing", "Transfer-Encoding: chunked") + b"1\r\na\r\n")
    assert answer(broken).startswith(b"HTTP/1.1 404")
    broken.sendall(b"zz\r\n")
    assert everything(broken) == b""
