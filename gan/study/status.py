"""How far the runs of a study are, by what lies in their folders; nothing is run, written or loaded."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from rich.table import Table

from gan.errors import RequestError
from gan.runs import found, overview
from gan.study.definition import Study
from gan.study.runs import TEST, planned

Shown = list[Table | str]
"""A heading, and a row a run."""


def of_study(study: Study, out: Path, now: float) -> Shown:
    """Every run that a study asks for.

    Args:
        study: whose runs.
        out: the folder of runs.
        now: in seconds since 1970.
    """
    return _table(study.name, [(run.label, run.folder.path) for run in planned(study, out)], now)


def of_folder(out: Path, now: float) -> Shown:
    """Every run of each study below a folder: those that are there, and those that its study.json misses.

    Raises:
        RequestError: there is no study.
    """
    there = found.look(out)
    if not there.studies:
        raise RequestError(f"--out ({out}) must hold a study, and there is no study.json in it; or name STUDY.py")
    shown: Shown = []
    for folder in there.studies:
        missing = found.read_object(folder / "study.json").get("missing")
        labels = [run.relative_to(folder).as_posix() for run, study in there.runs if study == folder]
        labels += [each for each in missing if isinstance(each, str)] if isinstance(missing, list) else []
        runs = [(label, folder / label) for label in sorted(dict.fromkeys(labels), key=found.natural)]
        shown += _table(folder.name, runs, now)
    return shown


def _table(name: str, runs: Iterable[tuple[str, Path]], now: float) -> Shown:
    table, counts = overview.plain("run", "state", "step", "best", "age"), Counter[str]()
    for label, path in runs:
        if not (path / "config.json").is_file():
            scored = (path / f"{TEST}.json").is_file()
            counts[state := "done" if scored else "missing"] += 1
            table.add_row(label, state, "", "", "")
            continue
        run = overview.line(path, now)
        state = run.state.state
        if state == "done" and not (path / f"{TEST}.json").is_file():
            state = "to score"
        counts[state] += 1
        since = overview.age(now - run.state.updated)
        table.add_row(label, state, overview.step_of(run.state), overview.number(run.best), since)
    others = "".join(f", {count} {state}" for state, count in sorted(counts.items()) if state != "done")
    return [f"study {name}: {counts['done']} of {counts.total()} runs are done{others}", table]
