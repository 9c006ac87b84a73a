"""What a run is made with: the commit is that of this code, and of no repository that it happens to lie in."""

import shutil
import subprocess
import sys
from pathlib import Path

import gan

ASK = "from gan.runs.environment import git_state; print(git_state())"


def git(folder: Path, *words: str) -> str:
    """What git says in a folder."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    return subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def state_in(folder: Path) -> object:
    """What the copy of this code in a folder records."""
    words = [sys.executable, "-P", "-c", ASK]
    done = subprocess.run(
        words, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=True
    )
    return eval(done.stdout)


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
