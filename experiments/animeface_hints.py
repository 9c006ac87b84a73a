"""Do colour hints cure the sepia on real faces?

The published recipe (animeface.py) with point hints after Zhang et al. 2017 (arXiv 1705.02999): a geometric number of
patches of 1 to 9 px in their mean colour, off the ink.
Run:     gan train experiments/animeface_hints.py --data.root FOLDER
         gan evaluate runs/animeface_hints/seed-0 --hints 0 1 2 5 10 20
Result:  sepia index .77, .43, .21 with 0, 5, 20 hints after 8 epochs on 4,000 faces (seed 0); see README.md
"""

from dataclasses import replace

from animeface import experiment as baseline

from gan.config import Hints

experiment = replace(baseline, name="animeface_hints", hints=Hints(kind="points"))
