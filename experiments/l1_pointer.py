"""Does a network that points at its hints fill whole heads of hair, where a watershed stops at strands?

The generator sees the drawing alone and says of each pixel which hint it belongs to (gan/models/pointer.py); dabs of 1
to 5 px, one to three a hinted region.
Run:     gan train experiments/l1_pointer.py
         gan evaluate runs/l1_pointer/seed-0 --hints 0 1 2 3
         python scripts/fill.py runs/l1_pointer/seed-0
Result:  at 512 px .999 of the pixels right, hair .998 (seed 0; a watershed of the same hints .981, .896); see README.md
"""

from dataclasses import replace

from l1_hints import experiment as baseline

from gan.config import Hints

experiment = replace(
    baseline,
    name="l1_pointer",
    generator=replace(baseline.generator, keys=16),
    optimizer=replace(baseline.optimizer, decay=0.6),
    hints=Hints(kind="regions", share=0.9, without=0.05, dab=(1, 5), dabs=(1, 3)),
)
