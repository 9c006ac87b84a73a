"""The sepia study in minutes: one seed, so that its verdicts are indicative, and alpha = 0.5 is not tested.

Run:     gan study experiments/sepia_quick.py --jobs 2
         scripts/quickstart
Result:  H0 passed, all verdicts indicative and none against (seed 0), 4.6 to 10.5 minutes on 2 cores; see README.md
"""

from dataclasses import replace

from sepia import study as whole

from gan.config import Evaluation, Experiment

STEPS = 1250


def shorter(experiment: Experiment) -> Experiment:
    """Equal steps, and five looks on the way."""
    taught = replace(experiment.reconstruction, pointing_steps=round(0.6 * STEPS))
    return replace(experiment, steps=STEPS, reconstruction=taught, evaluation=Evaluation(every=STEPS // 5))


study = replace(
    whole.only("l1,alpha=0", "l1", "pix2pix", "l1_lines").with_fields(shorter),
    name="sepia_quick",
    seeds=(0,),
    rules=tuple(rule for rule in whole.rules if rule.name != "H2"),  # of l1_hints, which is not among these
    reported=tuple(number for number in whole.reported if "l1_hints" not in str(number)),
    note=f"One seed and few steps, to see the whole in minutes; `experiments/sepia.py` is the study. {whole.note}",
)
