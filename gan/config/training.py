"""How the networks of an experiment learn, and what is measured and written down meanwhile."""

from dataclasses import dataclass
from typing import Literal

from gan.config import plain
from gan.config.checks import check, check_share
from gan.metrics import catalog

Game = Literal["none", "vanilla", "lsgan", "hinge", "relativistic"]
Precision = Literal["fp32", "bf16", "auto"]
MOST_TAG = 64
"""Characters of a tag; W&B takes no more."""


@dataclass(frozen=True)
class Adversarial:
    """The game between generator and discriminator."""

    game: Game = "none"
    """none: reconstruction alone; vanilla: cross-entropy; lsgan: least squares; hinge; relativistic: the true picture
    of a drawing against the made one (Jolicoeur-Martineau 2018)."""
    weight: float = 1.0
    """Weight of the generator's adversarial loss."""
    ramp: int = 0
    """Steps over which that of all its games rises linearly from 0; 0: whole from the first step."""
    r1: float = 0.0
    """Gamma of the gradient penalty on true pictures (Mescheder et al. 2018, eq. 9), such as 10; 0: none."""
    r2: float = 0.0
    """Gamma of the gradient penalty on made pictures (the same, eq. 10); 0: none."""
    palettes: float = 0.0
    """With generator.noise: weight of a second game, of the colours alone, those drawn against those that fit the true
    picture; 0: none. With generator.choice=odds it teaches how often each occurs, and not which occur together."""
    penalty_every: int = 1
    """Steps from one penalty to the next, which counts as often (Karras et al. 2020, appendix B)."""

    def __post_init__(self) -> None:
        plain.check_types(self, "adversarial")
        check(self.weight > 0, f"adversarial.weight ({self.weight:g}) must be above 0; adversarial.game=none is off")
        check(self.ramp >= 0, f"adversarial.ramp ({self.ramp}) must be at least 0")
        check(self.r1 >= 0, f"adversarial.r1 ({self.r1:g}) must be at least 0")
        check(self.r2 >= 0, f"adversarial.r2 ({self.r2:g}) must be at least 0")
        check(self.palettes >= 0, f"adversarial.palettes ({self.palettes:g}) must be at least 0")
        check(self.penalty_every >= 1, f"adversarial.penalty_every ({self.penalty_every}) must be at least 1")

    @property
    def penalised(self) -> bool:
        """Whether the discriminator is kept from steep verdicts."""
        return self.r1 > 0 or self.r2 > 0


@dataclass(frozen=True)
class Reconstruction:
    """The pixel loss."""

    loss: Literal["l1", "l2", "fitted", "classes"] = "l1"
    """l1: mean absolute error; l2: mean squared error; fitted: with generator.noise, the mean absolute error in the
    colours that fit the true picture best, which pulls towards no mean; classes: no regression, but the cross-entropy
    of classes of colour, of which rare ones count more (Zhang et al. 2016)."""
    weight: float = 100.0
    """Weight of the pixel loss, lambda in Isola et al. 2017, eq. 4."""
    sure: float = 0.0
    """With loss=fitted: weight, within it, of the chance that a pixel's colour is not the same twice, such as 0.05."""
    pairs: float = 0.0
    """With loss=fitted: weight, within it, of a likelihood of pairs of pixels, that those of different colours are
    given different ones and those of one colour the same, such as 0.05."""
    palette: float = 0.0
    """With generator.noise: weight of the likelihood of the colours that fit the true picture, which teaches what the
    drawing says of them; 0: the game alone does."""
    pointing: float = 0.3
    """With generator.keys: weight of the likelihood that teaches it where to point, relative to the pixel loss where
    there is one."""
    pointing_steps: int = 1500
    """With generator.keys: steps over which that weight falls linearly to 0."""

    def __post_init__(self) -> None:
        plain.check_types(self, "reconstruction")
        check(self.weight >= 0, f"reconstruction.weight ({self.weight:g}) must be at least 0")
        check(self.sure >= 0, f"reconstruction.sure ({self.sure:g}) must be at least 0")
        check(self.pairs >= 0, f"reconstruction.pairs ({self.pairs:g}) must be at least 0")
        check(self.palette >= 0, f"reconstruction.palette ({self.palette:g}) must be at least 0")
        check(self.pointing >= 0, f"reconstruction.pointing ({self.pointing:g}) must be at least 0")
        check(self.pointing_steps >= 1, f"reconstruction.pointing_steps ({self.pointing_steps}) must be at least 1")


@dataclass(frozen=True)
class Optimizer:
    """Adam for both networks, constant and then falling linearly to 0."""

    lr: float = 2e-4
    """Learning rate of the generator."""
    d_lr: float | None = None
    """Learning rate of the discriminator; none: that of the generator."""
    beta1: float = 0.5
    """Decay of Adam's first moment."""
    beta2: float = 0.999
    """Decay of Adam's second moment."""
    decay: float = 0.5
    """Share of the steps, at the end, over which the learning rate falls linearly to 0."""
    clip: float | None = None
    """Largest norm of a network's gradient; none: not clipped."""

    def __post_init__(self) -> None:
        plain.check_types(self, "optimizer")
        check(self.lr > 0, f"optimizer.lr ({self.lr:g}) must be above 0")
        check(self.d_lr is None or self.d_lr > 0, f"optimizer.d_lr ({self.d_lr}) must be above 0")
        check(0 <= self.beta1 < 1, f"optimizer.beta1 ({self.beta1:g}) must be at least 0 and below 1")
        check(0 <= self.beta2 < 1, f"optimizer.beta2 ({self.beta2:g}) must be at least 0 and below 1")
        check_share("optimizer.decay", self.decay)
        check(self.clip is None or self.clip > 0, f"optimizer.clip ({self.clip}) must be above 0")


@dataclass(frozen=True)
class Evaluation:
    """What is measured while a run trains, on fixed pictures."""

    every: int = 0
    """Steps between evaluations; 0: ten in a run. The last step is always evaluated."""
    pictures: int = 256
    """Most validation pictures in an evaluation."""
    grid: int = 8
    """Drawings in the sample grid."""
    best: str = "lpips"
    """Metric that chooses checkpoints/best.pt."""

    def __post_init__(self) -> None:
        plain.check_types(self, "evaluation")
        check(self.every >= 0, f"evaluation.every ({self.every}) must be at least 0")
        check(self.pictures >= 2, f"evaluation.pictures ({self.pictures}) must be at least 2")
        check(self.grid >= 1, f"evaluation.grid ({self.grid}) must be at least 1")
        check(
            self.best in catalog.choosing(),
            f"evaluation.best ({self.best}) must be one of {', '.join(catalog.choosing())}",
        )


@dataclass(frozen=True)
class Logging:
    """What is written down; changes no result."""

    every: int = 50
    """Steps between two lines of training losses."""
    checkpoint_minutes: float = 5.0
    """Minutes of training after which checkpoints/last.pt is written between evaluations, too; 0: at evaluations
    alone."""
    wandb: Literal["auto", "online", "offline", "disabled"] = "auto"
    """The Weights & Biases mirror; auto: WANDB_MODE if set, else online with an account, else offline."""
    project: str = "gan-colorization"
    """Project of the mirror; WANDB_PROJECT stands for the default."""
    tags: tuple[str, ...] = ()
    """Tags of the mirror's run."""
    notes: str = ""
    """A note on the mirror's run, such as why it is made."""
    artifact: Literal["none", "best", "last"] = "none"
    """The checkpoint that the mirror keeps as an artifact when the run has ended."""

    def __post_init__(self) -> None:
        plain.check_types(self, "logging")
        check(self.every >= 1, f"logging.every ({self.every}) must be at least 1")
        check(
            self.checkpoint_minutes >= 0,
            f"logging.checkpoint_minutes ({self.checkpoint_minutes:g}) must be at least 0",
        )
        check(self.project != "", "logging.project must not be empty")
        for tag in self.tags:
            check(1 <= len(tag) <= MOST_TAG, f"logging.tags ({tag!r}) must have 1 to {MOST_TAG} characters each")
