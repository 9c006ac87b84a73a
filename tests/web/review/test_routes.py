"""What the review page asks the server for, asked as anybody might."""

import http.client
import json
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import torch

from tests.support.fake_runs import row, write_kept, write_run
from tests.web.conftest import Serve


@pytest.fixture(scope="module")
def client(lab_address: str) -> httpx.Client:
    """Of the server over the folder that tests share."""
    return httpx.Client(base_url=lab_address)


def test_the_list(client: httpx.Client) -> None:
    answer = client.get("/api/runs")
    values = answer.json()
    assert [run["id"] for run in values["runs"]] == [
        "pix2pix/seed-0",
        *("sepia/l1/seed-3", "sepia/l1/seed-4", "sepia/l1_hints/seed-3", "sepia/l1_hints/seed-4"),
    ]
    assert [study["name"] for study in values["studies"]] == ["sepia"]
    first = values["runs"][0]
    assert (first["step"], first["steps"], first["seed"], first["broken"]) == (50, 100, 0, "")
    again = client.get("/api/runs", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_the_page_knows_of_metrics_and_grids(client: httpx.Client) -> None:
    values = client.get("/api/page").json()
    psnr = next(metric for metric in values["catalog"]["metrics"] if metric["name"] == "psnr")
    assert (psnr["better"], psnr["unit"], "page" in psnr["places"]) == ("higher", "dB", True)
    assert values["catalog"]["first"][0] == "val/sepia_index"
    draws = ["line", *(f"draw {number}" for number in range(1, 9))]
    columns = ["line", "hint", "fake", "color"]
    assert values["grid"] == {"columns": columns, "draws": draws, "heading": 22, "padding": 2}


def test_the_details_of_chosen_runs(client: httpx.Client) -> None:
    values = client.get("/api/details", params={"run": ["sepia/l1_hints/seed-3", "gone/seed-0"]}).json()
    assert list(values) == ["sepia/l1_hints/seed-3"]
    (details,) = values.values()
    assert [step for step, _ in details["samples"]["val"]] == list(range(10, 101, 10))
    assert details["config"]["hints"]["kind"] == "regions"
    assert details["hints"]["test"]["hints"]["3"]["sepia_index"] == 0.09
    assert details["test"]["closed_forms"]["median"]["mae"] == 0.174
    assert (details["pictures"]["alpha"], details["pictures"]["colors"]) == (1.0, "palette")
    assert details["made_with"]["commit"] == "0123456789abcdef"


def test_the_curves_of_chosen_runs(client: httpx.Client) -> None:
    query = {"run": ["sepia/l1/seed-3"], "metric": ["G/reconstruction", "val/mae", "none/such"]}
    values = client.get("/api/series", params=query).json()["sepia/l1/seed-3"]
    assert values["whole"] is True
    assert set(values["series"]) == {"G/reconstruction", "val/mae"}
    logged = [row("l1", 3, step, 100) for step in range(10, 101, 10)]
    curve = values["series"]["val/mae"]
    assert curve["step"] == list(range(10, 101, 10))
    assert curve["value"] == pytest.approx([each["val/mae"] for each in logged], rel=1e-5)
    assert values["last"]["val/mae"] == [100, logged[-1]["val/mae"]]


def test_a_study(client: httpx.Client) -> None:
    study = client.get("/api/study", params={"study": "sepia"}).json()
    assert [verdict["verdict"] for verdict in study["verdicts"]] == ["supported", "refuted", "inconclusive"]
    assert study["cells"][0]["hints"]["0"]["sepia_index"]["closed"] == 1.0
    assert study["differences"][0]["text"] == "l1 - pix2pix: sepia index"


def test_a_grid(client: httpx.Client, lab: Path) -> None:
    answer = client.get("/samples/000100.png", params={"run": "sepia/l1/seed-3", "v": "1"})
    assert answer.content == (lab / "sepia/l1/seed-3/samples/000100.png").read_bytes()
    assert answer.headers["content-type"] == "image/png"
    assert "immutable" in answer.headers["cache-control"]
    fresh = client.get("/samples/000100-train.png", params={"run": "sepia/l1/seed-3"})
    assert fresh.headers["cache-control"] == "no-cache"


def test_pictures_that_were_kept_one_by_one(serve: Serve, tmp_path: Path) -> None:
    run = write_run(tmp_path / "l1" / "seed-0", "l1", 0, steps=100, rows=1)
    grey = torch.zeros(2, 3, 32, 32)
    write_kept(run, grey, grey, {"mae": [0.0, None]})
    write_kept(run, grey, grey, {"mae": [0.0]}, "test")  # of how many pictures is not clear
    with httpx.Client(base_url=serve(tmp_path)) as client:
        kept = client.get("/api/details", params={"run": "l1/seed-0"}).json()["l1/seed-0"]["kept"]
        assert list(kept) == ["val"]
        assert (kept["val"]["keys"], kept["val"]["metrics"]) == (["p0", "p1"], {"mae": [0.0, None]})
        assert kept["val"]["changed"] == (run / "pictures-val.json").stat().st_mtime_ns // 1_000_000
        sheet = client.get("/pictures/pictures-val.png", params={"run": "l1/seed-0", "v": 1})
    assert sheet.content == (run / "pictures-val.png").read_bytes()
    assert "immutable" in sheet.headers["cache-control"]


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/api/details", 400, "between 1 and 64 runs may be asked for at once, not 0"),
        ("/api/details?" + "run=a&" * 65, 400, "between 1 and 64 runs may be asked for at once, not 65"),
        ("/api/series?run=a&" + "metric=a&" * 33, 400, "at most 32 metrics may be asked for at once, not 33"),
        ("/samples/000100.png", 400, "run must be given once, not 0 times"),
        ("/samples/000100.png?run=a&run=b", 400, "run must be given once, not 2 times"),
        ("/samples/000100.png?run=nothing", 404, "there is no run 'nothing'"),
        ("/samples/000100.png?run=..", 404, "there is no run '..'"),
        ("/samples/000100.png?run=%2Fetc", 404, "there is no run '/etc'"),
        ("/samples/000100.png?run=pix2pix/seed-0/../seed-0", 404, "there is no run 'pix2pix/seed-0/../seed-0'"),
        ("/samples/999999.png?run=pix2pix/seed-0", 404, "there is no 'pix2pix/seed-0/samples/999999.png'"),
        ("/samples/000100-draws.png?run=pix2pix/seed-0", 404, "no 'pix2pix/seed-0/samples/000100-draws.png'"),
        ("/samples/000100-draws-train.png?run=pix2pix/seed-0", 400, "a grid must be named as"),
        (
            "/samples/config.json?run=pix2pix/seed-0",
            400,
            "a grid must be named as 000100.png, 000100-train.png or 000100-draws.png",
        ),
        ("/pictures/pictures-val.png", 400, "run must be given once, not 0 times"),
        ("/pictures/pictures-val.png?run=pix2pix/seed-0", 404, "there is no 'pix2pix/seed-0/pictures-val.png'"),
        ("/pictures/config.json?run=pix2pix/seed-0", 400, "a sheet must be named as pictures-val.png"),
        ("/samples/..%2Fconfig.json?run=pix2pix/seed-0", 404, "there is no such page"),
        ("/samples/%2e%2e?run=pix2pix/seed-0", 400, "a grid must be named"),
        ("/samples/..%252fconfig.json?run=pix2pix/seed-0", 400, "a grid must be named"),
        ("/api/study?study=..", 404, "there is no study '..'"),
        ("/static/../app.py", 404, "there is no '../app.py'"),
        ("/static/%2e%2e/app.py", 404, "there is no '../app.py'"),
        ("/static/..%2fapp.py", 404, "there is no '../app.py'"),
        ("/static//etc/passwd", 404, "there is no '/etc/passwd'"),
        ("/static/%252e%252e/app.py", 404, "there is no '%2e%2e/app.py'"),
        ("/static/", 404, "there is no ''"),
        ("/nothing", 404, "there is no such page"),
    ],
)
def test_requests_that_cannot_be_met(lab_address: str, address: str, status: int, sentence: str) -> None:
    where = urlsplit(lab_address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port or 0)  # changes nothing of the path
    connection.request("GET", address)
    answer = connection.getresponse()
    assert answer.status == status
    assert sentence in json.loads(answer.read())["error"]
    connection.close()


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET \x00 HTTP/1.1\r\nHost: a\r\n\r\n"]
)
def test_what_is_no_request(lab_address: str, sent: bytes) -> None:
    where = urlsplit(lab_address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port or 0)
    connection.connect()
    assert connection.sock
    connection.sock.sendall(sent)
    assert connection.sock.recv(100).startswith((b"HTTP/1.1 400", b"HTTP/1.1 421"))
    connection.close()


def test_other_sites_and_methods(client: httpx.Client) -> None:
    assert client.get("/api/runs", headers={"Host": "evil.example"}).status_code == 421
    assert client.get("/api/runs", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get("/api/runs", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/api/runs").status_code == 405
    assert client.delete("/api/runs").json()["error"] == "the method must be one of GET, HEAD, POST"


def test_every_answer_carries_the_policy(client: httpx.Client) -> None:
    for address in ("/", "/api/runs", "/nothing", "/static/review/main.js"):
        headers = client.get(address).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; ")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers
    assert client.get("/static/review/main.js").headers["content-type"] == "text/javascript; charset=utf-8"


def test_a_get_changes_nothing(serve: Serve, tmp_path: Path) -> None:
    write_run(tmp_path / "a" / "seed-0", "l1", 0, steps=20, rows=1)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with httpx.Client(base_url=serve(tmp_path)) as client:
        for address in ("/", "/api/runs", "/api/details?run=a/seed-0", "/api/series?run=a/seed-0&metric=val/mae"):
            assert client.get(address).status_code == 200
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_link_that_leads_out_of_the_folder(serve: Serve, tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs" / "a" / "seed-0", "l1", 0, steps=20, rows=1)
    shutil.copy(run / "samples" / "000020.png", tmp_path / "secret.png")
    (run / "samples" / "000022.png").symlink_to(tmp_path / "secret.png")
    (run / "samples" / "000024.png").symlink_to(run / "samples" / "000020.png")
    with httpx.Client(base_url=serve(tmp_path / "runs")) as client:
        found = [client.get(f"/samples/0000{step}.png?run=a/seed-0").status_code for step in (20, 22, 24)]
    assert found == [200, 404, 200]
