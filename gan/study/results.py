"""What a study has found, as study.json holds it: typed, with the way to JSON and back beside each type.

Nothing is computed here: `gan.study.aggregate` makes a `StudyResult` from the runs, and report.md, the plots and the
W&B summary are made from it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from gan.config import Experiment, from_dict
from gan.errors import RequestError
from gan.files import read_regular, write_text
from gan.study.statistics import Measurement

FORMAT = 1
FILE = "study.json"


@dataclass(frozen=True)
class NumberResult:
    """A number in words, with its measurement; None where it was not tested.

    state: of the claim that it belongs to (`gan.study.verdicts.ClaimState`); empty for a number without a claim.
    """

    text: str
    measured: Measurement | None
    state: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values; a number has no closed form of its own."""
        values = {} if self.measured is None else self.measured.to_json()
        values.pop("closed", None)
        return {"text": self.text} | ({"state": self.state} if self.state else {}) | values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "NumberResult":
        """The inverse of `to_json`."""
        measured = Measurement.from_json(values) if "values" in values else None
        return cls(values["text"], measured, values.get("state", ""))


@dataclass(frozen=True)
class VerdictResult:
    """A rule's verdict in words, and the numbers that it rests on; fields as those of `gan.study.verdicts.Verdict`."""

    name: str
    claim: str
    verdict: str
    leaning: str
    reads: str
    reason: str
    gate: bool
    numbers: tuple[NumberResult, ...]

    @property
    def line(self) -> str:
        """The verdict and its reason as a sentence."""
        reads = f" ({self.reads})" if self.reads else ""
        return f"{self.name}, {self.claim}: {self.verdict}{reads}. {self.reason}"

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "name": self.name,
            "claim": self.claim,
            "verdict": self.verdict,
            "leaning": self.leaning,
            "reads": self.reads,
            "reason": self.reason,
            "gate": self.gate,
            "numbers": [number.to_json() for number in self.numbers],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "VerdictResult":
        """The inverse of `to_json`."""
        return cls(**{**values, "numbers": tuple(NumberResult.from_json(number) for number in values["numbers"])})


def _curve_to_json(curve: Mapping[int, Mapping[str, Measurement]]) -> dict[str, Any]:
    return {
        str(count): {metric: measured.to_json() for metric, measured in metrics.items()}
        for count, metrics in curve.items()
    }


def _curve_from_json(values: Mapping[str, Any]) -> dict[int, dict[str, Measurement]]:
    return {
        int(count): {metric: Measurement.from_json(measured) for metric, measured in metrics.items()}
        for count, metrics in values.items()
    }


@dataclass(frozen=True)
class CellResult:
    """What the runs of a cell measured.

    arm, differences: as those of `gan.study.Cell`. closed_form: the one that its loss aims at (median, mean, sampler),
    or none. seeds: whose runs are done. steps, seconds: seed -> of training. hints: number of hints -> metric ->
    measurement; empty where no run is done. configuration: the experiment as plain values, kept as they were written.
    watershed: as hints, of the watershed of the same hints; studies of before have none.
    """

    name: str
    arm: str
    differences: Mapping[str, Any]
    closed_form: str
    seeds: tuple[int, ...]
    steps: Mapping[int, int]
    seconds: Mapping[int, float]
    hints: Mapping[int, Mapping[str, Measurement]]
    configuration: Mapping[str, Any]
    watershed: Mapping[int, Mapping[str, Measurement]] = field(default_factory=dict)

    @cached_property
    def experiment(self) -> Experiment:
        """What was run, but for the seed.

        Raises:
            RequestError: it was written by a version with other fields.
        """
        return from_dict(dict(self.configuration), f"{FILE}, cell {self.name}")

    def measured(self, metric: str, hints: int = 0) -> Measurement | None:
        """A metric with a number of hints, or None where it was not measured."""
        return self.hints.get(hints, {}).get(metric)

    def curve(self, metric: str) -> dict[int, Measurement]:
        """Number of hints -> the metric, where it was measured."""
        return {count: metrics[metric] for count, metrics in self.hints.items() if metric in metrics}

    def to_json(self) -> dict[str, Any]:
        """Plain values; JSON has strings for seeds and for numbers of hints."""
        return {
            "name": self.name,
            "arm": self.arm,
            "differences": dict(self.differences),
            "closed_form": self.closed_form,
            "seeds": list(self.seeds),
            "steps": {str(seed): steps for seed, steps in self.steps.items()},
            "seconds": {str(seed): seconds for seed, seconds in self.seconds.items()},
            "hints": _curve_to_json(self.hints),
            **({"watershed": _curve_to_json(self.watershed)} if self.watershed else {}),  # studies of before have none
            "configuration": dict(self.configuration),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "CellResult":
        """The inverse of `to_json`."""
        typed = {
            "seeds": tuple(values["seeds"]),
            "steps": {int(seed): steps for seed, steps in values["steps"].items()},
            "seconds": {int(seed): seconds for seed, seconds in values["seconds"].items()},
            "hints": _curve_from_json(values["hints"]),
            "watershed": _curve_from_json(values.get("watershed", {})),
        }
        return cls(**{**values, **typed})


Baselines = Mapping[str, Mapping[str, float]]
"""Name of a constant picture -> metric -> value."""


@dataclass(frozen=True)
class StudyResult:
    """Everything that a study has found.

    id: by which W&B knows the summary. confidence: of the intervals. differences: numbers that are reported without a
    verdict. baselines_of: the data that the baselines were measured on, as plain values. missing: labels of the runs
    that are not done. broken: label -> reason of those that are done and left out; studies of before have none.
    """

    id: str
    name: str
    question: str
    note: str
    seeds: tuple[int, ...]
    confidence: float
    verdicts: tuple[VerdictResult, ...]
    cells: tuple[CellResult, ...]
    differences: tuple[NumberResult, ...]
    baselines: Baselines
    baselines_of: Mapping[str, Any] | None
    missing: tuple[str, ...]
    broken: Mapping[str, str] = field(default_factory=dict)

    @property
    def measured_cells(self) -> tuple[CellResult, ...]:
        """The cells with a run that is done."""
        return tuple(cell for cell in self.cells if cell.hints)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "format": FORMAT,
            "id": self.id,
            "name": self.name,
            "question": self.question,
            "note": self.note,
            "seeds": list(self.seeds),
            "confidence": self.confidence,
            "verdicts": [verdict.to_json() for verdict in self.verdicts],
            "cells": [cell.to_json() for cell in self.cells],
            "differences": [number.to_json() for number in self.differences],
            "baselines": {name: dict(metrics) for name, metrics in self.baselines.items()},
            "baselines_of": self.baselines_of,
            "missing": list(self.missing),
            **({"broken": dict(self.broken)} if self.broken else {}),  # studies of before have none
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "StudyResult":
        """The inverse of `to_json`."""
        typed = {
            "seeds": tuple(values["seeds"]),
            "verdicts": tuple(VerdictResult.from_json(verdict) for verdict in values["verdicts"]),
            "cells": tuple(CellResult.from_json(cell) for cell in values["cells"]),
            "differences": tuple(NumberResult.from_json(number) for number in values["differences"]),
            "baselines_of": values.get("baselines_of"),  # absent in the first studies
            "missing": tuple(values["missing"]),
        }
        return cls(**{name: value for name, value in values.items() if name != "format"} | typed)


def save(result: StudyResult, folder: Path) -> None:
    """Write study.json whole or not at all."""
    write_text(folder / FILE, json.dumps(result.to_json(), indent=1) + "\n")


def load(folder: Path) -> StudyResult:
    """What study.json of a study's folder holds.

    Raises:
        RequestError: it is missing or damaged.
    """
    path = folder / FILE
    try:
        return StudyResult.from_json(json.loads(read_regular(path)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RequestError(f"{path} must be a study's results, and cannot be read: {error!r}") from error
