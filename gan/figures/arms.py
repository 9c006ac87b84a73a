"""What is compared in figures: runs gathered by arm, and arms by the pictures that they are measured on.

Numbers of other pictures, colours or sizes say nothing about which network is better, so that no figure holds both.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gan.runs import rows
from gan.runs.rows import Row
from gan.study.statistics import Measurement, mean_over_seeds
from gan.web import library
from gan.web.report.about import data_words
from gan.web.report.page import Found
from gan.web.review import describe

logger = logging.getLogger(__name__)
HUES = (
    *("#2a62d6", "#d1600f", "#14805e", "#b4318f", "#8a6a00"),
    *("#6b4fd0", "#c22f3d", "#0f7f93", "#7a5a3c", "#5b7d12"),
)
"""Those of the pages (static/review/review.css), which give an arm the same one."""

MOST = 1e100
"""Of a metric: beyond it there is no mean of squares."""


@dataclass(frozen=True)
class ArmRun:
    """A run of an arm: its files, as far as they can be read."""

    found: Found
    config: Mapping[str, Any]
    data: Mapping[str, Any]
    score: Mapping[str, Any]
    """test.json; empty where it has not been scored."""

    @cached_property
    def rows(self) -> list[Row]:
        """Of metrics.jsonl."""
        return [row for row in rows.read(self.found.run.path) if not any(name.startswith("test/") for name in row)]

    @cached_property
    def by_count(self) -> dict[int, dict[str, float]]:
        """Number of hints -> metric -> its score on the test pictures; empty where it has not been scored."""
        hints = _object(self.score.get("hints"))
        metrics = {
            int(count): _object(_object(row).get("metrics")) for count, row in hints.items() if count.isdecimal()
        }
        numbers = {
            count: {name: value for name, value in row.items() if _is_number(value)} for count, row in metrics.items()
        }
        return {count: row for count, row in numbers.items() if row}

    @property
    def seed(self) -> int:
        """Of its configuration; 0 where that does not say."""
        seed = self.config.get("seed")
        return seed if type(seed) is int else 0

    @property
    def commits(self) -> list[str]:
        """The code that it was made with: `1234567`, with `+` where that was not as it was committed."""
        starts = self.found.library.read_json(self.found.run.path / "environment.json").get("starts")
        states = [_object(_object(each).get("git")) for each in (starts if isinstance(starts, list) else [])]
        known = [git for git in states if isinstance(git.get("commit"), str)]
        return [f"{git['commit'][:7]}{'+' if git.get('dirty') else ''}" for git in known]

    @property
    def validated(self) -> int | None:
        """How many validation pictures it was evaluated on; None where its files do not say."""
        asked = _object(self.config.get("evaluation")).get("pictures")
        there = _object(self.data.get("characters") or self.data.get("pictures")).get("val")
        count = len(there) if isinstance(there, list) else there
        return min(asked, count) if isinstance(asked, int) and isinstance(count, int) else None

    @property
    def grids(self) -> list[int]:
        """The steps at which there is a grid of validation drawings."""
        return [step for step, _ in library.samples(self.found.run)["val"]]


@dataclass(frozen=True)
class Arm:
    """Runs that differ in their seed alone. color: of its line; label: what a reader sees."""

    label: str
    color: str
    runs: tuple[ArmRun, ...]

    @property
    def hinted(self) -> bool:
        """Whether it was trained with hints."""
        return bool(_object(self.runs[0].config.get("hints")).get("kind", "none") != "none")

    @property
    def scored(self) -> tuple[ArmRun, ...]:
        """The runs whose score on the test pictures may be shown: those that are scored, and not broken."""
        return tuple(run for run in self.runs if run.by_count and not run.score.get("broken"))

    def measured(self, count: int, metric: str) -> Measurement | None:
        """A metric of the test pictures with a number of hints, over the seeds; None where it was not measured."""
        rows = {run.seed: run.by_count.get(count, {}) for run in self.scored}
        known = {seed: row[metric] for seed, row in rows.items() if metric in row}
        return mean_over_seeds(known) if known else None

    def curve(self, name: str) -> dict[int, Measurement]:
        """Step -> a number of metrics.jsonl, where every run has it that has it at all."""
        columns = [{int(row["step"]): row[name] for row in run.rows if name in row} for run in self.runs]
        there = {run.seed: column for run, column in zip(self.runs, columns, strict=True) if column}
        steps = set.intersection(*map(set, there.values())) if there else set[int]()
        return {step: mean_over_seeds({seed: column[step] for seed, column in there.items()}) for step in sorted(steps)}


def _object(value: Any) -> dict[str, Any]:
    """An object of a JSON file; empty where there is something else."""
    return value if isinstance(value, dict) else {}


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) < MOST


@dataclass(frozen=True)
class Comparison:
    """Arms that are measured on the same pictures, and which those are."""

    data: str
    arms: tuple[Arm, ...]


def comparisons(found: Sequence[Found]) -> list[Comparison]:
    """The arms of some runs by their pictures, in the order of the runs."""
    arms: dict[str, list[ArmRun]] = {}
    for each in found:
        read = {name: each.library.read_json(each.run.path / f"{name}.json") for name in ("config", "data", "test")}
        arms.setdefault(_arm_of(each), []).append(ArmRun(each, read["config"], read["data"], read["test"]))
    colors, labels = _hues([*arms]), _labels([*arms])
    groups: dict[str, list[Arm]] = {}
    for name, runs in arms.items():
        pictures = describe.pictures(dict(runs[0].config), runs[0].found.run.path / "data.json")
        key = json.dumps(pictures, sort_keys=True)
        groups.setdefault(key, []).append(Arm(labels[name], colors[name], tuple(runs)))
    return [Comparison(_words(group[0].runs[0]), tuple(group)) for group in groups.values()]


def _words(run: ArmRun) -> str:
    alpha = _object(run.config.get("data")).get("alpha", 1)
    dose = f", alpha = {alpha:g}" if _is_number(alpha) and alpha != 1 else ""
    return (data_words(run.config, run.data) or "pictures that config.json does not name") + dose


def _arm_of(each: Found) -> str:
    """sepia/l1/seed-3 -> sepia/l1; where the arm's own folder was chosen, whose runs are known as seed-3, its name."""
    arm, _, last = each.id.rpartition("/")
    return (arm or each.run.path.parent.name) if last.startswith("seed-") else each.id


def _labels(names: Sequence[str]) -> dict[str, str]:
    """The last part of each name, with as many before it as tell them apart."""
    for parts in range(1, 6):
        labels = {name: "/".join(name.split("/")[-parts:]) for name in names}
        if len(set(labels.values())) == len(names):
            return labels
    return {name: name for name in names}


def _hues(names: Sequence[str]) -> dict[str, str]:
    """The hue that each arm's name asks for, or the next that fewest arms have: as static/review/colors.js."""
    used = [0] * len(HUES)
    colors = {}
    for name in names:
        hue = _digest(name if "/" in name else f"/{name}") % len(HUES)
        while used[hue] > min(used):
            hue = (hue + 1) % len(HUES)
        used[hue] += 1
        colors[name] = HUES[hue]
    return colors


def _digest(text: str) -> int:
    """FNV-1a, 32 bits, of the code points."""
    digest = 0x811C9DC5
    for letter in text:
        digest = (digest ^ ord(letter)) * 0x01000193 & 0xFFFFFFFF
    return digest
