"""Where a network of noise chooses the colours, do games of their whole weight teach how often each occurs?

What odds and pairs of pixels replaced in sampler.py; the samplers of real faces and of hints are still built on it.
Relativistic pairs with R1 and R2 (Huang et al. 2024, arXiv 2501.05441, sec. 2), once of pictures, judged in patches and
as a whole, and once of colours alone (gan/training/palettes.py).
Run:     gan train experiments/sampler_network.py
Result:  hits .91, entropy 2.70 of 2.79 bits, skin of two tones in one seed of three: H4 was inconclusive; see
         results/sampling_network/report.md
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Adversarial, Discriminator, Generator, Optimizer, Reconstruction

experiment = replace(
    baseline,
    name="sampler_network",
    steps=2000,
    generator=Generator(noise=4, colors=5, upsample="resize"),
    discriminator=Discriminator(width=24, layers=3, norm="none", judges="both"),
    adversarial=Adversarial(game="relativistic", r1=2.0, r2=2.0, palettes=1.0, penalty_every=2),
    reconstruction=Reconstruction(loss="fitted", weight=10.0, palette=0.3),
    optimizer=Optimizer(lr=1e-3, beta1=0.0, beta2=0.99, decay=0.5),
)
