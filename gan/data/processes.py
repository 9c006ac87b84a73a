"""The processes that prepare pictures beside the main one: none outlives it, and none runs a person's script again.

`multiprocessing` has its new processes run the main script once more, which without a main guard would train again. And
where the main process is killed, they wait for ever: each holds open the very pipes at whose end the others go.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import Any

_starting = threading.Lock()


class _Process(ForkServerProcess):
    def start(self) -> None:
        with _starting, _main_hidden():
            super().start()

    def run(self) -> None:
        os.setsid()  # a signal to the whole group, as Ctrl-C and schedulers send it, is for the main process to answer
        threading.Thread(target=_end_with_main, daemon=True).start()
        super().run()


class _Context(ForkServerContext):
    Process = _Process


CONTEXT = _Context()
"""How they start. Not forked: a copy of a process with threads, and with W&B's hooks, is not one to work in."""


def _end_with_main() -> None:
    main = parent_process()
    assert main is not None
    wait([main.sentinel])
    os._exit(1)


class _Hidden(ModuleType):
    """A main module of which `multiprocessing` finds no file; to all others it is what it was."""

    def __init__(self, main: ModuleType) -> None:
        super().__init__("__main__")
        self._main = main

    def __getattr__(self, name: str) -> Any:
        if name == "__file__":
            raise AttributeError(name)
        return getattr(self._main, name)


@contextmanager
def _main_hidden() -> Iterator[None]:
    main = sys.modules["__main__"]
    sys.modules["__main__"] = _Hidden(main)
    try:
        yield
    finally:
        sys.modules["__main__"] = main
