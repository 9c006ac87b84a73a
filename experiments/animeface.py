"""Is the published result sepia on real faces too, and does it stay so on the training pictures?

The published recipe: Canny edges (100, 200) of anime faces in, colour out, a U-Net with an L1 loss, 20 epochs.
Run:     gan train experiments/animeface.py --data.root FOLDER
Result:  sepia index .77 on 4,000 faces (seed 0), and as brown on the training pictures; 17 minutes on 2 cores.
"""

from gan.config import Augment, Data, Experiment, Generator, Optimizer

experiment = Experiment(
    name="animeface",
    epochs=20,
    data=Data(source="folder", line="canny", val_fraction=0.05, test_fraction=0.05),
    augment=Augment(flip=0.5, crop=0.117),
    generator=Generator(width=32),
    optimizer=Optimizer(lr=1e-3),
)
