"""The `gan` command: a file a verb, its options beside its code, no logic of its own."""

import sys

if sys.platform == "win32":  # before anything is imported that needs what Windows has not: fcntl, forkserver
    print("gan: the system must be Linux or macOS, and is Windows: run it in WSL 2", file=sys.stderr)
    raise SystemExit(2)

from gan.cli.main import main

__all__ = ["main"]
