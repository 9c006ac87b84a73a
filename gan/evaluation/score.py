"""Metrics of a generator on fixed pictures (docs/metrics.md explains each one).

`Score` gathers pictures batch by batch and says what they amount to; the closed forms of the controlled data set go
through the same code as a network's pictures, so that the two can stand side by side.
"""

import logging
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.data.batch import Batch
from gan.data.fixed import Scored, hint_colors, hinted_regions
from gan.data.palette import PALETTES, REGIONS
from gan.metrics import color as colors
from gan.metrics import fidelity, perceptual
from gan.metrics.backbone import WeightsMissing
from gan.metrics.catalog import PALETTE_ONLY
from gan.metrics.cielab import ciede2000, srgb_to_lab
from gan.metrics.color import Moments
from gan.metrics.filling import fill_and_bleed, merged
from gan.ranges import to_unit

logger = logging.getLogger(__name__)
CPU = torch.device("cpu")
HEADLINE_KINDS = ("hair", "background")
"""Kinds of region in the headline: they share a palette."""
AREAS = ("hinted/", "unhinted/")
"""Prefixes of the metrics of the kinds that hold a hint, and of those that hold none."""
SCORED_ERROR = "mae_scored"
"""Mean absolute error over the scored pixels: what the theory of the closed forms speaks of."""
FILLING = ("fill", "bleed")
IN_SOME = (*AREAS, SCORED_ERROR, *FILLING)
"""Beginnings of the metrics that some pictures have none of."""
CELLS = 8
"""Where regions are not known, a picture is scored in a grid of CELLS x CELLS."""
Distance = Callable[[Tensor, Tensor], Tensor]


@contextmanager
def evaluation_mode(network: nn.Module) -> Iterator[None]:
    """The network in eval mode and without gradients, and afterwards as it was."""
    training = network.training
    network.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        network.train(training)


@dataclass(frozen=True)
class _Maps:
    """What the colour metrics of a batch are made of, on the processor: the sums are in float64.

    lab, true_lab: (B, 3, H, W) CIELAB; distances: name -> (B, H, W) CIEDE2000.
    """

    lab: Tensor
    true_lab: Tensor
    distances: dict[str, Tensor]

    @classmethod
    def of(cls, fake: Tensor, scored: Scored) -> "_Maps":
        lab, true_lab = (srgb_to_lab(to_unit(picture).cpu()) for picture in (fake, scored.batch.color))
        distances = {"ciede2000": ciede2000(lab, true_lab)}
        for name, picture in scored.closed.items():
            if name != "sampler":  # one draw among many: the distance to it says nothing
                distances[f"to_{name}"] = ciede2000(lab, srgb_to_lab(to_unit(picture).cpu()))
        return cls(lab, true_lab, distances)


class _ColorScore:
    """Colour metrics of an area: of the pixels whose label is not -1."""

    def __init__(self) -> None:
        self.fake: list[Moments] = []
        self.true: list[Moments] = []
        self.distances: dict[str, list[Tensor]] = {}
        self.histograms: dict[str, tuple[Tensor, Tensor]] = {}

    def update(self, maps: _Maps, labels: Tensor, kinds: int) -> None:
        """Add a batch with its (B, H, W) labels."""
        self.fake.append(colors.moments(maps.lab, labels, kinds))
        self.true.append(colors.moments(maps.true_lab, labels, kinds))
        for name, distance in maps.distances.items():
            self.distances.setdefault(name, []).append(_kind_means(distance, labels, kinds))
        true_counts = colors.histograms(maps.true_lab, labels)
        for axis, counts in colors.histograms(maps.lab, labels).items():
            before = self.histograms.get(axis, (torch.zeros_like(counts), torch.zeros_like(counts)))
            self.histograms[axis] = (before[0] + counts, before[1] + true_counts[axis])

    def result(self, *, regions: bool) -> dict[str, Tensor]:
        """Metric -> value, not finite where nothing can be said; `regions`: the kinds are regions, and not cells."""
        fake, true = colors.concatenate(self.fake), colors.concatenate(self.true)
        result: dict[str, Tensor] = {}
        for name, measure in colors.PER_KIND.items():
            result |= _per_kind(name, measure(fake, true), regions=regions)
        result["chroma_ratio"] = colors.chroma_ratio(fake, true)
        for axis, (counts, true_counts) in self.histograms.items():
            result[f"histogram_{axis}"] = colors.intersection(counts, true_counts)
        for name, parts in self.distances.items():
            distance = torch.cat(parts)
            result[name] = distance.nanmean() if name == "ciede2000" else distance.nanmedian()
        return result | _palette_metrics(fake) if regions else result


def _kind_means(values: Tensor, labels: Tensor, kinds: int) -> Tensor:
    """(B, H, W) values -> (B, K) means over the pixels of each kind in each picture, NaN where there are none."""
    plane = values[:, None]
    return colors.moments(torch.cat([plane, plane * 0, plane * 0], dim=1), labels, kinds).mean[..., 0]


def _per_kind(name: str, values: Tensor, *, regions: bool) -> dict[str, Tensor]:
    """The headline, and each kind of region; a grid has a headline only."""
    if not regions:
        return {name: values.nanmean()}
    by_kind = dict(zip(REGIONS, values, strict=True))
    headline = torch.stack([by_kind[kind] for kind in HEADLINE_KINDS]).mean()
    return {name: headline} | {f"{name}/{kind}": value for kind, value in by_kind.items()}


class Score:
    """Metrics of the pictures that it is shown.

    Args:
        lpips: the perceptual distance of `gan.metrics.perceptual`, or None where its weights are missing.
        apart: score the hinted and the unhinted area apart too, as `hinted/name` and `unhinted/name`.
    """

    def __init__(self, lpips: Distance | None, *, apart: bool = False) -> None:
        self.lpips = lpips
        self.per_picture: dict[str, list[Tensor]] = {}
        self.areas = {area: _ColorScore() for area in (("", *AREAS) if apart else ("",))}
        self.colorfulness: list[Tensor] = []
        self.by_place: Tensor | None = None
        """Of the pictures and of the truth: (2, 5, H, W)."""
        self.has_regions, self.has_palette = False, True

    def update(self, fake: Tensor, scored: Scored) -> None:
        """Add (B, 3, H, W) pictures in [-1, 1], and what they are measured against, on one device."""
        self.has_regions, self.has_palette = scored.batch.regions is not None, scored.palette
        unit, true_unit = to_unit(fake), to_unit(scored.batch.color)
        for name, values in picture_metrics(unit, true_unit, self.lpips).items():
            self.per_picture.setdefault(name, []).append(values)
        self.colorfulness.append(torch.stack([colors.colorfulness(each.cpu()) for each in (unit, true_unit)]))
        maps, batch = _Maps.of(fake, scored), scored.batch.to(CPU)
        labels, kinds = pixel_kinds(batch)
        places = torch.stack([colors.moments_by_place(lab, labels) for lab in (maps.lab, maps.true_lab)])
        self.by_place = places if self.by_place is None else self.by_place + places
        for name, values in filling(batch, labels, maps).items():
            self.per_picture.setdefault(name, []).append(values)
        error = (unit - true_unit).abs().mean(dim=1).cpu()
        for area, color_score in self.areas.items():
            within = labels if area == "" else area_labels(batch, labels)[area]
            color_score.update(maps, within, kinds)
            name = f"{area}mae" if area else SCORED_ERROR
            self.per_picture.setdefault(name, []).append(_kind_means(error, within.clamp(max=0), 1)[:, 0])

    def result(self) -> dict[str, float]:
        """Metric -> value; `name/kind` for a kind of region. Metrics that nothing could be said of are left out."""
        result = {
            name: torch.cat(parts).nanmean() if name.startswith(IN_SOME) else torch.cat(parts).mean()
            for name, parts in self.per_picture.items()
        }
        fake, true = torch.cat(self.colorfulness, dim=1).mean(dim=1)
        result["colorfulness"] = fake / true - 1
        if self.by_place is not None:
            result["variety"] = colors.variety(*self.by_place)
        for area, color_score in self.areas.items():
            values = color_score.result(regions=self.has_regions)
            result |= {f"{area}{name}": value for name, value in values.items() if self._is_sound(name)}
        return {name: value for name, tensor in result.items() if math.isfinite(value := float(tensor))}

    def by_picture(self) -> dict[str, Tensor]:
        """Metric -> (N,) values of each picture in their order, NaN where nothing can be said of it."""
        apart = torch.cat(self.areas[""].distances["ciede2000"])
        return {name: torch.cat(parts) for name, parts in self.per_picture.items()} | {
            "ciede2000": apart.nanmean(dim=1)
        }

    @property
    def means(self) -> Tensor:
        """(N, K, 3) mean CIELAB colour of each kind in each picture, NaN where it has none."""
        return colors.concatenate(self.areas[""].fake).mean

    def _is_sound(self, name: str) -> bool:
        """Whether a metric, without its area, says what it should on these pictures."""
        return self.has_palette or not self.has_regions or name.partition("/")[0] not in PALETTE_ONLY

    def histograms(self) -> dict[str, dict[str, list[int]]]:
        """L, a, b -> `fake` and `true` counts of the scored pixels (`gan.metrics.color.BINS`)."""
        return {
            axis: {"fake": fake.tolist(), "true": true.tolist()}
            for axis, (fake, true) in self.areas[""].histograms.items()
        }


def picture_metrics(unit: Tensor, true_unit: Tensor, lpips: Distance | None) -> dict[str, Tensor]:
    """(B,) of each metric that compares a picture with its truth: both (B, 3, H, W) in [0, 1], on one device."""
    perceptual_distance = {} if lpips is None else {"lpips": lpips}
    return {
        name: measure(unit, true_unit).cpu() for name, measure in (fidelity.PER_PICTURE | perceptual_distance).items()
    }


def pixel_kinds(batch: Batch) -> tuple[Tensor, int]:
    """(B, H, W) kinds of the scored pixels, -1 for the others, and how many kinds there are."""
    if batch.regions is not None:
        return colors.region_labels(batch.regions), batch.regions.shape[1]
    return colors.grid_labels(batch.line, CELLS), CELLS * CELLS


def area_labels(batch: Batch, labels: Tensor) -> dict[str, Tensor]:
    """The labels of the kinds that hold a hint, and of those that hold none; a kind is hinted as a whole."""
    if batch.regions is not None:
        hinted = hinted_regions(batch)
    else:
        cells = colors.grid_labels(torch.zeros_like(batch.line), CELLS).flatten(1)  # ink or not
        mask = batch.hint[:, 3].flatten(1)
        hinted = torch.zeros(len(batch), CELLS * CELLS).scatter_reduce(1, cells, mask, "amax") > 0
    of_pixel = hinted.gather(1, labels.flatten(1).clamp_min(0)).view_as(labels)
    return {"hinted/": torch.where(of_pixel, labels, -1), "unhinted/": torch.where(of_pixel, -1, labels)}


def filling(batch: Batch, labels: Tensor, maps: _Maps) -> dict[str, Tensor]:
    """(B,) `fill` and `bleed` by the scored pixels of the hinted regions, each the mean over a picture's hints.

    Nothing where there are no hints, or the regions are not known.
    """
    if batch.regions is None or not batch.hint[:, 3].any():
        return {}
    kinds = torch.arange(batch.regions.shape[1])[:, None, None]
    areas = (labels[:, None] == kinds) & hinted_regions(batch)[..., None, None]
    hints = srgb_to_lab(to_unit(hint_colors(batch)).transpose(1, 2)).transpose(1, 2)  # (B, K, 3)
    values = fill_and_bleed(maps.lab, maps.true_lab, merged(areas, hints), hints)
    return {name: value.nanmean(dim=1) for name, value in zip(FILLING, values, strict=True)}


def palette_of(region: int) -> Tensor:
    """(M, 3) CIELAB palette of a region."""
    return srgb_to_lab(torch.from_numpy(PALETTES[region]).T[None])[0].T


def _palette_metrics(fake: Moments) -> dict[str, Tensor]:
    """Palette hits and their entropy over the headline's kinds (the closed form of skin is itself a palette colour)."""
    hits, entropies = [], []
    for kind in HEADLINE_KINDS:
        region = REGIONS.index(kind)
        palette = palette_of(region)
        mean = fake.mean[:, region]
        present = mean[~mean.isnan().any(dim=1)]
        hit, entropy = colors.palette_use(present, palette)
        hits.append(hit)
        entropies.append(entropy if len(present) else hit)
    return {"palette_hit": torch.stack(hits).mean(), "palette_entropy": torch.stack(entropies).mean()}


def load_lpips(device: torch.device) -> Distance | None:
    """The perceptual distance on a device; without its weights None, and one line of warning."""
    try:
        metric, _ = perceptual.load()
    except WeightsMissing as missing:
        logger.warning(str(missing))
        return None
    return metric.to(device)
