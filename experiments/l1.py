"""The baseline: does a U-Net with an L1 loss answer an ambiguous drawing in sepia?

Isola et al. 2017 (arXiv 1611.07004), eq. 3; the closed-form answer is the per-channel conditional median.
Run:     gan train experiments/l1.py
Result:  see README.md in this folder.
"""

from gan.config import Experiment, Optimizer

experiment = Experiment(name="l1", steps=500, optimizer=Optimizer(lr=2e-3, decay=0.7))
