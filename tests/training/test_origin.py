"""A run that begins with the weights of another, and one that goes on with another rate."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from gan.config import Adversarial, Evaluation, Experiment, Optimizer
from gan.errors import RequestError
from gan.runs.weights import read
from gan.training import loop, trainer
from gan.training.origin import begin_with
from gan.training.state import TrainState, create_state

CPU = torch.device("cpu")


@pytest.fixture
def short(tiny: Experiment) -> Experiment:
    """Two steps, evaluated once."""
    return replace(tiny, steps=2, evaluation=Evaluation(every=2, pictures=2, grid=1), optimizer=Optimizer(lr=1e-3))


def same(network: torch.nn.Module | None, stored: Any) -> bool:
    """Whether a network has these weights."""
    assert network is not None
    return all(torch.equal(value, stored[name]) for name, value in network.state_dict().items())


def test_all_that_the_other_has_is_taken(short: Experiment, tmp_path: Path) -> None:
    game = replace(short, adversarial=Adversarial(game="lsgan"), ema=0.9)
    other = loop.train(game, tmp_path, resume=False).run
    stored = read(other.last)
    state = create_state(replace(game, seed=1), CPU)
    assert not same(state.generator, stored["generator"])
    assert begin_with(state, other.path) == {"run": str(other.path), "run_id": other.run_id, "step": 2}
    assert same(state.generator, stored["generator"])
    assert same(state.discriminator, stored["discriminator"])
    assert same(state.average, stored["average"])
    assert (state.step, state.g_optimizer.state_dict()["state"]) == (0, {})


def test_what_it_has_not_begins_afresh(short: Experiment, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """From a baseline into a game with an average: the critic is the seed's, the average the raw weights."""
    caplog.set_level("INFO", "gan")
    other = loop.train(short, tmp_path, resume=False).run
    game = replace(short, adversarial=Adversarial(game="lsgan"), ema=0.9, seed=1)
    fresh, state = create_state(game, CPU), create_state(game, CPU)
    begin_with(state, other.path)
    assert fresh.discriminator is not None
    assert same(state.discriminator, fresh.discriminator.state_dict())
    assert same(state.average, read(other.last)["generator"])
    assert f"{other.path} has no discriminator: this run's begins afresh" in caplog.messages


def test_a_run_begins_with_it_says_so_and_goes_on_without_it(
    short: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = loop.train(short, tmp_path, resume=False).run
    real, first = trainer.train_step, []

    def step(state: TrainState, *rest: Any) -> object:
        first.append(same(state.generator, read(other.last)["generator"]))
        return real(state, *rest)

    monkeypatch.setattr(trainer, "train_step", step)
    tuned = replace(short, name="tuned", seed=5)
    run = loop.train(tuned, tmp_path, resume=False, origin=other.path).run
    assert first == [True, False]
    (start,) = json.loads((run.path / "environment.json").read_text())["starts"]
    assert start["from"] == {"run": str(other.path), "run_id": other.run_id, "step": 2}
    loop.train(replace(tuned, steps=3), tmp_path, resume=True, origin=other.path)
    assert first == [True, False, False]
    assert f"--from ({other.path}) is not used: the run goes on from its own checkpoint" in caplog.messages
    assert "from" not in json.loads((run.path / "environment.json").read_text())["starts"][1]


@pytest.mark.parametrize("width", [8, 16])
def test_another_network_is_refused_and_nothing_is_written(short: Experiment, tmp_path: Path, width: int) -> None:
    other = loop.train(short, tmp_path, resume=False).run
    tuned = replace(short, name="tuned", generator=replace(short.generator, width=width))
    if width == 8:
        other.last.unlink()
    with pytest.raises(
        RequestError, match=r"last\.pt must (be a checkpoint: none such|hold the weights of this run's)"
    ):
        loop.train(tuned, tmp_path, resume=False, origin=other.path)
    assert not (tmp_path / "tuned").exists()


def test_another_rate_only_on_purpose(short: Experiment, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "gan")
    constant = replace(short, optimizer=replace(short.optimizer, decay=0.0))
    run = loop.train(constant, tmp_path, resume=False).run
    slower = replace(constant, steps=4, optimizer=replace(constant.optimizer, lr=1e-4))
    with pytest.raises(
        RequestError, match=r"optimizer\.lr is 0\.001 there and 0\.0001 here; .* or --new-rate to go on"
    ):
        loop.train(slower, tmp_path, resume=True)
    loop.train(slower, tmp_path, resume=True, new_rate=True)
    assert "the learning rate is now 0.0001, and not 0.001: " in caplog.text
    assert run.config.optimizer.lr == 1e-4
    assert [row["train/lr"] for row in run.rows()] == [1e-3, 1e-4]
    other = replace(slower, optimizer=replace(slower.optimizer, beta1=0.0))
    with pytest.raises(RequestError, match=r"optimizer\.beta1 is 0\.5 there and 0\.0 here; choose .* --name or --out$"):
        loop.train(other, tmp_path, resume=True, new_rate=True)
