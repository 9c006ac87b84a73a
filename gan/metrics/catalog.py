"""Every number that is measured, once: its name, how a person is shown it, which way is better, and where.

Tables, plots, pages, the log and W&B ask this catalogue. A new metric is a function beside its like
(`fidelity.PER_PICTURE`, `color.PER_KIND`) and an entry here; docs/metrics.md explains it. Nothing is imported here, so
that the configuration, the command line's help and the pages may ask too.

A name may have prefixes and a suffix that the entry has not: `val/`, `val_hints/<n>/`, `val_average/` in the log, and
`/hair`, `/skin`, `/background` for one kind of region.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

Better = Literal["lower", "higher"] | int
"""Which way is better; a number is a value to be near."""
Place = Literal[
    "progress",  # beside the bar of a training
    "hints_log",  # metrics.jsonl and W&B, as val_hints/<n>/<name>
    "hints_table",  # W&B's table over the number of hints
    "report",  # a study's report: a table of its own
    "report_means",  # a study's report: a column of the table of means
    "report_hints",  # a study's report: by number of hints
    "report_draws",  # a study's report: over many draws a drawing
    "summary",  # a study's summary in W&B
    "quickstart",  # the quickstart's table
    "page",  # pages: a column of the final metrics that are shown at first
    "page_hints",  # pages: over the number of hints
    "page_cells",  # pages: a column of a study's cells
]


@dataclass(frozen=True)
class Metric:
    """One entry.

    name: as in files and W&B. label: the heading of a column. title: in full, for a plot or a table of its own; the
    label where it is empty. better: which way; None where it depends. unit: of the values. places: where it is shown.
    chooses: whether it may choose checkpoints/best.pt.
    """

    name: str
    label: str
    title: str = ""
    better: Better | None = None
    unit: str = ""
    places: frozenset[Place] = frozenset()
    chooses: bool = False

    @property
    def heading(self) -> str:
        """The title, with its unit."""
        title = self.title or self.label
        return f"{title} ({self.unit})" if self.unit else title

    @property
    def arrow(self) -> str:
        """v: lower is better; ^: higher; or the value to be near."""
        return {"lower": "v", "higher": "^", None: ""}.get(self.better, str(self.better))  # type: ignore[arg-type]

    def distance(self, value: float) -> float:
        """A number that is the less the better a value is.

        Raises:
            ValueError: neither way is better.
        """
        match self.better:
            case "lower":
                return value
            case "higher":
                return -value
            case None:
                raise ValueError(f"{self.name}: neither way is better")
            case goal:
                return abs(value - goal)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for the pages."""
        return {
            "name": self.name,
            "label": self.label,
            "title": self.heading,
            "unit": self.unit,
            "better": self.better,
            "places": sorted(self.places),
        }


def _metric(
    name: str, label: str, title: str = "", better: Better | None = None, unit: str = "", places: str = "", **more: bool
) -> Metric:
    shown: frozenset[Any] = frozenset(places.split())
    if unknown := shown - set(get_args(Place)):
        raise ValueError(f"{name}: no such place: {', '.join(sorted(unknown))}")
    return Metric(name, label, title, better, unit, shown, **more)


_ENTRIES = (
    _metric(
        *("sepia_index", "sepia index", "Sepia index", 0),
        places="progress hints_log hints_table report report_hints summary quickstart page page_hints page_cells",
    ),
    _metric(
        *("sepia_index_px", "sepia index by pixel", "Sepia index by pixel", 0),
        places="hints_log report report_hints summary quickstart page",
    ),
    _metric(
        *("mae_scored", "error", "Mean absolute error of scored pixels", "lower"),
        places="report report_hints summary quickstart",
    ),
    _metric(
        *("mae", "MAE", "Mean absolute error", "lower"),
        places="progress hints_log hints_table report_means summary quickstart page page_hints page_cells",
        chooses=True,
    ),
    _metric(
        *("psnr", "PSNR (dB)", "PSNR", "higher", "dB"),
        places="hints_log report summary quickstart page",
        chooses=True,
    ),
    _metric(*("ssim", "SSIM", "", "higher"), places="hints_log report_means summary quickstart page", chooses=True),
    _metric(
        *("lpips", "LPIPS", "LPIPS (AlexNet)", "lower"),
        places="progress hints_log hints_table report_means report_hints summary quickstart page page_hints page_cells",
        chooses=True,
    ),
    _metric(
        *("ciede2000", "dE00", "Colour difference to the truth", "lower", "CIEDE2000"),
        places="hints_log report_means summary page",
        chooses=True,
    ),
    _metric(*("kid_vgg16", "KID-VGG16", "KID on VGG16's features", "lower"), places="report_means"),
    _metric("kid_vgg16_error", "its standard error", "Standard error of KID-VGG16"),
    _metric("to_median", "dE00 to L1 optimum", unit="CIEDE2000", places="report_means quickstart"),
    _metric("to_mean", "dE00 to L2 optimum", unit="CIEDE2000", places="report_means"),
    _metric(
        "ab_std",
        "spread in a region",
        "Spread of (a, b) inside a region",
        places="report_means quickstart page page_cells",
    ),
    _metric(
        *("colorfulness", "colourfulness", "Colourfulness over the truth's, less 1", 0),
        places="report_means",
    ),
    _metric("variety", "variety", "Difference between pictures of different drawings, over the truth's"),
    _metric("saturated", "saturated", "Share of values at an end of the range, where the truth has none", "lower"),
    _metric("chroma_ratio", "chroma ratio", better=1, places="report_means quickstart page page_cells"),
    _metric(
        *("shift", "shift", "Change when the drawing moves by a pixel", "lower", "CIEDE2000"),
        places="report_means",
    ),
    _metric("palette_hit", "palette hits", "Share of regions in a palette colour", "higher", places="report_means"),
    _metric("palette_entropy", "palette entropy", "", "higher", "bits", places="report_means"),
    _metric("histogram_L", "histogram L", "Histogram intersection in L", "higher", places="report_means"),
    _metric("histogram_a", "histogram a", "Histogram intersection in a", "higher", places="report_means"),
    _metric("histogram_b", "histogram b", "Histogram intersection in b", "higher", places="report_means"),
    _metric(
        *("fill", "fill", "Share of a hinted region in its hint's colour", "higher"),
        places="hints_log hints_table report_hints page page_hints page_cells",
    ),
    _metric(
        *("bleed", "bleed", "A hint's colour outside its region, over the region's area", "lower"),
        places="hints_log hints_table report_hints page page_hints page_cells",
    ),
    _metric(
        *("adherence", "adherence", "Distance to the hint's colour", "lower", "CIEDE2000"),
        places="hints_log hints_table report_hints page page_hints page_cells",
    ),
    _metric("hinted/mae", "error, hinted area", "", "lower", places="hints_log report_hints"),
    _metric("hinted/ciede2000", "dE00, hinted area", "", "lower", "CIEDE2000"),
    _metric("hinted/sepia_index", "sepia index, hinted area", "", 0, places="hints_log"),
    _metric("hinted/sepia_index_px", "sepia index by pixel, hinted area", "", 0),
    _metric("unhinted/mae", "error, unhinted area", "", "lower", places="hints_log report_hints"),
    _metric("unhinted/ciede2000", "dE00, unhinted area", "", "lower", "CIEDE2000"),
    _metric(*("unhinted/sepia_index", "sepia index, unhinted area", "", 0), places="hints_log report_hints page_hints"),
    _metric("unhinted/sepia_index_px", "sepia index by pixel, unhinted area", "", 0),
    _metric(
        *("response", "response", "Change inside a region whose hint changes", None, "CIEDE2000"),
        places="hints_log report_hints page page_hints",
    ),
    _metric(
        *("leakage", "leakage", "Change elsewhere when a hint changes", "lower", "CIEDE2000"),
        places="hints_log hints_table report_hints page page_hints",
    ),
    _metric(
        *("placebo/mae", "placebo MAE", "Error with the hints of another picture"),
        places="hints_log hints_table report_hints page_hints",
    ),
    _metric(
        "placebo/ciede2000", "placebo dE00", "Colour difference with the hints of another picture", unit="CIEDE2000"
    ),
    _metric(*("draws/mae_scored", "error of a draw", "", "lower"), places="report_draws"),
    _metric(*("draws/sepia_index", "sepia index of a draw", "", 0), places="report_draws"),
    _metric(*("draws/sepia_index_px", "sepia index by pixel of a draw", "", 0), places="report_draws"),
    _metric(*("draws/sepia_index/skin", "sepia index of a draw's skin", "", 0), places="report_draws"),
    _metric(*("draws/ab_std", "spread in a region of a draw", "", "lower"), places="report_draws"),
    _metric(*("draws/palette_hit", "palette hits of a draw", "", "higher"), places="report_draws"),
    _metric(*("draws/palette_entropy", "palette entropy of a draw", "", "higher", "bits"), places="report_draws"),
    _metric(*("draws/palette_reach/hair", "hair colours that draws reach", "", "higher"), places="report_draws"),
    _metric(*("draws/palette_reach", "palette colours that draws reach", "", "higher")),
    _metric(
        *("draws/mutual_information", "what hair tells of the background", "", 0, "bits"),
        places="report_draws",
    ),
    _metric("draws/mae_between", "difference of two draws", places="report_draws"),
    _metric("draws/lpips_between", "LPIPS of two draws", places="report_draws"),
    _metric(*("draws/colorfulness", "colourfulness of a draw", "", 0), places="report_draws"),
)
METRICS = {metric.name: metric for metric in _ENTRIES}
"""Name -> metric, in the order in which people ask for them."""

CURVES = {
    metric.name: metric
    for metric in (
        _metric("G/reconstruction", "reconstruction", "Reconstruction loss", "lower", places="progress"),
        _metric("G/alone", "alone", "Pixel loss of the network without its hints", "lower", places="progress"),
        _metric(
            *("G/pointing", "pointing", "How badly the attention to hints explains the picture", "lower"),
            places="progress",
        ),
        _metric("G/g_loss", "g_loss", "Adversarial loss of the generator", places="progress"),
        _metric(
            "G/palette", "palette", "How unlikely the colours of true pictures are to a sampler", places="progress"
        ),
        _metric("G/p_loss", "p_loss", "Loss of a sampler's colours in their own game", places="progress"),
        _metric("D/p_loss", "D's p_loss", "Loss of the discriminator of colours", places="progress"),
        _metric("D/d_loss", "d_loss", "Loss of the discriminator", places="progress"),
        _metric("D/real_logits", "real_logits", "Mean logit of true pictures", places="progress"),
        _metric("D/fake_logits", "fake_logits", "Mean logit of the generator's pictures", places="progress"),
        _metric(
            *("D/r1", "r1", "How steeply the discriminator's verdict changes about true pictures, squared"),
            places="progress",
        ),
        _metric(
            *("D/r2", "r2", "How steeply the discriminator's verdict changes about made pictures, squared"),
            places="progress",
        ),
        _metric("D/real_accuracy", "real_accuracy", "Share of true pictures' logits on the right side"),
        _metric("D/fake_accuracy", "fake_accuracy", "Share of made pictures' logits on the right side"),
        _metric("D/pair_accuracy", "pair_accuracy", "Share of pairs of a true and a made picture ranked right"),
        _metric("D/grad_norm", "grad_norm of D", "Norm of the discriminator's gradient"),
        _metric("G/grad_norm", "grad_norm of G", "Norm of the generator's gradient"),
        _metric("train/lr", "lr", "Learning rate of the generator"),
        _metric("train/steps_per_second", "steps/s", "Steps a second, without evaluations"),
        _metric("system/cpu", "cores", "Cores that the training process kept busy"),
        _metric("system/memory", "memory", "Most memory that the training process has held", unit="GB"),
        _metric("system/gpu_memory", "GPU memory", "Most GPU memory that PyTorch has given out", unit="GB"),
    )
}
"""What a training step and the loop write, by its whole name."""
FIRST_CURVES = ("val/sepia_index", "val/lpips", "val/mae", "G/reconstruction", "G/g_loss", "D/d_loss")
"""The curves that a page shows at first, as far as a run has them."""
AREAS = ("hinted/", "unhinted/", "placebo/", "draws/")
"""Prefixes of a metric of a part of the picture, with other hints, or over many draws of noise."""


WATERSHED = "watershed"
"""The rival's name, beside the closed forms' (median, mean, sampler): the hints flooded over the drawing."""
PALETTE_ONLY = (
    *("sepia_index", "sepia_index_px", "palette_hit", "palette_entropy", "palette_reach", "mutual_information"),
    *("to_median", "to_mean"),
)
"""Metrics that stand on the palettes where regions are known: with free colours they are left out."""


def shown_at(place: Place) -> tuple[str, ...]:
    """The names of the metrics that are shown at a place, in order."""
    return tuple(name for name, metric in METRICS.items() if place in metric.places)


def find(name: str) -> Metric | None:
    """The entry of `[area/]metric[/kind]`; the area's own where there is one, else the metric's."""
    area = next((prefix for prefix in AREAS if name.startswith(prefix)), "")
    base = name.removeprefix(area).partition("/")[0]
    return METRICS.get(area + base) or METRICS.get(base)


def label(name: str) -> str:
    """The heading of a column; the name itself where it is unknown."""
    metric = METRICS.get(name) or CURVES.get(name)
    return metric.label if metric else name


def choosing() -> tuple[str, ...]:
    """The metrics that may choose checkpoints/best.pt."""
    return tuple(name for name, metric in METRICS.items() if metric.chooses)


def to_json(metrics: Iterable[Metric] = (*METRICS.values(), *CURVES.values())) -> list[dict[str, Any]]:
    """The catalogue as plain values, for the pages."""
    return [metric.to_json() for metric in metrics]
