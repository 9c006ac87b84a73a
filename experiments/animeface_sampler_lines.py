"""Does a sampler of real faces obey hints that come flooded to the lines, and as well as an L1 loss does?

As animeface_sampler, with the hints of animeface_lines and its network that points.
Run:     gan train experiments/animeface_sampler_lines.py --data.root FOLDER
         gan evaluate runs/animeface_sampler_lines/seed-0 --hints 0 1 5 10 20
Result:  with 10 hints MAE .145 and LPIPS .247 after 1,200 steps (animeface_lines .119, .244): as near to the eye, and
         22 % further in the mean; see README.md
"""

from dataclasses import replace

from animeface_lines import experiment as lines
from animeface_sampler import experiment as baseline

experiment = replace(
    baseline,
    name="animeface_sampler_lines",
    generator=replace(baseline.generator, keys=lines.generator.keys),
    hints=lines.hints,
)
