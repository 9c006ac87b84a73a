"""Whether a training with its pages open stays as large as it is: memory and open files of every process.

Run:  python scripts/soak.py MINUTES [--every SECONDS]

Trains a small run (32 px, two data workers), serves its folder, and asks again and again for everything that the review
page and the painter ask for, with a new drawing each time. Resident memory and open files are read from /proc, so it
needs Linux. In the first third caches fill; a line is fitted to the rest, and what it grows by must stay below 16 MB or
5 % of the memory, 4 files, and no process. Exit status 1 where something grows.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import numpy as np

from gan.web.paths import STATIC

ROOT = Path(__file__).parents[1]
TRAINING = (
    *("train", str(ROOT / "experiments" / "l1_hints.py"), "--steps", "10000000", "--generator.width", "8"),
    *("--data.size", "32", "--data.characters", "350", "--data.workers", "2"),
    *("--evaluation.every", "500", "--logging.every", "10", "--logging.checkpoint-minutes", "0.1"),
)
RUN = "l1_hints/seed-0"
DRAWING = (STATIC / "paint" / "characters" / "1.png").read_bytes()
HINT = {"x": 250, "y": 100, "color": "#3b6fd4"}
WARM = 1 / 3
"""Share of the time in which caches fill, and that is not judged."""
MEGABYTES, SHARE, FILES, PROCESSES = 16.0, 0.05, 4.0, 0.5
"""Growth that is allowed, over the rest."""
LONGEST = 600
"""Seconds until the training saves its first weights, and that an answer may take."""


@dataclass
class Track:
    """One process over time."""

    name: str
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """MB."""
    files: list[float] = field(default_factory=list)


def main() -> int:
    """Watch, and say what grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("minutes", type=float, metavar="MINUTES", help="how long, once the training has begun")
    parser.add_argument("--every", type=float, default=5, metavar="SECONDS", help="between two measurements (5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, _gan(*TRAINING, "--out", folder) as training:
        wait_for(Path(folder) / RUN / "checkpoints" / "last.pt", training)
        with _gan("serve", folder, "--port", "0") as server:
            assert server.stdout is not None
            address = server.stdout.readline().strip().rstrip("/")
            tracks, counts = watch({"train": training, "serve": server}, address, 60 * options.minutes, options.every)
    print(f"{'process':<24}{'memory (MB)':>14}{'growth':>10}{'open files':>14}{'growth':>10}")
    grown = [track.name for track in tracks if not report(track)]
    seconds = [options.every * number for number in range(len(counts))]
    more = growth(seconds, counts)
    print(f"processes: {counts[0]:.0f} -> {counts[-1]:.0f}, growth {more:+.1f}")
    grown += ["the number of processes"] if more > PROCESSES else []
    print(f"NOT FLAT: {', '.join(grown)}" if grown else "flat: every process kept its memory and its open files")
    return 1 if grown else 0


@contextmanager
def _gan(*words: str) -> Iterator[subprocess.Popen[str]]:
    """`gan` in a process, ended as a person ends it."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "gan", *words]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=LONGEST)


def wait_for(checkpoint: Path, training: subprocess.Popen[str]) -> None:
    """Wait until there is something to paint with."""
    until = time.monotonic() + LONGEST
    while not checkpoint.exists():
        if training.poll() is not None or time.monotonic() > until:
            raise SystemExit("the training did not begin")
        time.sleep(0.2)


def watch(
    roots: Mapping[str, subprocess.Popen[str]], address: str, seconds: float, every: float
) -> tuple[list[Track], list[float]]:
    """Ask for the pages for so long: what was measured of each process that lives at the end, and their numbers."""
    tracks: dict[int, Track] = {}
    counts: list[float] = []
    started = time.monotonic()
    while (now := time.monotonic() - started) < seconds or len(counts) < 3:
        if now >= every * len(counts):
            alive = {pid: name for role, root in roots.items() for pid, name in family(role, root.pid).items()}
            counts.append(len(alive))
            tracks = {pid: tracks.get(pid, Track(name)) for pid, name in alive.items()}
            for pid, track in tracks.items():
                measure(pid, now, track)
        ask_all(address)
        if gone := [role for role, root in roots.items() if root.poll() is not None]:
            raise SystemExit(f"gan {gone[0]} ended by itself")
    return list(tracks.values()), counts


def family(role: str, root: int) -> dict[int, str]:
    """Process id -> name, of a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # gone meanwhile
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    return {root: role} | {pid: f"{role}: {_kind(pid, parent != root)}" for pid, parent in _below(root, children)}


def _below(pid: int, children: Mapping[int, list[int]]) -> list[tuple[int, int]]:
    """(process id, its parent's) of all that descend from a process."""
    return [each for child in children.get(pid, []) for each in ((child, pid), *_below(child, children))]


def _kind(pid: int, is_grandchild: bool) -> str:
    """What a process does, by its command line; a data worker has that of the fork server whose child it is."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return "gone"
    known = re.search("resource_tracker|forkserver|wandb", words)
    if known is None:
        return Path(words.partition("\0")[0]).name
    return "worker" if is_grandchild and known[0] == "forkserver" else known[0]


def measure(pid: int, now: float, track: Track) -> None:
    """Add what a process has now; one that is gone adds nothing."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        files = len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return
    track.seconds.append(now)
    track.memory.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
    track.files.append(files)


def ask_all(address: str) -> None:
    """Everything that both pages ask for, once."""

    def ask(path: str, body: bytes | None = None, **query: Any) -> bytes:
        request = Request(f"{address}{path}?{urlencode(query, doseq=True)}", body)
        with urlopen(request, timeout=LONGEST) as answer:
            content: bytes = answer.read()
        return content

    for path in ("/", "/paint", "/static/review/main.js", "/api/page", "/api/runs", "/api/paint/models"):
        ask(path)
    details = json.loads(ask("/api/details", run=RUN))
    ask("/api/series", run=RUN, metric=["G/reconstruction", "val/mae", "val/sepia_index"])
    for step, changed in details[RUN]["samples"]["val"][-1:]:
        ask(f"/samples/{step:06d}.png", run=RUN, v=changed)
    ask("/api/paint/start", run=RUN)
    drawing = json.loads(ask("/api/paint/drawings", DRAWING))["drawing"]
    ask(f"/api/paint/drawings/{drawing}/areas")
    painting = {"drawing": drawing, "run": RUN, "hints": [HINT]}
    for place, words in (
        *(("color", painting), ("color", painting | {"run": "--flat"}), ("hints", painting)),
        ("zip", {"drawing": drawing, "hints": [HINT], "files": [["picture.png", "picture", RUN]]}),
    ):
        ask(f"/api/paint/{place}", json.dumps(words).encode())


def growth(seconds: list[float], values: list[float]) -> float:
    """How much a straight line grows that is fitted to the values after the caches have filled."""
    later = np.array(seconds) >= seconds[0] + WARM * (seconds[-1] - seconds[0])
    times, rest = np.array(seconds)[later], np.array(values)[later]
    return float(np.polyfit(times, rest, 1)[0] * (times[-1] - times[0])) if len(rest) > 1 else 0.0


def report(track: Track) -> bool:
    """Print a process; returns whether it is flat."""
    memory, files = growth(track.seconds, track.memory), growth(track.seconds, track.files)
    shown = f"{track.memory[0]:.0f} -> {track.memory[-1]:.0f}", f"{track.files[0]:.0f} -> {track.files[-1]:.0f}"
    print(f"{track.name:<24}{shown[0]:>14}{memory:>+10.1f}{shown[1]:>14}{files:>+10.1f}")
    return memory <= max(MEGABYTES, SHARE * float(np.median(track.memory))) and files <= FILES


if __name__ == "__main__":
    raise SystemExit(main())
