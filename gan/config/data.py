"""What an experiment is about: the pictures, and random changes to them."""

from dataclasses import dataclass
from typing import Literal

from gan.config import plain
from gan.config.checks import check, check_share, is_utf8

Source = Literal["avatars", "folder", "pairs", "shards"]
Line = Literal["given", "canny", "canny_auto", "xdog", "adaptive", "mix"]
Colors = Literal["palette", "gamut"]
Auto = Literal["auto"]
Splitting = Literal["auto", "hash", "folder", "named"]
Size = int | tuple[int, int]
"""Pixels of a picture: one number for a square, or height and width."""


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
    split: Splitting = "auto"
    """What decides the side of a picture; hash: its own content; folder: the folder it lies in (folder, shards); named:
    that this folder, or one above it, is named train, val or test (folder, pairs, shards); auto: named where there are
    such folders, else hash, and a resumed run keeps it."""
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
        check(is_utf8(self.root), f"data.root ({self.root!a}) must be named in UTF-8")
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
            extracted or self.split != "folder",
            f"data.split (folder) needs data.source=folder or shards, not {self.source}",
        )
        check(
            self.source != "avatars" or self.split != "named",
            "data.split (named) needs data.source=folder, pairs or shards, not avatars",
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
