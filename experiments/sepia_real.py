"""Do the findings of the sepia study carry over to a person's own pictures? The four cells of loss x hints.

Corroboration and no verdict: the distribution of a real picture's colours is not known, so there is no closed form, and
the numbers stand beside the best constant pictures.
Run:     gan study experiments/sepia_real.py --data.root FOLDER --dry-run
         gan study experiments/sepia_real.py --data.root FOLDER --jobs 2
Result:  2 of 20 epochs, one seed: hints cure, the GAN is vivid by pixel and not yet coherent; see README.md
"""

from dataclasses import replace

from animeface import experiment as l1
from animeface_hints import experiment as l1_hints
from pix2pix import experiment as recipe

from gan.config import Experiment
from gan.study import Difference, Measured, Study, cell

MOST = 20
"""Hints, of kind points."""


def adversarial(experiment: Experiment, name: str) -> Experiment:
    """The same with pix2pix's game, critic and lambda."""
    return replace(
        experiment,
        name=name,
        adversarial=recipe.adversarial,
        discriminator=recipe.discriminator,
        reconstruction=recipe.reconstruction,
        optimizer=replace(experiment.optimizer, d_lr=recipe.optimizer.d_lr),
    )


def between(metric: str, hints: int = 0) -> Difference:
    """pix2pix minus l1, or the same with hints."""
    arms = ("pix2pix_hints", "l1_hints") if hints else ("pix2pix", "l1")
    return Difference(Measured(arms[0], metric, hints), Measured(arms[1], metric, hints))


def by_hints(metric: str) -> Difference:
    """The most hints minus none, of l1_hints."""
    return Difference(Measured("l1_hints", metric, MOST), Measured("l1_hints", metric))


study = Study(
    name="sepia_real",
    seeds=(0, 1, 2),
    cells=(
        cell(replace(l1, name="l1")),
        cell(replace(l1_hints, name="l1_hints")),
        cell(adversarial(l1, "pix2pix")),
        cell(adversarial(l1_hints, "pix2pix_hints")),
    ),
    reported=(
        *(between(metric) for metric in ("sepia_index", "sepia_index_px", "mae_scored", "lpips")),
        *(between(metric) for metric in ("histogram_L", "histogram_a", "histogram_b")),
        *(by_hints(metric) for metric in ("sepia_index", "mae_scored", "histogram_a", "histogram_b")),
        between("sepia_index", MOST),
    ),
)
