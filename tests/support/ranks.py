"""Processes that train one run together, as torchrun starts them, and as any other launcher does."""

import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.command import environment_of_its_own

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "-m", "gan"]


def torchrun(*words: str | Path, cwd: Path) -> subprocess.Popen[str]:
    """`torchrun --nproc-per-node 2 -m gan WORDS`, running."""
    return _start([*TORCHRUN, *map(str, words)], cwd)


def two_places() -> list[dict[str, str]]:
    """What each of two ranks finds in its environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1]), "WORLD_SIZE": "2"}
    return [{"RANK": rank, "LOCAL_RANK": rank, **meeting} for rank in ("0", "1")]


def start_rank(words: Sequence[str | Path], cwd: Path, place: Mapping[str, str]) -> subprocess.Popen[str]:
    """`python WORDS` as one of the ranks, running."""
    return _start([sys.executable, *map(str, words)], cwd, **place)


def by_hand(words: Sequence[str | Path], cwd: Path) -> list[subprocess.CompletedProcess[str]]:
    """How each of two ranks of `python WORDS` ended."""
    started = [start_rank(words, cwd, place) for place in two_places()]
    ends = [process.communicate(timeout=300) for process in started]
    return [
        subprocess.CompletedProcess(process.args, process.returncode, out, err)
        for process, (out, err) in zip(started, ends, strict=True)
    ]


def _start(words: Sequence[str], cwd: Path, **changes: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        cwd=cwd,
        env=environment_of_its_own(
            OMP_NUM_THREADS="1", PYTHONPATH=str(Path(__file__).parents[2]), WANDB_MODE="disabled", **changes
        ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
