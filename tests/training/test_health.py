"""How a game stands, by hand; every alarm, provoked by a training; and trainings that raise none."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from gan.config import Adversarial, Discriminator, Evaluation, Experiment, Optimizer, Reconstruction
from gan.config.file import load
from gan.evaluation.run import of_run
from gan.training import health, loop
from gan.training.health import Watch
from gan.training.state import create_state
from tests.support.experiments import SMALL

EXPERIMENTS = Path(__file__).parents[2] / "experiments"
CPU = torch.device("cpu")
SOUND = {"G/grad_norm": 3.0, "val/saturated": 0.0, "val/variety": 0.1, "val/sepia_index": 0.99}


@pytest.mark.parametrize(("game", "shift"), [("vanilla", 0.0), ("hinge", 0.0), ("lsgan", 0.5)])
def test_shares_of_logits_on_the_right_side(game: str, shift: float) -> None:
    """Three of four true ones lie above the middle, one of four made ones below; the middle itself is neither."""
    real = torch.tensor([[0.1, 2.0], [-0.1, 0.3]]) + shift
    fake = torch.tensor([[0.0, 1.0], [-0.2, 0.4]]) + shift
    shares = health.accuracy(game, real, fake)
    assert {name: value.item() for name, value in shares.items()} == {"D/real_accuracy": 0.75, "D/fake_accuracy": 0.25}


def test_a_relativistic_critic_ranks_pairs() -> None:
    real, fake = torch.tensor([-3.0, 1.0, 0.2, 5.0]), torch.tensor([-4.0, 1.0, 0.1, 6.0])
    assert {name: value.item() for name, value in health.accuracy("relativistic", real, fake).items()} == {
        "D/pair_accuracy": 0.5
    }


def watched(experiment: Experiment, *evaluations: dict[str, float]) -> list[list[str]]:
    """What is said at evaluations of a generator that has moved, in the second half of a run."""
    watch, generator = Watch(experiment, total=10), create_state(replace(experiment, seed=1), CPU).generator
    return [watch.look(5 + number, SOUND | values, generator) for number, values in enumerate(evaluations)]


@pytest.mark.parametrize("names", [("D/real_accuracy", "D/fake_accuracy"), ("D/pair_accuracy",)])
def test_a_critic_has_won_where_it_has_twice_in_a_row_and_that_is_said_once(
    tiny: Experiment, names: tuple[str, ...]
) -> None:
    won = dict.fromkeys(names, 0.995)
    played = won | {names[-1]: 0.9}
    assert [len(said) for said in watched(tiny, won, played, won, won, won)] == [0, 0, 0, 1, 0]


def test_one_tint_is_an_alarm_where_a_critic_plays_and_not_at_first(tiny: Experiment) -> None:
    """It is what L1 alone answers where the lines tell no colour."""
    game = replace(tiny, adversarial=Adversarial(game="hinge"))
    assert watched(tiny, {}) == [[]]
    ((said,),) = watched(game, {})
    assert said.startswith("colours collapse: in spite of the critic, the pictures have nearly one colour (sepia index")
    assert watched(game, {"val/sepia_index": 0.9}) == [[]]
    generator = create_state(replace(game, seed=1), CPU).generator
    assert Watch(game, total=10).look(4, SOUND, generator) == []
    drawn = replace(
        tiny,
        generator=replace(tiny.generator, noise=8, choice="odds"),
        reconstruction=Reconstruction(loss="fitted", palette=0.3),
    )
    ((said,),) = watched(drawn, {})
    assert said.startswith("colours collapse: though noise draws them, the pictures have nearly one colour")


def test_a_critic_that_nothing_opposes_yet_has_not_won(tiny: Experiment) -> None:
    rising = replace(tiny, adversarial=Adversarial(game="hinge", ramp=7))  # the evaluations are at 5, 6, 7, 8
    won = {"D/pair_accuracy": 0.995, "val/sepia_index": 0.5}
    assert [len(said) for said in watched(rising, won, won, won, won)] == [0, 0, 0, 1]


def alarms(experiment: Experiment, out: Path, caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings of a training."""
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="gan.training.trainer"):
        loop.train(experiment, out, resume=False)
    return [record.getMessage() for record in caplog.records if record.name == "gan.training.trainer"]


@pytest.fixture
def short(tiny: Experiment) -> Experiment:
    return replace(tiny, steps=20, evaluation=Evaluation(every=5, pictures=4, grid=1))


def test_a_rate_at_which_the_network_saturates(
    short: Experiment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    colors, still = alarms(replace(short, optimizer=Optimizer(lr=10.0)), tmp_path, caplog)
    assert colors.startswith(
        "step 5: colours collapse: it paints one picture whatever the drawing is, 100% of its values are saturated"
    )
    assert "nothing moves: no gradient reaches the generator (G/grad_norm 0)" in still


def test_a_rate_at_which_nothing_moves(short: Experiment, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (said,) = alarms(replace(short, optimizer=Optimizer(lr=1e-9)), tmp_path, caplog)
    assert said.startswith("step 5: nothing moves: the generator's weights are those that it began with")
    assert said.endswith("(optimizer.lr 1e-09); try a higher optimizer.lr")


def test_a_critic_that_wins(short: Experiment, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A generator that hardly learns, against a critic that learns fast."""
    experiment = replace(
        short,
        adversarial=Adversarial(game="hinge"),
        discriminator=Discriminator(width=8, layers=2),
        reconstruction=Reconstruction(weight=0.0),
        optimizer=Optimizer(lr=1e-5, d_lr=5e-3, decay=0.0),
    )
    said = [alarm for alarm in alarms(experiment, tmp_path, caplog) if "the critic wins outright" in alarm]
    assert len(said) == 1
    assert "try a lower optimizer.d_lr, or adversarial.r1 and r2" in said[0]


def test_a_pixel_loss_that_outweighs_its_critic(
    short: Experiment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    experiment = replace(
        short,
        adversarial=Adversarial(game="lsgan"),
        reconstruction=Reconstruction(weight=1000.0),
        optimizer=Optimizer(lr=2e-3, d_lr=1e-6),
    )
    (said,) = alarms(experiment, tmp_path, caplog)
    assert said.startswith("step 10: colours collapse: in spite of the critic")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "steps"),
    [("l1", 200), ("l1_hints", 200), ("l1_lines", 200), ("pix2pix", 300), ("odds", 300), ("sampler", 300)],
)
def test_arms_that_are_sound_raise_no_alarm(
    name: str, steps: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The project's own, at 32 px, evaluated ten times."""
    arm = load(EXPERIMENTS / f"{name}.py")
    if arm.adversarial.game != "none":
        arm = replace(arm, discriminator=replace(arm.discriminator, layers=2))
    small = {"data": SMALL, "generator": replace(arm.generator, width=8), "logging": replace(arm.logging, every=30)}
    arm = replace(arm, steps=steps, evaluation=Evaluation(pictures=35, grid=2), **small)
    assert alarms(arm, tmp_path, caplog) == []
    assert of_run(tmp_path / name / "seed-0", "test", "last").broken == ""
