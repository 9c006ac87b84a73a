"""Offline W&B runs, read back with W&B's own reader."""

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def records(run: Path) -> list[dict[str, Any]]:
    """The records of the one offline run in a run folder, as `wandb leet` prints them."""
    (only,) = stretches(run)
    return only


def stretches(run: Path) -> list[list[dict[str, Any]]]:
    """The records of every offline run in a run folder, in the order in which they were begun."""
    return [_records(offline) for offline in sorted((run / "wandb").glob("offline-run-*"))]


def _records(offline: Path) -> list[dict[str, Any]]:
    words = [sys.executable, "-m", "wandb", "leet", "inspect", "--json", str(offline)]
    printed = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout
    return [json.loads(line) for line in printed.splitlines()]


def of_type(kind: str, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the records of one kind hold."""
    return [record[kind] for record in found if record["type"] == kind]


def summary(found: list[dict[str, Any]]) -> dict[str, Any]:
    """What W&B's table of runs would show at the end."""
    return {name: value for part in of_type("summary", found) for name, value in part["update"].items()}


def check_media(run: Path, found: list[dict[str, Any]]) -> set[str]:
    """Check that each file that the pictures, tables and artifacts of a run name is there as it was; returns them.

    The pictures of a table are in its artifact alone, whose files W&B looks for where they were staged.
    """
    (offline,) = (run / "wandb").glob("offline-run-*")
    named = set()
    for item in (record["item"] for record in of_type("history", found)):
        for key in (name.removesuffix(".path") for name in item if name.endswith(".path")):
            named.add(item[f"{key}.path"])
            content = (offline / "files" / item[f"{key}.path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == item[f"{key}.sha256"]
    for artifact in of_type("artifact", found):
        staged = {entry["path"]: _staged(entry) for entry in artifact["manifest"]["contents"]}
        for content in (content for path, content in staged.items() if path.endswith(".table.json")):
            cells = [cell for row in json.loads(content)["data"] for cell in row if isinstance(cell, dict)]
            for cell in cells:
                assert hashlib.sha256(staged[cell["path"]]).hexdigest() == cell["sha256"]
        named |= staged.keys()
    return named


def _staged(entry: dict[str, Any]) -> bytes:
    """A file of an artifact, as long and with the digest as it is listed."""
    content = Path(entry["local_path"]).read_bytes()
    assert len(content) == int(entry["size"])
    assert base64.b64encode(hashlib.md5(content).digest()).decode() == entry["digest"]
    return content
