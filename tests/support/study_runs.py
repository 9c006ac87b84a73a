"""Runs of a study that are done without having been trained: test.json alone, from scores that a test makes up."""

import json
from collections.abc import Mapping, Sequence

from gan.study.rules import RunScore
from gan.study.runs import StudyRun

Histograms = Mapping[int, Mapping[str, Mapping[str, Sequence[int]]]]


def write_score(
    run: StudyRun,
    score: RunScore,
    *,
    seconds: float = 1.0,
    steps: int = 6,
    histograms: Histograms | None = None,
    broken: str | None = None,
) -> None:
    """The test.json of a run, as far as a study reads it; `broken` None: as it was before that was told."""
    run.folder.path.mkdir(parents=True, exist_ok=True)
    values = {
        "step": steps,
        "hints": {
            str(count): {"metrics": dict(metrics), "closed_forms": score.closed[count]}
            for count, metrics in score.curve.items()
        },
        "seconds": seconds,
        "histograms": {str(count): axes for count, axes in (histograms or {}).items()},
    }
    values |= {} if broken is None else {"broken": broken}
    run.test_json.write_text(json.dumps(values), encoding="utf-8")
