"""The positive control: an L2 loss answers with the conditional mean, which fades with any ambiguity at all.

Run:     gan train experiments/l2.py
Result:  not measured by itself yet; the study of doses will.
"""

from dataclasses import replace

from l1 import experiment as baseline

from gan.config import Reconstruction

experiment = replace(baseline, name="l2", reconstruction=Reconstruction(loss="l2"))
