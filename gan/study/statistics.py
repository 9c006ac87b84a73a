"""From one value a seed to an interval, and from an interval to a side of a bound.

The unit is the seed. The interval is Student's t for the mean over seeds: a percentile bootstrap over three to five
seeds covers too rarely (.73 at n = 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
Side = Literal["right", "wrong", "open"]


@dataclass(frozen=True)
class Measurement:
    """A mean over seeds with its interval.

    values: seed -> value, in order of seeds. low, high: bounds of the interval; None with one seed, which has none.
    closed: the closed form's mean over the same seeds, on the same draws; None where it is not known.
    """

    values: Mapping[int, float]
    mean: float
    low: float | None
    high: float | None
    closed: float | None = None

    @property
    def has_interval(self) -> bool:
        """Whether there is more than one seed."""
        return self.low is not None

    def side(self, least: float, most: float) -> Side:
        """right: the interval lies wholly in [least, most]; wrong: wholly outside, on one side; open: neither.

        With one seed its value is taken for the interval.
        """
        low = self.mean if self.low is None else self.low
        high = self.mean if self.high is None else self.high
        if least <= low and high <= most:
            return "right"
        if high < least or low > most:
            return "wrong"
        return "open"

    def to_json(self) -> dict[str, Any]:
        """Plain values; JSON has strings for seeds."""
        values = {str(seed): value for seed, value in self.values.items()}
        return {"values": values, "mean": self.mean, "low": self.low, "high": self.high, "closed": self.closed}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Measurement":
        """The inverse of `to_json`; `closed` may be absent."""
        by_seed = {int(seed): value for seed, value in values["values"].items()}
        return cls(by_seed, values["mean"], values["low"], values["high"], values.get("closed"))


def mean_over_seeds(values: Mapping[int, float], closed: float | None = None) -> Measurement:
    """The mean of seed -> value with its t-interval, beside the closed form's mean.

    Raises:
        ValueError: no values.
    """
    if not values:
        raise ValueError("a mean over seeds needs a value")
    ordered = dict(sorted(values.items()))
    sample = np.array([*ordered.values()], dtype=np.float64)
    mean = float(sample.mean())
    if len(sample) == 1:
        return Measurement(ordered, mean, None, None, closed)
    error = float(stats.sem(sample))
    if error == 0:  # of which SciPy's interval is NaN
        return Measurement(ordered, mean, mean, mean, closed)
    low, high = stats.t.interval(CONFIDENCE, len(sample) - 1, loc=mean, scale=error)
    return Measurement(ordered, mean, float(low), float(high), closed)
