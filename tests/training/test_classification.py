"""How a classifier is taught: soft targets, weights of rare colours, and the step, by hand."""

import copy
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from gan import seeds
from gan.config import Data, Experiment, Optimizer, Reconstruction
from gan.data import sources
from gan.data.batch import Batch, Sample
from gan.data.loader import training_batches
from gan.metrics.classes import class_colors, encode
from gan.models.classifier import Classifier
from gan.ranges import to_signed, to_unit
from gan.training.classification import (
    bare_colors,
    cross_entropy,
    frequencies,
    rebalance,
    rebalanced,
    some_pixels,
)
from gan.training.state import create_state
from gan.training.step import train_step

CPU = torch.device("cpu")


@pytest.fixture
def classes(tiny: Experiment) -> Experiment:
    return replace(tiny, reconstruction=Reconstruction(loss="classes", weight=10.0))


def classifier_of(experiment: Experiment) -> Classifier:
    generator = create_state(experiment, CPU).generator
    assert isinstance(generator, Classifier)
    return generator


class Flat:
    """Pictures of one colour each, under ink in the upper half."""

    def __init__(self, *colors: tuple[float, float, float]) -> None:
        self.colors = colors

    def __len__(self) -> int:
        return len(self.colors)

    def key(self, index: int) -> str:
        return str(index)

    def samples(self, indices: Sequence[int], rngs: Sequence[np.random.Generator], *, training: bool) -> list[Sample]:
        assert training
        line = torch.ones(1, 8, 8)
        line[:, :4] = -1
        paper = (line + 1) / 2
        return [
            Sample(line, to_signed(torch.tensor(self.colors[index])[:, None, None] * paper).clone())
            for index in indices
        ]

    def closed_forms(self, index: int, rng: np.random.Generator, known: object = None) -> dict[str, Tensor]:
        return {}

    def sampler_error(self, index: int, color: Tensor) -> Tensor | None:
        return None


def test_colours_under_the_ink() -> None:
    """A quarter of ink leaves three quarters of the colour; under whole ink there is none, which counts for nothing."""
    share = torch.tensor([1.0, 0.75, 0.0]).view(1, 1, 1, 3)
    color = to_signed(torch.tensor([0.2, 0.4, 0.8]).view(1, 3, 1, 1) * share)
    unit, paper = bare_colors(color, share, torch.tensor([1, 2, 0]))
    assert paper.tolist() == [0.75, 0.0, 1.0]
    torch.testing.assert_close(unit[[0, 2]], torch.tensor([[0.2, 0.4, 0.8]] * 2))


def test_the_weights_by_hand_and_their_mean_is_one() -> None:
    """Four classes: w ~ 1 / (p / 2 + 1 / 8), so that one which never occurs counts 5 times one of all."""
    found = torch.tensor([0.5, 0.3, 0.2, 0.0], dtype=torch.float64)
    weights = rebalanced(found)
    raw = [1 / (0.25 + 0.125), 1 / (0.15 + 0.125), 1 / (0.1 + 0.125), 8]
    mean = 0.5 * raw[0] + 0.3 * raw[1] + 0.2 * raw[2]
    assert weights.tolist() == pytest.approx([each / mean for each in raw])
    assert float(found @ weights) == pytest.approx(1)


def test_frequencies_are_those_of_the_colours_and_ink_is_none(classes: Experiment) -> None:
    network = classifier_of(classes)
    red, blue = (0.9, 0.2, 0.1), (0.1, 0.2, 0.9)
    found = frequencies(Flat(red, blue, red, red), 0, network)
    expected = torch.zeros(297)
    for color, share in ((red, 0.75), (blue, 0.25)):
        near, shares = encode(torch.tensor([color]), class_colors())
        expected[near[0]] += share * shares[0]
    assert float(found.sum()) == pytest.approx(1)
    assert torch.allclose(found.float(), expected, atol=0.05)  # pixels are drawn: 128 of each have paper, about
    assert float(found[expected == 0].sum()) == 0
    assert torch.equal(found, frequencies(Flat(red, blue, red, red), 0, network))


def test_the_network_keeps_weights_of_which_rare_colours_have_most(classes: Experiment) -> None:
    network = classifier_of(classes)
    assert (network.weights == 1).all()
    pictures = Flat(*[(0.9, 0.2, 0.1)] * 9, (0.1, 0.2, 0.9))
    rebalance(network, pictures, 0)
    red, blue = encode(torch.tensor([[0.9, 0.2, 0.1], [0.1, 0.2, 0.9]]), class_colors())[0][:, 0]
    never = network.weights.argmax()
    assert network.weights[red] < network.weights[blue] < network.weights[never]
    mean = frequencies(pictures, 0, network) @ network.state_dict()["weights"].double()
    assert float(mean) == pytest.approx(1, rel=1e-5)


def test_the_cross_entropy_by_hand(classes: Experiment) -> None:
    """Two pixels, one of them half under ink, with weights of their nearest classes."""
    network = classifier_of(classes)
    unit = torch.tensor([[0.9, 0.2, 0.1], [0.1, 0.2, 0.9]])
    near, shares = encode(unit, class_colors())
    network.weights[near[0, 0]], network.weights[near[1, 0]] = 3.0, 0.5
    logits = torch.randn(2, 297, generator=torch.Generator().manual_seed(0))
    terms = []
    for row in range(2):
        total = math.log(sum(math.exp(value) for value in logits[row].tolist()))
        terms.append(
            -sum(
                float(share) * (float(logits[row, k]) - total) for k, share in zip(near[row], shares[row], strict=True)
            )
        )
    expected = (1.0 * 3.0 * terms[0] + 0.5 * 0.5 * terms[1]) / 2
    assert float(cross_entropy(logits, unit, torch.tensor([1.0, 0.5]), network)) == pytest.approx(expected, rel=1e-5)


def test_the_best_answer_to_a_colour_is_its_encoding(classes: Experiment) -> None:
    """There, the gradient is 0."""
    network = classifier_of(classes)
    unit = torch.tensor([[0.3, 0.6, 0.4]])
    near, shares = encode(unit, class_colors())
    logits = torch.full((1, 297), -40.0).scatter(1, near, shares.log()).requires_grad_()
    (slope,) = torch.autograd.grad(cross_entropy(logits, unit, torch.ones(1), network), logits)
    assert float(slope.abs().max()) < 1e-6


def batch_of(seed: int) -> Batch:
    generator = torch.Generator().manual_seed(seed)
    line = torch.rand(4, 1, 32, 32, generator=generator) * 2 - 1
    color = torch.rand(4, 3, 32, 32, generator=generator) * 2 - 1
    return Batch(line, torch.zeros(4, 4, 32, 32), color, None)


def test_a_step_by_hand(classes: Experiment) -> None:
    """The pixels that are drawn, their colours under the ink, the cross-entropy times lambda, and Adam."""
    state, batch = create_state(classes, CPU), batch_of(0)
    generator = copy.deepcopy(state.generator)
    assert isinstance(generator, Classifier)
    optimizer = torch.optim.Adam(generator.parameters(), 2e-4, (0.5, 0.999))
    torch.manual_seed(seeds.integer(classes.seed, "step", 0, 0))
    pixels = some_pixels(batch.line)
    assert len(pixels) == 4 * 32 * 32 / 16
    assert len(set(pixels.tolist())) > 200

    terms = train_step(state, batch, classes)

    seen = generator.network.unbounded(batch.condition).relu()
    share = (batch.line + 1) / 2
    loss = torch.zeros(())
    for place in pixels.tolist():
        picture, row, column = place // 1024, place // 32 % 32, place % 32
        paper = share[picture, 0, row, column]
        unit = (to_unit(batch.color[picture, :, row, column]) / paper.clamp_min(1 / 255)).clamp(max=1)
        logits = generator.head(seen[picture, :, row, column])
        loss = loss + cross_entropy(logits[None], unit[None], paper[None], generator) / len(pixels)
    optimizer.zero_grad()
    (10 * loss).backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    assert terms.keys() == {"G/reconstruction", "G/grad_norm"}
    torch.testing.assert_close(terms["G/reconstruction"], loss.detach())
    for found, expected in zip(state.generator.parameters(), generator.parameters(), strict=True):
        torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)
    assert state.step == 1


def test_each_step_draws_its_own_pixels(classes: Experiment) -> None:
    """A function of seed and step: whatever drew from torch's generator before."""

    def losses(disturbance: int) -> list[float]:
        state = create_state(replace(classes, optimizer=Optimizer(lr=1e-12)), CPU)
        torch.rand(disturbance)
        return [float(train_step(state, batch_of(0), classes)["G/reconstruction"]) for _ in range(2)]

    assert losses(1) == losses(1000)
    assert losses(1)[0] != losses(1)[1]


def test_bf16_is_near_fp32_and_the_targets_are_exact(classes: Experiment) -> None:
    batch, narrow = batch_of(0), replace(classes, precision="bf16")
    wide = train_step(create_state(classes, CPU), batch, classes)["G/reconstruction"]
    found = train_step(create_state(narrow, CPU), batch, narrow)["G/reconstruction"]
    assert found.dtype == torch.float32
    assert float(found) == pytest.approx(float(wide), rel=0.005)
    assert float(found) != float(wide)


@pytest.mark.slow
def test_training_fits_one_picture(classes: Experiment) -> None:
    """Vivid and near the truth everywhere: no mean of anything."""
    experiment = replace(classes, batch_size=1, data=Data(size=32, characters=350), optimizer=Optimizer(lr=1e-2))
    pictures = sources.load(experiment).sides["train"]
    (batch,) = training_batches(pictures, experiment, 0, 1)
    state = create_state(experiment, CPU)
    assert isinstance(state.generator, Classifier)
    rebalance(state.generator, pictures, 0)
    for _ in range(120):
        train_step(state, batch, experiment)
    with torch.no_grad():
        error = (state.generator(batch.condition) - batch.color).abs() / 2
    assert float(error.mean()) < 0.05
    assert float(error.mean(dim=1).flatten().quantile(0.9)) < 0.09
