"""Given noise, does a game without any pixel loss make a sampler: flat, vivid, and each time another colouring?

Relativistic pairs with R1 and R2 (Huang et al. 2024, arXiv 2501.05441, sec. 2) and a critic of patches and the whole,
against a network that says which of eight colours a pixel has, while noise draws the colours (gan/models/sampler.py).
Run:     gan train experiments/sampler.py
Result:  not measured with these settings; near ones have .61 of the regions in a palette colour (pix2pix .19)
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
