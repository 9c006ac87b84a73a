"""Weights & Biases as a mirror of the run folder: on by default, and never in the way of training.

Nothing reads back from it. An error in it is counted; after `PATIENCE` of them the mirror is dropped, and training goes
on.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from gan.arrays import Pixels
from gan.config import Logging
from gan.errors import first_line

PATIENCE = 3
"""Errors after which the mirror is dropped."""
FINISH_SECONDS = 60
"""Longest wait for the mirror when a run ends."""
logger = logging.getLogger(__name__)


class Mirror(Protocol):
    """Where a run is shown besides its folder."""

    def log(self, step: int, values: Mapping[str, float], pictures: Mapping[str, Pixels]) -> None:
        """Show the numbers and the (H, W, 3) pictures of one step."""
        ...

    def table(self, key: str, columns: Sequence[str], rows: list[list[Pixels]]) -> None:
        """Show a table of pictures with the next `log`."""
        ...

    def curve(
        self, key: str, columns: Sequence[str], rows: Sequence[Sequence[float | str | None]], lines: Sequence[str]
    ) -> None:
        """Show a table of numbers with the next `log`, and a line plot of each of `lines` over its first column."""
        ...

    def finish(self, exit_code: int) -> None:
        """Say that the run has ended: 0 is a success."""
        ...


class NoMirror:
    """The mirror of a run that has none."""

    def log(self, step: int, values: Mapping[str, float], pictures: Mapping[str, Pixels]) -> None:
        """Nothing."""

    def table(self, key: str, columns: Sequence[str], rows: list[list[Pixels]]) -> None:
        """Nothing."""

    def curve(
        self, key: str, columns: Sequence[str], rows: Sequence[Sequence[float | str | None]], lines: Sequence[str]
    ) -> None:
        """Nothing."""

    def finish(self, exit_code: int) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Identity:
    """How a run is filed: group = study or experiment, job type = arm."""

    run_id: str
    name: str
    group: str
    job_type: str


def start(folder: Path, how: Logging, config: Mapping[str, Any], identity: Identity) -> Mirror:
    """Start the mirror of a run whose folder is `folder`; where it cannot start, one warning and `NoMirror`.

    how: mode and project. config: what W&B shows as the run's configuration. What a person's environment says of
    project, name, group and job type goes before a default here, and is left as it was when the run ends.
    """
    mode: str = how.wandb
    if mode == "disabled" or (mode == "auto" and _switched_off()):
        return NoMirror()
    try:
        import wandb
    except ImportError as error:
        logger.warning("no W&B mirror: wandb cannot be imported (%s)", error)
        return NoMirror()
    if not hasattr(wandb, "init"):  # a folder of offline runs where the command runs, wandb/, can be imported too
        logger.warning("no W&B mirror: wandb is not installed")
        return NoMirror()
    before = _point_at(folder)  # first: what W&B has once begun with, it keeps
    mode = _resolve(wandb, mode)
    if mode == "disabled":
        _restore(before)
        return NoMirror()
    (folder / "wandb").mkdir(exist_ok=True)
    for attempt in dict.fromkeys((mode, "offline")):
        try:
            return WandbMirror(wandb, _init(wandb, attempt, folder, how.project, config, identity), before)
        except Exception as error:  # whatever the mirror's trouble is, it is not the run's
            logger.warning("W&B could not start %s (%s)", attempt, first_line(error))
    _restore(before)
    return NoMirror()


def _switched_off() -> bool:
    """WANDB_MODE=disabled, or WANDB_DISABLED as other libraries read it."""
    off = os.environ.get("WANDB_DISABLED", "").lower() in ("1", "true", "yes", "on")
    return os.environ.get("WANDB_MODE", "disabled" if off else "") == "disabled"


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


def _init(wandb: Any, mode: str, folder: Path, project: str, config: Mapping[str, Any], identity: Identity) -> Any:
    run = wandb.init(
        project=_said("WANDB_PROJECT", project) if project == Logging().project else project,
        dir=folder,
        id=_run_id(identity),
        name=_said("WANDB_NAME", identity.name),
        group=_said("WANDB_RUN_GROUP", identity.group),
        job_type=_said("WANDB_JOB_TYPE", identity.job_type),
        config=dict(config),
        mode=mode,
        resume="allow" if mode == "online" else None,
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


class WandbMirror:
    """A W&B run; `run` is what `wandb.init` gave, `before` what the environment says again when it ends."""

    def __init__(self, wandb: Any, run: Any, before: Mapping[str, str | None] = MappingProxyType({})) -> None:
        self.wandb, self.run, self.before = wandb, run, before
        self.errors = 0
        self.tables: dict[str, Any] = {}
        place = run.url if run.settings.mode == "online" else f"offline, in {Path(run.dir).parent}"
        logger.info("W&B: %s", place)

    def log(self, step: int, values: Mapping[str, float], pictures: Mapping[str, Pixels]) -> None:
        """One `log` call a step; pictures as JPEG of 8-bit arrays (a float picture of all -1 would be saved white)."""

        def send() -> None:
            images = {key: self.wandb.Image(picture, file_type="jpg") for key, picture in pictures.items()}
            tables, self.tables = self.tables, {}
            self.run.log({"step": step, **values, **images, **tables}, step=step)

        self._guard("log", send)

    def table(self, key: str, columns: Sequence[str], rows: list[list[Pixels]]) -> None:
        """A table with a picture in every cell."""

        def build() -> None:
            cells = [[self.wandb.Image(picture, file_type="jpg") for picture in row] for row in rows]
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

    def finish(self, exit_code: int) -> None:
        """Close the run, and wait no longer than `FINISH_SECONDS` for it."""
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
        worker.join(FINISH_SECONDS)
        if worker.is_alive():
            logger.warning("W&B did not close within %d s; the run folder is complete without it", FINISH_SECONDS)

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
