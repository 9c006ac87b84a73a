"""What the tests of the command share."""

from pathlib import Path

import pytest

from gan.cli import main
from tests.support.command import Refused, only_line


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Words of a request that must be refused -> the one line on stderr; here, for a process takes seconds."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> str:
        capsys.readouterr()
        status, said = main([*map(str, words)]), capsys.readouterr()
        return only_line(status, said.out, said.err)

    return run
