"""Has an L1 run arrived at its closed form? Asked before anything is concluded from it (the protocol's H0 and H1).

A sepia index alone would pass an untrained network, whose index is .99: the distance to the closed form is asked for
too.
"""

from collections.abc import Mapping

NEAR = 3.0
"""Largest median CIEDE2000 to the closed-form median."""
SEPIA = 0.80
"""Least sepia index of an L1 run whose lines are fully ambiguous."""
VIVID = 0.10
"""Largest absolute sepia index of an L1 run whose lines determine the colours."""


def shortfalls(metrics: Mapping[str, float], alpha: float) -> list[str]:
    """What keeps an L1 run on avatars from being judged; empty where it has arrived.

    Args:
        metrics: of `gan.evaluate`, on the test pictures.
        alpha: the dose of ambiguity; 0 or 1.

    Raises:
        ValueError: another dose, for which nothing is fixed here.
    """
    index, distance = metrics["sepia_index"], metrics["to_median"]
    found = []
    if alpha == 1:
        if index < SEPIA:
            found.append(f"sepia index {index:.3f} must be at least {SEPIA:g} at alpha 1")
        if distance >= metrics["to_mean"]:
            found.append(f"the closed-form mean ({metrics['to_mean']:.2f}) is nearer than the median ({distance:.2f})")
    elif alpha == 0:
        if abs(index) > VIVID:
            found.append(f"sepia index {index:.3f} must be within {VIVID:g} of 0 at alpha 0")
    else:
        raise ValueError(f"alpha ({alpha}) must be 0 or 1")
    if distance > NEAR:
        found.append(f"CIEDE2000 to the closed-form median ({distance:.2f}) must be at most {NEAR:g}")
    return found
