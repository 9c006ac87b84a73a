"""Does sepia vanish without any game, where colours are classified and not regressed?

Zhang, Isola, Efros 2016 (arXiv 1603.08511): the likelihood of classes of colour, rare ones counting more, and its
annealed mean; here of the whole colour, as line art gives no lightness away (gan/models/classifier.py).
Run:     gan train experiments/classes.py
Result:  no: sepia index .99, no region in a palette colour (seed 0, 1,000 steps, as its theory says); see README.md.
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Reconstruction

experiment = replace(baseline, name="classes", reconstruction=Reconstruction(loss="classes"))
