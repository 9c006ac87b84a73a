"""The training step against the same step written out by hand, and what surrounds it."""

import copy
from dataclasses import replace
from typing import Literal

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gan.config import (
    ALONE_IN_BATCH,
    Adversarial,
    Discriminator,
    Experiment,
    Generator,
    Optimizer,
    Reconstruction,
)
from gan.data import sources
from gan.data.batch import Batch
from gan.data.loader import training_batches
from gan.models.critic import Critic
from gan.models.pointer import Pointer
from gan.models.sampler import Sampler
from gan.training import losses
from gan.training.state import TrainState, create_state, learning_rate_scale, set_learning_rate, update_average
from gan.training.step import train_step

CPU = torch.device("cpu")


def batch_of(seed: int, count: int = 4) -> Batch:
    generator = torch.Generator().manual_seed(seed)
    line = torch.rand(count, 1, 32, 32, generator=generator) * 2 - 1
    color = torch.rand(count, 3, 32, 32, generator=generator) * 2 - 1
    return Batch(line, torch.zeros(count, 4, 32, 32), color, None)


@pytest.fixture
def gan_experiment(tiny: Experiment) -> Experiment:
    return replace(
        tiny, adversarial=Adversarial(game="lsgan", weight=0.5), reconstruction=Reconstruction(weight=10.0), ema=0.9
    )


def flat(network: nn.Module) -> torch.Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()])


def test_a_step_is_the_papers_step(gan_experiment: Experiment) -> None:
    """D on real and detached fake, halved; then G against the updated D, plus lambda L1; then the average."""
    state, batch = create_state(gan_experiment, CPU), batch_of(0)
    generator, discriminator = copy.deepcopy(state.generator), copy.deepcopy(state.discriminator)
    assert discriminator is not None
    g_optimizer = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999))
    d_optimizer = torch.optim.Adam(discriminator.parameters(), 2e-4, (0.5, 0.999))

    terms = train_step(state, batch, gan_experiment)

    condition = torch.cat([batch.line, batch.hint], 1)
    fake = generator(condition)
    real_logits = discriminator(torch.cat([condition, batch.color], 1))
    fake_logits = discriminator(torch.cat([condition, fake.detach()], 1))
    d_loss = 0.5 * (((real_logits - 1) ** 2).mean() + (fake_logits**2).mean())
    d_optimizer.zero_grad()
    d_loss.backward()
    d_optimizer.step()
    g_loss = ((discriminator(torch.cat([condition, fake], 1)) - 1) ** 2).mean()
    l1 = (fake - batch.color).abs().mean()
    g_optimizer.zero_grad()
    (10 * l1 + 0.5 * g_loss).backward()
    g_optimizer.step()

    assert state.discriminator is not None
    torch.testing.assert_close(flat(state.discriminator), flat(discriminator))
    torch.testing.assert_close(flat(state.generator), flat(generator))
    expected = {"D/d_loss": d_loss, "G/g_loss": g_loss, "G/reconstruction": l1}
    for name, value in expected.items():
        torch.testing.assert_close(terms[name], value.detach())
    torch.testing.assert_close(terms["D/real_logits"], real_logits.detach().mean())
    torch.testing.assert_close(terms["D/fake_logits"], fake_logits.detach().mean())
    assert all(not term.requires_grad and term.ndim == 0 for term in terms.values())
    assert state.step == 1


def test_a_step_of_a_relativistic_game_with_penalties(tiny: Experiment) -> None:
    """Pairs of logits, gamma / 2 times the squared gradient of a picture's mean logit, every other step and doubled."""
    experiment = replace(
        tiny,
        adversarial=Adversarial(game="relativistic", r1=3.0, r2=5.0, penalty_every=2),
        discriminator=Discriminator(width=4, layers=2, norm="none", judges="both"),
        reconstruction=Reconstruction(weight=0.0),
        optimizer=Optimizer(beta1=0),
    )
    state = create_state(experiment, CPU)
    discriminator = copy.deepcopy(state.discriminator)
    assert isinstance(discriminator, Critic)
    optimizer = torch.optim.Adam(discriminator.parameters(), 2e-4, (0.0, 0.999))
    for number in range(2):
        batch, generator = batch_of(number), copy.deepcopy(state.generator)
        terms = train_step(state, batch, experiment)

        condition = torch.cat([batch.line, batch.hint], 1)
        fake = generator(condition)
        verdicts, steep = [], []
        for color in (batch.color, fake.detach()):
            color = color.clone().requires_grad_()
            logits = discriminator(torch.cat([condition, color], 1))
            (slope,) = torch.autograd.grad(logits.mean(dim=(1, 2, 3)).sum(), color, create_graph=True)
            verdicts.append(logits)
            steep.append((slope**2).sum(dim=(1, 2, 3)).mean())
        d_loss = torch.log(1 + torch.exp(verdicts[1] - verdicts[0])).mean()
        optimizer.zero_grad()
        (d_loss + (0 if number else 2 * (3 / 2 * steep[0] + 5 / 2 * steep[1]))).backward()
        optimizer.step()
        true, made = (discriminator(torch.cat([condition, color], 1)) for color in (batch.color, fake))
        expected = {
            "D/d_loss": d_loss,
            "D/r1": torch.zeros(()) if number else 2 * steep[0],
            "D/r2": torch.zeros(()) if number else 2 * steep[1],
            "G/g_loss": torch.log(1 + torch.exp(true - made)).mean(),
        }
        for name, value in expected.items():
            torch.testing.assert_close(terms[name], value.detach(), rtol=1e-4, atol=1e-6)
        assert state.discriminator is not None
        # but for the last bias, which pairs cannot see: its gradient is the rounding of 0
        torch.testing.assert_close(flat(state.discriminator)[:-1], flat(discriminator)[:-1])


def test_without_a_game_there_is_only_reconstruction(tiny: Experiment) -> None:
    state, batch = create_state(tiny, CPU), batch_of(0)
    assert state.discriminator is None
    terms = train_step(state, batch, tiny)
    assert set(terms) == {"G/reconstruction", "G/grad_norm"}
    squared = replace(tiny, reconstruction=Reconstruction(loss="l2"))
    l2 = train_step(create_state(squared, CPU), batch, squared)["G/reconstruction"]
    fake = create_state(squared, CPU).generator(batch.condition)
    torch.testing.assert_close(l2, F.mse_loss(fake, batch.color).detach())


def test_two_runs_are_bit_equal_and_seeds_differ(gan_experiment: Experiment) -> None:
    experiment = replace(gan_experiment, generator=replace(gan_experiment.generator, dropout=0.5))

    def run(seed: int) -> torch.Tensor:
        seeded = replace(experiment, seed=seed)
        state = create_state(seeded, CPU)
        for number in range(3):
            train_step(state, batch_of(number), seeded)
        return flat(state.generator)

    assert torch.equal(run(0), run(0))
    assert not torch.equal(run(0), run(1))


def test_dropout_is_a_function_of_seed_and_step(tiny: Experiment) -> None:
    """A step does not depend on what drew from torch's generator before it."""
    experiment = replace(tiny, generator=Generator(width=8, dropout=0.5))

    def first_step(disturbance: int) -> torch.Tensor:
        state = create_state(experiment, CPU)
        torch.rand(disturbance)
        train_step(state, batch_of(0), experiment)
        return flat(state.generator)

    assert torch.equal(first_step(1), first_step(1000))


def test_arms_of_one_seed_start_from_the_same_generator(tiny: Experiment, gan_experiment: Experiment) -> None:
    assert torch.equal(flat(create_state(tiny, CPU).generator), flat(create_state(gan_experiment, CPU).generator))


def test_the_average_by_hand() -> None:
    average, generator = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    generator.weight.data[:] = torch.tensor([2.0, 3.0])
    assert generator.running_mean is not None
    generator.running_mean[:] = 5.0
    update_average(average, generator, decay=0.9, step=1)  # warmed up: min(0.9, 2 / 11)
    torch.testing.assert_close(average.weight.data, 1 + (1 - 2 / 11) * (generator.weight.data - 1))
    torch.testing.assert_close(average.running_mean, generator.running_mean)
    before = average.weight.data.clone()
    update_average(average, generator, decay=0.9, step=1000)
    torch.testing.assert_close(average.weight.data, 0.9 * before + 0.1 * generator.weight.data)


def test_learning_rate_is_constant_and_then_falls_to_zero() -> None:
    scales = [learning_rate_scale(step, 100, 0.4) for step in (0, 30, 60, 80, 99)]
    assert scales == pytest.approx([1, 1, 1, 0.5, 0.025])
    assert learning_rate_scale(99, 100, 0) == 1
    assert learning_rate_scale(0, 100, 1) == 1


def gradient_norm(network: nn.Module | None) -> float:
    assert network is not None
    gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
    return torch.cat([gradient.flatten() for gradient in gradients]).norm().item()


def test_clipping_bounds_the_gradient(tiny: Experiment) -> None:
    """What is told is the norm before: that of the same step without clipping."""
    experiment = replace(tiny, optimizer=Optimizer(clip=1e-3))
    state, free = create_state(experiment, CPU), create_state(tiny, CPU)
    terms = train_step(state, batch_of(0), experiment)
    train_step(free, batch_of(0), tiny)
    assert gradient_norm(state.generator) == pytest.approx(1e-3, rel=1e-3)
    assert gradient_norm(free.generator) > 1
    assert terms["G/grad_norm"].item() == pytest.approx(gradient_norm(free.generator), rel=1e-5)


def test_how_the_game_stands(gan_experiment: Experiment) -> None:
    """Norms of the gradients that a step leaves, and shares of the logits before it, by hand."""
    state, batch = create_state(gan_experiment, CPU), batch_of(0)
    critic, generator = copy.deepcopy(state.discriminator), copy.deepcopy(state.generator)
    assert critic is not None
    terms = train_step(state, batch, gan_experiment)
    assert terms["D/grad_norm"].item() == pytest.approx(gradient_norm(state.discriminator), rel=1e-5)
    assert terms["G/grad_norm"].item() == pytest.approx(gradient_norm(state.generator), rel=1e-5)
    real, fake = (critic(torch.cat([batch.condition, color], 1)) for color in (batch.color, generator(batch.condition)))
    assert terms["D/real_accuracy"].item() == pytest.approx((real > 0.5).float().mean().item())
    assert terms["D/fake_accuracy"].item() == pytest.approx((fake < 0.5).float().mean().item())


def test_d_learns_at_its_own_rate(gan_experiment: Experiment) -> None:
    state = create_state(replace(gan_experiment, optimizer=Optimizer(lr=1e-3, d_lr=5e-5)), CPU)
    assert state.d_optimizer is not None
    assert state.g_optimizer.param_groups[0]["lr"] == 1e-3
    assert state.d_optimizer.param_groups[0]["lr"] == 5e-5
    set_learning_rate(state.d_optimizer, 1e-6)
    assert state.d_optimizer.param_groups[0]["lr"] == 1e-6


def test_training_fits_a_batch(tiny: Experiment) -> None:
    """The loss on one batch of avatars falls by more than half in 60 steps."""
    experiment = replace(tiny, optimizer=Optimizer(lr=5e-3))
    pictures = sources.load(experiment).sides["train"]
    (batch,) = training_batches(pictures, experiment, 0, 1)
    state: TrainState = create_state(experiment, CPU)
    values = [train_step(state, batch, experiment)["G/reconstruction"].item() for _ in range(60)]
    assert values[-1] < 0.5 * values[0]


def test_a_step_of_a_network_that_points(tiny: Experiment) -> None:
    """The same written out by hand at step 30 of 40: a quarter of the weight that teaches where to point is left."""
    reconstruction = Reconstruction(weight=10.0, pointing=0.4, pointing_steps=40)
    experiment = replace(tiny, generator=replace(tiny.generator, keys=4), reconstruction=reconstruction)
    state, batch = create_state(experiment, CPU), batch_of(0)
    batch.hint[:, :, 4:8, 4:8] = torch.tensor([0.5, -0.5, 0.2, 1.0])[:, None, None]
    state.step = 30
    generator = copy.deepcopy(state.generator)
    assert isinstance(generator, Pointer)
    optimizer = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999))

    terms = train_step(state, batch, experiment)

    pointing = generator.point(batch.condition)
    l1 = (pointing.picture - batch.color).abs().mean()
    alone = (pointing.alone - batch.color).abs().mean()
    explained = losses.pointing(pointing, batch.color)
    optimizer.zero_grad()
    (10 * (l1 + 0.5 * alone + 0.25 * 0.4 * explained)).backward()
    optimizer.step()
    torch.testing.assert_close(flat(state.generator), flat(generator))
    for name, value in {"G/reconstruction": l1, "G/alone": alone, "G/pointing": explained}.items():
        torch.testing.assert_close(terms[name], value.detach())


def test_without_a_pixel_loss_the_game_colours_and_the_likelihood_points(gan_experiment: Experiment) -> None:
    """The generator's gradient, against that of the two terms by hand: no colour is pulled towards the truth."""
    experiment = replace(
        gan_experiment,
        generator=replace(gan_experiment.generator, keys=4),
        reconstruction=Reconstruction(weight=0.0, pointing=0.4, pointing_steps=40),
        optimizer=Optimizer(lr=1e-12, d_lr=1e-12),
    )
    state, batch = create_state(experiment, CPU), batch_of(0)
    batch.hint[:, :, 4:8, 4:8] = 0.5
    generator, discriminator = copy.deepcopy(state.generator), copy.deepcopy(state.discriminator)
    assert isinstance(generator, Pointer)
    assert discriminator is not None
    train_step(state, batch, experiment)
    pointing = generator.point(batch.condition)
    g_loss = ((discriminator(torch.cat([batch.condition, pointing.picture], 1)) - 1) ** 2).mean()
    (0.5 * g_loss + 0.4 * losses.pointing(pointing, batch.color)).backward()
    for found, expected in zip(state.generator.parameters(), generator.parameters(), strict=True):
        torch.testing.assert_close(found.grad, expected.grad, atol=1e-6, rtol=1e-3)


@pytest.mark.parametrize(("keys", "choice"), [(0, "network"), (4, "network"), (0, "odds"), (4, "odds")])
def test_a_sampler_is_taught_what_fits(
    gan_experiment: Experiment, keys: int, choice: Literal["network", "odds"]
) -> None:
    """Its gradient, against that of the game, of what fits, and of the likelihood where it points, by hand."""
    experiment = replace(
        gan_experiment,
        generator=replace(gan_experiment.generator, keys=keys, noise=2, colors=4, choice=choice),
        reconstruction=Reconstruction(loss="fitted", weight=3.0, pointing=0.4, pointing_steps=40, pairs=0.2),
        optimizer=Optimizer(lr=1e-12, d_lr=1e-12),
    )
    numbers = experiment.generator.numbers
    assert numbers == {"network": 10, "odds": 8}[choice]
    state, batch = create_state(experiment, CPU), replace(batch_of(0), noise=torch.randn(4, numbers))
    batch.hint[:, :, 4:8, 4:8] = 0.5
    generator, discriminator = copy.deepcopy(state.generator), copy.deepcopy(state.discriminator)
    assert discriminator is not None
    terms = train_step(state, batch, experiment)
    taught = torch.zeros(())
    if keys:
        assert isinstance(generator, Pointer)
        pointing = generator.point(*batch.given)
        assert pointing.drawn is not None
        picture, shares = pointing.picture, pointing.drawn.shares
        taught = 0.4 * losses.pointing(pointing, batch.color)
    else:
        assert isinstance(generator, Sampler)
        drawn = generator.draw(*batch.given)
        picture, shares = drawn.color, drawn.shares
    paper = (batch.line + 1) / 2
    fitted = losses.fitted(shares, paper, batch.color) + 0.2 * losses.pairs(shares, paper, batch.color, 0)
    g_loss = ((discriminator(torch.cat([batch.condition, picture], 1)) - 1) ** 2).mean()
    (0.5 * g_loss + 3 * fitted + taught).backward()
    for found, expected in zip(state.generator.parameters(), generator.parameters(), strict=True):
        torch.testing.assert_close(found.grad, expected.grad, atol=1e-6, rtol=1e-3)
    torch.testing.assert_close(terms["G/reconstruction"], fitted.detach())


@pytest.mark.parametrize("palettes", [0.0, 2.0])
def test_games_rise_from_nothing(gan_experiment: Experiment, palettes: float) -> None:
    """The generator's gradient: that of the pixels alone, half of the games' more, and all of it from there on; what is
    logged of a game is whole from the first."""
    noise = 2 if palettes else 0
    generator = replace(gan_experiment.generator, noise=noise, colors=4, choice="odds" if noise else "network")
    experiment = replace(gan_experiment, generator=generator, optimizer=Optimizer(lr=1e-12, d_lr=1e-12))
    batch = batch_of(0)
    if noise:
        batch = replace(batch, noise=torch.randn(4, generator.numbers))
    found, logged = {}, {}
    for ramp, step in ((0, 0), (8, 0), (8, 4), (8, 8), (8, 12)):
        game = replace(experiment.adversarial, palettes=palettes, ramp=ramp)
        risen = replace(experiment, adversarial=game)
        state = create_state(risen, CPU)
        state.step = step
        logged[ramp, step] = train_step(state, batch, risen)
        found[ramp, step] = torch.cat([part.grad.flatten() for part in state.generator.parameters()])  # type: ignore[union-attr]
    alone, whole = found[8, 0], found[0, 0]
    assert float((whole - alone).norm()) > 0.01 * float(alone.norm())
    torch.testing.assert_close(found[8, 4], (alone + whole) / 2, atol=1e-6, rtol=1e-3)
    for step in (8, 12):
        torch.testing.assert_close(found[8, step], whole, atol=1e-6, rtol=1e-3)
    for name in ("G/g_loss", "G/p_loss")[: 1 + noise]:
        torch.testing.assert_close(logged[8, 0][name], logged[0, 0][name])


def test_after_its_steps_nothing_teaches_where_to_point(tiny: Experiment) -> None:
    taught, untaught = (
        replace(
            tiny,
            generator=replace(tiny.generator, keys=4),
            reconstruction=Reconstruction(pointing=weight, pointing_steps=5),
        )
        for weight in (0.4, 0.0)
    )
    for step_number, equal in ((4, False), (5, True)):
        states = []
        for experiment in (taught, untaught):
            state, batch = create_state(experiment, CPU), batch_of(0)
            batch.hint[:, :, 4:8, 4:8] = 1
            state.step = step_number
            train_step(state, batch, experiment)
            states.append(flat(state.generator))
        assert torch.equal(*states) is equal


def test_bf16_is_near_fp32_and_its_losses_are_wide(gan_experiment: Experiment) -> None:
    """8 bits of mantissa: the first losses agree to about a hundredth; weights and optimiser stay fp32."""
    batch, narrow = batch_of(0), replace(gan_experiment, precision="bf16")
    wide_state, narrow_state = create_state(gan_experiment, CPU), create_state(narrow, CPU)
    wide, found = train_step(wide_state, batch, gan_experiment), train_step(narrow_state, batch, narrow)
    assert narrow_state.precision == "bf16"
    assert {term.dtype for term in found.values()} == {torch.float32}
    for name in wide:
        assert float(found[name]) == pytest.approx(float(wide[name]), rel=0.02, abs=0.02), name
        if not name.endswith("_accuracy"):  # a count of logits
            assert float(found[name]) != float(wide[name]), name
    assert {weight.dtype for weight in narrow_state.generator.parameters()} == {torch.float32}


def test_hints_keep_their_exact_colours_in_bf16(tiny: Experiment) -> None:
    """1 / 3 is no number of bf16: a colour that was narrowed would show."""
    experiment = replace(tiny, precision="bf16", generator=replace(tiny.generator, keys=4))
    state, batch = create_state(experiment, CPU), batch_of(0)
    batch.hint[:, :3, 2:4, 2:4], batch.hint[:, 3, 2:4, 2:4] = 1 / 3, 1
    assert isinstance(state.generator, Pointer)
    with torch.autocast("cpu", torch.bfloat16):
        made = state.generator.point(batch.condition)
    assert made.picture.dtype == torch.float32
    assert torch.equal(made.colors, torch.full((4, 1, 3), 1 / 3))


@pytest.mark.parametrize("norm", ["none", "instance", "group", "batch", "spectral"])
def test_a_pass_of_real_and_fake_together_is_two_passes(gan_experiment: Experiment, norm: str) -> None:
    """The discriminator's gradients, against two passes by hand."""
    shape = replace(gan_experiment.discriminator, norm=norm, width=16)
    experiment = replace(gan_experiment, discriminator=shape, optimizer=Optimizer(lr=1e-12, d_lr=1e-12))
    state, batch = create_state(experiment, CPU), batch_of(0)
    assert state.discriminator is not None
    critic = copy.deepcopy(state.discriminator)
    fake = copy.deepcopy(state.generator)(batch.condition).detach()
    passes = []
    state.discriminator.register_forward_hook(lambda *_: passes.append(1))
    train_step(state, batch, experiment)
    assert len(passes) == (2 if norm in ALONE_IN_BATCH else 3)  # of both, and of the generator's step
    real, made = (critic(torch.cat([batch.condition, color], 1)) for color in (batch.color, fake))
    losses.discriminator("lsgan", real, made).backward()
    for found, expected in zip(state.discriminator.parameters(), critic.parameters(), strict=True):
        torch.testing.assert_close(found.grad, expected.grad, atol=1e-6, rtol=1e-4)
