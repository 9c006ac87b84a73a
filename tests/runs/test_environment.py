"""What a run is made with: the commit is that of this code, and of no repository that it happens to lie in."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import gan
from gan.runs.environment import MOST_DIFF

ASK = "from gan.runs.environment import git_state; print(git_state())"
KEEP = """
from pathlib import Path
from gan.config import Experiment
from gan.runs.folder import RunFolder
run = RunFolder(Path("run"))
run.begin(Experiment(), {}, 0)
print(run.code)
"""


def git(folder: Path, *words: str) -> str:
    """What git says in a folder."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    return subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def state_in(folder: Path, ask: str = ASK) -> object:
    """What the copy of this code in a folder records."""
    words = [sys.executable, "-P", "-c", ask]
    done = subprocess.run(
        words, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True
    )
    return eval(done.stdout)


@pytest.mark.slow
def test_a_repository_that_the_code_is_only_installed_below_is_not_recorded(tmp_path: Path) -> None:
    installed = tmp_path / ".venv" / "site-packages"
    shutil.copytree(Path(gan.__file__).parent, installed / "gan", ignore=shutil.ignore_patterns("web", "__pycache__"))
    git(tmp_path, "init", "-q")
    (tmp_path / "thesis.txt").write_text("mine")
    git(tmp_path, "add", "thesis.txt")
    git(tmp_path, "commit", "-q", "-m", "mine")
    assert state_in(installed) is None
    git(tmp_path, "add", ".venv")
    git(tmp_path, "commit", "-q", "-m", "and this code")
    assert state_in(installed) == {"commit": git(tmp_path, "rev-parse", "HEAD"), "dirty": False}
    (tmp_path / "thesis.txt").write_text("changed")
    assert state_in(installed) == {"commit": git(tmp_path, "rev-parse", "HEAD"), "dirty": True}


@pytest.mark.slow
def test_a_run_keeps_how_its_code_differs_from_its_commit(tmp_path: Path) -> None:
    """As a patch that git takes back; cut where it is long, and gone where the code is as it was committed."""
    shutil.copytree(Path(gan.__file__).parent, tmp_path / "gan", ignore=shutil.ignore_patterns("web", "__pycache__"))
    git(tmp_path, "init", "-q")
    (tmp_path / "notes.txt").write_text("before\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "this code")
    commit, kept = git(tmp_path, "rev-parse", "HEAD"), tmp_path / "run" / "code.diff"
    assert state_in(tmp_path, KEEP) == {"code/commit": commit, "code/dirty": False}
    assert not kept.exists()
    (tmp_path / "notes.txt").write_text("after\n")
    assert state_in(tmp_path, KEEP) == {"code/commit": commit, "code/dirty": True}
    git(tmp_path, "apply", "-R", str(kept))
    assert (tmp_path / "notes.txt").read_text() == "before\n"
    assert state_in(tmp_path, KEEP) == {"code/commit": commit, "code/dirty": False}
    assert not kept.exists()
    (tmp_path / "notes.txt").write_text("a long line\n" * 30_000)
    state_in(tmp_path, KEEP)
    content = kept.read_bytes()
    assert MOST_DIFF < len(content) < MOST_DIFF + 100
    assert content.startswith(b"diff --git a/notes.txt b/notes.txt")
    assert content.splitlines()[-1].startswith(b"# cut here: 3")
