"""The real command in a real pseudo-terminal."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path

from tests.support.command import environment_of_its_own

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def in_terminal(words: Sequence[str | Path], folder: Path, columns: int) -> tuple[int, list[str]]:
    """Run `gan` where stderr is a terminal of so many columns.

    Returns:
        The exit status, and every line that was written, those of each redrawing too, without control sequences.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = environment_of_its_own(TERM="xterm-256color")
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "gan", *map(str, words)]
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(ours, 1 << 16):
                written += piece
        except OSError:  # how Linux says that nobody has the other end open any more
            pass
    os.close(ours)
    return process.returncode, [line for line in re.split(r"[\r\n]+", CONTROL.sub("", written.decode())) if line]
