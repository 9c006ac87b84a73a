"""Given noise, is a conditional GAN a sampler: flat, vivid, and each time another colouring?

A network says which of five colours a pixel has, and noise draws the colours from a box of paints
(gan/models/sampler.py). Relativistic pairs with R1 and R2 (Huang et al. 2024, arXiv 2501.05441, sec. 2), once of
pictures, judged in patches and as a whole, and once of colours alone (gan/training/palettes.py). No pixel is drawn
towards its true colour: the shares are told what can be fitted with them, the paints which colours occur.
Run:     gan train experiments/sampler.py
Result:  H4 inconclusive: six of nine numbers hold (3 seeds, 10 minutes a run); see results/sampling/report.md
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Adversarial, Discriminator, Generator, Optimizer, Reconstruction

experiment = replace(
    baseline,
    name="sampler",
    steps=2000,
    generator=Generator(noise=4, colors=5, upsample="resize"),
    discriminator=Discriminator(width=24, layers=3, norm="none", judges="both"),
    adversarial=Adversarial(game="relativistic", r1=2.0, r2=2.0, palettes=1.0, penalty_every=2),
    reconstruction=Reconstruction(loss="fitted", weight=10.0, palette=0.3),
    optimizer=Optimizer(lr=1e-3, beta1=0.0, beta2=0.99, decay=0.5),
)
