"""What does pix2pix do with the recipe that was published, at this size?

Isola et al. 2017 (arXiv 1611.07004), sec. 3.3 and 6.2: cross-entropy, lambda 100, Adam (.5, .999) at 2e-4 for both
networks, batch norm, and a patch of the paper's share of the picture (70 of 256 px).
Run:     gan train experiments/pix2pix_published.py
Result:  sepia index .88, by pixel .44, mottled: spread 25 (3 seeds, 2,000 steps); see
         results/sampling_network/report.md
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Adversarial, Discriminator, Optimizer, Reconstruction

experiment = replace(
    baseline,
    name="pix2pix_published",
    steps=2000,
    adversarial=Adversarial(game="vanilla"),
    discriminator=Discriminator(width=16),
    reconstruction=Reconstruction(weight=100.0),
    optimizer=Optimizer(lr=2e-4, decay=0.5),
)
