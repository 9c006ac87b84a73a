"""Run folders in which something is damaged, or is a folder or a pipe where a file should be.

The pages and the report go on, and name the run.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gan.web.app import build
from gan.web.report import page as report
from tests.support.asking import Asker
from tests.support.command import Gan
from tests.support.drawings import file_of, sketch
from tests.support.fake_runs import write_kept, write_run
from tests.support.painters import BLIND, save_run
from tests.web.conftest import SECONDS, Serve

RUN = "l1/seed-0"
FILES = (
    "config.json",
    "environment.json",
    "data.json",
    "metrics.jsonl",
    "hints-val.json",
    "pictures-val.json",
    "test.json",
)
ASKED = (
    *("/api/runs", "/api/study?study=sepia", f"/api/details?run={RUN}", f"/api/series?run={RUN}&metric=val/mae"),
    *(f"/samples/000020.png?run={RUN}", "/api/paint/models", f"/api/paint/start?run={RUN}"),
    *(f"/api/paint/samples/0?run={RUN}", f"/pictures/pictures-val.png?run={RUN}"),
)


def runs_in(folder: Path) -> Path:
    """A run that can colour and has all that a run can have, and a study."""
    run = write_run(folder / RUN, "l1", 0, steps=20, every=2, rows=1)
    save_run(BLIND, run)
    (run / "hints-val.json").write_text('{"title": "l1", "hints": {"0": {"mae": 0.1}}, "closed_forms": {}}')
    grey = torch.zeros(2, 3, 32, 32)
    write_kept(run, grey, grey, {"mae": [0.0, 0.0]})
    (folder / "sepia").mkdir()
    (folder / "sepia" / "study.json").write_text('{"name": "sepia"}')
    return run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    write_run(tmp_path / "runs" / "whole" / "seed-0", "l1", 0, steps=20, every=2, rows=1)
    return runs_in(tmp_path / "runs")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "runs"
    runs_in(folder)
    return folder


LINES = [
    *(b"123", b"null", b"\xff\xfe", b"[]", b'"a"', b"{}", b"", b"[" * 100_000, b'{"step": 1e999}', b'{"step": NaN}'),
    *(b'{"step": 1' + b"0" * 400 + b', "val/mae": 1}', b'{"step": 1e300, "val/mae": 1, "time": 1e308}', b"\r", b"\0"),
    *(b'{"step": 3, "val/mae": 1' + b"0" * 400 + b"}", b'{"step": 4, "val/mae": true}', b'{"step": "5", "val/mae": 1}'),
    b'{"a": ' * 900 + b"1" + b"}" * 900,
]
"""That are none of a run's own."""


def test_lines_that_are_none_are_left_out(run: Path) -> None:
    whole = (run / "metrics.jsonl").read_bytes()
    ask = Asker(build(run.parents[1]))
    before = json.loads(ask("GET", "/api/series", f"run={RUN}&metric=val/mae".encode()).body)
    (run / "metrics.jsonl").write_bytes(b"\n".join([*LINES, *whole.splitlines(), *LINES, b""]))
    ask = Asker(build(run.parents[1]))
    after = json.loads(ask("GET", "/api/series", f"run={RUN}&metric=val/mae".encode()).body)
    assert after[RUN]["series"] == before[RUN]["series"]
    for path in ASKED:
        ask("GET", *_split(path)).check()
    found, studies = report.gather([run.parents[1]])
    assert RUN in report.page(found, studies, "")


def _split(path: str) -> tuple[str, bytes]:
    path, _, query = path.partition("?")
    return path, query.encode()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([10**400, "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KNOWN = st.sampled_from(
    [
        *(
            "steps",
            "epochs",
            "batch_size",
            "seed",
            "data",
            "size",
            "name",
            "starts",
            "git",
            "packages",
            "pictures",
            "train",
        ),
        *(
            "step",
            "time",
            "val/mae",
            "hints",
            "0",
            "metrics",
            "closed_forms",
            "verdicts",
            "cells",
            "missing",
            "generator",
        ),
        *("noise", "kind", "numbers", "values", "differences", "confidence"),
    ]
)
CHANGES = st.lists(st.tuples(st.lists(KNOWN, min_size=1, max_size=3), JSON), max_size=4)


def changed(values: Any, names: list[str], value: Any) -> Any:
    """Values with another one there."""
    name, *rest = names
    if not isinstance(values, dict):
        return value
    return values | {name: changed(values.get(name), rest, value) if rest else value}


@settings(
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@example("config.json", [(["epochs"], 1e308), (["batch_size"], 1)])
@example("config.json", [(["epochs"], float("nan")), (["batch_size"], 1)])
@example("environment.json", [(["starts"], json.loads("[" * 400 + "]" * 400))])
@given(st.sampled_from([*FILES, "study.json"]), CHANGES | st.binary(max_size=30))
@pytest.mark.slow
def test_100_damaged_files(template: Path, name: str, changes: list[tuple[list[str], Any]] | bytes) -> None:
    folder = Path(shutil.copytree(template, template.with_name("copy"), dirs_exist_ok=True))
    run = folder / RUN
    path = folder / "sepia" / name if name == "study.json" else run / name
    if isinstance(changes, bytes):
        path.write_bytes(changes)
    else:
        values = json.loads(path.read_text().partition("\n")[0] if name == "metrics.jsonl" else path.read_text())
        for names, value in changes:
            values = changed(values, names, value)
        path.write_text(json.dumps(values) + "\n")
    ask = Asker(build(folder))
    for asked in ASKED:
        ask("GET", *_split(asked)).check()
    ask.close()
    found, studies = report.gather([folder])
    assert RUN in report.page(found, studies, "")


PLACES = (*FILES, "samples/000020.png", "pictures-val.png", "checkpoints/last.pt")


@pytest.mark.slow
def test_folders_and_pipes_in_the_place_of_files(serve: Serve, gan: Gan, run: Path, tmp_path: Path) -> None:
    """A pipe that nobody writes to would be waited for for ever."""
    folder = run.parents[1]
    ids = {"whole/seed-0", RUN}
    for make in (os.mkfifo, os.mkdir):
        for number, place in enumerate(PLACES):
            ids.add(f"{make.__name__}/seed-{number}")
            path = Path(shutil.copytree(run, folder / make.__name__ / f"seed-{number}")) / place
            path.unlink(missing_ok=True)
            make(path)
        (folder / f"{make.__name__}-study").mkdir()
        make(folder / f"{make.__name__}-study" / "study.json")
    with httpx.Client(base_url=serve(folder), timeout=SECONDS) as client:
        assert {each["id"] for each in client.get("/api/runs").json()["runs"]} == ids
        name = client.post("/api/paint/drawings", content=file_of(sketch(64))).json()["drawing"]
        for each in sorted(ids - {"whole/seed-0"}):
            for asked in ASKED:
                answer = client.get(asked.replace(RUN, each))
                assert answer.status_code < 500, answer.text
                assert answer.status_code < 400 or answer.json()["error"]
            painted = client.post("/api/paint/color", json={"drawing": name, "run": each, "hints": []})
            assert painted.status_code == 200 or each in painted.json()["error"]
    made = gan("report", folder, "--out", "report.html")
    assert (made.returncode, made.stderr) == (0, "")
    text = (tmp_path / "report.html").read_text()
    assert [each for each in ids if each not in text] == []


def _stored(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    def store(path: Path) -> None:
        torch.save(change(torch.load(path, weights_only=True)), path)

    return store


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "text": lambda path: path.write_text("hello"),
    "a list": _stored(lambda stored: [stored]),
    "a step of another kind": _stored(lambda stored: stored | {"step": "many"}),
    "no weights": _stored(lambda stored: {name: stored[name] for name in stored if name != "generator"}),
    "weights of another kind": _stored(lambda stored: stored | {"generator": 5}),
    "weights that are none": _stored(
        lambda stored: stored | {"generator": {name: value * torch.nan for name, value in stored["generator"].items()}}
    ),
    "no experiment": _stored(lambda stored: stored | {"experiment": [1]}),
}


@pytest.mark.slow
def test_damaged_checkpoints_are_named(serve: Serve, run: Path) -> None:
    path = run / "checkpoints" / "last.pt"
    whole = path.read_bytes()
    with httpx.Client(base_url=serve(run.parents[1]), timeout=SECONDS) as client:
        name = client.post("/api/paint/drawings", content=file_of(sketch(64))).json()["drawing"]
        words = {"drawing": name, "run": RUN, "hints": []}
        for damage, spoil in DAMAGES.items():
            path.write_bytes(whole)
            spoil(path)
            answer = client.post("/api/paint/color", json=words)
            assert answer.status_code == 400, (damage, answer.text)
            assert f"{RUN}/checkpoints/last.pt" in answer.json()["error"]
            assert client.get("/api/paint/models").json()["models"][0]["run"] == RUN
        path.write_bytes(whole)
        assert client.post("/api/paint/color", json=words).status_code == 200
