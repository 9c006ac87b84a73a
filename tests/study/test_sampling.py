"""Rule H4 of experiments/sampling.py: a perfect sampler is one, and whoever falls short in one number is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from gan.config import Augment, Hints
from gan.data.avatars import AvatarPictures, Characters
from gan.data.fixed import FixedPictures
from gan.evaluation.draws import DRAWS, score_draws
from gan.study.aggregate import aggregate
from gan.study.file import load_study
from gan.study.rules import RunScore, Scores
from gan.study.verdicts import judge

SEEDS = (16, 17, 18)
PERFECT = {
    "draws/palette_hit": 1.0,
    "draws/ab_std": 0.0,
    "draws/sepia_index": 0.01,
    "draws/sepia_index_px": 0.01,
    "draws/sepia_index/skin": 0.01,
    "draws/palette_entropy": 2.77,
    "draws/mae_scored": 0.257,
    "draws/palette_reach/hair": 6.4,
}
FALSE = {
    "draws/palette_hit": 0.7,
    "draws/ab_std": 9.0,
    "draws/sepia_index": 0.3,
    "draws/sepia_index_px": -0.3,
    "draws/sepia_index/skin": -0.9,
    "draws/palette_entropy": 2.2,
    "draws/mae_scored": 0.2,
    "draws/palette_reach/hair": 3.0,
}


STUDY = Path(__file__).parents[2] / "experiments" / "sampling.py"


def verdict_on(scores: Scores) -> str:
    study = load_study(STUDY)
    (verdict,) = judge(study.rules, scores, SEEDS)
    return verdict.word


def made_up(changes: dict[str, float], between: float = 0.0) -> Scores:
    closed = {0: {"sampler": PERFECT}}
    return {
        "sampler": {seed: RunScore({0: PERFECT | changes}, closed) for seed in SEEDS},
        "sampler,alpha=0": {seed: RunScore({0: {"draws/mae_between": between}}, closed) for seed in SEEDS},
    }


def test_every_arm_has_an_end_that_its_results_can_name() -> None:
    study = load_study(STUDY)
    assert [cell.name for cell in aggregate(study, ()).cells] == [cell.name for cell in study.cells]


def test_every_number_counts() -> None:
    assert verdict_on(made_up({})) == "supported"
    for name, value in FALSE.items():
        assert verdict_on(made_up({name: value})) == "refuted", name
    assert verdict_on(made_up({}, between=0.05)) == "refuted"


class Perfect(nn.Module):
    """The closed-form sampler in the place of a generator: true colours, drawn anew, of draws that nothing else has."""

    def __init__(self, fixed: FixedPictures) -> None:
        super().__init__()
        self.answers = self._answers(fixed)

    @staticmethod
    def _answers(fixed: FixedPictures) -> Iterator[Tensor]:
        draws = [fixed.redrawn(1000 + draw) for draw in range(DRAWS)]
        for batch in zip(*draws, strict=True):
            yield from batch

    def forward(self, condition: Tensor, noise: Tensor) -> Tensor:
        return next(self.answers)


@pytest.mark.slow
def test_a_perfect_sampler_is_supported(small_characters: Characters) -> None:
    scores: dict[str, dict[int, RunScore]] = {"sampler": {}, "sampler,alpha=0": {}}
    for name, alpha in (("sampler", 1.0), ("sampler,alpha=0", 0.0)):
        pictures = AvatarPictures(small_characters, "val", alpha, Augment())
        for seed in SEEDS:
            fixed = FixedPictures(pictures, range(len(pictures)), seed, Hints(), 35, noise=1)
            rows = score_draws(Perfect(fixed), fixed, None, torch.device("cpu"))
            scores[name][seed] = RunScore({0: rows["fake"]}, {0: {"sampler": rows["sampler"]}})
    assert verdict_on(scores) == "supported"
