"""Does an adversarial loss bring the colour back that L1 averages away?

Isola et al. 2017 (arXiv 1611.07004), sec. 3, with what was found to make regions flat and vivid at 64 px: a patch as
large as the picture, a slow discriminator with batch norm, lambda 30, least squares (Mao et al. 2017).
Run:     gan train experiments/pix2pix.py
Result:  sepia index .26, by pixel .14 (seed 0; l1 .99, .97), 5 minutes on 2 cores; regions not flat; see README.md.
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Adversarial, Discriminator, Optimizer, Reconstruction

experiment = replace(
    baseline,
    name="pix2pix",
    steps=2000,
    adversarial=Adversarial(game="lsgan"),
    discriminator=Discriminator(width=16, layers=4),
    reconstruction=Reconstruction(weight=30.0),
    optimizer=Optimizer(lr=2e-3, d_lr=5e-5, decay=0.5),
)
