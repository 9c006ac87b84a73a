"""Requests that nobody would make: none is a failure, and none is answered with what lies outside the folder."""

import io
import json
import os
import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from gan.web.app import build
from tests.support.asking import HOST, Asker
from tests.support.drawings import file_of, sketch
from tests.support.fake_runs import write_run
from tests.support.painters import SAMPLING, save_run, three_runs
from tests.web.conftest import Serve

SECRET = b"nobody may read this"
RUNS = ("l1/seed-0", "l1_hints/seed-0", "pix2pix_hints/seed-1", "sampler_lines/seed-0", "grids/seed-0")


def fuzz(count: int) -> settings:
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs that colour, one with grids, a link that leads out; secrets above and beside them."""
    home = tmp_path_factory.mktemp("home")
    folder = three_runs(home / "runs")
    save_run(SAMPLING, folder / SAMPLING.name / "seed-0")
    write_run(folder / "grids" / "seed-0", "l1", 0, steps=20, rows=1)
    outside = write_run(home / "outside" / "seed-0", "l1", 0, steps=20, rows=1)
    (folder / "out").symlink_to(home / "outside")
    for path in (home / "secret.txt", outside / "config.json", outside / "samples" / "000020.png"):
        path.write_bytes(SECRET)
    (folder / "grids" / "seed-0" / "samples" / "000030.png").symlink_to(outside / "samples" / "000020.png")
    return folder


opened: list[str] = []
"""What Python opened or listed; filled while a test of this module runs."""
listening: list[bool] = []


def _listen(event: str, words: tuple[Any, ...]) -> None:
    if listening and event in ("open", "os.listdir", "os.scandir") and isinstance(words[0], str | bytes):
        opened.append(os.fsdecode(words[0]))


@pytest.fixture(scope="module")
def ask(folder: Path) -> Iterator[Asker]:
    """The application; at the end, nothing below the folder's home was opened that is not below the folder."""
    sys.addaudithook(_listen)  # for good: a hook cannot be taken away
    listening.append(True)
    asker = Asker(build(folder))
    asker("GET", "/api/paint/models").check()
    yield asker
    listening.clear()
    asker.close()
    real = [os.path.realpath(path) for path in opened]
    home = os.path.realpath(folder.parent)
    assert any(path.startswith(f"{home}/runs/") for path in real)
    assert [path for path in real if path.startswith(home) and not f"{path}/".startswith(f"{home}/runs/")] == []
    assert [path for path in real if path.startswith("/etc/")] == []


@pytest.fixture(scope="module")
def drawing(ask: Asker) -> str:
    """The name of an uploaded drawing."""
    name: str = json.loads(ask("POST", "/api/paint/drawings", body=file_of(sketch(96)[:, :64])).body)["drawing"]
    return name


PLACES = st.sampled_from(
    [
        *(
            "/api/runs",
            "/api/page",
            "/api/study",
            "/api/details",
            "/api/series",
            "/samples/",
            "/pictures/",
            "/static/",
            "/",
            "/paint",
        ),
        *("/api/paint/models", "/api/paint/start", "/api/paint/samples/", "/api/paint/drawings", "/api/paint/color"),
        *("/api/paint/hints", "/api/paint/zip", "/api/paint/drawings/"),
    ]
)
STEPS = st.sampled_from(
    [
        *(
            "..",
            ".",
            "%2e%2e",
            "..%2f",
            "%252e%252e",
            "..\\",
            "%5c..",
            "%00",
            "%ff",
            "%0a",
            "~",
            "secret.txt",
            "outside",
        ),
        "pictures-val.png",
        *("home", "etc", "passwd", "%2fetc%2fpasswd", "runs", "samples", "config.json", "000020.png", "000030.png"),
        *(
            "000020-train.png",
            "pictures-val.png",
            "out",
            "seed-0",
            "grids",
            "areas",
            "review",
            "main.js",
            "0",
            "9" * 5000,
            "-1",
            "%d9%a3",
        ),
    ]
)
STEP = STEPS | st.text(max_size=9).map(quote)
PATHS = st.builds(lambda place, steps: place + "/".join(steps), PLACES, st.tuples(STEP) | st.lists(STEP, max_size=4))
VALUES = st.sampled_from([*RUNS, "..", "../outside/seed-0", "out/seed-0", ".", "", "--flat", "/etc", "val/mae", "loss"])
NAMES = st.sampled_from(["run", "metric", "study", "v", "row"]) | st.text(max_size=5)
QUERIES = st.tuples(st.just("run"), st.sampled_from(RUNS)).map(lambda pair: [pair]) | st.lists(
    st.tuples(NAMES, VALUES | st.text(max_size=9)), max_size=5
)


def queried(pairs: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs).encode()


@fuzz(300)
@given(st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "brew"]), PATHS, QUERIES)
@example("GET", "/samples/000030.png", [("run", "grids/seed-0")])
@example("GET", "/api/paint/samples/" + "9" * 5000, [("run", "l1/seed-0")])
@example("GET", "/static/%2e%2e/%2e%2e/%2e%2e/secret.txt", [])
def test_300_paths_and_queries(ask: Asker, method: str, path: str, query: list[tuple[str, str]]) -> None:
    answer = ask(method, path, queried(query))
    answer.check()
    assert SECRET not in answer.body


HEADS = st.sampled_from(
    [
        *("host", "origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "range", "if-range", "if-none-match"),
        *("if-modified-since", "content-type", "content-encoding", "accept-encoding", "expect", "connection", "cookie"),
        *("transfer-encoding", "x-forwarded-for", "x-forwarded-host", "forwarded", "upgrade", "te"),
    ]
)
WORDS = st.sampled_from(
    [
        *(
            "127.0.0.1:8000",
            "http://127.0.0.1:8000",
            "localhost",
            "evil.example",
            "null",
            "none",
            "same-origin",
            "navigate",
        ),
        *(
            "bytes=0-",
            "bytes=9-1",
            "bytes=99999999-",
            "bytes=x",
            "items=0-1",
            "bytes=0-0,2-3",
            "*",
            '"x"',
            "gzip",
            "chunked",
        ),
        *("Thu, 01 Jan 1970 00:00:00 GMT", "100-continue", "websocket", "close", "/api/runs", "user@127.0.0.1"),
    ]
).map(str.encode)


@fuzz(300)
@given(PLACES, st.lists(st.tuples(HEADS.map(str.encode), WORDS | st.binary(max_size=20)), max_size=6), st.booleans())
def test_300_sets_of_headers(ask: Asker, path: str, headers: list[tuple[bytes, bytes]], own: bool) -> None:
    for place in (path, "/static/review/main.js", "/samples/000020.png"):
        answer = ask("GET", place, b"run=grids/seed-0", (*(HOST if own else ()), *headers))
        answer.check()
        assert own or answer.status >= 400 or any(name == b"host" for name, _ in headers)


NUMBERS = st.sampled_from(
    [0, -1, 1e308, -1e308, 5e-324, 10**400, 2**63, 0.5, 63.9, 64, 95.9, float("nan"), float("inf")]
)
LEAVES = st.none() | st.booleans() | NUMBERS | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800")
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))
GOOD_HINT = st.fixed_dictionaries(
    {"x": st.integers(0, 63), "y": st.integers(0, 95), "color": st.just("#c23b3b")},
    optional={"radius": st.none() | st.sampled_from([1, 1e308, 5e-324, 1e5])},
)
HINT = st.builds(
    lambda hint, name, value: hint | {name: value},
    GOOD_HINT,
    st.sampled_from(["x", "y", "color", "radius", "more"]),
    NUMBERS | LEAVES | st.sampled_from(["#fff", "red", "#c23b3\ud800"]),
)
FILE = st.tuples(
    st.sampled_from(["a.png", "../a.png", "/etc/a", "\0", "ä", "\ud800", "x" * 255]),
    st.sampled_from(["drawing", "picture", "hints", "text", "secret"]),
    st.sampled_from([*RUNS, "--flat", "../outside/seed-0", "\ud800", ""]),
)
FIELDS = {
    "drawing": st.just("the drawing") | st.just("the drawing") | st.text(max_size=5),
    "run": st.sampled_from([*RUNS, "--flat"]) | VALUES,
    "hints": st.lists(GOOD_HINT, max_size=3) | st.lists(HINT | ANYTHING, max_size=3),
}
MORE = {"whole": st.booleans() | LEAVES, "bare": st.booleans() | LEAVES, "variant": st.integers(-1, 2) | LEAVES}
FILES = {"files": st.lists(FILE.map(list), max_size=3) | ANYTHING}


@fuzz(300)
@given(st.sampled_from(["color", "hints"]), st.fixed_dictionaries(FIELDS, optional=MORE) | ANYTHING)
@example("color", {"drawing": "the drawing", "run": "--flat", "hints": [{"x": 1, "y": 1, "color": "\ud800"}]})
def test_300_paintings(ask: Asker, drawing: str, place: str, words: Any) -> None:
    ask("POST", f"/api/paint/{place}", body=body_of(words, drawing)).check()


@fuzz(200)
@given(st.fixed_dictionaries({name: FIELDS[name] for name in ("drawing", "hints")} | FILES) | ANYTHING)
def test_200_archives(ask: Asker, drawing: str, words: Any) -> None:
    answer = ask("POST", "/api/paint/zip", body=body_of(words, drawing))
    answer.check()
    assert SECRET not in answer.body


def body_of(words: Any, drawing: str) -> bytes:
    if isinstance(words, dict) and words.get("drawing") == "the drawing":
        words = words | {"drawing": drawing}
    return json.dumps(words).encode()


@fuzz(200)
@given(st.sampled_from(["color", "hints", "zip", "drawings"]), st.binary(max_size=200))
def test_200_bodies_of_any_bytes(ask: Asker, place: str, body: bytes) -> None:
    answer = ask("POST", f"/api/paint/{place}", body=body)
    answer.check()
    assert answer.status >= 400


def pictures() -> list[bytes]:
    """Of every kind and mode that is taken, and of odd shapes."""
    files = []
    for kind, mode in (("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("WEBP", "RGB")):
        for size in ((24, 32), (1, 1), (1, 200), (300, 1)):
            file = io.BytesIO()
            Image.new(mode, size).save(file, kind)
            files.append(file.getvalue())
    return files


@fuzz(150)
@given(
    st.sampled_from(pictures()),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=4),
    st.floats(0.3, 1) | st.just(1.0),
)
def test_150_uploads(ask: Asker, upload: bytes, changes: list[tuple[float, int]], kept: float) -> None:
    content = bytearray(upload)
    for place, value in changes:
        content[int(place * (len(content) - 1))] = value
    answer = ask("POST", "/api/paint/drawings", body=bytes(content[: int(kept * len(content))]))
    answer.check()
    if answer.status == 201:
        words = {"drawing": json.loads(answer.body)["drawing"], "run": "l1_hints/seed-0", "hints": [], "whole": True}
        ask("GET", f"/api/paint/drawings/{words['drawing']}/areas").check()
        ask("POST", "/api/paint/color", body=json.dumps(words).encode()).check()


@pytest.mark.slow
def test_100_streams_of_bytes_to_a_real_server(serve: Serve, folder: Path) -> None:
    """Whole, cut and mixed requests; it answers or ends the connection, prints no traceback, and goes on."""
    address = serve(folder)
    where, dice = urlsplit(address), random.Random(0)
    lines = [
        b"GET / HTTP/1.1",
        b"POST /api/paint/color HTTP/1.1",
        b"HEAD /\xff HTTP/1.0",
        b"Host: 127.0.0.1",
        b"Host: a",
    ]
    lines += [b"Content-Length: 5", b"Content-Length: -5", b"Transfer-Encoding: chunked", b"Upgrade: websocket", b"zz"]
    lines += [
        b"Connection: upgrade",
        b"Connection: close",
        b"Expect: 100-continue",
        b"",
        b"",
        b"5\r\nabcde",
        b"0",
        b"\0",
    ]
    for _ in range(100):
        sent = b"\r\n".join([lines[dice.randrange(3)], *dice.choices(lines, k=8)])
        with socket.create_connection((where.hostname or "", where.port or 0), 30) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            try:
                while connection.recv(1 << 16):
                    pass
            except ConnectionResetError:
                pass
    assert httpx.get(f"{address}/api/runs", timeout=30).status_code == 200
