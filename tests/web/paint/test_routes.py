"""What the paint page asks the server for: the pictures of `gan colorize`, and sentences for wrong requests."""

import io
import json
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from httpx2 import Response
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gan.colorize.colorizer import Colorizer
from gan.config import Experiment, Hints
from gan.hints.painted import Hint
from gan.training import loop
from gan.web.app import build
from gan.web.paint import studio
from gan.web.paint.drawings import MOST_BYTES
from tests.support.drawings import bomb, file_of, on, sketch
from tests.support.painters import three_runs

A, B, BLIND = "l1_hints/seed-0", "pix2pix_hints/seed-1", "l1/seed-0"
PAGE = on(sketch(200)[:, :150], (40, 40, 90), (240, 238, 225))
DABS = [Hint(100, 100, (194, 59, 59), 12.5), Hint(20.25, 150, (59, 111, 212), 30)]
WORDS = [
    {"x": 100, "y": 100, "color": "#c23b3b", "radius": 12.5},
    {"x": 20.25, "y": 150, "color": "#3b6fd4", "radius": 30},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return three_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def application(folder: Path) -> Starlette:
    return build(folder)


@pytest.fixture(scope="module")
def client(application: Starlette) -> Iterator[TestClient]:
    with TestClient(application, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield client


def upload(client: TestClient, picture: np.ndarray = PAGE) -> str:
    answer = client.post("/api/paint/drawings", content=file_of(picture))
    assert answer.status_code == 201
    name: str = answer.json()["drawing"]
    return name


def color(client: TestClient, drawing: str, run: str = A, hints: list[Any] = WORDS, **more: object) -> Response:
    return client.post("/api/paint/color", json={"drawing": drawing, "run": run, "hints": hints, **more})


def picture_in(answer: Response) -> np.ndarray:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    decoded = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    return decoded[:, :, ::-1] if decoded.shape[2] == 3 else decoded[:, :, [2, 1, 0, 3]]


@pytest.mark.parametrize("run", [A, B])
def test_the_picture_is_that_of_the_command(client: TestClient, folder: Path, run: str) -> None:
    drawing = upload(client)
    colorizer = Colorizer.load(folder / run)
    for hints, words in (([], []), (DABS, WORDS)):
        assert np.array_equal(picture_in(color(client, drawing, run, words)), colorizer.color(PAGE, hints))
    answer = color(client, drawing, run, bare=True)
    pixels = np.frombuffer(answer.content, np.uint8).reshape(200, 150, 4)
    assert np.array_equal(pixels[:, :, :3], colorizer.color(PAGE, DABS))
    assert (pixels[:, :, 3] == 255).all()
    assert answer.headers["x-step"] == "0"
    assert [part.split(";")[0] for part in answer.headers["server-timing"].split(", ")] == [
        *("wait", "load", "paint", "encode")
    ]


def test_a_large_drawing_is_shown_smaller_and_kept_whole(client: TestClient, folder: Path) -> None:
    large = np.repeat(sketch(1400)[:, :700, None], 3, axis=2)
    answer = client.post("/api/paint/drawings", content=file_of(large)).json()
    assert (answer["width"], answer["height"], answer["shown"]) == (700, 1400, {"width": 512, "height": 1024})
    assert picture_in(color(client, answer["drawing"])).shape == (1024, 512, 3)
    whole = picture_in(color(client, answer["drawing"], whole=True))
    assert np.array_equal(whole, Colorizer.load(folder / A).color(large, DABS))


def test_hints_as_a_picture_give_the_same_picture(client: TestClient, folder: Path) -> None:
    drawing = upload(client)
    answer = client.post("/api/paint/hints", json={"drawing": drawing, "run": A, "hints": WORDS})
    layer = picture_in(answer)
    colorizer = Colorizer.load(folder / A)
    assert np.array_equal(colorizer.color(PAGE, hint_image=layer), colorizer.color(PAGE, DABS))


def test_everything_in_one_file(client: TestClient, folder: Path) -> None:
    drawing = upload(client)
    files = [
        ["mine.png", "drawing", ""],
        ["a.png", "picture", A],
        ["blind.png", "picture", BLIND],
        ["hints.png", "hints", A],
        ["größe.txt", "text", "ä\n"],
    ]
    request = {"drawing": drawing, "hints": WORDS, "files": files}
    answers = [client.post("/api/paint/zip", json=request) for _ in range(2)]
    assert [answer.headers["content-type"] for answer in answers] == ["application/zip"] * 2
    assert answers[0].content == answers[1].content
    with zipfile.ZipFile(io.BytesIO(answers[0].content)) as archive:
        assert archive.testzip() is None
        content = {name: archive.read(name) for name in archive.namelist()}
    assert list(content) == [name for name, _, _ in files]
    assert content["mine.png"] == file_of(PAGE)
    assert content["größe.txt"].decode() == "ä\n"
    pictures = {name: np.asarray(Image.open(io.BytesIO(content[name]))) for name in ("a.png", "blind.png", "hints.png")}
    colorizer = Colorizer.load(folder / A)
    assert np.array_equal(pictures["a.png"], colorizer.color(PAGE, DABS))
    assert np.array_equal(pictures["blind.png"], Colorizer.load(folder / BLIND).color(PAGE))
    assert np.array_equal(colorizer.color(PAGE, hint_image=pictures["hints.png"]), colorizer.color(PAGE, DABS))


@pytest.mark.parametrize("run", [A, "--flat"])
def test_layers_are_those_of_the_picture(client: TestClient, run: str) -> None:
    """In the archive as PNG, and as OpenRaster; a flat fill has its colours once."""
    drawing = upload(client)
    kinds = ["lines", "colors", "flat"]
    files = [["a.png", "picture", run], *([f"a-{kind}.png", kind, run] for kind in kinds)]
    answer = client.post("/api/paint/zip", json={"drawing": drawing, "hints": WORDS, "files": files})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        found = {name: np.asarray(Image.open(io.BytesIO(archive.read(name)))) for name in archive.namelist()}
    assert list(found) == [name for name, kind, _ in files if not (run == "--flat" and kind == "colors")]
    answer = color(client, drawing, run, whole=True, layers=True)
    assert answer.headers["content-type"] == "image/openraster"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        for kind in kinds:
            name = f"data/{kind}.png"
            assert (name in archive.namelist()) == (f"a-{kind}.png" in found)
            if name in archive.namelist():
                assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read(name)))), found[f"a-{kind}.png"])
        whole = np.asarray(Image.open(io.BytesIO(archive.read("mergedimage.png"))))
    picture = picture_in(color(client, drawing, run, whole=True))
    assert np.array_equal(found["a.png"], picture)
    assert np.array_equal(whole[:, :, :3], picture)
    assert (whole[:, :, 3] == 255).all()
    lines, below = (found[f"a-{kind}.png"].astype(float) for kind in ("lines", "flat" if run == "--flat" else "colors"))
    laid = below[:, :, :3] * (1 - lines[:, :, 3:] / 255)
    assert np.array_equal(laid.round(), picture)


def test_a_transparent_background(client: TestClient) -> None:
    drawing, hint = upload(client), [{"x": 75, "y": 110, "color": "#c23b3b", "radius": 3}]
    opaque = picture_in(color(client, drawing, hints=hint, whole=True))
    clear = picture_in(color(client, drawing, hints=hint, whole=True, transparent=True))
    inside = clear[:, :, 3] == 255
    assert np.array_equal(clear[inside][:, :3], opaque[inside])
    assert inside[110, 75]
    assert tuple(clear[5, 75]) == (0, 0, 0, 0)
    request = {"drawing": drawing, "hints": hint, "files": [["a.png", "picture", A]], "transparent": True}
    with zipfile.ZipFile(io.BytesIO(client.post("/api/paint/zip", json=request).content)) as archive:
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(archive.read("a.png")))), clear)


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"files": [["a.png", "picture"]]}, 400, "files is none of that kind"),
        ({"files": [["a.png", "secret", "x"]]}, 400, "files is none of that kind"),
        ({"files": [["", "text", "x"]]}, 400, "files is none of that kind"),
        ({"files": [["a.png", "picture", "../secret"]]}, 404, "there is no run '../secret'"),
        ({"drawing": "gone"}, 410, "this drawing is not kept any more"),
        ({"more": 1}, 400, "a request must be"),
        ({"hints": [WORDS[0]] * 4_001}, 413, "a picture can have 4000 hints, not 4001"),
    ],
)
def test_wrong_requests_for_a_file(client: TestClient, changes: dict[str, Any], status: int, sentence: str) -> None:
    request = {"drawing": upload(client), "hints": [], "files": [["a.txt", "text", "x"]]} | changes
    answer = client.post("/api/paint/zip", json=request)
    assert answer.status_code == status
    assert sentence in answer.json()["error"]


def test_runs_without_hints_colour_and_are_told_none(client: TestClient, folder: Path) -> None:
    drawing = upload(client)
    assert np.array_equal(picture_in(color(client, drawing, BLIND, [])), Colorizer.load(folder / BLIND).color(PAGE))
    for answer in (
        color(client, drawing, BLIND),
        client.post("/api/paint/hints", json={"drawing": drawing, "run": BLIND, "hints": []}),
    ):
        assert answer.status_code == 400
        assert answer.json() == {"error": "hints need a run that was trained with them, and l1 was not"}


def test_two_people_get_their_own_pictures(client: TestClient, folder: Path) -> None:
    """Each on a drawing of their own, with hints of their own, at the same time."""
    pages = [PAGE, np.ascontiguousarray(PAGE[::-1])]
    drawings = [upload(client, page) for page in pages]
    words = [[one | {"color": tint} for one in WORDS] for tint in ("#00ff00", "#ff00ff")]
    tints = [(0, 255, 0), (255, 0, 255)]
    with ThreadPoolExecutor(8) as pool:
        jobs = [(person, pool.submit(color, client, drawings[person], A, words[person])) for person in [0, 1] * 8]
    colorizer = Colorizer.load(folder / A)
    expected = [
        colorizer.color(page, [Hint(one.x, one.y, tint, one.radius) for one in DABS])
        for page, tint in zip(pages, tints, strict=True)
    ]
    answers = [(person, job.result()) for person, job in jobs]
    assert {answer.status_code for _, answer in answers} <= {200, 204}
    for person, answer in answers:
        assert answer.status_code == 204 or np.array_equal(picture_in(answer), expected[person])
    assert {person for person, answer in answers if answer.status_code == 200} == {0, 1}


@pytest.mark.slow
def test_beyond_the_queue_is_a_503(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studio, "MOST_WAITING", 2)
    gate, inside = threading.Event(), threading.Event()

    def slow(self: object, *words: object) -> Any:
        inside.set()
        gate.wait(20)
        return b"", {}, 0

    monkeypatch.setattr(studio.Studio, "_color", slow)
    with TestClient(build(folder), base_url="http://127.0.0.1") as client, ThreadPoolExecutor(4) as pool:
        drawings = [upload(client, PAGE[: 100 + number]) for number in range(4)]
        first = pool.submit(color, client, drawings[0])
        inside.wait(20)
        waiting = [pool.submit(color, client, drawing) for drawing in drawings[1:]]
        refused = next(job for job in waiting if _is_refused(job))
        gate.set()
        assert refused.result().json() == {
            "error": "too many people are waiting for colours (2); try again in a moment"
        }
        assert sorted(job.result().status_code for job in [first, *waiting]) == [200, 200, 200, 503]


def _is_refused(job: Any) -> bool:
    try:
        return bool(job.result(timeout=5).status_code == 503)
    except TimeoutError:
        return False


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 400, "is empty"),
        (b"GIF89a nothing", 415, "not a JPEG, PNG, WebP, TIFF or BMP picture"),
        (bomb(9_000), 413, "9000x9000 is more than 16000000 pixels"),
        (b"\0" * (MOST_BYTES + 1), 413, "the drawing must have at most 20 MB"),
    ],
)
def test_uploads_are_limited_and_checked(client: TestClient, content: bytes, status: int, sentence: str) -> None:
    answer = client.post("/api/paint/drawings", content=content)
    assert answer.status_code == status
    assert sentence in answer.json()["error"]


def test_an_upload_without_a_length_is_limited_too(client: TestClient) -> None:
    answer = client.post("/api/paint/drawings", content=(b"\0" * 1_000_000 for _ in range(30)))
    assert answer.status_code == 413


def words(**changes: object) -> bytes:
    return json.dumps({"drawing": "x", "run": A, "hints": []} | changes).encode()


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 400, "it is no JSON"),
        (b"\xff\xfe", 400, "it is no JSON"),
        (b"[" * 100_000, 400, "it is no JSON"),
        (b"[]", 400, "a request must be"),
        (b"{}", 400, "a request must be"),
        (words(more=1), 400, "a request must be"),
        (words(drawing=5), 400, "drawing is none of that kind"),
        (words(whole="yes"), 400, "whole is none of that kind"),
        (words(hints={}), 400, "hints is none of that kind"),
        (words(hints=[1]), 400, "hint 1 must be"),
        (words(hints=[WORDS[0], {"x": 1, "y": 2, "color": "rod"}]), 400, "hint 2: the colour (rod) must be #RRGGBB"),
        (words(hints=[WORDS[0] | {"x": None}]), 400, "hint 1: None must be a number"),
        (b'{"drawing": "x", "run": "r", "hints": [{"x": NaN, "y": 1, "color": "#000000"}]}', 400, "must be a number"),
        (words(hints=[WORDS[0] | {"radius": -1}]), 400, "the radius (-1) must be above 0"),
        (words(hints=[WORDS[0]] * 4_001), 413, "a picture can have 4000 hints, not 4001"),
        (b" " * 1_000_001, 413, "a request must have at most 1000000 bytes"),
        (words(run="../secret"), 404, "there is no run '../secret'"),
        (words(run="l1_hints"), 404, "there is no run 'l1_hints'"),
        (words(), 410, "this drawing is not kept any more: upload it again"),
    ],
)
def test_wrong_requests_get_a_sentence(client: TestClient, content: bytes, status: int, sentence: str) -> None:
    for address in ("/api/paint/color", "/api/paint/hints"):
        answer = client.post(address, content=content)
        assert answer.status_code == status, answer.text
        assert sentence in answer.json()["error"]


def test_a_hint_beside_the_drawing(client: TestClient) -> None:
    drawing = upload(client)
    for address in ("/api/paint/color", "/api/paint/hints"):
        request = {"drawing": drawing, "run": A, "hints": [WORDS[0] | {"x": 150}]}
        answer = client.post(address, json=request)
        assert answer.status_code == 400
        assert answer.json()["error"] == "the hint at 150,100 must lie on the drawing, which has 150x200 pixels"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/paint/start", 404),
        ("/api/paint/start?run=../..", 404),
        ("/api/paint/samples/0?run=l1_hints/seed-0", 404),
        ("/api/paint/samples/99999999999999999999?run=l1/seed-0", 404),
        ("/api/paint/samples/-1?run=l1/seed-0", 404),
        ("/api/paint/color", 405),
        ("/api/paint/drawings", 405),
    ],
)
def test_wrong_addresses_get_a_sentence(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_other_sites_may_not_upload(client: TestClient) -> None:
    answer = client.post("/api/paint/drawings", content=file_of(PAGE), headers={"origin": "http://example.org"})
    assert answer.status_code == 403


def test_the_list(client: TestClient) -> None:
    answer = client.get("/api/paint/models").json()
    assert [(run["run"], run["dab"]) for run in answer["models"]] == [(BLIND, None), (A, [5, 9]), (B, [5, 9])]
    assert answer["limits"] == {"bytes": 20_000_000, "pixels": 16_000_000, "hints": 4_000, "variants": 1_000}
    assert [run["noise"] for run in answer["models"]] == [0, 0, 0]
    start = client.get("/api/paint/start", params={"run": A}).json()
    assert start["drawings"] == 0
    assert "Lisa Wischofsky, CC BY 4.0" in start["credit"]
    assert [client.get(address).status_code for address in start["characters"]] == [200] * 4


@pytest.mark.slow
def test_a_run_that_was_trained(tmp_path: Path, tiny: Experiment) -> None:
    """Not a made-up one: its grid gives the drawings to begin with, and its last weights the colours."""
    experiment = replace(tiny, name="trained", hints=Hints(kind="regions", dab=(3, 5)))
    loop.train(experiment, tmp_path, resume=False)
    with TestClient(build(tmp_path), base_url="http://127.0.0.1") as client:
        (run,) = client.get("/api/paint/models").json()["models"]
        assert (run["run"], run["step"], run["dab"], run["shape"]) == ("trained/seed-0", 6, [3, 5], [32, 32])
        assert client.get("/api/paint/start", params={"run": run["run"]}).json()["drawings"] == 8
        sample = client.get("/api/paint/samples/7", params={"run": run["run"]})
        drawing = client.post("/api/paint/drawings", content=sample.content).json()
        assert (drawing["width"], drawing["height"]) == (32, 32)
        hints = [{"x": 16, "y": 16, "color": "#c23b3b", "radius": 2}]
        answer = color(client, drawing["drawing"], run["run"], hints)
        assert answer.headers["x-step"] == "6"
        line = np.repeat(
            cv2.imdecode(np.frombuffer(sample.content, np.uint8), cv2.IMREAD_GRAYSCALE)[:, :, None], 3, axis=2
        )
        expected = Colorizer.load(tmp_path / run["run"]).color(line, [Hint(16, 16, (194, 59, 59), 2)])
        assert np.array_equal(picture_in(answer), expected)


def test_whoever_only_reviews_waits_for_no_pytorch() -> None:
    script = "import sys, gan.web.app; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
