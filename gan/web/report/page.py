"""`gan report`: runs and studies as one file that asks for nothing and opens from disk.

It is the review page with everything that it would ask the server for written into it.
"""

import base64
import hashlib
import html
import json
import math
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gan.errors import RequestError
from gan.files import read_regular, replacing
from gan.web import answers
from gan.web.library import Library, Run
from gan.web.paths import STATIC
from gan.web.report import about, embedded
from gan.web.report.bundle import bundle
from gan.web.report.meanings import meanings, names_of
from gan.web.review import describe
from gan.web.review.series import Metrics, thinned, to_json

OURS = '<meta name="generator" content="gan report" />'
"""By this a file is known as one of ours, and may be written over."""
HEAD = 1024
CURVE_POINTS = 400
AT_FIRST = 12
"""Most runs that are chosen when the report is opened."""
STYLES = (
    "shared/common.css",
    "vendor/uPlot.css",
    *(f"review/{name}.css" for name in ("review", "grids", "numbers", "verdicts", "print")),
    "report/report.css",
)


def write(folders: Sequence[Path], out: Path) -> Path:
    """Write the report, whole or not at all.

    Args:
        folders: studies, runs, or folders that hold them.
        out: the file to write; one that `gan report` made is written over.

    Raises:
        RequestError: nothing to report there, or the file cannot be written, or is somebody else's.
    """
    check_out(out)
    found, studies = gather(folders)
    text = page(found, studies, _title(found, studies, folders))
    try:
        with replacing(out) as draft:
            draft.write_text(text, "utf-8")
    except OSError as error:
        raise RequestError(f"--out: {out} must be writable: {error.strerror}") from error
    return out


def check_out(out: Path) -> None:
    """Check that a report may be written there, before the work.

    Raises:
        RequestError: it is a folder, or a file that is no report, or cannot be read.
    """
    if out.is_dir():
        raise RequestError(f"--out ({out}) must be a file, and is a folder")
    try:
        if out.exists() and OURS not in read_regular(out)[:HEAD].decode("utf-8", "replace"):
            raise RequestError(f"{out} exists and was not made by gan report; choose another --out")
    except OSError as error:
        raise RequestError(f"--out ({out}) must be a file that can be read: {error.strerror}") from error


@dataclass(frozen=True)
class Found:
    """A run of the report."""

    id: str
    library: Library
    run: Run
    study: str | None


def gather(folders: Sequence[Path]) -> tuple[list[Found], list[dict[str, Any]]]:
    """Every run and study of some folders; their ids are paths below what the folders have in common.

    Raises:
        RequestError: a folder is not there, or holds no run.
    """
    for folder in folders:
        if not folder.is_dir():
            raise RequestError(f"{folder} must be a run, a study or a folder that holds them: none such")
    resolved = list(dict.fromkeys(folder.resolve() for folder in folders))
    root = Path(os.path.commonpath(resolved))
    if (root / "config.json").is_file():
        root = root.parent.parent  # so that it is known as arm/seed-n
    found: dict[str, Found] = {}
    studies: dict[str, dict[str, Any]] = {}
    for folder in resolved:
        library = Library(folder)
        if not library.runs():
            raise RequestError(f"{folder} must be a run, a study or a folder that holds them, and holds no run")
        ids = {name: path.relative_to(root).as_posix() for name, path in library.studies().items()}
        for name, path in library.studies().items():
            study = describe.study(library, name)
            studies[ids[name]] = study | {"id": ids[name], "plots": about.plots(study["name"], path)}
        for run in library.runs().values():
            name = run.path.relative_to(root).as_posix()
            found[name] = Found(name, library, run, None if run.study is None else ids[run.study])
    return list(found.values()), list(studies.values())


def page(found: Sequence[Found], studies: Sequence[dict[str, Any]], title: str) -> str:
    """The text of the report."""
    shapes = {each.id: describe.shape(each.library.read_json(each.run.path / "config.json")) for each in found}
    pictures = embedded.grids({each.id: each.run for each in found}, shapes)
    runs = [_run(each, pictures.get(each.id)) for each in found]
    data = {each.id: each.library.read_json(each.run.path / "data.json") for each in found}
    values = {
        "made": f"made {datetime.now().astimezone():%Y-%m-%d %H:%M}",
        "folder": title,
        "studies": studies,
        "catalog": describe.catalog(),
        "chosen": _first_choice([each.id for each in found]),
        "runs": runs,
        "pictures": pictures,
        "origins": about.origins(runs, data),
        "meanings": meanings({name for run in runs for name in names_of(run)}),
    }
    style = "\n".join((STATIC / name).read_text("utf-8") for name in STYLES)
    script = (STATIC / "vendor/uPlot.js").read_text("utf-8") + bundle(STATIC / "report/main.js")
    parts = {
        "policy": policy(style, script),
        "title": html.escape(title),
        "style": style,
        "script": script,
        "data": json_in_html(values),
    }
    template = (STATIC / "report/report.html").read_text("utf-8")
    return re.sub(r"\{(policy|title|style|script|data)\}", lambda match: parts[match[1]], template)


def _title(found: Sequence[Found], studies: Sequence[dict[str, Any]], folders: Sequence[Path]) -> str:
    """What is in the report: its studies, and how many other runs."""
    if studies:
        others = sum(each.study is None for each in found)
        more = f" and {others} other {'run' if others == 1 else 'runs'}" if others else ""
        return ", ".join(study["name"] for study in studies) + more
    return found[0].id if len(found) == 1 else ", ".join(folder.resolve().name for folder in folders)


def _first_choice(ids: list[str]) -> list[str]:
    """All runs; of many the first of each arm, and no more than can be looked at."""
    if len(ids) <= AT_FIRST:
        return ids
    arms: dict[str, str] = {}
    for name in ids:
        arms.setdefault(name.rpartition("/")[0], name)
    return list(arms.values())[:AT_FIRST]


def _run(each: Found, pictures: dict[str, Any] | None) -> dict[str, Any]:
    """A run with all that the page shows of it."""
    details = describe.details(each.library, each.run)
    written = {"val": "fakes", "draws": "draws"}
    details["samples"] = {"train": []} | {
        side: [[int(step), 0] for step in pictures[name]] if pictures else [] for side, name in written.items()
    }
    details["hints"] = {split: _slim(curve) for split, curve in details["hints"].items()}
    details["test"] = _slim(details["test"])
    details["kept"] = {}  # of each run more than all else in the report
    metrics = Metrics(each.run.path / "metrics.jsonl")
    metrics.read(math.inf)
    axes, curves = _curves(metrics)
    line = describe.line(each.library, each.run, time.time())
    return line | {
        "id": each.id,
        "study": each.study,
        "left": None,  # what is read tomorrow
        "details": details,
        "last": {name: [step, value] for name, (step, value) in metrics.last.items()},
        "axes": axes,
        "curves": curves,
    }


def _curves(metrics: Metrics) -> tuple[list[Any], dict[str, Any]]:
    """Columns of steps and times, each once, and name -> (which of them, values)."""
    axes: dict[str, int] = {}
    columns: list[Any] = []
    curves = {}
    for name, series in metrics.series.items():
        values = to_json(thinned(series.points(), CURVE_POINTS))
        axis = [values["step"], values["time"]]
        key = json.dumps(axis)
        if key not in axes:
            axes[key] = len(columns)
            columns.append(axis)
        curves[name] = [axes[key], values["value"]]
    return columns, curves


def _slim(values: Any) -> Any:
    """Six digits of every number, and no metrics of single kinds of region, which the report does not show."""
    if isinstance(values, dict):
        return {name: _slim(value) for name, value in values.items() if not describe.KIND.search(name)}
    if isinstance(values, list):
        return [_slim(value) for value in values]
    return float(f"{values:.6g}") if isinstance(values, float) else values


def json_in_html(values: Any) -> str:
    """JSON that no text of a person's can end: a run named </script> is a name."""
    text = answers.to_json(values)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def policy(style: str, script: str) -> str:
    """A content security policy that lets this style and this script run, and nothing be asked for."""

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    return (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)}; img-src data:; "
        "connect-src data:; base-uri 'none'; form-action 'none'"
    )
