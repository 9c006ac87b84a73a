"""`gan report`: what it takes, what it refuses, and what stands in the file."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from gan.errors import RequestError
from gan.web.report import page as report
from tests.support.command import Gan
from tests.support.fake_runs import noisy, write_json, write_run, write_study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small study."""
    return write_study(tmp_path / "runs" / "sepia", seeds=(3, 4), arms=("l1", "l1_hints"), steps=100, rows=2)


def data_of(path: Path) -> dict[str, Any]:
    """The values that a report holds."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', path.read_text(), re.DOTALL)
    assert found
    values: dict[str, Any] = json.loads(found[1])
    return values


def test_the_command(gan: Gan, study: Path, tmp_path: Path) -> None:
    for _ in range(2):  # its own file it writes over
        made = gan("report", study, "--out", "report.html")
        assert (made.returncode, made.stdout, made.stderr) == (0, "report.html\n", "")
    values = data_of(tmp_path / "report.html")
    ids = ["l1/seed-3", "l1/seed-4", "l1_hints/seed-3", "l1_hints/seed-4"]
    assert [run["id"] for run in values["runs"]] == values["chosen"] == ids
    assert values["studies"][0]["verdicts"][0]["verdict"] == "supported"
    first = values["runs"][0]
    assert (first["study"], first["step"], first["state"], first["details"]["config"]["seed"]) == (".", 100, "done", 3)
    axis, losses = first["curves"]["G/reconstruction"]
    assert first["axes"][axis][0] == list(range(10, 101, 10))
    logged = [json.loads(line) for line in (study / "l1/seed-3/metrics.jsonl").read_text().splitlines()]
    assert losses == pytest.approx([row["G/reconstruction"] for row in logged], rel=1e-5)
    assert list(values["pictures"]["l1/seed-3"]["fakes"]) == [str(step) for step in range(10, 101, 10)]
    hinted = values["runs"][2]["details"]["hints"]["test"]["hints"]["3"]
    assert hinted["sepia_index"] == 0.09
    assert not any(name.endswith(("/hair", "/background")) for name in hinted)  # the report does not show them
    text = (tmp_path / "report.html").read_text()
    assert "http://" not in re.sub(r"https?://(www\.w3\.org|github\.com/leeoniya)", "", text)
    assert "default-src &#x27;none&#x27;" in text or "default-src 'none'" in text


def test_folders_of_every_kind(study: Path, tmp_path: Path) -> None:
    def ids(*folders: Path) -> list[str]:
        return [each.id for each in report.gather(folders)[0]]

    run = write_run(tmp_path / "runs" / "pix2pix" / "seed-0", "pix2pix", 0, steps=100, rows=2)
    assert ids(run) == ["pix2pix/seed-0"]
    assert ids(study / "l1" / "seed-3", run) == ["sepia/l1/seed-3", "pix2pix/seed-0"]
    assert len(ids(tmp_path / "runs")) == 5
    assert len(ids(tmp_path / "runs", study, study)) == 5  # each once
    assert {each.study for each in report.gather([tmp_path / "runs"])[0]} == {"sepia", None}


def test_the_title_says_what_is_in_it(study: Path, tmp_path: Path) -> None:
    def title(folder: Path) -> str:
        found = re.search("<title>(.*) · Report</title>", report.write([folder], tmp_path / "report.html").read_text())
        assert found
        return found[1]

    assert title(study) == "sepia"
    assert title(study / "l1" / "seed-3") == "l1/seed-3"
    for count, words in ((1, "sepia and 1 other run"), (2, "sepia and 2 other runs")):
        write_run(tmp_path / "runs" / "pix2pix" / f"seed-{count}", "pix2pix", count, steps=100, done=10, rows=1)
        assert title(tmp_path / "runs") == words


def test_what_is_refused(study: Path, tmp_path: Path) -> None:
    mine, out = tmp_path / "mine.html", tmp_path / "report.html"
    mine.write_text("<p>mine</p>")
    (tmp_path / "empty").mkdir()
    for folder, path, message in (
        (study, mine, "mine.html exists and was not made by gan report; choose another --out"),
        (study, tmp_path, "must be a file, and is a folder"),
        (tmp_path / "none", out, "none must be a run, a study or a folder that holds them: none such"),
        (tmp_path / "empty", out, "empty must be a run, a study or a folder that holds them, and holds no run"),
        (study, mine / "report.html", "must be writable"),
    ):
        with pytest.raises(RequestError, match=re.escape(message)):
            report.write([folder], path)
    assert mine.read_text() == "<p>mine</p>"
    assert not out.exists()


def test_it_is_written_whole_or_not_at_all(study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = report.write([study], tmp_path / "report.html")
    before = out.read_text()

    def broken(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", broken)
    with pytest.raises(RequestError, match="No space left"):
        report.write([study], out)
    assert out.read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "runs"]


def test_no_name_can_end_the_data(tmp_path: Path) -> None:
    name = "</script><script>alert(1)<!--"
    write_run(tmp_path / "runs" / name.replace("/", "") / "seed-0", "l1", 0, steps=100, rows=1)
    study = write_study(tmp_path / "runs" / "b", seeds=(0,), arms=("l1",), steps=100, rows=1)
    values = json.loads((study / "study.json").read_text())
    write_json(study / "study.json", values | {"name": name, "question": name})
    out = report.write([tmp_path / "runs"], tmp_path / "report.html")
    assert out.read_text().lower().count("<script") == 2
    assert "alert(1)<" not in out.read_text()
    assert data_of(out)["studies"][0]["question"] == name


@pytest.mark.slow
def test_under_three_megabytes(tmp_path: Path) -> None:
    """Four runs with ten grids each, of pictures that do not become small."""
    run = write_run(tmp_path / "runs" / "a" / "seed-0", "pix2pix_hints", 0, every=1)
    noisy(run)
    for arm in ("b", "c", "d"):
        shutil.copytree(run, tmp_path / "runs" / arm / "seed-0")
    out = report.write([tmp_path / "runs"], tmp_path / "report.html")
    assert out.stat().st_size < 3_000_000
    assert {len(run["fakes"]) for run in data_of(out)["pictures"].values()} == {10}
