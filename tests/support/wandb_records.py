"""Offline W&B runs, read back with W&B's own reader."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def records(run: Path) -> list[dict[str, Any]]:
    """The records of the offline run in a run folder, as `wandb leet` prints them."""
    (offline,) = (run / "wandb").glob("offline-run-*")
    words = [sys.executable, "-m", "wandb", "leet", "inspect", "--json", str(offline)]
    printed = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
    return [json.loads(line) for line in printed.splitlines()]
