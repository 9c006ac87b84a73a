"""What ends a run before its time, as one line; and what it said until then, in its folder."""

import errno
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gan.errors import RequestError
from gan.runs.folder import RunFolder
from gan.runs.weights import read

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class TrainingFailed(Exception):
    """The run cannot go on; the message says at which step and why."""


@contextmanager
def told(run: RunFolder) -> Iterator[None]:
    """Say what the system refuses in a line, with the last good checkpoint and how to go on.

    Raises:
        TrainingFailed: in place of an `OSError`.
    """
    try:
        yield
    except OSError as error:
        what = f"there is no room left for {run.path}" if error.errno in NO_ROOM else f"{run.path} cannot go on"
        cure = "make room and " if error.errno in NO_ROOM else ""
        try:
            last = f"the last good checkpoint is {run.last}, of step {read(run.last)['step']}"
        except RequestError:
            last = "there is no checkpoint yet"
        raise TrainingFailed(f"{what} ({error.strerror or error}): {last}; {cure}go on with --resume") from error


class _Kept(logging.FileHandler):
    """Lines of one thread, as several may train in one process; where there is no room for them, they are left out."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8")
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S"))
        thread = threading.get_ident()
        self.addFilter(lambda record: record.thread == thread)

    def handleError(self, record: logging.LogRecord) -> None:
        """Training goes on."""

    def say(self, words: str, level: int) -> None:
        """Add a line."""
        self.handle(logging.LogRecord("gan", level, "", 0, words, None, None))


@contextmanager
def logged(run: RunFolder | None) -> Iterator[Callable[[str], None]]:
    """Append what this package logs to the run's train.log until the block ends, and what ended it.

    Yields a function that adds a line which the console has in other words. A file that cannot be written is no error.

    Args:
        run: None: a rank that writes nothing.
    """
    kept = None
    with suppress(OSError):
        kept = _Kept(run.log) if run else None
    if kept is None:
        yield lambda _: None
        return
    package = logging.getLogger("gan")
    package.addHandler(kept)
    try:
        yield lambda words: kept.say(words, logging.INFO)
    except BaseException as error:
        known = isinstance(error, RequestError | TrainingFailed)
        kept.say(str(error) if known else "".join(traceback.format_exception(error)).rstrip(), logging.ERROR)
        raise
    finally:
        package.removeHandler(kept)
        kept.close()
