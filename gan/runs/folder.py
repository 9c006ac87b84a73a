"""The run folder: everything that a run leaves behind, written whole or not at all.

runs/<experiment name>/seed-<n>/
  config.json  environment.json  data.json  metrics.jsonl  samples/<step>[-train|-draws].png  checkpoints/{last,best}.pt
  hints-<split>.{json,png}  pictures-<split>.{json,png}  train.log
  code.diff (where this code was not as it was committed)
"""

import errno
import json
import logging
import os
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from gan.arrays import Pixels
from gan.config import Experiment, from_dict, to_dict
from gan.data import SPLITS, Digests
from gan.errors import RequestError
from gan.files import locked, read_regular, remove_drafts, replacing, write_text
from gan.runs import found, rows
from gan.runs.environment import environment, git_diff

LOCK = ".lock"
"""Held by whoever trains into the folder."""
SAMPLE = re.compile(r"(\d{6,})(-train|-draws)?\.png")
"""Names of the sample grids; other files in the folder are a person's own."""
logger = logging.getLogger(__name__)


class RunFolder:
    """A run's folder. Before training into it: `gan.runs.going_on.check_folder`, `begin`. To read one: `open_run`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last = path / "checkpoints" / "last.pt"
        self.best = path / "checkpoints" / "best.pt"
        self.metrics = path / "metrics.jsonl"
        self.code_diff = path / "code.diff"
        self.log = path / "train.log"

    @property
    def config(self) -> Experiment:
        """The experiment of the run.

        Raises:
            RequestError: config.json is missing or breaks a rule.
        """
        path = self.path / "config.json"
        return from_dict(read_json(path), str(path))

    @property
    def run_id(self) -> str:
        """An id drawn once at random and kept, by which W&B knows the run."""
        return str(self._environment()["run_id"])

    @property
    def begun(self) -> Digests | None:
        """The digests of the files that the run has on each side, in their order; None where it has none.

        Raises:
            RequestError: data.json is damaged.
        """
        path = self.path / "data.json"
        pictures = read_json(path).get("pictures") if path.exists() else None
        if pictures is None:
            return None
        try:
            return {split: [str(picture["digest"]) for picture in pictures[split]] for split in SPLITS}
        except (KeyError, TypeError) as error:
            raise RequestError(f"{path} must hold the pictures of each side as gan train wrote them") from error

    @property
    def has_config(self) -> bool:
        """Whether the folder holds a run."""
        return (self.path / "config.json").is_file()

    def begin(
        self,
        experiment: Experiment,
        data: Mapping[str, Any],
        step: int,
        precision: str = "fp32",
        ranks: int = 1,
        pending: int = 0,
        origin: Mapping[str, Any] | None = None,
    ) -> list[str]:
        """Write down what is about to be trained, from `step` on, in which precision and by how many processes.

        origin: the other run whose weights it begins with.
        What was logged after that step is forgotten, and after `pending` steps before it, which are to be logged yet.

        Returns:
            What a person should know: that the pictures lie elsewhere, or that they or their pixels are not those
            that the run began with, or that lines of metrics.jsonl were left out.

        Raises:
            RequestError: the folder cannot be written, or holds something that is none of ours in place of a file.
        """
        changed = self._changed(experiment, data) if step else []
        try:
            self.save_json("config", to_dict(experiment))  # first: it is what makes the folder a run's own
            begun_with = {} if origin is None else {"from": dict(origin)}
            made_with = environment(experiment, precision, ranks)
            self._add_start(made_with | begun_with)
            self._keep_diff(made_with["git"])
            self.save_json("data", data)
            (self.path / "test.json").unlink(missing_ok=True)  # the score of other weights than there will be
            for folder in ("samples", "checkpoints"):
                (self.path / folder).mkdir(exist_ok=True)
            left_out = self._rewind(step - pending)
        except OSError as error:
            raise RequestError(f"--out: {self.path} must be writable: {error.strerror}") from error
        notes = [f"{self.path}: {change}" for change in changed]
        if left_out:
            notes.append(f"{self.metrics}: left out {left_out} damaged or unfinished line{'s' * (left_out > 1)}")
        return notes

    def _changed(self, experiment: Experiment, data: Mapping[str, Any]) -> list[str]:
        """Where the pictures of a run that goes on lie elsewhere, or are others, or are read in another way."""
        begun = self.begun
        if begun is None:
            return []
        gone, new = apart(begun, data)
        moved = experiment.data.root != self.config.data.root
        where = f" in {experiment.data.root}" if moved else ""
        changed = []
        if gone or new:
            counts = f"{gone} of {sum(map(len, begun.values()))} are gone{where}, {new} are new"
            changed.append(f"it goes on with other pictures than it began with: {counts}")
        elif moved:
            changed.append(f"it goes on with its pictures{where}, none of which differs")
        if "converted" not in read_json(self.path / "data.json") and data.get("converted"):
            # an earlier version took every file for sRGB
            changed.append(f"it goes on with other pixels than it began with: {data['converted']} are now made sRGB")
        return changed

    def _add_start(self, made_with: dict[str, Any]) -> None:
        """environment.json: the run's id, and what each stretch of training was made with."""
        new = {"run_id": secrets.token_hex(4), "starts": []}
        before = self._environment() if (self.path / "environment.json").exists() else new
        self.save_json("environment", before | {"starts": [*before["starts"], made_with]})

    def _keep_diff(self, git: Mapping[str, Any] | None) -> None:
        """code.diff: of the last stretch of training, where its code was not as it was committed."""
        diff = git_diff() if git is not None and git["dirty"] else b""
        if diff:
            with replacing(self.code_diff) as draft:
                draft.write_bytes(diff)
        else:
            self.code_diff.unlink(missing_ok=True)

    @property
    def code(self) -> dict[str, Any]:
        """`code/commit` and `code/dirty` of the last stretch of training; nothing where no repository has this code."""
        starts = self._environment()["starts"]
        git = starts[-1].get("git") if starts else None
        return {f"code/{name}": value for name, value in git.items()} if isinstance(git, dict) else {}

    def _environment(self) -> dict[str, Any]:
        path = self.path / "environment.json"
        values = read_json(path)
        if not isinstance(values.get("run_id"), str) or not isinstance(values.get("starts"), list):
            raise RequestError(f"{path} must hold a run_id and a list of starts")
        return values

    def append(self, step: int, values: Mapping[str, float]) -> None:
        """Add a line to metrics.jsonl; a kill loses the line at most."""
        line = json.dumps({"step": step, "time": round(time.time(), 3), **values}, allow_nan=False)
        with self.metrics.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def rows(self) -> list[dict[str, float]]:
        """The lines of metrics.jsonl; one that a kill left unfinished is left out, as is one that is damaged."""
        return [row for row in map(rows.parse, self._lines()) if row]

    def _lines(self) -> list[bytes]:
        return self.metrics.read_bytes().splitlines() if self.metrics.is_file() else []

    def _rewind(self, step: int) -> int:
        """Forget what was logged after a step; returns how many lines are left out because they are none of ours."""
        lines, kept = self._lines(), self.rows()
        write_text(self.metrics, "".join(json.dumps(row) + "\n" for row in kept if row["step"] <= step))
        for picture in (self.path / "samples").iterdir():
            named = SAMPLE.fullmatch(picture.name)
            if named and int(named[1]) > step:
                picture.unlink()
        for folder in (self.path, self.path / "samples", self.path / "checkpoints"):
            remove_drafts(folder)
        return len(lines) - len(kept)

    def sync(self) -> None:
        """Bring what was appended to the disk, before a checkpoint that counts on it."""
        if self.metrics.exists():
            with self.metrics.open("rb") as file:
                os.fsync(file.fileno())

    def save_picture(self, name: str, picture: Pixels) -> Path:
        """Write samples/<name>.png."""
        path = self.path / "samples" / f"{name}.png"
        with replacing(path) as draft:
            Image.fromarray(picture).save(draft, optimize=True)
        return path

    def save_json(self, name: str, values: Mapping[str, Any]) -> None:
        """Write <name>.json."""
        write_text(self.path / f"{name}.json", json.dumps(values, indent=2) + "\n")


@contextmanager
def reserved(run: RunFolder) -> Iterator[None]:
    """Keep other trainings out of a run's folder until the block ends, or the process, however it does.

    Raises:
        RequestError: another process trains into it, or it cannot be written to.
    """
    with ExitStack() as held:
        try:
            held.enter_context(locked(run.path / LOCK, wait=False))
        except BlockingIOError as error:
            raise RequestError(
                f"{run.path} is being trained into by another process; wait for it, or choose another --name or --out"
            ) from error
        except OSError as error:
            if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
                raise RequestError(f"--out: {run.path} must be writable: {error.strerror}") from error
            logger.warning("%s cannot be locked (%s): nothing else may train into it", run.path, error.strerror)
        yield


def apart(begun: Digests, data: Mapping[str, Any]) -> tuple[int, int]:
    """How many of a run's pictures are gone, and how many there are that it had not, by their content."""
    before = Counter(digest for split in SPLITS for digest in begun[split])
    now = Counter(picture["digest"] for split in SPLITS for picture in data["pictures"][split])
    return (before - now).total(), (now - before).total()


def open_run(path: Path) -> RunFolder:
    """The folder of a run to read.

    Raises:
        RequestError: there is no run.
    """
    run = RunFolder(path)
    if not run.has_config:
        what = "no config.json in it" if path.is_dir() else "it is a file" if path.exists() else "none such"
        raise RequestError(f"{path} must be a run folder: {what}{_meant(path)}")
    return run


def _meant(path: Path) -> str:
    """The runs that lie below a folder that is none itself, or at that name in ./runs."""
    for folder in (path, Path("runs") / path):
        runs = [run for run, _ in found.look(folder, depth=2).runs]  # more would be a search of a disk
        if runs:
            first = min(runs, key=lambda run: found.natural(str(run)))
            return f"; {first} is one" + (f", and {len(runs) - 1} more are there" if len(runs) > 1 else "")
    return ""


def read_json(path: Path) -> dict[str, Any]:
    """The object that a JSON file holds.

    Raises:
        RequestError: it is missing, or holds no object.
    """
    if path.exists() and not path.is_file():  # such as a pipe, which would be waited for
        raise RequestError(f"{path} must be a file")
    try:
        values = json.loads(read_regular(path))
    except FileNotFoundError as error:
        raise RequestError(f"{path} must be there, and is not") from error
    except (OSError, ValueError, RecursionError) as error:
        raise RequestError(f"{path} must be JSON: {error}") from error
    if not isinstance(values, dict):
        raise RequestError(f"{path} must hold an object")
    return values
