"""The real command in a process."""

import os
import subprocess
from collections.abc import Callable

Gan = Callable[..., subprocess.CompletedProcess[str]]
"""The fixture `gan`: words of the command -> how it ended."""


Refused = Callable[..., str]
"""The fixture `refused`: words of a request that must be refused -> the one line that says why."""


def environment_of_its_own(**changes: str) -> dict[str, str]:
    """The environment of a process that shares no W&B service with the tests: a run logged to theirs is not written."""
    return {name: value for name, value in os.environ.items() if name != "WANDB_SERVICE"} | changes


def only_line(status: int, out: str, err: str) -> str:
    """What a refusal says."""
    assert status == 2, err
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith("gan: ")
    return line
