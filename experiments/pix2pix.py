"""Does an adversarial loss bring the colour back that L1 averages away?

Isola et al. 2017 (arXiv 1611.07004), sec. 3.
Run:     gan train experiments/pix2pix.py
Result:  see README.md in this folder.
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Adversarial, Discriminator, Optimizer, Reconstruction

experiment = replace(
    baseline,
    name="pix2pix",
    steps=2000,
    adversarial=Adversarial(game="lsgan"),
    discriminator=Discriminator(width=16, layers=3),
    reconstruction=Reconstruction(weight=10.0),
    optimizer=Optimizer(lr=2e-3, d_lr=2e-4, decay=0.5),
)
