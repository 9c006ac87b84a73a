"""One run of a study in a process of its own: `python -m gan.study.worker`, with the job as a line of JSON on stdin.

stdin stays open as long as the launcher lives: when it closes, however the launcher ended, the run stops after its step
with a checkpoint, as after a signal. Exit status as that of `gan`.
"""

import json
import os
import signal
import sys
import threading

from rich.console import Console

from gan.errors import RequestError
from gan.study.runs import Job, Stopped, perform


def main() -> int:
    """Do the run; what went wrong is the last line on stderr."""
    job = Job.from_json(json.loads(sys.stdin.readline()))
    threading.Thread(target=_end_with_launcher, daemon=True).start()
    from gan.training.loop import TrainingFailed

    try:
        perform(job, Console(stderr=True))
    except RequestError as error:
        print(f"gan: {error}", file=sys.stderr)
        return 2
    except TrainingFailed as failure:
        print(f"gan: {failure}", file=sys.stderr)
        return 1
    except Stopped as stopped:
        return 128 + stopped.signal
    return 0


def _end_with_launcher() -> None:
    os.read(sys.stdin.fileno(), 1)  # nothing is ever sent: it returns at the end of the file
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    raise SystemExit(main())
