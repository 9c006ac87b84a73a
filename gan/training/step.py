"""One readable training step in the paper's order. The loop around it is `gan.training.trainer`."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from gan import seeds
from gan.config import ALONE_IN_BATCH, Experiment
from gan.data.batch import Batch
from gan.models.classifier import Classifier
from gan.models.critic import WithPalettes
from gan.models.layers import paper
from gan.models.pointer import Pointer, Pointing
from gan.models.sampler import Drawn, Sampler
from gan.runs.precision import networks_in
from gan.training import classification, health, losses, palettes, penalties
from gan.training.palettes import Palettes
from gan.training.ranks import Ranks
from gan.training.state import TrainState, update_average

ALONE = 0.5
"""Weight, relative to the pixel loss, of a pointing network's own colours, which must be right where no hint is."""


def train_step(state: TrainState, batch: Batch, experiment: Experiment) -> dict[str, Tensor]:
    """One step of the discriminator, then of the generator, then of the moving average.

    Returns the unweighted terms as 0-d tensors on the device: `G/reconstruction`, of a generator that classifies its
    cross-entropy; of one that points `G/alone` and `G/pointing`; with a discriminator `G/g_loss`, `D/d_loss`, and its
    mean `D/real_logits` and `D/fake_logits`; and with gradient penalties `D/r1` and `D/r2`, each as it counts in this
    step: their means over steps are the penalties.
    Besides, how the game stands (`gan.training.health`): the shares of logits on the right side, and of each network
    `grad_norm`, the norm of its gradient before it is clipped.
    """
    torch.manual_seed(seeds.integer(experiment.seed, "step", state.step, state.ranks.rank))  # dropout, pixels
    if isinstance(state.generator, Classifier):
        terms = _classifier_step(state, state.generator, batch, experiment)
    else:
        terms = _painter_steps(state, batch, experiment)
    state.step += 1
    if state.average is not None:
        update_average(state.average, state.generator, experiment.ema, state.step)
    return terms


def _classifier_step(
    state: TrainState, generator: Classifier, batch: Batch, experiment: Experiment
) -> dict[str, Tensor]:
    pixels = classification.some_pixels(batch.line)
    with networks_in(state.precision, batch.line.device):  # (B, 5 or 9, H, W) -> (P, Q)
        logits = generator.head(generator.look(batch.condition).flatten(0, 2)[pixels]).float()
    unit, share = classification.bare_colors(batch.color, generator.share(batch.line), pixels)
    loss = classification.cross_entropy(logits, unit, share, generator)
    norm = _descend(state.g_optimizer, generator, experiment.reconstruction.weight * loss, experiment, state.ranks)
    return {"G/reconstruction": loss.detach(), "G/grad_norm": norm}


def _painter_steps(state: TrainState, batch: Batch, experiment: Experiment) -> dict[str, Tensor]:
    with networks_in(state.precision, batch.line.device):
        made = _make(state.generator, batch, experiment)
    terms: dict[str, Tensor] = {}
    if state.discriminator is not None:
        terms |= _discriminator_step(state, batch, made, experiment)
    return terms | _generator_step(state, batch, made, experiment)


@dataclass(frozen=True)
class _Made:
    """A generator's (B, 3, H, W) pictures, and what it made them of.

    drawn: what a sampler drew. palettes: its colours, where something is learnt of them. pointing: where a network
    points.
    """

    fake: Tensor
    drawn: Drawn | None = None
    palettes: Palettes | None = None
    pointing: Pointing | None = None


def _make(generator: nn.Module, batch: Batch, experiment: Experiment) -> _Made:
    """(B, 5 or 9, H, W), and (B, N) noise of a sampler -> (B, 3, H, W)."""
    if isinstance(generator, Pointer):
        pointing = generator.point(*batch.given)
        drawn = pointing.drawn
        return _Made(pointing.picture.float(), drawn, _palettes(drawn, batch, experiment), pointing)
    if isinstance(generator, Sampler):
        drawn = generator.draw(*batch.given)
        return _Made(drawn.color, drawn, _palettes(drawn, batch, experiment))
    return _Made(generator(*batch.given).float())


def _reconstruction(made: _Made, fake: Tensor, batch: Batch, experiment: Experiment, step: int) -> Tensor:
    """() the pixel loss of a picture `fake`; fitted: of what the sampler's shares make possible, in this step."""
    if experiment.reconstruction.loss != "fitted":
        return losses.reconstruction(experiment.reconstruction.loss, fake, batch.color)
    assert made.drawn is not None
    part, shares, light = experiment.reconstruction, made.drawn.shares, _light(batch, experiment)
    loss = losses.fitted(shares, light, batch.color, made.drawn.shade, part.sure)
    return loss + part.pairs * losses.pairs(shares, light, batch.color, step) if part.pairs else loss


def _palettes(drawn: Drawn | None, batch: Batch, experiment: Experiment) -> Palettes | None:
    """The colours of a sampler, where there is a game or a likelihood of them; once a step, for both networks."""
    if drawn is None or not (experiment.adversarial.palettes or experiment.reconstruction.palette):
        return None
    with torch.autocast(batch.color.device.type, enabled=False):
        return palettes.palettes_of(drawn, _light(batch, experiment), batch.color)


def _light(batch: Batch, experiment: Experiment) -> Tensor:
    """(B, 1, H, W) in [0, 1] the share of what is no ink, where pictures have the drawing's ink."""
    return paper(batch.line) if experiment.data.line == "given" else torch.ones_like(batch.line)


def _discriminator_step(state: TrainState, batch: Batch, made: _Made, experiment: Experiment) -> dict[str, Tensor]:
    fake = made.fake.detach()
    assert state.discriminator is not None
    assert state.d_optimizer is not None
    state.discriminator.requires_grad_(True)
    game = experiment.adversarial
    penalised = game.penalised and state.step % game.penalty_every == 0
    pictures = torch.cat([batch.color, fake]).requires_grad_(penalised)  # (2 B, 3, H, W)
    # condition (B, 5, H, W) + picture (B, 3, H, W) -> (B, 8, H, W) -> logits (B, 1 or 2, H', W')
    given = torch.cat([torch.cat([batch.condition] * 2), pictures], dim=1)
    with networks_in("fp32" if penalised else state.precision, fake.device):
        # where a picture's logits are its own, a pass of both costs less than two
        passes = (given,) if experiment.discriminator.norm in ALONE_IN_BATCH else given.chunk(2)
        logits = torch.cat([state.discriminator(each).float() for each in passes])
    real_logits, fake_logits = logits.chunk(2)
    loss = d_loss = losses.discriminator(game.game, real_logits, fake_logits)
    terms = {
        "D/d_loss": d_loss.detach(),
        "D/real_logits": real_logits.detach().mean(),
        "D/fake_logits": fake_logits.detach().mean(),
    } | health.accuracy(game.game, real_logits.detach(), fake_logits.detach())
    if game.penalised:
        steepness = penalties.steepness(logits, pictures) if penalised else fake.new_zeros(len(pictures))
        r1, r2 = (game.penalty_every * part.mean() for part in steepness.chunk(2))
        loss = loss + (game.r1 * r1 + game.r2 * r2) / 2
        terms |= {"D/r1": r1.detach(), "D/r2": r2.detach()}
    if isinstance(state.discriminator, WithPalettes) and made.palettes is not None:
        p_loss, penalty = palettes.discriminator(state.discriminator.palettes, made.palettes)
        terms["D/p_loss"] = p_loss.detach()
        loss = loss + p_loss + penalty
    norm = _descend(state.d_optimizer, state.discriminator, loss, experiment, state.ranks)
    return terms | {"D/grad_norm": norm}


def _generator_step(state: TrainState, batch: Batch, made: _Made, experiment: Experiment) -> dict[str, Tensor]:
    fake, pointing = made.fake, made.pointing
    reconstruction = _reconstruction(made, fake, batch, experiment, state.step)
    terms = {"G/reconstruction": reconstruction.detach()}
    loss = experiment.reconstruction.weight * reconstruction
    if experiment.reconstruction.palette and made.palettes is not None:
        unlikely = palettes.likelihood(made.palettes)
        terms["G/palette"] = unlikely.detach()
        loss = loss + experiment.reconstruction.palette * unlikely
    if pointing is not None:
        alone = _reconstruction(made, pointing.alone, batch, experiment, state.step)
        explained = losses.pointing(pointing, batch.color)
        terms |= {"G/alone": alone.detach(), "G/pointing": explained.detach()}
        fading = max(0.0, 1 - state.step / experiment.reconstruction.pointing_steps)
        teaching = fading * experiment.reconstruction.pointing * explained
        weight = experiment.reconstruction.weight
        sampled = weight == 0 or experiment.reconstruction.loss == "fitted"  # which is one for both pictures
        loss = loss + (teaching if sampled else weight * (ALONE * alone + teaching))
    if state.discriminator is not None:
        played, said = _play(state, state.discriminator, batch, made, experiment)
        loss, terms = loss + played, terms | said
    norm = _descend(state.g_optimizer, state.generator, loss, experiment, state.ranks)
    return terms | {"G/grad_norm": norm}


def _play(
    state: TrainState, discriminator: nn.Module, batch: Batch, made: _Made, experiment: Experiment
) -> tuple[Tensor, dict[str, Tensor]]:
    """() what the games ask of the generator, weighted, and its terms."""
    game = experiment.adversarial
    discriminator.requires_grad_(False)  # its gradients would be thrown away
    with networks_in(state.precision, made.fake.device):  # -> (B, 1 or 2, H', W')
        fake_logits = discriminator(torch.cat([batch.condition, made.fake], dim=1)).float()
        real_logits = None
        if game.game == "relativistic":
            with torch.no_grad():
                real_logits = discriminator(torch.cat([batch.condition, batch.color], dim=1)).float()
    g_loss = losses.generator(game.game, fake_logits, real_logits)
    terms = {"G/g_loss": g_loss.detach()}
    loss = game.weight * g_loss
    if isinstance(discriminator, WithPalettes) and made.palettes is not None:
        p_loss = palettes.generator(discriminator.palettes, made.palettes)
        terms["G/p_loss"] = p_loss.detach()
        loss = loss + game.palettes * p_loss
    return (min(1.0, state.step / game.ramp) if game.ramp else 1.0) * loss, terms


def _descend(optimizer: Optimizer, network: nn.Module, loss: Tensor, experiment: Experiment, ranks: Ranks) -> Tensor:
    """Take a step down, and return the () norm that the gradient had before it was clipped."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    ranks.average_gradients(network)
    norm = nn.utils.get_total_norm([each.grad for each in network.parameters() if each.grad is not None])
    if experiment.optimizer.clip is not None:
        nn.utils.clip_grads_with_norm_(network.parameters(), experiment.optimizer.clip, norm)
    optimizer.step()
    return norm
