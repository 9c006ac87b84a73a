"""An experiment and its parts: plain values, checked when built.

Every field has a default and a sentence, which is also its help on the command line. A part checks what it can see;
`Experiment` checks what only the whole can. `to_dict` and `from_dict` round-trip through JSON (`gan.config.plain`).
"""

import math
from dataclasses import dataclass, field
from typing import Any, Literal

from gan.config import plain
from gan.errors import RequestError
from gan.metrics import catalog

Source = Literal["avatars", "folder", "pairs", "shards"]
Line = Literal["given", "canny", "canny_auto", "xdog", "adaptive", "mix"]
Norm = Literal["batch", "instance", "group", "none"]
Game = Literal["none", "vanilla", "lsgan", "hinge", "relativistic"]
Colors = Literal["palette", "gamut"]
HintKind = Literal["none", "regions", "points", "strokes", "zhang2017", "alacgan2018", "paintstorch2019"]
Auto = Literal["auto"]
Precision = Literal["fp32", "bf16", "auto"]
Size = int | tuple[int, int]
"""Pixels of a picture: one number for a square, or height and width."""


ALONE_IN_BATCH = ("none", "instance", "group")
"""Norms with which a picture's logits do not depend on the others of its batch: not batch norm, nor spectral norm,
which goes on with its estimate at every pass."""


def check(holds: bool, rule: str) -> None:
    """Raise `RequestError(rule)` unless `holds`."""
    if not holds:
        raise RequestError(rule)


def check_share(name: str, value: float) -> None:
    """Check that a probability or a share lies in [0, 1]."""
    check(0 <= value <= 1, f"{name} ({value:g}) must lie between 0 and 1")


@dataclass(frozen=True)
class Data:
    """Where the pictures come from, and how they become line art."""

    source: Source = "avatars"
    """avatars: the embedded, controlled data set; folder: a tree of pictures; pairs: drawings with their pictures;
    shards: pictures in tar files, as gan pack and webdataset write them."""
    root: str = ""
    """Folder of the pictures (source folder or pairs), or of the tar files (source shards)."""
    size: Size = 64
    """Pixels of a training picture: one number for a square, or HEIGHT WIDTH, such as 480 640."""
    line: Line = "given"
    """How a line drawing is made from a picture; given: the data bring their own (avatars, pairs)."""
    canny_low: int = 100
    """Lower threshold of line=canny, on a gradient of 8-bit grey levels."""
    canny_high: int = 200
    """Upper threshold of line=canny."""
    alpha: float = 1.0
    """Dose of ambiguity (avatars): the probability that a region's colour ignores the drawing."""
    colors: Colors = "palette"
    """Where a region's colour is drawn from (avatars): its palette, for which the closed forms hold; or all of sRGB,
    but for what is near the twelve test colours of scripts/fill.py."""
    characters: int = 1050
    """Number of characters to render (avatars), a multiple of the 35 hair variants."""
    layout: Literal["folders", "line-color", "color-line"] = "folders"
    """Pairs: two folders line/ and color/, or pictures side by side, named from the left."""
    split: Literal["hash", "folder"] = "hash"
    """What decides the side of a picture (folder, shards): its own content, or the folder it lies in."""
    val_fraction: float = 0.1
    """Share of the pictures held out for validation."""
    test_fraction: float = 0.2
    """Share of the pictures held out for the test."""
    min_images: int = 20
    """Fewest usable pictures to start with (folder, pairs, shards)."""
    min_side: int = 32
    """Pictures with a shorter side than this, in pixels, are skipped (folder, shards)."""
    max_pixels: int = 80_000_000
    """Pictures with more pixels than this are skipped unread (decompression bombs)."""
    workers: int | Auto = "auto"
    """Processes that prepare pictures; auto: none for avatars, else one per core, at most 8. Changes no result."""
    cache_gb: float = 8.0
    """Most gigabytes of training pictures to keep decoded in the cache folder (folder, pairs); more are read from their
    files. Changes no result."""

    def __post_init__(self) -> None:
        plain.check_types(self, "data")
        if self.height == self.width:
            object.__setattr__(self, "size", self.height)  # a square is written in one way
        check(self.short_side >= 32, f"data.size ({self.size_text}) must be at least 32, which LPIPS needs")
        check_share("data.alpha", self.alpha)
        check_share("data.val_fraction", self.val_fraction)
        check_share("data.test_fraction", self.test_fraction)
        held = self.val_fraction + self.test_fraction
        check(held < 1, f"data.val_fraction + data.test_fraction ({held:g}) must be below 1, or no picture trains")
        check(
            0 < self.canny_low <= self.canny_high,
            f"data.canny_low ({self.canny_low}) must lie between 1 and data.canny_high ({self.canny_high})",
        )
        check(self.min_images >= 1, f"data.min_images ({self.min_images}) must be at least 1")
        check(self.min_side >= 1, f"data.min_side ({self.min_side}) must be at least 1")
        check(
            1 <= self.max_pixels <= 170_000_000,
            f"data.max_pixels ({self.max_pixels}) must lie between 1 and 170000000, the most that Pillow opens",
        )
        check(self.cache_gb >= 0, f"data.cache_gb ({self.cache_gb:g}) must be at least 0")
        check(self.workers == "auto" or self.workers >= 0, f"data.workers ({self.workers}) must be auto or at least 0")
        check(
            self.colors == "palette" or self.alpha == 1,
            f"data.alpha ({self.alpha:g}) must be 1 for data.colors={self.colors}, which the lines do not tell",
        )
        check(
            self.colors == "palette" or self.source == "avatars",
            f"data.colors ({self.colors}) needs data.source=avatars, whose regions are known, not {self.source}",
        )
        self._check_source()

    def _check_source(self) -> None:
        extracted = self.source in ("folder", "shards")
        if extracted:
            check(
                self.line != "given",
                f"data.line (given) needs drawings, and data.source={self.source} has pictures only: "
                "choose canny, canny_auto, xdog, adaptive or mix",
            )
        else:
            check(
                self.line == "given",
                f"data.line ({self.line}) must be given for data.source={self.source}, which brings its own drawings",
            )
        if self.source == "avatars":
            check(
                self.height == self.width,
                f"data.size ({self.size_text}) must be one number for data.source=avatars, whose characters are square",
            )
            check(self.root == "", f"data.root ({self.root}) must be empty for data.source=avatars, which is embedded")
            check(
                self.characters > 0 and self.characters % 35 == 0,
                f"data.characters ({self.characters}) must be a positive multiple of the 35 hair variants",
            )
        check(
            extracted or self.split == "hash",
            f"data.split (folder) needs data.source=folder or shards, not {self.source}",
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of a training picture."""
        return (self.size, self.size) if isinstance(self.size, int) else self.size

    @property
    def height(self) -> int:
        """Of a training picture."""
        return self.shape[0]

    @property
    def width(self) -> int:
        """Of a training picture."""
        return self.shape[1]

    @property
    def short_side(self) -> int:
        """The smaller of height and width."""
        return min(self.shape)

    @property
    def size_text(self) -> str:
        """The size as an option has it."""
        return " ".join(map(str, self.shape)) if self.height != self.width else str(self.height)


@dataclass(frozen=True)
class Augment:
    """Random changes to training pictures; line and colour always get the same geometry."""

    flip: float = 0.0
    """Probability of a mirrored picture."""
    crop: float = 0.0
    """Resize to (1 + crop) times the size, then crop at random; pix2pix: 286 / 256 - 1 = 0.117."""
    rotate: float = 0.0
    """Largest rotation either way, in degrees."""
    scale: float = 0.0
    """Largest relative change of scale either way."""
    line_thickness: float = 0.0
    """Probability of strokes made thicker or thinner by a pixel."""
    line_dropout: float = 0.0
    """Probability of a drawing that loses strokes in a few places."""
    line_noise: float = 0.0
    """Largest standard deviation of noise on the drawing, in units of its range."""
    line_grey: float = 0.0
    """Largest fading of the ink towards white, as a share."""

    def __post_init__(self) -> None:
        plain.check_types(self, "augment")
        for name in ("flip", "line_thickness", "line_dropout", "line_grey"):
            check_share(f"augment.{name}", getattr(self, name))
        check(0 <= self.crop <= 1, f"augment.crop ({self.crop:g}) must lie between 0 and 1")
        check(0 <= self.rotate <= 180, f"augment.rotate ({self.rotate:g}) must lie between 0 and 180 degrees")
        check(0 <= self.scale < 1, f"augment.scale ({self.scale:g}) must lie between 0 and 1")
        check(0 <= self.line_noise <= 1, f"augment.line_noise ({self.line_noise:g}) must lie between 0 and 1")


@dataclass(frozen=True)
class Hints:
    """The colour hints that are simulated from the true picture (`gan.hints.simulate`)."""

    kind: HintKind = "none"
    """none; regions: dabs inside regions (avatars); points: patches in their mean colour; strokes; or a published law:
    zhang2017, alacgan2018, paintstorch2019."""
    without: float | None = None
    """Share of training pictures without any hint, besides those that the law leaves without; none: as the law has
    it."""
    share: float | None = None
    """Regions: probability that a region is hinted; none: the number of hinted regions is uniform."""
    dab: tuple[int, int] = (5, 9)
    """Regions: least and most of a dab's side, in pixels."""
    dabs: tuple[int, int] = (1, 5)
    """Regions: fewest and most dabs in a hinted region."""
    counts: tuple[int, ...] | Auto = "auto"
    """Numbers of hints to evaluate at; auto: 0 to the number of regions, or 0 1 2 5 10 20."""
    flood: Literal["none", "lines"] = "none"
    """lines: the network is given the hints flooded to the drawing's closed areas, too, in four more channels."""
    flood_size: int | Auto = "auto"
    """Avatars: size in pixels at which those areas are found, as thin strands vanish at the network's; auto: four times
    data.size."""

    def __post_init__(self) -> None:
        plain.check_types(self, "hints")
        if self.without is not None:
            check_share("hints.without", self.without)
        if self.share is not None:
            check_share("hints.share", self.share)
        for name, (least, most) in {"dab": self.dab, "dabs": self.dabs}.items():
            check(1 <= least <= most, f"hints.{name} ({least} {most}) must be two numbers from 1 up, the smaller first")
        if self.counts != "auto":
            check(len(self.counts) > 0, "hints.counts must name a number of hints")
            for count in self.counts:
                check(0 <= count <= MOST_HINTS, f"hints.counts ({count}) must lie between 0 and {MOST_HINTS}")
        if self.flood_size != "auto":
            check(8 <= self.flood_size <= 4096, f"hints.flood_size ({self.flood_size}) must lie between 8 and 4096")
        check(self.flood == "none" or self.kind != "none", "hints.flood (lines) needs hints.kind")


MOST_HINTS = 400
"""Most hints of a picture."""


@dataclass(frozen=True)
class Generator:
    """The U-Net that colours (Ronneberger et al. 2015; Isola et al. 2017, sec. 6.1.1)."""

    width: int = 16
    """Channels of the outermost level; doubled a level down, up to 8 times this."""
    depth: int | Auto = "auto"
    """Number of halvings; auto: as many as both sides allow, down to a 1x1 bottleneck where they are a power of 2."""
    norm: Norm = "batch"
    """Normalisation of the inner layers."""
    dropout: float = 0.0
    """Dropout in the three innermost decoder levels, in training only; pix2pix: 0.5."""
    upsample: Literal["transposed", "resize"] = "transposed"
    """How the decoder doubles: a transposed convolution, or nearest-neighbour resizing and a convolution."""
    keys: int = 0
    """Length of the features by which it points at hints, such as 16; 0: it regresses what they say."""
    noise: int = 0
    """Random numbers, N(0, 1), such as 4, for each of the colours that a picture is mixed of and for all of them
    together, by which those are drawn; 0: one answer a drawing."""
    colors: int = 8
    """With generator.noise: colours that a picture is mixed of."""

    @property
    def numbers(self) -> int:
        """Random numbers a picture."""
        return self.noise * (self.colors + 1)

    def __post_init__(self) -> None:
        plain.check_types(self, "generator")
        check(self.width >= 1, f"generator.width ({self.width}) must be at least 1")
        check(self.depth == "auto" or self.depth >= 2, f"generator.depth ({self.depth}) must be auto or at least 2")
        check(0 <= self.keys <= 256, f"generator.keys ({self.keys}) must lie between 0 and 256")
        check(0 <= self.noise <= 1024, f"generator.noise ({self.noise}) must lie between 0 and 1024")
        check(1 <= self.colors <= 256, f"generator.colors ({self.colors}) must lie between 1 and 256")
        check(0 <= self.dropout < 1, f"generator.dropout ({self.dropout:g}) must be at least 0 and below 1")
        check(
            self.norm != "group" or self.width % 8 == 0,
            f"generator.width ({self.width}) must be a multiple of 8 for generator.norm=group",
        )


@dataclass(frozen=True)
class Discriminator:
    """The PatchGAN that judges patches (Isola et al. 2017, sec. 2.2.2); used where adversarial.game is not none."""

    width: int = 32
    """Channels of the first layer; doubled a layer, up to 8 times this."""
    layers: int | Auto = "auto"
    """Strided layers; 3: patches of 70x70. auto: the patch is about a quarter of the short side, as 70 is of 256."""
    norm: Norm | Literal["spectral"] = "batch"
    """Normalisation of the inner layers; spectral: of every layer's weights (Miyato et al. 2018)."""
    judges: Literal["patches", "both"] = "patches"
    """patches; both: its patches, and with one more strided layer the whole picture, which needs norm=none."""

    def __post_init__(self) -> None:
        plain.check_types(self, "discriminator")
        check(self.width >= 1, f"discriminator.width ({self.width}) must be at least 1")
        check(
            self.layers == "auto" or self.layers >= 1,
            f"discriminator.layers ({self.layers}) must be auto or at least 1",
        )
        check(
            self.norm != "group" or self.width % 8 == 0,
            f"discriminator.width ({self.width}) must be a multiple of 8 for discriminator.norm=group",
        )
        check(
            self.judges == "patches" or self.norm == "none",
            f"discriminator.norm ({self.norm}) must be none for discriminator.judges=both",
        )


@dataclass(frozen=True)
class Adversarial:
    """The game between generator and discriminator."""

    game: Game = "none"
    """none: reconstruction alone; vanilla: cross-entropy; lsgan: least squares; hinge; relativistic: the true picture
    of a drawing against the made one (Jolicoeur-Martineau 2018)."""
    weight: float = 1.0
    """Weight of the generator's adversarial loss."""
    r1: float = 0.0
    """Gamma of the gradient penalty on true pictures (Mescheder et al. 2018, eq. 9), such as 10; 0: none."""
    r2: float = 0.0
    """Gamma of the gradient penalty on made pictures (the same, eq. 10); 0: none."""
    palettes: float = 0.0
    """With generator.noise: weight of a second game, of the colours alone, those drawn against those that fit the true
    picture; 0: none."""
    penalty_every: int = 1
    """Steps from one penalty to the next, which counts as often (Karras et al. 2020, appendix B)."""

    def __post_init__(self) -> None:
        plain.check_types(self, "adversarial")
        check(self.weight > 0, f"adversarial.weight ({self.weight:g}) must be above 0; adversarial.game=none is off")
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
    wandb: Literal["auto", "online", "offline", "disabled"] = "auto"
    """The Weights & Biases mirror; auto: WANDB_MODE if set, else online with an account, else offline."""
    project: str = "gan-colorization"
    """Project of the mirror."""

    def __post_init__(self) -> None:
        plain.check_types(self, "logging")
        check(self.every >= 1, f"logging.every ({self.every}) must be at least 1")
        check(self.project != "", "logging.project must not be empty")


@dataclass(frozen=True)
class Experiment:
    """One question, and everything needed to answer it."""

    name: str = "experiment"
    """Name of the experiment; a run lies in <out>/<name>/seed-<seed>/."""
    seed: int = 0
    """Seed of every random draw."""
    steps: int = 500
    """Optimisation steps."""
    epochs: float | None = None
    """Passes over the training pictures; stands for steps where it is given."""
    batch_size: int = 16
    """Pictures a step."""
    ema: float = 0.0
    """Decay of a moving average of the generator, such as 0.999; 0: none. Evaluated beside the raw weights."""
    device: str = "auto"
    """auto: a CUDA GPU where there is one, else Apple's (mps), else the processor; or a device's name in PyTorch."""
    precision: Precision = "fp32"
    """Arithmetic of the networks in training; losses and metrics are fp32. auto: bf16 where the device multiplies in
    it."""
    data: Data = field(default_factory=Data)
    augment: Augment = field(default_factory=Augment)
    hints: Hints = field(default_factory=Hints)
    generator: Generator = field(default_factory=Generator)
    discriminator: Discriminator = field(default_factory=Discriminator)
    adversarial: Adversarial = field(default_factory=Adversarial)
    reconstruction: Reconstruction = field(default_factory=Reconstruction)
    optimizer: Optimizer = field(default_factory=Optimizer)
    evaluation: Evaluation = field(default_factory=Evaluation)
    logging: Logging = field(default_factory=Logging)

    def __post_init__(self) -> None:
        plain.check_types(self, "")
        check(
            self.name not in ("", ".", "..") and not set(self.name) & set('/\\:*?"<>|\0') and self.name.isprintable(),
            f"name ({self.name!r}) must be usable as a folder's name",
        )
        check(0 <= self.seed < 2**32, f"seed ({self.seed}) must lie between 0 and 2**32 - 1")
        check(self.steps >= 1, f"steps ({self.steps}) must be at least 1")
        check(self.epochs is None or self.epochs > 0, f"epochs ({self.epochs}) must be above 0")
        check(self.batch_size >= 1, f"batch_size ({self.batch_size}) must be at least 1")
        check(0 <= self.ema < 1, f"ema ({self.ema:g}) must be at least 0 and below 1")
        check(
            self.reconstruction.weight > 0 or self.adversarial.game != "none",
            "reconstruction.weight (0) must be above 0 for adversarial.game=none, or nothing trains the generator",
        )
        if self.reconstruction.loss == "classes":
            for name, value, nothing in (
                ("generator.noise", self.generator.noise, 0),
                ("generator.keys", self.generator.keys, 0),
                ("adversarial.game", self.adversarial.game, "none"),
            ):
                check(
                    value == nothing,
                    f"{name} ({value}) must be {nothing} for reconstruction.loss=classes, which trains on no picture",
                )
        check(
            self.adversarial.palettes == 0 or (self.generator.noise > 0 and self.adversarial.game != "none"),
            f"adversarial.palettes ({self.adversarial.palettes:g}) needs generator.noise and adversarial.game",
        )
        check(
            self.reconstruction.palette == 0 or self.generator.noise > 0,
            f"reconstruction.palette ({self.reconstruction.palette:g}) needs generator.noise, which draws the colours",
        )
        if self.reconstruction.loss == "fitted":
            check(
                self.generator.noise > 0, "reconstruction.loss (fitted) needs generator.noise, which draws the colours"
            )
            check(
                self.adversarial.game != "none",
                "reconstruction.loss (fitted) needs adversarial.game, or nothing trains the colours",
            )
        check(
            self.hints.kind != "regions" or self.data.source == "avatars",
            f"hints.kind (regions) needs data.source=avatars, whose regions are known, not {self.data.source}",
        )
        check(
            self.generator.noise == 0 or self.hints.kind == "none" or self.generator.keys > 0,
            f"generator.noise ({self.generator.noise}) with hints needs generator.keys, which give their colours",
        )
        check(
            not self.adversarial.penalised or self.discriminator.norm in ALONE_IN_BATCH,
            f"discriminator.norm ({self.discriminator.norm}) must be one of {', '.join(ALONE_IN_BATCH)} for "
            "adversarial.r1 and r2, which look at each picture alone",
        )
        self._check_sizes()

    def _check_sizes(self) -> None:
        size, depth = self.data.size_text, self.generator_depth
        check(
            all(side % 2**depth == 0 for side in self.data.shape),
            f"data.size ({size}) must be a multiple of 2**generator.depth ({2**depth})",
        )
        check(
            self.hints.flood == "none" or self.flood_size >= max(self.data.shape),
            f"hints.flood_size ({self.flood_size}) must be at least data.size ({size})",
        )
        layers = self.discriminator_layers
        check(
            self.adversarial.game == "none" or self.data.short_side >= 2 ** (layers + 2),
            f"data.size ({size}) must be at least 2**(discriminator.layers + 2) ({2 ** (layers + 2)})",
        )

    @property
    def generator_depth(self) -> int:
        """Halvings of the U-Net; auto: as many as both sides allow.

        At least 5, or as many as bring the short side of the bottleneck to 8.
        """
        if self.generator.depth != "auto":
            return self.generator.depth
        common = math.gcd(*self.data.shape)
        twos = (common & -common).bit_length() - 1
        return min(8, max(twos, min(5, math.ceil(math.log2(self.data.short_side / 8)))))

    @property
    def flood_size(self) -> int:
        """Size in pixels of the drawings whose closed areas hints are flooded to; auto: four times the network's."""
        return 4 * max(self.data.shape) if self.hints.flood_size == "auto" else self.hints.flood_size

    @property
    def exact_hints(self) -> bool:
        """Whether a hint is exactly the pixels that are painted: not enlarged to the dabs of training."""
        return self.generator.keys > 0 or self.hints.flood != "none"

    @property
    def discriminator_layers(self) -> int:
        """Strided layers of the PatchGAN; auto: 3 at 256 px (the short side), one less for each halving, at least 1."""
        if self.discriminator.layers != "auto":
            return self.discriminator.layers
        return max(1, min(5, round(math.log2(self.data.short_side / 32))))

    def total_steps(self, pictures: int) -> int:
        """Optimisation steps of the run over `pictures` training pictures."""
        return self.steps if self.epochs is None else math.ceil(self.epochs * pictures / self.batch_size)


def to_dict(experiment: Experiment) -> dict[str, Any]:
    """The experiment as nested dictionaries of plain JSON values."""
    return plain.to_dict(experiment)


def from_dict(values: dict[str, Any], place: str) -> Experiment:
    """The experiment that `to_dict` wrote; `place` names the file in error messages.

    Raises:
        RequestError: an unknown field, a value of the wrong type, or one that breaks a rule.
    """
    return plain.from_dict(Experiment, values, place)
