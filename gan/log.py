"""What a person is told besides results: the standard `logging`, with one handler that writes to stderr.

A module says what happens by `logging.getLogger(__name__)`: `info` for progress, `warning` for what a person should
know. Whoever uses the package from Python sets up handlers as usual; the `gan` command calls `configure`.
"""

import logging
import time
import warnings
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")
logger = logging.getLogger(__name__)


class _Console(Console):
    @property
    def is_terminal(self) -> bool:
        """Not in a notebook, whose stream says that it is one, and moves no cursor."""
        return super().is_terminal and not type(self.file).__module__.startswith("ipykernel")


console = _Console(stderr=True, force_jupyter=False)  # lines in a notebook too, not widgets that may be missing
"""Where progress is drawn; lines that are logged meanwhile appear above a bar. Quiet where another process speaks."""


class _ConsoleHandler(logging.Handler):
    """Lines as they are, warnings behind the command's name; nothing is wrapped, coloured or taken for markup."""

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        prefix = "gan: " if record.levelno >= logging.WARNING else ""
        console.print(f"{prefix}{line}", highlight=False, markup=False, soft_wrap=True)


def configure() -> None:
    """Show what this package logs on stderr; a second call changes nothing."""
    package = logging.getLogger("gan")
    if not any(isinstance(handler, _ConsoleHandler) for handler in package.handlers):
        package.addHandler(_ConsoleHandler())
    package.setLevel(logging.INFO)
    warnings.filterwarnings("ignore", module=r"PIL\.")  # of a picture's metadata: they name no file


SILENT_SECONDS = 10
"""How long work may say nothing where no bar is drawn."""


def counted(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """The items as they come; on a terminal with a bar that goes when they have all come, elsewhere with a line now and
    then where they take long.
    """
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        said = time.monotonic()
        for done, item in enumerate(progress.track(items, total, description=what)):
            if not console.is_terminal and time.monotonic() - said > SILENT_SECONDS:
                logger.info("%s: %d of %d", what, done, total)
                said = time.monotonic()
            yield item
