"""a script that lets bash or zsh complete verbs, options and runs"""

import argparse
import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

BASH = """_gan() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        COMPREPLY+=("$line")
    done < <("$1" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    [[ ${COMPREPLY[*]} == */* ]] && compopt -o filenames 2>/dev/null
    return 0
}
complete -o default -F _gan gan"""
ZSH = """#compdef gan
_gan() {
    local -a found
    found=("${(@f)$("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    [[ -n ${found[1]} ]] || { _files; return }
    compadd -U -S '' -- ${(M)found:#*/}
    compadd -U -- ${found:#*/}
}
compdef _gan gan"""
SCRIPTS = {"bash": BASH, "zsh": ZSH}
RUNS = Path("runs")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        'Put eval "$(gan completion bash)" into ~/.bashrc, or eval "$(gan completion zsh)" into ~/.zshrc, below '
        "compinit. The script asks gan completion words -- WORD ... what may stand in the place of the last word."
    )
    parser.add_argument("shell", choices=(*SCRIPTS, "words"), metavar="SHELL", help="bash or zsh")
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Print the script, or what may stand in the place of the last word: nothing where any file may."""
    if options.shell in SCRIPTS:
        print(SCRIPTS[options.shell])
        return 0

    from gan.cli.main import parsers

    for word in complete(options.words, parsers()[1]):
        print(word)
    return 0


def complete(words: list[str], verbs: dict[str, argparse.ArgumentParser]) -> list[str]:
    """What may stand in the place of the last word.

    Args:
        words: behind `gan`, as they are written, with backslashes, and as the shell parts them: bash parts
            `--split=test` at the sign.
        verbs: name -> parser.
    """
    *before, current = [re.sub(r"\\(.)", r"\1", word) for word in words or [""]]
    before, current = [word for word in before if word != "="], current.removeprefix("=")
    if not before:
        return _beginning(current, (*verbs, "--help", "--version") if current.startswith("-") else verbs)
    parser = verbs.get(before[0])
    if parser is None:
        return []
    options = {name: action for action in parser._actions for name in action.option_strings}
    choices = field_options() if parser.get_default("takes_fields") else {}
    if before[-1] in options and options[before[-1]].nargs != 0:
        action = options[before[-1]]
        return _values(action.choices, str(action.metavar or ""), current)
    if before[-1] in choices:
        return _beginning(current, choices[before[-1]])
    if current.startswith("-"):
        return _beginning(current, (*options, *choices))
    return _positional(parser, _count(before[1:], options, choices), current)


def field_options() -> dict[str, list[str]]:
    """The option of every field of an experiment -> its values, where they are known."""
    from gan.config import Experiment

    return _fields(Experiment, "--")


def _fields(kind: Any, prefix: str) -> dict[str, list[str]]:
    found, hints = dict[str, list[str]](), get_type_hints(kind)
    for field in fields(kind):
        hint, name = hints[field.name], prefix + field.name.replace("_", "-")
        if is_dataclass(hint):
            found |= _fields(hint, f"{name}.")
        else:
            literals = [each for each in (hint, *get_args(hint)) if get_origin(each) is Literal]
            found[name] = [str(value) for each in literals for value in get_args(each)]
    return found


def _count(words: list[str], options: dict[str, argparse.Action], choices: dict[str, list[str]]) -> int:
    """How many of the words are neither an option nor its value."""
    count, skipped = 0, False
    for word in words:
        takes_value = word in choices or (word in options and options[word].nargs != 0)
        count += not skipped and not word.startswith("-")
        skipped = takes_value
    return count


def _positional(parser: argparse.ArgumentParser, number: int, current: str) -> list[str]:
    """What may stand in the place of a word that belongs to no option; `number` of them stand before it."""
    places: list[tuple[Any, str]] = []
    for action in parser._get_positional_actions():
        metavars = action.metavar if isinstance(action.metavar, tuple) else (str(action.metavar or ""),)
        places += [(action.choices, metavar) for metavar in metavars]
        if action.nargs in ("+", "*") and number >= len(places):
            places += [places[-1]] * (number + 1 - len(places))
    return _values(*places[number], current) if number < len(places) else []


def _values(choices: Iterable[Any] | None, metavar: str, current: str) -> list[str]:
    """Values of an option or in a place, by its choices or by the name of what it takes."""
    if metavar == "SHELL":
        return _beginning(current, SCRIPTS)
    if choices is not None:
        return _beginning(current, (str(choice) for choice in choices))
    if metavar == "RUN":
        return _runs(current)
    if metavar == "METRIC":
        from gan.metrics.catalog import METRICS

        return _beginning(current, (name for name, metric in METRICS.items() if metric.better is not None))
    return _files(current) if metavar.endswith(".py") else []


def _runs(current: str) -> list[str]:
    """Run folders, below ./runs or the folder that has been written; their names stand for them without `runs/`."""
    from gan.runs import found

    folder = Path(current.rpartition("/")[0])  # of what begins at the root nothing is looked for: it may be a disk
    bases = (RUNS, *((RUNS / folder, folder) if folder.name else ()))
    there = {str(run) for base in bases for run, _ in found.look(base, depth=3).runs}
    return sorted(
        (run for run in there if run.startswith(current) or run.removeprefix("runs/").startswith(current)),
        key=found.natural,
    )


def _files(current: str) -> list[str]:
    """Python files, and folders with a slash."""
    folder = current.rpartition("/")[0] + "/" if "/" in current else ""
    there = sorted(Path(folder or ".").iterdir()) if Path(folder or ".").is_dir() else []
    names = (f"{folder}{path.name}{'/' if path.is_dir() else ''}" for path in there if path.name[0] != ".")
    return [name for name in _beginning(current, names) if name.endswith((".py", "/"))]


def _beginning(current: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(current)]
