"""On a person's own pictures there is no closed form; instead, what the best constant picture scores.

The per-pixel median and mean of the training pictures are the L1 and L2 optimum of an answer that does not look at the
drawing at all.
"""

import logging
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from gan import seeds
from gan.data import sources
from gan.data.fixed import EVALUATION_BATCH, FixedPictures
from gan.data.loader import Pictures
from gan.evaluation.score import Score, load_lpips
from gan.ranges import from_uint8, to_uint8
from gan.runs.environment import pick_device
from gan.study.definition import Study
from gan.study.runs import StudyRun

logger = logging.getLogger(__name__)
MOST_PICTURES = 4000
"""Most training pictures that are looked at, evenly spread."""


def measure(study: Study, runs: Sequence[StudyRun]) -> dict[str, dict[str, float]]:
    """Name -> metrics of the constant pictures on the test side; nothing where the closed forms are known."""
    experiment = study.cells[0].experiment
    if experiment.data.source == "avatars":
        return {}
    logger.info("measuring the median and the mean of the training pictures")
    data, device = sources.load(experiment), pick_device(experiment.device)
    lpips, test = load_lpips(device), data.sides["test"]
    fixed = FixedPictures(test, range(len(test)), runs[0].experiment.seed, experiment.hints, EVALUATION_BATCH)
    scores: dict[str, Score] = {}
    constants = {name: picture.to(device) for name, picture in constant_pictures(data.sides["train"]).items()}
    for scored in (each.to(device) for each in fixed.at(0, closed=False)):
        for name, picture in constants.items():
            fake = picture.expand_as(scored.batch.color)
            scores.setdefault(name, Score(lpips)).update(fake, scored)
    return {name: score.result() for name, score in scores.items()}


def constant_pictures(pictures: Pictures) -> dict[str, Tensor]:
    """The per-pixel median and mean of training pictures, as `median picture` and `mean picture`: (3, H, W) each."""
    stride = -(-len(pictures) // MOST_PICTURES)
    stack = np.stack(
        [
            to_uint8(pictures.samples([index], [seeds.rng(0, "baseline", index)], training=False)[0].color)
            for index in range(0, len(pictures), stride)
        ]
    )  # (N, H, W, 3)
    constants = {"median picture": np.median(stack, axis=0), "mean picture": stack.mean(axis=0)}
    return {name: from_uint8(values.round().astype(np.uint8)) for name, values in constants.items()}
