"""A study: several experiments over several seeds, with rules that turn their numbers into verdicts.

A study file is written with what this module offers, in the style of an experiment:

    study = Study(name="sepia", seeds=(3, 4, 5), cells=(*vary(l1, "data.alpha", 1, 0, 0.5), cell(pix2pix)), rules=RULES)
"""

from gan.study.definition import Cell, Study, cell, vary
from gan.study.rules import Claim, Difference, Measured, Ratio, Rule, Slope

__all__ = ["Cell", "Claim", "Difference", "Measured", "Ratio", "Rule", "Slope", "Study", "cell", "vary"]
