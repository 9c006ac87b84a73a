"""Given noise, is a conditional GAN a sampler: flat, vivid, calibrated, and each time another colouring?

As odds, and games of a fifth of the usual weight, which rise over 600 steps: relativistic pairs with R1 and R2 (Huang
et al. 2024, arXiv 2501.05441, sec. 2), once of pictures, judged in patches and as a whole, and once of colours alone
(gan/training/palettes.py).
Run:     gan train experiments/sampler.py
Result:  H4 supported: hits 1.00, entropy 2.76 of 2.79 bits, error .98 of a perfect sampler's (3 seeds, 8 minutes a
         run); see results/sampling/report.md
"""

from dataclasses import replace

from odds import experiment as baseline

from gan.config import Adversarial, Discriminator

experiment = replace(
    baseline,
    name="sampler",
    discriminator=Discriminator(width=24, layers=3, norm="none", judges="both"),
    adversarial=Adversarial(game="relativistic", weight=0.2, ramp=600, r1=2.0, r2=2.0, palettes=0.2, penalty_every=2),
)
