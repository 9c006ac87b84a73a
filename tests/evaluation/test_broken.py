"""What is broken and what is not: at the bounds, and of a real network."""

from dataclasses import replace

import pytest
import torch

from gan.config import Experiment
from gan.data import sources
from gan.data.fixed import FixedPictures
from gan.evaluation.broken import moved, reason
from gan.evaluation.hinted import score_with_hints
from gan.networks import first_generator
from gan.training.state import create_state

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("metrics", "move", "said"),
    [
        ({"variety": 0.0004, "saturated": 0.4}, 2e-4, ""),
        ({"saturated": 0.0}, 1.0, ""),  # the truth does not vary: nothing can be said
        ({"variety": 0.0004, "saturated": 0.4}, 0.0, "its weights did not move"),
        ({"variety": 0.0001, "saturated": 0.4}, 1.0, "it paints one picture whatever the drawing is"),
        ({"variety": 0.1, "saturated": 0.6}, 1.0, "60% of its values are saturated"),
        (
            {"variety": 0.0, "saturated": 1.0},
            0.0,
            "its weights did not move, it paints one picture whatever the drawing is, 100% of its values are saturated",
        ),
    ],
)
def test_why_a_run_is_broken(metrics: dict[str, float], move: float, said: str) -> None:
    assert reason(metrics, move) == said


def test_how_far_weights_have_moved(tiny: Experiment) -> None:
    """None where training begins, as a rank or another arm of the seed does; a tenth where each has grown by one."""
    generator = create_state(tiny, CPU).generator
    assert moved(generator, tiny) == 0
    with torch.no_grad():
        for weight in generator.parameters():
            weight *= 1.1
    assert moved(generator, tiny) == pytest.approx(0.1, rel=1e-5)
    assert moved(generator, replace(tiny, seed=1)) > 0.1


def test_the_first_generator_disturbs_no_other_draw(tiny: Experiment) -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    first_generator(tiny)
    assert torch.equal(torch.rand(3), expected)


def test_an_untrained_network_answers_and_one_without_weights_does_not(tiny: Experiment) -> None:
    """The first is undertrained, which a gate tells; the second paints grey whatever the drawing is."""
    pictures = sources.load(tiny).sides["val"]
    fixed = FixedPictures(pictures, range(len(pictures)), 0, tiny.hints, 35)
    generator = first_generator(tiny)
    metrics = score_with_hints(generator, fixed, 0, None, CPU, closed=False, effects=False)
    assert metrics["variety"] < 0.01
    assert reason(metrics, 1.0) == ""
    for weight in generator.parameters():
        torch.nn.init.zeros_(weight)
    dead = score_with_hints(generator, fixed, 0, None, CPU, closed=False, effects=False)
    assert reason(dead, 1.0) == "it paints one picture whatever the drawing is"
