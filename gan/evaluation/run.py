"""A trained run on one side of its data: every metric, the closed forms beside it, as a table or as JSON."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.table import Table

from gan.config import Experiment
from gan.data import Split, sources
from gan.data.fixed import EVALUATION_BATCH, FixedPictures
from gan.data.sources import FilePictures
from gan.evaluation import broken, distribution, drawings, rival
from gan.evaluation import curve as curve_files
from gan.evaluation.drawings import Painter
from gan.evaluation.draws import score_draws
from gan.evaluation.hinted import check_counts, counts_of, score_with_hints
from gan.evaluation.pictures import Kept
from gan.evaluation.score import Score, load_lpips
from gan.metrics import catalog
from gan.metrics.catalog import WATERSHED
from gan.runs.environment import pick_device
from gan.runs.folder import RunFolder, open_run
from gan.runs.weights import load_generator

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Evaluation:
    """What was measured by number of hints, on what, and the closed forms on the same draw of colours and hints."""

    run: Path
    name: str
    step: int
    split: Split
    pictures: int
    checkpoint: str
    weights: str
    curve: dict[int, dict[str, float]]
    closed_curve: dict[int, dict[str, dict[str, float]]]
    histograms: dict[int, dict[str, dict[str, list[int]]]]
    """Number of hints -> axis -> `fake` and `true` counts of the scored pixels; not in the table."""
    broken: str
    """Why the run gives no verdict, in words (`gan.evaluation.broken`); "" where it is sound."""
    kept: tuple[Kept, ...] = ()
    """Some of the pictures, with the fewest and with the most hints."""

    @property
    def measured(self) -> dict[str, float]:
        """The metrics with the fewest hints: none, unless others were asked for."""
        return self.curve[min(self.curve)]

    @property
    def closed(self) -> dict[str, dict[str, float]]:
        """The closed forms with as many hints as `measured`."""
        return self.closed_curve[min(self.curve)]

    @property
    def variant(self) -> str:
        """The side, and what is not as usual of the weights: `test`, `test-best-average`."""
        return "-".join(
            [self.split, *(word for word in (self.checkpoint, self.weights) if word not in ("last", "raw"))]
        )

    @property
    def title(self) -> str:
        """What was measured, as a line."""
        weights = f"{self.weights} weights of {self.checkpoint}.pt (step {self.step})"
        return f"{self.name}: {weights}, {self.pictures} {self.split} pictures"

    def to_json(self) -> dict[str, Any]:
        """Plain values; `metrics` and `closed_forms` are with the fewest hints, `hints` holds every number of them."""
        return {
            "run": str(self.run),
            "step": self.step,
            "split": self.split,
            "pictures": self.pictures,
            "checkpoint": self.checkpoint,
            "weights": self.weights,
            "broken": self.broken,
            "metrics": self.measured,
            "closed_forms": self.closed,
            "hints": {
                str(count): {"metrics": metrics, "closed_forms": self.closed_curve[count]}
                for count, metrics in self.curve.items()
            },
        }

    def to_table(self) -> Table:
        """A row a metric: beside its closed forms, or with a column a number of hints."""
        columns = (
            {"measured": self.measured} | {CLOSED_HEADINGS[name]: form for name, form in self.closed.items()}
            if len(self.curve) == 1
            else {str(count): metrics for count, metrics in self.curve.items()}
        )
        by = ", by number of hints" if len(self.curve) > 1 else ""
        table = Table(title=f"{self.run}: {self.title}{by}", title_justify="left")
        table.add_column("metric", no_wrap=True)
        table.add_column("better")
        for heading in columns:
            table.add_column(heading, justify="right")
        for name in dict.fromkeys(name for values in columns.values() for name in values if _shown(name)):
            kind = name.rpartition("/")[2] if name not in catalog.METRICS and "/" in name else ""
            metric = catalog.find(name)
            cells = [_cell(values[name]) if name in values else "" for values in columns.values()]
            table.add_row(f"  {kind}" if kind else name, metric.arrow if metric else "", *cells)
        if len(self.curve) > 1:
            for form, heading in CLOSED_HEADINGS.items():
                values = [forms.get(form, {}) for forms in self.closed_curve.values()]
                for name in (*CLOSED_ROWS, *(RIVAL_ROWS if form == WATERSHED else ())):
                    cells = [_cell(each[name]) if name in each else "" for each in values]
                    if any(cells):
                        table.add_row(f"{name} of the {heading}", "", *cells)
        return table


def _cell(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 10 else f"{value:.2f}"


def _shown(name: str) -> bool:
    """Areas and draws are shown by their main metrics; JSON has the rest."""
    return not name.startswith(catalog.AREAS) or name in catalog.METRICS


CLOSED_HEADINGS = {"median": "L1 optimum", "mean": "L2 optimum", "sampler": "sampler", WATERSHED: "watershed"}
CLOSED_ROWS = ("mae", "sepia_index")
"""What the table over the number of hints says of each; JSON has the rest."""
RIVAL_ROWS = ("lpips", "fill", "bleed")
"""And of the watershed besides: a closed form knows the regions."""


def of_run(
    path: Path,
    split: Split,
    checkpoint: str,
    *,
    hints: Sequence[int] | None = None,
    average: bool = False,
    data_root: str | None = None,
    device: str = "auto",
    paint: Painter | None = None,
    distributions: bool = False,
) -> Evaluation:
    """Evaluate a run folder.

    Args:
        path: the run folder.
        split: which side of its data.
        checkpoint: last or best.
        hints: numbers of hints; None: those that the run was evaluated at while it trained.
        average: the moving average, and not the raw weights.
        data_root: the folder of the pictures, if they are not where the run was trained on them.
        device: a PyTorch device, or auto.
        paint: colours a drawing of any size with the run's weights, where `fill` and `bleed` are to be measured on a
            person's own pictures (`gan.evaluation.drawings`).
        distributions: compare the distribution of the pictures with the true one, too (`gan.evaluation.distribution`),
            which takes as long as everything else.

    Raises:
        RequestError: no such run, checkpoint, data or device, or it has learnt no hints.
    """
    run = open_run(path)
    generator, experiment, step = load_generator(run.last if checkpoint == "last" else run.best, average=average)
    counts = counts_of(experiment) if hints is None else check_counts(hints, experiment.hints)
    data = run.config.data
    if data_root is not None:
        data = replace(data, root=data_root)
    experiment = replace(experiment, data=data)
    target = pick_device(device)
    pictures = sources.load(experiment, run.begun).sides[split]
    every, noise = range(len(pictures)), experiment.generator.numbers
    fixed = FixedPictures(pictures, every, experiment.seed, experiment.hints, EVALUATION_BATCH, noise)
    lpips, gathering = load_lpips(target), distribution.load(target) if distributions else None
    generator = generator.to(target)
    kept = {count: Kept(fixed, count) for count in {min(counts), max(counts)}}
    curve, closed_curve, histograms = {}, {}, {}
    for count in counts:
        scores: dict[str, Score] = {}
        curve[count] = score_with_hints(
            generator,
            fixed,
            count,
            lpips,
            target,
            closed=True,
            effects=True,
            scores=scores,
            rival=rival.of(experiment),
            distribution=gathering,
            kept=kept.get(count),
        )
        histograms[count] = scores.pop("fake").histograms()
        closed_curve[count] = {name: score.result() for name, score in scores.items()}
    if noise and 0 in curve:
        for who, row in score_draws(generator, fixed, lpips, target).items():
            (curve[0] if who == "fake" else closed_curve[0].setdefault(who, {})).update(row)
    if paint is not None and isinstance(pictures, FilePictures):
        _add_filling(curve, closed_curve, pictures, experiment, paint)
    return Evaluation(
        run=path,
        name=experiment.name,
        step=step,
        split=split,
        pictures=len(pictures),
        checkpoint=checkpoint,
        weights="average" if average else "raw",
        curve=curve,
        closed_curve=closed_curve,
        histograms=histograms,
        broken=broken.reason(curve[min(curve)], broken.moved(generator, experiment)),
        kept=tuple(kept.values()),
    )


def _add_filling(
    curve: dict[int, dict[str, float]],
    closed_curve: dict[int, dict[str, dict[str, float]]],
    pictures: FilePictures,
    experiment: Experiment,
    paint: Painter,
) -> None:
    """Add `fill` and `bleed` by closed areas of the drawings to what was measured with hints."""
    if experiment.hints.kind == "none":
        logger.info("fill and bleed are not measured: %s was trained without hints", experiment.name)
        return
    for count in (each for each in curve if each):
        measured = drawings.measure(pictures, experiment.seed, count, paint)
        curve[count] |= measured.get("fake", {})
        closed_curve[count].setdefault(WATERSHED, {}).update(measured.get(WATERSHED, {}))


def keep(evaluation: Evaluation) -> None:
    """Write what a page shows of an evaluation into the run folder: some of its pictures, and the curve over the number
    of hints where there are several. A folder that is read only is no error.
    """
    run, name = RunFolder(evaluation.run), evaluation.variant
    about = {"split": evaluation.split, "step": evaluation.step, "title": evaluation.title}
    try:
        for pictures in evaluation.kept:
            pictures.save(run, name, **about)
        if len(evaluation.curve) > 1:
            _keep_curve(evaluation, run, name)
    except OSError as error:
        logger.warning("hints-%s and pictures-%s are not kept: %s", name, name, error.strerror or error)


def _keep_curve(evaluation: Evaluation, run: RunFolder, name: str) -> None:
    """Numbers of hints that were measured before in the same way are kept."""
    before, closed_before = curve_files.read(run, name, evaluation.title)
    curve = dict(sorted((before | evaluation.curve).items()))
    closed = dict(sorted((closed_before | evaluation.closed_curve).items()))
    curve_files.save(run, name, curve, closed, evaluation.title)
