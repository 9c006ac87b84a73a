"""A study whose runs take seconds, and scores that no run has made."""

from collections.abc import Mapping

from gan.study.rules import RunScore

TINY_STUDY = '''"""Does a tiny study run?"""

from dataclasses import replace

from gan.config import Data, Evaluation, Experiment, Generator, Hints, Logging
from gan.study import Claim, Measured, Rule, Study, cell, vary

base = Experiment(
    name="l1",
    steps=6,
    batch_size=4,
    data=Data(size=32, characters=350),
    generator=Generator(width=8),
    evaluation=Evaluation(every=2, pictures=8, grid=2),
    logging=Logging(every=2, wandb="disabled"),
)
study = Study(
    name="tiny",
    seeds=(1, 2),
    cells=(
        *vary(base, "data.alpha", 0.0, 1.0),
        cell(replace(base, name="l1_hints", hints=Hints(kind="regions"))),
    ),
    rules=(
        Rule("H0", "errors are below 1", (Claim(Measured("l1", "mae"), most=1),), gate=True),
        Rule("H1", "it is sepia", (Claim(Measured("l1", "sepia_index"), least=0.8),), reads="sepia"),
    ),
)
'''


def made_up(values: Mapping[str, float], closed: Mapping[str, float] | None = None) -> RunScore:
    """A run's score from `<hints>/<metric>` -> value; the same closed form whatever the number of hints."""
    curve: dict[int, dict[str, float]] = {}
    for name, value in values.items():
        count, _, metric = name.partition("/")
        curve.setdefault(int(count), {})[metric] = value
    forms = {name: dict(closed or {}) for name in ("median", "mean", "sampler")}
    return RunScore(curve, dict.fromkeys(curve, forms))
