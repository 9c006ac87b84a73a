"""The catalogue knows every number that a real training and a real evaluation write, and nothing is shown twice."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from gan.config import Adversarial, Discriminator, Experiment, Reconstruction
from gan.data.batch import Batch
from gan.metrics import catalog, color, fidelity
from gan.metrics.catalog import CURVES, METRICS, Metric, find, label, shown_at
from gan.training.state import create_state
from gan.training.step import train_step

RUN = Path(__file__).parents[1] / "fixtures" / "run_971df36" / "seed-0"


def written() -> set[str]:
    """The names in the log of a real run."""
    return {name for line in (RUN / "metrics.jsonl").read_text("utf-8").splitlines() for name in json.loads(line)}


def test_every_logged_metric_has_an_entry() -> None:
    evaluated = [name for name in written() if name.startswith("val")]
    bare = {re.sub(r"^(val_hints/\d+|val_average|val)/", "", name) for name in evaluated}
    assert len(bare) > 30
    assert [name for name in sorted(bare) if find(name) is None] == []


def test_the_curves_are_those_of_a_training_step(tiny: Experiment) -> None:
    experiment = replace(tiny, adversarial=Adversarial(game="vanilla"), discriminator=Discriminator(width=8, layers=1))
    line, hint, picture = (torch.zeros(2, channels, 32, 32) for channels in (1, 4, 3))
    terms = train_step(create_state(experiment, torch.device("cpu")), Batch(line, hint, picture, None), experiment)
    points = replace(experiment, generator=replace(experiment.generator, keys=4))
    terms |= train_step(create_state(points, torch.device("cpu")), Batch(line, hint, picture, None), points)
    penalised = replace(
        experiment,
        adversarial=Adversarial(game="vanilla", r1=1),
        discriminator=Discriminator(width=8, layers=1, norm="none"),
    )
    terms |= train_step(create_state(penalised, torch.device("cpu")), Batch(line, hint, picture, None), penalised)
    pairs = replace(experiment, adversarial=Adversarial(game="relativistic"))
    terms |= train_step(create_state(pairs, torch.device("cpu")), Batch(line, hint, picture, None), pairs)
    colors = replace(
        pairs,
        adversarial=Adversarial(game="relativistic", palettes=1),
        generator=replace(experiment.generator, noise=1, colors=2),
        reconstruction=Reconstruction("fitted", palette=1),
    )
    drawn = Batch(line, hint, picture, None, noise=torch.zeros(2, 3))
    terms |= train_step(create_state(colors, torch.device("cpu")), drawn, colors)
    system = {name for name in CURVES if name.startswith("system/")}  # tests/training/test_usage.py
    assert set(terms) == {name for name in CURVES if not name.startswith("train/")} - system
    assert {name for name in written() if name.startswith("train/")} == set(CURVES) - set(terms) - system
    assert set(catalog.FIRST_CURVES) <= written()


def test_measured_functions_have_entries() -> None:
    assert set(fidelity.PER_PICTURE) | set(color.PER_KIND) <= set(METRICS)


def test_an_area_has_its_own_entry_or_that_of_its_metric() -> None:
    assert find("hinted/mae") is METRICS["hinted/mae"]
    assert find("hinted/sepia_index/hair") is METRICS["hinted/sepia_index"]
    assert find("hinted/psnr") is METRICS["psnr"]
    assert find("sepia_index/skin") is METRICS["sepia_index"]
    assert find("unknown/hair") is None


def test_places_keep_the_order_of_the_catalogue() -> None:
    assert shown_at("progress") == ("sepia_index", "mae", "lpips")
    assert shown_at("report") == ("sepia_index", "sepia_index_px", "mae_scored", "psnr")


def test_labels_and_directions() -> None:
    assert (label("mae_scored"), label("G/g_loss"), label("made_up")) == ("error", "g_loss", "made_up")
    assert METRICS["psnr"].heading == "PSNR (dB)"
    arrows = {name: METRICS[name].arrow for name in ("mae", "ssim", "sepia_index", "chroma_ratio", "to_median")}
    assert arrows == {"mae": "v", "ssim": "^", "sepia_index": "0", "chroma_ratio": "1", "to_median": ""}


def test_a_place_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="x: no such place: nowhere"):
        catalog._metric("x", "x", places="nowhere report")


def test_json_holds_every_entry() -> None:
    values = catalog.to_json()
    assert [value["name"] for value in values] == [*METRICS, *CURVES]
    assert Metric("x", "an x", "", "lower", "m", frozenset({"page", "summary"})).to_json() == {
        "name": "x",
        "label": "an x",
        "title": "an x (m)",
        "unit": "m",
        "better": "lower",
        "places": ["page", "summary"],
    }
