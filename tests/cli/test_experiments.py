"""The files that come with the package: listed, copied, and never over a person's own."""

from pathlib import Path

import pytest

from gan.cli.main import main
from gan.config import shipped
from gan.config.file import load_module
from gan.errors import RequestError

THERE = {path.name: path for path in (Path(__file__).parents[2] / "experiments").glob("*.py")}


def test_every_file_is_listed_with_its_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiments"]) == 0
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    assert lines.keys() == THERE.keys()
    for name, path in THERE.items():
        assert lines[name] == (load_module(path).__doc__ or "").partition("\n")[0]


def test_copies_are_whole_and_leave_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "l1.py").write_text("# my own\n")
    assert main(["experiments", "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{len(THERE) - 1} files copied into {out}; 1 were there, and stay\n"
    assert (out / "l1.py").read_text() == "# my own\n"
    for name, path in THERE.items():
        if name != "l1.py":
            assert (out / name).read_bytes() == path.read_bytes()
    assert {path.name for path in out.iterdir()} == THERE.keys()  # no drafts


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["experiments", "--out", str(tmp_path / "file")]) == 2
    assert "must be a folder, and is a file" in capsys.readouterr().err
    assert main(["experiments", "--out", str(tmp_path / "file" / "below")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_where_they_are_missing_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither a checkout around the package, nor a distribution that brought them."""
    monkeypatch.setattr(shipped.gan, "__file__", str(tmp_path / "gan" / "__init__.py"))
    monkeypatch.setattr(shipped, "DISTRIBUTION", "no-such-distribution")
    with pytest.raises(RequestError, match="must lie in share/gan-colorization/experiments"):
        shipped.experiment_files()
