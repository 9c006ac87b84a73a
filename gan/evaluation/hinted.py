"""A generator by number of hints, on frozen hints: does it obey them, keep them where they belong, and need them?

Besides every metric of `gan.evaluation.score`, for the whole and for the hinted and the unhinted area apart
(docs/metrics.md):

* `adherence`: CIEDE2000 to the hint's colour at the hinted pixels;
* `response`, `leakage`: how much the picture changes inside and outside a region when its hint's colour is changed;
* `placebo/...`: the same number of hints taken from another picture, which must raise the error;
* `shift`, without hints too: how much the colours change when the drawing moves by a pixel.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from gan.config import MOST_HINTS, Experiment, Hints
from gan.data.batch import Batch
from gan.data.fixed import FixedPictures, Scored, hint_colors, hinted_regions
from gan.data.palette import PALETTES, REGIONS
from gan.errors import RequestError
from gan.evaluation.curve import Curve
from gan.evaluation.distribution import Distribution
from gan.evaluation.pictures import Kept
from gan.evaluation.rival import Rival
from gan.evaluation.score import CPU, Distance, Score, evaluation_mode, pixel_kinds
from gan.hints.laws import CORE
from gan.metrics.catalog import WATERSHED, shown_at
from gan.metrics.cielab import ciede2000, srgb_to_lab
from gan.metrics.fidelity import mae
from gan.ranges import to_signed, to_unit

POINT_COUNTS = (0, 1, 2, 5, 10, 20)


def counts_of(experiment: Experiment) -> tuple[int, ...]:
    """The numbers of hints that an experiment is evaluated at; 0 alone without hints."""
    hints = experiment.hints
    if hints.kind == "none":
        return (0,)
    if hints.counts != "auto":
        return tuple(sorted({0, *hints.counts}))
    return tuple(range(len(REGIONS) + 1)) if hints.kind == "regions" else POINT_COUNTS


def check_counts(counts: Sequence[int], hints: Hints) -> tuple[int, ...]:
    """The numbers of hints that a person asks for, in order and each once.

    Raises:
        RequestError: one is out of range, or the run has learnt no hints.
    """
    asked = tuple(sorted(set(counts)))
    for count in asked:
        if not 0 <= count <= MOST_HINTS:
            raise RequestError(f"--hints ({count}) must lie between 0 and {MOST_HINTS}")
    if hints.kind == "none" and max(asked) > 0:
        raise RequestError(f"--hints ({max(asked)}) must be 0 for a run that was trained without hints")
    return asked


def score_with_hints(
    generator: nn.Module,
    pictures: FixedPictures,
    count: int,
    lpips: Distance | None,
    device: torch.device,
    *,
    closed: bool,
    effects: bool,
    scores: dict[str, Score] | None = None,
    rival: Rival | None = None,
    distribution: Distribution | None = None,
    kept: Kept | None = None,
) -> dict[str, float]:
    """Every metric of a generator, in eval mode, with `count` hints a picture.

    Args:
        generator: (B, 5 or 9, H, W) and noise -> (B, 3, H, W).
        pictures: what it colours.
        count: hints a picture.
        lpips: the perceptual distance, or None.
        device: where the generator is.
        closed: measure the distance to the closed forms, given the hints.
        effects: measure shift and, with hints, adherence, response, leakage and placebo, at three pictures more for
            each.
        scores: where to keep the generator's score, as `fake`, and to score the closed forms themselves on the same
            pictures. median and mean: the L1 and L2 optimum; sampler: a draw from the true conditional distribution,
            which is what a perfect GAN would show.
        rival: what else is to be scored there where there are hints, as `watershed`.
        distribution: gathers what tells the distribution of the pictures from the true one.
        kept: keeps some of the pictures.
    """
    score = Score(lpips, apart=count > 0)
    if scores is not None:
        scores["fake"] = score
    gathered: dict[str, list[Tensor]] = {}
    with evaluation_mode(generator):
        for scored in (each.to(device) for each in pictures.at(count, closed=closed)):
            fake = generator(*scored.batch.given)
            score.update(fake, scored)
            if distribution is not None:
                distribution.update(fake, scored.batch.color)
            if kept is not None:
                kept.update(scored.batch, fake)
            if scores is not None:
                for name, picture in scored.closed.items():
                    scores.setdefault(name, Score(lpips)).update(picture, scored)
                if rival is not None and count:
                    scores.setdefault(WATERSHED, Score(lpips)).update(rival(scored.batch).to(device), scored)
            if effects:
                changed = _effects(generator, scored, fake) if count else {}
                for name, values in (changed | {"shift": shift(generator, scored.batch, fake)}).items():
                    gathered.setdefault(name, []).append(values)
    if kept is not None:
        kept.finish(score)
    if len(pictures) == 1:  # its own placebo
        gathered = {name: parts for name, parts in gathered.items() if not name.startswith("placebo/")}
    means = {name: float(torch.cat(parts).nanmean()) for name, parts in gathered.items()}
    whole = {} if distribution is None else distribution.result()
    return score.result() | whole | {name: value for name, value in means.items() if math.isfinite(value)}


def _effects(generator: nn.Module, scored: Scored, fake: Tensor) -> dict[str, Tensor]:
    """(B,) adherence and placebo and, where regions are known, response and leakage."""
    batch, lab = scored.batch, _lab(fake)
    labels, _ = pixel_kinds(batch.to(CPU))
    placebo = generator(*batch.with_hints(scored.placebo).given)
    values = {
        "adherence": _mean(ciede2000(lab, _lab(batch.hint[:, :3])), batch.hint[:, 3].cpu() > 0),
        "placebo/mae": mae(to_unit(placebo), to_unit(batch.color)).cpu(),
        "placebo/ciede2000": _mean(ciede2000(_lab(placebo), _lab(batch.color)), labels >= 0),
    }
    if batch.regions is None:
        return values
    changed, region = recolored(batch)  # nowhere, where no hint lies in a region
    change = ciede2000(lab, _lab(generator(*batch.with_hints(changed).given)))
    inside = labels == region.cpu()[:, None, None]
    touched = (changed != batch.hint).flatten(1).any(dim=1).cpu()[:, None, None]
    return values | {
        "response": _mean(change, inside & touched),
        "leakage": _mean(change, (labels >= 0) & ~inside & touched),
    }


def shift(generator: nn.Module, batch: Batch, fake: Tensor) -> Tensor:
    """(B,) mean CIEDE2000 of the scored pixels between `fake` and the picture of the drawing moved a pixel and back.

    Hints move with the drawing, to the right; the last column, which leaves the picture, is left out.
    """
    moved = torch.cat([batch.condition[..., :1], batch.condition[..., :-1]], dim=3)
    change = ciede2000(_lab(fake[..., :-1]), _lab(generator(moved, *batch.given[1:])[..., 1:]))
    labels, _ = pixel_kinds(batch.to(CPU))
    return _mean(change, labels[..., :-1] >= 0)


def recolored(batch: Batch) -> tuple[Tensor, Tensor]:
    """Hints with one region's colour changed to the next of its palette: (B, 4, H, W), and (B,) which region it is.

    It is the last hinted region in the order of `REGIONS`: background, if that is hinted.
    """
    assert batch.regions is not None
    hinted = hinted_regions(batch)
    region = torch.where(hinted, torch.arange(hinted.shape[1], device=hinted.device), -1).amax(dim=1).clamp_min(0)
    own = batch.regions.gather(1, region[:, None, None, None].expand(-1, 1, *batch.line.shape[-2:])) >= CORE
    own = own & (batch.hint[:, 3:] > 0)  # (B, 1, H, W)
    mean = hint_colors(batch)[torch.arange(len(batch)), region]  # (B, 3)
    other = torch.stack([_next_color(color, int(kind)) for color, kind in zip(mean.cpu(), region, strict=True)])
    color = torch.where(own, other.to(batch.hint)[:, :, None, None], batch.hint[:, :3])
    return torch.cat([color, batch.hint[:, 3:]], dim=1), region


def _next_color(color: Tensor, kind: int) -> Tensor:
    """The palette colour after the one nearest to (3,) in [-1, 1]."""
    palette = to_signed(torch.from_numpy(PALETTES[kind]).float())
    nearest = int((palette - color).square().sum(dim=1).argmin())
    return palette[(nearest + 1) % len(palette)]


def _lab(signed: Tensor) -> Tensor:
    return srgb_to_lab(to_unit(signed).cpu())


def _mean(values: Tensor, mask: Tensor) -> Tensor:
    """(B, H, W) values -> (B,) means over a mask, NaN where it is empty."""
    return (values * mask).sum(dim=(1, 2)) / mask.sum(dim=(1, 2))


def logged(curve: Curve) -> dict[str, float]:
    """What of a curve goes into the log, as `<count>/<metric>`."""
    return {
        f"{count}/{name}": metrics[name]
        for count, metrics in curve.items()
        for name in shown_at("hints_log")
        if count and name in metrics
    }
