"""With hints flooded to the lines and an adversarial loss: are the hints obeyed, and is the rest vivid all the same?

Run:     gan train experiments/pix2pix_lines.py
Result:  sepia index .004 with all regions hinted, .52 without; hinted regions flat (seed 3); see README.md
"""

from dataclasses import replace

from l1_lines import experiment as lines
from pix2pix_hints import experiment as baseline

experiment = replace(baseline, name="pix2pix_lines", generator=lines.generator, hints=lines.hints)
