"""One run of a study in a process of its own: `python -m gan.study.worker`, with the run as a line of JSON on stdin.

stdin stays open as long as the launcher lives: when it closes, however the launcher ended, the run stops after its step
with a checkpoint, as after a signal. Exit status as that of `gan`.
"""

import atexit
import gc
import json
import os
import signal
import sys
import threading

from gan import log
from gan.errors import RequestError
from gan.study.runs import Stopped, StudyRun, train_and_score


def main() -> int:
    """Train and score the run; what went wrong is the last line on stderr."""
    log.configure()
    atexit.register(gc.freeze)  # as in `gan.cli.main`
    run = StudyRun.from_json(json.loads(sys.stdin.readline()))
    threading.Thread(target=_stop_with_launcher, daemon=True).start()
    from gan.training.failure import TrainingFailed

    try:
        train_and_score(run)
    except RequestError as error:
        print(f"gan: {error}", file=sys.stderr)
        return 2
    except TrainingFailed as failure:
        print(f"gan: {failure}", file=sys.stderr)
        return 1
    except Stopped as stopped:
        return 128 + stopped.signal
    return 0


def _stop_with_launcher() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever sent: it returns at the end of the file
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    raise SystemExit(main())
