"""Evaluation: the closed forms score as theory says, and what is not trained does not pass for it."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from gan.config import Experiment, Hints
from gan.data import sources
from gan.data.batch import Batch
from gan.data.fixed import FixedPictures, Scored
from gan.evaluation.hinted import score_with_hints
from gan.evaluation.score import Score, evaluation_mode, load_lpips
from gan.models.unet import UNet
from gan.study.file import load_study
from gan.study.rules import RunScore
from gan.study.verdicts import Verdict, judge
from gan.training.state import create_state
from tests.support.experiments import SMALL, with_data

CPU = torch.device("cpu")


def fixed(experiment: Experiment, size: int = 32) -> FixedPictures:
    pictures = sources.load(experiment).sides["test"]
    return FixedPictures(pictures, range(len(pictures)), experiment.seed, experiment.hints, size)


def batches(experiment: Experiment) -> list[Scored]:
    return list(fixed(experiment).at(0, closed=True))


def score_closed_forms(pictures: list[Scored]) -> dict[str, dict[str, float]]:
    """The closed forms through the same code as a network's pictures."""
    scores: dict[str, Score] = {}
    for scored in pictures:
        for name, picture in scored.closed.items():
            scores.setdefault(name, Score(None)).update(picture, scored)
    return {name: score.result() for name, score in scores.items()}


def score_generator(generator: nn.Module, experiment: Experiment, size: int = 32) -> dict[str, float]:
    return score_with_hints(generator, fixed(experiment, size), 0, None, CPU, closed=True, effects=True)


@pytest.fixture
def sharp(tiny: Experiment) -> Experiment:
    """Avatars at 64 px, where regions have cores."""
    return with_data(tiny, size=64)


def test_the_truth_scores_perfectly(sharp: Experiment) -> None:
    score = Score(load_lpips(CPU))
    for scored in batches(sharp):
        score.update(scored.batch.color, scored)
    result = score.result()
    exact = {"mae": 0, "psnr": 100, "ssim": 1, "lpips": 0, "ciede2000": 0, "sepia_index": 0, "sepia_index_px": 0}
    exact |= {
        "chroma_ratio": 1,
        "colorfulness": 0,
        "histogram_L": 1,
        "histogram_a": 1,
        "histogram_b": 1,
        "palette_hit": 1,
    }
    for name, value in exact.items():
        assert result[name] == pytest.approx(value, abs=1e-4), name
    assert result["palette_entropy"] > 2.6  # of log2(7) = 2.81 bits, with 70 draws
    assert result["ab_std"] < 1
    for kind in ("hair", "skin", "background"):
        assert result[f"sepia_index/{kind}"] == pytest.approx(0, abs=1e-4)


def test_closed_forms_score_as_theory_says(sharp: Experiment) -> None:
    """Protocol, section 5, at full dose."""
    result = score_closed_forms(batches(sharp))
    assert set(result) == {"median", "mean", "sampler"}
    for name in ("median", "mean"):
        assert result[name]["sepia_index"] == pytest.approx(1, abs=1e-3)
        assert result[name]["palette_hit"] == 0
        assert result[name]["ab_std"] < 1
    assert result["median"]["to_median"] == pytest.approx(0, abs=1e-3)
    assert result["mean"]["to_mean"] == pytest.approx(0, abs=1e-3)
    assert 3 < result["median"]["to_mean"] < 7  # 5.3 apart for hair and background
    assert abs(result["sampler"]["sepia_index"]) < 0.12
    assert result["sampler"]["palette_hit"] == 1
    assert result["sampler"]["mae"] / result["median"]["mae"] == pytest.approx(1.33, abs=0.12)
    for name in ("mean", "median"):  # 3.01 and 2.79 dB in the mean squared error; PSNR is a mean of dB
        assert 2 < result[name]["psnr"] - result["sampler"]["psnr"] < 4


def test_half_a_dose_tells_l1_from_l2(sharp: Experiment) -> None:
    result = score_closed_forms(batches(with_data(sharp, alpha=0.5)))
    assert result["median"]["sepia_index"] == pytest.approx(0, abs=0.12)
    assert result["mean"]["sepia_index"] == pytest.approx(0.477, abs=0.08)


def test_an_untrained_network_has_a_high_sepia_index_and_fails_the_check(sharp: Experiment) -> None:
    """Sepia index alone would pass it: the distance to the closed-form median must be asked for too."""
    result = score_generator(create_state(sharp, CPU).generator, sharp)
    assert result["sepia_index"] > 0.9
    states = [finding.state for finding in judged("H1", "l1", result).findings]
    assert states[:3] == ["right", "wrong", "wrong"]
    without_ambiguity = with_data(sharp, alpha=0.0)
    result = score_generator(create_state(without_ambiguity, CPU).generator, without_ambiguity)
    gate = judged("H0", "l1,alpha=0", result)
    assert (gate.word, [finding.state for finding in gate.findings]) == ("failed", ["wrong", "wrong"])


def test_the_closed_forms_pass_the_gate_and_only_the_right_one(sharp: Experiment) -> None:
    ambiguous = score_closed_forms(batches(sharp))
    states = {
        name: [finding.state for finding in judged("H1", "l1", ambiguous[name]).findings[:3]] for name in ambiguous
    }
    assert states["median"] == ["right", "right", "right"]
    assert states["mean"] == ["right", "wrong", "wrong"]
    assert states["sampler"][:2] == ["wrong", "wrong"]
    clear = score_closed_forms(batches(with_data(sharp, alpha=0.0)))
    assert judged("H0", "l1,alpha=0", clear["median"]).word == "passed"


def judged(rule: str, cell: str, metrics: dict[str, float]) -> Verdict:
    """What the protocol's rule says of one run."""
    study = load_study(Path(__file__).parents[2] / "experiments" / "sepia.py")
    rules = [each for each in study.rules if each.name == rule]
    (verdict,) = judge(rules, {cell: {0: RunScore({0: metrics}, {})}}, [0])
    return verdict


def test_results_do_not_depend_on_the_batch_size(sharp: Experiment) -> None:
    generator = create_state(sharp, CPU).generator
    one, other = (score_generator(generator, sharp, size) for size in (7, 70))
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert value == pytest.approx(other[name], rel=1e-3, abs=1e-4), name


def test_a_picture_that_is_not_a_number_is_not_passed_over(sharp: Experiment) -> None:
    (scored,) = fixed(sharp, 70).at(0, closed=False)
    score = Score(None)
    broken = scored.batch.color.clone()
    broken[3] = torch.nan
    score.update(broken, scored)
    assert not {"mae", "psnr", "ssim"} & set(score.result())


def test_pictures_without_regions_are_scored_on_a_grid(sharp: Experiment) -> None:
    score = Score(None)
    for scored in batches(sharp):
        score.update(scored.batch.color, Scored(replace(scored.batch, regions=None), {}, scored.placebo))
    result = score.result()
    assert result["sepia_index"] == pytest.approx(0, abs=1e-6)
    assert result["chroma_ratio"] == pytest.approx(1)
    assert not {"lpips", "palette_hit", "to_median", "sepia_index/hair"} & set(result)


def test_a_cell_that_is_all_ink_says_nothing_and_spoils_nothing() -> None:
    """16 x 16 px in 64 cells: one is inked in all pictures, and the others are true."""
    rng = torch.Generator().manual_seed(0)
    color = 0.3 * torch.rand(4, 3, 1, 1, generator=rng).expand(4, 3, 16, 16)
    line = torch.ones(4, 1, 16, 16)
    line[:, :, 2:4, 4:6] = -1
    score = Score(None)
    scored = Scored(Batch(line, torch.zeros(4, 4, 16, 16), color, None), {}, torch.zeros(4, 4, 16, 16))
    fake = color.clone()
    fake[:, :, 2:4, 4:6] = -1  # ink is not scored
    score.update(fake, scored)
    result = score.result()
    assert result["sepia_index"] == pytest.approx(0, abs=1e-6)
    assert result["ciede2000"] == result["mae_scored"] == 0
    assert result["mae"] == pytest.approx(float((color[:, :, 0, 0] + 1).mean()) / 2 * 4 / 256, rel=1e-5)
    assert sum(score.histograms()["L"]["true"]) == 4 * (256 - 4)


def test_evaluation_leaves_the_network_as_it_was() -> None:
    network = UNet(width=8, depth=4, dropout=0.5).train()
    network.up[0].eval()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with evaluation_mode(network):
        assert not network.training
        network(torch.randn(2, 5, 32, 32))
    assert network.training
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_a_missing_lpips_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    from gan.metrics import perceptual
    from gan.metrics.backbone import REMEDY, WeightsMissing

    def missing() -> None:
        raise WeightsMissing("LPIPS is absent; " + REMEDY)

    monkeypatch.setattr(perceptual, "load", missing)
    assert load_lpips(CPU) is None
    assert caplog.messages == ["LPIPS is absent; " + REMEDY]


def test_free_colours_are_scored_without_what_stands_on_the_palettes() -> None:
    experiment = Experiment(data=replace(SMALL, colors="gamut", size=64), hints=Hints(kind="regions"))
    fixed = FixedPictures(sources.load(experiment).sides["val"], range(6), 0, experiment.hints, 3)
    score = Score(None, apart=True)
    for scored in fixed.at(2, closed=True):
        score.update(scored.batch.color, scored)
    names = set(score.result())
    assert {"mae", "mae_scored", "ciede2000", "ab_std/hair", "chroma_ratio", "fill", "bleed", "hinted/mae"} <= names
    assert not [name for name in names if "sepia" in name or "palette" in name or name.startswith("to_")]
    assert (score.result()["fill"], score.result()["bleed"]) == (1, 0)
