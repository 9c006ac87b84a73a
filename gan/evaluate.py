"""Metrics of a generator on fixed pictures (docs/metrics.md explains each one).

`Score` gathers pictures batch by batch and says what they amount to; the closed forms of the controlled data set go
through the same code as a network's pictures, so that the two can stand side by side.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.data.batch import Batch
from gan.data.loader import Scored
from gan.data.palette import PALETTES, REGIONS
from gan.metrics import color as colors
from gan.metrics import fidelity, perceptual
from gan.metrics.cielab import ciede2000, srgb_to_lab
from gan.metrics.color import Moments
from gan.ranges import to_unit

CPU = torch.device("cpu")
HEADLINE = ("hair", "background")
"""Kinds of region in the headline: they share a palette."""
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


@dataclass
class _Gathered:
    per_picture: list[dict[str, Tensor]]
    fake: list[Moments]
    true: list[Moments]
    distances: dict[str, list[Tensor]]
    histograms: dict[str, tuple[Tensor, Tensor]]


class Score:
    """Metrics of the pictures that it is shown.

    Args:
        lpips: the perceptual distance of `gan.metrics.perceptual`, or None where its weights are missing.
    """

    def __init__(self, lpips: Distance | None) -> None:
        self.lpips = lpips
        self.gathered = _Gathered([], [], [], {}, {})
        self.has_regions = False

    def update(self, fake: Tensor, scored: Scored) -> None:
        """Add (B, 3, H, W) pictures in [-1, 1], and what they are measured against, on one device."""
        gathered = self.gathered
        self.has_regions = scored.batch.regions is not None
        unit, true_unit = to_unit(fake), to_unit(scored.batch.color)
        gathered.per_picture.append(self._fidelity(unit, true_unit))
        scored = scored.to(CPU)  # the sums are in float64, which not every device has
        labels, kinds = _labels(scored.batch)
        lab, true_lab = srgb_to_lab(unit.cpu()), srgb_to_lab(true_unit.cpu())
        gathered.fake.append(colors.moments(lab, labels, kinds))
        gathered.true.append(colors.moments(true_lab, labels, kinds))
        self._add_distances("ciede2000", lab, true_lab, labels, kinds)
        for name, picture in scored.closed.items():
            if name != "sampler":  # one draw among many: the distance to it says nothing
                self._add_distances(f"to_{name}", lab, srgb_to_lab(to_unit(picture)), labels, kinds)
        true_counts = colors.histograms(true_lab, labels)
        for axis, counts in colors.histograms(lab, labels).items():
            before = gathered.histograms.get(axis, (torch.zeros_like(counts), torch.zeros_like(counts)))
            gathered.histograms[axis] = (before[0] + counts, before[1] + true_counts[axis])

    def _fidelity(self, unit: Tensor, true_unit: Tensor) -> dict[str, Tensor]:
        values = {name: measure(unit, true_unit).cpu() for name, measure in _FIDELITY.items()}
        if self.lpips is not None:
            values["lpips"] = self.lpips(unit, true_unit).cpu()
        return values

    def _add_distances(self, name: str, lab: Tensor, other: Tensor, labels: Tensor, kinds: int) -> None:
        """Mean CIEDE2000 over the pixels of each kind in each picture, (B, K)."""
        distance = ciede2000(lab, other)[:, None]
        lightness_only = torch.cat([distance, torch.zeros_like(lab[:, 1:])], dim=1)
        self.gathered.distances.setdefault(name, []).append(colors.moments(lightness_only, labels, kinds).mean[..., 0])

    def result(self) -> dict[str, float]:
        """Metric -> value; `name/kind` for a kind of region. Metrics that nothing could be said of are left out."""
        gathered = self.gathered
        fake, true = colors.concatenate(gathered.fake), colors.concatenate(gathered.true)
        columns = gathered.per_picture[0]
        result = {name: torch.cat([part[name] for part in gathered.per_picture]).mean() for name in columns}
        result |= self._per_kind("sepia_index", colors.sepia_index(fake, true))
        result |= self._per_kind("sepia_index_px", colors.sepia_index_px(fake, true))
        result |= self._per_kind("ab_std", colors.ab_std(fake))
        result["chroma_ratio"] = colors.chroma_ratio(fake, true)
        for axis, (counts, true_counts) in gathered.histograms.items():
            result[f"histogram_{axis}"] = colors.intersection(counts, true_counts)
        for name, parts in gathered.distances.items():
            distance = torch.cat(parts)
            result[name] = distance.nanmean() if name == "ciede2000" else distance.nanmedian()
        if self.has_regions:
            result |= _palette_metrics(fake)
        return {name: value for name, tensor in result.items() if math.isfinite(value := float(tensor))}

    def _per_kind(self, name: str, values: Tensor) -> dict[str, Tensor]:
        """The headline, and each kind of region; a grid has a headline only."""
        if not self.has_regions:
            return {name: values.nanmean()}
        by_kind = dict(zip(REGIONS, values, strict=True))
        headline = torch.stack([by_kind[kind] for kind in HEADLINE]).mean()
        return {name: headline} | {f"{name}/{kind}": value for kind, value in by_kind.items()}


_FIDELITY: dict[str, Distance] = {"mae": fidelity.mae, "psnr": fidelity.psnr, "ssim": fidelity.ssim}


def _labels(batch: Batch) -> tuple[Tensor, int]:
    """(B, H, W) kinds of the scored pixels, and how many kinds there are."""
    if batch.regions is not None:
        return colors.region_labels(batch.regions), batch.regions.shape[1]
    return colors.grid_labels(batch.line, CELLS), CELLS * CELLS


def _palette_metrics(fake: Moments) -> dict[str, Tensor]:
    """Palette hits and their entropy over the headline's kinds (the closed form of skin is itself a palette colour)."""
    hits, entropies = [], []
    for kind in HEADLINE:
        region = REGIONS.index(kind)
        palette = srgb_to_lab(torch.from_numpy(PALETTES[region]).T[None])[0].T  # (M, 3)
        mean = fake.mean[:, region]
        hit, entropy = colors.palette_use(mean[~mean.isnan().any(dim=1)], palette)
        hits.append(hit)
        entropies.append(entropy)
    return {"palette_hit": torch.stack(hits).mean(), "palette_entropy": torch.stack(entropies).mean()}


def load_lpips(warn: Callable[[str], None], device: torch.device) -> Distance | None:
    """The perceptual distance on a device; without its weights None, and one line of warning."""
    try:
        metric, _ = perceptual.load()
    except perceptual.WeightsMissing as missing:
        warn(str(missing))
        return None
    return metric.to(device)


def score_generator(
    generator: nn.Module, pictures: Iterable[Scored], lpips: Distance | None, device: torch.device
) -> dict[str, float]:
    """Every metric of a generator, in eval mode."""
    score = Score(lpips)
    with evaluation_mode(generator):
        for scored in pictures:
            on_device = scored.to(device)
            score.update(generator(on_device.batch.condition), on_device)
        return score.result()


def score_closed_forms(pictures: Iterable[Scored], lpips: Distance | None) -> dict[str, dict[str, float]]:
    """Every metric of each closed form on the same draw of colours; empty where there is none.

    median and mean: the L1 and L2 optimum; sampler: a draw from the true conditional distribution, which is what a
    perfect GAN would show.
    """
    scores: dict[str, Score] = {}
    for scored in pictures:
        for name, picture in scored.closed.items():
            scores.setdefault(name, Score(lpips)).update(picture, scored)
    return {name: score.result() for name, score in scores.items()}
