"""Do hints that come flooded to the lines colour real faces better than the hints alone, and than a watershed?

As animeface_hints, with the hints flooded to the closed areas of the Canny edges as well, and a network that points.
Run:     gan train experiments/animeface_lines.py --data.root FOLDER
         gan evaluate runs/animeface_lines/seed-0 --hints 0 1 5 10 20
Result:  see README.md
"""

from dataclasses import replace

from animeface_hints import experiment as baseline

experiment = replace(
    baseline,
    name="animeface_lines",
    generator=replace(baseline.generator, keys=16),
    hints=replace(baseline.hints, flood="lines"),
)
