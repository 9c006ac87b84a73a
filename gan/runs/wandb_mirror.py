"""Weights & Biases as a mirror of the run folder: on by default, and never in the way of training.

Nothing reads back from it. An error in it is counted; after `PATIENCE` of them the mirror is dropped, and training goes
on.
"""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from gan.arrays import Pixels
from gan.config import Logging
from gan.errors import first_line
from gan.runs.extremes import Extremes, distances
from gan.runs.mirror import Cell, Identity, Mirror

PATIENCE = 3
"""Errors after which the mirror is dropped."""
FINISH_SECONDS = 60
"""Longest wait for the mirror when a run ends."""
ARTIFACT_SECONDS = 600
"""The same where a checkpoint is on its way."""
logger = logging.getLogger(__name__)


def start(
    folder: Path,
    how: Logging,
    config: Mapping[str, Any],
    identity: Identity,
    earlier: Iterable[Mapping[str, float]] = (),
) -> Mirror:
    """Start the mirror of a run whose folder is `folder`; where it cannot start, one warning and a plain `Mirror`.

    how: mode, project, tags and notes. config: what W&B shows as the run's configuration. earlier: what the run has
    measured before, where it goes on. What a person's environment says of project, name, group, job type, tags and
    notes goes before a default here, and is left as it was when the run ends.
    """
    mode: str = how.wandb
    if mode == "disabled" or (mode == "auto" and _switched_off()):
        return Mirror()
    try:
        import wandb
    except ImportError as error:
        logger.warning("no W&B mirror: wandb cannot be imported (%s)", error)
        return Mirror()
    if not hasattr(wandb, "init"):  # a folder of offline runs where the command runs, wandb/, can be imported too
        logger.warning("no W&B mirror: wandb is not installed")
        return Mirror()
    before = _point_at(folder)  # first: what W&B has once begun with, it keeps
    mode = _resolve(wandb, mode)
    if mode == "disabled":
        _restore(before)
        return Mirror()
    (folder / "wandb").mkdir(exist_ok=True)
    for attempt in dict.fromkeys((mode, "offline")):
        try:
            return WandbMirror(wandb, _init(wandb, attempt, folder, how, config, identity), before, earlier)
        except Exception as error:  # whatever the mirror's trouble is, it is not the run's
            logger.warning("W&B could not start %s (%s)", attempt, first_line(error))
    _restore(before)
    return Mirror()


def _switched_off() -> bool:
    """WANDB_MODE=disabled, or WANDB_DISABLED as other libraries read it."""
    return os.environ.get("WANDB_MODE", "disabled" if _is_on("WANDB_DISABLED") else "") == "disabled"


def _is_on(name: str) -> bool:
    """Whether the environment says yes."""
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def _point_at(folder: Path) -> dict[str, str | None]:
    """Have what W&B writes lie in the run folder; returns what the environment said before."""
    chosen = {"WANDB_DIR": str(folder), "WANDB_DATA_DIR": str(folder / "wandb")}
    before = {name: os.environ.get(name) for name in chosen}
    os.environ.update(chosen)
    return before


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _resolve(wandb: Any, mode: str) -> str:
    """auto: WANDB_MODE, or what `wandb disabled` or `wandb offline` set, else online with an account, else offline."""
    if mode != "auto":
        return mode
    if chosen := os.environ.get("WANDB_MODE"):
        return chosen
    try:
        chosen = wandb.setup().settings.mode
        if chosen in ("disabled", "offline"):
            return str(chosen)
        return "online" if wandb.login(prompt=False, verify=False) else "offline"
    except Exception:  # no account, or no network: either way offline works
        return "offline"


def _init(wandb: Any, mode: str, folder: Path, how: Logging, config: Mapping[str, Any], identity: Identity) -> Any:
    run = wandb.init(
        project=_said("WANDB_PROJECT", how.project) if how.project == Logging().project else how.project,
        dir=folder,
        id=_run_id(identity),
        name=_said("WANDB_NAME", identity.name),
        group=_said("WANDB_RUN_GROUP", identity.group),
        job_type=_said("WANDB_JOB_TYPE", identity.job_type),
        tags=how.tags or None,
        notes=how.notes or None,
        config=dict(config),
        mode=mode,
        resume="allow",  # also of an offline run, by those who upload it
        reinit="create_new",  # a run that the process has open is a person's own
        settings=wandb.Settings(
            init_timeout=30,
            console="off",
            disable_git=True,
            disable_job_creation=True,
            # its own banner: what matters of it is printed here
            silent=os.environ.get("WANDB_SILENT", "true").lower() not in ("false", "0", "no"),
        ),
    )
    run.define_metric("step")
    run.define_metric("*", step_metric="step")
    return run


def _said(name: str, default: str) -> str:
    """What the environment says, or else `default`."""
    return os.environ.get(name) or default


def _run_id(identity: Identity) -> str:
    """The run's own id; in a sweep the one that its agent has given out, by which it knows the run."""
    given = os.environ.get("WANDB_RUN_ID")
    return given if given and os.environ.get("WANDB_SWEEP_ID") else identity.run_id


class WandbMirror(Mirror):
    """A W&B run.

    run: what `wandb.init` gave. before: what the environment says again when it ends. earlier: what it has measured.
    """

    def __init__(
        self,
        wandb: Any,
        run: Any,
        before: Mapping[str, str | None] = MappingProxyType({}),
        earlier: Iterable[Mapping[str, float]] = (),
    ) -> None:
        self.wandb, self.run, self.before = wandb, run, before
        self.extremes = Extremes(earlier)
        self.errors, self.patience = 0, FINISH_SECONDS
        self.tables: dict[str, Any] = {}
        place = run.url if run.settings.mode == "online" else f"offline, in {Path(run.dir).parent}"
        logger.info("W&B: %s", place)

    def log(self, step: int, values: Mapping[str, float], pictures: Mapping[str, Pixels]) -> None:
        """One `log` call a step; pictures as JPEG of 8-bit arrays (a float picture of all -1 would be saved white)."""

        def send() -> None:
            images = {key: self._image(picture) for key, picture in pictures.items()}
            tables, self.tables = self.tables, {}
            if self.extremes.add(values):
                self.run.summary.update(self.extremes.values)
            self.run.log({"step": step, **values, **distances(values), **images, **tables}, step=step)

        self._guard("log", send)

    def _image(self, picture: Pixels) -> Any:
        return self.wandb.Image(picture, file_type="jpg")

    def table(self, key: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """A table whose cells are pictures where they are arrays."""

        def build() -> None:
            cells = [[self._image(cell) if isinstance(cell, np.ndarray) else cell for cell in row] for row in rows]
            self.tables[key] = self.wandb.Table(columns=list(columns), data=cells)

        self._guard("table", build)

    def curve(
        self, key: str, columns: Sequence[str], rows: Sequence[Sequence[float | str | None]], lines: Sequence[str]
    ) -> None:
        """`<key>/table`, and `<key>/<line>` as a line plot of W&B's own."""

        def build() -> None:
            table = self.wandb.Table(columns=list(columns), data=[list(row) for row in rows])
            self.tables[f"{key}/table"] = table
            for line in lines:
                title = f"{line} over {columns[0]}"
                self.tables[f"{key}/{line}"] = self.wandb.plot.line(table, columns[0], line, title=title)

        self._guard("curve", build)

    def summarise(self, values: Mapping[str, float | str]) -> None:
        """Columns of W&B's table of runs."""
        self._guard("summary", lambda: self.run.summary.update(dict(values)))

    def code(self, path: Path) -> None:
        """A copy beside the run's own files, and no link, which would not outlast the move of a run folder.

        Not where a person has told W&B to take no code.
        """
        if _is_on("WANDB_DISABLE_CODE") or _is_on("WANDB_DISABLE_GIT"):
            return

        def save() -> None:
            copy = Path(self.run.dir) / path.name
            shutil.copyfile(path, copy)
            self.run.save(str(copy), base_path=self.run.dir, policy="now", glob=False)

        self._guard("code", save)

    def artifact(self, path: Path, aliases: Sequence[str], metadata: Mapping[str, Any]) -> None:
        """An artifact of type `model`, named after the run; W&B makes a version of each that differs."""

        def send() -> None:
            artifact = self.wandb.Artifact(f"checkpoint-{self.run.id}", type="model", metadata=dict(metadata))
            artifact.add_file(str(path), name=path.name)
            self.run.log_artifact(artifact, aliases=["latest", *aliases])
            self.patience = ARTIFACT_SECONDS

        self._guard("artifact", send)

    def finish(self, exit_code: int) -> None:
        """Close the run, and wait no longer than `FINISH_SECONDS` for it, or `ARTIFACT_SECONDS`."""
        try:
            self._close(exit_code)
        finally:
            _restore(self.before)

    def _close(self, exit_code: int) -> None:
        if self.errors >= PATIENCE:
            return
        worker = threading.Thread(
            target=self._guard, args=("finish", lambda: self.run.finish(exit_code=exit_code)), daemon=True
        )
        worker.start()
        worker.join(self.patience)
        if worker.is_alive():
            logger.warning("W&B did not close within %d s; the run folder is complete without it", self.patience)

    def _guard(self, name: str, action: Callable[[], None]) -> None:
        if self.errors >= PATIENCE:
            return
        try:
            action()
        except Exception as error:  # whatever the mirror's trouble is, it is not the run's
            self.errors += 1
            logger.warning("W&B %s failed (%s)", name, first_line(error))
            if self.errors >= PATIENCE:
                logger.warning(
                    "the W&B mirror is dropped after several errors; training goes on, the run folder is complete"
                )
