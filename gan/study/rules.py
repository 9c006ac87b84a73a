"""The language of a study's rules: numbers of its runs, claims about them, and rules made of claims.

Everything here is plain data; `gan.study.verdicts` judges it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gan.metrics.catalog import AREAS, PALETTE_ONLY, label

Row = Mapping[str, float]
"""Metric -> value."""


@dataclass(frozen=True)
class RunScore:
    """What a run scored on its test pictures: number of hints -> metrics, and -> closed form -> metrics."""

    curve: Mapping[int, Row]
    closed: Mapping[int, Mapping[str, Row]]


Scores = Mapping[str, Mapping[int, RunScore]]
"""Cell -> seed -> score."""
BySeed = dict[int, float]


class Number(Protocol):
    """A quantity with one value a seed; `str` of it is what a reader is shown."""

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells whose runs it needs."""
        ...

    def of(self, scores: Scores) -> BySeed:
        """Its value for every seed that has all it needs."""
        ...


@dataclass(frozen=True)
class Measured:
    """A metric of a cell's runs.

    hints: how many a picture. form: not of the runs but of that closed form (median, mean, sampler) on the same draw,
    or of the watershed of the same hints.
    """

    cell: str
    metric: str
    hints: int = 0
    form: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The one cell that is measured."""
        return (self.cell,)

    def of(self, scores: Scores) -> BySeed:
        """Seed -> the metric, of the runs that have it."""
        rows = {seed: self._row(score) for seed, score in scores.get(self.cell, {}).items()}
        return {seed: row[self.metric] for seed, row in rows.items() if self.metric in row}

    def _row(self, score: RunScore) -> Row:
        if self.form:
            return score.closed.get(self.hints, {}).get(self.form, {})
        return score.curve.get(self.hints, {})

    def __str__(self) -> str:
        with_hints = f" with {self.hints} hints" if self.hints else ""
        who = f"{CLOSED_FORM_LABELS[self.form]} for {self.cell}" if self.form else self.cell
        return f"{label(self.metric)} of {who}{with_hints}"


@dataclass(frozen=True)
class _Pair:
    """Two numbers, taken together seed by seed: the arms of a seed share data, colours and initialisation."""

    left: Number
    right: Number

    @property
    def cells(self) -> tuple[str, ...]:
        """Those of the left number, then those that the right one adds."""
        return tuple(dict.fromkeys(self.left.cells + self.right.cells))

    def pairs(self, scores: Scores) -> dict[int, tuple[float, float]]:
        """Seed -> both values, of the seeds that have both."""
        left, right = self.left.of(scores), self.right.of(scores)
        return {seed: (left[seed], right[seed]) for seed in left if seed in right}


class Difference(_Pair):
    """The left number minus the right one."""

    def of(self, scores: Scores) -> BySeed:
        """Seed -> difference, of the seeds that have both numbers."""
        return {seed: left - right for seed, (left, right) in self.pairs(scores).items()}

    def __str__(self) -> str:
        return f"{self.left} minus {self.right}"


class Ratio(_Pair):
    """The left number over the right one; a seed whose denominator is 0 has none."""

    def of(self, scores: Scores) -> BySeed:
        """Seed -> ratio, of the seeds that have both numbers."""
        return {seed: left / right for seed, (left, right) in self.pairs(scores).items() if right}

    def __str__(self) -> str:
        return f"{self.left} over {self.right}"


@dataclass(frozen=True)
class Slope:
    """Change of a metric by a hint: the least-squares line over 0 to `most` hints; `scale` times that."""

    cell: str
    metric: str
    most: int
    scale: float = 1.0

    @property
    def cells(self) -> tuple[str, ...]:
        """The one cell whose curve over the number of hints is fitted."""
        return (self.cell,)

    def of(self, scores: Scores) -> BySeed:
        """Seed -> scaled slope, of the seeds that were scored with every number of hints."""
        counts = range(self.most + 1)
        columns = [Measured(self.cell, self.metric, count).of(scores) for count in counts]
        whole = [seed for seed in columns[0] if all(seed in column for column in columns)]
        lines = {seed: np.polyfit([*counts], [column[seed] for column in columns], 1) for seed in whole}
        return {seed: self.scale * float(line[0]) for seed, line in lines.items()}

    def __str__(self) -> str:
        scaled = f"{self.scale:g} times the " if self.scale != 1 else ""
        return f"{scaled}change by a hint of {label(self.metric)} of {self.cell}"


@dataclass(frozen=True)
class Claim:
    """A number lies between `least` and `most`; `provided` another claim holds for every seed, or it is not judged."""

    number: Number
    least: float = -math.inf
    most: float = math.inf
    provided: "Claim | None" = None

    def __str__(self) -> str:
        if self.least == -math.inf:
            return f"{self.number} <= {self.most:g}"
        if self.most == math.inf:
            return f"{self.number} >= {self.least:g}"
        return f"{self.least:g} <= {self.number} <= {self.most:g}"


@dataclass(frozen=True)
class Rule:
    """What a study asks, and the claims that answer it.

    name: such as H1. question: what is claimed, as a sentence. claims: all must hold. gate: where one does not hold for
    every seed, no other rule is judged. reads: the finding in words where it is supported. weaker_than: a rule whose
    failure makes this one's words worth saying.
    """

    name: str
    question: str
    claims: tuple[Claim, ...]
    gate: bool = False
    reads: str = ""
    weaker_than: str = ""


def needs_palette(number: Number, cell: str) -> bool:
    """Whether a number is of a cell, and of a metric or a closed form that hold for the palettes alone."""
    if isinstance(number, _Pair):
        return needs_palette(number.left, cell) or needs_palette(number.right, cell)
    if not isinstance(number, Measured | Slope) or number.cell != cell:
        return False
    area = next((prefix for prefix in AREAS if number.metric.startswith(prefix)), "")
    sepia = number.metric.removeprefix(area).partition("/")[0] in PALETTE_ONLY
    return sepia or (isinstance(number, Measured) and number.form in ("median", "mean", "sampler"))


CLOSED_FORM_LABELS = {
    "median": "the L1 optimum",
    "mean": "the L2 optimum",
    "sampler": "a perfect sampler",
    "watershed": "the watershed of the hints",
}
