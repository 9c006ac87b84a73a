"""What a study has found: study.json with everything, and from it report.md, plots, the grid and the W&B summary."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gan.config import Experiment, to_dict
from gan.files import write_text
from gan.study.definition import Cell, Study
from gan.study.rules import Score
from gan.study.runs import Done, Job, read
from gan.study.statistics import CONFIDENCE, Estimate, estimate
from gan.study.verdicts import Verdict, judge

FORMAT = 1
Found = Mapping[str, Mapping[int, Done]]
"""Cell -> seed -> run that is done."""


def gather(jobs: Sequence[Job]) -> Found:
    """The runs that are done."""
    found: dict[str, dict[int, Done]] = {}
    for job in jobs:
        done = read(job)
        if done is not None:
            found.setdefault(job.experiment.name, {})[job.experiment.seed] = done
    return found


def form_of(experiment: Experiment) -> str:
    """The closed form that an experiment aims at: of its loss, or a sampler's where it plays against a critic."""
    if experiment.adversarial.game != "none":
        return "sampler"
    return {"l1": "median", "l2": "mean"}[experiment.reconstruction.loss]


def write_numbers(
    study: Study, jobs: Sequence[Job], baselines: Mapping[str, Mapping[str, float]] | None = None
) -> dict[str, Any]:
    """Write study.json; returns what is in it. `baselines` None: as they were."""
    folder, found = jobs[0].folder, gather(jobs)
    before = _known(folder)
    scores = {name: {seed: done.score for seed, done in runs.items()} for name, runs in found.items()}
    verdicts = judge(study.rules, scores, study.seeds)
    values = {
        "format": FORMAT,
        "id": before.get("id") or secrets.token_hex(4),
        "name": study.name,
        "question": study.question,
        "note": study.note,
        "seeds": list(study.seeds),
        "confidence": CONFIDENCE,
        "verdicts": [_verdict(verdict) for verdict in verdicts],
        "cells": [_cell(each, scores.get(each.name, {}), found.get(each.name, {})) for each in study.cells],
        "differences": [
            {"text": str(number), **_estimate(number.of(scores))} for number in study.reported if number.of(scores)
        ],
        "baselines": before.get("baselines", {}) if baselines is None else baselines,
        "baselines_of": to_dict(study.cells[0].experiment)["data"] if baselines else before.get("baselines_of"),
        "missing": [job.label for job in jobs if job.state != "done"],
    }
    write_text(folder / "study.json", json.dumps(values, indent=1) + "\n")
    return values


def _known(folder: Path) -> dict[str, Any]:
    """What study.json held before; nothing where it is missing or damaged, for it is made anew."""
    try:
        values = json.loads((folder / "study.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    rule = verdict.rule
    return {
        "name": rule.name,
        "claim": rule.question,
        "verdict": verdict.word,
        "leaning": verdict.leaning,
        "reads": verdict.reads,
        "reason": verdict.reason,
        "gate": rule.gate,
        "numbers": [
            {
                "text": str(finding.claim),
                "state": finding.state,
                **({} if finding.found is None else _estimate(finding.found.values)),
            }
            for finding in verdict.findings
        ],
    }


def _estimate(values: Mapping[int, float]) -> dict[str, Any]:
    found: Estimate = estimate(values)
    plain = asdict(found) | {"values": {str(seed): value for seed, value in found.values.items()}}
    return plain if found.has_interval else plain | {"low": None, "high": None}


def _cell(cell: Cell, scores: Mapping[int, Score], runs: Mapping[int, Done]) -> dict[str, Any]:
    form = form_of(cell.experiment)
    counts = sorted({count for score in scores.values() for count in score.curve})
    return {
        "name": cell.name,
        "arm": cell.arm,
        "differences": dict(cell.differences),
        "closed_form": form,
        "seeds": sorted(scores),
        "steps": {str(seed): done.steps for seed, done in sorted(runs.items())},
        "seconds": {str(seed): done.seconds for seed, done in sorted(runs.items())},
        "hints": {str(count): _metrics(scores, count, form) for count in counts},
        "configuration": to_dict(cell.experiment),
    }


def _metrics(scores: Mapping[int, Score], count: int, form: str) -> dict[str, Any]:
    """Metric -> estimate, with the closed form's mean over the same seeds, on the same draws."""
    rows = {seed: score.curve[count] for seed, score in scores.items() if count in score.curve}
    forms = {seed: scores[seed].closed.get(count, {}).get(form, {}) for seed in rows}
    metrics: dict[str, Any] = {}
    for name in dict.fromkeys(name for row in rows.values() for name in row):
        values = {seed: row[name] for seed, row in rows.items() if name in row}
        closed = [forms[seed][name] for seed in values if name in forms[seed]]
        metrics[name] = _estimate(values) | {"closed": sum(closed) / len(closed) if closed else None}
    return metrics


def write(study: Study, jobs: Sequence[Job], say: Callable[[str], None]) -> None:
    """Write study.json, report.md, the plots and the grid, and mirror the summary to W&B."""
    from gan.study import baselines, pictures, plots, report, summary

    folder, found = jobs[0].folder, gather(jobs)
    if not found:
        write_numbers(study, jobs)
        return
    data = to_dict(study.cells[0].experiment)["data"]
    before = _known(folder)
    same = before.get("baselines") and before.get("baselines_of") == data
    constant = before["baselines"] if same else baselines.measure(study, jobs, say)
    values = write_numbers(study, jobs, constant)
    for stale in (*(folder / "plots").glob("*.*"), folder / "grid.png"):
        stale.unlink(missing_ok=True)  # the report shows what is there
    plots.write_all(values, found, jobs, folder / "plots")
    pictures.write_grid(study, jobs, folder / "grid.png", say)
    write_text(folder / "report.md", report.markdown(values, folder))
    summary.mirror(study, values, folder, say)


def lines(folder: Path) -> list[str]:
    """What a study found, a line a verdict, and where the report is."""
    values = _known(folder)
    said = []
    for verdict in values.get("verdicts", []):
        reads = f" ({verdict['reads']})" if verdict["reads"] else ""
        said.append(f"{verdict['name']}, {verdict['claim']}: {verdict['verdict']}{reads}. {verdict['reason']}")
    report = folder / "report.md"
    return [*said, str(report)] if report.exists() else said
