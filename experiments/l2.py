"""The positive control: an L2 loss answers with the conditional mean, which fades with any ambiguity at all.

Run:     gan train experiments/l2.py
Result:  at alpha 1 sepia index .99, CIEDE2000 1.6 to the closed-form mean and 5.2 to the median; see README.md.
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Reconstruction

experiment = replace(baseline, name="l2", reconstruction=Reconstruction(loss="l2"))
