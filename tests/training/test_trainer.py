"""The loop around a step: what stops it, and which weights it keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from gan.config import Evaluation, Experiment
from gan.runs.mirror import Mirror
from gan.runs.weights import read
from gan.training import loop, trainer
from gan.training.failure import TrainingFailed
from gan.training.state import TrainState
from gan.training.validation import Validation
from tests.support.trained import train

Terms = dict[str, torch.Tensor]


def after_each_step(patch: pytest.MonkeyPatch, change: Callable[[TrainState, Terms], None]) -> None:
    """Let a fault come into the state or the losses of a step."""
    real = trainer.train_step

    def faulty(state: TrainState, *rest: Any) -> Terms:
        terms = real(state, *rest)
        change(state, terms)
        return terms

    patch.setattr(trainer, "train_step", faulty)


def test_a_loss_that_is_not_finite_stops_with_the_step_and_the_term(
    whole: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def diverging(state: TrainState, terms: Terms) -> None:
        if state.step == 5:
            terms["G/g_loss"] = torch.tensor(float("nan"))

    after_each_step(monkeypatch, diverging)
    with pytest.raises(TrainingFailed, match=r"G/g_loss became nan at step 5"):
        train(whole, tmp_path)
    assert read(tmp_path / "tiny" / "seed-0" / "checkpoints" / "last.pt")["step"] == 3


def test_without_lpips_another_metric_chooses_and_says_so(
    whole: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(loop, "load_lpips", lambda *_: None)
    run = loop.train(whole, tmp_path, resume=False).run
    assert "best.pt is chosen by mae: lpips is absent" in caplog.messages
    assert read(run.last)["best"]["metric"] == "mae"
    assert not any("lpips" in name for row in run.rows() for name in row)


class Told(Mirror):
    """What a mirror is told of the whole run."""

    def __init__(self) -> None:
        self.summary: dict[str, float | str] = {}
        self.artifacts: list[tuple[str, int]] = []

    def summarise(self, values: Mapping[str, float | str]) -> None:
        self.summary |= values

    def artifact(self, path: Path, aliases: Sequence[str], metadata: Mapping[str, Any]) -> None:
        self.artifacts.append((path.name, metadata["step"]))


def test_a_mirror_is_told_of_which_step_best_pt_is(
    tiny: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And keeps it as an artifact, where that is asked for."""
    told = Told()
    monkeypatch.setattr(loop, "start", lambda *_: told)
    errors, real = {2: 0.3, 4: 0.1, 6: 0.2}, Validation.measure

    def measure(validation: Validation, state: TrainState, **how: Any) -> Any:
        values, *rest = real(validation, state, **how)
        return values | {"val/mae": errors[state.step]}, *rest

    monkeypatch.setattr(Validation, "measure", measure)
    evaluated = replace(tiny, evaluation=Evaluation(every=2, pictures=4, grid=1, best="mae"))
    run = loop.train(replace(evaluated, logging=replace(tiny.logging, artifact="best")), tmp_path, resume=False).run
    best = {"checkpoint/best_step": 4, "checkpoint/best_value": 0.1, "checkpoint/best_metric": "val/mae"}
    assert told.summary == best
    assert read(run.best)["step"] == 4
    assert told.artifacts == [("best.pt", 4)]


def test_broken_weights_never_replace_good_ones(
    whole: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The losses of the step that breaks the weights are still finite."""

    def breaking(state: TrainState, _terms: Terms) -> None:
        if state.step == 6:
            next(state.generator.parameters()).data.fill_(float("nan"))

    after_each_step(monkeypatch, breaking)
    with pytest.raises(TrainingFailed, match=r"val_hints/3/lpips is not finite at step 6"):
        train(whole, tmp_path)
    assert read(tmp_path / "tiny" / "seed-0" / "checkpoints" / "last.pt")["step"] == 3
