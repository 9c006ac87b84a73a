"""What ends a run before its time, as one line."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

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
