"""What every verb shares: the parser, and how a command ends.

Exit status: 0 done; 2 the request was wrong (one line on stderr); 1 it failed; 128 + n stopped by signal n.
Results go to stdout, progress and logs to stderr.
"""

import argparse
import atexit
import gc
import sys
from collections.abc import Sequence
from typing import Protocol

from gan import __version__, log
from gan.cli import (
    best,
    colorize,
    compare,
    completion,
    data,
    doctor,
    evaluate,
    experiments,
    pack,
    report,
    runs,
    serve,
    study,
    train,
)
from gan.errors import RequestError


class Verb(Protocol):
    """A module of a verb; the first line of its docstring is its help."""

    __name__: str
    __doc__: str | None

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the verb's own options."""
        ...

    def run(self, options: argparse.Namespace) -> int:
        """Do it; returns the exit status."""
        ...


VERBS: tuple[Verb, ...] = (
    *(train, evaluate, colorize, study, runs, compare, best),
    *(experiments, data, pack, serve, report, doctor, completion),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; returns the exit status."""
    log.configure()
    atexit.register(gc.freeze)  # or the interpreter looks through all that is loaded once more, for seconds, as it ends
    try:
        options = _parse(list(sys.argv[1:] if arguments is None else arguments))
        status: int = options.run(options)
    except RequestError as error:
        if not log.console.quiet:
            print(f"gan: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("gan: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of stdout has gone, as `gan evaluate ... | head` does
        sys.stderr.close()
        return 1
    return status


class _Parser(argparse.ArgumentParser):
    """Errors as one line, like every other wrong request."""

    def error(self, message: str) -> None:  # type: ignore[override]
        raise RequestError(f"{message}; see {self.prog} --help")


def parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """The parser of the whole command line, and that of each verb by its name."""
    parser = _Parser(prog="gan", description="Conditional-GAN experiments that colour line art.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"gan {__version__}")
    by_name = dict[str, argparse.ArgumentParser]()
    verbs = parser.add_subparsers(required=True, metavar="VERB", parser_class=_Parser)
    for verb in VERBS:
        name, help_line = verb.__name__.rpartition(".")[2], (verb.__doc__ or "").partition("\n")[0]
        by_name[name] = one = verbs.add_parser(name, help=help_line, add_help=False, allow_abbrev=False)
        one.set_defaults(run=verb.run, parser=one, takes_fields=False)
        verb.add_options(one)
        if not one.get_default("takes_fields"):  # those print the help of the fields too
            one.add_argument("-h", "--help", action="help", help="show this help")
    return parser, by_name


def _parse(words: list[str]) -> argparse.Namespace:
    parser, _ = parsers()
    options, rest = parser.parse_known_args(words or ["--help"])
    if rest and not options.takes_fields:
        raise RequestError(f"unknown option {rest[0]}; see {options.parser.prog} --help")
    options.fields = rest
    return options
