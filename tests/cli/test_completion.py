"""What the shell completes: the words by themselves, and bash's own function in a bash."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gan.cli.completion import SCRIPTS, complete, field_options
from gan.cli.main import VERBS, parsers
from gan.config import Experiment, options
from tests.support.fake_runs import write_run


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three runs, one of them in a study, and an experiment; the command is called gan in it."""
    for name in ("l1/seed-2", "l1/seed-10", "sepia/l1,alpha=0/seed-3"):
        write_run(tmp_path / "runs" / name, "l1", 0, steps=10, every=10, rows=1)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments" / "l1.py").touch()
    (tmp_path / "experiments" / "log.txt").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def completed(line: str) -> list[str]:
    """What may stand in the place of the last word of a line, which may be empty."""
    return complete(line.split(" ")[1:], parsers()[1])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("gan e", ["evaluate", "experiments"]),
        ("gan co", ["colorize", "compare", "completion"]),
        ("gan nonsense ", []),
        ("gan --v", ["--version"]),
        ("gan evaluate --sp", ["--split"]),
        ("gan evaluate --split ", ["train", "val", "test"]),
        ("gan evaluate --split = te", ["test"]),  # as bash parts --split=te
        ("gan train x.py --adversarial.game h", ["hinge"]),
        ("gan train x.py --steps ", []),
        (
            "gan train x.py --new-rate --re",
            ["--resume", *(name for name in field_options() if name.startswith("--re"))],
        ),
        ("gan evaluate ", ["runs/l1/seed-2", "runs/l1/seed-10", "runs/sepia/l1,alpha=0/seed-3"]),
        ("gan evaluate runs/l", ["runs/l1/seed-2", "runs/l1/seed-10"]),
        ("gan evaluate sepia/", ["runs/sepia/l1,alpha=0/seed-3"]),
        (r"gan evaluate runs/sepia/l1\,alpha\=0/", ["runs/sepia/l1,alpha=0/seed-3"]),  # as bash has written it
        ("gan evaluate runs/l1/seed-2 ", []),  # one run is enough
        ("gan evaluate --average --device cpu runs/sepia/l", ["runs/sepia/l1,alpha=0/seed-3"]),
        ("gan compare runs/l1/seed-2 runs/l1/seed-1", ["runs/l1/seed-10"]),
        ("gan colorize runs/l1/seed-2 ", []),  # any file, which the shell knows
        ("gan train x.py --from l1/seed-1", ["runs/l1/seed-10"]),
        ("gan best runs lp", ["lpips"]),
        ("gan best runs ab", []),  # a metric of which neither way is better
        ("gan train ", ["experiments/", "runs/"]),
        ("gan study experiments/", ["experiments/l1.py"]),
        ("gan completion ", ["bash", "zsh"]),
    ],
)
def test_words(lab: Path, line: str, words: list[str]) -> None:
    assert completed(line) == words


def test_every_verb_and_every_field(lab: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert completed("gan ") == [verb.__name__.rpartition(".")[2] for verb in VERBS]
    options.show(Experiment(), "gan train")
    known = set(re.findall(r"(?<!-)--[a-z][\w.-]+", re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)))
    assert set(field_options()) == known - {"--help"}


def in_bash(lab: Path, line: str) -> list[str]:
    """What bash's function offers for a line, in a bash that has read the script."""
    command = lab / "bin" / "gan"
    command.parent.mkdir(exist_ok=True)
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m gan "$@"\n')
    command.chmod(0o755)
    words = line.split(" ")
    script = (
        'eval "$(gan completion bash)"\n'
        f"COMP_WORDS=({' '.join(map(shlex.quote, words))}) COMP_CWORD={len(words) - 1}\n"
        "complete -p gan\n"
        f"_gan gan {shlex.quote(words[-1])} {shlex.quote(words[-2])}\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    bash = ["bash", "--norc", "--noprofile", "-uo", "pipefail", "-c", script]
    done = subprocess.run(bash, cwd=lab, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    registered, *found = done.stdout.splitlines()
    assert registered == "complete -o default -F _gan gan"
    return found


def test_in_a_real_bash(lab: Path) -> None:
    assert in_bash(lab, "gan comp") == ["compare", "completion"]
    (lab / "runs" / "my runs").mkdir()
    shutil.copytree(lab / "runs" / "l1" / "seed-2", lab / "runs" / "my runs" / "seed-0")
    assert in_bash(lab, "gan evaluate --average runs/m") == ["runs/my runs/seed-0"]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="no zsh here")
def test_in_a_real_zsh(lab: Path) -> None:
    stubs = 'compdef() { }; _files() { print files }; compadd() { print -l -- "$@" }; gan() { print -l compare a/ }\n'
    script = f"{stubs}{SCRIPTS['zsh']}\nwords=(gan co) CURRENT=2\n_gan"
    done = subprocess.run(["zsh", "-fc", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["-U", "-S", "--", "a/", "-U", "--", "compare"]
