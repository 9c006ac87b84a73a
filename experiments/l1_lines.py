"""Does a network that points at its hints fill whole heads of hair, where a watershed stops at strands?

As l1_hints, but hints come flooded to the lines, too, and the generator says of each pixel which hint it belongs to
(gan/models/pointer.py); dabs of 1 to 5 px, one to three a hinted region.
Run:     gan train experiments/l1_lines.py
         gan evaluate runs/l1_lines/seed-0 --hints 0 1 2 3
         python scripts/fill.py runs/l1_lines/seed-0
Result:  at 512 px .999 of the pixels right, hair .997 (seeds 3 to 5; a watershed .981, .896); see README.md
"""

from dataclasses import replace

from l1_hints import experiment as baseline

from gan.config import Hints

experiment = replace(
    baseline,
    name="l1_lines",
    generator=replace(baseline.generator, keys=16),
    optimizer=replace(baseline.optimizer, decay=0.6),
    hints=Hints(kind="regions", share=0.6, without=0.05, dab=(1, 5), dabs=(1, 3), flood="lines"),
)
