"""The baseline: does a U-Net with an L1 loss answer an ambiguous drawing in sepia?

Isola et al. 2017 (arXiv 1611.07004), eq. 3; the closed-form answer is the per-channel conditional median.
Run:     gan train experiments/l1.py
Result:  sepia index .99 (seed 0; closed form 1), CIEDE2000 to the closed form 1.7, 1 minute on 2 cores; see README.md.
"""

from gan.config import Experiment, Optimizer

experiment = Experiment(name="l1", steps=500, optimizer=Optimizer(lr=2e-3, decay=0.7))
