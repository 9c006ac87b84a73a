"""What becomes of real faces' sepia in equal time: an L1 loss, pix2pix, and a sampler?

Corroboration and no verdict: there is no closed form of a real picture's colours. Every arm has the time of a core
that the published 20 epochs take (11 minutes): measured alone on one thread, l1 trained 6.7 steps a second, pix2pix
5.4, the sampler 3.05.
Run:     gan study experiments/faces.py --data.root FOLDER --jobs 2
Result:  sepia index: sampler .13, pix2pix .14, l1 .78; KID-VGG16 4.9, 5.0, 17.2; LPIPS .32, .31, .28; see README.md
"""

from dataclasses import replace

from animeface import experiment as l1
from animeface_sampler import experiment as sampler
from sepia_real import adversarial

from gan.config import Evaluation, Experiment
from gan.study import Difference, Measured, Study, cell


def trained(experiment: Experiment, name: str, epochs: int) -> Experiment:
    """For as many epochs, and three looks on the way."""
    return replace(experiment, name=name, epochs=epochs, evaluation=Evaluation(every=75 * epochs))  # 226 steps an epoch


study = Study(
    name="faces",
    seeds=(10, 11, 12),  # 9 served to find the sampler's settings
    cells=(
        cell(trained(l1, "l1", 20)),
        cell(trained(adversarial(l1, "pix2pix"), "pix2pix", 16)),
        cell(trained(sampler, "sampler", 9)),
    ),
    reported=tuple(
        Difference(Measured("sampler", metric), Measured(other, metric))
        for other in ("l1", "pix2pix")
        for metric in ("sepia_index", "sepia_index_px", "lpips", "kid_vgg16")
    ),
)
