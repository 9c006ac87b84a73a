"""What becomes of the sepia of real faces where noise draws their colours?

As animeface, with the generator and games of sampler_network; its six colours are shaded, and a pixel is of one of
them.
Run:     gan train experiments/animeface_sampler.py --data.root FOLDER
Result:  sepia index .13, by pixel .13 (L1: .78 / .75), LPIPS .32 (.28): three seeds (faces.py); see README.md
"""

from dataclasses import replace

from animeface import experiment as baseline
from sampler_network import experiment as sampler

experiment = replace(
    baseline,
    name="animeface_sampler",
    epochs=9,
    generator=replace(sampler.generator, width=24, colors=6, shading="grey"),
    discriminator=replace(sampler.discriminator, width=32),
    adversarial=sampler.adversarial,
    reconstruction=replace(sampler.reconstruction, sure=0.05),
    optimizer=sampler.optimizer,
)
