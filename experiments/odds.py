"""Can what a drawing leaves open be drawn without any game: each area in one colour, each colour as often as it occurs?

A network says which of five colours a pixel has, and what the odds of 64 learned paints are for each of the five; noise
draws by these odds (gan/models/odds.py). The shares are told what can be fitted with them and which pixels differ, the
paints and their odds which colours occur. Nothing is drawn towards a mean, and nothing judges a picture.
Run:     gan train experiments/odds.py
Result:  hits 1.00, entropy 2.79 of 2.79 bits, error 1.00 of a perfect sampler's (3 seeds, 2,000 steps); see
         results/sampling/report.md
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Generator, Optimizer, Reconstruction

experiment = replace(
    baseline,
    name="odds",
    steps=2000,
    generator=Generator(noise=64, choice="odds", colors=5, upsample="resize"),
    reconstruction=Reconstruction(loss="fitted", weight=10.0, palette=0.3, pairs=0.05),
    optimizer=Optimizer(lr=1e-3, beta1=0.0, beta2=0.99, decay=0.5),
)
