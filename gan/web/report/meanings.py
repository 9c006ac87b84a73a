"""A sentence a metric, for who reads a report without the documentation; docs/metrics.md says it exactly."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gan.metrics.catalog import CURVES, METRICS, Metric

SENTENCES = {
    "sepia_index": "1 where every picture has one and the same tint, 0 where colours vary from picture to picture as "
    "the truth's do, below 0 where they vary more.",
    "sepia_index_px": "The same over all pixels, so that a region mottled in many colours does not count as sepia.",
    "mae": "How far a colour value is from the truth's, on average over all pixels, in RGB from 0 to 1.",
    "psnr": "The squared error on a scale of decibels: 10 more is a tenth of it.",
    "ssim": "How alike brightness, contrast and structure are in small windows; 1 for equal pictures.",
    "lpips": "How far apart the features are that a network for recognising pictures sees; 0 for equal pictures.",
    "ciede2000": "How different the colours look; 1 is barely visible, and from 10 on they are other colours.",
    "ab_std": "How mottled the colour inside one region is; the truth of flat drawings has 0.",
    "chroma_ratio": "How vivid the colours are compared with the truth's: below 1 greyer, above 1 more vivid.",
    "fill": "1 where a hint colours the whole region in which it lies, 0 where it colours nothing.",
    "bleed": "How much of a hint's colour has come out of the region that it was given to.",
    "adherence": "How different the hinted pixels look from what was asked for.",
    "unhinted/sepia_index": "The sepia index where no hint was given: whether hints help beyond their own regions.",
    "response": "How much a region changes when its hint gets another colour: 0 where hints are ignored.",
    "leakage": "How much all other regions change when one hint gets another colour.",
    "placebo/mae": "The higher it is, the more the hints are obeyed, for these are wrong ones.",
    "G/reconstruction": "How far the pictures are from the truth as training measures it; a classifier's in nats.",
    "G/g_loss": "How well the discriminator tells the generator's pictures from true ones; it settles, and is not to "
    "fall.",
    "D/d_loss": "How badly the discriminator tells true pictures from made ones; near 0 it has won, and training "
    "stalls.",
}
"""By the catalogue's name: of every metric that the page shows without being asked."""


def meanings(names: Iterable[str]) -> list[dict[str, str]]:
    """{name, words} of the metrics that have a sentence, in the catalogue's order.

    Args:
        names: as they are logged, with `val/` and its like, or without.
    """
    there = {_bare(name) for name in names}
    known: Mapping[str, Metric] = METRICS | CURVES
    return [
        {
            "name": name,
            "words": f"{metric.heading[0].upper()}{metric.heading[1:]}. {SENTENCES[name]}{_direction(metric)}",
        }
        for name, metric in known.items()
        if name in SENTENCES and name in there
    ]


def _bare(name: str) -> str:
    """Without the prefix of the log: val_hints/3/fill is fill."""
    return re.sub(r"^(val|val_average|val_hints/\d+)/", "", name)


def _direction(metric: Metric) -> str:
    match metric.better:
        case None:
            return ""
        case int(goal):
            return f" Best near {goal}."
        case way:
            return f" {way.capitalize()} is better."


def names_of(run: Mapping[str, Any]) -> set[str]:
    """Every metric that a report holds of a run: logged, tested, or over the number of hints."""
    details = run["details"]
    by_count = [curve.get("hints") for curve in details["hints"].values() if isinstance(curve, dict)]
    groups = [(details["test"] or {}).get("metrics"), *(each for all_ in by_count if all_ for each in all_.values())]
    return {*run["last"], *(name for group in groups if isinstance(group, dict) for name in group)}
