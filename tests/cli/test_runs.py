"""The verbs that list, compare and rank runs, by the command's own entry."""

from pathlib import Path

import pytest

from gan.cli import main
from tests.support.fake_runs import write_json, write_run, write_study


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study of two arms, and a run of other data."""
    write_study(tmp_path / "runs" / "sepia", seeds=(3,), arms=("l1", "pix2pix"), steps=20, every=2, rows=1)
    write_run(tmp_path / "runs" / "half" / "seed-0", "l1,alpha=0.5", 0, steps=20, every=2, rows=1)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[list[list[str]], str]:
    """The words of each line of a command that ends well, and what it says on stderr."""
    assert main(words) == 0
    out, err = capsys.readouterr()
    return [line.split() for line in out.splitlines()], err


def test_runs(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, _ = printed(capsys, "runs")
    assert [line[0] for line in lines[1:]] == ["runs/half/seed-0", "runs/sepia/l1/seed-3", "runs/sepia/pix2pix/seed-3"]
    assert printed(capsys, "runs", "runs/half")[0][1][:3] == ["runs/half/seed-0", "done", "20/20"]


def test_best(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, said = printed(capsys, "best", "runs", "sepia_index")
    assert [line[0] for line in lines if line[0].startswith("runs/")] == [
        *("runs/sepia/pix2pix/seed-3", "runs/sepia/l1/seed-3", "runs/half/seed-0"),
    ]
    assert said == "2 data: numbers of other pictures, colours or sizes are not compared\n"
    assert main(["best", "runs", "nonsense"]) == 2


def test_compare(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, said = printed(capsys, "compare", "runs/sepia/l1/seed-3", "runs/half/seed-0")
    assert [line for line in lines if line[:1] == ["data.alpha"]] == [["data.alpha", "1.0", "0.5"]]
    assert said.startswith("gan: other data: runs/sepia/l1/seed-3: avatars 64 px; ")
    assert main(["compare", "runs/half/seed-0"]) == 2
    assert main(["compare", "runs/half/seed-0", "runs/sepia/l1"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith("no config.json in it; runs/sepia/l1/seed-3 is one")


def test_study_status(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_json(lab / "runs" / "sepia" / "study.json", {"missing": ["l1/seed-4"]})
    lines, _ = printed(capsys, "study", "--status")
    assert " ".join(lines[0]) == "study sepia: 2 of 3 runs are done, 1 missing"
    assert lines[3] == ["l1/seed-4", "missing"]
    assert not (lab / "runs" / "sepia" / ".locks").exists()
