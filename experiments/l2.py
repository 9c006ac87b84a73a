"""The positive control: an L2 loss answers with the conditional mean, which fades with any ambiguity at all.

Run:     gan train experiments/l2.py
Result:  see README.md in this folder.
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Reconstruction

experiment = replace(baseline, name="l2", reconstruction=Reconstruction(loss="l2"))
