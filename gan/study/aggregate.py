"""From the runs of a study to its result: means over seeds, the closed forms beside them, verdicts."""

import secrets
from collections.abc import Mapping, Sequence

from gan.config import to_dict
from gan.metrics.catalog import WATERSHED
from gan.study.arrival import arrivals, closed_form_of
from gan.study.definition import Cell, Study
from gan.study.results import Baselines, CellResult, NumberResult, StudyResult, VerdictResult
from gan.study.rules import RunScore
from gan.study.runs import RunResult, StudyRun, read_result
from gan.study.statistics import CONFIDENCE, Measurement, mean_over_seeds
from gan.study.verdicts import Verdict, judge

RunResults = Mapping[str, Mapping[int, RunResult]]
"""Cell -> seed -> result of a run that is done, and not broken."""


def read_results(runs: Sequence[StudyRun]) -> tuple[RunResults, dict[str, str]]:
    """The results of the runs that are done; and label -> reason of those that are broken, which are left out.

    Raises:
        RequestError: a test.json is damaged.
    """
    results: dict[str, dict[int, RunResult]] = {}
    broken: dict[str, str] = {}
    for run in runs:
        result = read_result(run)
        if result is not None and result.broken:
            broken[run.label] = result.broken
        elif result is not None:
            results.setdefault(run.experiment.name, {})[run.experiment.seed] = result
    return results, broken


def aggregate(
    study: Study,
    runs: Sequence[StudyRun],
    before: StudyResult | None = None,
    baselines: Baselines | None = None,
) -> StudyResult:
    """The result of the runs that are done; no number rests on a broken one.

    before: what study.json held, whose id is kept. baselines: measured on the study's data; None: those of `before`.
    """
    results, broken = read_results(runs)
    scores = {name: {seed: result.score for seed, result in by_seed.items()} for name, by_seed in results.items()}
    data = to_dict(study.cells[0].experiment)["data"]
    gate = arrivals(each.experiment for each in study.cells)
    verdicts = judge(study.rules, scores, study.seeds, broken=broken, arrivals=gate)
    kept = {} if before is None else before.baselines
    kept_data = None if before is None else before.baselines_of
    return StudyResult(
        id=before.id if before is not None else secrets.token_hex(4),
        name=study.name,
        question=study.question,
        note=study.note,
        seeds=study.seeds,
        confidence=CONFIDENCE,
        verdicts=tuple(_verdict(verdict) for verdict in verdicts),
        cells=tuple(_cell(cell, results.get(cell.name, {})) for cell in study.cells),
        differences=tuple(
            NumberResult(str(number), mean_over_seeds(values))
            for number in study.reported
            if (values := number.of(scores))
        ),
        baselines=kept if baselines is None else baselines,
        baselines_of=data if baselines else kept_data,
        missing=tuple(run.label for run in runs if run.state != "done"),
        broken=broken,
    )


def _verdict(verdict: Verdict) -> VerdictResult:
    return VerdictResult(
        name=verdict.rule.name,
        claim=verdict.rule.question,
        verdict=verdict.word,
        leaning=verdict.leaning,
        reads=verdict.reads,
        reason=verdict.reason,
        gate=verdict.rule.gate,
        numbers=tuple(NumberResult(str(each.claim), each.measured, each.state) for each in verdict.findings),
    )


def _cell(cell: Cell, results: Mapping[int, RunResult]) -> CellResult:
    by_seed = dict(sorted(results.items()))
    form = closed_form_of(cell.experiment)
    scores = {seed: result.score for seed, result in by_seed.items()}
    counts = sorted({count for score in scores.values() for count in score.curve})
    return CellResult(
        name=cell.name,
        arm=cell.arm,
        differences=cell.differences,
        closed_form=form,
        seeds=tuple(by_seed),
        steps={seed: result.steps for seed, result in by_seed.items()},
        seconds={seed: result.seconds for seed, result in by_seed.items()},
        hints={count: _measurements(scores, count, form) for count in counts},
        configuration=to_dict(cell.experiment),
        watershed={count: rival for count in counts if (rival := _rivals(scores, count))},
    )


def _rivals(scores: Mapping[int, RunScore], count: int) -> dict[str, Measurement]:
    """Metric -> measurement of the watershed with `count` hints, on the same draws as the runs."""
    rows = {seed: score.closed.get(count, {}).get(WATERSHED, {}) for seed, score in scores.items()}
    names = dict.fromkeys(name for row in rows.values() for name in row)
    return {name: mean_over_seeds({seed: row[name] for seed, row in rows.items() if name in row}) for name in names}


def _measurements(scores: Mapping[int, RunScore], count: int, form: str) -> dict[str, Measurement]:
    """Metric -> measurement with `count` hints; the closed form is averaged over the same seeds, on the same draws."""
    rows = {seed: score.curve[count] for seed, score in scores.items() if count in score.curve}
    forms = {seed: scores[seed].closed.get(count, {}).get(form, {}) for seed in rows}
    measurements = {}
    for metric in dict.fromkeys(name for row in rows.values() for name in row):
        values = {seed: row[metric] for seed, row in rows.items() if metric in row}
        closed = [forms[seed][metric] for seed in values if metric in forms[seed]]
        measurements[metric] = mean_over_seeds(values, sum(closed) / len(closed) if closed else None)
    return measurements
