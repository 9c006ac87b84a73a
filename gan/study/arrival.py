"""Whether a run has arrived where its loss aims: the gate of every L1 and L2 run that a verdict counts.

A network that has not learnt yet, or has died, says nothing about what its loss does: its sepia index can be 1 for the
wrong reason. Where the closed form is known, the distance to it tells.
"""

from collections.abc import Iterable

from gan.config import Experiment
from gan.study.rules import Claim, Measured, Ratio

WITHIN = 0.10
"""How far, as a share of the closed form's error, a run's error may be from it."""
NEAR = 3.0
"""CIEDE2000 to the closed form where its error is 0, at alpha 0."""


def closed_form_of(experiment: Experiment) -> str:
    """The closed form that an experiment aims at: of its loss, or a sampler's where a critic judges or noise draws.

    none: of a likelihood over classes no picture is the one answer.
    """
    if experiment.adversarial.game != "none" or experiment.generator.noise:
        return "sampler"
    return {"l1": "median", "l2": "mean", "classes": "none"}[experiment.reconstruction.loss]


def arrivals(experiments: Iterable[Experiment]) -> dict[str, Claim]:
    """Name -> what `arrival` asks of an experiment's runs, of those that have a closed form to arrive at."""
    return {each.name: claim for each in experiments if (claim := arrival(each)) is not None}


def arrival(experiment: Experiment) -> Claim | None:
    """What must hold for each of an experiment's runs before a verdict counts it, without hints.

    Its error is within 10 % of its closed form's on the same draw of colours; where that is 0, its pictures are within
    CIEDE2000 3 of it. None where there is no closed form (a person's own pictures, free colours), and for a game, draws
    or classes, whose pictures do not aim at one.
    """
    name, data, form = experiment.name, experiment.data, closed_form_of(experiment)
    if data.source != "avatars" or data.colors != "palette" or form not in ("median", "mean"):
        return None
    if data.alpha == 0:
        return Claim(Measured(name, f"to_{form}"), most=NEAR)
    errors = Ratio(Measured(name, "mae_scored"), Measured(name, "mae_scored", form=form))
    return Claim(errors, least=1 - WITHIN, most=1 + WITHIN)
